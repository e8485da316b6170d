/** Functions as a server's catalog has them, in the columns of the reviewed lists. */
import type { PostgresServer } from '../harness/postgres-server.ts';

/** `kind volatility strict set support` as the lists write it: `fis--`. */
const FLAGS = `concat(p.prokind, p.provolatile, CASE WHEN p.proisstrict THEN 's' ELSE '-' END,
  CASE WHEN p.proretset THEN 'r' ELSE '-' END, CASE WHEN p.prosupport::oid <> 0 THEN 'p' ELSE '-' END)`;

export type CatalogFunction = {
  readonly oid: number;
  readonly signature: string;
  readonly result: string;
  readonly flags: string;
};

/** The functions of pg_catalog that have the same OID on every server. */
export async function builtInsOf(server: PostgresServer): Promise<readonly CatalogFunction[]> {
  const rows =
    await server.admin(`SELECT p.oid::int4 AS oid, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS signature,
    format_type(p.prorettype, NULL) AS result, ${FLAGS} AS flags FROM pg_proc p WHERE p.oid < 10000 ORDER BY p.oid`);
  return rows.map((row) => ({
    oid: Number(row['oid']),
    signature: String(row['signature']),
    result: String(row['result']),
    flags: String(row['flags']),
  }));
}

export type CatalogExtensionFunction = Omit<CatalogFunction, 'oid'> & {
  readonly extension: string;
  readonly version: string;
  readonly symbol: string;
};

/** Compiled functions of these extensions, which are created in a schema of their own; those over the server's own values apart. */
export async function extensionFunctionsOf(
  server: PostgresServer,
  extensions: readonly string[],
): Promise<readonly CatalogExtensionFunction[]> {
  await server.admin('CREATE SCHEMA ext');
  for (const extension of extensions)
    await server.admin(`CREATE EXTENSION IF NOT EXISTS "${extension}" SCHEMA ext CASCADE`);
  const rows = await server.admin(`SET search_path = ext, public;
    SELECT e.extname AS extension, e.extversion AS version, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS signature,
      format_type(p.prorettype, NULL) AS result, coalesce(p.probin, 'internal') || ':' || p.prosrc AS symbol, ${FLAGS} AS flags
    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid JOIN pg_proc p ON p.oid = d.objid JOIN pg_language l ON l.oid = p.prolang
    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
      AND e.extname <> 'plpgsql' AND l.lanname IN ('c', 'internal') AND p.prokind <> 'a'
      AND p.prorettype::regtype::text !~ 'internal|cstring|handler|trigger'
      AND oidvectortypes(p.proargtypes) !~ '\\m(internal|cstring)\\M'`);
  return rows.map((row) => ({
    extension: String(row['extension']),
    version: String(row['version']),
    signature: String(row['signature']),
    result: String(row['result']),
    symbol: String(row['symbol']),
    flags: String(row['flags']),
  }));
}
