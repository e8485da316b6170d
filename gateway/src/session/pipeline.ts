/**
 * The one place that knows the order, for every protocol:
 *
 * ```text
 * understand → decide → (spend) → (hold → approve → consume) → record → run → record
 * ```
 * A statement reaches the upstream only with an `Admission` of kind `run`, and `admit` makes one only after the
 * entry that announces it was written. In another order a crash could leave a statement that ran and is on no
 * record, or an approval that was used for something else than what was shown.
 */
import type { EffectPreview } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { assertNever, type Effect, type Label } from '@sluice/contract/vocabulary';
import type { Approvals, BoundStatement, RequestView } from '../approval/request.ts';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { Decided } from '../evidence/recorded-entry.ts';
import type { Decision, PolicyEngine } from '../policy/decision.ts';
import type { ProbeBudgets } from './probe-budgets.ts';
import { holdInWords, refusalOf } from './refusal-words.ts';
import { decisionRecord, recordedDecision } from './repeated-decisions.ts';
import type { Session } from './session.ts';
import { chargesOf, isCharged, spendProbes } from './spend-probes.ts';
import type { Understanding } from './understanding.ts';

/** One statement as its protocol's proxy hands it in. */
export interface Statement {
  /** As the client sent it, for the record and the approver. */
  readonly text: string;
  /** Of that text, where it is not the one that was understood. */
  readonly fingerprint?: string;
  understand(): Understanding;
  /** The exact bytes and settings with which it would run now; asked only for a held statement, twice. */
  bind(): BoundStatement;
  /** Whether the rows that it changes can be counted, so that an approval may bound them. */
  readonly countsRows: boolean;
  /** What the asker says about it, in its own words; asked only for a held statement. */
  quotation(): string | null;
  /** What it would do, for the approver; asked only for a held statement that is asked about for the first time. */
  preview(): Promise<EffectPreview>;
  /** Tells the client that it waits (and for whom), in the protocol's own words. Called once per hold. */
  announceHold(request: RequestView): void;
  /** Before it waits: gives up the locks of having been looked at, where nothing else of the client's hangs on them. */
  letGo(): Promise<void>;
  /** After an approval, before it is bound: has it looked at as things are now. Not null: it is not what was approved any more. */
  takeUp(): Promise<SluiceError | null>;
  /** Told of each decision, before the statement runs or waits; tells the client, if it wants to know. */
  explain(decision: Decision): void;
}

export type PipelinePorts = {
  readonly policy: PolicyEngine;
  readonly evidence: EvidenceLog;
  readonly approvals: Approvals;
  /** How long a held statement keeps its client waiting, in milliseconds, by whether it holds locks. */
  readonly holdMs: { readonly idle: number; readonly inTransaction: number };
  /** Labels whose statements wait for the disk before they run. */
  readonly durability: (label: Label) => 'write' | 'fsync';
  readonly now: () => number;
  readonly probes: ProbeBudgets;
  /** Told of every decision and outcome, for metrics. */
  readonly observe: PipelineObserver;
};

export interface PipelineObserver {
  statementDecided(protocol: string, effect: Effect): void;
  statementCompleted(protocol: string, outcome: { readonly durationUs: number; readonly maskedCells: number }): void;
}

export type Admission =
  | {
      readonly kind: 'run';
      readonly statementId: number;
      readonly decision: Decision;
      /** Set when an approval was used for it. */
      readonly approval?: { readonly requestId: string; readonly rowBound: number | null };
      /** Set by the proxy when labels have followed what it is about to write. */
      readonly labelChange?: string;
    }
  | { readonly kind: 'stop'; readonly statementId: number; readonly error: SluiceError };

/** How the statement is being run, as far as the order depends on it. */
export type Circumstances = {
  readonly inTransaction: boolean;
  /** It was admitted before and goes on where it stopped (a portal read in pieces). */
  readonly resumes: boolean;
  /** Asked once, when a statement is held: aborts when its client cancels, leaves, or is made to leave. */
  readonly cancelled: () => AbortSignal;
};

/**
 * Decides about one statement and records the decision. Total: every expected outcome is a value; it throws only
 * when the record cannot be written (`EVIDENCE_UNWRITABLE`), and then nothing may run.
 */
