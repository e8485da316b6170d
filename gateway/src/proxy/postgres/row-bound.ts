import { ERRORS, SluiceError } from '@sluice/contract/errors';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import type { Admission } from '../../session/pipeline.ts';
import type { Understanding } from '../../session/understanding.ts';
import type { Outcome } from './exchange.ts';
import type { Execution } from './running-statement.ts';
import type { SessionContext } from './session-context.ts';
import { QuestionFailed } from './session-fact-source.ts';

/** Statements whose rows the server counts: in the tag, or in its statistics of the transaction. */
const COUNTED: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CreateTableAsStmt',
  'CopyStmt',
  'ExecuteStmt',
]);

export function countsRows(understanding: Understanding): boolean {
  return understanding.kind === 'understood' && COUNTED.has(understanding.facts.statementKind);
}

/**
 * Rows of users' tables that this transaction has inserted, updated and deleted so far: what triggers, cascades and CTEs
 * did is in it, also what was undone by a savepoint.
 */
const CHANGED_SO_FAR =
  'SELECT COALESCE(pg_catalog.sum(n_tup_ins OPERATOR(pg_catalog.+) n_tup_upd OPERATOR(pg_catalog.+) n_tup_del), 0), ' +
  "pg_catalog.current_setting('track_counts') FROM pg_catalog.pg_stat_xact_user_tables";

/**
 * The bound of an approval on rows: the statement runs, and before anybody is told what came of it, it is counted what has
 * been changed. Too much is an error like any other: the server rolls back what an error rolls back, to the client's
 * savepoint or its transaction, or all of it where the client has opened none. docs/approvals.md.
 */
export class RowBound {
  readonly #context: SessionContext;
  readonly #approval: { readonly requestId: string; readonly rowBound: number };
  #before = 0;
  #outcome: { readonly outcome: Outcome; readonly settle: (outcome: Outcome) => void } | null = null;
  #message: Buffer | null = null;

  constructor(context: SessionContext, approval: { readonly requestId: string; readonly rowBound: number }) {
    this.#context = context;
    this.#approval = approval;
  }

  /** To be called before the statement is executed. False: it cannot be counted, and the client was told. */
  async begin(): Promise<boolean> {
    const before = await this.#changedSoFar();
    if (before === null) return false;
    this.#before = before;
    return true;
  }

  /** What the execution has to report. */
  readonly hooks: NonNullable<Execution['bound']> = {
    outcome: (outcome, settle) => {
      if (outcome.error === null) this.#outcome = { outcome, settle };
      else settle(outcome);
    },
    message: (message) => {
      this.#message = message;
    },
  };

  /** Waits for the statement's end, and tells the client what came of it. */
  async settle(): Promise<void> {
    const { link } = this.#context;
    link.ask(encodeFrontend({ kind: 'Flush' }));
    await link.settled();
    if (this.#outcome === null || this.#message === null) return;
    const { outcome, settle } = this.#outcome;
    const now = await this.#changedSoFar();
    if (now === null) return settle({ ...outcome, error: ERRORS.HOLD_ROWS.sqlState });
    const rows = Math.max(now - this.#before, rowsOfTag(outcome.tag));
    const { requestId, rowBound } = this.#approval;
    if (rows <= rowBound) {
      settle(outcome);
      link.answer(this.#message);
      return;
    }
    settle({ ...outcome, error: ERRORS.HOLD_ROWS.sqlState });
    this.#context.refuse(
      new SluiceError(
        'HOLD_ROWS',
        `the statement changed ${rows} rows, and its approval ${requestId} allows ${rowBound}, so it was rolled back`,
        { facts: { requestId, rows, rowBound } },
      ),
    );
  }

  /** Null when the server does not say, and the client was told. */
  async #changedSoFar(): Promise<number | null> {
    try {
      const [[changed = null, tracked = null] = []] = await this.#context.factSource.rows(CHANGED_SO_FAR);
      if (changed !== null && tracked === 'on') return Number(changed);
      this.#context.refuse(
        new SluiceError(
          'HOLD_ROWS',
          'the database does not count the rows that statements change (track_counts is off)',
          {
            remedy: 'Ask the administrator of the database to set track_counts, or for an approval without a bound.',
          },
        ),
      );
      return null;
    } catch (error) {
      if (error instanceof QuestionFailed) return null;
      throw error;
    }
  }
}

/** The bound that goes with an admission, ready to count; null: there is none. `uncountable`: the client was told. */
export async function boundOf(
  context: SessionContext,
  { approval }: Extract<Admission, { kind: 'run' }>,
): Promise<RowBound | null | 'uncountable'> {
  if (approval === undefined || approval.rowBound === null) return null;
  const bound = new RowBound(context, { requestId: approval.requestId, rowBound: approval.rowBound });
  return (await bound.begin()) ? bound : 'uncountable';
}

const COUNTING_TAG = /^(?:INSERT 0|UPDATE|DELETE|MERGE|COPY) (\d+)$/;

/** Of what changes rows; the count of a SELECT is of rows that were read. Foreign tables are counted in no other place. */
function rowsOfTag(tag: string): number {
  return Number(COUNTING_TAG.exec(tag)?.[1] ?? 0);
}
