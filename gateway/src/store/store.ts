/**
 * The gateway's database: the only place that opens one. Embedded SQLite now; PostgreSQL becomes a second `Store`
 * with the same tables, migrations and tests when several gateways share it.
 *
 * What it holds is of two sorts. Approval requests are truth. Sessions and statements are an index of the evidence
 * log: lose them and `EvidenceIndex` rebuilds them from it.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrationProvider } from './migrations.ts';
import type { Database } from './schema.ts';
import { type IndexBatch, SqliteIndexWriter } from './sqlite-index-writer.ts';
import { SqliteTakenOnce } from './taken-once.ts';

/** How long a statement waits for another process that writes the same file, ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** `sqlite`: path of the database file. */
export type StoreOptions = { readonly sqlite: string };

export interface Store {
  /**
   * Typed queries. Single statements only, never a transaction held across an await: `writeIndex` writes on a
   * connection of its own, in the same thread, and would wait for a lock that cannot be released meanwhile.
   */
  readonly db: Kysely<Database>;
  /** Applies one batch of the log's projection, all or nothing. */
  writeIndex(batch: IndexBatch): Promise<void>;
  /**
   * Takes something that counts once: false when it was taken before, by whichever process that has the same store. It
   * is remembered over a restart, at least until `untilMs`, though not over a power cut.
   */
  takeOnce(key: string, untilMs: number): boolean;
  /** Forgets what was to be remembered until then. */
  forgetTaken(untilMs: number): void;
  countTaken(): number;
  /** What was deleted or written over is in no file of the store when it resolves, unless somebody is reading meanwhile. */
  forgetJournal(): Promise<void>;
  close(): Promise<void>;
}

/** Opens (and creates or migrates) the store. Throws CONFIG_INVALID when the file cannot be opened or is of a newer version. */
export async function openStore(options: StoreOptions): Promise<Store> {
  // FULL: an approval that was consumed stays consumed after a power cut, or it could run twice.
  const database = openDatabase(options.sqlite, 'FULL');
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database }) });
  const { error } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new SluiceError(
      'CONFIG_INVALID',
      `The store ${options.sqlite} cannot be brought up to date: ${String(error)}`,
      {
        cause: error,
        remedy: 'Use a gateway at least as new as the one that wrote the store, or another `store.sqlite`.',
      },
    );
  }
  // NORMAL: what a power cut takes from the index is projected again, and no statement waits for its fsync.
  const indexDatabase = openDatabase(options.sqlite, 'NORMAL');
  const indexWriter = new SqliteIndexWriter(indexDatabase);
  const takenOnce = new SqliteTakenOnce(indexDatabase);
  return {
    db,
    async writeIndex(batch) {
      indexWriter.write(batch);
    },
    takeOnce: (key, untilMs) => takenOnce.take(key, untilMs),
    forgetTaken: (untilMs) => takenOnce.forget(untilMs),
    countTaken: () => takenOnce.count(),
    async forgetJournal() {
      indexDatabase.pragma('wal_checkpoint(TRUNCATE)');
    },
    async close() {
      indexDatabase.close();
      await db.destroy();
    },
  };
}

function openDatabase(path: string, synchronous: 'FULL' | 'NORMAL'): SqliteDatabase.Database {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${synchronous}`);
    database.pragma('foreign_keys = ON');
    // What is removed at the end of its retention is not to be found in the file's free pages.
    database.pragma('secure_delete = ON');
    return database;
  } catch (error) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `The store ${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
        remedy: 'Check `store.sqlite`: the directory must be writable and the file a SQLite database.',
      },
    );
  }
}
