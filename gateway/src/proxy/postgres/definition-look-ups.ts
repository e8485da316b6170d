/** What a definition reaches that only the catalog of the moment tells: answers to its `lookUps`, as touches and holds. */
import type { DefinitionHandling, LookUp, Touched } from '../../analysis/postgres/gate/statement.ts';
import { quoteLiteral } from '../../catalog/introspection.ts';
import type { SessionContext } from './session-context.ts';

/** Tables or columns that one statement may reach in this way; with more it is held. */
const MAX_REACHED = 500;

const EQUALS = 'OPERATOR(pg_catalog.=)';

/** The definition with everything looked up. Throws QuestionFailed. */
export async function lookedUp(context: SessionContext, definition: DefinitionHandling): Promise<DefinitionHandling> {
  const { lookUps = [], ...others } = definition;
  const touches = [...definition.touches];
  const holds = [...definition.holds];
  for (const lookUp of lookUps) {
    const found = await lookFor(context, lookUp);
    if (typeof found === 'string') holds.push(found);
    else touches.push(...found);
  }
  return { ...others, touches, holds };
}

/** What it touches, or why it is held. */
async function lookFor({ factSource }: SessionContext, lookUp: LookUp): Promise<readonly Touched[] | string> {
  switch (lookUp.what) {
    case 'owner': {
      const [[role] = []] = await factSource.rows('SELECT pg_catalog.current_user()::pg_catalog.text');
      return role === lookUp.role ? [] : 'changes the owner of an object';
    }
    case 'extension': {
      const [[there] = []] = await factSource.rows(
        `SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname ${EQUALS} ${quoteLiteral(lookUp.extension)})`,
      );
      return there === 't' ? [] : 'creates an extension';
    }
    case 'tables-of': {
      const tables = await factSource.rows(tablesQuery(lookUp.schema));
      if (tables.length > MAX_REACHED) return `grants on more than ${MAX_REACHED} tables`;
      return tables.map(([relation]) => ({ relation: relation ?? '', columns: 'every' as const }));
    }
    case 'computing-tables': {
      const tables = await factSource.rows(COMPUTING_TABLES_QUERY);
      if (tables.length > MAX_REACHED) return `vacuums or analyses more than ${MAX_REACHED} tables`;
      return tables.map(([relation]) => ({ relation: relation ?? '', columns: [] }));
    }
    case 'domain': {
      const columns = await factSource.rows(domainQuery(lookUp.domain));
      if (columns.length > MAX_REACHED) return `changes a domain of more than ${MAX_REACHED} columns`;
      return columns.map(([relation, column]) => ({ relation: relation ?? '', columns: [column ?? ''] }));
    }
  }
}

/** What GRANT … ON ALL TABLES IN SCHEMA means: tables, views, materialised views, foreign and partitioned tables. */
function tablesQuery(schema: string): string {
  return `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid ${EQUALS} c.relnamespace
WHERE n.nspname ${EQUALS} ${quoteLiteral(schema)} AND c.relkind ${EQUALS} ANY ('{r,v,m,f,p}'::"char"[]) LIMIT ${MAX_REACHED + 1}`;
}

/** Tables with expressions in indexes or extended statistics, or with indexes that are not valid. */
const COMPUTING_TABLES_QUERY = `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid ${EQUALS} c.relnamespace
WHERE c.oid OPERATOR(pg_catalog.>=) 16384 AND c.relkind ${EQUALS} ANY ('{r,m,p}'::"char"[])
  AND (EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid ${EQUALS} c.oid AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL OR NOT x.indisvalid))
    OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid ${EQUALS} c.oid AND s.stxexprs IS NOT NULL)) LIMIT ${MAX_REACHED + 1}`;

/** Columns of the domain, of domains over it, of arrays, ranges and composites with it in them. */
function domainQuery(domain: string): string {
  return `WITH RECURSIVE used(type) AS (
  SELECT pg_catalog.to_regtype(${quoteLiteral(domain)})::pg_catalog.oid
  UNION SELECT t.oid FROM used u JOIN pg_catalog.pg_type t ON t.typbasetype ${EQUALS} u.type OR t.typelem ${EQUALS} u.type
    OR EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngsubtype ${EQUALS} u.type AND (r.rngtypid ${EQUALS} t.oid OR r.rngmultitypid ${EQUALS} t.oid))
    OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid ${EQUALS} t.typrelid AND a.atttypid ${EQUALS} u.type))
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname FROM used u
  JOIN pg_catalog.pg_attribute a ON a.atttypid ${EQUALS} u.type AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_class c ON c.oid ${EQUALS} a.attrelid AND c.relkind ${EQUALS} ANY ('{r,v,m,f,p}'::"char"[])
  JOIN pg_catalog.pg_namespace n ON n.oid ${EQUALS} c.relnamespace LIMIT ${MAX_REACHED + 1}`;
}
