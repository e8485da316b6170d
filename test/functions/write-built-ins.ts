/**
 * `node test/functions/write-built-ins.ts [--binaries 14=DIR …]`: writes what pg_proc of PostgreSQL 14 to 18 says into
 * the list of built-in functions. Judgements are kept; a function without one is refused until somebody reviews it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_INS } from '../../gateway/src/analysis/postgres/functions/built-in.ts';
import { builtInsOf, type CatalogFunction } from './catalog-functions.ts';
import { onEachServer, withList } from './servers.ts';

const LIST = join(import.meta.dirname, '../../gateway/src/analysis/postgres/functions/built-in-list.ts');

const found = new Map<string, { readonly entry: CatalogFunction; readonly majors: number[] }>();
await onEachServer(async (server) => {
  for (const entry of await builtInsOf(server)) {
    const key = JSON.stringify(entry);
    const known = found.get(key) ?? { entry, majors: [] };
    known.majors.push(server.major);
    found.set(key, known);
  }
});

const judgements = new Map(
  BUILT_INS.map((one) => [
    `${one.oid} ${one.signature}`,
    [one.class, one.condition === null ? '' : `${one.condition.is}@${one.condition.argument}`, one.reason].join(' | '),
  ]),
);
// Vendors add functions of their own: what none of these servers has stays in the list.
const seen = new Set([...found.values()].map(({ entry }) => `${entry.oid} ${entry.signature}`));
for (const one of BUILT_INS) {
  if (seen.has(`${one.oid} ${one.signature}`)) continue;
  const { oid, signature, result, flags, firstMajor, lastMajor } = one;
  found.set(`kept ${oid}`, { entry: { oid, signature, result, flags }, majors: [...new Set([firstMajor, lastMajor])] });
}
const lines = [...found.values()]
  .sort((a, b) => a.entry.oid - b.entry.oid || (a.majors[0] ?? 0) - (b.majors[0] ?? 0))
  .map(({ entry: { oid, signature, result, flags }, majors }) =>
    [
      oid,
      majors.length === 1 ? majors[0] : `${majors[0]}-${majors.at(-1)}`,
      signature,
      result,
      flags,
      judgements.get(`${oid} ${signature}`) ?? 'refused |  | not reviewed yet',
    ].join(' | '),
  );
writeFileSync(LIST, withList(readFileSync(LIST, 'utf8'), lines));
process.stdout.write(
  `${lines.length} lines, ${lines.filter((line) => line.endsWith('not reviewed yet')).length} of them to review\n`,
);
