/**
 * What an entry means for the index. Pure: the same log always gives the same tables.
 */
import { labelRank } from '@sluice/contract/vocabulary';
import type { IndexChange } from '../store/sqlite-index-writer.ts';
import { columnUsesOf, encodeUses, type UsePlace } from './column-uses.ts';
import type { DurableBlock, StoredEntry } from './log-options.ts';
import { encodePlaces, type StatementPlace } from './statement-places.ts';
import type { LogHead } from './verify.ts';

/**
 * Collects blocks of the log for one write of the index. Keeps of a statement only where it lies: the entries
 * themselves are let go.
 */
/** Raised when there are more tables to project into: a store that an older gateway filled is filled again. */
export const PROJECTION = 3;

export class Projection {
  #uses: ColumnUsed[] = [];
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

  /**
   * Steps for the index, in order: sessions first, then one step for the statements of each session. Null when empty.
   * `columnChanges` gives the steps for columns, once it is known on which resource each of `sessionIds` is.
   */
  take(): TakenProjection | null {
    const head = this.#head;
    if (head === null) return null;
    const changes = [...this.#sessions, ...[...this.#statements].map(([id, session]) => recorded(id, session))];
    const uses = this.#uses;
    this.clear();
    return {
      changes,
      head,
      sessionIds: new Set(uses.map(({ sessionId }) => sessionId)),
      columnChanges: (resources) => columnChanges(uses, resources),
    };
  }

  clear(): void {
    this.#sessions = [];
    this.#statements = new Map();
    this.#uses = [];
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
    if (entry.kind !== 'statement.decided') return;
    session.rank = Math.max(session.rank, labelRank(entry.highestLabel));
    const { sequence, segment, offset, atUs } = stored;
    for (const [column, uses] of columnUsesOf(entry))
      this.#uses.push({ sessionId: entry.sessionId, atUs, column, place: { sequence, segment, offset, uses } });
  }
}

export type TakenProjection = {
  readonly changes: readonly IndexChange[];
  readonly head: LogHead;
  /** Sessions whose resource `columnChanges` asks for. */
  readonly sessionIds: ReadonlySet<string>;
  readonly columnChanges: (resources: ReadonlyMap<string, string>) => readonly IndexChange[];
};

type ColumnUsed = {
  readonly sessionId: string;
  readonly atUs: number;
  readonly column: string;
  readonly place: UsePlace;
};

/** One row a resource and column. Uses of a session that nobody opened belong to the resource ''. */
function columnChanges(uses: readonly ColumnUsed[], resources: ReadonlyMap<string, string>): readonly IndexChange[] {
  const byColumn = Map.groupBy(uses, ({ sessionId, column }) =>
    JSON.stringify([resources.get(sessionId) ?? '', column]),
  );
  return [...byColumn.values()].flatMap((members): IndexChange[] => {
    const [first] = members;
    const last = members.at(-1);
    if (first === undefined || last === undefined) return [];
    let bits = 0;
    let firstAtUs = first.atUs;
    let lastAtUs = first.atUs;
    for (const { place, atUs } of members) {
      bits |= place.uses;
      firstAtUs = Math.min(firstAtUs, atUs);
      lastAtUs = Math.max(lastAtUs, atUs);
    }
    return [
      {
        kind: 'column-used',
        used: {
          resource: resources.get(first.sessionId) ?? '',
          column_name: first.column,
          first_sequence: first.place.sequence,
          last_sequence: last.place.sequence,
          first_at_us: firstAtUs,
          last_at_us: lastAtUs,
          uses: bits,
          places: encodeUses(members.map(({ place }) => place)),
        },
      },
    ];
  });
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
          interrupted: {
            closed_at_us: atUs,
            close_reason: 'the gateway stopped without closing the session',
            closed_sequence: stored.sequence,
          },
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
            opened_sequence: stored.sequence,
            workflow: entry.workflow ?? null,
            plan_json: entry.plan === undefined ? null : JSON.stringify(entry.plan),
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
          session: {
            session_id: entry.sessionId,
            closed_at_us: atUs,
            close_reason: entry.reason,
            closed_sequence: stored.sequence,
          },
        },
      ];
    case 'request.created':
    case 'request.decided':
    case 'request.approved':
    case 'request.expired':
    case 'request.consumed': {
      const { kind, requestId } = entry;
      const sessionId = entry.kind === 'request.created' ? entry.sessionId : null;
      const { sequence } = stored;
      return [
        {
          kind: 'request-recorded',
          recorded: {
            sequence,
            at_us: atUs,
            request_id: requestId,
            session_id: sessionId,
            kind,
            entry_json: JSON.stringify(entry),
          },
        },
      ];
    }
    case 'session.expired':
      return [
        {
          kind: 'session-expired',
          session: { session_id: entry.sessionId, expired_at_us: atUs, expired_sequence: stored.sequence },
        },
      ];
    case 'hold.placed': {
      const { holdId, on, by, reason } = entry;
      const hold = {
        hold_id: holdId,
        ...on,
        by_json: JSON.stringify(by),
        reason,
        placed_at_us: atUs,
        placed_sequence: stored.sequence,
      };
      return [{ kind: 'hold-placed', hold }];
    }
    case 'hold.lifted':
      return [{ kind: 'hold-lifted', hold: { hold_id: entry.holdId, lifted_at_us: atUs } }];
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
