/**
 * `node test/functions/write-extensions.ts [--binaries 14=DIR …]`: writes the compiled functions of the listed extensions,
 * as PostgreSQL 14 to 18 ship them, into the list. Judgements are kept; a function without one is refused until
 * somebody reviews it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTENSION_FUNCTIONS, EXTENSION_NAMES } from '../../gateway/src/analysis/postgres/functions/extensions.ts';
import { type CatalogExtensionFunction, extensionFunctionsOf } from './catalog-functions.ts';
import { onEachServer, withList } from './servers.ts';

const LIST = join(import.meta.dirname, '../../gateway/src/analysis/postgres/functions/extension-list.ts');

const found = new Map<string, { readonly entry: CatalogExtensionFunction; readonly versions: Set<string> }>();
await onEachServer(async (server) => {
  for (const entry of await extensionFunctionsOf(server, EXTENSION_NAMES)) {
    const key = [entry.extension, entry.signature, entry.result, entry.symbol, entry.flags].join(' | ');
    const known = found.get(key) ?? { entry, versions: new Set() };
    known.versions.add(entry.version);
    found.set(key, known);
  }
});

const judgements = new Map(
  EXTENSION_FUNCTIONS.map((one) => [`${one.extension} ${one.signature} ${one.symbol}`, `${one.class} | ${one.reason}`]),
);
const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
const lines = [...found.values()]
  .map(({ entry, versions }) =>
    [
      entry.extension,
      [...versions].sort(byNumber).join(' '),
      entry.signature,
      entry.result,
      entry.symbol,
      entry.flags,
      judgements.get(`${entry.extension} ${entry.signature} ${entry.symbol}`) ?? 'refused | not reviewed yet',
    ].join(' | '),
  )
  .sort();
writeFileSync(LIST, withList(readFileSync(LIST, 'utf8'), lines));
process.stdout.write(
  `${lines.length} lines, ${lines.filter((line) => line.endsWith('not reviewed yet')).length} of them to review\n`,
);
