/**
 * A session's statements as its entries of the log and its recording tell them. The gateway reads these from its files, a
 * client from a session's bundle; both show the same.
 */
import { z } from 'zod';
import type { RequestHistory, StatementOutcome, StatementView } from './api.ts';
import type { RequestRecord, StatementId } from './request-history.ts';
import { EffectSchema, FlowViewSchema, OUTCOME_UNKNOWN, ReasonSchema } from './vocabulary.ts';

/** What of `statement.decided` the timeline shows. */
export const DecidedFactsSchema = z.object({
  statementId: z.number().int(),
  text: z.string(),
  effect: EffectSchema,
  reasons: z.array(ReasonSchema).readonly(),
  flows: z.array(FlowViewSchema).readonly(),
  requestId: z.string().nullable(),
});
export type DecidedFacts = z.infer<typeof DecidedFactsSchema>;

/** What of `statement.completed` the timeline shows. Times in microseconds. */
export const CompletedFactsSchema = z.object({
  statementId: z.number().int(),
  tag: z.string(),
  rows: z.number().int(),
  maskedCells: z.number().int(),
  durationUs: z.number().int(),
  error: z.string().nullable(),
});
export type CompletedFacts = z.infer<typeof CompletedFactsSchema>;

/** What a recording has of a statement. */
export type SeenStatement = {
  readonly columns: readonly { readonly name: string; readonly masked: boolean }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** More went out than `rows` holds, or a cell was cut. */
  readonly truncated: boolean;
  /** False when the session was cut off while the statement ran. */
  readonly ended: boolean;
};

/** Where an entry stands in the log, and when it was written, microseconds since 1970. */
export type EntryPlace = { readonly sequence: number; readonly atUs: number };

/** Command tags whose row count is that of an answer, not of rows changed. */
const RETURNS_ROWS = /^(SELECT|FETCH|COPY)/;

/** Builds the views, from entries in the order of the log. */
export class Timeline {
  readonly #views = new Map<number, StatementView>();

  /** Decided more than once (at Execute, or once approved): the last decision stands. */
  decided(facts: DecidedFacts, { sequence, atUs }: EntryPlace, seen: SeenStatement | undefined): void {
    const { statementId, text, effect, reasons, flows } = facts;
    this.#views.set(statementId, {
      ...{ statementId, at: toInstant(atUs), text, effect, reasons: [...reasons], flows: [...flows] },
      requestId: facts.requestId ?? this.#views.get(statementId)?.requestId ?? null,
      ...{ tag: null, rows: 0, maskedCells: 0, durationUs: null, error: null },
      columns: (seen?.columns ?? []).map(({ name, masked }) => ({ name, masked })),
      seen: (seen?.rows ?? []).map((cells) => [...cells]),
      truncated: seen !== undefined && (seen.truncated || !seen.ended),
      ...{ decidedEntry: sequence, completedEntry: null, request: null },
    });
  }

  completed(facts: CompletedFacts, completedEntry: number): void {
    const view = this.#views.get(facts.statementId);
    if (view === undefined) return;
    const { tag, rows, maskedCells, durationUs, error } = facts;
    // Without any recording of them, rows that went out are rows that are missing here.
    const isUnrecorded = view.columns.length === 0 && view.seen.length === 0 && rows > 0 && RETURNS_ROWS.test(tag);
    const truncated = view.truncated || isUnrecorded;
    const ended = { completedEntry, tag, rows, maskedCells, durationUs, error, truncated };
    this.#views.set(facts.statementId, { ...view, ...ended });
  }

  /** By statement id, without what became of them. */
  views(): StatementView[] {
    return [...this.#views.values()].sort((a, b) => a.statementId - b.statementId);
  }
}

/** A view with what became of its statement. `request`: of one that was held. */
export function settledView(
  view: StatementView,
  sessionId: string,
  facts: {
    readonly request: RequestRecord | null;
    readonly history: RequestHistory | null;
    readonly sessionIsOver: boolean;
  },
): StatementView {
  const end = view.completedEntry === null ? null : view;
  return { ...view, outcome: outcomeOf({ ...view, sessionId }, end, facts), request: facts.history };
}

/**
 * What became of a statement. `request`: of one that was held. `sessionIsOver`: nothing more will be written of it. That
 * nothing says how it ended is an answer too: it may have taken effect, and only the database can tell.
 */
export function outcomeOf(
  statement: StatementId & Pick<DecidedFacts, 'effect'>,
  end: { readonly error: string | null } | null,
  { request, sessionIsOver }: { readonly request: RequestRecord | null; readonly sessionIsOver: boolean },
): StatementOutcome {
  if (end !== null) return outcomeOfRun(end, sessionIsOver);
  if (statement.effect === 'refuse') return 'refused';
  const isWaiting = statement.effect === 'hold' && !isUsedBy(request, statement);
  if (!isWaiting) return outcomeOfRun(null, sessionIsOver);
  return request?.outcome === 'denied' || request?.outcome === 'expired' ? request.outcome : 'held';
}

/** Of a statement that was let run. */
export function outcomeOfRun(end: { readonly error: string | null } | null, sessionIsOver: boolean): StatementOutcome {
  if (end === null) return sessionIsOver ? 'unknown' : 'running';
  if (end.error === null) return 'ran';
  return end.error === OUTCOME_UNKNOWN ? 'unknown' : 'failed';
}

function isUsedBy(request: RequestRecord | null, { sessionId, statementId }: StatementId): boolean {
  return request?.usedBy?.sessionId === sessionId && request.usedBy.statementId === statementId;
}

/** Microseconds since 1970 as an instant of whole milliseconds. */
export function toInstant(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1000)).toISOString();
}
