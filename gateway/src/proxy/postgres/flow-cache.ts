import { LRUCache } from 'lru-cache';
import type { Flows } from '../../analysis/flows.ts';
import type { RestsOn } from './plan.ts';
import { growingTo } from './session-cache.ts';

export type CachedFlows = { readonly flows: Flows; readonly restsOn: RestsOn };

/** Flows kept per session. */
export const MAX_CACHED_FLOWS = 512;

/**
 * Flows of trees that differ in literals only, for one session and one generation of its facts: a session's
 * uncommitted definitions are nobody else's, and what was concluded from forgotten facts is forgotten with them.
 */
export class FlowCache {
  readonly #flows = new LRUCache<string, CachedFlows>(growingTo(MAX_CACHED_FLOWS));
  #generation = 0;

  get(key: string, generation: number): CachedFlows | undefined {
    return generation === this.#generation ? this.#flows.get(key) : undefined;
  }

  set(key: string, generation: number, flows: CachedFlows): void {
    if (generation !== this.#generation) this.#flows.clear();
    this.#generation = generation;
    this.#flows.set(key, flows);
  }
}
