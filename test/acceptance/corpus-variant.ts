/**
 * The corpus was written for PostgreSQL 15. Other versions lack some objects of its schema; a copy of the corpus without
 * exactly those makes the rest of it run there. Cases that use what a version lacks then meet the same error on both
 * sides, which is what they are checked for.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Change = { readonly file: string; readonly from: RegExp; readonly to: string; readonly why: string };

const CHANGES_OF_17: readonly Change[] = [
  { file: 'schema.sql', from: /^CREATE EXTENSION adminpack;$/m, to: '', why: 'adminpack ended with 16' },
  { file: 'schema.sql', from: /^GRANT .*pg_file_write.*$/m, to: '', why: 'adminpack ended with 16' },
  {
    file: 'schema.sql',
    from: /pg_stat_statements_reset\(oid, oid, bigint\)/,
    to: 'pg_stat_statements_reset(oid, oid, bigint, boolean)',
    why: 'pg_stat_statements_reset has an argument more since 17',
  },
];

/** What is left out or written otherwise, by major version. */
const CHANGES: ReadonlyMap<number, readonly Change[]> = new Map([
  [
    14,
    [
      { file: 'runner/db.mjs', from: /, pg_checkpoint\b/, to: '', why: 'the role pg_checkpoint is new in 15' },
      { file: 'runner/db.mjs', from: / STRATEGY \$\{[^}]*\}/, to: '', why: 'CREATE DATABASE … STRATEGY is new in 15' },
      {
        file: 'runner/db.mjs',
        from: /, pg_get_expr\(r\.prqual, r\.prrelid\)/,
        to: '',
        why: 'publications have row filters since 15',
      },
    ],
  ],
  [17, CHANGES_OF_17],
  [18, CHANGES_OF_17],
]);

export type CorpusVariant = { readonly folder: string; readonly skipped: readonly string[]; remove(): void };

/**
 * The corpus as a server of this version can take it.
 * @throws Error when a change does not apply: the corpus is another one than this list was made for
 */
export function corpusFor(major: number, corpus: string): CorpusVariant {
  const changes = CHANGES.get(major) ?? [];
  if (changes.length === 0) return { folder: corpus, skipped: [], remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'sluice-corpus-'));
  cpSync(corpus, folder, { recursive: true });
  for (const { file, from, to, why } of changes) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!from.test(text)) throw new Error(`the corpus has no ${from} in ${file} (${why})`);
    writeFileSync(path, text.replace(from, to));
  }
  return {
    folder,
    skipped: changes.map((change) => change.why),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
