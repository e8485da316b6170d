/** What the generator may write about: relations, functions, operators and casts, as the database tells them. */
import { builtInFunction } from '../../../gateway/src/analysis/postgres/functions/built-in.ts';

export type Column = {
  readonly name: string;
  readonly type: string;
  /** Values of labelled columns can reach it. */
  readonly classified: boolean;
};
export type Table = {
  /** Schema-qualified. */
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly Column[];
  /** Some of its columns are left out: a row as a whole would hold them all the same. */
  readonly partly?: boolean;
};
export type Callable = {
  /** How it is written: a name, qualified for user functions, or an operator's symbol. */
  readonly name: string;
  readonly kind: 'function' | 'aggregate' | 'window' | 'operator' | 'prefix' | 'set';
  readonly arguments: readonly string[];
  readonly result: string;
  /** As the gateway's list has it; `user` for functions of the database. */
  readonly judged: string;
};
export type Catalog = {
  /** Version of the server. */
  readonly major: number;
  readonly tables: readonly Table[];
  readonly callables: ReadonlyMap<string, readonly Callable[]>;
  /** By result type. */
  readonly casts: ReadonlyMap<string, readonly string[]>;
  readonly types: readonly string[];
  readonly enums: ReadonlyMap<string, readonly string[]>;
};

/** What a statement may use that must not be masked or refused: open tables and columns, functions of the server. */
export function openPart(catalog: Catalog): Catalog {
  const callables = [...catalog.callables].map(
    ([type, found]) =>
      [
        type,
        found.filter(({ judged, name }) => (judged === 'total' || judged === 'faultable') && !name.startsWith('crm.')),
      ] as const,
  );
  return {
    ...catalog,
    tables: catalog.tables
      .filter(({ name, kind }) => kind === 'table' && !SHAPED_BY_SECRETS.test(name))
      .map((table) => ({
        ...table,
        columns: table.columns.filter(({ classified }) => !classified),
        partly: table.columns.some(({ classified }) => classified),
      })),
    callables: new Map(callables),
  };
}

/** Its name, where rows of it may be written as a whole. */
export function rowOf(table: Table): string | null {
  return table.partly === true ? null : table.name;
}

/** Tables of the corpus whose rows are decided by classified columns: row security, partitions, triggers and rules that read them. */
const SHAPED_BY_SECRETS =
  /^crm\.(guarded|claims.*|support_tickets|inbox|defaults_demo|ssn_registry|applications|contractors|customers)$|\.mv_rich$/;

type Ask = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Types that expressions are made of, beside those of the tables. */
const BASE_TYPES: readonly string[] = [
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double precision',
  'text',
  'character varying',
  'character',
  'name',
  'date',
  'time without time zone',
  'timestamp without time zone',
  'timestamp with time zone',
  'interval',
  'uuid',
  'bytea',
  'json',
  'jsonb',
  'jsonpath',
  'inet',
  'int4range',
  'numrange',
  'daterange',
  'text[]',
  'integer[]',
  'tsvector',
  'tsquery',
  'oid',
  'regclass',
  'xml',
  'bit varying',
  'int4multirange',
];

/** Functions that stop, wait, look at the clock or change the server: they would make answers differ by themselves. */
const NEVER =
  /^(pg_(sleep|terminate|cancel|reload|rotate|switch|promote|log_|wal|create_|drop_|copy_|logical|replication|backup|stat_reset|import|export|read_|ls_|stat_file|notify|advisory|try_adv|current_(wal|xact|snap|logfile)|last_|lock_status|backend_pid|blocking|safe_snap|postmaster|conf_load|relation_file|filenode|my_temp|nextoid|stat_|visible|snapshot|xact|control|tablespace|database_size|ts_|is_|get_wal|prepared|cursor|notification|listening|timezone|hba|ident|show_all|file_|available|extension|event_trigger|mcv|shmem|get_shmem|get_backend|partition_|get_multixact|stop_making|input_)|txid_|lo_|lowrite|loread|random|setseed|clock_|timeofday|now$|statement_time|transaction_time|gen_random|uuidv|nextval|setval|currval|lastval|set_config|current_setting|inet_(client|server)|ts_stat|ts_rewrite|query_to|table_to|schema_to|database_to|cursor_to|brin_|gin_|binary_upgrade|getdatabase|age$|mxid|row_security|system_user|repeat|current_(query|database)|version$|xmlvalidate|has_|hash|.*_(in|out|recv|send)$|.*(support|handler)$|generate_series|RI_FKey|suppress|currtid|dblink|connectby|crosstab|normal_rand|pgstat|gen_salt|crypt|hmac|digest|pgp_|armor|dearmor|pg_file)/i;

