import { SluiceError } from '@sluice/contract/errors';
import type { Session } from './session.ts';

/**
 * The live sessions of this process. Bounded: a session over `maxSessions` is refused before anything is dialed.
 */
export class SessionRegistry {
  readonly #live = new Map<string, Session>();
  readonly #maxSessions: number;
  readonly #draining = new AbortController();
  readonly #waiting: (() => void)[] = [];
  /** Who waits for a session to leave. */
  readonly #leaving = new Map<string, ((left: boolean) => void)[]>();
  /** Sessions that are being opened. */
  #reserved = 0;

  constructor(options: { maxSessions: number }) {
    this.#maxSessions = options.maxSessions;
  }

  get size(): number {
    return this.#live.size;
  }

  /** Throws `LIMIT_REACHED` when full and `SESSION_ENDED` when the gateway is stopping. */
  assertRoom(): void {
    if (this.draining.aborted)
      throw new SluiceError('SESSION_ENDED', 'the gateway is stopping and opens no new session');
    if (this.#live.size + this.#reserved >= this.#maxSessions) {
      throw new SluiceError(
        'LIMIT_REACHED',
        `the gateway already has ${this.#maxSessions} sessions (limits.maxSessions)`,
      );
    }
  }

  /** Keeps a place for a session that is being opened; returns how to give it back. Throws as {@link assertRoom}. */
  reserve(): () => void {
    this.assertRoom();
    this.#reserved += 1;
    let isKept = true;
    return () => {
      if (isKept) this.#reserved -= 1;
      isKept = false;
    };
  }

  /** Throws as {@link assertRoom}. */
  add(session: Session): void {
    this.assertRoom();
    this.#live.set(session.id, session);
  }

  remove(session: Session): void {
    this.#live.delete(session.id);
    for (const left of this.#leaving.get(session.id) ?? []) left(true);
    this.#leaving.delete(session.id);
    if (this.#live.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when no session is left, or after `boundMs`. */
  async emptied(boundMs: number): Promise<void> {
    if (this.#live.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(resolve, boundMs);
    await promise;
    clearTimeout(timer);
  }

  /** Whether the session has left within `boundMs`. */
  async left(session: Session, boundMs: number): Promise<boolean> {
    if (!this.#live.has(session.id)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#leaving.set(session.id, [...(this.#leaving.get(session.id) ?? []), resolve]);
    const timer = setTimeout(() => resolve(false), boundMs);
    const left = await promise;
    clearTimeout(timer);
    return left;
  }

  get(id: string): Session | undefined {
    return this.#live.get(id);
  }

  all(): readonly Session[] {
    return [...this.#live.values()];
  }

  /** Ends every session that `which` selects; returns how many. */
  end(which: (session: Session) => boolean, reason: string): number {
    let count = 0;
    for (const session of this.#live.values()) {
      if (!which(session)) continue;
      session.end(reason);
      count += 1;
    }
    return count;
  }

  /** No new sessions from now on; the running ones end as soon as they have nothing under way. */
  drain(): void {
    this.#draining.abort();
  }

  /** Aborts when the gateway begins to stop. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }
}
