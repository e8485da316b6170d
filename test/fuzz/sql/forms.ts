/** Expressions that are syntax of their own: no function or operator of the catalog stands for them. */
import { anything, inner, type Place, plain, SORTABLE, type Source, type Writer, write } from './expressions.ts';
import { jsonForms } from './json-forms.ts';
import { literal } from './literals.ts';
import { expression, type Sql, sql } from './tree.ts';

type Forms = readonly (Sql | null)[];
/** Makes an expression of a type, one level deeper. */
type Of = (type: string) => Sql;

/** A form with a result of this type; null when there is none. */
export function form(writer: Writer, type: string, place: Place): Sql | null {
  const of: Of = (wanted) => write(writer, wanted, inner(place));
  const made = writer.random.pick([...formsOf(writer, type, place, of), ...jsonForms(writer, type, of), null]);
  return made === null ? null : expression(type, made);
}

function formsOf(writer: Writer, type: string, place: Place, of: Of): Forms {
  switch (type) {
    case 'boolean':
      return [...booleanForms(writer, place, of), ...rareBooleans(writer, place, of)];
    case 'text':
      return [...textForms(writer, place, of), ...rareTexts(writer, place, of)];
    case 'integer':
      return integerForms(writer, place, of);
    case 'bigint':
      return [
        place.secrets > 0 ? sql`nextval('sales.spare_seq')` : null,
        ...ordered(writer, place, 'count(*) FILTER (WHERE ', ')', 'boolean'),
        sql`bit_length(${of('text')})::bigint`,
      ];
    case 'text[]':
    case 'integer[]':
      return arrayForms(writer, type, place, of);
    case 'json':
    case 'jsonb':
      return documentForms(writer, type, place, of);
    case 'numeric':
      return [
        sql`extract(epoch from ${of('interval')})`,
        sql`(${of('numeric')} % 7)`,
        sql`width_bucket(${of('numeric')}, 0, 10, 5)`,
      ];
    case 'date':
      return [sql`(${of('date')} + ${of('integer')})`, sql`make_date(2000, ${of('integer')}, 1)`];
    case 'interval':
      return [
        sql`make_interval(days => ${of('integer')})`,
        sql`(${of('timestamp with time zone')} - ${of('timestamp with time zone')})`,
      ];
    case 'timestamp without time zone':
      return [
        sql`(${of('timestamp with time zone')} AT TIME ZONE ${writer.random.pick(["'UTC'", "'Europe/Paris'"])})`,
        sql`date_trunc('month', ${of(type)})`,
      ];
    case 'xml':
      return [...xmlForms(of), ...(place.secrets > 0 ? xmlOfQueries(writer) : [])];
    case 'int4range':
      return [sql`int4range(${of('integer')}, ${of('integer')})`, sql`(${of(type)} * ${of(type)})`];
    case 'crm.address':
      return [sql`ROW(${of('text')}, ${of('text')}, ${of('text')})::crm.address`];
    default:
      return [];
  }
}

function textForms(writer: Writer, place: Place, of: Of): Forms {
  const { random } = writer;
  const whole = wholeRow(writer, place);
  return [
    sql`(${of('text')} COLLATE "C")`,
    sql`(${of('text[]')})[${of('integer')}]`,
    sql`array_to_string(ARRAY[${of('text')}, ${of('text')}], ',')`,
    sql`concat_ws('-', ${of('text')}, ${of('integer')}, ${of('text')})`,
    sql`format('%s|%L', ${of('text')}, ${of('integer')})`,
    sql`(${of('jsonb')} ->> 'ssn')`,
    sql`(${of('jsonb')} #>> '{prefs,news}')`,
    whole && sql`(${whole})::text`,
    whole && sql`to_jsonb(${whole}) ->> ${literal(random, writer.catalog, 'name')}`,
    sql`pg_typeof(${of(random.pick(SORTABLE))})::text`,
    sql`(ROW(${of('text')}, ${of('integer')}))::text`,
    sql`xmlforest(${of('text')} AS a)::text`,
    sql`xmlelement(name e, xmlattributes(${of('text')} AS a), ${of('integer')})::text`,
    sql`substring(${of('text')} from ${of('integer')} for 3)`,
    sql`overlay(${of('text')} placing 'x' from 1)`,
    sql`trim(both 'x' from ${of('text')})`,
  ];
}

