import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_LOCAL_CONNECTIONS, Tunnel, type TunnelOptions } from '../../agent-tunnel/src/tunnel/tunnel.ts';
import { encodeOpenReply } from '../../gateway/src/tunnel/frame.ts';
import { makeCertificate } from '../harness/certificate.ts';
import { startTunnelPort, type TunnelPort } from '../harness/tunnel-port.ts';

const UID = process.getuid?.() ?? 0;
/** `SSLRequest`, the first eight bytes of many PostgreSQL clients. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

let runtime: string;
const stopping: (() => Promise<void>)[] = [];
beforeEach(async () => {
  runtime = await mkdtemp(path.join(tmpdir(), 'sluice-run-'));
});
afterEach(async () => {
  for (const stop of stopping.splice(0).toReversed()) await stop();
  await rm(runtime, { recursive: true, force: true });
});

async function gateway(serve: (stream: Duplex) => void = (stream) => void stream.pipe(stream)): Promise<TunnelPort> {
  const port = await startTunnelPort({ serve });
  stopping.push(port.close);
  return port;
}

function tunnelTo(port: TunnelPort, options: Partial<TunnelOptions> = {}): Tunnel {
  const place = { kind: 'unix', parent: path.join(runtime, 'sluice'), uid: UID, port: 5432 } as const;
  const token = async () => 'good';
  const tunnel = new Tunnel({
    gateway: port.gateway,
    ca: port.ca,
    resource: 'orders-db',
    sessionId: 's1',
    token,
    place,
    ...options,
  });
  stopping.push(() => tunnel.close());
  return tunnel;
}

async function openUnix(tunnel: Tunnel): Promise<string> {
  const endpoint = await tunnel.open();
  if (endpoint.kind !== 'unix') throw new Error('expected a Unix socket');
  return endpoint.path;
}

/** Exactly so many bytes, once they are there. */
async function bytesOf(socket: Duplex, length: number): Promise<Buffer> {
  for (;;) {
    const chunk: unknown = socket.read(length);
    if (Buffer.isBuffer(chunk)) return chunk;
    await once(socket, 'readable');
  }
}

