import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { md5Response } from './md5-auth.ts';
import { type SaltPassword, saslPrep, scramVerifier } from './scram.ts';
import { continueScramClient, finishScramClient, type ScramClientFirst, startScramClient } from './scram-client.ts';
import { finishScramServer, type ScramServerOptions, type ScramServerState, startScramServer } from './scram-server.ts';
import { serverEndPoint } from './server-end-point.ts';

const CERTIFICATE_HASH = Buffer.alloc(32, 0xcc);

function saltPassword(password: string): SaltPassword {
  return (salt, iterations) => Promise.resolve(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
}

/** The exchange of RFC 7677 §3, user `user`, password `pencil`. */
const RFC = {
  clientNonce: 'rOprNGfwEbeRWgbNEkqO',
  serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
};

/** Our client leaves the user out; the RFC's names one. */
const RFC_FIRST: ScramClientFirst = {
  ...startScramClient({ offered: ['SCRAM-SHA-256'], clientNonce: RFC.clientNonce, serverEndPoint: null }),
  clientFirstBare: 'n=user,r=rOprNGfwEbeRWgbNEkqO',
};

function candidate(id: string, password: string, salt = RFC.salt, iterations = 4096) {
  return { id, ...scramVerifier(pbkdf2Sync(password, salt, iterations, 32, 'sha256')) };
}

describe('SCRAM as the client', () => {
  it('gives the answers of RFC 7677', async () => {
    const final = await continueScramClient(RFC_FIRST, RFC.serverFirst, saltPassword('pencil'));
    expect(final.response).toBe(RFC.clientFinal);
    expect(() => finishScramClient(final, RFC.serverFinal)).not.toThrow();
  });

  it.each([
    ['n when it cannot bind', ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], null, 'SCRAM-SHA-256', 'n,,n=,r=x'],
    ['y when only it can bind', ['SCRAM-SHA-256'], CERTIFICATE_HASH, 'SCRAM-SHA-256', 'y,,n=,r=x'],
    [
      'p when both can',
      ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'],
      CERTIFICATE_HASH,
      'SCRAM-SHA-256-PLUS',
      'p=tls-server-end-point,,n=,r=x',
    ],
  ])('says %s', (_, offered, serverEndPoint, mechanism, initialResponse) => {
    expect(startScramClient({ offered, clientNonce: 'x', serverEndPoint })).toMatchObject({
      mechanism,
      initialResponse,
    });
  });

  it('sends the certificate hash when it binds', async () => {
    const first = startScramClient({
      offered: ['SCRAM-SHA-256-PLUS'],
      clientNonce: 'x',
      serverEndPoint: CERTIFICATE_HASH,
    });
    const final = await continueScramClient(first, 'r=xy,s=AAAA,i=4096', saltPassword('p'));
    const binding = Buffer.concat([Buffer.from('p=tls-server-end-point,,'), CERTIFICATE_HASH]).toString('base64');
    expect(final.response).toMatch(`c=${binding},r=xy,p=`);
  });

  it('needs a mechanism that it speaks', () => {
    expect(() => startScramClient({ offered: ['OTHER'], clientNonce: 'x', serverEndPoint: null })).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_AUTH' }),
    );
  });

  it.each([
    ['a nonce that does not begin with ours', 'r=zzz,s=AAAA,i=4096', 'UPSTREAM_AUTH'],
    ['only our own nonce', 'r=x,s=AAAA,i=4096', 'UPSTREAM_AUTH'],
    ['too few rounds', 'r=xy,s=AAAA,i=4095', 'UPSTREAM_AUTH'],
    ['too many rounds', 'r=xy,s=AAAA,i=1000001', 'UPSTREAM_AUTH'],
    ['a mandatory extension', 'm=q,r=xy,s=AAAA,i=4096', 'UPSTREAM_PROTOCOL'],
    ['a salt that is no base64', 'r=xy,s=!,i=4096', 'UPSTREAM_PROTOCOL'],
    ['no salt', 'r=xy,s=,i=4096', 'UPSTREAM_PROTOCOL'],
    ['rounds that are no number', 'r=xy,s=AAAA,i=4096e9', 'UPSTREAM_PROTOCOL'],
    ['nothing', '', 'UPSTREAM_PROTOCOL'],
  ])('does not accept %s', async (_, serverFirst, code) => {
    const first = startScramClient({ offered: ['SCRAM-SHA-256'], clientNonce: 'x', serverEndPoint: null });
    await expect(continueScramClient(first, serverFirst, saltPassword('p'))).rejects.toMatchObject({ code });
  });

  it('accepts 4096 and 1,000,000 rounds', async () => {
    const first = startScramClient({ offered: ['SCRAM-SHA-256'], clientNonce: 'x', serverEndPoint: null });
    for (const rounds of [4096, 1_000_000]) {
      const salted = continueScramClient(first, `r=xy,s=AAAA,i=${rounds}`, () => Promise.resolve(Buffer.alloc(32)));
      await expect(salted).resolves.toBeDefined();
    }
  });

  it.each([
    ['another signature', `v=${Buffer.alloc(32).toString('base64')}`, 'UPSTREAM_AUTH'],
    ['a short signature', 'v=AAAA', 'UPSTREAM_AUTH'],
    ['an error', 'e=invalid-proof', 'UPSTREAM_AUTH'],
    ['no signature', 'x=y', 'UPSTREAM_PROTOCOL'],
    ['nothing', '', 'UPSTREAM_PROTOCOL'],
  ])('does not believe a server with %s', async (_, serverFinal, code) => {
    const final = await continueScramClient(RFC_FIRST, RFC.serverFirst, saltPassword('pencil'));
    expect(() => finishScramClient(final, serverFinal)).toThrow(expect.objectContaining({ code }));
  });
});

