/**
 * `GET /api/v1/requests/events`: each change of a request that the caller may see, as server-sent events.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Caller } from './authentication.ts';
import type { RequestDesk, RequestRecord } from './dependencies.ts';

/** Streams open at once, of everybody together. */
export const MAX_EVENT_STREAMS = 256;
/** Streams open at once of one principal. */
export const MAX_EVENT_STREAMS_PER_PRINCIPAL = 8;
/** Changes that wait for a slow reader; at the bound its stream ends, and the client reconnects and lists. */
export const MAX_QUEUED_EVENTS = 256;
/** A comment after this much silence shows that the stream lives, ms. */
const HEARTBEAT_MS = 15_000;

export class RequestEvents {
  readonly #requests: RequestDesk;
  readonly #seesAll: (caller: Caller) => boolean;
  readonly #streams = new Map<string, number>();
  #open = 0;

  constructor(requests: RequestDesk, seesAll: (caller: Caller) => boolean) {
    this.#requests = requests;
    this.#seesAll = seesAll;
  }

  /** Streams until the client leaves, the token expires, or the reader is too slow. Throws LIMIT_REACHED at the bounds. */
  stream(context: Context, caller: Caller, nowMs: number): Response {
    const release = this.#enter(caller.principal.id);
    const queue: RequestRecord[] = [];
    const seesAll = this.#seesAll(caller);
    let wake: (() => void) | null = null;
    let ended = false;
    const end = () => {
      ended = true;
      wake?.();
    };
    const unsubscribe = this.#requests.subscribe((view, mayView) => {
      if (!seesAll && !mayView(caller.principal)) return;
      queue.push(view);
      if (queue.length > MAX_QUEUED_EVENTS) end();
      wake?.();
    });
    const expiry = setTimeout(end, Math.min(Math.max(0, caller.tokenExpiresAtMs - nowMs), 2 ** 31 - 1));
    return streamSSE(context, async (sse) => {
      sse.onAbort(end);
      try {
        await sse.write(': listening\n\n');
        while (!ended) {
          const view = queue.shift();
          if (view !== undefined) {
            await sse.writeSSE({ event: 'request', data: JSON.stringify(view) });
            continue;
          }
          const woken = await sleepUntilWoken((resolve) => {
            wake = resolve;
          });
          wake = null;
          if (!woken) await sse.write(': still here\n\n');
        }
      } finally {
        clearTimeout(expiry);
        unsubscribe();
        release();
      }
    });
  }

  #enter(principalId: string): () => void {
    const mine = this.#streams.get(principalId) ?? 0;
    if (this.#open >= MAX_EVENT_STREAMS || mine >= MAX_EVENT_STREAMS_PER_PRINCIPAL) {
      throw new SluiceError('LIMIT_REACHED', 'Too many event streams are open.');
    }
    this.#open += 1;
    this.#streams.set(principalId, mine + 1);
    return () => {
      this.#open -= 1;
      const left = (this.#streams.get(principalId) ?? 1) - 1;
      if (left === 0) this.#streams.delete(principalId);
      else this.#streams.set(principalId, left);
    };
  }
}

/** True when woken, false when only the heartbeat's time passed. */
function sleepUntilWoken(register: (wake: () => void) => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), HEARTBEAT_MS);
  register(() => {
    clearTimeout(timer);
    resolve(true);
  });
  return promise;
}
