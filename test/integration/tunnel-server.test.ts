import { once } from 'node:events';
import { createServer } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_PENALTIES } from '../../gateway/src/tunnel/penalties.ts';
import { DEFAULT_TUNNEL_LIMITS, TunnelServer } from '../../gateway/src/tunnel/server.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

async function start(options: Partial<Parameters<typeof startTunnelPort>[0]> = {}): Promise<TunnelPort> {
  const port = await startTunnelPort({ serve: echo, ...options });
  stopping.push(port.close);
  return port;
}

function echo(stream: Duplex): void {
  stream.pipe(stream);
}

async function dial(port: TunnelPort, settings: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const socket = tls.connect({
    host: '127.0.0.1',
    port: port.port,
    ca: port.ca,
    ALPNProtocols: ['sluice/1'],
    ...settings,
  });
  socket.allowHalfOpen = true;
  await once(socket, 'secureConnect');
  return socket;
}

/** By hand, not by the client's encoder. */
function frame(fields: object): Buffer {
  const json = Buffer.from(JSON.stringify(fields));
  return Buffer.concat([Buffer.from([0, 0, json.length >> 8, json.length & 0xff]), json]);
}

const GOOD = frame({ version: 1, resource: 'orders-db', sessionId: 's1', token: 'good' });
const OK = Buffer.from('\0\0\0\x0b{"ok":true}', 'latin1');