describe('SCRAM as the server', () => {
  const options: ScramServerOptions = {
    mechanism: 'SCRAM-SHA-256',
    clientFirst: RFC.clientFirst,
    serverNonce: RFC.serverNonce,
    salt: RFC.salt,
    iterations: 4096,
    serverEndPoint: null,
  };

  function started(changes: Partial<ScramServerOptions> = {}): ScramServerState {
    const start = startScramServer({ ...options, ...changes });
    if (!start.ok) throw new Error(start.failure);
    return start.state;
  }

  it('gives the answers of RFC 7677', () => {
    const state = started();
    expect(state.serverFirst).toBe(RFC.serverFirst);
    const result = finishScramServer(state, RFC.clientFinal, [candidate('s1', 'pencil')]);
    expect(result).toEqual({ ok: true, id: 's1', serverFinal: RFC.serverFinal });
  });

  it('finds which of several secrets the client knows', () => {
    const candidates = [candidate('s1', 'brush'), candidate('s2', 'pencil'), candidate('s3', 'crayon')];
    expect(finishScramServer(started(), RFC.clientFinal, candidates)).toMatchObject({ ok: true, id: 's2' });
  });

  it('finds none among none, or among others', () => {
    expect(finishScramServer(started(), RFC.clientFinal, [])).toEqual({ ok: false, failure: 'no-match' });
    expect(finishScramServer(started(), RFC.clientFinal, [candidate('s1', 'brush')])).toEqual({
      ok: false,
      failure: 'no-match',
    });
  });

  it.each<readonly [string, Partial<ScramServerOptions>, string]>([
    ['another mechanism', { mechanism: 'SCRAM-SHA-1' }, 'mechanism'],
    ['binding that was not offered', { mechanism: 'SCRAM-SHA-256-PLUS' }, 'mechanism'],
    [
      'a client that was told we cannot bind',
      { clientFirst: 'y,,n=,r=x', serverEndPoint: CERTIFICATE_HASH },
      'channel-binding',
    ],
    ['a bound flag in the unbound mechanism', { clientFirst: 'p=tls-server-end-point,,n=,r=x' }, 'channel-binding'],
    [
      'another kind of binding',
      { mechanism: 'SCRAM-SHA-256-PLUS', clientFirst: 'p=tls-unique,,n=,r=x', serverEndPoint: CERTIFICATE_HASH },
      'channel-binding',
    ],
    [
      'no binding in the binding mechanism',
      { mechanism: 'SCRAM-SHA-256-PLUS', clientFirst: 'n,,n=,r=x', serverEndPoint: CERTIFICATE_HASH },
      'channel-binding',
    ],
    ['an authorization identity', { clientFirst: 'n,a=admin,n=,r=x' }, 'authorization-identity'],
    ['a mandatory extension', { clientFirst: 'n,,m=x,n=,r=x' }, 'malformed'],
    ['no nonce', { clientFirst: 'n,,n=,r=' }, 'malformed'],
    ['an unknown flag', { clientFirst: 'q,,n=,r=x' }, 'malformed'],
    ['nothing', { clientFirst: '' }, 'malformed'],
    ['a message without end', { clientFirst: `n,,n=,r=${'x'.repeat(5_000)}` }, 'malformed'],
  ])('refuses %s', (_, changes, failure) => {
    expect(startScramServer({ ...options, ...changes })).toEqual({ ok: false, failure });
  });

  it.each([
    ['another binding', RFC.clientFinal.replace('biws', 'eSws'), 'channel-binding'],
    ['another nonce', RFC.clientFinal.replace('$k0', '$k1'), 'nonce'],
    ['a changed proof', RFC.clientFinal.replace('p=dHzb', 'p=dHzc'), 'no-match'],
    ['a proof of another length', RFC.clientFinal.replace(/p=.*/, 'p=AAAA'), 'malformed'],
    ['an attribute after the proof', `${RFC.clientFinal},x=y`, 'malformed'],
    ['an extension that was not signed', RFC.clientFinal.replace(',p=', ',x=y,p='), 'no-match'],
    ['base64 in another spelling', RFC.clientFinal.replace('ndVQ=', 'ndVR='), 'malformed'],
    ['nothing', '', 'malformed'],
  ])('refuses %s', (_, clientFinal, failure) => {
    expect(finishScramServer(started(), clientFinal, [candidate('s1', 'pencil')])).toEqual({ ok: false, failure });
  });

  it('talks to our client with channel binding, and refuses a relay with another certificate', async () => {
    const login = async (clientSees: Buffer) => {
      const first = startScramClient({
        offered: ['SCRAM-SHA-256-PLUS'],
        clientNonce: 'cn',
        serverEndPoint: clientSees,
      });
      const state = started({
        mechanism: first.mechanism,
        clientFirst: first.initialResponse,
        serverEndPoint: CERTIFICATE_HASH,
      });
      const final = await continueScramClient(first, state.serverFirst, saltPassword('pw'));
      const result = finishScramServer(state, final.response, [candidate('s1', 'pw')]);
      if (result.ok) finishScramClient(final, result.serverFinal);
      return result;
    };
    expect(await login(CERTIFICATE_HASH)).toMatchObject({ ok: true, id: 's1' });
    expect(await login(Buffer.alloc(32))).toEqual({ ok: false, failure: 'channel-binding' });
  });
});