export async function readCatalog(
  ask: Ask,
  major: number,
  isClassified: (table: string, column: string) => boolean,
): Promise<Catalog> {
  const columns = await ask(`SELECT n.nspname || '.' || c.relname AS rel, c.relkind::text AS kind, a.attname AS name,
      CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, NULL) ELSE format_type(a.atttypid, NULL) END AS type
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname !~ '^(pg_|information_schema$|ext$)' AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0
      AND NOT a.attisdropped ORDER BY 1, a.attnum`);
  const byTable = new Map<string, { kind: 'table' | 'view'; columns: Column[] }>();
  for (const row of columns) {
    const name = String(row['rel']);
    const kind = row['kind'] === 'r' || row['kind'] === 'p' ? 'table' : 'view';
    const entry = byTable.get(name) ?? { kind, columns: [] };
    byTable.set(name, entry);
    const column = String(row['name']);
    entry.columns.push({ name: column, type: String(row['type']), classified: isClassified(name, column) });
  }
  const tables = [...byTable].map(([name, entry]) => ({ name, ...entry }));
  const enums = await readEnums(ask);
  const types = [
    ...new Set([...BASE_TYPES, ...enums.keys(), ...tables.flatMap((table) => table.columns.map((c) => c.type))]),
  ];
  return {
    major,
    tables,
    types,
    enums,
    callables: await readCallables(ask, new Set(types)),
    casts: await readCasts(ask, types),
  };
}

async function readEnums(ask: Ask): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await ask(
    `SELECT format_type(enumtypid, NULL) AS type, enumlabel AS label FROM pg_enum ORDER BY enumtypid, enumsortorder`,
  );
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const type = String(row['type']);
    found.set(type, [...(found.get(type) ?? []), String(row['label'])]);
  }
  return found;
}

const POLYMORPHIC: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  anyelement: [
    ['text', 'text[]'],
    ['integer', 'integer[]'],
  ],
};

async function readCallables(ask: Ask, types: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly Callable[]>> {
  const functions =
    await ask(`SELECT p.oid::int AS oid, n.nspname AS schema, p.proname AS name, p.prokind::text AS kind, p.proretset AS set,
      ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u (t, i) ORDER BY i) AS args,
      format_type(p.prorettype, NULL) AS result
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
    WHERE p.prokind IN ('f', 'a', 'w') AND p.provariadic = 0 AND coalesce(g.aggkind, 'n') = 'n'
      AND n.nspname !~ '^(information_schema|pg_toast)$'`);
  const operators = await ask(`SELECT o.oprcode::oid::int AS oid, n.nspname AS schema, o.oprname AS name,
      CASE WHEN o.oprleft = 0 THEN '' ELSE format_type(o.oprleft, NULL) END AS l, format_type(o.oprright, NULL) AS r,
      format_type(o.oprresult, NULL) AS result
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0`);
  const found = new Map<string, Callable[]>();
  const add = (callable: Callable): void => {
    if (!types.has(callable.result) || !callable.arguments.every((type) => types.has(type))) return;
    found.set(callable.result, [...(found.get(callable.result) ?? []), callable]);
  };
  const judged = (oid: number): string => (oid >= 16384 ? 'user' : (builtInFunction(oid)?.class ?? 'unlisted'));
  for (const row of functions) {
    const name = String(row['name']);
    const schema = String(row['schema']);
    if (schema !== 'crm' && NEVER.test(name)) continue;
    const kind = row['set'] === true ? 'set' : kindOf(row['kind']);
    const called = schema === 'pg_catalog' ? `"${name}"` : `${schema}."${name}"`;
    const args = textList(row['args']);
    for (const [element, array] of POLYMORPHIC['anyelement'] ?? []) {
      const real = (type: string): string =>
        /^"?any(compatible)?(element|nonarray)?"?$/.test(type)
          ? element
          : /^any(compatible)?array$/.test(type)
            ? array
            : type;
      const callable = {
        name: called,
        kind,
        arguments: args.map(real),
        result: real(String(row['result'])),
        judged: judged(Number(row['oid'])),
      };
      add(callable);
      if (args.every((type) => real(type) === type)) break;
    }
  }
  for (const row of operators) {
    const name =
      row['schema'] === 'pg_catalog'
        ? String(row['name'])
        : `OPERATOR(${String(row['schema'])}.${String(row['name'])})`;
    const shape = { name, result: String(row['result']), judged: judged(Number(row['oid'])) };
    if (row['l'] === '') add({ ...shape, kind: 'prefix', arguments: [String(row['r'])] });
    else add({ ...shape, kind: 'operator', arguments: [String(row['l']), String(row['r'])] });
  }
  return found;
}

function kindOf(letter: unknown): Callable['kind'] {
  if (letter === 'a') return 'aggregate';
  return letter === 'w' ? 'window' : 'function';
}

async function readCasts(ask: Ask, types: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await ask(
    `SELECT format_type(castsource, NULL) AS source, format_type(casttarget, NULL) AS target FROM pg_cast`,
  );
  const found = new Map<string, string[]>();
  const add = (source: string, target: string): void => {
    if (types.includes(source) && types.includes(target)) found.set(target, [...(found.get(target) ?? []), source]);
  };
  // Documents hardly ever hold what a cast wants.
  for (const row of rows) if (row['source'] !== 'jsonb') add(String(row['source']), String(row['target']));
  for (const type of types) add(type, 'text');
  return found;
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
