import type { KilledSession, WatchEvent } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { LiveWatch } from '../evidence/live-watch.ts';
import type { SessionRegistry } from './registry.ts';
import type { Session } from './session.ts';

/** How long `kill` waits for the end before it answers, ms. */
export const KILL_WAIT_MS = 2_000;

export type LiveSessionsOptions = {
  readonly registry: SessionRegistry;
  readonly log: EvidenceLog;
  readonly watches: LiveWatch;
  /** Groups whose members may end the sessions of others. */
  readonly adminGroups: readonly string[];
};

/** What others do with a session while it lasts: look on, or end it. Both are on record first. */
export class LiveSessions {
  readonly #options: LiveSessionsOptions;

  constructor(options: LiveSessionsOptions) {
    this.#options = options;
  }

  /**
   * Ends a session in its client's protocol. Throws REFUSED_BY_POLICY for everybody but administrators, NOT_FOUND when
   * it is not live, EVIDENCE_UNWRITABLE when it could not be recorded (the session ends all the same).
   */
  async kill(by: Principal, sessionId: string, reason: string): Promise<KilledSession> {
    const { registry, log, adminGroups } = this.#options;
    if (!by.groups.some((group) => adminGroups.includes(group)))
      throw new SluiceError('REFUSED_BY_POLICY', 'Only administrators may end the sessions of others.', {
        remedy: `Ask a member of ${adminGroups.join(' or ')}.`,
      });
    const session = this.#live(sessionId);
    try {
      const sequence = await log.append({ kind: 'session.killed', sessionId, by, reason }, 'write');
      session.end(`an administrator ended the session${reason === '' ? '' : `: ${reason}`}`);
      return { sessionId, sequence, ended: await registry.left(session, KILL_WAIT_MS) };
    } finally {
      session.end('an administrator ended the session');
    }
  }

  /**
   * Tells what happens in a live session from now on, once that is on record. Throws NOT_FOUND, LIMIT_REACHED when
   * nobody more may watch it (what it gives back, too), EVIDENCE_UNWRITABLE.
   */
  async watch(by: Principal, sessionId: string): Promise<WatchSession> {
    const session = this.#live(sessionId);
    const { log, registry, watches } = this.#options;
    watches.assertRoom(sessionId);
    await log.append({ kind: 'session.watched', sessionId, by }, 'write');
    return (watcher) => {
      const stop = watches.watch(sessionId, session.statements, watcher);
      // It closed while the entry was written: nobody would tell.
      if (registry.get(sessionId) === undefined) watcher.over();
      return stop;
    };
  }

  #live(sessionId: string): Session {
    const session = this.#options.registry.get(sessionId);
    if (session === undefined) throw new SluiceError('NOT_FOUND', `There is no live session ${sessionId}.`);
    return session;
  }
}

/** Begins to tell; gives back what ends it. */
export type WatchSession = (watcher: {
  readonly event: (event: WatchEvent) => void;
  readonly hasRoom: () => boolean;
  /** There is nothing more to tell. */
  readonly over: () => void;
}) => () => void;
