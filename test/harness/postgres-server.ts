/**
 * A PostgreSQL server for a test: `await using server = await startPostgres({ major: 15 })`, or `stop()` in afterAll.
 */
import { existsSync } from 'node:fs';
import pg from 'pg';
import {
  type LocalPostgres,
  type LocalPostgresOptions,
  startLocalPostgres,
} from '../../gateway/src/demo/local-postgres.ts';
import { findPostgres } from '../../gateway/src/demo/postgres-binaries.ts';

export type PostgresServer = LocalPostgres &
  AsyncDisposable & {
    /** A connection URI of `user`, by default the superuser, for `database`. */
    uri(database: string, user?: string, password?: string): string;
    /** Runs statements as the superuser, in `database` (default `postgres`), and returns the rows of the last. */
    admin(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  };

export async function startPostgres(options: LocalPostgresOptions = {}): Promise<PostgresServer> {
  const server = await startLocalPostgres(options);
  const uri = (database: string, user = server.superuser, password = server.password) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database}`;
  return {
    ...server,
    uri,
    admin: (sql, database = 'postgres') => runSql(uri(database), sql),
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

/** Whether a server of this version can be started here; a test that needs it is skipped otherwise. */
export async function hasPostgres(major: number): Promise<boolean> {
  try {
    return existsSync((await findPostgres(major)).binDir);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'CONFIG_INVALID') return false;
    throw error;
  }
}
