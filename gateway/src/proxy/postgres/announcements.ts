/**
 * Notifications that were announced: NOTIFY with the channel and the payload written out. Whoever wrote them may read
 * them again, in this session or in another one of the same principal; any other payload is whatever somebody put
 * there, a trigger for example. One table for each resource.
 */

/** Kept at most; the oldest are forgotten, and such a notification is withheld. */
export const MAX_ANNOUNCEMENTS = 10_000;

export type Announcement = {
  readonly principal: string;
  /** The server's number of the session. */
  readonly processId: number;
  readonly channel: string;
  readonly payload: string;
};

export class Announcements {
  /** The number of the session as its client knows it. */
  readonly #shownAs = new Map<string, number>();

  add(announcement: Announcement, shownAs: number): void {
    const key = keyOf(announcement);
    this.#shownAs.delete(key);
    this.#shownAs.set(key, shownAs);
    const [oldest] = this.#shownAs.keys();
    if (this.#shownAs.size > MAX_ANNOUNCEMENTS && oldest !== undefined) this.#shownAs.delete(oldest);
  }

  /** The process number to show to a client; null for a notification that this principal did not announce. */
  find(announcement: Announcement): number | null {
    return this.#shownAs.get(keyOf(announcement)) ?? null;
  }
}

function keyOf({ principal, processId, channel, payload }: Announcement): string {
  return JSON.stringify([principal, processId, channel, payload]);
}
