import net, { type Server, type Socket } from 'node:net';
import { SluiceError } from '@sluice/contract/errors';
import { ownerWords, portOwner } from './port-owner.ts';

/** Where a tunnel listens: a Unix socket, or one port on both loopback addresses. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly port: number; readonly hosts: readonly string[] };

export type Listener = { readonly endpoint: Endpoint; close(): Promise<void> };

/** Ports tried when any will do and `::1` has lost the one that `127.0.0.1` gave. */
const MAX_PORT_ATTEMPTS = 10;
/** How far the next free port is looked for. */
const MAX_PORTS_AHEAD = 100;

export async function listenUnix(path: string, accept: (socket: Socket) => void): Promise<Listener> {
  const server = makeServer(accept);
  await listen(server, { path });
  return { endpoint: { kind: 'unix', path }, close: () => close([server]) };
}

/**
 * Listens on 127.0.0.1 *and* ::1: programs that resolve `localhost` take either, and a port that we left free on one
 * of them could be taken by somebody else. `port` 0 takes any that is free on both. A machine without IPv6 gets IPv4.
 *
 * Throws `CONFIG_PORT_TAKEN`.
 */
export async function listenTcp(port: number, accept: (socket: Socket) => void): Promise<Listener> {
  for (let attempt = 1; ; attempt += 1) {
    const four = makeServer(accept);
    await listen(four, { host: '127.0.0.1', port });
    const chosen = portOf(four);
    const six = makeServer(accept);
    try {
      await listen(six, { host: '::1', port: chosen, ipv6Only: true });
      return { endpoint: { kind: 'tcp', port: chosen, hosts: ['127.0.0.1', '::1'] }, close: () => close([four, six]) };
    } catch (error) {
      if (isWithoutIpv6(error))
        return { endpoint: { kind: 'tcp', port: chosen, hosts: ['127.0.0.1'] }, close: () => close([four]) };
      await close([four]);
      if (port !== 0 || attempt === MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

function makeServer(accept: (socket: Socket) => void): Server {
  return net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: false }, accept);
}

async function listen(server: Server, where: net.ListenOptions): Promise<void> {
  try {
    await listening(server, where);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const place = where.path ?? `${where.host}:${where.port}`;
    const owner = where.port === undefined ? null : await portOwner(where.port, process.platform);
    throw new SluiceError('CONFIG_PORT_TAKEN', `${place} is in use by another program${ownerWords(owner)}`, {
      cause: error,
      remedy: 'Choose another one with `--port`, or stop that program.',
    });
  }
  // Out of descriptors, for example: that connection is lost, the tunnel stays.
  server.on('error', () => undefined);
}

function listening(server: Server, where: net.ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The first port from `port` on that is free on both loopback addresses. Throws `CONFIG_PORT_TAKEN` when none is near. */
export async function nextFreePort(port: number): Promise<number> {
  for (let candidate = port; candidate <= Math.min(port + MAX_PORTS_AHEAD, 65_535); candidate += 1)
    if (await isPortFree(candidate)) return candidate;
  throw new SluiceError('CONFIG_PORT_TAKEN', `no port from ${port} to ${port + MAX_PORTS_AHEAD} is free`);
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await (await listenTcp(port, (socket) => socket.destroy())).close();
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'CONFIG_PORT_TAKEN') return false;
    throw error;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new SluiceError('INTERNAL', 'a listening port has no address');
  return address.port;
}

function isWithoutIpv6(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
}

async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
}
