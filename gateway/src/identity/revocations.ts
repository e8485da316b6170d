import { type Mark, marksOf, type Revocation } from './revocation/revocation.ts';
import type { SignedIn } from './sign-in.ts';

/** Marks remembered of one issuer. Beyond it the oldest are dropped and its floor rises: see `isRevoked`. */
export const MAX_MARKS_PER_ISSUER = 10_000;

/** What the store has to take over: the marks that are new or have moved, and those that the floor stands for now. */
export type MarkChanges = { readonly set: readonly Mark[]; readonly dropped: readonly Mark[] };

type Listener = (revocation: Revocation) => void;

/**
 * Who was signed out or withdrawn, and until when: what was issued to them before no longer counts, and what lives ends.
 * Whoever acts for a revoked principal is revoked with it: cutting a link ends its descendants.
 */
export class Revocations {
  /** The oldest first. */
  readonly #marks = new Map<string, Mark>();
  readonly #floors = new Map<string, Mark>();
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<Listener>();

  /** `remembered`: the marks of earlier runs, the oldest first. */
  constructor(remembered: readonly Mark[] = []) {
    for (const mark of remembered) this.#set(mark);
  }

  /** Refuses from now on what was issued until then. What lives goes on until `tell`. */
  remember(revocation: Revocation): MarkChanges {
    const set: Mark[] = [];
    const dropped: Mark[] = [];
    for (const mark of marksOf(revocation)) {
      set.push(this.#set(mark));
      const issuer = issuerOf(mark.id);
      while ((this.#counts.get(issuer) ?? 0) > MAX_MARKS_PER_ISSUER) {
        const oldest = this.#dropOldest(issuer);
        dropped.push(oldest);
        set.push(this.#set({ kind: 'floor', id: issuer, untilMs: oldest.untilMs }));
      }
    }
    return { set, dropped };
  }

  /** Tells the listeners, so that what lives ends. */
  tell(revocation: Revocation): void {
    notifyAll(this.#listeners, [revocation]);
  }

  /**
   * Whether this was revoked since its token was issued. When too much of an issuer was revoked to remember, everything
   * of it that is older than what was forgotten counts as revoked: fail closed.
   */
  isRevoked({ principal, signIn }: SignedIn): boolean {
    if (signIn.id !== null && this.#marks.has(keyOf({ kind: 'sign-in', id: signIn.id }))) return true;
    if (signIn.token !== undefined && this.#marks.has(keyOf({ kind: 'token', id: signIn.token.id }))) return true;
    return principal.chain.some(({ id }) => {
      const untilMs = Math.max(
        this.#floors.get(keyOf({ kind: 'floor', id: issuerOf(id) }))?.untilMs ?? Number.NEGATIVE_INFINITY,
        this.#untilMs('subject', id),
        signIn.id === null ? this.#untilMs('nameless', id) : Number.NEGATIVE_INFINITY,
      );
      return signIn.issuedAtMs <= untilMs;
    });
  }

  /** Calls the listener with each revocation; end what `isEndedBy` selects. Returns the way to stop. */
  onRevoked(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #untilMs(kind: Mark['kind'], id: string): number {
    return this.#marks.get(keyOf({ kind, id }))?.untilMs ?? Number.NEGATIVE_INFINITY;
  }

  /** The mark as it is kept: never moved back. */
  #set({ kind, id, untilMs }: Mark): Mark {
    const marks = kind === 'floor' ? this.#floors : this.#marks;
    const key = keyOf({ kind, id });
    const before = marks.get(key);
    const mark = { kind, id, untilMs: Math.max(untilMs, before?.untilMs ?? untilMs) };
    // Deleted first, so that the map stays in the order in which they were heard of.
    marks.delete(key);
    marks.set(key, mark);
    if (kind !== 'floor' && before === undefined)
      this.#counts.set(issuerOf(id), (this.#counts.get(issuerOf(id)) ?? 0) + 1);
    return mark;
  }

  #dropOldest(issuer: string): Mark {
    for (const [key, mark] of this.#marks) {
      if (issuerOf(mark.id) !== issuer) continue;
      this.#marks.delete(key);
      this.#counts.set(issuer, (this.#counts.get(issuer) ?? 1) - 1);
      return mark;
    }
    throw new Error(`no mark of ${issuer} is left to drop`);
  }
}

function keyOf({ kind, id }: Pick<Mark, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

/** The configured URL of an issuer has no `|`. */
function issuerOf(id: string): string {
  return id.split('|', 1)[0] ?? '';
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
