/**
 * Tells configured places that somebody has to decide. One worker each, in order, from the outbox in the store: what was not
 * delivered survives a restart, and never holds up a decision. docs/notifications.md.
 */
import { type Notice, signatureOf, slackBody } from './messages.ts';
import type { Letter, Outbox } from './outbox.ts';

/** Attempts at one notice, and the pauses between them, ms. A restart does not begin anew. */
export const RETRY_PAUSES_MS: readonly number[] = [1_000, 4_000, 15_000, 60_000];
/** One attempt, ms. */
const ATTEMPT_TIMEOUT_MS = 10_000;

export type Place = {
  readonly name: string;
  readonly format: 'webhook' | 'slack';
  /** Asked at each attempt, so that a rotated one is used. */
  readonly url: () => Promise<string>;
  /** Of a webhook: the key of its signature. */
  readonly secret: () => Promise<string>;
  readonly about: readonly ('requests' | 'grants')[];
  readonly link?: string | undefined;
};

export type NotifierPorts = {
  readonly outbox: Outbox;
  /** What to say; null of something that is no more. */
  readonly noticeOf: (letter: Letter, link: string | undefined) => Promise<Notice | null>;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of what was given up: the place, why, and how many. Never of the URL, which may be a secret. */
  readonly onDropped: (facts: { readonly place: string; readonly why: string; readonly id: string }) => void;
  /** The outbox could not be read or written; the next change tries again. */
  readonly onError: (error: unknown) => void;
};

export class Notifier {
  readonly #mailboxes: readonly Mailbox[];
  readonly #ports: NotifierPorts;

  constructor(places: readonly Place[], ports: NotifierPorts) {
    this.#ports = ports;
    this.#mailboxes = places.map((place) => new Mailbox(place, ports));
  }

  /** Goes on where an earlier process ended. */
  async start(): Promise<void> {
    await this.#ports.outbox.open(this.#mailboxes.map(({ name }) => name));
    this.wake();
  }

  /** Something may be in the outbox. */
  wake(): void {
    for (const mailbox of this.#mailboxes) mailbox.wake();
  }

  /** Resolves when no worker uses the outbox any more. What waits is delivered after the next start. */
  async close(): Promise<void> {
    await Promise.all(this.#mailboxes.map((mailbox) => mailbox.close()));
  }
}

class Mailbox {
  readonly #place: Place;
  readonly #ports: NotifierPorts;
  readonly #closing = new AbortController();
  #delivering: Promise<void> | null = null;
  #isWoken = false;

  constructor(place: Place, ports: NotifierPorts) {
    this.#place = place;
    this.#ports = ports;
  }

  get name(): string {
    return this.#place.name;
  }

  wake(): void {
    this.#isWoken = true;
    this.#delivering ??= this.#deliverAll()
      .catch(this.#ports.onError)
      .finally(() => {
        this.#delivering = null;
        if (this.#isWoken && !this.#closing.signal.aborted) this.wake();
      });
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the gateway is stopping'));
    await this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    this.#isWoken = false;
    const { outbox } = this.#ports;
    while (!this.#closing.signal.aborted) {
      const letter = await outbox.next(this.name);
      if (letter === null) return;
      if (letter.missed > 0) this.#drop('too many wait', `the ${letter.missed} before ${letter.subject}`);
      const notice = this.#place.about.includes(letter.about)
        ? await this.#ports.noticeOf(letter, this.#place.link)
        : null;
      if (notice === null || (await this.#deliver(letter, notice)) === 'settled')
        await outbox.settle(this.name, letter.id);
    }
  }

  async #deliver(letter: Letter, notice: Notice): Promise<'settled' | 'stopping'> {
    let why = 'no answer before a restart';
    for (let attempts = letter.attempts; attempts <= RETRY_PAUSES_MS.length; attempts += 1) {
      const pauseMs = attempts === 0 ? undefined : RETRY_PAUSES_MS[attempts - 1];
      if (pauseMs !== undefined && !(await this.#pause(pauseMs))) return 'stopping';
      await this.#ports.outbox.attempting(this.name);
      try {
        const outcome = await this.#attempt(letter, notice);
        if (outcome === 'delivered') return 'settled';
        why = outcome.why;
        if (outcome.isFinal) break;
      } catch (error) {
        if (this.#closing.signal.aborted) return 'stopping';
        // The message of a network error may quote the URL; its kind says enough.
        why = error instanceof Error ? error.name : 'failed';
      }
    }
    this.#drop(why, letter.subject);
    return 'settled';
  }

  async #pause(ms: number): Promise<boolean> {
    try {
      await this.#ports.pause(ms, this.#closing.signal);
    } catch {
      // Stopping: what waits stays in the outbox.
      return false;
    }
    return !this.#closing.signal.aborted;
  }

  /** Whoever answers 4xx does not want it, a redirect least of all: it could lead anywhere inside. */
  async #attempt(
    { delivery }: Letter,
    notice: Notice,
  ): Promise<'delivered' | { readonly why: string; readonly isFinal: boolean }> {
    const { format, url, secret } = this.#place;
    const body = format === 'slack' ? slackBody(notice) : JSON.stringify(notice);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (format === 'webhook') {
      const atSeconds = Math.floor(this.#ports.now() / 1_000);
      headers['sluice-delivery'] = delivery;
      headers['sluice-signature'] = signatureOf(await secret(), { atSeconds, delivery, body });
    }
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    const response = await this.#ports.fetch(await url(), {
      method: 'POST',
      redirect: 'manual',
      headers,
      body,
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return 'delivered';
    const isFinal = response.status < 500 && response.status !== 429 && response.status !== 408;
    return { why: `status ${response.status}`, isFinal };
  }

  #drop(why: string, id: string): void {
    this.#ports.onDropped({ place: this.name, why, id });
  }
}
