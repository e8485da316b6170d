/** Everything that lives by one sign-in, and when each of it ended: what `revocation-latency.ts` times. */
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';
import { Client } from 'pg';
import type { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { type OpenResource, openResource } from '../../agent-tunnel/src/tunnel/open-resource.ts';
import type { TestGateway } from '../harness/gateway.ts';

/** As many as the gateway opens for one principal. */
const STREAMS = 8;
/** How long the API is left alone between two calls, ms. */
const ASK_EVERY_MS = 10;
/** Sessions that are opened at once. */
const AT_ONCE = 8;
/** Of ten sessions, so many run a statement, and so many come through a tunnel; the others are idle on the native port. */
const [BUSY_OF_TEN, TUNNELLED_OF_TEN] = [2, 4];

export const KINDS = ['idle session', 'running statement', 'tunnel', 'event stream', 'API'] as const;
export type Kind = (typeof KINDS)[number];
/** `at`: of `performance.now()`. */
export type End = { readonly kind: Kind; readonly at: number };

export type LiveSignIn = {
  /** Of each thing that lives, in no order. */
  readonly ends: readonly Promise<End>[];
  readonly close: () => Promise<void>;
};

export type Signing = {
  readonly gateway: TestGateway;
  readonly resource: string;
  /** Parent of the tunnel's directory. */
  readonly runtimeDirectory: string;
  readonly ca: string;
};

/** Opens `count` sessions of a person, with event streams and calls of the API beside them. `tokenOf`: a token for each. */
export async function openLiveSignIn(
  { gateway, resource, runtimeDirectory, ca }: Signing,
  count: number,
  tokenOf: (index: number) => string,
): Promise<LiveSignIn> {
  const ends: Promise<End>[] = [];
  const own = tokenOf(0);
  const api = gateway.apiWith(own);
  const tunnel = await openResource({
    ...{ api, resource, runtimeDirectory, ca, gateway: gateway.url, token: async () => own },
    ...{ application: 'bench', tcpPort: null, uid: process.getuid?.() ?? 0 },
  });
  const open = async (index: number): Promise<Connection> => {
    if (index % 10 < TUNNELLED_OF_TEN) return await throughTunnel(tunnel);
    const connection = await natively({ gateway, resource }, tokenOf(index));
    return index % 10 < 10 - BUSY_OF_TEN ? connection : busy(connection);
  };
  for (let first = 0; first < count; first += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => first + at);
    ends.push(...(await Promise.all(indices.map(open))).map(({ ended }) => ended));
  }
  for (let stream = 0; stream < STREAMS; stream += 1) ends.push((await openStream(api)).ended);
  ends.push(untilRefused(api));
  return { ends, close: () => tunnel.close() };
}

/** An object, since a promise of a promise would wait for both. */
type Connection = { readonly client: Client; readonly ended: Promise<End> };

async function natively({ gateway, resource }: Pick<Signing, 'gateway' | 'resource'>, token: string) {
  return await connected(
    'idle session',
    new Client({
      ...{ host: '127.0.0.1', port: gateway.postgresPort, database: resource, user: resource, password: token },
      ssl: { rejectUnauthorized: false },
    }),
  );
}

async function throughTunnel({ session, endpoint }: OpenResource): Promise<Connection> {
  if (endpoint.kind !== 'unix') throw new Error('a tunnel without a port has a socket');
  const { username: user, secret: password, database } = session;
  return await connected('tunnel', new Client({ host: dirname(endpoint.path), port: 5432, database, user, password }));
}

async function connected(kind: Kind, client: Client): Promise<Connection> {
  const { promise, resolve } = Promise.withResolvers<End>();
  // The error is told before the connection ends.
  client.on('error', () => resolve({ kind, at: performance.now() }));
  client.on('end', () => resolve({ kind, at: performance.now() }));
  await client.connect();
  return { client, ended: promise };
}

function busy({ client, ended }: Connection): Connection {
  const failed = client.query('SELECT pg_sleep(3600)').then(
    () => performance.now(),
    () => performance.now(),
  );
  const both = async (): Promise<End> => ({ kind: 'running statement', at: Math.min(await failed, (await ended).at) });
  return { client, ended: both() };
}

async function openStream({ calls }: ApiClient): Promise<{ readonly ended: Promise<End> }> {
  const { promise: live, resolve } = Promise.withResolvers<void>();
  const ended = async (): Promise<End> => {
    const events = calls.watchRequests(new AbortController().signal, resolve);
    while ((await events.next()).done !== true);
    return { kind: 'event stream', at: performance.now() };
  };
  const end = ended();
  await live;
  return { ended: end };
}

/** Asks again and again, so that it is late by one call at most. */
async function untilRefused(api: ApiClient): Promise<End> {
  for (;;) {
    try {
      await api.whoami();
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'AUTH_TOKEN_INVALID')
        return { kind: 'API', at: performance.now() };
      throw error;
    }
    await delay(ASK_EVERY_MS);
  }
}
