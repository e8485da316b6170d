/** Clients that break the protocol before their login: told in PostgreSQL's words, and nobody else is harmed. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cstring, EvilClient, int32, message, packet, query, sslRequest, startup } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';

const GSSENC_REQUEST = packet(int32(80_877_104));
const USER = [
  ['user', 'shop'],
  ['database', 'shop'],
] as const;

let site: EvilSite;
beforeAll(async () => {
  site = await startEvilSite({ limits: { loginTimeoutSeconds: 2, maxPreLoginBytes: 16_384 } });
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
});
afterEach(() => site.unharmed());

const connect = () => EvilClient.connect(site.gateway.postgresPort);

describe('before the login, the gateway closes the connection of a client that sends', () => {
  it.each<[name: string, bytes: Buffer, sqlState: string, words: RegExp]>([
    ['random bytes', Buffer.from('9f3c00a1ffee0011223344', 'hex'), '08P01', /impossible length/],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '08P01', /impossible length/],
    ['a negative length', int32(-1), '08P01', /impossible length/],
    ['the smallest negative length', int32(-0x8000_0000), '08P01', /impossible length/],
    ['a length of zero', int32(0), '08P01', /impossible length/],
    ['a length that does not cover itself', int32(3), '08P01', /impossible length/],
    ['a length of 2 GB', int32(0x7fff_ffff), '08P01', /impossible length/],
    [
      'a start-up packet over 10,000 bytes',
      startup([...USER, ['application_name', 'x'.repeat(10_001)]]),
      '08P01',
      /impossible length/,
    ],
    ['a query instead of the start-up', query('SELECT 1'), '08P01', /impossible length/],
    ['protocol 2.0', startup(USER, 0x0002_0000), '0A000', /2\.0 is not supported/],
    ['protocol 4.0', startup(USER, 0x0004_0000), '0A000', /4\.0 is not supported/],
    ['a parameter twice', startup([...USER, ['user', 'root']]), '08P01', /twice/],
    ['no user', startup([['database', 'shop']]), '08P01', /names no user/],
    ['a value without its end', packet(int32(0x0003_0000), Buffer.from('user\0shop')), '08P01', /StartupMessage/],
    [
      'bytes behind the last parameter',
      packet(int32(0x0003_0000), cstring('user'), cstring('shop'), Buffer.from('\0more')),
      '08P01',
      /StartupMessage/,
    ],
    ['SSLRequest with bytes behind it in clear', Buffer.concat([sslRequest(), startup(USER)]), '08P01', /in clear/],
    ['GSSENCRequest twice', Buffer.concat([GSSENC_REQUEST, GSSENC_REQUEST]), '08P01', /twice/],
    ['a replication start-up', startup([...USER, ['replication', 'database']]), '0A000', /replication/],
    [
      'a start-up parameter that changes who it is',
      startup([...USER, ['role', 'postgres']]),
      '42501',
      /"role" may not be set/,
    ],
    [
      'one that silences the oracle',
      startup([...USER, ['options', '-c debug_print_rewritten=off']]),
      '42501',
      /"debug_print_rewritten" may not/,
    ],
    [
      'one that stops the printing of trees',
      startup([...USER, ['options', '-c debug_print_rewritten=off']]),
      '42501',
      /"debug_print_rewritten" may not/,
    ],
    [
      'the same in capitals',
      startup([...USER, ['DEBUG_print_REWRITTEN', 'off']]),
      '42501',
      /"debug_print_rewritten" may not/,
    ],
    ['a foreign encoding', startup([...USER, ['client_encoding', 'SJIS']]), '42501', /client_encoding "SJIS"/],
    ['an option that is not understood', startup([...USER, ['options', '-d 5']]), '42501', /not understood/],
    [
      'a query where the password was due',
      Buffer.concat([startup(USER), query('SELECT 1')]),
      '08P01',
      /password was due/,
    ],
    [
      'a password of negative length',
      Buffer.concat([startup(USER), Buffer.from('p'), int32(-5)]),
      '08P01',
      /impossible length/,
    ],
    ['a password of 2 GB', Buffer.concat([startup(USER), Buffer.from('p'), int32(0x7fff_fff0)]), '54000', /at most/],
    [
      'a SCRAM message that is none',
      Buffer.concat([startup(USER), message('p', cstring('SCRAM-SHA-256'), int32(3), Buffer.from('abc'))]),
      '28P01',
      /not accepted/,
    ],
    [
      'a SASL mechanism that was not offered',
      Buffer.concat([startup(USER), message('p', cstring('PLAIN'), int32(3), Buffer.from('a\0b'))]),
      '28P01',
      /not accepted/,
    ],
    [
      'a SASL length beyond its message',
      Buffer.concat([startup(USER), message('p', cstring('SCRAM-SHA-256'), int32(999), Buffer.from('n,,'))]),
      '08P01',
      /SASLInitialResponse/,
    ],
  ])('%s', async (_name, bytes, sqlState, words) => {
    const client = await connect();
    client.send(bytes);
    // GSSENCRequest is answered by one byte before what follows is refused.
    if (bytes.subarray(0, 8).equals(GSSENC_REQUEST)) expect(await client.byte()).toBe('N');
    const error = await client.refusal();
    expect(error).toMatchObject({ S: 'FATAL', C: sqlState });
    expect(error?.['M']).toMatch(words);
    expect(error?.['H']).toBeTruthy();
  });
});

describe('before the login', () => {
  it('SSLRequest twice is refused', async () => {
    const client = await connect();
    await client.startTls({ rejectUnauthorized: false });
    client.send(sslRequest());
    expect(await client.refusal()).toMatchObject({ C: '08P01', M: expect.stringContaining('SSLRequest twice') });
  });

  it('GSSENCRequest is answered N, and the client may go on', async () => {
    const client = await connect();
    client.send(GSSENC_REQUEST);
    expect(await client.byte()).toBe('N');
    await client.startTls({ rejectUnauthorized: false });
    client.send(startup(USER));
    expect((await client.next()).type).toBe('R');
    await client.close();
  });

  it('a start-up that stops in its middle ends when the client leaves', async () => {
    const client = await connect();
    client.send(startup(USER).subarray(0, 11));
    client.finish();
    // Nobody is left to be told.
    expect(await client.refusal()).toBeNull();
  });

  it.each([
    ['says nothing', Buffer.alloc(0)],
    ['stops in the middle of its start-up', startup(USER).subarray(0, 11)],
    ['never sends its password', startup(USER)],
  ])('a client that %s is gone after loginTimeoutSeconds', async (_name, bytes) => {
    const client = await connect();
    const before = performance.now();
    if (bytes.length > 0) client.send(bytes);
    const error = await client.refusal();
    expect(performance.now() - before).toBeLessThan(6_000);
    if (bytes.length > 0) expect(error?.['M']).toContain('took too long');
  });

  it('a client that sends more than maxPreLoginBytes is refused', async () => {
    const client = await connect();
    client.send(startup(USER), Buffer.from('p'), int32(60_000), Buffer.alloc(20_000));
    expect(await client.refusal()).toMatchObject({ C: '54000', M: expect.stringContaining('maxPreLoginBytes') });
  });

  it('a client that was turned away and does not close is closed', async () => {
    const before = site.descriptors();
    const clients = await Promise.all(Array.from({ length: 20 }, connect));
    for (const client of clients) client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(200_000));
    await Promise.all(clients.map((client) => client.refusal()));
    // They keep their own sides open; the gateway does not keep descriptors for them.
    await expect.poll(() => site.descriptors(), { timeout: 90_000 }).toBeLessThanOrEqual(before + 2);
    await Promise.all(clients.map((client) => client.close()));
  });
});
