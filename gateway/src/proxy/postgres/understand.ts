import { SluiceError } from '@sluice/contract/errors';
import {
  type FlowView,
  highestLabel as highestOf,
  type Label,
  labelRank,
  type Reason,
} from '@sluice/contract/vocabulary';
import { type ColumnKey, columnKey, type Flows } from '../../analysis/flows.ts';
import { analyseTrees, type StatementAnalysis } from '../../analysis/postgres/analyse.ts';
import { isBeyondTrust } from '../../analysis/postgres/beyond-trust.ts';
import { constantValues } from '../../analysis/postgres/constant-values.ts';
import { ConsultedFacts } from '../../analysis/postgres/consulted-facts.ts';
import type { NeededFacts } from '../../analysis/postgres/facts.ts';
import { REFUSAL_RULES, REPORT_GAP, type RefusalRule, type Rule } from '../../analysis/postgres/refusal-rules.ts';
import { treeHashes } from '../../analysis/postgres/tree-hash.ts';
import type { StatementFacts } from '../../policy/decision.ts';
import { flowViews, highestLabelOf, namedViews, statementFacts } from '../../policy/statement-facts.ts';
import type { Understanding } from '../../session/understanding.ts';
import { type ColumnFlow, columnFlows } from '../../workflow/column-flows.ts';
import { MAX_FACT_ROUNDS } from './bounds.ts';
import type { RestsOn, Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** The attribute number that stands for all columns. */
const WHOLE_ROW = 0;

/** Flows as the analyser gave them, before labels: kept beside a plan, since EXPLAIN, cursors and copies reuse them. */
export type Analysed =
  | {
      readonly kind: 'flows';
      readonly flows: Flows;
      readonly treeHash: string | null;
      /** Missing where nothing outside of it was consulted. */
      readonly restsOn?: RestsOn;
      /** See Understood. */
      readonly constants?: readonly (string | null)[];
      /** Cursors named by WHERE CURRENT OF. */
      readonly cursors?: readonly string[];
    }
  | Opaque;

/** Flows with the labels of one version. */
export type LabelledFlows = {
  readonly labelsVersion: string;
  readonly facts: StatementFacts;
  readonly flows: readonly FlowView[];
  readonly highestLabel: Label;
  /** For a session that is bound to a workflow; none for others. */
  readonly columnFlows: readonly ColumnFlow[];
  readonly written: WrittenByClient;
};

/** Columns that no flow leads to: their values are the client's own, or their rows are removed. For the record. */
type WrittenByClient = { readonly names: readonly string[]; readonly label: Label };

type Opaque = {
  readonly kind: 'opaque';
  readonly rule: RefusalRule;
  readonly message: string;
  readonly remedy: string;
  /** See StatementAnalysis. */
  readonly byte?: number | null;
};

/** Asks `step` again and again, fetching the facts that it needs on the client's session, within a bound. */
export async function withFacts<T extends { readonly kind: string }>(
  context: SessionContext,
  step: () => T | { readonly kind: 'needs'; readonly needs: NeededFacts },
): Promise<T | Opaque> {
  await context.freshenFacts();
  return await gatherFacts(context, step);
}

/** The same with facts as they are, for whoever has freshened them. */
export async function gatherFacts<T extends { readonly kind: string }>(
  context: SessionContext,
  step: () => T | { readonly kind: 'needs'; readonly needs: NeededFacts },
): Promise<T | Opaque> {
  const { facts, factSource, ports } = context;
  if (await isSnapshotTooOld(context)) return SNAPSHOT_TOO_OLD;
  for (let round = 0; round < MAX_FACT_ROUNDS; round += 1) {
    const result = step();
    if (!isNeeds(result)) return result;
    await facts.fetch(result.needs, factSource);
    ports.catalog.learn(result.needs.relations.flatMap((oid) => facts.relation(oid) ?? []));
  }
  return {
    kind: 'opaque',
    rule: 'too-many-facts',
    message: 'The statement depends on too many definitions to be analysed.',
    remedy: 'Split it into smaller statements.',
  };
}

/**
 * A transaction with a snapshot of its own (REPEATABLE READ, SERIALIZABLE) and definitions of its own: what it has
 * defined is seen by its own eyes only, and what others have defined since by others' only.
 */
async function isSnapshotTooOld({
  hasOwnDefinitions,
  othersHaveDefined,
  factSource,
}: SessionContext): Promise<boolean> {
  if (!hasOwnDefinitions || !othersHaveDefined) return false;
  const [[isolation = null] = []] = await factSource.rows("SELECT pg_catalog.current_setting('transaction_isolation')");
  return isolation !== 'read committed' && isolation !== 'read uncommitted';
}

const SNAPSHOT_TOO_OLD: Opaque = {
  kind: 'opaque',
  rule: 'snapshot-too-old',
  message: 'Definitions have changed since this transaction began, and it has changed definitions too.',
  remedy: 'Roll back and begin the transaction again, or use READ COMMITTED.',
};

function isNeeds(result: { readonly kind: string }): result is { readonly kind: 'needs'; readonly needs: NeededFacts } {
  return result.kind === 'needs';
}

/** Trees → flows; asks the client's session for facts as often as the analyser needs some, within a bound. */
export async function analyseWithFacts(
  context: SessionContext,
  request: { trees: readonly string[]; outputNames: readonly string[] | null; statementKind: string },
): Promise<Analysed> {
  const { facts, ports, upstream, flowCache } = context;
  await context.freshenFacts();
  const hashes = treeHashes(request.trees);
  const key = `${request.statementKind}|${request.outputNames?.join(',') ?? ''}|${hashes.skeleton}`;
  const stored = upstream.oracle === 'stored';
  const known = stored ? undefined : flowCache.get(key, facts.generation);
  if (known !== undefined)
    return { kind: 'flows', treeHash: hashes.tree, ...known, ...broughtBy(known.flows, request) };
  const consulted = new ConsultedFacts(facts);
  const analysed = await gatherFacts<Analysed | Extract<StatementAnalysis, { kind: 'flows' }>>(context, () =>
    analyseTrees({
      treeTexts: request.trees,
      outputNames: request.outputNames,
      facts: consulted,
      declarations: ports.catalog.declarations,
      serverMajor: upstream.serverMajor,
      statementKind: request.statementKind,
      tellApart: (key) => isClassified(context, key),
      stored,
    }),
  );
  if (analysed.kind !== 'flows' || !('constantFree' in analysed)) return analysed;
  const { flows } = analysed;
  if (stored) return analysed.userFunctions.length > 0 ? FUNCTIONS_UNSEEN : { ...analysed, restsOn: 'unannounced' };
  const restsOn = restsOnOf(analysed, consulted.isWithin(request.trees));
  // Only what holds for any literals, and depends on no function whose body may be replaced unnoticed.
  if (analysed.constantFree && analysed.userFunctions.length === 0)
    flowCache.set(key, facts.generation, { flows, restsOn });
  return { kind: 'flows', flows, treeHash: analysed.treeHash, restsOn, ...broughtBy(flows, request) };
}

/** What it brings matters only where it writes. */
function broughtBy({ writes }: Flows, { trees }: { readonly trees: readonly string[] }): Pick<Understood, 'constants'> {
  return writes.length === 0 ? {} : { constants: constantValues(trees) };
}

const FUNCTIONS_UNSEEN: Opaque = {
  kind: 'opaque',
  rule: 'functions-unseen',
  message: 'The statement calls functions of users, which cannot be watched while they run on this database.',
  remedy: 'Ask the administrator to connect the gateway in a way in which the database can show its trees.',
};

/** What a write sets off (triggers, checks, keys) is not in its tree; nor is what functions of users do. */
function restsOnOf(
  { flows, userFunctions }: Extract<StatementAnalysis, { kind: 'flows' }>,
  isWithinTree: boolean,
): RestsOn {
  if (userFunctions.length > 0) return 'catalog';
  if (flows.statementClass === 'read') return 'tree';
  return isWithinTree ? 'locked' : 'catalog';
}

/** A column that nobody has looked at counts as classified. */
export function isClassified({ ports }: SessionContext, key: ColumnKey): boolean {
  const { classification, classifiedFrom } = ports.catalog;
  if (!classification.knows(Number.parseInt(key, 10))) return true;
  return labelRank(classification.describe(key).label) >= labelRank(classifiedFrom);
}

/** Flows → what policy decides about, with the labels of now. */
export function understood(
  context: SessionContext,
  analysed: Analysed,
  statementKind: string,
  fingerprint: string,
): Understood {
  if (analysed.kind === 'opaque') return opaque(context, analysed, statementKind, fingerprint);
  try {
    return labelled(context, analysed, fingerprint);
  } catch (error) {
    // A column of a relation that nobody has looked at: without a label there is no verdict.
    if (!(error instanceof SluiceError) || error.code !== 'REFUSED_NOT_UNDERSTOOD') throw error;
    return opaque(
      context,
      { rule: 'unknown-column', message: error.message, remedy: error.remedy },
      statementKind,
      fingerprint,
    );
  }
}

function labelled(
  context: SessionContext,
  analysed: Extract<Analysed, { kind: 'flows' }>,
  fingerprint: string,
): Understood {
  const { facts, flows, highestLabel, columnFlows, written } = withLabels(context, analysed.flows);
  const { classifiedFrom } = context.ports.catalog;
  const understanding: Understanding = {
    ...{ kind: 'understood', facts, flows, fingerprint, columnFlows },
    // What is on record and how long counts by all that it touches; what its errors may say, by what it reads.
    highestLabel: highestOf(highestLabel, written.label),
    ...(written.names.length === 0 ? {} : { written: written.names }),
  };
  return {
    understanding,
    treeHash: analysed.treeHash,
    sensitive: !context.trusted && labelRank(highestLabel) >= labelRank(classifiedFrom),
    printsRows: !context.trusted && writesClassifiedRows(context, analysed.flows),
    flows: analysed.flows,
    restsOn: analysed.restsOn ?? 'tree',
    ...(analysed.constants === undefined ? {} : { constants: analysed.constants }),
  };
}

/** Labels of flows, remembered with the flows: policy recognises the same facts again. */
function withLabels(context: SessionContext, flows: Flows): LabelledFlows {
  const { session, ports } = context;
  const { classification, classifiedFrom } = ports.catalog;
  const known = context.labelled.get(flows);
  if (known?.labelsVersion === classification.version) return known;
  const facts = statementFacts(session.principal, session.resource, flows, classification, classifiedFrom);
  const views = flowViews(flows, classification);
  const made: LabelledFlows = {
    labelsVersion: classification.version,
    facts,
    // A name is no value: its label makes no answer secret.
    flows: [...views, ...namedViews(flows, classification)],
    highestLabel: highestLabelOf(views),
    columnFlows:
      session.work === null ? [] : columnFlows(flows, classification, classifiedFrom, ports.catalog.identity),
    written: writtenByClient(context, flows),
  };
  context.labelled.set(flows, made);
  return made;
}

const NOTHING_REMOVED: ReadonlySet<number> = new Set();

function writtenByClient(context: SessionContext, { writes, removed = NOTHING_REMOVED }: Flows): WrittenByClient {
  const { classification } = context.ports.catalog;
  const names = new Set<string>();
  let label: Label = 'public';
  const touch = (key: ColumnKey): void => {
    // A relation that nobody has looked at may hold anything.
    const isKnown = classification.knows(Number.parseInt(key, 10));
    label = highestOf(label, isKnown ? classification.describe(key).label : 'regulated');
  };
  for (const { target, targetName, sources } of writes) {
    if (sources.size > 0) continue;
    names.add(targetName);
    if (target !== null) touch(target);
  }
  for (const oid of removed) {
    const relation = context.facts.relation(oid);
    for (const { attribute, name, dropped } of relation?.columns ?? []) {
      if (relation === null || relation === undefined || dropped) continue;
      names.add(`${relation.schema}.${relation.name}.${name}`);
      touch(columnKey(oid, attribute));
    }
  }
  return { names: [...names], label };
}

/** Whether a relation that is written to has a classified column, written or not. */
function writesClassifiedRows(context: SessionContext, flows: Flows): boolean {
  const { classification, classifiedFrom } = context.ports.catalog;
  const written = new Set(flows.writes.flatMap(({ target }) => (target === null ? [] : [Number.parseInt(target, 10)])));
  return [...written].some(
    (relation) => labelRank(classification.describe(columnKey(relation, WHOLE_ROW)).label) >= labelRank(classifiedFrom),
  );
}

/** What was not understood: refused, in the analyser's words, unless policy trusts the principal. Errors of it may hold anything. */
export function opaque(
  context: SessionContext,
  why: Omit<Opaque, 'kind'>,
  statementKind: string,
  fingerprint: string,
): Understood {
  const { session } = context;
  const rule: Rule = REFUSAL_RULES[why.rule];
  const reason: Reason = {
    effect: 'refuse',
    policyId: `engine:${why.rule}`,
    message: why.message,
    remedy: rule.gap === true ? REPORT_GAP : why.remedy,
    columns: [],
    why: rule.why,
  };
  return {
    understanding: {
      kind: 'opaque',
      reason,
      statementKind,
      fingerprint,
      byte: why.byte ?? null,
      trust: isBeyondTrust(why.rule) ? null : { principal: session.principal, resource: session.resource },
    },
    treeHash: null,
    sensitive: !context.trusted,
    printsRows: !context.trusted,
    flows: null,
    restsOn: 'tree',
  };
}