async function readAll(socket: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

it('a program that connects to the socket reaches the resource, with its first bytes and its half-close', async () => {
  const port = await gateway(async (stream) => {
    const received = await readAll(stream);
    stream.end(Buffer.from(received).swap32());
  });
  const tunnel = tunnelTo(port);
  const program = net.connect({ path: await openUnix(tunnel), allowHalfOpen: true });
  const disconnected = once(tunnel, 'disconnected');
  program.end(SSL_REQUEST);
  expect(await readAll(program)).toEqual(Buffer.from(SSL_REQUEST).swap32());
  expect(port.opened[0]).toMatchObject({ resource: 'orders-db', peer: { sessionId: 's1' } });
  expect(await disconnected).toEqual([{ id: 1, bytesUp: 8, bytesDown: 8 }]);
});

it('what a program says first travels with the open frame, not a round trip later', async () => {
  const certificate = await makeCertificate();
  const server = tls.createServer({ ...certificate, ALPNProtocols: ['sluice/1'] }, async (socket) => {
    socket.on('error', () => socket.destroy());
    const frameBytes = (await bytesOf(socket, 4)).readUInt32BE(0);
    await bytesOf(socket, frameBytes);
    const said = await bytesOf(socket, SSL_REQUEST.length);
    // Only now: a tunnel that waits for the reply first would wait for ever.
    socket.end(Buffer.concat([encodeOpenReply({ ok: true }), said]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopping.push(async () => void server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const tunnel = new Tunnel({
    ...{ gateway: new URL(`https://127.0.0.1:${port}`), ca: certificate.cert, resource: 'orders-db', sessionId: 's1' },
    token: async () => 'good',
    place: { kind: 'unix', parent: path.join(runtime, 'sluice'), uid: UID, port: 5432 },
  });
  stopping.push(() => tunnel.close());
  const program = net.connect({ path: await openUnix(tunnel), allowHalfOpen: true });
  program.end(SSL_REQUEST);
  expect(await readAll(program)).toEqual(SSL_REQUEST);
});

it('the socket lies in a directory of our own that nobody else can enter, and is gone after close', async () => {
  const tunnel = tunnelTo(await gateway());
  const socketPath = await openUnix(tunnel);
  expect(path.basename(socketPath)).toBe('.s.PGSQL.5432');
  for (const directory of [path.dirname(socketPath), path.dirname(path.dirname(socketPath))]) {
    const found = await lstat(directory);
    expect([found.isDirectory(), found.uid, found.mode & 0o777]).toEqual([true, UID, 0o700]);
  }
  await tunnel.close();
  expect(await readdir(path.join(runtime, 'sluice'))).toEqual([]);
});

it.each([
  ['is open to others', async (parent: string) => (await mkdir(parent), chmod(parent, 0o755))],
  [
    'is a link',
    async (parent: string) => (await mkdir(`${parent}-real`, { mode: 0o700 }), symlink(`${parent}-real`, parent)),
  ],
])('no socket is made when its parent directory %s', async (_name, prepare) => {
  const parent = path.join(runtime, 'prepared');
  await prepare(parent);
  const tunnel = tunnelTo(await gateway(), { place: { kind: 'unix', parent, uid: UID, port: 5432 } });
  await expect(tunnel.open()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(parent),
  });
});

it('no socket is made in a directory of another user', async () => {
  const parent = path.join(runtime, 'theirs');
  await mkdir(parent, { mode: 0o700 });
  const tunnel = tunnelTo(await gateway(), { place: { kind: 'unix', parent, uid: UID + 1, port: 5432 } });
  await expect(tunnel.open()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('another user'),
  });
});

it('on request it listens on one port of both loopback addresses, and on nothing else', async () => {
  const tunnel = tunnelTo(await gateway(), { place: { kind: 'tcp', port: 0 } });
  const endpoint = await tunnel.open();
  if (endpoint.kind !== 'tcp') throw new Error('expected a port');
  for (const host of endpoint.hosts) {
    const program = net.connect({ host, port: endpoint.port, allowHalfOpen: true });
    program.end(SSL_REQUEST);
    expect(await readAll(program)).toEqual(SSL_REQUEST);
  }
  const other = net.connect({ host: '127.0.0.2', port: endpoint.port });
  const [error] = await once(other, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

it.each(['127.0.0.1', '::1'])('a port that is taken on %s is named and nothing is left listening', async (host) => {
  const squatter = net.createServer().listen(0, host);
  stopping.push(async () => void squatter.close());
  await once(squatter, 'listening');
  const { port } = squatter.address() as net.AddressInfo;
  const tunnel = tunnelTo(await gateway(), { place: { kind: 'tcp', port } });
  await expect(tunnel.open()).rejects.toMatchObject({
    code: 'CONFIG_PORT_TAKEN',
    message: expect.stringContaining(`${port}`),
  });
  const other = net.connect({ host: host === '::1' ? '127.0.0.1' : '::1', port });
  const [error] = await once(other, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

it.each(['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'G', 'POST / HTTP/1.1\r\n', 'PRI * HTTP/2.0', 'SSH-2.0-x', '\x01'])(
  'a connection that begins with %j is dropped before a stream is opened',
  async (bytes) => {
    const port = await gateway();
    const tunnel = tunnelTo(port);
    const program = net.connect(await openUnix(tunnel));
    const dropped = once(tunnel, 'dropped');
    program.write(bytes, 'latin1');
    expect((await readAll(program)).length).toBe(0);
    expect(await dropped).toMatchObject([{ id: 1 }]);
    expect(port.opened).toEqual([]);
  },
);

it('a refusal of the gateway reaches the program in its own protocol, without the token', async () => {
  const port = await gateway();
  const tunnel = tunnelTo(port, { token: async () => 'secret-bad-token' });
  const program = net.connect({ path: await openUnix(tunnel), allowHalfOpen: true });
  const refused = once(tunnel, 'refused');
  program.write(SSL_REQUEST);
  const answer = await readAll(program);
  expect(answer[0]).toBe('E'.charCodeAt(0));
  expect(answer.readInt32BE(1)).toBe(answer.length - 1);
  expect(answer.toString()).toContain('C28000\0Msluice: the token is not one of ours\0HRun `sluice login`.\0\0');
  expect(answer.toString()).not.toContain('secret-bad-token');
  expect(await refused).toMatchObject([{ error: { code: 'AUTH_TOKEN_INVALID' } }]);
  program.destroy();
});

it('an unreachable gateway, and one with a certificate that nobody vouches for, are told apart', async () => {
  const port = await gateway();
  const untrusted = tunnelTo(port, { ca: null });
  const gone = tunnelTo(port, { gateway: new URL('https://127.0.0.1:1') });
  for (const [tunnel, words] of [
    [untrusted, 'not signed by a trusted authority'],
    [gone, 'nothing listens there'],
  ] as const) {
    const program = net.connect(await openUnix(tunnel));
    program.write(SSL_REQUEST);
    const [{ error }] = (await once(tunnel, 'refused')) as [{ error: Error }];
    expect(error).toMatchObject({ code: 'GATEWAY_UNREACHABLE', message: expect.stringContaining(words) });
    program.destroy();
  }
});

it('each connection asks for the token anew, so that a renewed one is used', async () => {
  const port = await gateway();
  const tokens = ['good', 'expired', 'good'];
  const tunnel = tunnelTo(port, { token: async () => tokens.shift() ?? 'none' });
  const socketPath = await openUnix(tunnel);
  const answers: boolean[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const program = net.connect({ path: socketPath, allowHalfOpen: true });
    program.end(SSL_REQUEST);
    answers.push((await readAll(program)).equals(SSL_REQUEST));
  }
  expect(answers).toEqual([true, false, true]);
});

it('a program that reads slowly holds the gateway back instead of filling memory', async () => {
  const total = 64 * 1024 * 1024;
  let sent = 0;
  const port = await gateway((stream) => {
    const chunk = Buffer.alloc(65_536);
    const more = () => {
      while (sent < total) {
        sent += chunk.length;
        if (!stream.write(chunk)) return void stream.once('drain', more);
      }
      stream.end();
    };
    stream.on('error', () => undefined);
    more();
  });
  const tunnel = tunnelTo(port);
  const program = net.connect({ path: await openUnix(tunnel), allowHalfOpen: true });
  program.write(SSL_REQUEST);
  let received = 0;
  let ahead = 0;
  for await (const chunk of program) {
    received += (chunk as Buffer).length;
    ahead = Math.max(ahead, sent - received);
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ahead).toBeLessThan(total / 4);
  expect(received).toBe(total);
  program.destroy();
});

it('a program that breaks off ends its stream, and a gateway that breaks off ends the program', async () => {
  const streams: Duplex[] = [];
  const port = await gateway((stream) => {
    stream.on('error', () => undefined).on('end', () => stream.end());
    stream.resume();
    streams.push(stream);
  });
  const tunnel = tunnelTo(port);
  const socketPath = await openUnix(tunnel);

  const leaving = net.connect(socketPath);
  leaving.write(SSL_REQUEST);
  await once(tunnel, 'connected');
  leaving.destroy();
  await once(tunnel, 'disconnected');

  const staying = net.connect(socketPath);
  staying.on('error', () => undefined).write(SSL_REQUEST);
  await once(tunnel, 'connected');
  streams[1]?.destroy();
  await once(staying.resume(), 'close');
  expect(port.opened).toHaveLength(2);
});

it('close ends what is connected and can be called twice', async () => {
  const tunnel = tunnelTo(await gateway());
  const states: string[] = [];
  tunnel.on('state', (state) => states.push(state));
  const program = net.connect(await openUnix(tunnel));
  program.on('error', () => undefined).write(SSL_REQUEST);
  await once(tunnel, 'connected');
  const ended = once(program.resume(), 'close');
  await Promise.all([tunnel.close(), tunnel.close()]);
  await ended;
  expect([states, tunnel.state]).toEqual([['open', 'closing', 'closed'], 'closed']);
});

it('the connection beyond the bound is refused in words, and a place that falls free is given again', async () => {
  const tunnel = tunnelTo(await gateway());
  const socketPath = await openUnix(tunnel);
  const idle: net.Socket[] = [];
  for (let count = 0; count < MAX_LOCAL_CONNECTIONS; count += 1) {
    const program = net.connect(socketPath);
    await once(program, 'connect');
    idle.push(program);
  }
  const beyond = net.connect({ path: socketPath, allowHalfOpen: true });
  beyond.write(SSL_REQUEST);
  expect((await readAll(beyond)).toString()).toContain('C54000');
  beyond.destroy();
  const freed = once(tunnel, 'dropped');
  idle.pop()?.destroy();
  await freed;
  const next = net.connect({ path: socketPath, allowHalfOpen: true });
  next.end(SSL_REQUEST);
  expect(await readAll(next)).toEqual(SSL_REQUEST);
  for (const program of idle) program.destroy();
});
