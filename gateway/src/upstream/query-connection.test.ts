import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authorization } from './authorization.ts';
import { connectPostgres } from './connect-postgres.ts';
import { QueryConnection } from './query-connection.ts';
import { SaltedPasswords } from './salted-passwords.ts';

/** Type, length and body of a message, by hand. */
function message(type: string, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + bytes.length);
  return Buffer.concat([Buffer.from(type), length, bytes]);
}

const OK = message('R', Buffer.alloc(4));
const READY = message('Z', 'I');
const ROW = message('D', Buffer.from([0, 1, 0, 0, 0, 1, 0x41]));
const DONE = message('C', 'SELECT 1\0');
const NOTICE = message('N', 'SNOTICE\0Mhello\0\0');

describe('QueryConnection', () => {
  let server: Server;
  let accepted: Promise<Socket>;
  let connection: QueryConnection;
  let closings: { count: number };

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    accepted = once(server, 'connection').then(([socket]: Socket[]) => {
      if (socket === undefined) throw new Error('no socket');
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.write(Buffer.concat([OK, READY])));
      return socket;
    });
    const counted = { count: 0 };
    closings = counted;
    const target = {
      address: { host: '127.0.0.1', port, tls: 'disable', timeoutMs: 5_000 },
      database: 'd',
      credential: { username: 'u', password: () => Promise.resolve(null) },
    } as const;
    const logged = await connectPostgres(Authorization.forCatalog({ name: 'r', protocol: 'postgres' }), target, [], {
      passwords: new SaltedPasswords(),
      signal: new AbortController().signal,
    });
    connection = new QueryConnection(logged, () => (counted.count += 1));
  });
  afterEach(async () => {
    (await accepted).destroy();
    server.close();
  });

  /** Answers the next question with these bytes. */
  async function answer(...bytes: readonly Buffer[]): Promise<void> {
    const socket = await accepted;
    socket.once('data', () => socket.write(Buffer.concat(bytes)));
  }

  it('answers one question after the other', async () => {
    await answer(ROW, NOTICE, DONE, READY);
    expect(await connection.query('SELECT 1')).toEqual([['A']]);
    await answer(ROW, ROW, DONE, READY);
    expect(await connection.query('SELECT 2')).toEqual([['A'], ['A']]);
  });

  it.each([
    ['a row', ROW, 'UPSTREAM_PROTOCOL'],
    ['ReadyForQuery', READY, 'UPSTREAM_PROTOCOL'],
    ['the answer to a later question', Buffer.concat([ROW, DONE, READY]), 'UPSTREAM_PROTOCOL'],
    ['an error', message('E', 'SFATAL\0C57P01\0Mgoodbye\0\0'), 'UPSTREAM_CLOSED'],
    ['garbage', Buffer.from('ffffffffffff', 'hex'), 'UPSTREAM_PROTOCOL'],
  ])('is closed by %s that nothing asked for', async (_name, bytes, code) => {
    const socket = await accepted;
    socket.write(bytes);
    await once(socket, 'close');
    expect([connection.closed, closings.count]).toEqual([true, 1]);
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({ code });
  });

  it('hears notices that nothing asked for, and goes on', async () => {
    (await accepted).write(Buffer.concat([NOTICE, message('S', 'a\0b\0'), message('A', '\0\0\0\x01c\0p\0')]));
    await answer(ROW, DONE, READY);
    expect(await connection.query('SELECT 1')).toEqual([['A']]);
  });

  it('gives up on an answer that never ends, notices included', async () => {
    const socket = await accepted;
    const flood = message('N', `SNOTICE\0M${'x'.repeat(1_000_000)}\0\0`);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(flood));
    };
    socket.on('drain', pour);
    socket.once('data', pour);
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(closings.count).toBe(1);
  });

  it.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['sends half a row and closes', (socket: Socket) => socket.end(ROW.subarray(0, 8))],
  ])('rejects all that wait when the server %s', async (_name, leave) => {
    const socket = await accepted;
    socket.once('data', () => leave(socket));
    const outcomes = await Promise.allSettled([connection.query('SELECT 1'), connection.query('SELECT 2')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(closings.count).toBe(1);
  });
});