describe('saslPrep', () => {
  it.each([
    ['leaves ASCII alone', 'p4ss "word"', 'p4ss "word"'],
    ['maps spaces', 'a\u00a0b', 'a b'],
    ['drops what is mapped to nothing', 'I\u00adX', 'IX'],
    ['normalises', '\u2168', 'IX'],
    ['keeps a prohibited password raw', 'a\u0007é', 'a\u0007é'],
    ['keeps mixed directions raw', '\u0627a\u2168', '\u0627a\u2168'],
    ['keeps what becomes empty raw', '\u00ad', '\u00ad'],
  ])('%s', (_, password, prepared) => {
    expect(saslPrep(password)).toBe(prepared);
  });
});

describe('md5Response', () => {
  it('is what the manual defines', () => {
    // md5(md5("secret" + "ada") + 01020304), computed with md5sum
    expect(md5Response('ada', 'secret', Buffer.of(1, 2, 3, 4))).toBe('md5164dbcd37c01a78e869e72965960a754');
  });
});

describe('serverEndPoint', () => {
  it.each([
    ['sha256WithRSAEncryption', 32],
    ['sha1WithRSAEncryption', 32],
    ['RSA-SHA384', 48],
    ['ecdsa-with-SHA512', 64],
    ['ED25519', null],
    ['rsassaPss', null],
  ])('hashes by the algorithm of the signature: %s', (algorithm, bytes) => {
    expect(serverEndPoint(Buffer.from('der'), algorithm)?.length ?? null).toBe(bytes);
  });
});
