import type { SluiceError } from '@sluice/contract/errors';
import { OUTCOME_UNKNOWN } from '@sluice/contract/vocabulary';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import type { ResultRule } from '../../protocol/postgres/rewrite.ts';
import { type Admission, complete } from '../../session/pipeline.ts';
import type { Understanding } from '../../session/understanding.ts';
import { applyEffects } from './apply-effects.ts';
import { checkDescription } from './check-description.ts';
import { copiedValues } from './copied-values.ts';
import type { Executed, Outcome } from './exchange.ts';
import type { Opened } from './names.ts';
import { heldBackBy, type Plan, type Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';
import { withShownCells, withShownCopy } from './shown-cells.ts';

/** What an admission says that matters once its statement runs. */
export type Admitted = Pick<Extract<Admission, { kind: 'run' }>, 'statementId' | 'decision' | 'labelChange'>;

/** How an admitted statement is executed. */
export type Execution = {
  readonly portal: string;
  readonly maxRows: number;
  readonly simple: boolean;
  /** Of one statement of several: see `Exchange`. */
  readonly charactersBefore?: (() => number) | undefined;
  readonly onCopyIn?: () => void;
  /** See `Executed`. */
  readonly commitsFirst?: boolean;
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

/** An admitted statement from its Execute on, until the server has said what came of it. */
export class RunningStatement implements Executed {
  readonly kind = 'execute';
  readonly audience: 'client' | 'gateway';
  readonly sensitive: boolean;
  readonly printsRows: boolean;
  readonly runsDeferred: boolean;
  readonly holdsBack: boolean;
  readonly commitsFirst: boolean;
  readonly charactersBefore: (() => number) | undefined;
  /** Null: its rows are not recorded, and not the client's as rows. */
  readonly statementId: number | null;
  readonly onEnd: ((message: Buffer) => void) | undefined;
  readonly onRowDescription: Executed['onRowDescription'];
  readonly #context: SessionContext;
  readonly #plan: Plan;
  readonly #understood: Understood;
  readonly #bind: BindMessage | null;
  readonly #admitted: Admitted;
  readonly #execution: Execution;
  readonly #confirmed: () => void;
  readonly #startedUs: number;

  constructor(context: SessionContext, opened: Opened, admitted: Admitted, execution: Execution) {
    const { plan, understood } = opened;
    this.#context = context;
    this.#plan = plan;
    this.#understood = understood;
    this.#bind = opened.bind;
    this.#admitted = admitted;
    this.#execution = execution;
    this.audience = execution.onValue === undefined ? 'client' : 'gateway';
    this.sensitive = understood.sensitive;
    this.printsRows = understood.printsRows;
    this.runsDeferred = runsDeferred(understood.understanding);
    this.holdsBack = heldBackBy(admitted.decision, []) !== null;
    this.commitsFirst = execution.commitsFirst === true;
    this.charactersBefore = execution.charactersBefore;
    this.statementId = execution.onValue === undefined ? admitted.statementId : null;
    const { bound, queryText } = execution;
    this.onEnd = bound === undefined ? undefined : (message) => bound.message(message);
    this.onRowDescription =
      queryText === undefined
        ? undefined
        : (source, start, end) => checkDescription(context, opened, [], source, start, end);
    this.#confirmed = context.effectsAsked(plan.facts.effects);
    context.noteExecuted();
    this.#startedUs = nowUs();
    context.nested.executed(understood.flows);
  }

  brokenOff(): SluiceError | undefined {
    return this.#plan.facts.copyIn ? this.#context.copyIn.refusal : undefined;
  }

  rule(): ResultRule | null {
    if (this.#execution.onValue !== undefined) return { kind: 'collect', columns: 1 };
    const { ports, session } = this.#context;
    const rule = this.#plan.resultRule(this.#admitted.decision, this.#bind, ports.masks);
    if (rule?.kind === 'rows') {
      const columns = this.#plan.recordedColumns(rule.plan);
      session.recording.resultStarted(this.#admitted.statementId, columns);
      return withShownCells(this.#context, this.#plan, this.#understood, this.#admitted.decision, this.#bind, rule);
    }
    return rule?.kind === 'copy'
      ? withShownCopy(this.#context, this.#plan, this.#understood, this.#admitted.decision, rule)
      : rule;
  }

  /** Of FunctionCall. */
  onRow([cell]: readonly (Buffer | null)[]): void {
    this.#execution.onValue?.(cell ?? null);
  }

  onTree(tree: string): void {
    this.#plan.expectTree(tree, this.#understood);
  }

  onNestedTree(tree: string): void {
    const { nested } = this.#context;
    if (this.runsDeferred) nested.deferred(tree);
    else nested.during(this.#understood.flows, tree);
  }

  onCopy(direction: 'in' | 'out'): void {
    if (direction === 'out') return;
    const values = copiedValues(this.#context, this.#plan, this.#understood);
    this.#context.copyIn.start(this.#execution.simple, values);
    this.#execution.onCopyIn?.();
  }

  onOutcome(outcome: Outcome): void {
    const { bound } = this.#execution;
    if (bound === undefined) this.#settle(outcome);
    else bound.outcome(outcome, (settled) => this.#settle(settled));
  }

  #settle(outcome: Outcome): void {
    this.#confirmed();
    if (outcome.error === null) {
      // Also of a suspended portal: what it has done so far is done.
      applyEffects(this.#context, this.#plan, outcome.tag);
    } else if (outcome.error !== OUTCOME_UNKNOWN) takeLabelsBack(this.#context, this.#admitted);
    const { copyIn } = this.#context;
    if (copyIn.isRunning) copyIn.ended();
    recordOutcome(this.#context, this.#admitted.statementId, outcome, this.#startedUs);
  }
}

/** It failed, so what it would have written is not there. */
function takeLabelsBack({ ports, session }: SessionContext, { labelChange }: Admitted): void {
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

/** Records what became of a statement that was admitted and began at `startedUs`. */
export function recordOutcome(context: SessionContext, statementId: number, outcome: Outcome, startedUs: number): void {
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

export function nowUs(): number {
  return performance.now() * 1_000;
}
