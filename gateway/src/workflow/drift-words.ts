/** Why a statement of a workflow is held: what is new, who brought it in and when, and what was approved instead. */
import { assertNever, labelRank, type Principal, type Reason } from '@sluice/contract/vocabulary';
import { columnInWords, listed } from '../policy/reasons.ts';
import { visibleName } from '../policy/visible-name.ts';
import type { BaselineFlow, FlowEnd } from './column-flows.ts';
import type { FirstSeen, WorkflowState } from './workflow-state.ts';

/** Flows told one by one; the rest are counted. */
const MAX_TOLD = 8;

export function driftReasons(
  state: WorkflowState,
  drifted: readonly BaselineFlow[],
  approvers: readonly string[],
): readonly Reason[] {
  const told = drifted
    .toSorted(byWeight)
    .slice(0, MAX_TOLD)
    .map((flow) => driftReason(state, flow, approvers));
  const left = drifted.length - told.length;
  if (left <= 0) return told;
  const more = `${left} more flows are new in the workflow ${state.workflow}`;
  return [...told, { ...heldBy('engine:workflow-drift', more, approvers), columns: [] }];
}

/** What says most comes first: the highest label, where values go before what they are used for, then by name. */
function byWeight(a: BaselineFlow, b: BaselineFlow): number {
  const kinds: readonly BaselineFlow['kind'][] = ['write', 'output', 'shaping', 'faultable'];
  return (
    labelRank(b.label) - labelRank(a.label) ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    (flowInWords(a) < flowInWords(b) ? -1 : 1)
  );
}

function driftReason(state: WorkflowState, flow: BaselineFlow, approvers: readonly string[]): Reason {
  const { workflow, resource } = state;
  const seen = state.seen.get(flow.id)?.firstSeen ?? null;
  const before = state.approved.find(({ id }) => id === flow.id);
  const what =
    before === undefined
      ? `is new in the workflow ${workflow}`
      : `is labelled ${flow.label} now and was ${before.label} when it was approved for the workflow ${workflow}`;
  const message = `${flowInWords(flow)} ${what}; ${seenInWords(seen)}; ${baselineInWords(state)}`;
  const reason = heldBy('engine:workflow-drift', message, approvers);
  return {
    ...reason,
    remedy: `${reason.remedy} To make it part of the workflow: sluice workflows propose ${workflow} ${resource} --add ${flow.id}`,
    columns: [flow.source, flow.target].flatMap((end) => end?.column ?? []),
  };
}

/** A reason of the engine to hold. */
export function heldBy(policyId: string, message: string, approvers: readonly string[]): Reason {
  const remedy =
    approvers.length === 0
      ? 'Nobody is configured to approve it.'
      : `Wait for the approval of ${listed(approvers.map(visibleName))}.`;
  return { effect: 'hold', policyId, message, remedy, columns: [] };
}

/** `shop.customers.ssn (regulated, pii.ssn) → reporting.daily.note` */
export function flowInWords({ kind, masked, source, target }: BaselineFlow): string {
  const from = source === null ? 'a value of the statement' : endInWords(source);
  switch (kind) {
    case 'write':
      return `${from} → ${target === null ? 'a written place' : nameInWords(target)}`;
    case 'output':
      return `${from} → the answer${masked ? ', masked' : ''}`;
    case 'shaping':
      return `${from} → which rows are returned or changed`;
    case 'faultable':
      return `${from} → an expression that can fail`;
    default:
      return assertNever(kind);
  }
}

function endInWords(end: FlowEnd): string {
  return end.column === null ? nameInWords(end) : columnInWords(end.column);
}

function nameInWords({ name }: FlowEnd): string {
  return name.split('.').map(visibleName).join('.');
}

/** `first seen 2026-11-22 02:14 UTC in statement 7 of session c_… by nightly-executor on behalf of Ann` */
export function seenInWords(seen: FirstSeen | null): string {
  if (seen === null) return 'it is not on record who brought it in, because too many flows are';
  const planned = seen.plan === null ? '' : `, by the plan ${seen.plan.id} of ${chainInWords(seen.plan.by)}`;
  return `first seen ${minuteOf(seen.at)} in statement ${seen.statementId} of session ${seen.sessionId} by ${chainInWords(seen.principal)}${planned}`;
}

/** `nightly-executor on behalf of Ann`; between the two, whoever passed it on. */
export function chainInWords({ name, chain }: Principal): string {
  const [head, ...between] = chain.slice(0, -1).map((actor) => visibleName(actor.name));
  if (head === undefined) return visibleName(name);
  const through = between.length === 0 ? '' : ` through ${between.join(' and ')}`;
  return `${visibleName(name)} on behalf of ${head}${through}`;
}

function baselineInWords({ latest, workflow }: WorkflowState): string {
  if (latest === null) return `no baseline of ${workflow} has been approved yet`;
  const { version, approvedBy, approvedAt, revoked } = latest;
  if (revoked !== null)
    return `baseline ${version} was revoked by ${chainInWords(revoked.by)} on ${dayOf(revoked.at)}, and none has been approved since`;
  return `not in baseline ${version}, approved by ${listed(approvedBy.map(chainInWords))} on ${dayOf(approvedAt)}`;
}

function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
