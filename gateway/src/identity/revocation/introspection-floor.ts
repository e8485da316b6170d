import { SluiceError } from '@sluice/contract/errors';
import type { HeldToken, SignIn } from '../sign-in.ts';
import { type IntrospectionEndpoint, introspect } from './introspection.ts';
import type { Revoker } from './revoke.ts';

/** Questions to one issuer at once, in a round. */
export const MAX_QUESTIONS = 16;

export type FloorOptions = {
  /** Name in configuration. */
  readonly issuer: string;
  /** Exact `iss`: the tokens of this issuer begin with it. */
  readonly url: string;
  readonly endpoint: IntrospectionEndpoint;
  readonly everyMs: number;
  /** How long everything goes on while nothing is answered. */
  readonly graceMs: number;
  /** The tokens behind what lives now, of all issuers. */
  readonly liveTokens: () => readonly HeldToken[];
  readonly revoker: Pick<Revoker, 'revoke'>;
  /** Ends the live sessions of this issuer. */
  readonly endAll: (why: string) => void;
  readonly onError: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/**
 * Introspection as a floor: what no event told of ends at the next round. While the issuer does not answer everything goes
 * on for the grace; then no session opens any more and those that live end: fail closed.
 */
export class IntrospectionFloor {
  readonly #options: FloorOptions;
  /** Of the first question since the last answer; null: the last one was answered. */
  #unansweredSinceMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: FloorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#startAfter(this.#options.everyMs);
  }

  /** From the beginning of one round to that of the next, so that a long round delays nobody's end. */
  #startAfter(delayMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      const { everyMs, now, onError } = this.#options;
      const startedAtMs = now();
      void this.round()
        .catch(onError)
        .finally(() => this.#startAfter(Math.min(everyMs, Math.max(0, startedAtMs + everyMs - now()))));
    }, delayMs).unref();
  }

  stop(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** To be asked before a session opens. Throws AUTH_FAILED when the token counts no more, or nobody says that it does. */
  async assertActive({ token }: SignIn): Promise<void> {
    if (token === undefined || !this.#isMine(token)) return;
    const answer = await this.#ask(token);
    if (answer === 'active') return;
    if (answer === 'inactive') {
      await this.#revoke(token);
      throw new SluiceError('AUTH_FAILED', 'The sign-in counts no more.', { remedy: 'Sign in again.' });
    }
    if (this.#isOverdue())
      throw new SluiceError('AUTH_FAILED', 'The identity provider does not say whether the sign-in still counts.', {
        remedy: 'Try again when it answers.',
      });
  }

  /** Asks about every token behind what lives now. */
  async round(): Promise<void> {
    const tokens = new Map(this.#options.liveTokens().map((token) => [token.id, token]));
    const waiting = [...tokens.values()].filter((token) => this.#isMine(token)).values();
    const failures: unknown[] = [];
    const revoking: Promise<unknown>[] = [];
    const work = async () => {
      for (const token of waiting) {
        if ((await this.#ask(token)) !== 'inactive') continue;
        // The next question does not wait for what comes of this one. One that cannot be recorded keeps no other from ending.
        revoking.push(this.#revoke(token).catch((error: unknown) => failures.push(error)));
      }
    };
    await Promise.all(Array.from({ length: MAX_QUESTIONS }, work));
    await Promise.all(revoking);
    if (this.#isOverdue()) this.#options.endAll('the identity provider does not say whether the sign-in still counts');
    if (failures.length > 0) throw new AggregateError(failures, 'a revocation could not be carried out');
  }

  async #ask(token: HeldToken): Promise<'active' | 'inactive' | 'unknown'> {
    const askedAtMs = this.#options.now();
    const answer = await introspect(token.value, this.#options.endpoint);
    if (answer === 'unknown') this.#unansweredSinceMs ??= askedAtMs;
    else this.#unansweredSinceMs = null;
    return answer;
  }

  async #revoke({ id }: HeldToken): Promise<void> {
    const { issuer, now, revoker } = this.#options;
    await revoker.revoke(
      { subject: null, signIn: null, token: id, untilMs: now(), why: 'its token counts no more' },
      { issuer, events: ['introspection'], eventId: null },
    );
  }

  #isMine({ id }: HeldToken): boolean {
    return id.startsWith(`${this.#options.url}|`);
  }

  #isOverdue(): boolean {
    return this.#unansweredSinceMs !== null && this.#options.now() - this.#unansweredSinceMs > this.#options.graceMs;
  }
}
