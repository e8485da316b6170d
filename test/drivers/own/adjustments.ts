/** What is changed in tests before they run, directly and through the gateway: without it, a file ends at a refusal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Adjustment = { readonly file: string; readonly reason: string; readonly from: RegExp; readonly to: string };

const DBD_PG: readonly Adjustment[] = [
  {
    file: 't/02attribs.t',
    reason: 'standard_conforming_strings stays on, and the file would end here',
    from: /^ *\$dbh->do\('SET standard_conforming_strings = off'\);\n/m,
    to: '',
  },
  {
    file: 't/12placeholders.t',
    reason: 'backslash_quote and standard_conforming_strings stay as they are, and the file would end here',
    from: /^ *\$dbh->do\(q\{SET (backslash_quote = 'on'|standard_conforming_strings = 'off')\}\);\n/gm,
    to: '',
  },
  {
    file: 't/03dbmethod.t',
    reason: 'large objects are refused, and the file would end here',
    from: /^\$t='DB handle method "pg_lo_creat" returns a valid descriptor for reading';\n[^]*?^(?=# Test of the "pg_notifies")/m,
    to: '',
  },
];

/** Once is enough, and twice does no harm. */
export function adjustDbdPg(directory: string): void {
  for (const { file, from, to } of DBD_PG) {
    const path = join(directory, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  }
}
