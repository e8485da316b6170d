/** Wrong passwords, foreign secrets and tokens, TLS that is too old: refused in PostgreSQL's words, and on record. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { EvilClient, reportOf, startup } from '../harness/evil-client.ts';
import { type EvilIssuer, startEvilIssuer } from '../harness/evil-issuer.ts';
import { type EvilSite, OTHER_PERSON, startEvilSite } from '../harness/evil-site.ts';

let site: EvilSite;
let issuer: EvilIssuer;
let tls: ConnectionOptions;
beforeAll(async () => {
  issuer = await startEvilIssuer();
  site = await startEvilSite({ documents: [issuer.document], resources: (shop) => [{ ...shop, name: 'depot' }] });
  tls = { ca: readFileSync(site.gateway.caFile), servername: 'localhost' };
});
afterAll(async () => {
  site.recordIsWhole();
  await site.stop();
  await issuer.stop();
});
afterEach(() => site.unharmed());

/** What a login as this user with this password is told. */
async function told(
  login: { user: string; password: string; database?: string },
  overTls: boolean,
): Promise<Readonly<Record<string, string>>> {
  const client = await EvilClient.connect(site.gateway.postgresPort);
  if (overTls) await client.startTls(tls);
  const answer = await client.authenticate({ database: login.user, ...login });
  await client.rest();
  expect(answer.type).toBe('E');
  return reportOf(answer);
}

/** The entry that the record got meanwhile. */
async function newFailures(work: () => Promise<void>) {
  const failures = async () => (await site.entries()).filter((entry) => entry.kind === 'login.failed');
  const before = (await failures()).length;
  await work();
  // The client is told first, the record follows at once.
  await expect.poll(async () => (await failures()).length).toBe(before + 1);
  return (await failures()).at(-1);
}

const FAILED = { S: 'FATAL', C: '28P01', M: 'sluice: The session secret or token was not accepted.', D: 'AUTH_FAILED' };

describe('a password that is wrong', () => {
  it.each([
    ['by SCRAM', false, 'with the session in the user name'],
    ['by SCRAM', false, 'with the resource only'],
    ['by SCRAM over TLS', true, 'with the session in the user name'],
    ['in clear over TLS', true, 'with the resource only'],
  ])('%s (TLS: %s), %s: 28P01, and an entry that names the claim', async (_method, overTls, how) => {
    const { user } = await site.loginTo('shop');
    const claimed = how === 'with the resource only' ? 'shop' : user;
    const entry = await newFailures(async () => {
      expect(await told({ user: claimed, password: 'not-the-secret' }, overTls)).toMatchObject(FAILED);
    });
    expect(entry).toMatchObject({
      resource: claimed,
      claimed,
      code: 'AUTH_FAILED',
      from: expect.stringMatching(/^127\.0\.0\.1:/),
    });
  });
});

describe('a secret or token that is for something else', () => {
  it('a secret for another resource is not accepted, by either method', async () => {
    const { password } = await site.loginTo('depot');
    for (const overTls of [false, true]) expect(await told({ user: 'shop', password }, overTls)).toMatchObject(FAILED);
  });

  it("a secret does not open another person's session", async () => {
    const { user } = await site.loginTo('shop');
    const { password } = await site.loginTo('shop', OTHER_PERSON.username);
    for (const overTls of [false, true]) expect(await told({ user, password }, overTls)).toMatchObject(FAILED);
  });

  it.each<[name: string, token: () => string, told: object]>([
    ['for another audience', () => issuer.token({ aud: 'payroll' }), FAILED],
    ['from an issuer that nobody trusts', () => issuer.token({ iss: 'https://idp.example.com' }), FAILED],
    ['not valid yet', () => issuer.token({ nbf: Math.floor(Date.now() / 1000) + 600 }), FAILED],
    ['without an end', () => issuer.token({ exp: undefined }), FAILED],
    ['signed with another key', () => issuer.forgedToken(), FAILED],
    ['signed by nobody', () => issuer.token({}, { alg: 'none' }), FAILED],
    ['with its end cut off', () => issuer.token().slice(0, -10), FAILED],
    [
      'that has expired',
      () => issuer.token({ iat: 1_700_000_000, exp: 1_700_000_600 }),
      { S: 'FATAL', C: '28000', D: 'AUTH_TOKEN_EXPIRED', H: expect.stringContaining('sluice login') },
    ],
  ])('a token %s', async (_name, token, expected) => {
    expect(await told({ user: 'shop', password: token() }, true)).toMatchObject(expected);
  });

  it('a good token opens a session', async () => {
    const client = await EvilClient.login(
      site.gateway.postgresPort,
      { user: 'shop', database: 'shop', password: issuer.token() },
      { tls },
    );
    expect(await client.value('SELECT name FROM people WHERE id = 1')).toBe('Ada');
    await client.close();
  });

  it('a session ends when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const client = await EvilClient.login(
      site.gateway.postgresPort,
      { user: 'shop', database: 'shop', password: issuer.token({ exp }) },
      { tls },
    );
    expect(await client.refusal()).toMatchObject({ S: 'FATAL', C: '57P01', M: expect.stringContaining('expired') });
  });
});

