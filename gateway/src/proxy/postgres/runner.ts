import { ERRORS, SluiceError } from '@sluice/contract/errors';
import type { Reason } from '@sluice/contract/vocabulary';
import type { RequestView } from '../../approval/request.ts';
import type { Recording } from '../../evidence/entry.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import type { Decision } from '../../policy/decision.ts';
import type { FieldDescription } from '../../protocol/postgres/backend.ts';
import { encodeParameterStatus } from '../../protocol/postgres/backend-encode.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import type { ResultRule } from '../../protocol/postgres/rewrite.ts';
import {
  type Admission,
  admit,
  admitAtOnce,
  complete,
  type Statement,
  type Understanding,
} from '../../session/pipeline.ts';
import { applyEffects } from './apply-effects.ts';
import { boundStatement } from './bind-statement.ts';
import { HOLD_LIFE_SIGN_MS } from './bounds.ts';
import { checkDescription } from './check-description.ts';
import type { Executed, Outcome } from './exchange.ts';
import { explain } from './explanation.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Opened } from './names.ts';
import { heldBackBy } from './plan.ts';
import { notice } from './reports.ts';
import { countsRows } from './row-bound.ts';
import type { SessionContext } from './session-context.ts';
import { withClientSettings } from './settings-window.ts';
import { OUTCOME_UNKNOWN } from './upstream-link.ts';
import { refuseTokens } from './written-tokens.ts';

/** `SET sluice.reason = '…'`: what the asker says about its statements, shown to approvers as a quotation. */
const REASON_SETTING = 'sluice.reason';
/** Characters of it that are kept. */
const MAX_REASON_CHARACTERS = 2_000;

/** How an admitted statement is executed. */
export type Execution = {
  readonly portal: string;
  readonly maxRows: number;
  readonly simple: boolean;
  /** Of one statement of several: see `Exchange`. */
  readonly charactersBefore?: (() => number) | undefined;
  readonly onCopyIn?: () => void;
  /**
   * The statement's text, sent as a Query of its own: then the server keeps the portal out of pg_cursors, as for any
   * Query. It must be the only statement since the last Sync.
   */
  readonly queryText?: string;
  /** Set when its rows are bounded: what came of it is looked at before it is told. */
  readonly bound?: {
    /** `settle` applies and records what came of it in the end. */
    outcome(outcome: Outcome, settle: (outcome: Outcome) => void): void;
    /** The message that the client gets when all is well. */
    message(message: Buffer): void;
  };
  /** Of FunctionCall: takes the one value of the one row, which is not sent to the client as a row. */
  readonly onValue?: (cell: Buffer | null) => void;
};

/**
 * Asks the pipeline about a plan that is about to run. Holds happen here: the client's later messages wait.
 * `resumes`: its portal was admitted before and goes on where it stopped. `text`: as the client sent it, where that is not
 * the text of the plan; only of a statement that is not held.
 */
export async function admitPlan(
  context: SessionContext,
  opened: Opened,
  { resumes = false, text = opened.plan.text }: { readonly resumes?: boolean; readonly text?: string } = {},
): Promise<Admission> {
  const { session, ports, link } = context;
  let lifeSigns: NodeJS.Timeout | null = null;
  const statement: Statement = {
    text,
    ...(text === opened.plan.text ? {} : { fingerprint: fingerprintOf(text) }),
    understand: () => refuseTokens(opened, ports.masks.keys) ?? opened.understood.understanding,
    bind: () => boundStatement(context, opened),
    countsRows: countsRows(opened.understood.understanding),
    quotation: () => context.setting(REASON_SETTING)?.slice(0, MAX_REASON_CHARACTERS) ?? null,
    preview: () => ports.preview(context, opened),
    announceHold: (request) => {
      context.holding = true;
      link.interject(holdNotice(request));
      lifeSigns = setInterval(() => link.interject(LIFE_SIGN), HOLD_LIFE_SIGN_MS);
    },
    explain: (reasons) => explain(context, reasons),
  };
  const cancelled = (): AbortSignal => {
    context.holdCancel = new AbortController();
    return AbortSignal.any([session.ending, context.holdCancel.signal]);
  };
  try {
    const admission = await admit(
      statement,
      session,
      { inTransaction: context.inTransaction, resumes, cancelled },
      ports,
    );
    if (admission.kind === 'stop' && context.holding && context.holdCancel.signal.aborted && !session.ending.aborted) {
      return {
        ...admission,
        error: new SluiceError('STATEMENT_CANCELLED', 'the held statement was cancelled at the request of the client', {
          facts: admission.error.facts,
        }),
      };
    }
    if (admission.kind === 'stop') return admission;
    if (context.cancelRequested) return cancelledInTime(context, admission);
    return await labelled(context, opened, admission);
  } finally {
    context.holding = false;
    if (lifeSigns !== null) clearInterval(lifeSigns);
  }
}

