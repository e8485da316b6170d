/** Events remembered of one issuer. Beyond it the oldest are forgotten; hearing one of them again revokes nothing more. */
export const MAX_SEEN_EVENTS = 10_000;

/** Ids of events that were taken, so that each is taken once. */
export class SeenEvents {
  readonly #seen = new Set<string>();

  /** False when it was taken before, or is being taken. */
  take(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= MAX_SEEN_EVENTS) break;
      this.#seen.delete(oldest);
    }
    return true;
  }

  /** It came to nothing: the issuer may send it again. */
  giveBack(id: string): void {
    this.#seen.delete(id);
  }
}
