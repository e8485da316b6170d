import type { EffectPreview } from '@sluice/contract/api';
import { labelRank } from '@sluice/contract/vocabulary';
import { columnKey, type Flows } from '../../../analysis/flows.ts';
import { FIRST_USER_OID, type RelationFacts } from '../../../analysis/postgres/facts.ts';
import { quoteIdentifier } from '../../../analysis/postgres/gate/ast.ts';
import type { QueryConnection } from '../../../upstream/query-connection.ts';
import type { SessionContext } from '../session-context.ts';
import { isClassified } from '../understand.ts';

/** Rows of a sample, columns of a row, characters of a cell. */
const MAX_SAMPLE_ROWS = 5;
const MAX_SAMPLE_COLUMNS = 20;
const MAX_CELL_CHARACTERS = 100;
/** A table with more pages of 8 KiB is not searched for what was written. */
const MAX_SEARCHED_PAGES = 10_000;

/**
 * Some of the rows that the transaction at hand has written, found by its own number in `xmin`. Cells of classified
 * columns, and of columns that classified values are written into, are not asked for. Null when it wrote none that
 * are still there, or the table is too large to look for them.
 */
export async function sampleOf(
  connection: QueryConnection,
  context: SessionContext,
  flows: Flows | null,
): Promise<EffectPreview['sample']> {
  const target = flows?.writes.find((write) => write.target !== null)?.target;
  const relation = target === undefined || target === null ? null : context.facts.relation(Number.parseInt(target, 10));
  if (flows === null || relation === null || relation === undefined) return null;
  const [[pages = null] = []] = await connection.query(
    `SELECT relpages FROM pg_catalog.pg_class WHERE oid = ${relation.oid}`,
  );
  if (pages === null || Number(pages) > MAX_SEARCHED_PAGES) return null;
  const columns = columnsOf(context, flows, relation);
  const shown = columns.map(({ name, masked }) =>
    masked ? 'NULL' : `pg_catalog."left"(${quoteIdentifier(name)}::pg_catalog.text, ${MAX_CELL_CHARACTERS})`,
  );
  const rows = await connection.query(
    `SELECT ${shown.join(', ')} FROM ${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)} ` +
      `WHERE xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid LIMIT ${MAX_SAMPLE_ROWS + 1}`,
  );
  return {
    table: `${relation.schema}.${relation.name}`,
    columns,
    rows: rows.slice(0, MAX_SAMPLE_ROWS).map((row) => [...row]),
    truncated: rows.length > MAX_SAMPLE_ROWS,
  };
}

function columnsOf(
  context: SessionContext,
  flows: Flows,
  { oid, columns }: RelationFacts,
): { readonly name: string; readonly masked: boolean }[] {
  const sources = new Map(flows.writes.map((write) => [write.target, write.sources]));
  return columns
    .filter(({ dropped }) => !dropped)
    .slice(0, MAX_SAMPLE_COLUMNS)
    .map(({ name, attribute, typeOid }) => {
      const key = columnKey(oid, attribute);
      const holds = [key, ...(sources.get(key) ?? [])];
      return { name, masked: typeOid >= FIRST_USER_OID || holds.some((each) => isWithheld(context, each)) };
    });
}

/** From confidential on in any case: an approver need not be somebody whom policy shows the data. */
function isWithheld(context: SessionContext, key: ReturnType<typeof columnKey>): boolean {
  if (isClassified(context, key)) return true;
  const { label } = context.ports.catalog.classification.describe(key);
  return labelRank(label) >= labelRank('confidential');
}
