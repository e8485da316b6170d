/**
 * What somebody is still to be told, in the store: a row is written with the change that it tells of, by a trigger and so in
 * the same transaction (store/migrations.ts). Each place has read up to some row; what it was not told survives a restart.
 */
import type { Store } from '../store/store.ts';

/** One change, and how often this place was tried with it. */
export type Letter = {
  readonly id: number;
  readonly about: 'requests' | 'grants';
  /** Id of the request or grant. */
  readonly subject: string;
  /** The state that it came to. */
  readonly state: string;
  /** The same at each attempt, also after a restart. */
  readonly delivery: string;
  readonly attempts: number;
  /** Changes before this one that were dropped at the bound, and that this place was not told. */
  readonly missed: number;
};

export class Outbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Begins with what comes from now on for a place that is new, and forgets places that are gone. */
  async open(places: readonly string[]): Promise<void> {
    const { db } = this.#store;
    await db
      .deleteFrom('notice_places')
      .$if(places.length > 0, (query) => query.where('place', 'not in', places))
      .execute();
    if (places.length === 0) return;
    const newest = await db
      .selectFrom('notices')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst();
    await db
      .insertInto('notice_places')
      .values(places.map((place) => ({ place, settled: newest?.id ?? 0, attempts: 0 })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** The oldest that a place is still to be told; null when there is none. */
  async next(place: string): Promise<Letter | null> {
    const row = await this.#store.db
      .selectFrom('notices')
      .innerJoin('notice_places', (join) => join.onTrue())
      .where('notice_places.place', '=', place)
      .whereRef('notices.id', '>', 'notice_places.settled')
      .select(['notices.id', 'about', 'subject', 'state', 'delivery', 'attempts', 'settled'])
      .orderBy('notices.id')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { settled, ...letter } = row;
    return { ...letter, missed: letter.id - settled - 1 };
  }

  /** Before an attempt, so that one that ends the process counts as well. */
  async attempting(place: string): Promise<void> {
    await this.#store.db
      .updateTable('notice_places')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('place', '=', place)
      .execute();
  }

  /** Delivered, or given up: the next one is due. */
  async settle(place: string, id: number): Promise<void> {
    await this.#store.db
      .updateTable('notice_places')
      .set({ settled: id, attempts: 0 })
      .where('place', '=', place)
      .execute();
  }
}
