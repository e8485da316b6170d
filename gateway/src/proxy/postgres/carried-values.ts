/**
 * Values that a statement brings itself, at each run: those that somebody in the caller's chain was shown from a
 * classified column, and those that look classified, are flows that no tree tells of.
 */
import { type FlowView, highestLabel, type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import type { ColumnKey, ColumnLabels, Flows, WriteFlow } from '../../analysis/flows.ts';
import { DETECTED, type Detected } from '../../detection/detectors.ts';
import { type FoundValue, MAX_LOOKED_THROUGH } from '../../detection/shown-values.ts';
import type { FoundHow, StatementFacts } from '../../policy/decision.ts';
import { subjectsOf } from '../../policy/shaping-decision.ts';
import { targetOf } from '../../policy/statement-facts.ts';
import type { Understanding } from '../../session/understanding.ts';
import { cellText } from './cell-text.ts';
import type { Opened } from './names.ts';
import { formatOf } from './plan.ts';
import type { SessionContext } from './session-context.ts';
import { refuseTokens } from './written-tokens.ts';

type Understood = {
  readonly understanding: Understanding;
  /** What labels follow; null when it was not understood. */
  readonly flows: Flows | null;
};

/** What a statement is with the values of this run in it. Costs next to nothing where nothing is written, and for whom was shown nothing. */
export function understoodWithValues(context: SessionContext, opened: Opened): Understood {
  const { understanding, flows } = opened.understood;
  const refused = refuseTokens(opened, context.ports.masks.keys);
  if (refused !== null) return { understanding: refused, flows };
  if (flows === null || flows.writes.length === 0 || understanding.kind !== 'understood') return opened.understood;
  const find = valueFinder(context);
  if (find === null) return opened.understood;
  const carried = carriedBy(context, opened, flows, find);
  return carried.length === 0 ? opened.understood : withCarried(context, understanding, flows, carried);
}

/** Says whether a text holds a value that was shown, or looks classified; null when there is nothing to look for. */
export function valueFinder({ session, ports }: SessionContext): ((text: string) => FoundValue | null) | null {
  const { shown, detectors } = ports;
  const subjects = subjectsOf(session.principal);
  const { first } = detectors;
  const wasShown = !shown.isEmpty(subjects);
  if (first === null && !wasShown) return null;
  const detected = ({ detector, label, category }: Detected, how: 'detected' | 'unread'): FoundValue => {
    const column: LabelledColumn = { schema: DETECTED, table: 'value', column: detector, label, category };
    return { how, from: { resource: session.resource.name, columns: [column], keys: [] } };
  };
  return (text) => {
    const known = wasShown ? shown.find(subjects, text) : null;
    if (known !== null || first === null) return known;
    if (text.length > MAX_LOOKED_THROUGH) return detected(first, 'unread');
    const found = detectors.find(text);
    return found === null ? null : detected(found, 'detected');
  };
}

/** A value that would reach a column whose label is lower. */
export type Carried = {
  readonly write: WriteFlow;
  readonly target: LabelledColumn | null;
  readonly found: FoundValue;
  readonly sources: readonly LabelledColumn[];
};

function carriedBy(
  context: SessionContext,
  opened: Opened,
  flows: Flows,
  find: (text: string) => FoundValue | null,
): readonly Carried[] {
  const { classification } = context.ports.catalog;
  const known = new Map<string, FoundValue | null>();
  const carried: Carried[] = [];
  for (const write of flows.writes) {
    const target = targetColumn(write, classification);
    const rank = target === null ? -1 : labelRank(target.label);
    for (const text of valuesFor(write, opened)) {
      const found = known.get(text) ?? find(text);
      known.set(text, found);
      if (found === null) continue;
      const sources = found.from.columns.filter(({ label }) => labelRank(label) > rank);
      if (sources.length > 0) carried.push({ write, target, found, sources });
    }
  }
  return carried;
}

/** Null for a column that does not exist yet, and for one of a relation that nobody has looked at: no label is lower. */
export function targetColumn(
  { target }: WriteFlow,
  classification: ColumnLabels & { knows(relation: number): boolean },
): LabelledColumn | null {
  if (target === null || !classification.knows(Number.parseInt(target, 10))) return null;
  return targetOf(target, classification);
}

/** Texts of what can reach a column. */
function* valuesFor({ brings }: WriteFlow, { understood, plan, bind }: Opened): Generator<string> {
  const { constants = [] } = understood;
  for (const constant of brings?.constants.map((number) => constants[number]) ?? constants)
    if (constant !== null && constant !== undefined) yield constant;
  if (bind === null) return;
  const numbers = brings?.parameters ?? bind.parameters.map((_value, index) => index + 1);
  for (const number of numbers) {
    const value = bind.parameters[number - 1];
    if (value === null || value === undefined) continue;
    const type = plan.facts.parameterTypes[number - 1] ?? 0;
    const text = cellText(value, type, formatOf(bind.parameterFormats, number - 1));
    if (text !== null) yield text;
  }
}

/** What a statement is when it carries these. */
export function withCarried(
  { session, ports }: SessionContext,
  understanding: Extract<Understanding, { kind: 'understood' }>,
  flows: Flows,
  carried: readonly Carried[],
): Understood {
  const { name } = session.resource;
  const writes = carried.map(({ write, target, found, sources }): StatementFacts['writes'][number] => ({
    targetName: write.targetName,
    target,
    sources: sources.map((source) => fromElsewhere(source, found, name)),
    found: found.how,
  }));
  const views = writes.map(
    ({ targetName, target, sources, found }): FlowView => ({
      kind: 'write',
      target: targetName,
      targetLabel: target?.label ?? null,
      sources: [...sources],
      ...(found === undefined ? {} : { use: USES[found] }),
    }),
  );
  return {
    understanding: {
      ...understanding,
      facts: { ...understanding.facts, writes: [...understanding.facts.writes, ...writes] },
      flows: [...understanding.flows, ...views],
      highestLabel: views
        .flatMap(({ sources }) => sources)
        .reduce((highest, { label }) => highestLabel(highest, label), understanding.highestLabel),
    },
    flows: { ...flows, writes: [...flows.writes, ...carried.flatMap((each) => follows(each, name, ports.catalog))] },
  };
}

const USES: Readonly<Record<FoundHow, string>> = {
  shown: 'a value that was shown',
  detected: 'a value that looks like it',
  unread: 'a value too long to be looked through',
};

/** A column of another resource bears its name. */
function fromElsewhere(column: LabelledColumn, { from }: FoundValue, resource: string): LabelledColumn {
  return from.resource === resource ? column : { ...column, schema: `${from.resource}.${column.schema}` };
}

/** Labels follow what was found, as far as the columns are of this resource; not what nobody could look through. */
function follows(
  { write, found }: Carried,
  resource: string,
  catalog: { readonly classification: { knows(relation: number): boolean } },
): readonly WriteFlow[] {
  const { how, from } = found;
  if (how !== 'shown' || from.resource !== resource) return [];
  const isKnown = (key: ColumnKey): boolean => catalog.classification.knows(Number.parseInt(key, 10));
  return [{ ...write, sources: new Set(from.keys.filter(isKnown)) }];
}
