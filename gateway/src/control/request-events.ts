/**
 * `GET /api/v1/requests/events`: each change of a request that the caller may see, as server-sent events.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Caller } from './authentication.ts';
import type { RequestDesk } from './dependencies.ts';

/** Streams open at once, of everybody together. */
export const MAX_EVENT_STREAMS = 256;
/** Streams open at once of one principal. */
export const MAX_EVENT_STREAMS_PER_PRINCIPAL = 8;
/** Changes that wait for a slow reader; at the bound its stream breaks, and the client reconnects and lists. */
export const MAX_QUEUED_EVENTS = 256;
/** A comment after this much silence shows that the stream lives, ms. */
const HEARTBEAT_MS = 15_000;
/** The longest that a timer of Node takes, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class RequestEvents {
  readonly #requests: RequestDesk;
  readonly #seesAll: (caller: Caller) => boolean;
  readonly #streams = new Map<string, number>();
  #open = 0;

  constructor(requests: RequestDesk, seesAll: (caller: Caller) => boolean) {
    this.#requests = requests;
    this.#seesAll = seesAll;
  }

  /**
   * Streams until the client leaves, its token expires, or it reads too slowly. Throws LIMIT_REACHED at the bounds.
   * `nowMs`: milliseconds since 1970.
   */
  stream(caller: Caller, nowMs: number): Response {
    const release = this.#enter(caller.principal.id);
    const seesAll = this.#seesAll(caller);
    const encoder = new TextEncoder();
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const send = (text: string) => {
            if ((controller.desiredSize ?? 0) > 0) {
              controller.enqueue(encoder.encode(text));
              return;
            }
            // Not closed but broken: a client that is told "end" could believe that it saw everything.
            controller.error(new SluiceError('LIMIT_REACHED', 'The reader of the event stream is too slow.'));
            end();
          };
          const unsubscribe = this.#requests.subscribe((view, mayView) => {
            if (seesAll || mayView(caller.principal)) send(`event: request\ndata: ${JSON.stringify(view)}\n\n`);
          });
          const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
          const expiry = setTimeout(
            () => {
              controller.close();
              end();
            },
            Math.min(Math.max(0, caller.tokenExpiresAtMs - nowMs), MAX_TIMER_MS),
          );
          void over.then(() => {
            unsubscribe();
            clearInterval(heartbeat);
            clearTimeout(expiry);
            release();
          });
          send(': listening\n\n');
        },
        cancel: () => end(),
      },
      new CountQueuingStrategy({ highWaterMark: MAX_QUEUED_EVENTS }),
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
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
