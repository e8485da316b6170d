/**
 * What an entry means for the index. Pure: the same log always gives the same tables.
 */
import { labelRank } from '@sluice/contract/vocabulary';
import type { IndexChange } from '../store/sqlite-index-writer.ts';
import type { StoredEntry } from './log.ts';

/** Steps for the index, in order; none for entries that it does not show. */
export function project(stored: StoredEntry): readonly IndexChange[] {
  const { entry, atUs } = stored;
  switch (entry.kind) {
    case 'gateway.started':
      return [
        {
          kind: 'sessions-interrupted',
          interrupted: { closed_at_us: atUs, close_reason: 'the gateway stopped without closing the session' },
        },
      ];
    case 'session.opened': {
      const { sessionId, principal } = entry;
      const parties = new Set([principal.id, ...principal.chain.map((actor) => actor.id)]);
      return [
        {
          kind: 'session-opened',
          session: {
            session_id: sessionId,
            principal_id: principal.id,
            principal_json: JSON.stringify(principal),
            resource: entry.resource,
            protocol: entry.protocol,
            application: entry.application,
            from_address: entry.from,
            via: entry.via,
            opened_at_us: atUs,
          },
        },
        ...[...parties].map((id): IndexChange => {
          return { kind: 'session-party', party: { principal_id: id, opened_at_us: atUs, session_id: sessionId } };
        }),
      ];
    }
    case 'session.closed':
      return [
        {
          kind: 'session-closed',
          session: { session_id: entry.sessionId, closed_at_us: atUs, close_reason: entry.reason },
        },
      ];
    case 'statement.decided':
      return [
        {
          kind: 'statement-decided',
          statement: {
            session_id: entry.sessionId,
            statement_id: entry.statementId,
            sequence: stored.sequence,
            segment: stored.segment,
            segment_offset: stored.offset,
            at_us: atUs,
            effect: entry.effect,
            statement_kind: entry.statementKind,
            label_rank: labelRank(entry.highestLabel),
            request_id: entry.requestId,
          },
        },
      ];
    case 'statement.completed':
      return [
        {
          kind: 'statement-completed',
          outcome: {
            session_id: entry.sessionId,
            statement_id: entry.statementId,
            tag: entry.tag,
            rows: entry.rows,
            masked_cells: entry.maskedCells,
            duration_us: entry.durationUs,
            error: entry.error,
          },
        },
      ];
    default:
      return [];
  }
}
