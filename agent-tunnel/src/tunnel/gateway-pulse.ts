import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import { keepAlive, RECONNECT } from '../client/reconnect.ts';

/** How often the gateway is asked whether the sign-in still stands. */
export const BEAT_MS = 15_000;

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
 * them. One for all tunnels to a gateway. A machine that slept is behind its timers: the next beat comes at once.
 */
export class GatewayPulse extends EventEmitter<PulseEvents> {
  readonly #ask: () => Promise<unknown>;
  readonly #tokenRotates: boolean;
  readonly #beatMs: number;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #state: PulseState = 'connecting';
  #running: Promise<void> | null = null;

  /** `tokenRotates`: an expired token may be followed by another one, as in a file that somebody else renews. */
  constructor(options: {
    readonly ask: () => Promise<unknown>;
    readonly tokenRotates: boolean;
    readonly beatMs?: number;
  }) {
    super();
    this.#ask = options.ask;
    this.#tokenRotates = options.tokenRotates;
    this.#beatMs = options.beatMs ?? BEAT_MS;
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
        await this.#ask();
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

  async #rest(): Promise<void> {
    this.#wake = new AbortController();
    await sleep(this.#beatMs, undefined, { signal: this.#wake.signal }).catch((error: unknown) => {
      // Woken: that is what the signal is for.
      if (!this.#wake.signal.aborted) throw error;
    });
  }
}

function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
