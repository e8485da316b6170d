import { exportJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProofMaker } from './proof.fixture.ts';
import {
  MAX_PROOF_CHARS,
  MAX_PROOF_ID_CHARS,
  PROOF_ALGORITHMS,
  PROOF_SKEW_SECONDS,
  type ProofExpectation,
  readProof,
} from './proof.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const NOW_SECONDS = NOW_MS / 1_000;
const TOKEN = 'the-access-token';
const URL_OF_REQUEST = 'https://gateway.example.test:7443/api/v1/whoami';
const REQUEST = { method: 'GET', url: URL_OF_REQUEST, token: TOKEN, nowMs: NOW_MS };

let maker: ProofMaker;
beforeAll(async () => {
  maker = await ProofMaker.create();
});

function check(proof: string, changes: Partial<ProofExpectation> = {}): Promise<string> {
  return readProof(proof, {
    token: TOKEN,
    thumbprint: maker.thumbprint,
    target: { method: 'GET', path: '/api/v1/whoami' },
    isOwn: ({ origin }) => origin === 'https://gateway.example.test:7443',
    nowMs: NOW_MS,
    ...changes,
  });
}

const refusedAs = (why: RegExp) => ({ code: 'AUTH_PROOF_INVALID', message: expect.stringMatching(why) });

it.each(PROOF_ALGORITHMS)('a good proof by %s gives its id', async (algorithm) => {
  const other = await ProofMaker.create(algorithm);
  const proof = await other.make(REQUEST, { claims: { jti: 'one' } });
  expect(await check(proof, { thumbprint: other.thumbprint })).toBe('one');
});

