/**
 * `GET /api/v1/requests/events`: each change of a request that the caller may see, as server-sent events.
 */
import type { Caller } from './authentication.ts';
import type { RequestDesk } from './dependencies.ts';
import type { EventStreams } from './event-streams.ts';

export class RequestEvents {
  readonly #requests: RequestDesk;
  readonly #seesAll: (caller: Caller) => boolean;
  readonly #streams: EventStreams;

  constructor(requests: RequestDesk, seesAll: (caller: Caller) => boolean, streams: EventStreams) {
    this.#requests = requests;
    this.#seesAll = seesAll;
    this.#streams = streams;
  }

  /** See {@link EventStreams.stream}. */
  stream(caller: Caller, nowMs: number): Response {
    const seesAll = this.#seesAll(caller);
    return this.#streams.stream(caller, nowMs, ({ send }) =>
      this.#requests.subscribe((view, mayView) => {
        if (seesAll || mayView(caller.principal)) send('request', view);
      }),
    );
  }
}
