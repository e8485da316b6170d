/** Every mask beside every type: one table a mask, one column a type, in two databases that differ in classified cells only. */

/** `@mask("…")` by the name of its table, which is also its category. */
export const MASKS = {
  nothing: 'null',
  placeholder: 'placeholder',
  stars: 'fixed:[hidden]',
  seven: 'fixed:7',
  day: 'fixed:2001-02-03',
  last: 'last:4',
  token: 'token',
  email: 'email',
  domain: 'email-domain',
  phone: 'phone',
  card: 'card',
  ssn: 'ssn',
  uuid: 'uuid',
  ip: 'ip',
  year: 'truncate:year',
  hour: 'truncate:hour,nulls',
  hundred: 'bucket:100',
  half: 'bucket:0.5,nulls',
} as const;
export type MaskName = keyof typeof MASKS;
export const MASK_NAMES = Object.keys(MASKS) as MaskName[];

/** Masks that show nothing of a value: what they answer may not depend on it. */
export const CONSTANT: readonly MaskName[] = ['nothing', 'placeholder', 'stars', 'seven', 'day'];

/** Column, type, and values: two for one database, two for the other. Each database has a NULL in another row. */
export const TYPES: readonly (readonly [column: string, type: string, a: string, b: string, c: string, d: string])[] = [
  ['c_text', 'text', 'ada@example.com', 'grace.hopper@navy.example.org', '', 'x'],
  ['c_varchar', 'varchar(40)', 'ada@example.com', '4111 1111 1111 1111', 'x', 'longer than before'],
  ['c_short', 'varchar(3)', 'abc', 'de', '', 'f'],
  ['c_char', 'char(36)', '078-05-1120', 'a', '987-65-4329', 'ä'],
  ['c_char5', 'char(5)', 'abcde', 'a', 'bcdef', ''],
  ['c_name', 'name', 'ada', 'grace', 'barbara', 'x'],
  ['c_letter', '"char"', 'a', 'b', 'c', 'd'],
  ['c_int2', 'int2', '12345', '-32768', '99', '32767'],
  ['c_int4', 'int4', '123456', '-2147483648', '99', '2147483647'],
  ['c_int8', 'int8', '1234567890123', '-9223372036854775808', '0', '9223372036854775807'],
  ['c_numeric', 'numeric', '1234.5678', 'NaN', '-0.001', '98765432109876543210.5'],
  ['c_price', 'numeric(7,2)', '99999.99', '-99999.99', '0.01', '100'],
  ['c_float4', 'float4', '1234.5', '-0.7', '3e30', 'Infinity'],
  ['c_float8', 'float8', '1234.5', '-0.7', '3e300', 'NaN'],
  ['c_money', 'money', '$1,234.56', '-$0.50', '$99.99', '-$1,000,000.00'],
  ['c_bool', 'bool', 'true', 'false', 'false', 'true'],
  ['c_date', 'date', '1987-06-05', '2024-02-29', 'infinity', '0044-03-15 BC'],
  ['c_time', 'time', '13:45:12.5', '24:00:00', '00:00:00', '23:59:59'],
  ['c_timetz', 'timetz', '13:45:12.5+02', '00:30:00-11:30', '00:00:00+00', '23:59:59+14'],
  ['c_timestamp', 'timestamp', '1987-06-05 13:45:12.5', '2024-02-29 23:59:59', '-infinity', '12024-01-01 00:00:00'],
  [
    'c_timestamptz',
    'timestamptz',
    '1987-06-05 13:45:12.5+02',
    '2024-01-01 00:30:00+14',
    'infinity',
    '1900-01-01 00:00+00',
  ],
  ['c_interval', 'interval', '1 day', '2 years 3 mons', '00:00:01', '-1 day'],
  [
    'c_uuid',
    'uuid',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
    '12345678-9abc-4def-8123-456789abcdef',
  ],
  ['c_inet', 'inet', '192.0.2.1', '2001:db8::1/64', '10.0.0.0/8', '::ffff:1.2.3.4'],
  ['c_cidr', 'cidr', '192.0.2.0/24', '2001:db8::/32', '10.0.0.0/8', '0.0.0.0/0'],
  ['c_macaddr', 'macaddr', '08:00:2b:01:02:03', '00:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', '08:00:2b:01:02:04'],
  ['c_bytea', 'bytea', '\\xdeadbeef', '\\x', '\\x00', '\\xffffff'],
  ['c_json', 'json', '{"ssn": "078-05-1120"}', '[]', 'null', '"x"'],
  ['c_jsonb', 'jsonb', '{"ssn": "078-05-1120"}', '[]', 'null', '"x"'],
  ['c_xml', 'xml', '<a>1</a>', '<b/>', '<c/>', '<d>longer</d>'],
  ['c_bit', 'bit(5)', '10101', '00000', '11111', '00001'],
  ['c_varbit', 'varbit(9)', '101', '', '1', '111111111'],
  ['c_oid', 'oid', '1', '4294967295', '0', '77'],
  ['c_lsn', 'pg_lsn', '0/1', 'FF/FF', '1/0', '16/B374D848'],
  ['c_tsvector', 'tsvector', "'a':1", "'a' 'b'", "'c'", "'longer':2"],
  ['c_range', 'int4range', '[1,5)', 'empty', '[1,)', '(,)'],
  ['c_multirange', 'int4multirange', '{[1,5)}', '{}', '{[1,2),[3,4)}', '{(,)}'],
  ['c_texts', 'text[]', '{a,b}', '{}', '{NULL,"x y"}', '{{a,b},{c,d}}'],
  ['c_ints', 'int4[]', '{1}', '{1,2,3}', '{}', '{NULL}'],
  ['c_uuids', 'uuid[]', '{}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{NULL}', '{}'],
  ['c_point', 'point', '(1,2)', '(3,4)', '(0,0)', '(-1,-1)'],
  ['c_pair', 'pair', '(1,a)', '(2,)', '(,b)', '(,)'],
  ['c_mood', 'mood', 'sad', 'happy', 'happy', 'sad'],
  ['c_code', 'code', 'abc', 'abcdefghij', 'x', ''],
  ['c_years', 'years', '1', '150', '42', '7'],
];

