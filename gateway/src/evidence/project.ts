/**
 * What an entry means for the index. Pure: the same log always gives the same tables.
 */
import { labelRank } from '@sluice/contract/vocabulary';
import type { IndexChange } from '../store/sqlite-index-writer.ts';
import { columnUsesOf, PackedUses } from './column-uses.ts';
import type { Entry } from './entry.ts';
import type { DurableEntries, StoredEntry } from './log-options.ts';
import { PackedPlaces } from './statement-places.ts';
import type { LogHead } from './verify.ts';

/**
 * Collects blocks of the log for one write of the index. Keeps of a statement only where it lies: the entries
 * themselves are let go.
 */
/** Raised when there are more tables to project into: a store that an older gateway filled is filled again. */
export const PROJECTION = 5;

export class Projection {
  #sessions: IndexChange[] = [];
  #statements = new Map<string, SessionStatements>();
  #entries = 0;
  #head: LogHead | null = null;

  /** Entries collected. */
  get entries(): number {
    return this.#entries;
  }

  add(block: DurableEntries): void {
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
    const statements = this.#statements;
    this.clear();
    return {
      changes,
      head,
      sessionIds: new Set([...statements].flatMap(([id, { uses }]) => (uses.size === 0 ? [] : [id]))),
      columnChanges: (resources) => columnChanges(statements, resources),
    };
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
      session = { places: new PackedPlaces(), firstSequence: stored.sequence, rank: 0, uses: new Map() };
      this.#statements.set(entry.sessionId, session);
    }
    session.places.add(entry.statementId, stored.segment, stored.offset);
    if (entry.kind !== 'statement.decided') return;
    session.rank = Math.max(session.rank, labelRank(entry.highestLabel));
    const columns = columnUsesOf(entry);
    if (columns.size === 0) return;
    let uses = session.uses.get(columns);
    if (uses === undefined) {
      uses = new PackedUses();
      session.uses.set(columns, uses);
    }
    uses.add(stored.sequence, stored.atUs, stored);
  }
}

export type TakenProjection = {
  readonly changes: readonly IndexChange[];
  readonly head: LogHead;
  /** Sessions whose resource `columnChanges` asks for. */
  readonly sessionIds: ReadonlySet<string>;
  readonly columnChanges: (resources: ReadonlyMap<string, string>) => readonly IndexChange[];
};

/** What the statements of a session use: columns with their bits, and where the statements are that use just these so. */
type SessionUses = Map<ReadonlyMap<string, number>, PackedUses>;
type SessionStatements = {
  readonly places: PackedPlaces;
  readonly firstSequence: number;
  rank: number;
  readonly uses: SessionUses;
};

/** One row a resource and column. Uses of a session that nobody opened belong to the resource ''. */
function columnChanges(
  statements: ReadonlyMap<string, SessionStatements>,
  resources: ReadonlyMap<string, string>,
): readonly IndexChange[] {
  const byResource = new Map<string, Map<string, ColumnRow>>();
  for (const [sessionId, { uses }] of statements) {
    const resource = resources.get(sessionId) ?? '';
    const rows = byResource.get(resource) ?? new Map<string, ColumnRow>();
    byResource.set(resource, rows);
    for (const [columns, packed] of uses)
      for (const [column, bits] of columns) {
        const row = rows.get(column) ?? emptyRow();
        rows.set(column, row);
        row.uses |= bits;
        row.firstSequence = Math.min(row.firstSequence, packed.firstSequence);
        row.lastSequence = Math.max(row.lastSequence, packed.lastSequence);
        row.firstAtUs = Math.min(row.firstAtUs, packed.firstAtUs);
        row.lastAtUs = Math.max(row.lastAtUs, packed.lastAtUs);
        row.runs.push(...packed.run(bits));
      }
  }
  return [...byResource].flatMap(([resource, rows]) =>
    [...rows].map(([column, row]) => columnUsed(resource, column, row)),
  );
}

type ColumnRow = ReturnType<typeof emptyRow>;

function emptyRow() {
  const [early, late] = [Number.POSITIVE_INFINITY, 0];
  const runs: Buffer[] = [];
  return { uses: 0, firstSequence: early, lastSequence: late, firstAtUs: early, lastAtUs: late, runs };
}

function columnUsed(resource: string, column: string, row: ColumnRow): IndexChange {
  const used = {
    ...{ resource, column_name: column, first_sequence: row.firstSequence, last_sequence: row.lastSequence },
    ...{ first_at_us: row.firstAtUs, last_at_us: row.lastAtUs, uses: row.uses, places: Buffer.concat(row.runs) },
  };
  return { kind: 'column-used', used };
}

function recorded(sessionId: string, { places, firstSequence, rank }: SessionStatements): IndexChange {
  return {
    kind: 'statements-recorded',
    statements: {
      session_id: sessionId,
      first_sequence: firstSequence,
      first_statement: places.first,
      last_statement: places.last,
      places: places.bytes,
      label_rank: rank,
    },
  };
}

function planSubmitted(
  { planId, resource, by, expiresAt }: Extract<Entry, { kind: 'plan.submitted' }>,
  sequence: number,
): IndexChange {
  const parties_json = JSON.stringify([...new Set([by.id, ...by.chain.map(({ id }) => id)])]);
  const ends_at_us = Date.parse(expiresAt) * 1_000;
  return { kind: 'plan-submitted', plan: { plan_id: planId, sequence, resource, parties_json, ends_at_us } };
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
        ...(entry.kind === 'plan.submitted' ? [planSubmitted(entry, sequence)] : []),
      ];
    }
    case 'plan.expired':
      return [{ kind: 'plan-expired', plan: { plan_id: entry.planId, expired_at_us: atUs } }];
    default:
      return [];
  }
}
