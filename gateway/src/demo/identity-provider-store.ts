import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** Things that the demo's provider remembers (sessions, codes, refresh tokens); beyond it the oldest are forgotten. */
export const MAX_STORED = 10_000;

type Stored = { readonly id: string; readonly payload: AdapterPayload };

/** Storage of one embedded provider: in memory, bounded, each entry until it expires. */
export function createProviderStore(): AdapterFactory {
  const store = new LRUCache<string, Stored>({ max: MAX_STORED });
  return (model) => new ModelStore(model, store);
}

class ModelStore implements Adapter {
  readonly #model: string;
  readonly #store: LRUCache<string, Stored>;

  constructor(model: string, store: LRUCache<string, Stored>) {
    this.#model = model;
    this.#store = store;
  }

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void> {
    const lifetime = expiresInSeconds === undefined ? {} : { ttl: expiresInSeconds * 1000 };
    this.#store.set(this.#key(id), { id, payload }, lifetime);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#store.get(this.#key(id))?.payload;
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.userCode === userCode)?.payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.uid === uid)?.payload;
  }

  async consume(id: string): Promise<void> {
    const stored = this.#store.get(this.#key(id));
    if (stored !== undefined) stored.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#store.delete(this.#key(id));
  }

  /** Forgets all that was issued under a grant, of every model: a replayed code or refresh token ends them together. */
  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.#store.entries()) {
      if (payload.grantId === grantId) this.#store.delete(key);
    }
  }

  // Searching is linear: a demo holds few entries, and an index could disagree with them.
  #search(matches: (payload: AdapterPayload) => boolean): Stored | undefined {
    for (const [key, stored] of this.#store.entries()) {
      if (key.startsWith(`${this.#model}:`) && matches(stored.payload)) return stored;
    }
    return undefined;
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }
}
