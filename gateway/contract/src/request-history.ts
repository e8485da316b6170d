/**
 * What came of an approval request, from its entries of the log. The gateway reads them from its index, a client from a
 * session's bundle; both say the same.
 */
import { z } from 'zod';
import type { RequestDecision, RequestOutcome } from './api.ts';
import { PrincipalSchema } from './vocabulary.ts';

/** What of these entries tells the history; they hold more. */
export const RequestEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request.created'),
    ...{ requestId: z.string(), sessionId: z.string(), statementId: z.number().int() },
  }),
  z.object({
    kind: z.literal('request.decided'),
    ...{ requestId: z.string(), decision: z.enum(['approved', 'denied']), by: PrincipalSchema, note: z.string() },
  }),
  z.object({ kind: z.literal('request.approved'), requestId: z.string() }),
  z.object({ kind: z.literal('request.expired'), requestId: z.string() }),
  z.object({
    kind: z.literal('request.consumed'),
    ...{ requestId: z.string(), sessionId: z.string(), statementId: z.number().int() },
  }),
]);
export type RequestEntry = z.infer<typeof RequestEntrySchema>;
export type ReadRequestEntry = { readonly sequence: number; readonly atMs: number; readonly entry: RequestEntry };

/** A statement of a session. */
export type StatementId = { readonly sessionId: string; readonly statementId: number };

export type RequestRecord = {
  readonly created: { readonly sequence: number; readonly atMs: number; readonly by: StatementId };
  readonly decisions: readonly RequestDecision[];
  readonly outcome: RequestOutcome;
  /** The entry that made it so; null while it is pending. */
  readonly outcomeEntry: number | null;
  /** From the hold to the last decision, or its expiry; null while it is pending. */
  readonly waitedMs: number | null;
  /** The statement that used the approval: it need not be the one that asked. */
  readonly usedBy: StatementId | null;
};

/** `entries` of one request in the order of the log; null when its beginning is not among them. */
export function requestRecord(entries: readonly ReadRequestEntry[]): RequestRecord | null {
  const created = entries[0];
  if (created?.entry.kind !== 'request.created') return null;
  const since = created.atMs;
  const decisions = entries.flatMap(({ sequence, atMs, entry }): RequestDecision[] => {
    if (entry.kind !== 'request.decided') return [];
    const { id, kind, name } = entry.by;
    const when = { sequence, at: new Date(atMs).toISOString(), waitedMs: atMs - since };
    return [{ ...when, by: { id, kind, name }, decision: entry.decision, note: entry.note }];
  });
  const expiredAtMs = entries.find(({ entry }) => entry.kind === 'request.expired')?.atMs;
  const settledMs = decisions.at(-1)?.waitedMs ?? (expiredAtMs === undefined ? null : expiredAtMs - since);
  const end = endOf(entries);
  const { sessionId, statementId } = created.entry;
  return {
    ...{ created: { sequence: created.sequence, atMs: since, by: { sessionId, statementId } }, decisions },
    outcome: end?.outcome ?? 'pending',
    outcomeEntry: end?.sequence ?? null,
    waitedMs: end === null ? null : settledMs,
    usedBy: end?.usedBy ?? null,
  };
}

type End = { readonly outcome: RequestOutcome; readonly sequence: number; readonly usedBy: StatementId | null };

/** The last entry that settles something. A single yes of several settles nothing. */
function endOf(entries: readonly ReadRequestEntry[]): End | null {
  for (const { sequence, entry } of entries.toReversed()) {
    if (entry.kind === 'request.consumed') {
      const { sessionId, statementId } = entry;
      return { outcome: 'consumed', sequence, usedBy: { sessionId, statementId } };
    }
    if (entry.kind === 'request.expired') return { outcome: 'expired', sequence, usedBy: null };
    if (entry.kind === 'request.approved') return { outcome: 'approved', sequence, usedBy: null };
    if (entry.kind === 'request.decided' && entry.decision === 'denied')
      return { outcome: 'denied', sequence, usedBy: null };
  }
  return null;
}
