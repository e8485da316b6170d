/** SQL/JSON: constructors and IS JSON since 16, query functions since 17. */
import type { Writer } from './expressions.ts';
import { type Sql, sql } from './tree.ts';

const CONSTRUCTORS = 16;
const QUERIES = 17;

export function jsonForms(writer: Writer, type: string, of: (type: string) => Sql): readonly Sql[] {
  const { random, catalog } = writer;
  const forms: Sql[] = [];
  const behaviour = random.pick(['', ' NULL ON ERROR', ' ERROR ON ERROR', ' DEFAULT NULL ON EMPTY']);
  const path = random.pick(["'$.ssn'", "'$.a[*]'", "'strict $.x.y'", "'$'", "'$.a[*] ? (@ > 1)'"]);
  if (catalog.major >= CONSTRUCTORS) {
    if (type === 'boolean')
      forms.push(
        sql`(${of('text')} IS JSON)`,
        sql`(${of(random.pick(['text', 'jsonb', 'bytea']))} IS ${random.pick(['', 'NOT '])}JSON ${random.pick(['OBJECT', 'ARRAY', 'SCALAR', 'VALUE WITH UNIQUE KEYS'])})`,
      );
    if (type === 'json' || type === 'jsonb')
      forms.push(
        sql`JSON_OBJECT('k': ${of('text')}, 'n': ${of('integer')} ${random.pick(['NULL', 'ABSENT'])} ON NULL RETURNING ${type})`,
        sql`JSON_ARRAY(${of('text')}, ${of('boolean')} NULL ON NULL RETURNING ${type})`,
        sql`JSON_ARRAY(SELECT ${of('text')} RETURNING ${type})`,
        sql`JSON_OBJECT(${of('text')}: 1 WITH UNIQUE KEYS RETURNING ${type})`,
      );
  }
  if (catalog.major >= QUERIES) {
    if (type === 'text')
      forms.push(
        sql`JSON_VALUE(${of('jsonb')}, ${path}${behaviour})`,
        sql`JSON_VALUE(${of('jsonb')}, '$.a ? (@ == $v)' PASSING (${of('text')}) AS v)`,
        sql`JSON_SERIALIZE(${of('json')})`,
      );
    if (type === 'integer') forms.push(sql`JSON_VALUE(${of('jsonb')}, ${path} RETURNING integer${behaviour})`);
    if (type === 'boolean')
      forms.push(sql`JSON_EXISTS(${of('jsonb')}, ${path}${random.pick(['', ' ERROR ON ERROR', ' TRUE ON ERROR'])})`);
    if (type === 'jsonb')
      forms.push(
        sql`JSON_QUERY(${of('jsonb')}, ${path} ${random.pick(['WITH WRAPPER', 'WITHOUT WRAPPER', 'WITH CONDITIONAL WRAPPER'])})`,
        sql`JSON_QUERY(${of('text')}::jsonb, ${path} DEFAULT '{}' ON ERROR)`,
      );
    if (type === 'json') forms.push(sql`JSON(${of('text')} WITH UNIQUE KEYS)`, sql`JSON_SCALAR(${of('text')})`);
  }
  return forms;
}
