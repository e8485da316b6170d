import type SqliteDatabase from 'better-sqlite3';

/** Things that count once, by whichever process: the table `taken_once`. Single statements, no transaction. */
export class SqliteTakenOnce {
  readonly #take: SqliteDatabase.Statement<[string, number]>;
  readonly #forget: SqliteDatabase.Statement<[number]>;
  readonly #count: SqliteDatabase.Statement<[], { readonly count: number }>;

  constructor(database: SqliteDatabase.Database) {
    this.#take = database.prepare('insert into taken_once (key, until_ms) values (?, ?) on conflict do nothing');
    this.#forget = database.prepare('delete from taken_once where until_ms <= ?');
    this.#count = database.prepare('select count(*) as count from taken_once');
  }

  take(key: string, untilMs: number): boolean {
    return this.#take.run(key, untilMs).changes === 1;
  }

  forget(untilMs: number): void {
    this.#forget.run(untilMs);
  }

  count(): number {
    return this.#count.get()?.count ?? 0;
  }
}