describe('a proof is refused', () => {
  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['for another method', { htm: 'POST' }, /htm/],
    ['for a method in another case', { htm: 'get' }, /htm/],
    ['without a method', { htm: undefined }, /htm/],
    ['for another path', { htu: 'https://gateway.example.test:7443/api/v1/sessions' }, /another path/],
    ['for a path below', { htu: `${URL_OF_REQUEST}/x` }, /another path/],
    ['for a path in another case', { htu: 'https://gateway.example.test:7443/API/v1/whoami' }, /another path/],
    ['for another gateway', { htu: 'https://other.example.test:7443/api/v1/whoami' }, /not an address of this/],
    ['for another port', { htu: 'https://gateway.example.test/api/v1/whoami' }, /not an address of this/],
    ['for plain http', { htu: 'http://gateway.example.test:7443/api/v1/whoami' }, /no https address/],
    ['with a name in its address', { htu: 'https://ann@gateway.example.test:7443/api/v1/whoami' }, /no https address/],
    ['with an address that is none', { htu: '/api/v1/whoami' }, /no https address/],
    ['without an address', { htu: undefined }, /no https address/],
    ['with an address that is no text', { htu: [URL_OF_REQUEST] }, /no https address/],
    ['without a time', { iat: undefined }, /iat/],
    ['with a time that is text', { iat: String(NOW_SECONDS) }, /expired/],
    ['made too long ago', { iat: NOW_SECONDS - PROOF_SKEW_SECONDS - 1 }, /within 60 s/],
    ['made too far ahead', { iat: NOW_SECONDS + PROOF_SKEW_SECONDS + 1 }, /within 60 s/],
    ['that has expired by its own word', { exp: NOW_SECONDS - 1 }, /expired/],
    ['that is not valid yet by its own word', { nbf: NOW_SECONDS + 1 }, /not valid yet/],
    ['without the hash of the token', { ath: undefined }, /ath/],
    ['with the hash of another token', { ath: 'A'.repeat(43) }, /ath/],
    ['without an id', { jti: undefined }, /jti/],
    ['with an empty id', { jti: '' }, /jti/],
    ['with an id that is a number', { jti: 7 }, /jti|signature/],
    ['with an id beyond the bound', { jti: 'x'.repeat(MAX_PROOF_ID_CHARS + 1) }, /jti/],
  ])('%s', async (_name, claims, why) => {
    await expect(check(await maker.make(REQUEST, { claims }))).rejects.toMatchObject(refusedAs(why));
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['of another type', { typ: 'JWT' }, /type/],
    ['without a type', { typ: undefined }, /type/],
    ['without its key', { jwk: undefined }, /key is missing/],
    ['with a key that is text', { jwk: 'key' }, /key is missing/],
    ['with a symmetric key', { jwk: { kty: 'oct', k: 'AAAA' } }, /not on a curve/],
    ['with an RSA key', { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, /not on a curve/],
    ['with half a key', { jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA' } }, /not on a curve/],
    ['with a key on an unknown curve', { jwk: { kty: 'EC', crv: 'P-257', x: 'AA', y: 'AA' } }, /not the one|signature/],
  ])('%s', async (_name, header, why) => {
    await expect(check(await maker.make(REQUEST, { header }))).rejects.toMatchObject(refusedAs(why));
  });

  it('with a private key in it', async () => {
    const jwk = { ...maker.publicJwk, d: (await exportJWK(maker.privateKey)).d };
    await expect(check(await maker.make(REQUEST, { header: { jwk } }))).rejects.toMatchObject(refusedAs(/private/));
  });

  it('by another key than the token’s', async () => {
    const thief = await ProofMaker.create();
    await expect(check(await thief.make(REQUEST))).rejects.toMatchObject(refusedAs(/not the one of the token/));
  });

  it('that names the token’s key and is signed by another', async () => {
    const thief = await ProofMaker.create();
    const proof = await thief.make(REQUEST, { header: { jwk: maker.publicJwk } });
    await expect(check(proof)).rejects.toMatchObject(refusedAs(/signature/));
  });

  it.each(['none', 'HS256', 'RS256', 'PS256', 'ES256K'])('by the algorithm %s', async (alg) => {
    const good = await maker.make(REQUEST);
    const header = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk: maker.publicJwk })).toString('base64url');
    const forged = [header, ...good.split('.').slice(1)].join('.');
    await expect(check(forged)).rejects.toMatchObject(refusedAs(/algorithm/));
  });

  it('by the algorithm of another curve than its key’s', async () => {
    const good = await maker.make(REQUEST);
    const parts = { alg: 'ES384', typ: 'dpop+jwt', jwk: maker.publicJwk };
    const header = Buffer.from(JSON.stringify(parts)).toString('base64url');
    const forged = [header, ...good.split('.').slice(1)].join('.');
    await expect(check(forged)).rejects.toMatchObject(refusedAs(/signature/));
  });

  it('with every byte of its signature changed', async () => {
    const [header, claims, signature = ''] = (await maker.make(REQUEST)).split('.');
    for (let at = 0; at < signature.length - 1; at += 7) {
      const other = signature[at] === 'A' ? 'B' : 'A';
      const changed = `${signature.slice(0, at)}${other}${signature.slice(at + 1)}`;
      await expect(check(`${header}.${claims}.${changed}`), `${at}`).rejects.toMatchObject(refusedAs(/signature/));
    }
  });

  it.each(['', 'x', 'a.b.c', 'eyJ9.e30.', '....'])('that is no token: "%s"', async (proof) => {
    await expect(check(proof)).rejects.toMatchObject(refusedAs(/not a signed token/));
  });

  it('that comes twice in one header', async () => {
    const [one, other] = [await maker.make(REQUEST), await maker.make(REQUEST)];
    await expect(check(`${one}, ${other}`)).rejects.toMatchObject({ code: 'AUTH_PROOF_INVALID' });
  });

  it('beyond the bound of characters, and read up to it', async () => {
    const long = (fill: number) => maker.make(REQUEST, { claims: { jti: 'x', padding: 'x'.repeat(fill) } });
    const empty = (await long(0)).length;
    // Base64url: four characters for three bytes.
    let fill = Math.floor(((MAX_PROOF_CHARS - empty) * 3) / 4);
    while ((await long(fill)).length > MAX_PROOF_CHARS) fill -= 1;
    while ((await long(fill + 1)).length <= MAX_PROOF_CHARS) fill += 1;
    expect(await check(await long(fill))).toBe('x');
    await expect(check(await long(fill + 1))).rejects.toMatchObject(refusedAs(/longer than/));
  });
});

describe('a proof is accepted', () => {
  it.each([PROOF_SKEW_SECONDS, -PROOF_SKEW_SECONDS])('%i s from now', async (offset) => {
    const proof = await maker.make(REQUEST, { claims: { iat: NOW_SECONDS + offset, jti: 'x' } });
    expect(await check(proof)).toBe('x');
  });

  it.each([
    'HTTPS://GATEWAY.example.test:7443/api/v1/whoami',
    'https://gateway.example.test:7443/api/v1/whoami?limit=1',
    'https://gateway.example.test:7443/api/v1/whoami#x',
    'https://gateway.example.test:7443/api/v1/%77hoami',
    'https://gateway.example.test:7443/api/./v1/x/../whoami',
  ])('for the same address in other words: %s', async (htu) => {
    expect(await check(await maker.make(REQUEST, { claims: { htu, jti: 'x' } }))).toBe('x');
  });

  it('with an id as long as the bound', async () => {
    const jti = 'x'.repeat(MAX_PROOF_ID_CHARS);
    expect(await check(await maker.make(REQUEST, { claims: { jti } }))).toBe(jti);
  });
});

it('what is refused is not quoted', async () => {
  const proof = await new SignJWT({ secret: 's3cret' })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: maker.publicJwk })
    .sign(maker.privateKey);
  await expect(check(proof)).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
});
