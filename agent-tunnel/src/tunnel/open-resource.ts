import path from 'node:path';
import type { MintedSession } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { ApiClient, SessionTerms } from '../client/api-client.ts';
import type { TokenSource } from '../identity/access-token.ts';
import { type ConnectionSettings, connectionSettings, writePassFile } from './connection-settings.ts';
import type { GatewayAddress } from './gateway-dialer.ts';
import type { Endpoint } from './listener.ts';
import { makeSocketDirectory, removeSocketDirectory } from './socket-directory.ts';
import { Tunnel } from './tunnel.ts';

/** The port in the socket's name: libpq's default, so that `psql -h DIRECTORY` finds it. */
const UNIX_PORT = 5432;

export type OpenResourceOptions = GatewayAddress & {
  readonly api: ApiClient;
  readonly token: TokenSource;
  readonly resource: string;
  /** Name of the program, for the record. */
  readonly application: string;
  /** The workflow and plan that everything run through it is bound to. */
  readonly terms?: SessionTerms;
  /** Null for a Unix socket; a port for TCP on both loopback addresses, 0 for any. */
  readonly tcpPort: number | null;
  /** Parent of the private directories. */
  readonly runtimeDirectory: string;
  readonly uid: number;
};

/** A resource that programs on this machine can reach until `close`. */
export type OpenResource = {
  readonly session: MintedSession;
  readonly tunnel: Tunnel;
  readonly endpoint: Endpoint;
  readonly settings: ConnectionSettings;
  /** libpq password file, 0600; gone after `close`. */
  readonly passFile: string;
  readonly close: () => Promise<void>;
};

/**
 * Mints a session secret and opens the tunnel for it. Throws what the gateway answers (`REFUSED_BY_POLICY`,
 * `RESOURCE_UNKNOWN`, `AUTH_*`), `PROTOCOL_UNSUPPORTED` for a resource that is no PostgreSQL database, `CONFIG_PORT_TAKEN`.
 */
export async function openResource(options: OpenResourceOptions): Promise<OpenResource> {
  const {
    gateway,
    ca,
    proxy = null,
    certificate = null,
    transport = 'auto',
    token,
    resource,
    runtimeDirectory: parent,
    uid,
    tcpPort,
  } = options;
  const session = await options.api.mintSession(resource, options.application, options.terms);
  if (session.protocol !== 'postgres') {
    throw new SluiceError(
      'PROTOCOL_UNSUPPORTED',
      `${resource} speaks ${session.protocol}; tunnels carry PostgreSQL so far`,
    );
  }
  const place =
    tcpPort === null
      ? ({ kind: 'unix', parent, uid, port: UNIX_PORT } as const)
      : ({ kind: 'tcp', port: tcpPort } as const);
  const tunnel = new Tunnel({
    ...{ gateway, ca, proxy, certificate, transport, resource, token, place },
    sessionId: session.sessionId,
  });
  const directory = await makeSocketDirectory(parent, uid);
  const close = async () => {
    await tunnel.close();
    await removeSocketDirectory(directory);
  };
  try {
    const endpoint = await tunnel.open();
    const settings = connectionSettings(session, endpoint, UNIX_PORT, tunnel.directory ?? directory);
    const passFile = path.join(directory, 'pgpass');
    await writePassFile(passFile, settings);
    return { session, tunnel, endpoint, settings, passFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}