function rareTexts(writer: Writer, place: Place, of: Of): Forms {
  const { random } = writer;
  return [
    sql`(${of('crm.address')}).${random.pick(['street', 'city', 'zip'])}`,
    sql`(${of('text')}::${random.pick(['crm.national_id', 'varchar(3)', 'char(4)', 'name', 'ext.citext', 'bytea'])})::text`,
    sql`substring(${of('text')} similar ${random.pick(['\'%#"[0-9]#"%\'', "'a%'"])} escape '#')`,
    sql`normalize(${of('text')}, NFC)`,
    sql`(SELECT i.v FROM (SELECT ${of('text')} AS v) AS i)`,
    sql`xmlserialize(content ${of('xml')} AS text)`,
    sql`concat(VARIADIC ${of('text[]')})`,
    sql`set_config(${random.pick(["'app.note'", "'search_path'", "'datestyle'"])}, ${of('text')}, true)`,
    sql`current_setting(${random.pick(["'app.note', true", "'server_version_num'", "'timezone'"])})`,
    sql`ext.hstore(${of('text')}, ${of('text')})::text`,
    sql`(${of('text')}::ext.citext || 'a')::text`,
    sql`(${of('jsonb')})['ssn']::text`,
    sql`(ARRAY[[${of('text')}, 'x'], ['y', ${of('text')}]])[${of('integer')}][1]`,
    sql`(ARRAY[ROW(${of('text')}, 'a', 'b')::crm.address])[1].street`,
    sql`CASE ${of('integer')} WHEN ${of('integer')} THEN ${of('text')} ELSE 'none' END`,
    sql`regexp_replace(${of('text')}, ${random.pick(["'[0-9]+'", "'^.'", "'(a)(b)?'"])}, '<\\1>', 'g')`,
    sql`to_char(${of(random.pick(['numeric', 'timestamp with time zone', 'integer']))}, ${random.pick(["'999'", "'YYYY'", "'FM000'"])})`,
    sql`${random.pick(['current_user', 'current_schema'])}::text`,
    ...ordered(writer, place, 'mode() WITHIN GROUP (ORDER BY ', ')', 'text'),
    ...ordered(writer, place, 'percentile_disc(0.5) WITHIN GROUP (ORDER BY ', ')', 'text'),
    ...ordered(writer, place, 'string_agg(DISTINCT ', ", '/')", 'text'),
  ];
}

function integerForms(writer: Writer, place: Place, of: Of): Forms {
  return [
    sql`(${of('integer[]')})[${of('integer')}]`,
    sql`extract(day from ${of('date')})::integer`,
    sql`pg_column_size(${of('text')})`,
    sql`cardinality(${of('text[]')})`,
    sql`num_nulls(${of('text')}, ${of('integer')})`,
    sql`num_nonnulls(VARIADIC ${of('text[]')})`,
    sql`position(${of('text')} in ${of('text')})`,
    sql`(${of('integer')})::crm.positive`,
    sql`lower(${of('int4range')})`,
    sql`(-${of('integer')})`,
    sql`CASE WHEN ${of('boolean')} THEN 1 / nullif(${of('integer')}, 0) END`,
    sql`json_array_length(${of('json')})`,
    ...ordered(writer, place, 'rank(5) WITHIN GROUP (ORDER BY ', ')::integer', 'integer'),
    ...ordered(writer, place, 'count(DISTINCT ', ')::integer', 'text'),
  ];
}

/** An aggregate by its syntax, where one may stand. */
function ordered(writer: Writer, place: Place, before: string, after: string, type: string): Forms {
  if (place.allows !== 'aggregates') return [];
  const argument = write(writer, type, { ...plain(place), sources: place.aggregated ?? place.sources });
  return [sql`${before}${argument}${after}`];
}

function arrayForms(writer: Writer, type: string, place: Place, of: Of): Forms {
  const element = type.slice(0, -2);
  return [
    sql`ARRAY[${of(element)}, ${of(element)}]`,
    sql`(${of(type)})[1:2]`,
    sql`(${of(type)})[${of('integer')}:]`,
    sql`(${of(type)} || ${of(element)})`,
    sql`array_remove(${of(type)}, ${of(element)})`,
    sql`(${of(element === 'text' ? 'integer[]' : 'text[]')})::${type}`,
    place.depth > 1 ? sql`ARRAY(${writer.subquery(element, plain(place))})` : null,
    ...ordered(writer, place, 'array_agg(', ' ORDER BY 1)', element),
  ];
}

function documentForms(writer: Writer, type: string, place: Place, of: Of): Forms {
  const whole = wholeRow(writer, place);
  const prefix = type === 'json' ? 'json' : 'jsonb';
  return [
    whole && (type === 'json' ? sql`row_to_json(${whole})` : sql`to_jsonb(${whole})`),
    sql`${prefix}_build_array(${of('text')}, ${of('integer')})`,
    sql`${prefix}_build_object('a', ${of('text')}, 'b', ${of('boolean')})`,
    sql`to_${prefix}(${of(writer.random.pick(SORTABLE))})`,
    sql`(${of(type)} -> ${writer.random.pick(["'ssn'", "'prefs'", '0'])})`,
    type === 'jsonb' ? sql`(${of(type)} - 'ssn')` : null,
    type === 'jsonb' ? sql`jsonb_set(${of(type)}, '{a}', ${of(type)})` : null,
    ...ordered(writer, place, `${prefix}_agg(`, ')', 'text'),
    ...ordered(writer, place, `${prefix}_object_agg(1, `, ')', 'text'),
  ];
}

