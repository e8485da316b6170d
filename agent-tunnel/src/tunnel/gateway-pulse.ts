import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import { keepAlive, RECONNECT } from '../client/reconnect.ts';

/** How often the gateway is asked whether the sign-in still stands. */
export const BEAT_MS = 15_000;
/** How long it may take to answer; the tunnels wait from then on. */
export const ANSWER_MS = 10_000;
/** How often the clock is looked at in between. */
const CLOCK_LOOK_MS = 2_000;
/** A clock that is ahead by more: the machine slept, or somebody set it. */
const SLEPT_MS = 3_000;

export type PulseState = 'connecting' | 'up' | 'waiting' | 'over';

export type PulseEvents = {
  /** The gateway answered: for the first time, after it had not, or as ever. */
  beat: [beat: { readonly wasDown: boolean }];
  /** It did not answer; tried again by the reconnect policy. */
  waiting: [error: SluiceError];
  /** The sign-in is over, or the machine's owner is not whom the gateway knows any more. Nothing is tried again. */
  over: [error: SluiceError];
};

/** Answers after which no attempt with this sign-in can succeed. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'AUTH_REQUIRED',
  'AUTH_FAILED',
  'AUTH_TOKEN_INVALID',
  'AUTH_CREDENTIAL_STORE',
  'PROTOCOL_VIOLATION',
]);

/**
 * Asks the gateway at intervals, so that tunnels learn of a sign-out, a restart or a lost network while no program uses
 * them. One for all tunnels to a gateway. After a sleep it asks at once: timers stand still while a machine sleeps, and
 * the clock does not.
 */
export class GatewayPulse extends EventEmitter<PulseEvents> {
  readonly #ask: () => Promise<unknown>;
  readonly #tokenRotates: boolean;
  readonly #beatMs: number;
  readonly #answerMs: number;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #state: PulseState = 'connecting';
  #running: Promise<void> | null = null;

  /** `tokenRotates`: an expired token may be followed by another one, as in a file that somebody else renews. */
  constructor(options: {
    readonly ask: () => Promise<unknown>;
    readonly tokenRotates: boolean;
    readonly beatMs?: number;
    readonly answerMs?: number;
    /** Epoch milliseconds. */
    readonly now?: () => number;
  }) {
    super();
    this.#ask = options.ask;
    this.#tokenRotates = options.tokenRotates;
    this.#beatMs = options.beatMs ?? BEAT_MS;
    this.#answerMs = options.answerMs ?? ANSWER_MS;
    this.#now = options.now ?? Date.now;
  }

  get state(): PulseState {
    return this.#state;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Asks now: something went wrong that the gateway may know about. */
  kick(): void {
    this.#wake.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // For as long as somebody wants the tunnels: a closed laptop comes back after a weekend.
    const policy = { ...RECONNECT, maxFailures: Number.POSITIVE_INFINITY };
    await keepAlive((live) => this.#beatOn(live), this.#stop.signal, policy).catch((error: unknown) => {
      this.#state = 'over';
      this.emit('over', asSluiceError(error));
    });
  }

  async #beatOn(live: () => void): Promise<void> {
    for (;;) {
      const wasDown = this.#state !== 'up';
      try {
        await this.#answered();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        throw this.#tell(asSluiceError(error));
      }
      if (this.#stop.signal.aborted) return;
      live();
      this.#state = 'up';
      this.emit('beat', { wasDown });
      await this.#rest();
      if (this.#stop.signal.aborted) return;
    }
  }

  /** What the reconnect policy is to make of an answer: thrown as unreachable, it is tried again. */
  #tell(error: SluiceError): SluiceError {
    if (FINAL.has(error.code) || (error.code === 'AUTH_TOKEN_EXPIRED' && !this.#tokenRotates)) return error;
    this.#state = 'waiting';
    this.emit('waiting', error);
    return new SluiceError('GATEWAY_UNREACHABLE', error.message, { cause: error });
  }

  /** A network that swallows packets answers neither yes nor no. */
  async #answered(): Promise<void> {
    const over = new AbortController();
    const late = sleep(this.#answerMs, undefined, { signal: over.signal }).then(() => {
      throw new SluiceError('GATEWAY_UNREACHABLE', `the gateway did not answer within ${this.#answerMs / 1_000} s`);
    });
    // Lost the race, each is nobody's concern any more.
    late.catch(() => undefined);
    const answer = this.#ask();
    answer.catch(() => undefined);
    try {
      await Promise.race([answer, late]);
    } finally {
      over.abort();
    }
  }

  async #rest(): Promise<void> {
    this.#wake = new AbortController();
    let left = this.#beatMs;
    while (left > 0 && !this.#wake.signal.aborted) {
      const step = Math.min(left, CLOCK_LOOK_MS);
      const before = this.#now();
      await sleep(step, undefined, { signal: this.#wake.signal }).catch((error: unknown) => {
        // Woken: that is what the signal is for.
        if (!this.#wake.signal.aborted) throw error;
      });
      if (this.#now() - before > step + SLEPT_MS) return;
      left -= step;
    }
  }
}

function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
