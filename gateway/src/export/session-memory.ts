import { LRUCache } from 'lru-cache';
import type { Entry } from '../evidence/entry.ts';
import type { SessionOfEntry } from './exported-entry.ts';

/** Sessions whose principals are remembered; entries of older ones go out without. */
export const MAX_REMEMBERED_SESSIONS = 50_000;

/** Whose session an entry belongs to: only the first entry of a session says so. */
export class SessionMemory {
  readonly #sessions = new LRUCache<string, SessionOfEntry>({ max: MAX_REMEMBERED_SESSIONS });

  /** To be called with every entry, in order. */
  of(entry: Entry): SessionOfEntry | null {
    if (entry.kind === 'session.opened') {
      const { kind: _kind, sessionId, ...session } = entry;
      this.#sessions.set(sessionId, session);
      return session;
    }
    if (!('sessionId' in entry)) return null;
    const session = this.#sessions.get(entry.sessionId) ?? null;
    if (entry.kind === 'session.closed') this.#sessions.delete(entry.sessionId);
    return session;
  }
}
