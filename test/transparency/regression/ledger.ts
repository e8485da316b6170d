/**
 * The differences that are documented, one by one. An entry of `documented.ts` gives the reason of a kind of difference;
 * here stands which differences of that kind there are, and in which form. Another form is not documented, whatever the
 * entry says.
 *
 * Kept as digests of file, statement and what the gateway's side printed: nothing of the suite itself is in this
 * repository. `npm run transparency -- --record` writes it anew for the files that it runs.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Difference } from './statements.ts';

const LEDGER = join(import.meta.dirname, 'ledger.json');
/** Hexadecimal digits of a digest: enough for some hundred differences. */
const DIGEST_DIGITS = 16;

/** Digests by file of the suite. */
export type Ledger = ReadonlyMap<string, ReadonlySet<string>>;

export function readLedger(): Ledger {
  const files = JSON.parse(readFileSync(LEDGER, 'utf8')) as Readonly<Record<string, readonly string[]>>;
  return new Map(Object.entries(files).map(([file, digests]) => [file, new Set(digests)]));
}

/** Replaces the files in `found`, and leaves the others. */
export function recordLedger(found: Ledger): void {
  const files = [...new Map([...readLedger(), ...found])]
    .filter(([, digests]) => digests.size > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = Object.fromEntries(files.map(([file, digests]) => [file, [...digests].toSorted()]));
  writeFileSync(LEDGER, `${JSON.stringify(text, null, 2)}\n`);
}

/** What stays the same from run to run: ids of requests, and names of the gateway's own statements, are counted up. */
export function digestOf(file: string, { statement, gateway }: Difference): string {
  const steady = gateway
    .replaceAll(/\breq_[\w-]+/g, 'req_')
    .replaceAll(/sluice\$\d+/g, 'sluice$')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{2,}/g, '--');
  return createHash('sha256').update(`${file}\0${statement}\0${steady}`).digest('hex').slice(0, DIGEST_DIGITS);
}
