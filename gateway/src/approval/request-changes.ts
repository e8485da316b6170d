import type { Principal } from '@sluice/contract/vocabulary';
import type { RequestView } from './request.ts';

export type RequestListener = (view: RequestView, mayView: (viewer: Principal) => boolean) => void;

/** Who is told of changes of requests in this process. */
export class RequestChanges {
  readonly #listeners = new Set<RequestListener>();

  /** Calls back after each recorded change, with who may see it. Returns how to stop. */
  subscribe(listener: RequestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(view: RequestView, mayView: (viewer: Principal) => boolean): void {
    for (const listener of this.#listeners) listener(view, mayView);
  }

  /** The next change of this request, or the end of the time, or the signal. To be forgotten in any case. */
  next(
    requestId: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): { readonly happened: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.subscribe((view) => {
      if (view.id === requestId) resolve();
    });
    const timer = setTimeout(resolve, timeoutMs);
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    const forget = () => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    return { happened: promise, forget };
  }
}
