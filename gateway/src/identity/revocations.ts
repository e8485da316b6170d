import type { Actor, Principal } from '@sluice/contract/vocabulary';

/** Revoked principals remembered one by one. Beyond it the oldest are dropped and the floor rises: see `isRevoked`. */
export const MAX_REVOKED_PRINCIPALS = 10_000;

type Listener = (principalId: string) => void;

/**
 * Who was signed out or withdrawn, and when: what was issued to them before no longer counts, and what lives ends.
 * Whoever acts for a revoked principal is revoked with it: cutting a link ends its descendants.
 */
export class Revocations {
  readonly #now: () => number;
  readonly #revokedAtMs = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  #floorMs = Number.NEGATIVE_INFINITY;

  /** `now` in epoch milliseconds. */
  constructor(options: { readonly now: () => number }) {
    this.#now = options.now;
  }

  /** Refuses from now on what was issued to this principal (`issuer|subject`) until now, and tells the listeners. */
  revokePrincipal(principalId: string): void {
    // Deleted first, so that the map stays in the order of time.
    this.#revokedAtMs.delete(principalId);
    this.#revokedAtMs.set(principalId, this.#now());
    this.#dropOldest();
    notifyAll(this.#listeners, [principalId]);
  }

  /**
   * Whether something issued at this time (epoch milliseconds) to this chain was revoked since. When too many were
   * revoked to remember, everything older than the forgotten revocations counts as revoked: fail closed.
   */
  isRevoked(principal: Principal, issuedAtMs: number): boolean {
    if (issuedAtMs <= this.#floorMs) return true;
    return principal.chain.some(({ id }) => issuedAtMs <= (this.#revokedAtMs.get(id) ?? Number.NEGATIVE_INFINITY));
  }

  /** Calls the listener with each revoked `issuer|subject`; end what `isActingFor` selects. Returns the way to stop. */
  onRevoked(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #dropOldest(): void {
    for (const [principalId, revokedAtMs] of this.#revokedAtMs) {
      if (this.#revokedAtMs.size <= MAX_REVOKED_PRINCIPALS) return;
      this.#revokedAtMs.delete(principalId);
      this.#floorMs = Math.max(this.#floorMs, revokedAtMs);
    }
  }
}

/** Whether the principal is this one or acts on its behalf. */
export function isActingFor(principal: { readonly chain: readonly Actor[] }, principalId: string): boolean {
  return principal.chain.some(({ id }) => id === principalId);
}

/** Calls every listener with every event, also when one throws: a defect in one must not keep another's sessions alive. */
export function notifyAll<Event>(listeners: Iterable<(event: Event) => void>, events: readonly Event[]): void {
  const failures: unknown[] = [];
  for (const listener of listeners) {
    for (const event of events) {
      try {
        listener(event);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'a listener failed');
}
