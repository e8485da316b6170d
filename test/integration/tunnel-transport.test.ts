/** The way from the tunnel to the gateway: through proxies, with resumed sessions, a spare connection, side by side. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchMeta } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import type { ProxySettings } from '../../agent-tunnel/src/client/proxy.ts';
import { GatewayDialer } from '../../agent-tunnel/src/tunnel/gateway-dialer.ts';
import { openGatewayStream } from '../../agent-tunnel/src/tunnel/gateway-stream.ts';
import { Tunnel, type TunnelOptions } from '../../agent-tunnel/src/tunnel/tunnel.ts';
import { startConnectProxy } from '../harness/connect-proxy.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

const FRAME = { version: 1, resource: 'orders-db', sessionId: 's1', token: 'good' } as const;
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const META = { version: '0', issuers: [], tunnel: { alpn: 'sluice/1' } };
const never = new AbortController().signal;

let gateway: TunnelPort;
let runtime: string;
const closing: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  runtime = await mkdtemp(path.join(tmpdir(), 'sluice-run-'));
  gateway = await startTunnelPort({
    serve: (stream) => {
      stream.on('error', () => undefined);
      stream.pipe(stream);
    },
    api: (_request, response) => response.end(JSON.stringify(META)),
  });
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await gateway.close();
  await rm(runtime, { recursive: true, force: true });
});

function dialer(proxy: ProxySettings | null = null, spareMs = 0): GatewayDialer {
  const made = new GatewayDialer({ gateway: gateway.gateway, ca: gateway.ca, proxy }, spareMs);
  closing.push(() => made.close());
  return made;
}

async function echoes(stream: Duplex): Promise<void> {
  const answer = once(stream, 'data');
  stream.write(SSL_REQUEST);
  expect((await answer)[0]).toEqual(SSL_REQUEST);
}

async function openThrough(made: GatewayDialer): Promise<Duplex> {
  const address = { gateway: gateway.gateway, ca: gateway.ca };
  const stream = await openGatewayStream(made, address, async () => FRAME, never);
  closing.push(() => void stream.destroy());
  return stream;
}

describe('through an HTTP proxy', () => {
  it('streams and the API go by CONNECT, with the proxy’s own sign-in', async () => {
    const proxy = await startConnectProxy('ana:p@ss word');
    closing.push(proxy.close);
    const settings = { url: new URL(`http://ana:p%40ss%20word@127.0.0.1:${proxy.port}`), except: [] };
    await echoes(await openThrough(dialer(settings)));
    expect(await fetchMeta(gateway.gateway, { ...DEFAULT_HTTP, ca: gateway.ca, proxy: settings })).toEqual(META);
    expect(proxy.targets).toEqual([gateway.gateway.host, gateway.gateway.host]);
  });

  it('a sign-in that the proxy refuses is told, without the password', async () => {
    const proxy = await startConnectProxy('ana:right');
    closing.push(proxy.close);
    const settings = { url: new URL(`http://ana:wrong-password@127.0.0.1:${proxy.port}`), except: [] };
    const failed = expect.objectContaining({
      code: 'GATEWAY_UNREACHABLE',
      message: expect.not.stringContaining('wrong-password'),
      remedy: expect.stringContaining('SLUICE_PROXY'),
    });
    await expect(openThrough(dialer(settings))).rejects.toEqual(failed);
    const http = { ...DEFAULT_HTTP, ca: gateway.ca, proxy: settings };
    await expect(fetchMeta(gateway.gateway, http)).rejects.toEqual(failed);
    expect(proxy.targets).toEqual([]);
  });

  it.each([['127.0.0.1'], ['*'], ['PORT']])('hosts in NO_PROXY (%s) are reached directly', async (entry) => {
    const proxy = await startConnectProxy(null);
    closing.push(proxy.close);
    const except = [entry === 'PORT' ? `127.0.0.1:${gateway.port}` : entry];
    await echoes(await openThrough(dialer({ url: new URL(`http://127.0.0.1:${proxy.port}`), except })));
    expect(proxy.targets).toEqual([]);
  });

  it('the gateway’s certificate is checked behind the proxy as ever', async () => {
    const proxy = await startConnectProxy(null);
    closing.push(proxy.close);
    const settings = { url: new URL(`http://127.0.0.1:${proxy.port}`), except: [] };
    const trusting = new GatewayDialer({ gateway: gateway.gateway, ca: null, proxy: settings }, 0);
    await expect(trusting.dial(never)).rejects.toMatchObject({ message: expect.stringContaining('certificate') });
  });
});

describe('connections', () => {
  it('resume the TLS session of the one before', async () => {
    const made = dialer();
    const isReused = (stream: Duplex) => stream instanceof TLSSocket && stream.isSessionReused();
    expect(isReused(await openThrough(made))).toBe(false);
    expect(isReused(await openThrough(made))).toBe(true);
  });

  it('one is kept ready after a stream was opened, used by the next one, and closed when nobody comes', async () => {
    const made = dialer(null, 60_000);
    await echoes(await openThrough(made));
    await made.keepSpare();
    const { socket, wasSpare } = await made.dial(never);
    closing.push(() => void socket.destroy());
    expect(wasSpare).toBe(true);
    await made.keepSpare();
    const other = await made.dial(never);
    expect(other.wasSpare).toBe(true);
    other.socket.destroy();
    expect((await made.dial(never)).wasSpare).toBe(false);
  });

  it('a spare that the gateway ended is not handed to a program', async () => {
    const made = dialer(null, 60_000);
    await echoes(await openThrough(made));
    await made.keepSpare();
    // It says to the spare that it stops, before anything was asked. That is no answer to the next program.
    await gateway.close();
    await expect(openThrough(made)).rejects.toMatchObject({ code: 'GATEWAY_UNREACHABLE' });
  });
});

it('a program that reads nothing holds up no other one, on its tunnel or another', async () => {
  const place = (name: string): TunnelOptions['place'] => ({
    ...{ kind: 'unix', parent: path.join(runtime, name), port: 5432 },
    uid: process.getuid?.() ?? 0,
  });
  const shared = dialer(null, 60_000);
  const open = async (name: string) => {
    const tunnel = new Tunnel({
      ...{ gateway: gateway.gateway, ca: gateway.ca, resource: name, sessionId: 's1', dialer: shared },
      token: async () => 'good',
      place: place(name),
    });
    closing.push(() => tunnel.close());
    const endpoint = await tunnel.open();
    if (endpoint.kind !== 'unix') throw new Error('expected a socket');
    return endpoint.path;
  };
  const [bulk, small] = [await open('bulk'), await open('small')];
  const stuck = net.connect(bulk);
  closing.push(() => void stuck.destroy());
  stuck.on('error', () => undefined).write(SSL_REQUEST);
  await once(stuck, 'data');
  stuck.pause();
  // More than every buffer on the way holds: it waits, since nothing of what comes back is read.
  stuck.write(Buffer.alloc(64 * 1024 * 1024));
  for (const socket of [small, bulk]) {
    const program = net.connect(socket);
    closing.push(() => void program.destroy());
    await echoes(program);
  }
  expect(stuck.writableLength).toBeGreaterThan(0);
});
