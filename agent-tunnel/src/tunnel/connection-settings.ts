import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { MintedSession } from '@sluice/contract/api';
import type { Endpoint } from './listener.ts';

/** What a PostgreSQL program needs in order to come through a tunnel. */
export type ConnectionSettings = {
  /** Directory of the Unix socket, or 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** The session secret. */
  readonly password: string;
  /** The user who has to own the other end of the Unix socket, for libpq to send anything. */
  readonly requirePeer?: string;
};

export function connectionSettings(
  session: MintedSession,
  endpoint: Endpoint,
  unixPort: number,
  directory: string,
): ConnectionSettings {
  const where =
    endpoint.kind === 'unix'
      ? { host: directory, port: unixPort, ...ownName() }
      : { host: '127.0.0.1', port: endpoint.port };
  return { ...where, database: session.database, user: session.username, password: session.secret };
}

/** A user without a name (a container's random number) cannot be demanded by name either. */
function ownName(): Pick<ConnectionSettings, 'requirePeer'> {
  try {
    return { requirePeer: userInfo().username };
  } catch {
    // Not in the system's list of users: the directory, which only we can enter, has to do.
    return {};
  }
}

/**
 * libpq's environment variables (PostgreSQL manual, 34.15), without the password. No TLS inside the tunnel, which is
 * TLS already; and no login but SCRAM, so that a program that poses as us learns nothing.
 */
export function libpqEnvironment(settings: ConnectionSettings): Record<string, string> {
  return {
    PGHOST: settings.host,
    PGPORT: String(settings.port),
    PGUSER: settings.user,
    PGDATABASE: settings.database,
    PGSSLMODE: 'disable',
    PGGSSENCMODE: 'disable',
    PGREQUIREAUTH: 'scram-sha-256',
    ...(settings.requirePeer !== undefined && { PGREQUIREPEER: settings.requirePeer }),
  };
}

/** Variables of the person's own environment that would lead libpq elsewhere. */
export const MISLEADING_VARIABLES = [
  'PGHOSTADDR',
  'PGSERVICE',
  'PGSERVICEFILE',
  'PGPASSFILE',
  'PGPASSWORD',
  'PGCHANNELBINDING',
  'PGREQUIREPEER',
] as const;

/** A connection URI (PostgreSQL manual, 34.1.1.2), with the secret in it unless that is told in another way. */
export function connectionUri(
  { host, port, database, user, password }: ConnectionSettings,
  withSecret: boolean = true,
): string {
  const login = `${encodeURIComponent(user)}${withSecret ? `:${encodeURIComponent(password)}` : ''}`;
  const name = encodeURIComponent(database);
  // A socket's directory goes into the query, which more drivers understand than a percent-encoded host.
  return host.startsWith('/')
    ? `postgresql://${login}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgresql://${login}@${host}:${port}/${name}?sslmode=disable`;
}

/** Writes a password file (PostgreSQL manual, 34.16), 0600; the host is left open, since it is a path for some drivers. */
export async function writePassFile(file: string, { port, user, password }: ConnectionSettings): Promise<void> {
  const escape = (field: string) => field.replace(/[\\:]/g, '\\$&');
  await writeFile(file, `*:${port}:*:${escape(user)}:${escape(password)}\n`, { mode: 0o600, flag: 'wx' });
}