const SCHEMA = `
CREATE TYPE pair AS (n int, t text);
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN code AS varchar(10);
CREATE DOMAIN years AS int CHECK (VALUE < 200);
${MASK_NAMES.map((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, ${TYPES.map(([column, type]) => `${column} ${type}`).join(', ')});`).join('\n')}
CREATE VIEW seen AS SELECT id, c_text AS address FROM token;
CREATE TABLE parts (id int, c_text text) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (2);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (2) TO (9);
CREATE TABLE made (id int, c_text text, mirrored text GENERATED ALWAYS AS (reverse(c_text)) STORED);
CREATE TABLE docs (id int, doc jsonb, raw json);
CREATE TABLE plain (id int, note text, key uuid);
`;

/** Three rows in each table: two values and a NULL. */
export function dataSql(database: 'a' | 'b'): string {
  const row = (id: number, pick: 'first' | 'second' | 'null'): string =>
    `(${[
      id,
      ...TYPES.map(([, type, a, b, c, d]) => {
        if (pick === 'null') return 'NULL';
        const [first, second] = database === 'a' ? [a, b] : [c, d];
        return `'${(pick === 'first' ? first : second).replaceAll("'", "''")}'::${type}`;
      }),
    ].join(', ')})`;
  const order = database === 'a' ? (['first', 'second', 'null'] as const) : (['null', 'first', 'second'] as const);
  const rows = order.map((pick, index) => row(index + 1, pick)).join(', ');
  const [x, y] = database === 'a' ? ['ada@example.com', 'ada@example.com'] : ['x', 'y'];
  return [
    SCHEMA,
    ...MASK_NAMES.map((name) => `INSERT INTO ${name} VALUES ${rows};`),
    `INSERT INTO parts VALUES (1, '${x}'), (2, '${y}');`,
    `INSERT INTO docs SELECT id, doc::jsonb, doc::json FROM (VALUES (1, '{"n": 1.50, "ssn": "${x}"}'), (2, '{"n": 2${database === 'a' ? ', "ssn": [1]' : ''}}'), (3, NULL)) AS d(id, doc);`,
    `INSERT INTO made (id, c_text) VALUES (1, '${x}'), (2, '${y}');`,
  ].join('\n');
}

/** Each mask's table has its category; the others have that of tokens. */
export const LABELS_CSV = [
  'schema,table,column,label,category,path',
  ...MASK_NAMES.flatMap((name) => TYPES.map(([column]) => `public,${name},${column},regulated,m.${name},`)),
  'public,parts,c_text,regulated,m.token,',
  'public,made,c_text,regulated,m.token,',
  ...['doc', 'raw'].flatMap((column) => [
    `public,docs,${column},internal,,`,
    `public,docs,${column},regulated,m.stars,$.ssn`,
  ]),
].join('\n');

/** Beside the shipped policies: one a mask. */
export const MASK_POLICIES = MASK_NAMES.map(
  (name) =>
    `@id("mask-${name}") @mask("${MASKS[name]}")\npermit (principal, action == Sluice::Action::"mask", resource in Sluice::Category::"m.${name}");`,
).join('\n');
