/** What a client asks faster than the database answers is bounded, and answered in the end. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bind, execute, parse, query, sync } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

const MIB = 1024 * 1024;
const REQUESTS = 1_000_000;
/** Buffers, compiled code, garbage: less than the requests would take if each was remembered. */
const ROOM_BYTES = 300 * MIB;
/** Type and length of ReadyForQuery. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

let site: EvilSite;
beforeAll(async () => {
  site = await startEvilSite();
  await site.server.admin('CREATE TABLE awaited (a integer); GRANT SELECT ON awaited TO PUBLIC', 'shop');
});
afterAll(() => site.stop());

it.each<[string, Buffer, number]>([
  ['Sync', sync(), REQUESTS],
  ['Bind and Execute before one Sync', Buffer.concat([bind('', 'seven'), execute('')]), 60_000],
])(
  '%s, again and again while the database is busy, takes bounded memory, and each is answered',
  async (_name, request, count) => {
    const client = await site.session();
    client.send(parse('seven', 'SELECT 7'), sync());
    await client.until('Z');
    const blocker = new pg.Client({ connectionString: site.server.uri('shop') });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE awaited');
    const resting = site.residentBytes();
    const { socket } = client;
    socket.removeAllListeners('data');
    let ready = 0;
    let tail = Buffer.alloc(0);
    const isSync = request.equals(sync());
    const expected = isSync ? count + 1 : 2;
    const done = Promise.withResolvers<void>();
    socket.on('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([tail, chunk]);
      for (let at = bytes.indexOf(READY); at >= 0; at = bytes.indexOf(READY, at + READY.length)) ready += 1;
      tail = bytes.subarray(-(READY.length - 1));
      if (ready === expected) done.resolve();
    });
    client.send(query('SELECT count(a) FROM awaited'));
    await site.server.untilActive('SELECT count(a) FROM awaited%');
    const piece = Buffer.concat(Array.from({ length: 1_000 }, () => request));
    for (let sent = 0; sent < count; sent += 1_000) client.send(piece);
    if (!isSync) client.send(sync());
    // Everything that goes through without an answer has gone through by now.
    for (let turn = 0; turn < 20; turn += 1) await site.unharmed();
    expect(site.residentBytes() - resting).toBeLessThan(ROOM_BYTES);
    await blocker.query('COMMIT');
    await done.promise;
    await client.close();
    await blocker.end();
  },
  120_000,
);
