/**
 * Flows with column keys → flows with labels, for policy and for people.
 */
import { type FlowView, type Label, type LabelledColumn, labelRank, type Principal } from '@sluice/contract/vocabulary';
import type { ColumnKey, ColumnLabels, Flows, NamedColumn, OutputFlow, WriteFlow } from '../analysis/flows.ts';
import type { LabelledPart, ResourceFacts, StatementFacts } from './decision.ts';
import { labelledUses } from './labelled-uses.ts';
import { columnName, listed } from './reasons.ts';

/** What policy decides about: the flows of which a source is classified, that is, labelled `classifiedFrom` or higher. */
export type LabelledFlows = Pick<StatementFacts, 'outputs' | 'shaping' | 'uses' | 'faultable' | 'places' | 'writes'>;

/**
 * Joins flows with labels. Outputs keep their positions, also those without a classified source.
 * @throws SluiceError from `labels.describe` for a column of an unknown relation
 */
export function sourcesToLabelled(flows: Flows, labels: ColumnLabels, classifiedFrom: Label): LabelledFlows {
  const classified = (keys: ReadonlySet<ColumnKey>): LabelledColumn[] =>
    describe(keys, labels).filter((column) => labelRank(column.label) >= labelRank(classifiedFrom));
  return {
    outputs: flows.outputs.map((output) => ({
      name: output.name,
      sources: classified(output.sources),
      ...(output.unchanged === true ? { unchanged: true } : {}),
      ...partsOf(output, labels, classifiedFrom),
    })),
    shaping: classified(flows.shaping),
    ...(flows.uses === undefined ? {} : { uses: labelledUses(flows.uses, labels, classifiedFrom) }),
    faultable: classified(flows.faultable),
    ...(flows.places === undefined
      ? {}
      : {
          places: {
            shaping: named(flows.places.shaping, flows.shaping, labels),
            faultable: named(flows.places.faultable, flows.faultable, labels),
          },
        }),
    writes: flows.writes
      .map((write) => ({
        targetName: write.targetName,
        target: write.target === null ? null : targetOf(write.target, labels),
        sources: classified(write.sources),
      }))
      .filter((write) => write.sources.length > 0),
  };
}

/** A column with labelled places shows the rest of its document: for what is written to it, the rest's label counts. */
export function targetOf(key: ColumnKey, labels: ColumnLabels): LabelledColumn {
  const column = labels.describe(key);
  const parts = labels.parts?.(key) ?? null;
  return parts === null || labelRank(parts.rest) >= labelRank(column.label)
    ? column
    : { ...column, label: parts.rest, category: null };
}

/** Places of an unchanged column, when nothing but these is classified in it. */
function partsOf(
  { sources, unchanged }: OutputFlow,
  labels: ColumnLabels,
  classifiedFrom: Label,
): { readonly parts?: readonly LabelledPart[] } {
  if (unchanged !== true) return {};
  const isClassified = (label: Label): boolean => labelRank(label) >= labelRank(classifiedFrom);
  const found: LabelledPart[] = [];
  for (const source of sources) {
    const parts = labels.parts?.(source) ?? null;
    if (isClassified(parts?.rest ?? labels.describe(source).label)) return {};
    found.push(...(parts?.places ?? []).filter(({ column }) => isClassified(column.label)));
  }
  return found.length === 0 ? {} : { parts: found };
}

/** Everything that policy is told about a statement. */
export function statementFacts(
  principal: Principal,
  resource: ResourceFacts,
  flows: Flows,
  labels: ColumnLabels,
  classifiedFrom: Label,
): StatementFacts {
  const named = namedColumns(flows, labels);
  return {
    principal,
    resource,
    statementClass: flows.statementClass,
    statementKind: flows.statementKind,
    ...sourcesToLabelled(flows, labels, classifiedFrom),
    ...(named.length === 0 ? {} : { named: named.map(({ called, target }) => ({ called, target })) }),
    holds: flows.holds,
  };
}

