/** Tunnels where something in between ends TLS: the same streams, in WebSockets. */
import { once } from 'node:events';
import https from 'node:https';
import { type Duplex, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { OpenFrame } from '@sluice/contract/tunnel';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type GatewayAddress, GatewayDialer } from '../../agent-tunnel/src/tunnel/gateway-dialer.ts';
import { openGatewayStream } from '../../agent-tunnel/src/tunnel/gateway-stream.ts';
import { makeCertificate } from '../harness/certificate.ts';
import { startConnectProxy } from '../harness/connect-proxy.ts';
import { hasHaproxy, startHaproxy, startTlsTerminator } from '../harness/tls-terminator.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

const FRAME = { version: 1, resource: 'orders-db', sessionId: 's1', token: 'good' } as const;
const CHUNK = 65_536;
type Balancer = 'node' | 'node without ALPN' | 'haproxy';
/** The first two always; haproxy where it is installed. */
const BALANCERS: readonly Balancer[] = ['node', 'node without ALPN', ...(hasHaproxy ? (['haproxy'] as const) : [])];
const never = new AbortController().signal;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(serve: (stream: Duplex) => void = (stream) => void stream.pipe(stream)): Promise<TunnelPort> {
  const port = await startTunnelPort({
    serve: (stream) => {
      stream.on('error', () => undefined);
      serve(stream);
    },
  });
  closing.push(port.close);
  return port;
}

async function behind(port: TunnelPort, kind: Balancer = 'node'): Promise<GatewayAddress> {
  const made =
    kind === 'haproxy'
      ? await startHaproxy(port)
      : await startTlsTerminator({ port: port.port, ca: port.ca }, kind === 'node' ? ['http/1.1'] : []);
  closing.push(made.close);
  return { gateway: made.url, ca: made.ca };
}

function dialer(address: GatewayAddress): GatewayDialer {
  const made = new GatewayDialer(address);
  closing.push(() => made.close());
  return made;
}

async function open(address: GatewayAddress, frame: OpenFrame = FRAME): Promise<Duplex> {
  const stream = await openGatewayStream(dialer(address), address, async () => frame, never);
  closing.push(() => void stream.destroy());
  return stream.on('error', () => undefined);
}

async function readAll(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function echoes(stream: Duplex, text: string): Promise<void> {
  const answer = once(stream, 'data');
  stream.write(text);
  expect(String((await answer)[0])).toBe(text);
}

describe.each(BALANCERS)('behind a load balancer that ends TLS (%s)', (kind) => {
  it('a stream is opened all the same, and its end passed on by itself', async () => {
    const port = await start(async (stream) => {
      const received = await readAll(stream);
      stream.end(`got ${received.length}`);
    });
    const stream = await open(await behind(port, kind));
    expect(stream).not.toBeInstanceOf(TLSSocket);
    const closed = once(stream, 'close');
    stream.end(Buffer.alloc(300_000));
    expect(String(await readAll(stream))).toBe('got 300000');
    await closed;
    expect(port.opened).toMatchObject([{ resource: 'orders-db', peer: { via: 'tunnel', sessionId: 's1' } }]);
  });

  it('who reads slowly slows who writes, and gets everything', async () => {
    const total = 1_024;
    let produced = 0;
    const port = await start((stream) => {
      const source = Readable.from(
        (function* () {
          for (; produced < total; produced += 1) yield Buffer.alloc(CHUNK, produced & 0xff);
        })(),
        { objectMode: false },
      );
      source.pipe(stream);
    });
    const stream = await open(await behind(port, kind));
    // Until nothing moves any more: without a bound that would be at the end.
    for (let seen = -1; seen !== produced; ) {
      seen = produced;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(produced).toBeLessThan(total);
    expect(stream.readableLength).toBeLessThanOrEqual(3 * CHUNK);
    stream.end();
    let at = 0;
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      expect(bytes[0]).toBe(Math.floor(at / CHUNK) & 0xff);
      at += bytes.length;
    }
    expect(at).toBe(total * CHUNK);
  });
});

describe('the way', () => {
  it('is TLS where ALPN is answered, WebSocket where it is asked for, and TLS only where that is', async () => {
    const port = await start();
    const direct = { gateway: port.gateway, ca: port.ca };
    expect(await open(direct)).toBeInstanceOf(TLSSocket);
    const forced = await open({ ...direct, transport: 'websocket' });
    expect(forced).not.toBeInstanceOf(TLSSocket);
    await echoes(forced, 'hello');
    const address = { ...(await behind(port, 'node without ALPN')), transport: 'tls' } as const;
    await expect(open(address)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION' });
  });

  it('leads through a proxy by CONNECT, too', async () => {
    const proxy = await startConnectProxy('ana:secret');
    closing.push(proxy.close);
    const address = await behind(await start());
    const settings = { url: new URL(`http://ana:secret@127.0.0.1:${proxy.port}`), except: [] };
    await echoes(await open({ ...address, proxy: settings }), 'hello');
    expect(proxy.targets).toEqual([address.gateway.host]);
  });

  it('a refusal is told in the gateway’s words', async () => {
    const address = await behind(await start());
    await expect(open(address, { ...FRAME, token: 'bad' })).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  });

  it.each([
    ['no gateway', 200, 'PROTOCOL_VIOLATION'],
    ['a load balancer without a gateway behind it', 503, 'GATEWAY_UNREACHABLE'],
  ])('what speaks HTTPS and is %s is named so', async (_what, status, code) => {
    const certificate = await makeCertificate();
    const server = https.createServer(certificate, (_request, response) => response.writeHead(status).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    const gateway = new URL(`https://127.0.0.1:${address.port}`);
    await expect(open({ gateway, ca: certificate.cert })).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining(`status ${status}`) },
    });
  });

  it('the certificate of whoever ends TLS is checked', async () => {
    const { gateway } = await behind(await start());
    await expect(open({ gateway, ca: null })).rejects.toMatchObject({
      message: expect.stringContaining('certificate'),
    });
  });

  it('a gateway that goes breaks its streams, and is told to be unreachable', async () => {
    const first = await start();
    const address = await behind(first);
    const made = dialer(address);
    const stream = await openGatewayStream(made, address, async () => FRAME, never);
    const broken = once(stream, 'error');
    stream.resume();
    await first.close();
    expect(String((await broken)[0])).toContain('WebSocket');
    await expect(openGatewayStream(made, address, async () => FRAME, never)).rejects.toMatchObject({
      code: 'GATEWAY_UNREACHABLE',
    });
  });
});