export async function admit(
  statement: Statement,
  session: Session,
  circumstances: Circumstances,
  ports: PipelinePorts,
): Promise<Admission> {
  const statementId = session.nextStatementId();
  const understanding = statement.understand();
  const byPolicy = decide(understanding, ports.policy);
  const { work } = session;
  const decided =
    work === null ? byPolicy : await work.decide({ statementId, text: statement.text, understanding }, byPolicy);
  const charges = circumstances.resumes ? [] : chargesOf(decided);
  const { decision, probes } =
    charges.length === 0 ? { decision: decided, probes: [] } : await spendProbes(decided, charges, ports.probes);
  const label = labelOf(understanding, decision);
  session.touched(label);

  const held =
    decision.effect === 'hold' && understanding.kind === 'understood'
      ? await requestApproval(statement, statementId, session, understanding, decision, ports)
      : null;
  const request = held instanceof SluiceError ? null : held;

  // Written before the statement can go upstream; if it cannot be written, this throws and nothing runs.
  const decidedOpenly = decidedEntry({
    ...{ sessionId: session.id, statementId, text: statement.text, understanding, decision, label },
    requestId: request?.id ?? null,
    fingerprint: statement.fingerprint ?? understanding.fingerprint,
  });
  const record = decisionRecord(
    probes.length === 0 ? decidedOpenly : { ...decidedOpenly, probes },
    understanding,
    session,
    ports.evidence.nextSequence,
  );
  const sequence = await ports.evidence.append(record.entry, ports.durability(label), record.payload);
  recordedDecision(record, sequence, session);

  ports.observe.statementDecided(session.resource.protocol, decision.effect);
  if (decision.reasons.length > 0) statement.explain(decision);

  switch (decision.effect) {
    case 'allow':
    case 'mask':
      return { kind: 'run', statementId, decision };
    case 'refuse':
      return stop(statementId, refusalOf(understanding, decision));
    case 'hold':
      if (request === null)
        return stop(statementId, held instanceof SluiceError ? held : refusalOf(understanding, decision));
      return await holdUntilDecided(request, statement, statementId, decision, circumstances, ports);
    default:
      return assertNever(decision.effect);
  }
}

/**
 * The same for a statement that is allowed and costs nothing, without waiting: its entry is staged, and nothing of it may
 * go upstream before `evidence.onceWritten` calls. Null when it has to take the way of `admit`.
 */
export function admitAtOnce(
  statement: Pick<Statement, 'text' | 'understand' | 'explain'> & { readonly fingerprint?: string | undefined },
  session: Session,
  ports: PipelinePorts,
): Extract<Admission, { kind: 'run' }> | null {
  const understanding = statement.understand();
  if (understanding.kind !== 'understood') return null;
  const decision = decideAtOnce(understanding, statement.text, session, ports.policy);
  if (decision === null) return null;
  if (decision.effect !== 'allow' && decision.effect !== 'mask') return null;
  const label = understanding.highestLabel;
  if (isCharged(decision) || ports.durability(label) !== 'write') return null;
  const { evidence } = ports;
  const { text, fingerprint = understanding.fingerprint } = statement;
  const said = { statementId: session.statements + 1, text, fingerprint };
  const record =
    session.decisions.again(said, understanding, decision, evidence.nextSequence) ??
    decisionRecord(
      decidedEntry({ sessionId: session.id, ...said, understanding, decision, label, requestId: null }),
      understanding,
      session,
      evidence.nextSequence,
    );
  const sequence = evidence.stage(record.entry, record.payload);
  if (sequence === null) return null;
  recordedDecision(record, sequence, session);
  const statementId = session.nextStatementId();
  session.touched(label);
  if (decision.reasons.length > 0) statement.explain(decision);
  ports.observe.statementDecided(session.resource.protocol, decision.effect);
  return { kind: 'run', statementId, decision };
}

type Outcome = { tag: string; rows: number; maskedCells: number; durationUs: number; error: string | null };

/** What the record says of a decision. */
function decidedEntry(decided: {
  readonly sessionId: string;
  readonly statementId: number;
  readonly text: string;
  readonly understanding: Understanding;
  readonly decision: Decision;
  readonly label: Label;
  readonly requestId: string | null;
  readonly fingerprint: string;
}): Decided {
  const { understanding, decision } = decided;
  return {
    kind: 'statement.decided',
    sessionId: decided.sessionId,
    statementId: decided.statementId,
    text: recordedText(decided.text),
    fingerprint: decided.fingerprint,
    statementKind:
      understanding.kind === 'understood' ? understanding.facts.statementKind : understanding.statementKind,
    effect: decision.effect,
    reasons: decision.reasons,
    flows: understanding.kind === 'understood' ? understanding.flows : (understanding.known?.flows ?? []),
    ...(understanding.kind === 'understood' && understanding.written !== undefined
      ? { written: understanding.written }
      : {}),
    highestLabel: decided.label,
    policyVersion: decision.policyVersion,
    requestId: decided.requestId,
  };
}

/** Longest text of a statement in the record, characters. Longer ones are refused in any case; their fingerprint is whole. */
export const MAX_RECORDED_CHARACTERS = 1_048_576;

function recordedText(text: string): string {
  return text.length <= MAX_RECORDED_CHARACTERS
    ? text
    : `${text.slice(0, MAX_RECORDED_CHARACTERS)} … (${text.length} characters in all)`;
}

/** Records what became of an admitted statement. Rejects when the record cannot be written; undefined: it is done. */
export function complete(
  session: Session,
  statementId: number,
  outcome: Outcome,
  ports: Pick<PipelinePorts, 'evidence' | 'observe'>,
): Promise<unknown> | undefined {
  ports.observe.statementCompleted(session.resource.protocol, outcome);
  session.recording.statementEnded(statementId, outcome);
  // Member by member: copying an object costs more, and this runs at the end of every statement.
  const { tag, rows, maskedCells, durationUs, error } = outcome;
  const { id: sessionId } = session;
  const entry = {
    kind: 'statement.completed',
    sessionId,
    statementId,
    tag,
    rows,
    maskedCells,
    durationUs,
    error,
  } as const;
  if (ports.evidence.stageCompleted(entry)) return undefined;
  return ports.evidence.append(entry, 'soon');
}

