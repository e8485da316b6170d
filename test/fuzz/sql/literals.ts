/** Literals of any type, with values that the seeds hold and values at the edges. */
import type { Random } from '../random.ts';
import type { Catalog } from './catalog.ts';
import { expression, type Sql, sql } from './tree.ts';

const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false'],
  smallint: ['0', '1', '7', '32767'],
  integer: ['0', '1', '2', '3', '7', '10', '200', '-1', '2147483647'],
  bigint: ['0', '1', '7', '9223372036854775807'],
  numeric: ['0', '1', '0.5', '5000', '1e30', 'NaN', '1e400'],
  real: ['0', '1.5', '1e30'],
  'double precision': ['0', '1.5', '1e300', 'Infinity'],
  text: ['', 'a', '1', '5', 'open', 'NL', 'bronze', '123-45-6789', 'x_%', '{"ssn":1}', '1-2'],
  'character varying': ['', 'a', '5'],
  character: ['', 'a'],
  name: ['a', 'ssn', 'email', 'name', 'id'],
  date: ['2000-01-01', '1961-04-12', '5874897-12-31', '4714-11-24 BC', 'infinity'],
  'time without time zone': ['00:00', '23:59:59'],
  'timestamp without time zone': ['2000-01-01', '294276-12-31', '4713-01-01 BC'],
  'timestamp with time zone': ['2000-01-01Z', '294276-12-31Z', 'infinity'],
  interval: ['1 day', '0', '178000000 years', '-1 month'],
  uuid: ['00000000-0000-0000-0000-000000000000'],
  bytea: ['', '\\x00ff'],
  json: ['{"ssn": "1", "a": [1, 2]}', '[1,2]', 'null'],
  jsonb: ['{"ssn": "1", "a": [1, 2]}', '[1,2]', '{}', '"x"'],
  jsonpath: ['$.a', 'strict $.x', '$[*] ? (@ > 1)'],
  inet: ['10.0.0.1', '::1', '192.168.0.0/16'],
  int4range: ['[1,5)', 'empty', '[3,)'],
  numrange: ['[1,5)'],
  daterange: ['[2000-01-01,2001-01-01)'],
  int4multirange: ['{[1,5)}'],
  'text[]': ['{}', '{a,b}', '{1,NULL}'],
  'integer[]': ['{}', '{1,2}', '{{1,2},{3,4}}'],
  tsvector: ['a:1 b:2'],
  tsquery: ['a & b'],
  oid: ['0', '1259'],
  regclass: ['pg_class'],
  xml: ['<a>1</a>'],
  'bit varying': ['101'],
  'crm.address': ['(a,b,c)', '(,,)'],
};

/** The text of a value of this type; null stands for NULL, or a type without samples. */
export function sampleOf(random: Random, catalog: Catalog, type: string): string | null {
  const samples = SAMPLES[type] ?? catalog.enums.get(type);
  return samples === undefined || random.chance(0.05) ? null : random.pick(samples);
}

export function literal(random: Random, catalog: Catalog, type: string): Sql {
  const sample = sampleOf(random, catalog, type);
  if (sample === null) return expression(type, sql`NULL::${type}`);
  return expression(type, sql`${`'${sample.replaceAll("'", "''")}'`}::${type}`);
}
