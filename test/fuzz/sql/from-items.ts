/** Items of FROM that are no stored relation and no sub-query: functions, documents as tables, rows of values. */
import type { Column } from './catalog.ts';
import { commas, type Place, type Source, type Writer, write } from './expressions.ts';
import { list, type Sql, sql } from './tree.ts';

export type FromItem = { readonly from: Sql; readonly source: Source };

/** One of them under this alias. Its arguments see what the place does. */
export function madeRows(writer: Writer, alias: string, place: Place): FromItem {
  const made = writer.random.weighted<Maker>([
    [4, listed],
    [2, severalFunctions],
    [2, valueRows],
    [1, xmlTable],
    [1, recordOf],
    [2, catalogFunction],
    [writer.catalog.major >= JSON_TABLES ? 3 : 0, jsonTable],
  ])(writer, place);
  const { call, columns, names } = made;
  const given = names === false ? '' : `(${columns.map((column) => column.name).join(', ')})`;
  return { from: sql`${call} AS ${alias}${names === 'typed' ? '' : given}`, source: { alias, columns, table: null } };
}

const JSON_TABLES = 17;

type Made = { readonly call: Sql; readonly columns: readonly Column[]; readonly names: boolean | 'typed' };
type Maker = (writer: Writer, place: Place) => Made;

const column = (name: string, type: string): Column => ({ name, type, classified: false });

const LISTED: readonly (readonly [(of: (type: string) => Sql) => Sql, string])[] = [
  [() => sql`generate_series(1, 3)`, 'integer'],
  [(of) => sql`unnest(${of('text[]')})`, 'text'],
  [(of) => sql`regexp_split_to_table(${of('text')}, '-')`, 'text'],
  [(of) => sql`jsonb_object_keys(${of('jsonb')})`, 'text'],
  [() => sql`jsonb_array_elements_text('[1,2,"x"]')`, 'text'],
  [(of) => sql`string_to_table(${of('text')}, '-')`, 'text'],
  [(of) => sql`generate_series(1, ${of('integer')})`, 'integer'],
  [(of) => sql`generate_subscripts(${of('integer[]')}, 1)`, 'integer'],
  [(of) => sql`jsonb_path_query(${of('jsonb')}, '$.a[*]')`, 'jsonb'],
];

/** Functions of the database, whose rows classified columns decide. */
const LISTED_SECRETS: typeof LISTED = [
  [(of) => sql`crm.top_names(${of('integer')})`, 'text'],
  [(of) => sql`crm.find_by_ssn(${of('text')})`, 'integer'],
];

function listed(writer: Writer, place: Place): Made {
  const [make, type] = writer.random.pick(place.secrets > 0 ? [...LISTED, ...LISTED_SECRETS] : LISTED);
  const call = make((wanted) => write(writer, wanted, place));
  if (!writer.random.chance(0.2)) return { call, columns: [column('v', type)], names: true };
  return { call: sql`${call} WITH ORDINALITY`, columns: [column('v', type), column('n', 'bigint')], names: true };
}

function severalFunctions(writer: Writer, place: Place): Made {
  const of = (type: string): Sql => write(writer, type, place);
  const columns = [column('u', 'integer'), column('v', 'text')];
  if (writer.random.chance(0.5))
    return { call: sql`unnest(${of('integer[]')}, ${of('text[]')})`, columns, names: true };
  return {
    call: sql`ROWS FROM (generate_series(1, 3), unnest(${of('text[]')})) WITH ORDINALITY`,
    columns: [...columns, column('n', 'bigint')],
    names: true,
  };
}

function valueRows(writer: Writer, place: Place): Made {
  const types = [writer.random.pick(['integer', 'text', 'date']), writer.random.pick(['text', 'boolean'])];
  const row = (): Sql => sql`(${commas(types.map((type) => write(writer, type, place)))})`;
  const rows = Array.from({ length: writer.random.between(1, 3) }, row);
  return {
    call: sql`(VALUES ${list(rows)})`,
    columns: types.map((type, index) => column(`v${index + 1}`, type)),
    names: true,
  };
}

function xmlTable(writer: Writer, place: Place): Made {
  const document = writer.random.chance(0.5) ? writer.constant('xml') : write(writer, 'xml', place);
  return {
    call: sql`XMLTABLE('/a' PASSING (${document}) COLUMNS v text PATH 'b' DEFAULT (${write(writer, 'text', place)}), n FOR ORDINALITY)`,
    columns: [column('v', 'text'), column('n', 'integer')],
    names: false,
  };
}

function jsonTable(writer: Writer, place: Place): Made {
  const error = writer.random.pick(['', ' NULL ON ERROR', ' ERROR ON ERROR', ' EMPTY ARRAY ON ERROR']);
  const nested = writer.random.pick(['', ", NESTED PATH '$.a[*]' COLUMNS (w text PATH '$')"]);
  return {
    call: sql`JSON_TABLE(${write(writer, 'jsonb', place)}, '$[*]' PASSING ${write(writer, 'text', place)} AS p COLUMNS (n FOR ORDINALITY, v text PATH '$.ssn', e boolean EXISTS PATH '$.a', q jsonb FORMAT JSON PATH '$'${nested})${nested === '' ? error : ''})`,
    columns: [column('n', 'integer'), column('v', 'text'), column('e', 'boolean'), column('q', 'jsonb')],
    names: false,
  };
}

/** The column definitions stand with the call, so no list of names follows. */
function recordOf(writer: Writer, place: Place): Made {
  const document = write(writer, 'jsonb', place);
  const columns = [column('ssn', 'text'), column('a', 'jsonb')];
  return {
    call: sql`ROWS FROM (jsonb_to_record(${document}) AS (ssn text, a jsonb))`,
    columns,
    names: writer.random.chance(0.5),
  };
}

/** A set among the targets of a query, where it multiplies rows. */
export function setReturning(writer: Writer, place: Place): Sql {
  const [make] = writer.random.pick(LISTED);
  return make((wanted) => write(writer, wanted, place));
}

/** Any function of the catalog that returns a set of one column. */
function catalogFunction(writer: Writer, place: Place): Made {
  const type = writer.random.pick(['text', 'integer', 'jsonb', 'timestamp without time zone', 'bigint']);
  const found = (writer.catalog.callables.get(type) ?? []).filter((entry) => entry.kind === 'set');
  if (found.length === 0) return listed(writer, place);
  const picked = writer.random.pick(found);
  const args = picked.arguments.map((wanted) => write(writer, wanted, place));
  return { call: sql`${picked.name}(${commas(args)})`, columns: [column('v', type)], names: true };
}
