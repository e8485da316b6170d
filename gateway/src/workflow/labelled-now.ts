import type { ColumnKey, ColumnLabels } from '../analysis/flows.ts';
import { type BaselineFlow, baselineFlow, type FlowEnd } from './column-flows.ts';

/** What is known of a resource's columns. */
export type KnownColumns = {
  /** Of the database that columns are numbered in. */
  readonly identity: string;
  readonly classification: ColumnLabels & { knows(relationOid: number): boolean };
};

/** A flow with the names and labels that its columns have now; what is gone, or in another database, as it was. */
export function labelledNow(flow: BaselineFlow, known: KnownColumns | null): BaselineFlow {
  if (known === null) return flow;
  const end = (was: FlowEnd | null): FlowEnd | null => (was === null ? null : endNow(was, known));
  return baselineFlow({ kind: flow.kind, source: end(flow.source), target: end(flow.target) }, flow.masked);
}

function endNow(was: FlowEnd, { identity, classification }: KnownColumns): FlowEnd {
  const own = `${identity}:`;
  if (was.column === null || !was.key.startsWith(own)) return was;
  const key = was.key.slice(own.length) as ColumnKey;
  if (!classification.knows(Number.parseInt(key, 10))) return was;
  const column = classification.describe(key);
  return { ...was, column, name: `${column.schema}.${column.table}.${column.column}` };
}
