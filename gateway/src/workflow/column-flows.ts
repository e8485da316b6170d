/**
 * The flows of one statement as baselines know them: from one column to one place, by number and not by name. Pure.
 *
 * A column is `database:relation OID.attribute`, so a rename changes nothing, and a column that was dropped and made
 * again is another one. What has no number that lasts goes by name: temporary tables (`temp:`), whose numbers differ
 * from run to run, and columns that the statement itself creates (`new:`).
 */
import { createHash } from 'node:crypto';
import { type FlowView, type Label, type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import { type ColumnKey, type ColumnLabels, type Flows, placeIn, placeKey, type WriteFlow } from '../analysis/flows.ts';
import type { Decision } from '../policy/decision.ts';

/** Temporary tables of a session are in a schema of its own, `pg_temp_7`. */
const TEMPORARY_SCHEMA = /^pg_(toast_)?temp(_\d+)?$/;

/** One end of a flow. */
export type FlowEnd = {
  /** What stands for the column in baselines. */
  readonly key: string;
  /** As it was called when this was written down; null for a place that is no column. */
  readonly column: LabelledColumn | null;
  /** `schema.table.column`, or what a place that is no column is called. */
  readonly name: string;
};

/** From a column (null: values that no column gave) to an output, a use, or a written column. */
export type ColumnFlow = {
  readonly kind: FlowView['kind'];
  readonly source: FlowEnd | null;
  /** The written place; null for outputs and uses. */
  readonly target: FlowEnd | null;
  /** Of an output: where it stands in the answer, which decides about its mask. */
  readonly output: number | null;
};

/** A flow as it is recorded and approved. */
export type BaselineFlow = {
  /** `f_` and 128 bits of the hash of kind, mask and ends: the name that people give when they mean this flow. */
  readonly id: string;
  readonly kind: FlowView['kind'];
  /** Of an output: it went out masked. */
  readonly masked: boolean;
  readonly source: FlowEnd | null;
  readonly target: FlowEnd | null;
  /** The higher label of its ends. */
  readonly label: Label;
};

/**
 * Flows that touch a classified column: as a source, or as what is written to. Each appears once, except that an output
 * appears once for each place in the answer.
 * @param database identity of the database that the numbers belong to; empty when it cannot be told
 * @throws SluiceError from `labels.describe` for a column of an unknown relation
 */
export function columnFlows(
  flows: Flows,
  labels: ColumnLabels,
  classifiedFrom: Label,
  database: string,
): readonly ColumnFlow[] {
  const isClassified = (end: FlowEnd | null): boolean =>
    end?.column != null && labelRank(end.column.label) >= labelRank(classifiedFrom);
  const endOf = (key: ColumnKey): FlowEnd => columnEnd(lastingKey(key, labels), labels.describe(key), database);
  const found: ColumnFlow[] = [];
  for (const [output, { sources }] of flows.outputs.entries())
    for (const key of sources) found.push({ kind: 'output', source: endOf(key), target: null, output });
  for (const kind of ['shaping', 'faultable'] as const)
    for (const key of flows[kind]) found.push({ kind, source: endOf(key), target: null, output: null });
  for (const write of flows.writes) {
    const target = write.target === null ? newEnd(write) : endOf(write.target);
    if (write.sources.size === 0) found.push({ kind: 'write', source: null, target, output: null });
    for (const key of write.sources) found.push({ kind: 'write', source: endOf(key), target, output: null });
  }
  return found.filter(({ source, target }) => isClassified(source) || isClassified(target));
}

/** A baseline names no places, whose members a statement may have as literals: only the column, or the open part of it. */
function lastingKey(key: ColumnKey, labels: ColumnLabels): ColumnKey {
  const inside = placeIn(key);
  if (inside === null) return key;
  const isOpen = labels.describe(key).label !== labels.describe(inside.column).label;
  return isOpen ? placeKey(inside.column, []) : inside.column;
}

function columnEnd(key: ColumnKey, column: LabelledColumn, database: string): FlowEnd {
  const { schema, table, column: name } = column;
  if (TEMPORARY_SCHEMA.test(schema)) {
    const lasting = { ...column, schema: 'pg_temp' };
    return { key: `temp:${JSON.stringify([table, name])}`, column: lasting, name: `pg_temp.${table}.${name}` };
  }
  return { key: `${database}:${key}`, column, name: `${schema}.${table}.${name}` };
}

function newEnd({ creates, targetName }: WriteFlow): FlowEnd {
  if (creates === undefined) return { key: `new:${JSON.stringify(targetName)}`, column: null, name: targetName };
  const [schema, relation, column] = creates;
  const lasting = [TEMPORARY_SCHEMA.test(schema) ? 'pg_temp' : schema, relation, column];
  return { key: `new:${JSON.stringify(lasting)}`, column: null, name: lasting.filter((part) => part !== '').join('.') };
}

/** The flows under a decision: an output is masked when every place where it appears is. Sorted, each once. */
export function flowsUnder(decision: Decision, flows: readonly ColumnFlow[]): readonly BaselineFlow[] {
  const masked = new Set(
    decision.obligations.flatMap((obligation) => (obligation.kind === 'mask' ? [obligation.output] : [])),
  );
  const found = new Map<string, BaselineFlow>();
  for (const flow of flows) {
    const made = baselineFlow(flow, flow.output !== null && masked.has(flow.output));
    found.set(made.id, made);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function baselineFlow({ kind, source, target }: Omit<ColumnFlow, 'output'>, masked: boolean): BaselineFlow {
  const ends = [source, target].flatMap((end) => end?.column ?? []);
  const label = ends.reduce<Label>((high, { label: one }) => (labelRank(one) > labelRank(high) ? one : high), 'public');
  return { id: flowId(kind, masked, source, target), kind, masked, source, target, label };
}

export function flowId(
  kind: FlowView['kind'],
  masked: boolean,
  source: Pick<FlowEnd, 'key'> | null,
  target: Pick<FlowEnd, 'key'> | null,
): string {
  const digest = createHash('sha256')
    .update('sluice workflow flow v1\n')
    .update(JSON.stringify([kind, masked, source?.key ?? null, target?.key ?? null]))
    .digest();
  return `f_${digest.subarray(0, 16).toString('base64url')}`;
}
