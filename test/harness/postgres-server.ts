/**
 * A PostgreSQL server for a test: `await using server = await startPostgres({ major: 15 })`, or `stop()` in afterAll.
 */
import pg from 'pg';
import {
  type LocalPostgres,
  type LocalPostgresOptions,
  startLocalPostgres,
} from '../../gateway/src/demo/local-postgres.ts';
import { defaultMajor, findServer } from './postgres-majors.ts';

export type PostgresServer = LocalPostgres &
  AsyncDisposable & {
    /** A connection URI of `user`, by default the superuser, for `database`. */
    uri(database: string, user?: string, password?: string): string;
    /** Runs statements as the superuser, in `database` (default `postgres`), and returns the rows of the last. */
    admin(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
    /** Resolves when a statement whose text is LIKE `pattern` runs. Asks the server again and again, up to 20 s. */
    untilActive(pattern: string): Promise<void>;
  };

export async function startPostgres(options: LocalPostgresOptions = {}): Promise<PostgresServer> {
  const major = options.major ?? defaultMajor();
  const binaries = major === undefined ? null : await findServer(major);
  const server = await startLocalPostgres(binaries === null ? options : { ...options, binaries });
  const uri = (database: string, user = server.superuser, password = server.password) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database}`;
  return {
    ...server,
    uri,
    admin: (sql, database = 'postgres') => runSql(uri(database), sql),
    untilActive: (pattern) => untilActive(server.adminUri, pattern),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** Runs statements over one connection of their own and returns the rows of the last. */
export async function runSql(uri: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    const result: unknown = await client.query(sql);
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return last instanceof Object && 'rows' in last ? (last.rows as Record<string, unknown>[]) : [];
  } finally {
    await client.end();
  }
}

/** The server waits for us, in one statement: a loop of its own with short pauses. */
async function untilActive(adminUri: string, pattern: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUri });
  await client.connect();
  try {
    await client.query(`DO $$ BEGIN
      FOR attempt IN 1..400 LOOP
        PERFORM pg_stat_clear_snapshot();
        PERFORM 1 FROM pg_stat_activity
          WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE ${client.escapeLiteral(pattern)};
        IF FOUND THEN RETURN; END IF;
        PERFORM pg_sleep(0.05);
      END LOOP;
      RAISE 'no such statement runs';
    END $$`);
  } finally {
    await client.end();
  }
}

/** Whether a server of this version can be started here; a test that needs it is skipped otherwise. */
export async function hasPostgres(major: number): Promise<boolean> {
  return (await findServer(major)) !== null;
}
