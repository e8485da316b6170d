/**
 * Values far larger than any buffer of the gateway pass through it, masked or not, in bounded memory; a client that does
 * not read, or a server that does not, stops the other side. `SLUICE_LARGE_VALUE_BYTES=1000000000` makes it a gigabyte.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind, cstring, execute, int16, int32, message, parse, query, reportOf, sync } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

const MIB = 1024 * 1024;
const VALUE_BYTES = Number(process.env['SLUICE_LARGE_VALUE_BYTES'] ?? 300_000_000);
/** Less than a value: what the gateway may need beyond its memory at rest is buffers, compiled code, and garbage not collected yet. */
const ROOM_BYTES = 240 * MIB;
/** The ordinary check does with the ways that differ most. */
const EVERY_WAY = process.env['SLUICE_LARGE_VALUE_BYTES'] !== undefined;
/** Ends with ReadyForQuery: its type, its length, a status. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

let site: EvilSite;
let restingBytes = 0;
beforeAll(async () => {
  site = await startEvilSite();
  await site.server.admin(`UPDATE people SET ssn = repeat('7', ${VALUE_BYTES}) WHERE id = 2`, 'shop');
  const client = await site.session();
  await client.value('SELECT length(name) FROM people WHERE id = 2');
  await client.close();
  restingBytes = site.residentBytes();
});
afterAll(() => site.stop());

/** Sends, and counts what comes back up to ReadyForQuery without keeping it; with the most memory the gateway had meanwhile. */
async function counted(...bytes: readonly Buffer[]): Promise<{ received: number; grownBytes: number; start: string }> {
  const client = await site.session();
  const { socket } = client;
  socket.removeAllListeners('data');
  let received = 0;
  let chunks = 0;
  let most = 0;
  let start = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  const done = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (start.length < 300) start = Buffer.concat([start, chunk.subarray(0, 300)]);
    tail = Buffer.concat([tail, chunk.subarray(-16)]).subarray(-16);
    if ((chunks += 1) % 64 === 0) most = Math.max(most, site.residentBytes());
    if (tail.subarray(-6, -1).equals(READY)) done.resolve();
  });
  socket.on('close', done.resolve);
  socket.on('end', done.resolve);
  client.send(...bytes);
  await done.promise;
  await client.close();
  return { received, grownBytes: most - restingBytes, start: start.toString('latin1') };
}

type Way = readonly [name: string, bytes: Buffer];

function inEveryWay(ways: readonly Way[]): readonly Way[] {
  return EVERY_WAY ? ways : [];
}

const extended = (text: string): Buffer => Buffer.concat([parse('', text), bind('', ''), execute(''), sync()]);

describe('a value of many megabytes', () => {
  it.each<Way>([
    ['in a row of the simple protocol', query(`SELECT repeat('x', ${VALUE_BYTES})`)],
    ['by COPY', query(`COPY (SELECT repeat('x', ${VALUE_BYTES})) TO STDOUT`)],
    ...inEveryWay([
      ['in a row of the extended protocol', extended(`SELECT repeat('x', ${VALUE_BYTES})`)],
      ['in binary by COPY', query(`COPY (SELECT repeat('x', ${VALUE_BYTES})) TO STDOUT (FORMAT binary)`)],
    ]),
  ])('%s passes whole, in bounded memory', async (_name, bytes) => {
    const { received, grownBytes } = await counted(bytes);
    expect(received).toBeGreaterThan(VALUE_BYTES);
    expect(received).toBeLessThan(VALUE_BYTES + 1_000);
    expect(grownBytes).toBeLessThan(ROOM_BYTES);
    await site.unharmed();
  });

  it.each<Way>([
    ['in a row', query('SELECT id, name, ssn FROM people ORDER BY id')],
    ['by COPY', query('COPY (SELECT id, name, ssn FROM people ORDER BY id) TO STDOUT')],
    ...inEveryWay([
      ['by COPY in csv', query('COPY (SELECT id, name, ssn FROM people ORDER BY id) TO STDOUT (FORMAT csv)')],
      ['in binary by COPY', query('COPY (SELECT id, name, ssn FROM people ORDER BY id) TO STDOUT (FORMAT binary)')],
    ]),
  ])('%s is masked, in bounded memory', async (_name, bytes) => {
    const { received, grownBytes, start } = await counted(bytes);
    expect(start).toMatch(/Bob/);
    expect(start).not.toMatch(/777/);
    expect(received).toBeLessThan(2_000);
    expect(grownBytes).toBeLessThan(ROOM_BYTES);
    await site.unharmed();
  });

  it('beside a masked cell is refused in words, since the length of a row stands before its cells', async () => {
    const { received, start } = await counted(
      query(`SELECT repeat('x', ${VALUE_BYTES}), ssn FROM people WHERE id = 1`),
    );
    expect(start).toMatch(/C54000\0/);
    expect(start).toMatch(/larger|bytes/);
    expect(received).toBeLessThan(2_000);
    await site.unharmed();
  });

  it('is cancelled while it is on its way', async () => {
    const client = await site.session();
    const before = site.residentBytes();
    client.stopReading();
    client.send(query(`SELECT repeat('x', ${VALUE_BYTES / 10}) FROM generate_series(1, 100)`));
    await site.server.untilActive('SELECT repeat%generate_series(1, 100)%');
    await client.close();
    await site.unharmed();
    expect(site.residentBytes() - before).toBeLessThan(ROOM_BYTES);
  });
});

describe('a client message', () => {
  const bindOf = (bytes: number): Buffer =>
    message('B', cstring(''), cstring(''), int16(0), int16(1), int32(bytes), Buffer.alloc(bytes, 'x'), int16(0));

  it('of 15 MiB passes', async () => {
    const client = await site.session();
    client.send(parse('', 'SELECT length($1::text)'), bindOf(15 * MIB), execute(''), sync());
    expect((await client.until('Z')).map(({ type }) => type).join('')).toBe('12DCZ');
    await client.close();
  });

  it.each([
    ['Bind', () => [parse('', 'SELECT length($1::text)'), bindOf(40 * MIB), execute(''), sync()]],
    ['Query', () => [query(`SELECT '${'x'.repeat(40 * MIB)}'`)]],
    ['Parse', () => [parse('', `SELECT '${'x'.repeat(40 * MIB)}'`), sync()]],
  ])('%s over limits.maxFrameBytes is an error, and the session goes on', async (_name, messages) => {
    const client = await site.session();
    client.send(...messages());
    const error = (await client.until('Z')).find(({ type }) => type === 'E');
    expect(error === undefined ? null : reportOf(error)).toMatchObject({ S: 'ERROR', C: '54000' });
    expect(await client.value('SELECT 7')).toBe('7');
    expect(site.residentBytes() - restingBytes).toBeLessThan(ROOM_BYTES);
    await client.close();
  });

  it('CopyData over limits.maxFrameBytes goes on in pieces', async () => {
    const client = await site.session();
    await client.query('CREATE TEMP TABLE wide (a text)');
    client.send(query('COPY wide FROM STDIN'));
    await client.until('G');
    client.send(message('d', Buffer.alloc(40 * MIB, 'x'), Buffer.from('\n')), message('c'));
    expect((await client.until('Z')).map(({ type }) => type).join('')).toBe('CZ');
    expect(await client.value('SELECT length(a) FROM wide')).toBe(String(40 * MIB));
    await client.close();
  });
});
