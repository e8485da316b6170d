/** COPY in both directions. */

import { target } from './data-changes.ts';
import { quote, write } from './expressions.ts';
import type { QueryWriter } from './queries.ts';
import { optional, type Sql, sql } from './tree.ts';

const OUT_FORMATS = [
  '',
  ' (FORMAT csv)',
  ' (FORMAT csv, HEADER, FORCE_QUOTE *)',
  " (FORMAT csv, DELIMITER ';', QUOTE '|', ESCAPE '!', NULL 'none')",
  ' (FORMAT binary)',
  ' BINARY',
  ' CSV HEADER',
  " (DELIMITER '|', NULL 'x')",
  ' (HEADER)',
  " (ENCODING 'UTF8')",
  " (ENCODING 'LATIN1')",
] as const;

export function copiedOut(queries: QueryWriter): readonly Sql[] {
  const { random } = queries;
  const format = random.pick(OUT_FORMATS);
  if (!queries.asksForSecrets || !random.chance(0.3)) return [sql`COPY (${queries.query(2).text}) TO STDOUT${format}`];
  const table = target(queries);
  const some = table.columns.filter(() => random.chance(0.4)).map((column) => quote(column.name));
  const columns = some.length === 0 ? '' : ` (${some.join(', ')})`;
  return [sql`COPY ${table.name}${columns} TO STDOUT${format}`];
}

const IN_FORMATS = [
  ['', '\t', '\n'],
  [' (FORMAT csv)', ',', '\n'],
  [' (FORMAT csv, HEADER)', ',', '\n'],
  [" (DELIMITER '|')", '|', '\n'],
  [' (FORMAT csv, HEADER MATCH)', ',', '\n'],
] as const;

export type CopyIn = { readonly text: Sql; readonly rows: string };

/** A few rows of values, for a table of which some columns are named. */
export function copiedIn(queries: QueryWriter): CopyIn {
  const { random } = queries;
  const table = target(queries);
  const columns = table.columns.filter((column) => column.name === 'id' || column.name === 'k' || random.chance(0.4));
  const chosen = columns.length === 0 ? table.columns.slice(0, 1) : columns;
  const [format, separator, end] = random.pick(IN_FORMATS);
  const where = random.chance(0.15)
    ? optional(
        sql` WHERE ${write(queries.writer, 'boolean', queries.shaping([{ alias: table.name.replace(/^.*\./, ''), columns: table.columns, table: null }], 2))}`,
      )
    : '';
  const value = (): string =>
    random.pick(['900001', '900002', 'a', '2000-01-01', '5', '123-45-6789', '\\N', 'x y', '{}']);
  const row = (): string => chosen.map(value).join(separator);
  const header = format.includes('HEADER') ? [chosen.map((column) => column.name).join(separator)] : [];
  const rows = [...header, ...Array.from({ length: random.between(0, 3) }, row)].map((line) => line + end).join('');
  const names = chosen.map((column) => quote(column.name)).join(', ');
  return { text: sql`COPY ${table.name} (${names}) FROM STDIN${format}${where}`, rows };
}