/** Functions that run a query which is given as a text. */
function xmlOfQueries(writer: Writer): Forms {
  const table = writer.random.pick(writer.catalog.tables);
  const column = writer.random.pick(table.columns);
  return [
    sql`query_to_xml('SELECT "${column.name}" FROM ${table.name} LIMIT 2', true, false, '')`,
    sql`table_to_xml('${table.name}', true, false, '')`,
    sql`query_to_xml_and_xmlschema('SELECT "${column.name}" FROM ${table.name} LIMIT 1', true, false, '')`,
  ];
}

function xmlForms(of: Of): Forms {
  return [
    sql`xmlconcat(${of('xml')}, ${of('xml')})`,
    sql`xmlparse(content ${of('text')})`,
    sql`xmlpi(name p, ${of('text')})`,
    sql`xmlroot(${of('xml')}, version '1.0')`,
    sql`xmlelement(name e, ${of('text')})`,
    sql`xmlcomment(${of('text')})`,
  ];
}

function booleanForms(writer: Writer, place: Place, of: Of): Forms {
  const { random } = writer;
  const type = random.pick(SORTABLE);
  const compare = random.pick(['=', '<>', '<', '>=', 'IS DISTINCT FROM']);
  const forms: Sql[] = [
    sql`(${of(type)} ${compare} ${of(type)})`,
    sql`(${of(type)} IN (${of(type)}, ${of(type)}))`,
    sql`(${of(type)} BETWEEN ${of(type)} AND ${of(type)})`,
    sql`(${of(type)} IS ${random.pick(['NULL', 'NOT NULL'])})`,
    sql`(${of('boolean')} IS ${random.pick(['TRUE', 'NOT TRUE', 'UNKNOWN'])})`,
    sql`(${of('boolean')} ${random.pick(['AND', 'OR'])} ${of('boolean')})`,
    sql`(NOT ${of('boolean')})`,
    sql`(${of('text')} LIKE ${random.pick(["'%a%'", "'1%'", "'_-%'"])})`,
    sql`(${of('text')} ~ ${random.pick(["'^[0-4]'", "'a'", "'[0-9]+$'"])})`,
    sql`(ROW(${of('text')}, ${of('integer')}) < ROW(${of('text')}, ${of('integer')}))`,
    sql`(${of('text')} = ANY (${of('text[]')}))`,
    sql`(${of('integer')} > ALL (${of('integer[]')}))`,
  ];
  if (place.depth > 1) {
    forms.push(sql`EXISTS (${writer.subquery(type, plain(place))})`);
    forms.push(sql`(${of(type)} IN (${writer.subquery(type, plain(place))}))`);
    forms.push(sql`(${of(type)} <> ALL (${writer.subquery(type, plain(place))}))`);
  }
  return forms;
}

function rareBooleans(writer: Writer, place: Place, of: Of): Forms {
  const { random } = writer;
  const whole = wholeRow(writer, place);
  return [
    sql`(${of('text')} SIMILAR TO '%[0-9]%')`,
    sql`(${of('integer')} BETWEEN SYMMETRIC ${of('integer')} AND ${of('integer')})`,
    sql`((${of('date')}, ${of('interval')}) OVERLAPS (${of('date')}, ${of('date')}))`,
    sql`(ROW(${of('text')}, ${of('integer')}) ${random.pick(['=', 'IS DISTINCT FROM', '<>'])} ROW(${of('text')}, ${of('integer')}))`,
    sql`(ROW(${of('text')}, ${of('date')}) IS ${random.pick(['NULL', 'NOT NULL'])})`,
    whole && sql`(${whole} IS NOT NULL)`,
    whole && sql`(${whole}.* IS DISTINCT FROM ${whole}.*)`,
    sql`(${of('text')} IS NFC NORMALIZED)`,
    sql`(${of('xml')} IS DOCUMENT)`,
    sql`xmlexists('//a' PASSING (${of('xml')}))`,
    sql`(${of('text')} ^@ ${of('text')})`,
    sql`(${of('int4range')} @> ${of('integer')})`,
    sql`(${of('jsonb')} @? '$.ssn')`,
    sql`((${of('text')}, ${of('integer')}) = (SELECT ${of('text')}, ${of('integer')}))`,
    place.depth > 1 ? sql`((${of('integer')}, ${of('text')}) IN (SELECT ${of('integer')}, ${of('text')}))` : null,
    place.depth > 1 ? sql`(${of('text')} LIKE ANY (${writer.subquery('text', plain(place))}))` : null,
    sql`(CASE ${of('text')} WHEN ${of('text')} THEN true ELSE ${of('boolean')} END)`,
    sql`(${anything(writer, inner(place))} IS NULL)`,
  ];
}

/** A row as a value, of a table whose columns may all be written here. */
function wholeRow(writer: Writer, place: Place): Sql | null {
  const isOpen = (source: Source): boolean => source.columns.every((entry) => !entry.classified);
  const wanted = writer.wantsSecret(place);
  const found = place.sources.filter((source) => source.table !== null && (wanted || isOpen(source)));
  if (found.length === 0) return null;
  const picked = writer.random.pick(found);
  if (!isOpen(picked)) writer.tookSecret();
  return sql`${picked.alias}`;
}