async function readAll(socket: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function reply(socket: Duplex): Promise<{ ok: boolean; code?: string; message?: string }> {
  const bytes = await readAll(socket);
  return JSON.parse(bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString());
}

it('hands an authorised stream over with who is at its end, and with the bytes that came behind the frame', async () => {
  const port = await start();
  const socket = await dial(port);
  socket.write(Buffer.concat([GOOD, Buffer.from('hello ')]));
  socket.end('world');
  expect((await readAll(socket)).toString('latin1')).toBe(`${OK.toString('latin1')}hello world`);
  expect(port.opened).toEqual([
    {
      resource: 'orders-db',
      peer: expect.objectContaining({
        via: 'tunnel',
        sessionId: 's1',
        from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      }),
    },
  ]);
});

it('passes a half-close on: the answer still arrives after the client has ended its side', async () => {
  const port = await start({
    serve: async (stream) => {
      const received = await readAll(stream);
      stream.end(`got ${received.length}`);
    },
  });
  const socket = await dial(port);
  socket.write(GOOD);
  socket.end(Buffer.alloc(300_000));
  expect((await readAll(socket)).subarray(OK.length).toString()).toBe('got 300000');
});

it('serves the API on the same port to clients that ask for http/1.1, and to those that ask for nothing', async () => {
  const port = await start({ api: (request, response) => response.end(`${request.method} ${request.url}`) });
  for (const ALPNProtocols of [['http/1.1'], undefined]) {
    const answer = await new Promise<string>((resolve, reject) => {
      const request = https.get(
        {
          host: '127.0.0.1',
          port: port.port,
          path: '/api/v1/meta',
          ca: port.ca,
          ...(ALPNProtocols && { ALPNProtocols }),
        },
        (response) => {
          response.setEncoding('utf8').on('data', resolve);
        },
      );
      request.on('error', reject);
    });
    expect(answer).toBe('GET /api/v1/meta');
  }
});

it('refuses TLS 1.2, and a protocol that it does not know', async () => {
  const port = await start();
  await expect(dial(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
  await expect(dial(port, { ALPNProtocols: ['h2'] })).rejects.toThrow();
  expect(port.events.filter((event) => event.kind === 'handshake-failed')).toHaveLength(2);
});

it.each([
  ['a wrong token', frame({ version: 1, resource: 'orders-db', sessionId: 's1', token: 'bad' }), 'AUTH_TOKEN_INVALID'],
  [
    'an unknown key',
    frame({ version: 1, resource: 'orders-db', sessionId: 's1', token: 'good', as: 'admin' }),
    'PROTOCOL_VIOLATION',
  ],
  ['an oversized frame', Buffer.from([0, 1, 0, 0]), 'LIMIT_FRAME_BYTES'],
  ['the API in the tunnel protocol', Buffer.from('GET /api/v1/meta HTTP/1.1\r\n\r\n'), 'LIMIT_FRAME_BYTES'],
])('%s is told its code and never reaches a proxy', async (_name, bytes, code) => {
  const port = await start();
  const socket = await dial(port);
  socket.write(bytes);
  expect(await reply(socket)).toMatchObject({ ok: false, code });
  expect(port.opened).toEqual([]);
  expect(port.events).toContainEqual(expect.objectContaining({ kind: 'refused', code }));
});

it('an authorisation that throws is a refusal without its words', async () => {
  const port = await start({
    authorize: async () => {
      throw new Error('the key is 0xdeadbeef');
    },
  });
  const socket = await dial(port);
  socket.write(GOOD);
  const answer = await reply(socket);
  expect(answer).toMatchObject({ ok: false, code: 'INTERNAL' });
  expect(JSON.stringify(answer)).not.toContain('deadbeef');
});

it('a silent client is told and cut after the time-out, as is one whose authorisation never ends', async () => {
  const port = await start({ limits: { openTimeoutMs: 50 }, authorize: () => new Promise(() => undefined) });
  const silent = await dial(port);
  const waiting = await dial(port);
  waiting.write(GOOD);
  for (const socket of [silent, waiting])
    expect(await reply(socket)).toMatchObject({ ok: false, code: 'PROTOCOL_VIOLATION' });
  expect(port.opened).toEqual([]);
});

it('bytes that never become TLS are cut after the time-out', async () => {
  const port = await start({ limits: { openTimeoutMs: 50 } });
  const socket = net.connect(port.port, '127.0.0.1');
  socket.resume();
  await once(socket, 'close');
  expect(port.events).toContainEqual(expect.objectContaining({ kind: 'handshake-failed' }));
});

it('a slow HTTP header is cut by the time-out of the HTTP server, though it does not listen itself', async () => {
  const port = await start({ api: () => undefined, headersTimeoutMs: 100 });
  const socket = await dial(port, { ALPNProtocols: ['http/1.1'] });
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  expect((await readAll(socket)).toString()).toMatch(/^HTTP\/1\.1 408 /);
});

it('connections beyond the bound are dropped, and a place that falls free is given again', async () => {
  const port = await start({ limits: { maxConnections: 1 } });
  const first = await dial(port);
  await expect(dial(port)).rejects.toThrow();
  first.destroy();
  await once(first, 'close');
  while (port.server.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  (await dial(port)).destroy();
});

it('undecided streams of one source are bounded; decided ones do not count', async () => {
  const port = await start({ limits: { penalties: { ...DEFAULT_PENALTIES, maxPendingPerSource: 1 } } });
  const decided = await dial(port);
  decided.write(GOOD);
  await once(decided, 'readable');
  const undecided = await dial(port);
  const refused = await dial(port);
  await readAll(refused).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('ECONNRESET'));
  expect(port.events).toContainEqual(expect.objectContaining({ kind: 'refused', code: 'LIMIT_REACHED' }));
  undecided.destroy();
  decided.destroy();
});

it('a proxy that throws loses its own stream and no other', async () => {
  const port = await start({
    accept: (resource, { duplex }) => {
      if (resource === 'broken') throw new Error('defect');
      echo(duplex);
    },
  });
  const healthy = await dial(port);
  healthy.write(GOOD);
  await once(healthy, 'readable');
  expect(healthy.read()).toEqual(OK);
  const broken = await dial(port);
  broken.on('error', () => undefined);
  broken.write(frame({ version: 1, resource: 'broken', sessionId: 's1', token: 'good' }));
  broken.resume();
  await once(broken, 'end');
  expect(port.events).toContainEqual(expect.objectContaining({ kind: 'accept-failed', resource: 'broken' }));
  healthy.write('still here');
  await once(healthy, 'readable');
  expect(String(healthy.read())).toBe('still here');
  healthy.destroy();
});

it('closing tells undecided streams why and cuts the others after the grace', async () => {
  const port = await startTunnelPort({ serve: echo });
  const undecided = await dial(port);
  const open = await dial(port);
  open.on('error', () => undefined);
  open.write(GOOD);
  await once(open, 'readable');
  const mute = net.connect(port.port, '127.0.0.1');
  mute.on('error', () => undefined);
  await once(mute, 'connect');
  const answer = reply(undecided);
  const cut = once(open.resume(), 'end');
  await port.server.close(20);
  expect(await answer).toMatchObject({ ok: false, code: 'SESSION_ENDED' });
  await cut;
  expect(port.server.connections).toBe(0);
});

it('a port in use is named', async () => {
  const port = await start();
  const third = new TunnelServer({
    tls: { key: '', cert: '' },
    http: createServer(),
    authorize: () => Promise.reject(new Error('unused')),
    accept: () => undefined,
    observe: () => undefined,
    limits: DEFAULT_TUNNEL_LIMITS,
    now: Date.now,
  });
  await expect(third.listen('127.0.0.1', port.port)).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(`${port.port}`),
  });
});
