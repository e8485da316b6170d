/** Databases that misbehave before they are ready: the client is told in clear words, and no password is given away. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cstring, EvilClient, int32, message, reportOf } from '../harness/evil-client.ts';
import { type EvilConnection, type EvilServer, startEvilServer } from '../harness/evil-server.ts';
import { type EvilSite, startEvilSite, UPSTREAM_PASSWORD } from '../harness/evil-site.ts';

const LOGIN_SECONDS = 3;
const ok = message('R', int32(0));
const keyData = message('K', int32(7), int32(9));
const ready = message('Z', Buffer.from('I'));
const sasl = (...names: readonly string[]) => message('R', int32(10), ...names.map(cstring), Buffer.alloc(1));
const saslContinue = (text: string) => message('R', int32(11), Buffer.from(text));
const saslFinal = (text: string) => message('R', int32(12), Buffer.from(text));

let site: EvilSite;
let evil: EvilServer;
let deadPort: number;
beforeAll(async () => {
  const unused = createServer().listen(0, '127.0.0.1');
  await once(unused, 'listening');
  const address = unused.address();
  deadPort = address !== null && typeof address === 'object' ? address.port : 0;
  unused.close();
  site = await startEvilSite({
    limits: { loginTimeoutSeconds: LOGIN_SECONDS },
    resources: async (shop) => {
      evil = await startEvilServer({ host: shop.upstream.host, port: shop.upstream.port });
      return [
        { ...shop, name: 'evil', upstream: { ...shop.upstream, port: evil.port } },
        { ...shop, name: 'dead', upstream: { ...shop.upstream, port: deadPort } },
        { ...shop, name: 'nowhere', upstream: { ...shop.upstream, host: 'db.invalid' } },
        { ...shop, name: 'wrong-password', credential: { ...shop.credential, password: 'not-it' } },
        { ...shop, name: 'wrong-database', upstream: { ...shop.upstream, database: 'nothing' } },
        { ...shop, name: 'no-tls', upstream: { ...shop.upstream, port: evil.port, tls: 'require' } },
      ];
    },
  });
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
  await evil.stop();
});
afterEach(() => site.unharmed());

/** What a client with a good secret is told, and what the record says of its session. */
async function told(resource: string): Promise<Readonly<Record<string, string>>> {
  const client = await EvilClient.connect(site.gateway.postgresPort);
  const answer = await client.authenticate(await site.loginTo(resource));
  await client.rest();
  expect(answer.type).toBe('E');
  const error = reportOf(answer);
  const entries = await site.entries();
  const opened = entries.findLast((entry) => entry.kind === 'session.opened');
  expect(opened).toMatchObject({ resource });
  expect(entries.findLast((entry) => entry.kind === 'session.closed')).toMatchObject({
    sessionId: opened?.sessionId,
    statements: 0,
  });
  expect(JSON.stringify(error)).not.toContain(UPSTREAM_PASSWORD);
  expect(site.gateway.output()).not.toContain(UPSTREAM_PASSWORD);
  return error;
}

describe('a resource that', () => {
  it.each([
    ['dead', /cannot reach the database at 127\.0\.0\.1:\d+: .*ECONNREFUSED/],
    ['nowhere', /cannot reach the database at db\.invalid:\d+: .*(ENOTFOUND|EAI_AGAIN)/],
    ['wrong-password', /refused the gateway: password authentication failed/],
    ['wrong-database', /refused the gateway: database "nothing" does not exist/],
    ['no-tls', /does not offer TLS/],
  ])('is %s: 08006, and the remedy names the check', async (resource, words) => {
    const error = await told(resource);
    expect(error).toMatchObject({ S: 'FATAL', C: '08006', H: expect.stringContaining('sluice-gateway check') });
    expect(error['M']).toMatch(words);
  });
});

type Say = (connection: EvilConnection) => Promise<void> | void;

/** The first half of a SCRAM login, with the nonce that the client chose; then what is given. */
function scram(serverFirst: (nonce: string) => string, ...then: readonly Buffer[]): Say {
  return async (connection) => {
    connection.send(sasl('SCRAM-SHA-256'));
    const [, nonce = ''] = /r=([^,]+)/.exec((await connection.next()).toString()) ?? [];
    connection.send(saslContinue(serverFirst(nonce)));
    if (then.length === 0) return;
    await connection.next();
    connection.send(...then);
  };
}
const goodFirst = (nonce: string) => `r=${nonce}more,s=c2FsdHNhbHQ=,i=4096`;
const say =
  (...bytes: readonly Buffer[]): Say =>
  (connection) =>
    connection.send(...bytes);
