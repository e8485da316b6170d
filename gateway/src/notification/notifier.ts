/**
 * Tells configured places that somebody has to decide. One worker each, in order; what cannot be delivered waits in memory
 * within a bound, and never holds up a decision. docs/notifications.md.
 */
import { randomUUID } from 'node:crypto';
import type { GrantView } from '@sluice/contract/api';
import type { RequestView } from '../approval/request.ts';
import { type Notice, noticeOfGrant, noticeOfRequest, signatureOf, slackBody } from './messages.ts';

/** Notices that wait for one place; beyond it the oldest is dropped: whoever decides sees all of them in the list. */
export const MAX_WAITING_NOTICES = 1_000;
/** Attempts at one notice, and the pauses between them, ms. */
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
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of what was given up: the place, why, and how many. Never of the URL, which may be a secret. */
  readonly onDropped: (facts: { readonly place: string; readonly why: string; readonly id: string }) => void;
};

export class Notifier {
  readonly #mailboxes: readonly Mailbox[];

  constructor(places: readonly Place[], ports: NotifierPorts) {
    this.#mailboxes = places.map((place) => new Mailbox(place, ports));
  }

  requestChanged(view: RequestView): void {
    for (const mailbox of this.#mailboxes) mailbox.post('requests', (link) => noticeOfRequest(view, link));
  }

  grantChanged(view: GrantView): void {
    for (const mailbox of this.#mailboxes) mailbox.post('grants', (link) => noticeOfGrant(view, link));
  }

  /** What waits is given up. */
  close(): void {
    for (const mailbox of this.#mailboxes) mailbox.close();
  }
}

type Letter = { readonly notice: Notice; readonly delivery: string };

class Mailbox {
  readonly #place: Place;
  readonly #ports: NotifierPorts;
  readonly #waiting: Letter[] = [];
  readonly #closing = new AbortController();
  #isDelivering = false;

  constructor(place: Place, ports: NotifierPorts) {
    this.#place = place;
    this.#ports = ports;
  }

  post(about: 'requests' | 'grants', make: (link: string | undefined) => Notice): void {
    if (!this.#place.about.includes(about) || this.#closing.signal.aborted) return;
    const dropped = this.#waiting.length >= MAX_WAITING_NOTICES ? this.#waiting.shift() : undefined;
    if (dropped !== undefined) this.#drop(dropped, 'too many wait');
    this.#waiting.push({ notice: make(this.#place.link), delivery: randomUUID() });
    if (!this.#isDelivering) void this.#deliverAll();
  }

  close(): void {
    this.#closing.abort(new Error('the gateway is stopping'));
  }

  async #deliverAll(): Promise<void> {
    this.#isDelivering = true;
    for (let letter = this.#waiting.shift(); letter !== undefined; letter = this.#waiting.shift())
      await this.#deliver(letter);
    this.#isDelivering = false;
  }

  async #deliver(letter: Letter): Promise<void> {
    let why = '';
    for (const pauseMs of [...RETRY_PAUSES_MS, null]) {
      try {
        const outcome = await this.#attempt(letter);
        if (outcome === 'delivered') return;
        why = outcome.why;
        if (outcome.isFinal) break;
      } catch (error) {
        // The message of a network error may quote the URL; its kind says enough.
        why = error instanceof Error ? error.name : 'failed';
      }
      if (pauseMs === null || this.#closing.signal.aborted) break;
      try {
        await this.#ports.pause(pauseMs, this.#closing.signal);
      } catch {
        // Stopping: the notice is given up below.
        break;
      }
    }
    this.#drop(letter, why);
  }

  /** Whoever answers 4xx does not want it, a redirect least of all: it could lead anywhere inside. */
  async #attempt({
    notice,
    delivery,
  }: Letter): Promise<'delivered' | { readonly why: string; readonly isFinal: boolean }> {
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

  #drop({ notice }: Letter, why: string): void {
    this.#ports.onDropped({ place: this.#place.name, why, id: notice.id });
  }
}