/** The decision about an understanding, without running or recording anything: what `sluice why` shows. */
export function decide(understanding: Understanding, policy: PolicyEngine): Decision {
  if (understanding.kind === 'opaque') {
    const { trust, reason } = understanding;
    const trusted = trust === null ? null : policy.decideOpaque(trust.principal, trust.resource);
    if (trusted?.effect === 'allow') return trusted;
    return { effect: 'refuse', obligations: [], reasons: [reason], policyVersion: policy.version };
  }
  return policy.decideStatement(understanding.facts);
}

/** The decision in a session, unless something has to be recorded before there can be one. */
export function decideAtOnce(
  understanding: Understanding,
  text: string,
  { work }: Session,
  policy: PolicyEngine,
): Decision | null {
  const byPolicy = decide(understanding, policy);
  return work === null ? byPolicy : work.decideAtOnce({ text, understanding }, byPolicy);
}

/** What is not understood and runs all the same may touch anything; what is refused touches nothing. */
function labelOf(understanding: Understanding, decision: Decision): Label {
  if (understanding.kind === 'understood') return understanding.highestLabel;
  if (understanding.known !== undefined) return understanding.known.highestLabel;
  return decision.effect === 'refuse' ? 'internal' : 'regulated';
}

async function requestApproval(
  statement: Statement,
  statementId: number,
  session: Session,
  understanding: Extract<Understanding, { kind: 'understood' }>,
  decision: Decision,
  ports: PipelinePorts,
): Promise<RequestView | SluiceError> {
  const { label, maxRows } = approvalAsked(decision, understanding.highestLabel);
  if (maxRows !== undefined && !statement.countsRows)
    return new SluiceError(
      'REFUSED_BY_POLICY',
      'policy bounds the rows that it may change, and the rows of such a statement cannot be counted',
    );
  try {
    return await ports.approvals.request({
      bound: statement.bind(),
      statementId,
      asker: session.principal,
      label,
      flows: understanding.flows,
      reasons: decision.reasons,
      rowBound: maxRows,
      countsRows: statement.countsRows,
      quotation: statement.quotation(),
      preview: () => statement.preview(),
    });
  } catch (error) {
    // Too many requests wait already: this statement is refused, the session goes on.
    if (error instanceof SluiceError && error.code === 'LIMIT_REACHED') return error;
    throw error;
  }
}

function approvalAsked(
  decision: Decision,
  fallback: Label,
): { readonly label: Label; readonly maxRows?: number | undefined } {
  for (const obligation of decision.obligations) if (obligation.kind === 'require-approval') return obligation;
  return { label: fallback };
}

async function holdUntilDecided(
  request: RequestView,
  statement: Statement,
  statementId: number,
  decision: Decision,
  circumstances: Circumstances,
  ports: PipelinePorts,
): Promise<Admission> {
  if (request.state !== 'approved') {
    statement.announceHold(request);
    await statement.letGo();
  }
  const bound = circumstances.inTransaction ? ports.holdMs.inTransaction : ports.holdMs.idle;
  const resolution = await ports.approvals.wait(request.id, ports.now() + bound, circumstances.cancelled());
  const facts = { requestId: request.id };
  switch (resolution) {
    case 'approved': {
      const changed = await statement.takeUp();
      if (changed !== null) return stop(statementId, changed);
      // Bound again from what is about to be sent: what was approved is what runs, once.
      const consumed = await ports.approvals.consume(request.id, statement.bind(), statementId);
      if (consumed !== null) {
        const approval = { requestId: request.id, rowBound: consumed.rowBound };
        return { kind: 'run', statementId, decision, approval };
      }
      return stop(
        statementId,
        new SluiceError(
          'REQUEST_STATE',
          `request ${request.id} does not cover this statement any more, so it was not run`,
          { facts },
        ),
      );
    }
    case 'denied':
      return stop(
        statementId,
        new SluiceError('HOLD_DENIED', `request ${request.id} was denied, so the statement was not run`, {
          facts,
          remedy: `sluice requests show ${request.id} names the approver`,
        }),
      );
    case 'expired':
      return stop(
        statementId,
        new SluiceError('HOLD_EXPIRED', `request ${request.id} expired undecided, so the statement was not run`, {
          facts,
        }),
      );
    case 'still-pending':
      return stop(
        statementId,
        new SluiceError(
          'HELD_FOR_APPROVAL',
          `the statement is held for approval as request ${request.id} and was not run`,
          {
            facts: { ...facts, explanation: holdInWords(decision) },
            remedy: `when another person has approved it (sluice requests approve ${request.id}), run exactly the same statement again`,
          },
        ),
      );
    default:
      return assertNever(resolution);
  }
}

function stop(statementId: number, error: SluiceError): Admission {
  return { kind: 'stop', statementId, error };
}