describe('the gateway', () => {
  const URL_PATH = '/api/v1/tunnel';

  function dial(port: TunnelPort, options: { origin?: string; protocols?: string[]; path?: string } = {}): WebSocket {
    const socket = new WebSocket(
      `wss://127.0.0.1:${port.port}${options.path ?? URL_PATH}`,
      options.protocols ?? ['sluice.tunnel.v1'],
      { ca: port.ca, ...(options.origin !== undefined && { origin: options.origin }) },
    );
    closing.push(() => socket.terminate());
    return socket.on('error', () => undefined);
  }

  function statusOf(socket: WebSocket): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode);
      });
      socket.once('open', () => reject(new Error('it was opened')));
    });
  }

  /** By hand, not by the client's encoder. */
  const json = Buffer.from(JSON.stringify(FRAME));
  const OPEN = Buffer.concat([Buffer.from([0, 0, json.length >> 8, json.length & 0xff]), json]);

  async function opened(port: TunnelPort): Promise<WebSocket> {
    const socket = dial(port);
    await once(socket, 'open');
    const reply = once(socket, 'message');
    socket.send(OPEN);
    expect(String((await reply)[0])).toContain('{"ok":true}');
    return socket;
  }

  it.each(['https://evil.example', 'null', 'https://127.0.0.1'])(
    'opens nothing for a web page (%s)',
    async (origin) => {
      const port = await start();
      expect(await statusOf(dial(port, { origin }))).toBe(403);
      expect(port.events).toMatchObject([{ kind: 'refused', message: expect.stringContaining('web page') }]);
      expect(port.opened).toEqual([]);
    },
  );

  it('opens nothing by another sub-protocol, and other paths are the API’s', async () => {
    const port = await start();
    expect(await statusOf(dial(port, { protocols: ['other'] }))).toBe(400);
    expect(await statusOf(dial(port, { path: '/api/v1/meta' }))).toBe(200);
  });

  it.each([
    ['a message beyond the bound', Buffer.alloc(CHUNK + 1), true, 1009],
    ['a text that is not the end', 'fin', false, 1002],
  ])('%s closes the stream with its code', async (_name, message, binary, code) => {
    const received: Buffer[] = [];
    const port = await start((stream) => void stream.on('data', (chunk: Buffer) => received.push(chunk)));
    const socket = await opened(port);
    const closed = once(socket, 'close');
    socket.send(message, { binary });
    expect((await closed)[0]).toBe(code);
    expect(received).toEqual([]);
  });

  it('bytes after the end close the stream, and both ends close it well', async () => {
    const port = await start(() => undefined);
    const violating = await opened(port);
    const refused = once(violating, 'close');
    violating.send('end', { binary: false });
    violating.send(Buffer.from('more'));
    expect((await refused)[0]).toBe(1002);

    const echo = await start();
    const proper = await opened(echo);
    const closed = once(proper, 'close');
    const answer = once(proper, 'message');
    proper.send('end', { binary: false });
    expect([String((await answer)[0]), (await closed)[0]]).toEqual(['end', 1000]);
  });

  it('a broken WebSocket is not taken for the end of what was sent', async () => {
    const ended = new Promise<string>((resolve) => {
      void start((stream) => {
        stream
          .resume()
          .once('end', () => resolve('end'))
          .once('close', () => resolve('broken'));
      }).then(async (port) => (await opened(port)).terminate());
    });
    expect(await ended).toBe('broken');
  });
});
