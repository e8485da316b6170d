/**
 * The end of a session's retention (EVIDENCE-AND-TRUST §4): its key is destroyed, so what its statements said is gone from
 * the log although every byte of the log stays; and so are its recording and the statements of its approval requests.
 *
 * The entry `session.expired` is written first. What was cut off between it and the end is done at the next sweep: a
 * session that the record calls expired and whose row does not say `destroyed` is destroyed again, which is harmless.
 */
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import { isHeld } from '../../store/held-sessions.ts';
import type { SessionRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { EvidenceLog } from '../entry.ts';
import type { EvidenceIndex } from '../evidence-index.ts';
import type { Recordings } from '../recordings.ts';
import type { SessionKeys } from '../sealing/session-keys.ts';
import type { PlanExpiry } from './plan-expiry.ts';
import type { Turns } from './turns.ts';

/** How often expired sessions are looked for, milliseconds. */
export const SWEEP_INTERVAL_MS = 10 * 60 * 1_000;
/** Sessions of one turn; holds may be placed between two. */
export const SESSIONS_A_TURN = 100;
/** Sessions of one sweep: a clock that jumps ahead does not take everything at once. */
export const MAX_SESSIONS_A_SWEEP = 1_000;

export type ExpiryOptions = {
  readonly store: Store;
  readonly log: EvidenceLog;
  readonly index: EvidenceIndex;
  readonly keys: SessionKeys;
  readonly recordings: Recordings;
  /** Destroys the key of what a request's row says. */
  readonly destroyRequestText: (requestId: string) => Promise<void>;
  /** How long a session is kept after its end, by the highest label that it touched, milliseconds. */
  readonly retention: Readonly<Record<Label, number>>;
  readonly now: () => number;
  readonly turns: Turns;
  readonly plans: PlanExpiry;
  readonly onError: (error: unknown) => void;
};

export class Expiry {
  readonly #options: ExpiryOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ExpiryOptions) {
    this.#options = options;
  }

  /** Sweeps now, and from now on. */
  start(): void {
    this.#timer ??= setInterval(() => this.#sweepSoon(), SWEEP_INTERVAL_MS).unref();
    this.#sweepSoon();
  }

  /** Resolves when the turn under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  /** Expires what is due, up to a bound; returns how many. Rejects when the record cannot be written or read. */
  async sweep(): Promise<number> {
    let expired = 0;
    while (expired < MAX_SESSIONS_A_SWEEP && !this.#stopped) {
      const count = await this.#options.turns.take(() => this.#turn());
      expired += count;
      if (count < SESSIONS_A_TURN) break;
    }
    if (!this.#stopped) await this.#options.turns.take(() => this.#options.plans.turn());
    return expired;
  }

  #sweepSoon(): void {
    this.#running = this.#running.then(async () => {
      try {
        await this.sweep();
      } catch (error) {
        // What is due stays due; the next sweep tries again.
        this.#options.onError(error);
      }
    });
  }

  async #turn(): Promise<number> {
    // Holds and labels come from the index: behind the log it could say that something is not held.
    await this.#options.index.flush();
    await this.#finish();
    const due = await this.#due();
    // Together: they share an fdatasync.
    await Promise.all(due.map((session) => this.#announce(session)));
    await this.#options.index.flush();
    await this.#finish();
    return due.length;
  }

  async #due(): Promise<readonly SessionRow[]> {
    const { store, retention, now } = this.#options;
    const due: SessionRow[] = [];
    for (const [rank, label] of LABELS.entries()) {
      const room = SESSIONS_A_TURN - due.length;
      if (room === 0) break;
      const rows = await store.db
        .selectFrom('sessions')
        .selectAll('sessions')
        .where('sessions.label_rank', '=', rank)
        .where('sessions.expired_at_us', 'is', null)
        .where('sessions.closed_at_us', '<=', (now() - retention[label]) * 1_000)
        .where((query) => query.not(isHeld(query)))
        // Somebody may still decide about it.
        .where((query) =>
          query.not(
            query.exists(
              query
                .selectFrom('requests')
                .select('requests.id')
                .whereRef('requests.session_id', '=', 'sessions.session_id')
                .where('requests.state', 'in', ['pending', 'approved']),
            ),
          ),
        )
        .orderBy('sessions.closed_at_us')
        .limit(room)
        .execute();
      due.push(...rows);
    }
    return due;
  }

  async #announce(session: SessionRow): Promise<void> {
    const { log, keys, recordings, retention } = this.#options;
    const sessionId = session.session_id;
    const highestLabel = LABELS[session.label_rank] ?? 'regulated';
    const destroyed = [
      ...((await keys.read(sessionId)) === null ? [] : ['session-key' as const]),
      ...((await recordings.exists(sessionId)) ? ['recording' as const] : []),
      ...((await this.#hasRequests(sessionId)) ? ['request-statements' as const] : []),
    ];
    const closedAt = new Date(Math.floor(Number(session.closed_at_us) / 1_000)).toISOString();
    const rule = { highestLabel, retentionMs: retention[highestLabel], closedAt };
    await log.append({ kind: 'session.expired', sessionId, ...rule, destroyed }, 'fsync');
  }

  /** Destroys what the record says is expired. Idempotent. */
  async #finish(): Promise<void> {
    const { store, keys, recordings, destroyRequestText } = this.#options;
    const rows = await store.db
      .selectFrom('sessions')
      .select('session_id')
      .where('expired_at_us', 'is not', null)
      .where('destroyed', '=', 0)
      .limit(SESSIONS_A_TURN)
      .execute();
    for (const { session_id: sessionId } of rows) {
      await keys.destroy(sessionId);
      await recordings.remove(sessionId);
    }
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.session_id);
    const requests = await store.db.selectFrom('requests').select('id').where('session_id', 'in', ids).execute();
    for (const { id } of requests) await destroyRequestText(id);
    await store.db.updateTable('requests').set({ sealed: null }).where('session_id', 'in', ids).execute();
    await store.forgetJournal();
    // Last: until then a crash means that all of it is done again.
    await store.db.updateTable('sessions').set({ destroyed: 1 }).where('session_id', 'in', ids).execute();
  }

  async #hasRequests(sessionId: string): Promise<boolean> {
    const { db } = this.#options.store;
    const row = await db.selectFrom('requests').select('id').where('session_id', '=', sessionId).executeTakeFirst();
    return row !== undefined;
  }
}
