import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOOK_MS, portsOfRepeating, UNANSWERED_MS, UnansweredWatch } from './unanswered.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

describe('the table of sockets', () => {
  it.each([
    ['bytes that are repeated', '01 00000010:00000000 01:00000066 00000003     0        0', true],
    ['probes that nobody answers', '01 00000010:00000000 04:00000066 00000000     0        2', true],
    [
      'one probe, which is how a slow reader is asked',
      '01 00000010:00000000 04:00000066 00000000     0        1',
      false,
    ],
    ['bytes that were sent once', '01 00000010:00000000 01:00000014 00000000     0        0', false],
    ['keep-alive', '01 00000000:00000000 02:00000066 00000000     0        0', false],
  ])('with %s', (_name, rest, isStuck) => {
    const table = `${HEAD}   0: 0212C6C6:A1B2 0112C6C6:1D13 ${rest} 31337 1 0000000000000000 20 4 30 10 -1\n`;
    expect(portsOfRepeating(table)).toEqual(isStuck ? ['41394:7443'] : []);
  });

  it('of IPv6 has longer addresses, and may be missing', () => {
    const address = '00000000000000000000000001000000';
    const row = `   0: ${address}:0001 ${address}:0002 01 00000010:00000000 01:00000066 00000001     0        0 1 1 0`;
    expect(portsOfRepeating(`${HEAD}${row}\n`)).toEqual(['1:2']);
    expect(portsOfRepeating('')).toEqual([]);
  });
});

describe('a watched connection', () => {
  let nowMs = 0;
  let isStuck = true;
  let asked = 0;
  let server: net.Server;
  let socket: Socket;
  let other: Socket;
  let watch: UnansweredWatch;

  beforeEach(async () => {
    nowMs = 1_000;
    isStuck = true;
    asked = 0;
    server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const address = server.address();
    socket = net.connect(address !== null && typeof address === 'object' ? address.port : 0, '127.0.0.1');
    await once(socket, 'connect');
    [other] = (await accepted) as [Socket];
    watch = new UnansweredWatch(
      () => nowMs,
      async (sockets) => {
        asked += 1;
        return new Set(isStuck ? sockets : []);
      },
    );
    watch.add(socket);
    socket.on('error', () => undefined);
  });
  afterEach(() => {
    socket.destroy();
    other.destroy();
    server.close();
  });

  const write = () => new Promise<void>((resolve) => socket.write('x', () => resolve()));

  it('is cut when what it sent was not confirmed for so long, and not before', async () => {
    await write();
    await watch.look();
    nowMs += UNANSWERED_MS - 1;
    await watch.look();
    expect(socket.destroyed).toBe(false);
    nowMs += 1;
    const failed = once(socket, 'error');
    await watch.look();
    expect((await failed)[0]).toMatchObject({ code: 'GATEWAY_UNREACHABLE' });
  });

  it('is left alone when it was confirmed in between', async () => {
    await write();
    await watch.look();
    nowMs += UNANSWERED_MS;
    isStuck = false;
    await watch.look();
    isStuck = true;
    await watch.look();
    expect(socket.destroyed).toBe(false);
    nowMs += UNANSWERED_MS;
    await watch.look();
    expect(socket.destroyed).toBe(true);
  });

  it('that reads is not looked up, nor one that has been idle: keep-alive watches it', async () => {
    isStuck = false;
    const read = once(socket, 'data');
    other.write('y');
    await read;
    await watch.look();
    expect(asked).toBe(0);
    for (const expected of [1, 2, 2, 2]) {
      await watch.look();
      expect(asked).toBe(expected);
    }
    await write();
    await watch.look();
    expect(asked).toBe(3);
  });

  it('that wrote right after it had read is looked up', async () => {
    const read = once(socket, 'data');
    other.write('y');
    await read;
    await write();
    await watch.look();
    await watch.look();
    nowMs += UNANSWERED_MS;
    await watch.look();
    expect(socket.destroyed).toBe(true);
  });

  it('is looked at often enough for a bound of half a minute', () => {
    expect(UNANSWERED_MS + LOOK_MS).toBeLessThanOrEqual(30_000);
  });
});