/**
 * The same without waiting, for a plan that is allowed and costs nothing; null when it has to be asked the long way.
 * `text`: as the client sent it, where that is not the text of the plan.
 */
export function admitPlanAtOnce(
  context: SessionContext,
  opened: Opened,
  text = opened.plan.text,
): Extract<Admission, { kind: 'run' }> | null {
  const { session, ports } = context;
  if (context.cancelRequested || refuseTokens(opened, ports.masks.keys) !== null) return null;
  const statement = {
    text,
    ...(text === opened.plan.text ? {} : { fingerprint: fingerprintOf(text) }),
    understand: () => opened.understood.understanding,
    explain: (reasons: readonly Reason[]) => explain(context, reasons),
  };
  const admission = admitAtOnce(statement, session, ports);
  if (admission !== null) context.recordStaged = true;
  return admission;
}

/** A statement that was admitted, and is not run because the client cancelled it meanwhile. */
function cancelledInTime(context: SessionContext, { statementId }: { readonly statementId: number }): Admission {
  context.cancelRequested = false;
  const error = new SluiceError('STATEMENT_CANCELLED', 'canceling statement due to user request');
  const { sqlState } = ERRORS[error.code];
  const outcome = { tag: '', rows: 0, maskedCells: 0, error: sqlState, suspended: false };
  recordOutcome(context, statementId, outcome, nowUs());
  return { kind: 'stop', statementId, error };
}

/** Tells a client that waits, and everything between, that the connection lives; the value never changes, so nothing shows. */
const LIFE_SIGN = encodeParameterStatus('integer_datetimes', 'on');

/** Sends Execute of an admitted plan whose portal is bound, under the masks that the decision demands. */
export function executePlan(
  context: SessionContext,
  opened: Opened,
  admitted: Pick<Extract<Admission, { kind: 'run' }>, 'statementId' | 'decision' | 'labelChange'>,
  execution: Execution,
): void {
  const { link, session } = context;
  const { plan, understood } = opened;
  const { statementId } = admitted;
  const confirmed = context.effectsAsked(plan.facts.effects);
  context.noteExecuted();
  const startedUs = nowUs();
  const isDeferred = runsDeferred(understood.understanding);
  context.nested.executed(understood.flows);
  const executed: Executed = {
    kind: 'execute',
    audience: 'client',
    sensitive: understood.sensitive,
    charactersBefore: execution.charactersBefore,
    printsRows: understood.printsRows,
    runsDeferred: isDeferred,
    holdsBack: heldBackBy(admitted.decision, []) !== null,
    statementId,
    brokenOff: () => (plan.facts.copyIn ? context.copyRefusal : undefined),
    rule: () => resultRule(context, opened, admitted.decision, statementId),
    onTree: (tree) => plan.expectTree(tree, understood),
    onNestedTree: (tree) =>
      isDeferred ? context.nested.deferred(tree) : context.nested.during(understood.flows, tree),
    onCopy: (direction) => {
      if (direction === 'out') return;
      context.startCopy(execution.simple);
      execution.onCopyIn?.();
    },
    onOutcome: (outcome) => {
      if (execution.bound === undefined) settle(outcome);
      else execution.bound.outcome(outcome, settle);
    },
    ...(execution.bound === undefined ? {} : { onEnd: (message) => execution.bound?.message(message) }),
  };
  const settle = (outcome: Outcome): void => {
    confirmed();
    if (outcome.error === null) {
      // Also of a suspended portal: what it has done so far is done.
      applyEffects(context, plan, outcome.tag);
    } else if (outcome.error !== OUTCOME_UNKNOWN) takeLabelsBack(context, admitted);
    if (context.copying) context.copyEnded();
    recordOutcome(context, statementId, outcome, startedUs);
  };
  const { onValue, queryText } = execution;
  const own: Partial<Executed> =
    onValue === undefined
      ? {}
      : {
          audience: 'gateway',
          statementId: null,
          rule: () => ({ kind: 'collect', columns: 1 }),
          onRow: ([cell]) => onValue(cell ?? null),
        };
  const execute = (): void =>
    link.ask(encodeFrontend({ kind: 'Execute', portal: execution.portal, maxRows: execution.maxRows }), {
      ...executed,
      ...own,
    });
  if (queryText !== undefined) {
    const onRowDescription = (body: Buffer): void => checkDescription(context, opened, body, []);
    // A Query takes the place of whatever the server's unnamed statement held.
    context.unnamedPlan = null;
    link.ask(
      encodeFrontend({ kind: 'Query', text: queryText }),
      { ...executed, onRowDescription },
      context.syncExchange(),
    );
  } else if (
    context.upstream.oracle === 'notices' &&
    plan.facts.reads.settings &&
    !plan.facts.writes &&
    understood.restsOn === 'tree'
  )
    withClientSettings(context, execute);
  else execute();
  session.touched(understood.understanding.kind === 'understood' ? understood.understanding.highestLabel : 'internal');
}

