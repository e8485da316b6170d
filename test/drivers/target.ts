/** Where the drivers connect to: the server itself, for comparison, and the gateway in front of it. */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { type PostgresServer, runSql } from '../harness/postgres-server.ts';
import { DATA_SQL, DATABASE } from './data.ts';

export type Target = {
  readonly name: 'direct' | 'gateway';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Authority of the server's certificate; null where there is no TLS. */
  readonly caFile: string | null;
  /** What a read of a regulated column gives here. */
  readonly masks: boolean;
};

export const OWNER = 'drivers_owner';

/** Makes the role and the database that the drivers use; returns the role's password. */
export async function prepareDatabase(server: PostgresServer): Promise<string> {
  const password = 'drivers-owner-password';
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${password}'`);
  await server.admin(`ALTER ROLE ${OWNER} SET log_min_messages = 'fatal'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  await runSql(server.uri(DATABASE, OWNER, password), DATA_SQL);
  return password;
}

/** The server itself: what the gateway's answers are compared with. */
export function directTarget({ host, port }: PostgresServer, password: string): Target {
  return { name: 'direct', host, port, user: OWNER, password, database: DATABASE, caFile: null, masks: false };
}

/** For libpq's programs, and for ours that read the same variables. */
export function environmentOf(target: Target): Record<string, string> {
  return {
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGPASSWORD: target.password,
    PGDATABASE: target.database,
    PGSSLMODE: target.caFile === null ? 'disable' : 'verify-full',
    ...(target.caFile === null ? {} : { PGSSLROOTCERT: target.caFile }),
    PGCONNECT_TIMEOUT: '20',
    PGTZ: 'UTC',
    LC_ALL: 'C.UTF-8',
  };
}

export function nodeConfigOf(target: Target): pg.ClientConfig {
  const { host, port, user, password, database, caFile } = target;
  return {
    ...{ host, port, user, password, database },
    ssl: caFile === null ? false : { ca: readFileSync(caFile, 'utf8') },
  };
}
