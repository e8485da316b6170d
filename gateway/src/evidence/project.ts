/**
 * What an entry means for the index. Pure: the same log always gives the same tables.
 */
import { labelRank } from '@sluice/contract/vocabulary';
import type { IndexChange } from '../store/sqlite-index-writer.ts';
import type { DurableBlock, StoredEntry } from './log-options.ts';
import { encodePlaces, type StatementPlace } from './statement-places.ts';
import type { LogHead } from './verify.ts';

/**
 * Collects blocks of the log for one write of the index. Keeps of a statement only where it lies: the entries
 * themselves are let go.
 */
export class Projection {
  #sessions: IndexChange[] = [];
  #statements = new Map<string, SessionStatements>();
  #entries = 0;
  #head: LogHead | null = null;

  /** Entries collected. */
  get entries(): number {
    return this.#entries;
  }

  add(block: DurableBlock): void {
    for (const stored of block.entries) this.#addEntry(stored);
    this.#entries += block.entries.length;
    this.#head = block.head;
  }

  /** Steps for the index, in order: sessions first, then one step for the statements of each session. Null when empty. */
  take(): { readonly changes: readonly IndexChange[]; readonly head: LogHead } | null {
    const head = this.#head;
    if (head === null) return null;
    const changes = [...this.#sessions, ...[...this.#statements].map(([id, session]) => recorded(id, session))];
    this.clear();
    return { changes, head };
  }

  clear(): void {
    this.#sessions = [];
    this.#statements = new Map();
    this.#entries = 0;
    this.#head = null;
  }

  #addEntry(stored: StoredEntry): void {
    const { entry } = stored;
    if (entry.kind !== 'statement.decided' && entry.kind !== 'statement.completed') {
      this.#sessions.push(...projectSession(stored));
      return;
    }
    let session = this.#statements.get(entry.sessionId);
    if (session === undefined) {
      session = { places: [], firstSequence: stored.sequence, rank: 0 };
      this.#statements.set(entry.sessionId, session);
    }
    session.places.push({ statementId: entry.statementId, segment: stored.segment, offset: stored.offset });
    if (entry.kind === 'statement.decided') session.rank = Math.max(session.rank, labelRank(entry.highestLabel));
  }
}

type SessionStatements = { readonly places: StatementPlace[]; readonly firstSequence: number; rank: number };

function recorded(sessionId: string, session: SessionStatements): IndexChange {
  const { first, last, bytes } = encodePlaces(session.places);
  return {
    kind: 'statements-recorded',
    statements: {
      session_id: sessionId,
      first_sequence: session.firstSequence,
      first_statement: first,
      last_statement: last,
      places: bytes,
      label_rank: session.rank,
    },
  };
}

/** Steps for one entry; none for entries that the index does not show. */
function projectSession(stored: StoredEntry): readonly IndexChange[] {
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
    case 'workflow.flows-first-seen':
    case 'workflow.proposed':
    case 'workflow.proposal-decided':
    case 'workflow.baseline-revoked':
    case 'plan.submitted': {
      const { kind, workflow, resource } = entry;
      const { sequence } = stored;
      return [
        {
          kind: 'workflow-recorded',
          recorded: { sequence, kind, workflow, resource, entry_json: JSON.stringify(entry) },
        },
      ];
    }
    default:
      return [];
  }
}