describe('a name that does not exist', () => {
  it('an unknown resource tells a stranger no more than a wrong password does', async () => {
    for (const overTls of [false, true])
      expect(await told({ user: 'payroll', password: 'x' }, overTls)).toMatchObject(FAILED);
  });

  it('an unknown resource is 3D000 for somebody who has proven who they are', async () => {
    expect(await told({ user: 'payroll', password: issuer.token() }, true)).toMatchObject({
      C: '3D000',
      D: 'RESOURCE_UNKNOWN',
      M: expect.stringContaining('"payroll"'),
    });
  });

  it('an unknown database is 3D000 and names the one that there is', async () => {
    const { user, password } = await site.loginTo('shop');
    expect(await told({ user, password, database: 'postgres' }, false)).toMatchObject({
      C: '3D000',
      H: expect.stringContaining('"shop"'),
    });
  });
});

describe('TLS', () => {
  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('%s works behind SSLRequest and directly', async (version) => {
    const options = { ...tls, minVersion: version, maxVersion: version };
    const login = await site.loginTo('shop');
    const upgraded = await EvilClient.login(site.gateway.postgresPort, login, { tls: options });
    expect(await upgraded.value('SELECT 1')).toBe('1');
    await upgraded.close();
    const direct = await EvilClient.connectTls(site.gateway.postgresPort, {
      ...options,
      ALPNProtocols: ['postgresql'],
    });
    direct.send(startup([['user', login.user]]));
    expect((await direct.next()).type).toBe('R');
    await direct.close();
  });

  it('TLS 1.1 is refused', async () => {
    const old = { ...tls, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    const client = await EvilClient.connect(site.gateway.postgresPort);
    await expect(client.startTls(old)).rejects.toThrow(/protocol version|EPROTO|ECONNRESET|disconnected/);
    await expect(
      EvilClient.connectTls(site.gateway.postgresPort, { ...old, ALPNProtocols: ['postgresql'] }),
    ).rejects.toThrow();
  });

  it.each([
    ['without ALPN', undefined],
    ['with the ALPN of another protocol', ['http/1.1']],
  ])('direct TLS %s gets no answer', async (_name, protocols) => {
    const options = protocols === undefined ? tls : { ...tls, ALPNProtocols: protocols };
    const spoken = EvilClient.connectTls(site.gateway.postgresPort, options).then((client) => {
      client.send(startup([['user', 'shop']]));
      return client.rest();
    });
    // With TLS 1.3 the client may believe in the handshake for a moment.
    expect(await spoken.catch(() => [])).toEqual([]);
  });

  it('a client that leaves in the middle of the handshake harms nobody', async () => {
    for (const first of [Buffer.from('1603010200010001fc0303', 'hex'), Buffer.from('16030100', 'hex')]) {
      const client = await EvilClient.connect(site.gateway.postgresPort);
      client.send(first);
      client.reset();
    }
    const garbled = await EvilClient.connect(site.gateway.postgresPort);
    garbled.send(Buffer.concat([Buffer.from('1603010010', 'hex'), Buffer.alloc(16, 0xee)]));
    expect((await garbled.rest()).filter(({ type }) => type === 'E')).toEqual([]);
  });
});

describe('a session secret', () => {
  it('ends with the sign-in that it was minted under: its session is told, and it opens no other', async () => {
    const exp = Math.floor(Date.now() / 1000) + 3;
    const http = { ...DEFAULT_HTTP, ca: readFileSync(site.gateway.caFile, 'utf8') };
    const api = new ApiClient(site.gateway.url, http, () => Promise.resolve(issuer.token({ exp })));
    const { username, secret } = await api.mintSession('shop', 'evil');
    const client = await EvilClient.login(site.gateway.postgresPort, {
      user: username,
      password: secret,
      database: 'shop',
    });
    expect(await client.refusal()).toMatchObject({ S: 'FATAL', C: '57P01' });
    for (const overTls of [false, true])
      expect(await told({ user: username, password: secret, database: 'shop' }, overTls)).toMatchObject(FAILED);
  });
});
