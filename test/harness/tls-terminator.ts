/** Load balancers that end TLS in front of a gateway and speak HTTPS to it: no ALPN `sluice/1` gets through. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { makeCertificate } from './certificate.ts';

export type TlsTerminator = { readonly url: URL; readonly ca: string; close(): Promise<void> };

const HAPROXY = '/usr/sbin/haproxy';
export const hasHaproxy = existsSync(HAPROXY);
const START_LIMIT_MS = 60_000;

/** Passes bytes on in both directions, until either side closes. */
function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(one);
    one
      .on('error', () => one.destroy())
      .once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    one.pipe(other);
  }
}

/** In this process: ends TLS, and passes bytes on in TLS of its own. `alpn`: what it answers; none when empty. */
export async function startTlsTerminator(
  target: { readonly port: number; readonly ca: string },
  alpn: string[] = ['http/1.1'],
): Promise<TlsTerminator> {
  const certificate = await makeCertificate();
  const sockets = new Set<Socket>();
  const server = tls.createServer({ ...certificate, ...(alpn.length > 0 && { ALPNProtocols: alpn }) }, (client) => {
    const upstream = tls.connect({ ...target, host: '127.0.0.1', ALPNProtocols: ['http/1.1'] });
    join(client, upstream, sockets);
  });
  const port = await listen(server);
  return {
    url: new URL(`https://127.0.0.1:${port}`),
    ca: certificate.cert,
    close: () => closeAll(server, sockets),
  };
}

/** A haproxy in HTTP mode. It listens on a Unix socket, with a port of ours before it: no port is guessed. */
export async function startHaproxy(target: { readonly port: number }): Promise<TlsTerminator> {
  const certificate = await makeCertificate();
  const directory = await mkdtemp(path.join(tmpdir(), 'sluice-haproxy-'));
  const listening = path.join(directory, 'https');
  await writeFile(path.join(directory, 'cert.pem'), certificate.cert + certificate.key, { mode: 0o600 });
  await writeFile(
    path.join(directory, 'haproxy.cfg'),
    `defaults
  mode http
  timeout connect 60s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend https
  bind unix@${listening} ssl crt ${path.join(directory, 'cert.pem')} alpn h2,http/1.1
  default_backend gateway
backend gateway
  server gateway 127.0.0.1:${target.port} ssl verify none alpn http/1.1
`,
  );
  const process = spawn(HAPROXY, ['-db', '-f', path.join(directory, 'haproxy.cfg')], { stdio: 'ignore' });
  const ended = once(process, 'close');
  const sockets = new Set<Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(listening);
    join(client, upstream, sockets);
  });
  const close = async () => {
    await closeAll(server, sockets);
    process.kill('SIGKILL');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const port = await listen(server);
  try {
    await untilConnects(listening);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: new URL(`https://127.0.0.1:${port}`), ca: certificate.cert, close };
}

async function untilConnects(unixSocket: string): Promise<void> {
  const giveUp = Date.now() + START_LIMIT_MS;
  for (;;) {
    const probe = net.connect(unixSocket);
    try {
      await once(probe, 'connect');
      probe.destroy();
      return;
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await delay(20);
    }
  }
}

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function closeAll(server: net.Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