/** Columns whose name proposes a higher label than what takes it has. */
function namedColumns(
  { named = [] }: Flows,
  labels: ColumnLabels,
): readonly (Pick<NamedColumn, 'called' | 'pattern'> & { readonly target: LabelledColumn | null })[] {
  return named
    .map(({ called, pattern, target }) => ({
      called,
      pattern,
      target: target === null ? null : labels.describe(target),
    }))
    .filter(({ called, target }) => target === null || labelRank(target.label) < labelRank(called.label));
}

/** In the place of a column's schema: its name says so. */
const NAMED = 'named';

/** Columns that are called like something classified, for the record and for people: from the pattern to the column. */
export function namedViews(flows: Flows, labels: ColumnLabels): FlowView[] {
  return namedColumns(flows, labels).map(({ called, pattern, target }) => {
    const { schema, table, column, label, category } = called;
    const source = { schema: NAMED, table: 'column', column: pattern, label, category };
    return { ...view('write', `${schema}.${table}.${column}`, target?.label ?? null, [source]), use: 'by its name' };
  });
}

/**
 * Flows for the record and for people, one entry per output, write, and kind of use; those without a source are left
 * out. All labels are shown, not only classified ones.
 */
export function flowViews(flows: Flows, labels: ColumnLabels): FlowView[] {
  const views: FlowView[] = [
    ...flows.outputs.map((output): FlowView => view('output', output.name, null, describe(output.sources, labels))),
    ...useViews('shaping', flows.shaping, flows.places?.shaping, labels),
    ...useViews('faultable', flows.faultable, flows.places?.faultable, labels),
    ...flows.writes.map((write): FlowView => {
      const targetLabel = write.target === null ? null : targetOf(write.target, labels).label;
      const decides = decidingNames(write, labels);
      return {
        ...view('write', write.targetName, targetLabel, describe(write.sources, labels)),
        ...(decides.length > 0 && { decides }),
      };
    }),
  ];
  return views.filter((flow) => flow.sources.length > 0);
}

/** Columns of which nothing was written, not even a place inside of them. */
function decidingNames({ sources, decides }: WriteFlow, labels: ColumnLabels): string[] {
  if (decides === undefined) return [];
  const nameOf = (key: ColumnKey): string => {
    const { schema, table, column } = labels.describe(key);
    return `${schema}.${table}.${column}`;
  };
  const written = new Set([...sources].filter((key) => !decides.has(key)).map(nameOf));
  return [...new Set([...decides].map(nameOf))].filter((name) => !written.has(name)).sort();
}

/** The highest label that any flow touches; `public` when it touches no column. */
export function highestLabelOf(views: readonly FlowView[]): Label {
  const labels = views.flatMap((flow) => [
    ...flow.sources.map((source) => source.label),
    ...(flow.targetLabel === null ? [] : [flow.targetLabel]),
  ]);
  return labels.reduce<Label>((highest, label) => (labelRank(label) > labelRank(highest) ? label : highest), 'public');
}

/** Columns that are used alike make one view. */
function useViews(
  kind: 'shaping' | 'faultable',
  keys: ReadonlySet<ColumnKey>,
  places: ReadonlyMap<ColumnKey, readonly string[]> | undefined,
  labels: ColumnLabels,
): FlowView[] {
  const groups = Map.groupBy([...keys].sort(), (key) => listed(places?.get(key) ?? []));
  return [...groups].map(([use, members]) => ({
    ...view(kind, '', null, describe(new Set(members), labels)),
    ...(use === '' ? {} : { use }),
  }));
}

function named(
  places: ReadonlyMap<ColumnKey, readonly string[]>,
  keys: ReadonlySet<ColumnKey>,
  labels: ColumnLabels,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const key of keys) {
    const name = columnName(labels.describe(key));
    found.set(name, [...new Set([...(found.get(name) ?? []), ...(places.get(key) ?? [])])]);
  }
  return found;
}

function view(kind: FlowView['kind'], target: string, targetLabel: Label | null, sources: LabelledColumn[]): FlowView {
  return { kind, target, targetLabel, sources };
}

/** In the order of keys, so that equal flows give equal facts. */
function describe(keys: ReadonlySet<ColumnKey>, labels: ColumnLabels): LabelledColumn[] {
  return [...keys].sort().map((key) => labels.describe(key));
}
