/** What an administrator finds in the unlabelled columns of a database: names of relations, and their open rows. */
import type { SideName, World } from './world.ts';

type Row = Readonly<Record<string, unknown>>;

/** Lines that must be equal on both sides. */
export async function openState(world: World, side: SideName): Promise<readonly string[]> {
  const database = world.database(side);
  const relations = await world.server.admin(RELATIONS, database);
  const parts = relations.map((row) => digestOf(row, world.labelled));
  const rows = parts.length === 0 ? [] : await world.server.admin(parts.join('\nUNION ALL\n'), database);
  const definitions = await world.server.admin(DEFINITIONS, database);
  return [...rows.map(lineOf), ...definitions.map(lineOf)].toSorted();
}

/** Columns of their ancestors keep their label in partitions and children. */
const RELATIONS = `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = 'timestamptz'::regtype) AS clocks,
    ARRAY(SELECT pn.nspname || '.' || pc.relname FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent
      JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE i.inhrelid = c.oid) AS parents
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^(pg_|information_schema$|ext$)' AND (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated) ORDER BY 1, 2`;

/** What else is stored that anybody may look at: definitions, comments, sequences, large objects, settings of roles. */
const DEFINITIONS = `
  SELECT c.relname || ' is ' || pg_get_viewdef(c.oid) AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^(pg_|information_schema$|ext$)'
  UNION ALL SELECT 'default of ' || adrelid::regclass || '.' || adnum || ' is ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef
  UNION ALL SELECT 'constraint ' || conname || ' is ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
  UNION ALL SELECT 'index is ' || pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid
    WHERE indrelid >= 16384 AND c.relkind <> 't'
  UNION ALL SELECT 'function ' || proname || ' is ' || md5(coalesce(prosrc, '') || coalesce(proconfig::text, '')) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'trigger is ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'comment ' || objsubid || ' is ' || description FROM pg_description WHERE objoid >= 16384
  UNION ALL SELECT 'enumerated ' || enumlabel FROM pg_enum
  UNION ALL SELECT 'sequence ' || schemaname || '.' || sequencename || ' is at ' || coalesce(last_value, -1) FROM pg_sequences
  UNION ALL SELECT 'large object ' || md5(string_agg(md5(data), ',' ORDER BY pageno)) FROM pg_largeobject GROUP BY loid
  UNION ALL SELECT 'setting ' || setconfig::text FROM pg_db_role_setting`;

/** Columns that are labelled in part only: what is below the other keys is open. */
const LABELLED_KEYS: ReadonlyMap<string, readonly string[]> = new Map([['crm.customers.profile', ['ssn', 'phone']]]);

function digestOf(row: Row, labelled: ReadonlySet<string>): string {
  const table = `${String(row['schema'])}.${String(row['name'])}`;
  const parents = listOf(row['parents']);
  const isLabelled = (column: string): boolean => [table, ...parents].some((name) => labelled.has(`${name}.${column}`));
  const columns = listOf(row['columns']);
  const clocks = new Set(listOf(row['clocks']));
  const open = columns.flatMap((column) => {
    const identifier = quoted(column);
    const keys = LABELLED_KEYS.get(`${table}.${column}`);
    if (keys !== undefined) return [`${identifier} - '{${keys.join(',')}}'::text[]`];
    return isLabelled(column)
      ? []
      : [
          clocks.has(column)
            ? `CASE WHEN ${identifier} > now() - interval '1 day' THEN 'now' ELSE ${identifier}::text END`
            : `${identifier}::text`,
        ];
  });
  const name = table.replaceAll("'", "''");
  if (open.length === 0) return `SELECT '${name}: nothing open' AS line`;
  const from = `${quoted(String(row['schema']))}.${quoted(String(row['name']))}`;
  return `SELECT '${name}: ' || md5(coalesce(string_agg(x, E'\\n' ORDER BY x), '')) AS line FROM (SELECT ROW(${open.join(', ')})::text AS x FROM ONLY ${from}) s`;
}

/** An identifier in quotes: fuzzed names may hold any character. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function lineOf(row: Row): string {
  return String(row['line']);
}
