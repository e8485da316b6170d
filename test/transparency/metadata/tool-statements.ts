/**
 * What tools ask the catalogs when they connect, synchronise or open a table: statements in the manner of each, for
 * tools that cannot be run here. `values` are bound; without them the statement goes in the simple protocol.
 */
export type ToolStatement = {
  readonly tool: string;
  readonly asks: string;
  readonly text: string;
  readonly values?: readonly unknown[];
};

const statements = (tool: string, asked: Readonly<Record<string, string | readonly [string, readonly unknown[]]>>) =>
  Object.entries(asked).map(
    ([asks, statement]): ToolStatement =>
      typeof statement === 'string'
        ? { tool, asks, text: statement }
        : { tool, asks, text: statement[0], values: statement[1] },
  );

export const TOOL_STATEMENTS: readonly ToolStatement[] = [
  ...statements('DBeaver', {
    'the session': `SELECT current_schema(), session_user, current_database(), version()`,
    'what it may set': `SET extra_float_digits = 3; SET application_name = 'DBeaver 24.0 - Main <shop>'`,
    'its search path': `SHOW search_path`,
    databases: `SELECT db.oid, db.* FROM pg_catalog.pg_database db WHERE NOT datistemplate AND datallowconn ORDER BY db.datname`,
    schemas: `SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n
      LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.objsubid = 0 AND d.classoid = 'pg_namespace'::regclass
      ORDER BY nspname`,
    types: `SELECT t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) AS base_type_name, d.description
      FROM pg_catalog.pg_type t
      LEFT OUTER JOIN pg_catalog.pg_type et ON et.oid = t.typelem
      LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
      LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid = d.objoid
      WHERE t.typname IS NOT NULL AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')
      ORDER BY t.oid`,
    tables: [
      `SELECT c.oid, c.relname, c.relkind, c.relowner, c.relhasindex, c.relpersistence, c.relispartition, d.description,
        pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_expr, pg_catalog.pg_get_partkeydef(c.oid) AS partition_key
      FROM pg_catalog.pg_class c
      LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
      WHERE c.relnamespace = $1::regnamespace AND c.relkind NOT IN ('i', 'I', 'c') ORDER BY c.relname`,
      ['crm'],
    ],
    columns: [
      `SELECT c.relname, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
        pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) AS def_value, dsc.description, dep.objid
      FROM pg_catalog.pg_attribute a
      INNER JOIN pg_catalog.pg_class c ON a.attrelid = c.oid
      LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
      LEFT OUTER JOIN pg_catalog.pg_description dsc ON c.oid = dsc.objoid AND a.attnum = dsc.objsubid
      LEFT OUTER JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum
        AND dep.classid = dep.refclassid
      WHERE NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 'c') AND c.oid = $1::regclass ORDER BY a.attnum`,
      ['crm.customers'],
    ],
    constraints: [
      `SELECT c.oid, c.conname, c.contype, c.conkey, c.confkey, t.relname, rt.relname AS ref,
        pg_catalog.pg_get_constraintdef(c.oid) AS definition
      FROM pg_catalog.pg_constraint c
      INNER JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
      LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid
      WHERE c.conrelid = $1::regclass ORDER BY c.oid`,
      ['crm.orders'],
    ],
    indexes: [
      `SELECT i.indexrelid::regclass::text AS name, i.indisprimary, i.indisunique, i.indkey, i.indoption, am.amname,
        pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate, pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
      FROM pg_catalog.pg_index i
      INNER JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      LEFT OUTER JOIN pg_catalog.pg_am am ON am.oid = c.relam
      WHERE i.indrelid = $1::regclass ORDER BY c.relname`,
      ['crm.customers'],
    ],
    'rules and triggers': `SELECT t.oid, t.tgname, t.tgenabled, p.proname, n.nspname, pg_catalog.pg_get_triggerdef(t.oid, true)
      FROM pg_catalog.pg_trigger t, pg_catalog.pg_proc p, pg_catalog.pg_namespace n
      WHERE t.tgfoid = p.oid AND p.pronamespace = n.oid AND NOT t.tgisinternal AND t.tgrelid = 'crm.orders'::regclass`,
    'the text of a view': `SELECT pg_catalog.pg_get_viewdef('crm.names'::regclass::oid, true)`,
    functions: `SELECT p.oid, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), l.lanname,
        pg_catalog.pg_get_function_result(p.oid), p.prokind, CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE p.pronamespace = 'crm'::regnamespace ORDER BY p.oid`,
    keywords: `SELECT string_agg(word, ',') FROM pg_catalog.pg_get_keywords() WHERE catcode <> 'U'`,
    grants: `SELECT * FROM information_schema.table_privileges WHERE table_schema = 'crm' ORDER BY 1, 2, 3, 4, 5, 6`,
    'the first rows': `SELECT id, "name", region FROM crm.customers LIMIT 200`,
  }),
  ...statements('Prisma', {
    version: `SELECT version()`,
    'the schema exists': [
      `SELECT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1), version(), current_setting('server_version_num')::integer AS numeric_version`,
      ['crm'],
    ],
    schemas: [
      `SELECT namespace.nspname AS namespace_name FROM pg_namespace AS namespace WHERE namespace.nspname = ANY ($1) ORDER BY namespace_name`,
      [['crm', 'public']],
    ],
    tables: [
      `SELECT tbl.relname AS table_name, namespace.nspname AS namespace,
        (tbl.relhassubclass AND tbl.relkind = 'p') AS is_partition, (tbl.relhassubclass AND tbl.relkind = 'r') AS has_subclass,
        tbl.relrowsecurity AS has_row_level_security, reloptions,
        CASE WHEN relpersistence = 'p' THEN false ELSE true END AS unlogged, obj_description(tbl.oid, 'pg_class') AS description
      FROM pg_class AS tbl INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace
      WHERE tbl.relkind IN ('r', 'p') AND namespace.nspname = ANY ($1) ORDER BY namespace, table_name`,
      [['crm', 'public']],
    ],
    columns: [
      `SELECT oid.namespace, info.table_name, info.column_name, format_type(att.atttypid, att.atttypmod) AS formatted_type,
        info.numeric_precision, info.numeric_scale, info.numeric_precision_radix, info.datetime_precision, info.data_type,
        info.udt_schema AS type_schema_name, info.udt_name AS full_data_type,
        pg_get_expr(attdef.adbin, attdef.adrelid) AS column_default, info.is_nullable, info.is_identity,
        info.character_maximum_length, col_description(att.attrelid, ordinal_position) AS description
      FROM information_schema.columns info
      JOIN pg_attribute att ON att.attname = info.column_name
      JOIN (SELECT pg_class.oid, relname, pg_namespace.nspname AS namespace FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
              AND pg_namespace.nspname = ANY ($1) WHERE reltype > 0) AS oid
        ON oid.oid = att.attrelid AND relname = info.table_name AND namespace = info.table_schema
      LEFT OUTER JOIN pg_attrdef attdef ON attdef.adrelid = att.attrelid AND attdef.adnum = att.attnum
      WHERE table_schema = ANY ($1) ORDER BY namespace, table_name, ordinal_position`,
      [['crm', 'public']],
    ],
    'foreign keys': [
      `SELECT con.oid AS con_id, att2.attname AS child_column, cl.relname AS parent_table, att.attname AS parent_column,
        con.confdeltype, con.confupdtype, rel_ns.nspname AS referenced_schema_name, conname AS constraint_name,
        child, parent, table_name, namespace, condeferrable, condeferred
      FROM (SELECT ns.nspname AS namespace, unnest(con1.conkey) AS parent, unnest(con1.confkey) AS child, cl.relname AS table_name,
              ns.nspname AS schema_name, generate_subscripts(con1.conkey, 1) AS colidx, con1.oid, con1.confrelid, con1.conrelid,
              con1.conname, con1.confdeltype, con1.confupdtype, con1.condeferrable, con1.condeferred
            FROM pg_class cl JOIN pg_constraint con1 ON con1.conrelid = cl.oid JOIN pg_namespace ns ON cl.relnamespace = ns.oid
            WHERE ns.nspname = ANY ($1) AND con1.contype = 'f' ORDER BY colidx) con
      JOIN pg_attribute att ON att.attrelid = con.confrelid AND att.attnum = con.child
      JOIN pg_class cl ON cl.oid = con.confrelid
      JOIN pg_attribute att2 ON att2.attrelid = con.conrelid AND att2.attnum = con.parent
      JOIN pg_class rel_cl ON con.confrelid = rel_cl.oid JOIN pg_namespace rel_ns ON rel_cl.relnamespace = rel_ns.oid
      ORDER BY namespace, table_name, constraint_name, con_id, con.colidx`,
      [['crm']],
    ],
    indexes: [
      `WITH rawindex AS (SELECT indrelid, indexrelid, indisunique, indisprimary, unnest(indkey) AS indkeyid,
          generate_subscripts(indkey, 1) AS indkeyidx, unnest(indclass) AS indclass, unnest(indoption) AS indoption
        FROM pg_index WHERE indpred IS NULL AND NOT indisexclusion)
      SELECT schemainfo.nspname AS namespace, indexinfo.relname AS index_name, tableinfo.relname AS table_name,
        columninfo.attname AS column_name, rawindex.indisunique, rawindex.indisprimary, rawindex.indkeyidx,
        CASE rawindex.indoption & 1 WHEN 1 THEN 'DESC' WHEN 0 THEN 'ASC' ELSE NULL END AS column_order,
        opclass.opcname, opclass.opcdefault, indexaccess.amname, pc.condeferrable
      FROM rawindex
      INNER JOIN pg_class AS tableinfo ON tableinfo.oid = rawindex.indrelid
      INNER JOIN pg_class AS indexinfo ON indexinfo.oid = rawindex.indexrelid
      INNER JOIN pg_namespace AS schemainfo ON schemainfo.oid = tableinfo.relnamespace
      LEFT JOIN pg_attribute AS columninfo ON columninfo.attrelid = tableinfo.oid AND columninfo.attnum = rawindex.indkeyid
      INNER JOIN pg_am AS indexaccess ON indexaccess.oid = indexinfo.relam
      LEFT JOIN pg_opclass AS opclass ON opclass.oid = rawindex.indclass
      LEFT JOIN pg_constraint pc ON rawindex.indexrelid = pc.conindid AND pc.contype <> 'f'
      WHERE schemainfo.nspname = ANY ($1) ORDER BY namespace, table_name, index_name, rawindex.indkeyidx`,
      [['crm']],
    ],
    enums: [
      `SELECT t.typname AS name, e.enumlabel AS value, n.nspname AS namespace, obj_description(t.oid, 'pg_type') AS description
      FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = ANY ($1) ORDER BY e.enumsortorder`,
      [['crm']],
    ],
    sequences: [
      `SELECT sequence_name, sequence_schema AS namespace, start_value::INT8, minimum_value::INT8, maximum_value::INT8,
        increment::INT8, (CASE cycle_option WHEN 'yes' THEN TRUE ELSE FALSE END) AS cycle
      FROM information_schema.sequences WHERE sequence_schema = ANY ($1) ORDER BY sequence_name`,
      [['crm']],
    ],
    views: [
      `SELECT viewname AS view_name, definition AS view_sql, schemaname AS namespace FROM pg_catalog.pg_views WHERE schemaname = ANY ($1)`,
      [['crm']],
    ],
    procedures: [
      `SELECT p.proname AS name, n.nspname AS namespace,
        CASE WHEN l.lanname = 'internal' THEN p.prosrc ELSE pg_get_functiondef(p.oid) END AS definition
      FROM pg_proc p LEFT JOIN pg_namespace n ON p.pronamespace = n.oid LEFT JOIN pg_language l ON p.prolang = l.oid
      WHERE n.nspname = ANY ($1) AND p.prokind <> 'a' ORDER BY name`,
      [['crm']],
    ],
    extensions: `SELECT ext.extname AS extension_name, ext.extversion AS extension_version, ext.extrelocatable, pn.nspname AS extension_schema
      FROM pg_extension ext INNER JOIN pg_namespace pn ON ext.extnamespace = pn.oid ORDER BY ext.extname`,
    constraints: [
      `SELECT schemainfo.nspname AS namespace, tableinfo.relname AS table_name, constr.conname AS constraint_name,
        constr.contype, constr.condeferrable, constr.condeferred, pg_get_constraintdef(constr.oid) AS constraint_definition
      FROM pg_constraint constr JOIN pg_class AS tableinfo ON tableinfo.oid = constr.conrelid
      JOIN pg_namespace AS schemainfo ON schemainfo.oid = tableinfo.relnamespace
      WHERE schemainfo.nspname = ANY ($1) AND contype NOT IN ('p', 'u', 'f') ORDER BY namespace, table_name, constr.contype, constraint_name`,
      [['crm']],
    ],
  }),
  ...statements('Metabase', {
    'the session': `SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE`,
    'that it lives': `SELECT 1`,
    'the time zone': `SHOW timezone`,
    tables: [
      `SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE'
          WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'm' THEN 'MATERIALIZED VIEW' END AS type, d.description
      FROM pg_catalog.pg_class AS c INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
      LEFT JOIN pg_catalog.pg_description AS d ON c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
      WHERE c.relnamespace = n.oid AND n.nspname !~ '^information_schema|catalog_history|pg_' AND c.relkind IN ('r', 'p', 'v', 'f', 'm')
        AND n.nspname IN ($1) ORDER BY type, schema, name`,
      ['crm'],
    ],
    'what it may read': `WITH table_privileges AS (
        SELECT NULL AS role, t.schemaname AS schema, t.objectname AS "table",
          pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"."' || replace(t.objectname, '"', '""') || '"', 'SELECT') AS "select",
          pg_catalog.has_table_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"."' || replace(t.objectname, '"', '""') || '"', 'DELETE') AS "delete"
        FROM (SELECT schemaname, tablename AS objectname FROM pg_catalog.pg_tables
              UNION SELECT schemaname, viewname FROM pg_catalog.pg_views
              UNION SELECT schemaname, matviewname FROM pg_catalog.pg_matviews) t
        WHERE t.schemaname !~ '^pg_' AND t.schemaname <> 'information_schema'
          AND pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage'))
      SELECT t.* FROM table_privileges t ORDER BY 2, 3`,
    fields: [
      `SELECT c.column_name AS name, CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN c.udt_name ELSE FORMAT('"%s"."%s"', c.udt_schema, c.udt_name) END AS database_type,
        c.ordinal_position - 1 AS database_position, c.table_schema, c.table_name, pk.column_name IS NOT NULL AS is_pk,
        COL_DESCRIPTION(CAST(CAST(FORMAT('%I.%I', CAST(c.table_schema AS TEXT), CAST(c.table_name AS TEXT)) AS REGCLASS) AS OID), c.ordinal_position) AS field_comment,
        (column_default IS NULL OR LOWER(column_default) = 'null') AND is_nullable = 'NO' AND NOT (column_default IS NOT NULL AND column_default LIKE '%nextval(%' OR is_identity <> 'NO') AS required
      FROM information_schema.columns AS c
      LEFT JOIN (SELECT tc.table_schema, tc.table_name, kc.column_name FROM information_schema.table_constraints AS tc
        INNER JOIN information_schema.key_column_usage AS kc ON tc.constraint_name = kc.constraint_name AND tc.table_schema = kc.table_schema AND tc.table_name = kc.table_name
        WHERE tc.constraint_type = 'PRIMARY KEY') AS pk ON c.table_schema = pk.table_schema AND c.table_name = pk.table_name AND c.column_name = pk.column_name
      WHERE c.table_schema !~ '^information_schema|catalog_history|pg_' AND c.table_schema IN ($1)
      ORDER BY table_schema, table_name, database_position`,
      ['crm'],
    ],
    'foreign keys': [
      `SELECT fk_ns.nspname AS fk_schema, fk_table.relname AS fk_table, fk_column.attname AS fk_column,
        pk_ns.nspname AS pk_schema, pk_table.relname AS pk_table, pk_column.attname AS pk_column
      FROM pg_constraint AS c
      INNER JOIN pg_class AS fk_table ON c.conrelid = fk_table.oid INNER JOIN pg_namespace AS fk_ns ON c.connamespace = fk_ns.oid
      INNER JOIN pg_attribute AS fk_column ON c.conrelid = fk_column.attrelid
      INNER JOIN pg_class AS pk_table ON c.confrelid = pk_table.oid INNER JOIN pg_namespace AS pk_ns ON pk_table.relnamespace = pk_ns.oid
      INNER JOIN pg_attribute AS pk_column ON c.confrelid = pk_column.attrelid
      WHERE fk_ns.nspname !~ '^information_schema|catalog_history|pg_' AND c.contype = 'f'::"char"
        AND fk_column.attnum = ANY(c.conkey) AND pk_column.attnum = ANY(c.confkey) AND fk_ns.nspname IN ($1)
      ORDER BY fk_schema, fk_table`,
      ['crm'],
    ],
    enums: `SELECT nspname, typname FROM pg_type t LEFT JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid IN (SELECT DISTINCT enumtypid FROM pg_enum)`,
    'a fingerprint of values': `SELECT SUBSTRING("crm"."customers"."name", 1, 1234) AS "substring1", "crm"."customers"."region" AS "region" FROM "crm"."customers" LIMIT 10000`,
  }),
  ...statements('pgAdmin', {
    'what the server is': `SELECT db.oid AS did, db.datname, db.datallowconn, pg_encoding_to_char(db.encoding) AS serverencoding,
        has_database_privilege(db.oid, 'CREATE') AS cancreate, datistemplate
      FROM pg_catalog.pg_database db WHERE db.datname = current_database()`,
    'who it is': `SELECT roles.oid AS id, roles.rolname AS name, roles.rolsuper AS is_superuser,
        CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END AS can_create_role,
        CASE WHEN 'pg_signal_backend' = ANY (ARRAY(WITH RECURSIVE cte AS (
            SELECT pg_roles.oid, pg_roles.rolname FROM pg_roles WHERE pg_roles.oid = roles.oid
            UNION ALL SELECT m.roleid, pgr.rolname FROM cte cte_1 JOIN pg_auth_members m ON m.member = cte_1.oid JOIN pg_roles pgr ON pgr.oid = m.roleid)
          SELECT rolname FROM cte)) THEN true ELSE false END AS can_signal_backend
      FROM pg_catalog.pg_roles AS roles WHERE rolname = current_user`,
    'how it is encrypted': `SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ('server_encoding', 'TimeZone', 'max_connections') ORDER BY 1`,
    schemas: `SELECT nsp.oid, nsp.nspname AS name, has_schema_privilege(nsp.oid, 'CREATE') AS can_create, has_schema_privilege(nsp.oid, 'USAGE') AS has_usage, des.description
      FROM pg_catalog.pg_namespace nsp LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = nsp.oid AND des.classoid = 'pg_namespace'::regclass)
      WHERE nspname NOT LIKE E'pg\\\\_%' AND NOT ((nsp.nspname = 'pg_catalog' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'pg_class' AND relnamespace = nsp.oid LIMIT 1))
        OR (nsp.nspname = 'information_schema' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'tables' AND relnamespace = nsp.oid LIMIT 1)))
      ORDER BY nspname`,
    tables: `SELECT rel.oid, rel.relname AS name, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = false) AS triggercount,
        (SELECT count(*) FROM pg_catalog.pg_inherits WHERE inhrelid = rel.oid LIMIT 1) AS is_inherits, rel.relkind, pg_catalog.pg_get_userbyid(rel.relowner) AS owner
      FROM pg_catalog.pg_class rel WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = 'crm'::regnamespace AND NOT rel.relispartition ORDER BY rel.relname`,
    'the columns of one': `SELECT att.attname AS name, att.*, def.*, pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS defval, att.attndims > 0 AS isarray, format_type(ty.oid, NULL) AS typname,
        format_type(ty.oid, att.atttypmod) AS displaytypname, tn.nspname AS typnspname, ty.typstorage AS defaultstorage,
        CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = att.attrelid AND contype = 'f' AND att.attnum = ANY(conkey)) THEN true ELSE false END AS is_fk, seq.*
      FROM pg_catalog.pg_attribute att JOIN pg_catalog.pg_type ty ON ty.oid = atttypid JOIN pg_catalog.pg_namespace tn ON tn.oid = ty.typnamespace
      LEFT OUTER JOIN pg_catalog.pg_attrdef def ON adrelid = att.attrelid AND adnum = att.attnum
      LEFT OUTER JOIN (pg_catalog.pg_depend dep JOIN pg_catalog.pg_class cs ON dep.classid = 'pg_class'::regclass AND dep.objid = cs.oid AND cs.relkind = 'S') ON dep.refobjid = att.attrelid AND dep.refobjsubid = att.attnum
      LEFT OUTER JOIN pg_catalog.pg_sequence seq ON cs.oid = seq.seqrelid
      WHERE att.attrelid = 'crm.orders'::regclass AND att.attnum > 0 AND att.attisdropped IS FALSE ORDER BY att.attnum`,
    'the privileges of one': `SELECT 'relacl' AS deftype, COALESCE(gt.rolname, 'PUBLIC') AS grantee, g.rolname AS grantor, array_agg(privilege_type ORDER BY privilege_type) AS privileges
      FROM (SELECT (d).grantee AS grantee, (d).grantor AS grantor, (d).privilege_type AS privilege_type
            FROM (SELECT aclexplode(rel.relacl) AS d FROM pg_catalog.pg_class rel WHERE rel.oid = 'crm.names'::regclass) a) d
      LEFT JOIN pg_catalog.pg_roles g ON d.grantor = g.oid LEFT JOIN pg_catalog.pg_roles gt ON d.grantee = gt.oid
      GROUP BY g.rolname, gt.rolname ORDER BY 2`,
    'the function to edit': `SELECT pr.oid, pr.proname, pg_catalog.pg_get_functiondef(pr.oid) AS def, lanname, pr.provolatile, pr.proacl
      FROM pg_catalog.pg_proc pr JOIN pg_catalog.pg_language lng ON lng.oid = pr.prolang WHERE pr.oid = 'crm.touch()'::regprocedure`,
  }),
  ...statements('Hibernate', {
    sequences: `SELECT * FROM information_schema.sequences`,
    'the tables of a schema': `SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'crm' ORDER BY 1`,
    'the next number': `SELECT last_value, is_called FROM crm.ticket`,
    'a page of a table': `SELECT c1_0.id, c1_0.name, c1_0.region FROM crm.customers c1_0 WHERE c1_0.region = 'NO' ORDER BY c1_0.id OFFSET 0 ROWS FETCH FIRST 10 ROWS ONLY`,
    'a lock': `SELECT c1_0.id, c1_0.name FROM crm.customers c1_0 WHERE c1_0.id = 1 FOR NO KEY UPDATE SKIP LOCKED`,
  }),
  ...statements('Rails', {
    'the session': `SET client_min_messages TO warning; SET standard_conforming_strings = on; SET intervalstyle = iso_8601; SET SESSION timezone TO 'UTC'`,
    'the types': `SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype
      FROM pg_type AS t LEFT JOIN pg_range AS r ON oid = rngtypid
      WHERE t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'bool') ORDER BY 1`,
    'the columns of a table': `SELECT a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
        c.collname, col_description(a.attrelid, a.attnum) AS comment, attidentity AS identity, attgenerated AS attgenerated
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      LEFT JOIN pg_type t ON a.atttypid = t.oid LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
      WHERE a.attrelid = '"crm"."customers"'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    'the primary key': `SELECT a.attname FROM (SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx FROM pg_index
        WHERE indrelid = '"crm"."orders"'::regclass AND indisprimary) i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[i.idx] ORDER BY i.idx`,
    'the indexes': `SELECT DISTINCT i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), pg_catalog.obj_description(i.oid, 'pg_class') AS comment, d.indisvalid
      FROM pg_class t INNER JOIN pg_index d ON t.oid = d.indrelid INNER JOIN pg_class i ON d.indexrelid = i.oid LEFT JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE i.relkind IN ('i', 'I') AND d.indisprimary = 'f' AND t.relname = 'customers' AND n.nspname = 'crm' ORDER BY i.relname`,
    'the foreign keys': `SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update,
        c.confdeltype AS on_delete, c.convalidated AS valid, c.condeferrable AS deferrable, c.condeferred AS deferred
      FROM pg_constraint c JOIN pg_class t1 ON c.conrelid = t1.oid JOIN pg_class t2 ON c.confrelid = t2.oid
      JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
      JOIN pg_namespace t3 ON c.connamespace = t3.oid
      WHERE c.contype = 'f' AND t1.relname = 'orders' AND t3.nspname = 'crm' ORDER BY c.conname`,
    'whether a table exists': `SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'schema_migrations' AND c.relkind IN ('r', 'p')`,
    'the enums': `SELECT type.typname AS name, type.OID AS oid, n.nspname AS schema, string_agg(enum.enumlabel, ',' ORDER BY enum.enumsortorder) AS value
      FROM pg_enum AS enum JOIN pg_type AS type ON (type.oid = enum.enumtypid) JOIN pg_namespace n ON type.typnamespace = n.oid
      GROUP BY type.OID, n.nspname, type.typname`,
    'the maximum length of names': `SHOW max_identifier_length`,
  }),
];
