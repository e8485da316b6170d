import { isDeepStrictEqual } from 'node:util';
import { ERRORS, SluiceError } from '@sluice/contract/errors';
import type { Flows } from '../../analysis/flows.ts';
import type { RequestView } from '../../approval/request.ts';
import type { Decision } from '../../policy/decision.ts';
import { encodeParameterStatus } from '../../protocol/postgres/backend-encode.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { type Admission, admit, admitAtOnce, type Statement } from '../../session/pipeline.ts';
import type { Understanding } from '../../session/understanding.ts';
import { boundStatement } from './bind-statement.ts';
import { HOLD_LIFE_SIGN_MS } from './bounds.ts';
import { understoodWithValues } from './carried-values.ts';
import { explain } from './explanation.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Opened } from './names.ts';
import { notice } from './reports.ts';
import { countsRows } from './row-bound.ts';
import { type Admitted, type Execution, nowUs, RunningStatement, recordOutcome } from './running-statement.ts';
import type { SessionContext } from './session-context.ts';
import { withClientSettings } from './settings-window.ts';

/** `SET sluice.reason = '…'`: what the asker says about its statements, shown to approvers as a quotation. */
const REASON_SETTING = 'sluice.reason';
/** Characters of it that are kept. */
const MAX_REASON_CHARACTERS = 2_000;

/** How a statement waits without keeping others from tables that it has only been looked at with. */
export type Unlocked = {
  /** Understands the plan as things are now, and takes its locks. False when the client has been told why not. */
  readonly renew: () => Promise<boolean>;
};

/**
 * A Sync of ours, by which locks are let go and portals lost. Only where the client has executed nothing since the last:
 * then it commits nothing. False inside a transaction block, and where the client's messages are skipped up to Sync.
 */
export async function endedQuietly(context: SessionContext): Promise<boolean> {
  const { link } = context;
  // Only once everything is answered it is certain that no transaction is open.
  link.ask(encodeFrontend({ kind: 'Flush' }));
  await link.settled();
  if (context.inTransaction || link.skipping) return false;
  await link.quietly(() => Promise.resolve());
  context.nothingBound();
  return true;
}

/**
 * Asks the pipeline about a plan that is about to run. Holds happen here: the client's later messages wait.
 * `resumes`: its portal was admitted before and goes on where it stopped. `text`: as the client sent it, where that is not
 * the text of the plan; only of a statement that is not held. `unlocked`: no portal that the client still needs is lost
 * with a Sync, so it may be held without its locks.
 */
export async function admitPlan(
  context: SessionContext,
  opened: Opened,
  {
    resumes = false,
    text = opened.plan.text,
    unlocked = null,
  }: { readonly resumes?: boolean; readonly text?: string; readonly unlocked?: Unlocked | null } = {},
): Promise<Admission> {
  const { session, ports, link } = context;
  const values = understoodWithValues(context, opened);
  let lifeSigns: NodeJS.Timeout | null = null;
  let isUnlocked = false;
  const statement: Statement = {
    text,
    ...(text === opened.plan.text ? {} : { fingerprint: fingerprintOf(text) }),
    understand: () => values.understanding,
    bind: () => boundStatement(context, opened),
    countsRows: countsRows(opened.understood.understanding),
    quotation: () => context.setting(REASON_SETTING)?.slice(0, MAX_REASON_CHARACTERS) ?? null,
    preview: () => ports.preview(context, opened),
    announceHold: (request) => {
      context.holding = true;
      link.interject(holdNotice(request));
      lifeSigns = setInterval(() => link.interject(LIFE_SIGN), HOLD_LIFE_SIGN_MS);
    },
    letGo: async () => {
      // What runs as it was bound stays bound.
      if (unlocked === null || opened.understood.restsOn === 'unannounced') return;
      isUnlocked = await endedQuietly(context);
    },
    takeUp: async () => (isUnlocked && unlocked !== null ? await takeUp(context, opened, unlocked) : null),
    explain: (decision) => explain(context, decision),
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
    return await labelled(context, values.flows, admission);
  } finally {
    context.holding = false;
    if (lifeSigns !== null) clearInterval(lifeSigns);
  }
}

/** Null when the statement is what it was when it was decided about; its locks are held from here on. */
async function takeUp(context: SessionContext, opened: Opened, { renew }: Unlocked): Promise<SluiceError | null> {
  const { plan } = opened;
  const before = opened.understood;
  context.noteTransactionStart();
  const isThere = await renew();
  if (plan.missing !== null) return plan.missing;
  const { understood } = plan;
  if (
    !isThere ||
    understood.treeHash !== before.treeHash ||
    !isDeepStrictEqual(understood.understanding, before.understanding)
  )
    return new SluiceError('REQUEST_STATE', 'definitions changed while the statement was held, so it was not run', {
      remedy: 'run it again: it is decided about as it is now',
    });
  opened.understood = understood;
  return null;
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
  if (context.cancelRequested) return null;
  const admission = admitAtOnce(new StatementAtOnce(context, opened, text), session, ports);
  if (admission !== null) context.noteStaged();
  return admission;
}

class StatementAtOnce {
  readonly text: string;
  readonly #context: SessionContext;
  readonly #opened: Opened;

  constructor(context: SessionContext, opened: Opened, text: string) {
    this.text = text;
    this.#context = context;
    this.#opened = opened;
  }

  get fingerprint(): string | undefined {
    return this.text === this.#opened.plan.text ? undefined : fingerprintOf(this.text);
  }

  understand(): Understanding {
    return understoodWithValues(this.#context, this.#opened).understanding;
  }

  explain(decision: Decision): void {
    explain(this.#context, decision);
  }
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
export function executePlan(context: SessionContext, opened: Opened, admitted: Admitted, execution: Execution): void {
  const { link, session } = context;
  const { plan, understood } = opened;
  const running = new RunningStatement(context, opened, admitted, execution);
  if (execution.queryText !== undefined) {
    // A Query takes the place of whatever the server's unnamed statement held.
    context.unnamedPlan = null;
    link.send({ kind: 'Query', text: execution.queryText }, running, context.syncExchange());
  } else if (
    context.upstream.oracle === 'notices' &&
    plan.facts.reads.settings &&
    !plan.facts.writes &&
    understood.restsOn === 'tree'
  )
    withClientSettings(context, () => sendExecute(context, running, execution));
  else sendExecute(context, running, execution);
  session.touched(understood.understanding.kind === 'understood' ? understood.understanding.highestLabel : 'internal');
}

function sendExecute({ link }: SessionContext, running: RunningStatement, { portal, maxRows }: Execution): void {
  link.send({ kind: 'Execute', portal, maxRows }, running);
}

/** Labels what an approved statement is about to write, before it is sent. */
async function labelled(
  { ports, session }: SessionContext,
  flows: Flows | null,
  admission: Extract<Admission, { kind: 'run' }>,
): Promise<Admission> {
  const { approval, statementId } = admission;
  if (approval === undefined || flows === null) return admission;
  const cause = { requestId: approval.requestId, sessionId: session.id, statementId, asker: session.principal };
  const labelChange = await ports.labelChanges.follow(session.resource.name, flows, cause);
  return labelChange === null ? admission : { ...admission, labelChange };
}

/** Tells a held client what it waits for, and for whom. */
function holdNotice(request: RequestView): Buffer {
  const reason = request.reasons.find((candidate) => candidate.effect === 'hold');
  return notice(
    `held for approval as request ${request.id}: ${reason?.message ?? 'policy asks for a second person'}`,
    `another person decides with: sluice requests approve ${request.id}`,
  );
}