const many = (count: number, make: (index: number) => Buffer) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('a database that, in the place of a login,', () => {
  it.each<[name: string, login: Say, words: RegExp]>([
    ['says nothing', () => undefined, /did not finish the login in time/],
    ['stops in the middle of a message', say(Buffer.from('R\0\0')), /did not finish the login in time/],
    ['closes', (connection) => connection.close(), /closed the connection/],
    ['resets', (connection) => connection.reset(), /ECONNRESET|closed/],
    ['answers in HTTP', say(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), /bytes/],
    ['sends a negative length', say(Buffer.from('R'), int32(-1)), /impossible length/],
    ['sends a length of 2 GB', say(Buffer.from('S'), int32(0x7fff_ffff)), /at most/],
    ['sends an error without its end', say(message('E', Buffer.from('SFATAL\0C28000\0Mno'))), /ErrorResponse/],
    ['sends an empty error', say(message('E')), /ErrorResponse/],
    ['sends an authentication request of no kind', say(message('R', int32(77))), /Authentication/],
    ['sends a row', say(message('D', Buffer.from([0, 0]))), /does not belong into a login/],
    ['sends a notification', say(message('A', int32(1), cstring('c'), cstring('p'))), /does not belong into a login/],
    ['is ready without having authenticated', say(ready), /does not belong into a login/],
    ['gives keys before it has authenticated', say(keyData, ok, ready), /does not belong into a login/],
    ['authenticates twice', say(ok, ok, keyData, ready), /does not belong into a login/],
    ['gives keys twice', say(ok, keyData, keyData, ready), /does not belong into a login/],
    [
      'never stops naming parameters',
      say(ok, ...many(2_000, () => message('S', cstring('a'), cstring('b')))),
      /too much/,
    ],
    [
      'never stops noticing',
      say(ok, ...many(2_000, () => message('N', cstring('SNOTICE'), Buffer.alloc(1)))),
      /too much/,
    ],
    [
      'names parameters of 8 MB',
      say(ok, ...many(200, (i) => message('S', cstring(`p${i}`), cstring('x'.repeat(40_000))))),
      /too much/,
    ],
    ['asks for the password in clear', say(message('R', int32(3))), /asks for the password in clear/],
    ['asks for Kerberos', say(message('R', int32(2))), /does not speak/],
    ['asks for GSS', say(message('R', int32(7))), /does not speak/],
    ['asks for SSPI', say(message('R', int32(9))), /does not speak/],
    ['offers no mechanism that we speak', say(sasl('PLAIN', 'LOGIN')), /no SASL mechanism/],
    ['answers SCRAM with a nonce of its own', scram(() => 'r=mine,s=c2FsdHNhbHQ=,i=4096'), /nonce/],
    ['answers SCRAM with our nonce only', scram((nonce) => `r=${nonce},s=c2FsdHNhbHQ=,i=4096`), /nonce/],
    ['asks for one round of hashing', scram((nonce) => `r=${nonce}x,s=c2FsdHNhbHQ=,i=1`), /rounds of hashing/],
    ['asks for two billion rounds', scram((nonce) => `r=${nonce}x,s=c2FsdHNhbHQ=,i=2147483647`), /rounds of hashing/],
    ['answers SCRAM with something else', scram(() => 'hello'), /SCRAM message/],
    [
      'signs SCRAM wrongly',
      scram(goodFirst, saslFinal(`v=${Buffer.alloc(32).toString('base64')}`), ok, keyData, ready),
      /could not prove/,
    ],
    ['signs SCRAM with nothing', scram(goodFirst, saslFinal('v='), ok, keyData, ready), /prove|SCRAM message/],
    ['leaves the signature out', scram(goodFirst, ok, keyData, ready), /without proving/],
    ['leaves out even the Ok', scram(goodFirst, ready), /does not belong into a login/],
    [
      'continues a SCRAM that was not begun',
      say(saslContinue('r=a,s=c2FsdA==,i=4096')),
      /does not belong into a login/,
    ],
    ['asks for SCRAM again', say(sasl('SCRAM-SHA-256'), sasl('SCRAM-SHA-256')), /does not belong into a login/],
  ])('%s: 08006, in clear words, and the password is not given away', async (_name, login, words) => {
    evil.script = { login };
    const error = await told('evil');
    expect(error).toMatchObject({ S: 'FATAL', C: '08006' });
    expect(error['M']).toMatch(words);
    expect(evil.heard().includes(UPSTREAM_PASSWORD)).toBe(false);
  });
});