/** Labels what an approved statement is about to write, before it is sent. */
async function labelled(
  { ports, session }: SessionContext,
  { understood: { flows } }: Opened,
  admission: Extract<Admission, { kind: 'run' }>,
): Promise<Admission> {
  const { approval, statementId } = admission;
  if (approval === undefined || flows === null) return admission;
  const cause = { requestId: approval.requestId, sessionId: session.id, statementId, asker: session.principal };
  const labelChange = await ports.labelChanges.follow(session.resource.name, flows, cause);
  return labelChange === null ? admission : { ...admission, labelChange };
}

/** It failed, so what it would have written is not there. */
function takeLabelsBack({ ports, session }: SessionContext, { labelChange }: { readonly labelChange?: string }): void {
  if (labelChange === undefined) return;
  ports.labelChanges.undo(labelChange, 'the statement failed').catch((error: unknown) => {
    // The labels stay, which is the safe side; what cannot be recorded may not go on.
    session.end(`labels could not be taken back: ${error instanceof Error ? error.message : String(error)}`);
  });
}

const RUN_DEFERRED: ReadonlySet<string> = new Set(['TransactionStmt', 'ConstraintsSetStmt']);

function runsDeferred(understanding: Understanding): boolean {
  return understanding.kind === 'opaque' || RUN_DEFERRED.has(understanding.facts.statementKind);
}

function resultRule(
  context: SessionContext,
  { plan, bind }: Opened,
  decision: Decision,
  statementId: number,
): ResultRule | null {
  const rule = plan.resultRule(decision, bind, context.ports.masks);
  if (rule?.kind === 'rows')
    context.session.recording.resultStarted(statementId, recordedColumns(plan.facts.columns ?? [], rule.plan));
  return rule;
}

type RecordedColumns = Parameters<Recording['resultStarted']>[1];

/** What the recording says of a result, by the columns of its plan: the same array at each run. */
const RECORDED = new WeakMap<
  readonly FieldDescription[],
  { readonly under: MaskPlan; readonly columns: RecordedColumns }
>();

function recordedColumns(columns: readonly FieldDescription[], under: MaskPlan): RecordedColumns {
  const known = RECORDED.get(columns);
  if (known?.under === under) return known.columns;
  const recorded = columns.map((column, index) => ({
    name: column.name,
    typeOid: column.typeOid,
    masked: under.masks[index] !== null,
  }));
  RECORDED.set(columns, { under, columns: recorded });
  return recorded;
}

function recordOutcome(context: SessionContext, statementId: number, outcome: Outcome, startedUs: number): void {
  const recording = complete(
    context.session,
    statementId,
    {
      tag: outcome.tag,
      rows: outcome.rows,
      maskedCells: outcome.maskedCells,
      durationUs: Math.round(nowUs() - startedUs),
      error: outcome.error,
    },
    context.ports,
  );
  recording?.catch((error: unknown) => {
    // What cannot be recorded may not go on.
    context.session.end(`the record cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
}

/** Tells a held client what it waits for, and for whom. */
function holdNotice(request: RequestView): Buffer {
  const reason = request.reasons.find((candidate) => candidate.effect === 'hold');
  return notice(
    `held for approval as request ${request.id}: ${reason?.message ?? 'policy asks for a second person'}`,
    `another person decides with: sluice requests approve ${request.id}`,
  );
}
function nowUs(): number {
  return performance.now() * 1_000;
}
