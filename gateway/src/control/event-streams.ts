/**
 * Server-sent events, bounded: how many streams are open, how much waits for a slow reader, and for how long they live.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Caller } from './authentication.ts';

/** Streams open at once, of everybody together. */
export const MAX_EVENT_STREAMS = 256;
/** Streams open at once of one principal. */
export const MAX_EVENT_STREAMS_PER_PRINCIPAL = 8;
/** Events that wait for a slow reader; at the bound its stream breaks, and the client reconnects and lists. */
export const MAX_QUEUED_EVENTS = 256;
/** Bytes that wait for a slow reader; one event may go over. The same happens at this bound. */
export const MAX_QUEUED_BYTES = 4 * 1024 * 1024;
/** What the shortest event counts as, bytes: so both bounds are one. */
const LEAST_EVENT_BYTES = MAX_QUEUED_BYTES / MAX_QUEUED_EVENTS;
/** A comment after this much silence shows that the stream lives, ms. */
const HEARTBEAT_MS = 15_000;
/** The longest that a timer of Node takes, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What a source writes to. */
export type EventSink = {
  /** Breaks the stream when its reader is too slow. */
  readonly send: (event: string, data: object) => void;
  /** Whether less than half of what may wait does: what may be left out is left out beyond, for the rest to have room. */
  readonly hasRoom: () => boolean;
  /** Everything was told. */
  readonly end: () => void;
};

export class EventStreams {
  readonly #streams = new Map<string, number>();
  /** Ends each of the streams that are open. */
  readonly #ends = new Map<() => void, Caller>();
  #open = 0;

  /**
   * Streams what the source sends until the client leaves, its token expires or is revoked, or it reads too slowly. `subscribe` gives
   * back what ends the subscription. Throws LIMIT_REACHED at the bounds, and what `subscribe` throws. `nowMs`: milliseconds since 1970.
   */
  stream(caller: Caller, nowMs: number, subscribe: (sink: EventSink) => () => void): Response {
    const release = this.#enter(caller);
    try {
      const body = streamOf(caller.tokenExpiresAtMs - nowMs, subscribe, {
        opened: (end) => this.#ends.set(end, caller),
        over: (end) => {
          this.#ends.delete(end);
          release();
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Throws LIMIT_REACHED when no stream can be opened. */
  assertRoom({ principal: { id } }: Caller): void {
    if (this.#open >= MAX_EVENT_STREAMS || (this.#streams.get(id) ?? 0) >= MAX_EVENT_STREAMS_PER_PRINCIPAL) {
      throw new SluiceError('LIMIT_REACHED', 'Too many event streams are open.');
    }
  }

  /** Ends the streams of everybody whom it selects: nothing more is told to them. */
  end(selects: (caller: Caller) => boolean): void {
    for (const [end, caller] of this.#ends) if (selects(caller)) end();
  }

  #enter(caller: Caller): () => void {
    this.assertRoom(caller);
    const principalId = caller.principal.id;
    this.#open += 1;
    this.#streams.set(principalId, (this.#streams.get(principalId) ?? 0) + 1);
    return () => {
      this.#open -= 1;
      const left = (this.#streams.get(principalId) ?? 1) - 1;
      if (left === 0) this.#streams.delete(principalId);
      else this.#streams.set(principalId, left);
    };
  }
}

/** The body of one stream. `opened` is given what ends it; neither is called when `subscribe` throws, `over` once otherwise. */
function streamOf(
  livesMs: number,
  subscribe: (sink: EventSink) => () => void,
  { opened, over: isClosed }: { readonly opened: (end: () => void) => void; readonly over: (end: () => void) => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let isOver = false;
        void over.then(() => {
          isOver = true;
        });
        const close = () => {
          if (isOver) return;
          isOver = true;
          controller.close();
          end();
        };
        const room = () => controller.desiredSize ?? 0;
        const send = (text: string) => {
          if (isOver) return;
          if (room() > 0) {
            controller.enqueue(encoder.encode(text));
            return;
          }
          isOver = true;
          // Not closed but broken: a client that is told "end" could believe that it saw everything.
          controller.error(new SluiceError('LIMIT_REACHED', 'The reader of the event stream is too slow.'));
          end();
        };
        const unsubscribe = subscribe({
          send: (event, data) => send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          hasRoom: () => room() > MAX_QUEUED_BYTES / 2,
          end: close,
        });
        const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
        const expiry = setTimeout(close, Math.min(Math.max(0, livesMs), MAX_TIMER_MS));
        void over.then(() => {
          unsubscribe();
          clearInterval(heartbeat);
          clearTimeout(expiry);
          isClosed(close);
        });
        opened(close);
        send(': listening\n\n');
      },
      cancel: () => end(),
    },
    { highWaterMark: MAX_QUEUED_BYTES, size: ({ byteLength }) => Math.max(LEAST_EVENT_BYTES, byteLength) },
  );
}
