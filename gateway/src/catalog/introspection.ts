/**
 * SQL that reads the facts of analysis/postgres/facts.ts from a server's catalogs, 14 to 18, on the session at hand.
 * Each query answers rows of one JSON text. Only integers and quoted literals made here enter the text; names that
 * matter are schema-qualified, because the session's search_path is the client's.
 */

import { EXTENSION_NAMES } from '../analysis/postgres/functions/extensions.ts';

/** OIDs asked in one query, at most. */
export const MAX_OIDS_PER_QUERY = 500;

const OID_LIMIT = 4_294_967_295;

function oidList(oids: readonly number[]): string {
  if (oids.length === 0 || oids.length > MAX_OIDS_PER_QUERY)
    throw new RangeError(`between 1 and ${MAX_OIDS_PER_QUERY} OIDs, not ${oids.length}`);
  for (const oid of oids)
    if (!Number.isInteger(oid) || oid < 0 || oid > OID_LIMIT) throw new RangeError(`not an OID: ${oid}`);
  return oids.join(',');
}

/** A string literal that reads the same under every setting: doubled quotes, and no backslash outside E''. */
export function quoteLiteral(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return escaped.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

const J = 'pg_catalog.json_build_object';
const AGG = 'pg_catalog.json_agg';

/**
 * Functions behind foreign keys and deferred unique constraints, pg_proc.dat: RI_FKey_check_ins (1644) to
 * RI_FKey_noaction_upd (1655), unique_key_recheck (1250). What they do is in `foreignKeys`, `referencedBy` and `uniques`.
 * Other internal triggers are those that 14 gave to partitions for the row triggers of their parents.
 */
const CONSTRAINT_TRIGGERS: readonly number[] = [
  1250, 1644, 1645, 1646, 1647, 1648, 1649, 1650, 1651, 1652, 1653, 1654, 1655,
];

/** A value of variable length in a row whose long values were moved (heaptoast.c): up to 24 bytes are left alone, and padded to 8. */
const MOVED_VALUE_BYTES = 32;

/** Facts of relations. `generated` columns of 14 to 17 are `s`; 18 adds `v`. */
export function relationsQuery(oids: readonly number[]): string {
  return `SELECT ${J}(
  'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'rowSecurity', c.relrowsecurity, 'hadChildren', c.relhassubclass,
  'columns', (SELECT ${AGG}(${J}('attribute', a.attnum, 'name', CASE WHEN a.attisdropped THEN '' ELSE a.attname::text END, 'typeOid', a.atttypid::int8, 'dropped', a.attisdropped,
      'notNull', a.attnotnull, 'generated', NULLIF(a.attgenerated::text, ''),
      'expression', (SELECT d.adbin::text FROM pg_catalog.pg_attrdef d WHERE d.adrelid OPERATOR(pg_catalog.=) a.attrelid AND d.adnum OPERATOR(pg_catalog.=) a.attnum)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0),
  'ancestors', (WITH RECURSIVE up(oid) AS (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid
      UNION SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN up ON i.inhrelid OPERATOR(pg_catalog.=) up.oid) SELECT ${AGG}(up.oid::int8) FROM up),
  'descendants', (WITH RECURSIVE down(oid) AS (SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent OPERATOR(pg_catalog.=) c.oid
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN down ON i.inhparent OPERATOR(pg_catalog.=) down.oid) SELECT ${AGG}(down.oid::int8) FROM down),
  'partitionKey', (SELECT ${J}('attributes', pg_catalog.string_to_array(p.partattrs::text, ' '), 'expressions', p.partexprs::text) FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid OPERATOR(pg_catalog.=) c.oid),
  'storedQuery', (SELECT r.ev_action::text FROM pg_catalog.pg_rewrite r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid AND r.rulename OPERATOR(pg_catalog.=) '_RETURN' AND c.relkind OPERATOR(pg_catalog.=) ANY ('{v,m}'::"char"[])),
  'hasRules', EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid AND r.rulename OPERATOR(pg_catalog.<>) '_RETURN'),
  'triggers', (SELECT ${AGG}(${J}('name', t.tgname, 'functionOid', t.tgfoid::int8, 'type', t.tgtype, 'attributes', pg_catalog.string_to_array(t.tgattr::text, ' '), 'condition', t.tgqual::text))
    FROM pg_catalog.pg_trigger t WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
      AND (NOT t.tgisinternal OR t.tgfoid::oid::int8 OPERATOR(pg_catalog.<>) ALL ('{${CONSTRAINT_TRIGGERS.join(',')}}'::int8[]))),
  'checks', (SELECT ${AGG}(${J}('name', k.conname, 'attributes', k.conkey, 'expression', k.conbin::text, 'validated', k.convalidated, 'inherited', NOT k.connoinherit))
    FROM pg_catalog.pg_constraint k WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'c'),
  'uncheckedNotNulls', (SELECT ${AGG}(k.conkey[1]) FROM pg_catalog.pg_constraint k WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'n' AND NOT k.convalidated),
  'uniques', (SELECT ${AGG}(${J}('attributes', pg_catalog.string_to_array(x.indkey::text, ' '), 'keys', x.indnkeyatts, 'expressions', x.indexprs::text, 'predicate', x.indpred::text, 'primary', x.indisprimary,
      'single', x.indisunique AND x.indimmediate AND x.indisvalid AND x.indexprs IS NULL AND x.indpred IS NULL, 'valid', x.indisvalid,
      'nullsNotDistinct', COALESCE((pg_catalog.to_jsonb(x) OPERATOR(pg_catalog.->>) 'indnullsnotdistinct')::boolean, false)))
    FROM pg_catalog.pg_index x WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid AND (x.indisunique OR x.indisexclusion)),
  'longestRow', (SELECT CASE WHEN pg_catalog.bool_or(a.attlen OPERATOR(pg_catalog.<) 0 AND a.attstorage OPERATOR(pg_catalog.=) 'p') THEN NULL
      ELSE COALESCE(pg_catalog.sum(CASE WHEN a.attlen OPERATOR(pg_catalog.<) 0 THEN ${MOVED_VALUE_BYTES} ELSE a.attlen OPERATOR(pg_catalog.+) 7 END), 0) END
    FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped),
  'indexes', (SELECT ${AGG}(${J}('attributes', pg_catalog.string_to_array(x.indkey::text, ' '), 'expressions', pg_catalog.array_remove(ARRAY[x.indexprs::text, x.indpred::text], NULL)))
    FROM pg_catalog.pg_index x WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid),
  'indexExpressions', (SELECT ${AGG}(e.text) FROM pg_catalog.pg_index x, LATERAL (VALUES (x.indexprs::text), (x.indpred::text)) e(text)
    WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid AND e.text IS NOT NULL),
  'unprovenExpressions', (SELECT ${AGG}(e.text) FROM pg_catalog.pg_index x, LATERAL (VALUES (x.indexprs::text), (x.indpred::text)) e(text)
    WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid AND e.text IS NOT NULL AND NOT x.indisvalid),
  'indexOf', (SELECT x.indrelid::int8 FROM pg_catalog.pg_index x WHERE x.indexrelid OPERATOR(pg_catalog.=) c.oid),
  'statistics', (SELECT ${AGG}(s.stxexprs::text) FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid OPERATOR(pg_catalog.=) c.oid AND s.stxexprs IS NOT NULL),
  'indexFunctions', (SELECT ${AGG}(DISTINCT d.refobjid::int8) FROM pg_catalog.pg_index x JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) 1259 AND d.objid OPERATOR(pg_catalog.=) x.indexrelid AND d.refclassid OPERATOR(pg_catalog.=) 1255
    WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid),
  'foreignKeys', (SELECT ${AGG}(${foreignKey('k')}) FROM pg_catalog.pg_constraint k WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'f'),
  'referencedBy', (SELECT ${AGG}(${foreignKey('k')}) FROM pg_catalog.pg_constraint k WHERE k.confrelid OPERATOR(pg_catalog.=) c.oid AND k.contype OPERATOR(pg_catalog.=) 'f'),
  'temporary', c.relpersistence OPERATOR(pg_catalog.=) 't'
)::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) ANY ('{${oidList(oids)}}'::oid[])`;
}

function foreignKey(alias: string): string {
  return `${J}('relation', ${alias}.conrelid::int8, 'attributes', ${alias}.conkey, 'referenced', ${alias}.confrelid::int8, 'referencedAttributes', ${alias}.confkey, 'onUpdate', ${alias}.confupdtype, 'onDelete', ${alias}.confdeltype)`;
}

/** A type by a name that does not depend on the search_path: only those of pg_catalog stand without a schema. */
function typeName(oid: string): string {
  return `(SELECT CASE WHEN tn.nspname OPERATOR(pg_catalog.=) 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL) WHEN el.oid IS NULL THEN pg_catalog.concat(tn.nspname, '.', t.typname) ELSE pg_catalog.concat(tn.nspname, '.', el.typname, '[]') END
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace tn ON tn.oid OPERATOR(pg_catalog.=) t.typnamespace LEFT JOIN pg_catalog.pg_type el ON el.typarray OPERATOR(pg_catalog.=) t.oid WHERE t.oid OPERATOR(pg_catalog.=) ${oid})`;
}

/** Facts of functions, procedures and aggregates. */
export function functionsQuery(oids: readonly number[]): string {
  return `SELECT ${J}(
  'oid', p.oid::int8, 'schema', n.nspname, 'name', p.proname,
  'signature', pg_catalog.concat(n.nspname, '.', p.proname, '(', (SELECT pg_catalog.string_agg(${typeName('a.type')}, ', ' ORDER BY a.position) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a(type, position)), ')'),
  'result', ${typeName('p.prorettype')}, 'volatility', p.provolatile, 'strict', p.proisstrict, 'owner', pg_catalog.pg_get_userbyid(p.proowner), 'library', p.probin, 'hasSupport', p.prosupport::oid OPERATOR(pg_catalog.<>) 0,
  'kind', p.prokind, 'language', l.lanname, 'returnsSet', p.proretset, 'returnType', p.prorettype::int8, 'securityDefiner', p.prosecdef,
  'settings', p.proconfig, 'argumentTypes', pg_catalog.string_to_array(p.proargtypes::text, ' '), 'allNames', p.proargnames, 'allTypes', pg_catalog.string_to_array(pg_catalog.array_to_string(p.proallargtypes, ' '), ' '), 'modes', p.proargmodes::text[],
  'argumentDefaults', p.proargdefaults::text, 'body', p.prosrc, 'bodyTree', p.prosqlbody::text,
  'extension', (SELECT ${J}('name', e.extname, 'version', e.extversion) FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
    WHERE d.classid OPERATOR(pg_catalog.=) 1255 AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.refclassid OPERATOR(pg_catalog.=) 3079 AND d.deptype OPERATOR(pg_catalog.=) 'e' LIMIT 1),
  'aggregateParts', (SELECT pg_catalog.json_build_array(a.aggtransfn::oid::int8, a.aggfinalfn::oid::int8, a.aggcombinefn::oid::int8, a.aggserialfn::oid::int8, a.aggdeserialfn::oid::int8, a.aggmtransfn::oid::int8, a.aggminvtransfn::oid::int8, a.aggmfinalfn::oid::int8)
    FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid::oid OPERATOR(pg_catalog.=) p.oid)
)::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
WHERE p.oid OPERATOR(pg_catalog.=) ANY ('{${oidList(oids)}}'::oid[])`;
}

/** The functions behind operators: rows of (operator, function). */
export function operatorsQuery(oids: readonly number[]): string {
  return `SELECT o.oid::int8, o.oprcode::oid::int8 FROM pg_catalog.pg_operator o WHERE o.oid OPERATOR(pg_catalog.=) ANY ('{${oidList(oids)}}'::oid[])`;
}

/** Facts of types; the checks of a domain include those of the domains under it. */
export function typesQuery(oids: readonly number[]): string {
  return `SELECT ${J}(
  'oid', t.oid::int8, 'schema', n.nspname, 'name', t.typname, 'kind', t.typtype, 'underlying', CASE WHEN t.typtype OPERATOR(pg_catalog.=) 'd' THEN t.typbasetype::int8 ELSE t.typelem::int8 END, 'relation', t.typrelid::int8,
  'checks', (WITH RECURSIVE base(oid, next) AS (SELECT t.oid, t.typbasetype UNION SELECT b.oid, b.typbasetype FROM pg_catalog.pg_type b JOIN base ON b.oid OPERATOR(pg_catalog.=) base.next)
    SELECT ${AGG}(k.conbin::text) FROM pg_catalog.pg_constraint k JOIN base ON k.contypid OPERATOR(pg_catalog.=) base.oid WHERE k.contype OPERATOR(pg_catalog.=) 'c'),
  'extension', (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
    WHERE d.classid OPERATOR(pg_catalog.=) 1247 AND d.objid OPERATOR(pg_catalog.=) t.oid AND d.refclassid OPERATOR(pg_catalog.=) 3079 AND d.deptype OPERATOR(pg_catalog.=) 'e' LIMIT 1)
)::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace WHERE t.oid OPERATOR(pg_catalog.=) ANY ('{${oidList(oids)}}'::oid[])`;
}

/** Begins the name of a relation in any schema, if there is only one of that name: `*."x"`. */
const ANY_SCHEMA = '*."';

/** Relations by name, as the session's search_path resolves them: rows of (position, OID or NULL). */
export function relationNamesQuery(quotedNames: readonly string[]): string {
  if (quotedNames.length === 0 || quotedNames.length > MAX_OIDS_PER_QUERY) throw new RangeError('too many names');
  const items = quotedNames.map((name, index) => {
    if (!name.startsWith(ANY_SCHEMA)) return `(${index}, pg_catalog.to_regclass(${quoteLiteral(name)})::oid::int8)`;
    const bare = name.slice(ANY_SCHEMA.length, -1).replaceAll('""', '"');
    return `(${index}, (SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(c.oid::int8) END FROM pg_catalog.pg_class c WHERE c.relname OPERATOR(pg_catalog.=) ${quoteLiteral(bare)}::pg_catalog.name))`;
  });
  return `VALUES ${items.join(', ')}`;
}

/** Types by name, and types of columns by `table.column`, as the session's search_path resolves them: rows of (position, OID or NULL). */
export function typeNamesQuery(names: readonly { readonly kind: 'type' | 'column'; readonly name: string }[]): string {
  if (names.length === 0 || names.length > MAX_OIDS_PER_QUERY) throw new RangeError('too many names');
  const items = names.map(({ kind, name }, index) => {
    if (kind === 'type') return `(${index}, pg_catalog.to_regtype(${quoteLiteral(name)})::oid::int8)`;
    const dot = name.lastIndexOf('.');
    const [table, column] = [name.slice(0, dot), foldName(name.slice(dot + 1))];
    return `(${index}, (SELECT a.atttypid::int8 FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(table)})::oid
  AND a.attname OPERATOR(pg_catalog.=) ${quoteLiteral(column)} AND NOT a.attisdropped))`;
  });
  return `VALUES ${items.join(', ')}`;
}

/** An identifier as the server stores it. */
function foldName(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

/** All that `CALL name(…)` could mean: functions, procedures and aggregates of that name in the path or in one schema; at most two rows of one OID. */
export function proceduresNamedQuery(schema: string | null, name: string): string {
  const visible =
    schema === null
      ? 'n.nspname OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(true))'
      : `n.nspname OPERATOR(pg_catalog.=) ${quoteLiteral(schema)}`;
  return `SELECT p.oid::int8 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
WHERE p.proname OPERATOR(pg_catalog.=) ${quoteLiteral(name)} AND ${visible} LIMIT 2`;
}

/** Which of the names are borne by a user-defined function, operator or type, reviewed extensions apart: rows of (position, t or f). */
export function userNamesQuery(
  names: readonly { readonly kind: 'function' | 'operator' | 'type'; readonly name: string }[],
): string {
  if (names.length === 0 || names.length > MAX_OIDS_PER_QUERY) throw new RangeError('too many names');
  const items = names.map(({ kind, name }, index) => {
    const [catalog, column] =
      kind === 'function'
        ? ['pg_proc', 'proname']
        : kind === 'operator'
          ? ['pg_operator', 'oprname']
          : ['pg_type', 'typname'];
    return `(${index}, EXISTS (SELECT FROM pg_catalog.${catalog} x WHERE x.${column} OPERATOR(pg_catalog.=) ${quoteLiteral(name)} AND x.oid OPERATOR(pg_catalog.>=) 16384
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
    WHERE d.classid OPERATOR(pg_catalog.=) x.tableoid AND d.objid OPERATOR(pg_catalog.=) x.oid AND d.refclassid OPERATOR(pg_catalog.=) 3079 AND d.deptype OPERATOR(pg_catalog.=) 'e'
      AND e.extname OPERATOR(pg_catalog.=) ANY (ARRAY[${EXTENSION_NAMES.map(quoteLiteral).join(',')}]::name[]))))`;
  });
  return `VALUES ${items.join(', ')}`;
}

/**
 * The transactions that have ended, and the isolation level: in READ COMMITTED the first differs whenever one that wrote something has ended, of any session. As long as it
 * stays, no definition has changed. The whole snapshot, since a transaction may end after younger ones have. Costs next
 * to nothing.
 */
export const SNAPSHOT_QUERY =
  "SELECT pg_catalog.pg_current_snapshot()::text, pg_catalog.current_setting('transaction_isolation')";

/**
 * One row that differs whenever a definition of a user's was added, changed or dropped: number of rows and a hash over
 * all their transaction ids, of each catalog that verdicts depend on: what statements are about, and (schemas, who may
 * look into them, collations) what names in them stand for. Temporary relations are left out: they concern
 * one session only, which knows of its own.
 */
export const CHANGES_QUERY = `WITH temporary(oids) AS (
  SELECT ARRAY(SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence OPERATOR(pg_catalog.=) 't')
) SELECT ${[
  ['pg_class', 'oid'],
  ['pg_attribute', 'attrelid'],
  ['pg_attrdef', 'adrelid'],
  ['pg_constraint', 'conrelid'],
  ['pg_constraint', 'contypid'],
  ['pg_index', 'indexrelid'],
  ['pg_inherits', 'inhrelid'],
  ['pg_policy', 'polrelid'],
  ['pg_rewrite', 'ev_class'],
  ['pg_trigger', 'tgrelid'],
  ['pg_proc', 'oid'],
  ['pg_aggregate', 'aggfnoid'],
  ['pg_cast', 'oid'],
  ['pg_operator', 'oid'],
]
  .map(([table, owner]) => changesOf(`${table}`, `x.${owner}::oid`))
  .join(
    ', ',
  )}, ${changesOf('pg_type', 'CASE WHEN x.typrelid OPERATOR(pg_catalog.=) 0 THEN x.oid ELSE x.typrelid END')}, (SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtext(x.xmin::text))) FROM pg_catalog.pg_namespace x
  WHERE x.nspname OPERATOR(pg_catalog.!~) '^pg_(toast_)?temp_'), ${changesOf('pg_collation', 'x.oid')},
  (SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtext(x.xmin::text))) FROM pg_catalog.pg_auth_members x) FROM temporary`;

function changesOf(table: string, owner: string): string {
  return `(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtext(x.xmin::text))) FROM pg_catalog.${table} x
  WHERE ${owner} OPERATOR(pg_catalog.>=) 16384 AND ${owner} OPERATOR(pg_catalog.<>) ALL (temporary.oids))`;
}

/**
 * Which database this is: the server's identifier, which copies of its files share, and the database's OID. One row of
 * (identity, whether prepared transactions may hold relations that nobody sees).
 */
export const DATABASE_IDENTITY_QUERY = `SELECT pg_catalog.concat((SELECT c.system_identifier FROM pg_catalog.pg_control_system() c), '.', d.oid),
  EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts x WHERE x.database OPERATOR(pg_catalog.=) d.datname)
FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()`;

/** OIDs of all user relations with columns: rows of one OID. For start-up, when labels are bound. */
export const USER_RELATIONS_QUERY = `SELECT c.oid::int8::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}'::"char"[]) AND c.oid OPERATOR(pg_catalog.>=) 16384
  AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{pg_catalog,information_schema,pg_toast}'::name[]) AND n.nspname OPERATOR(pg_catalog.!~) '^pg_(toast_)?temp_' ORDER BY c.oid`;

/** Functions of users and extensions: rows of (OID, OIDs of the tables on which it fires as a trigger, with commas). */
export const USER_FUNCTIONS_QUERY = `SELECT p.oid::int8::text, (SELECT pg_catalog.string_agg(DISTINCT t.tgrelid::int8::text, ',') FROM pg_catalog.pg_trigger t WHERE t.tgfoid OPERATOR(pg_catalog.=) p.oid AND NOT t.tgisinternal)
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
WHERE p.oid OPERATOR(pg_catalog.>=) 16384 AND n.nspname OPERATOR(pg_catalog.!~) '^pg_temp_' ORDER BY n.nspname, p.proname, p.oid LIMIT 20001`;
