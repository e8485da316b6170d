import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { FakeIssuer } from './fake-issuer.ts';
import type { IssuerSettings } from './issuer.ts';
import { revoke } from './revocation/revoke.fixture.ts';
import { Revocations } from './revocations.ts';
import {
  CLOCK_SKEW_SECONDS,
  looksLikeToken,
  MAX_TOKEN_CHARS,
  MAX_VERIFIED_TOKENS,
  TokenVerifier,
} from './verify-token.ts';

let issuer: FakeIssuer;
let revocations: Revocations;
let verifier: TokenVerifier;

function verifierFor(settings: IssuerSettings): TokenVerifier {
  return new TokenVerifier({ issuers: [settings], fetch: issuer.fetch, now: issuer.now, revocations });
}

async function refusal(token: string, from = verifier): Promise<string> {
  const verification = await from.verify(token);
  return verification.kind === 'refused' ? `${verification.error.code}: ${verification.error.message}` : 'verified';
}

beforeEach(async () => {
  issuer = await FakeIssuer.create();
  revocations = new Revocations();
  verifier = verifierFor(issuer.settings());
});

test('a good access token becomes its principal', async () => {
  const verification = await verifier.verify(
    await issuer.sign({ groups: ['b', 'a', 'a'], name: 'Ana Lyst', scope: 'sluice other' }),
  );
  const ana = { id: 'https://idp.example.test|analyst', kind: 'user', name: 'Ana Lyst' };
  expect(verification).toEqual({
    kind: 'verified',
    token: {
      principal: { ...ana, groups: ['a', 'b'], chain: [ana], onBehalfOfGroups: [] },
      issuer: 'company',
      expiresAtMs: issuer.nowMs + 600_000,
      signIn: { id: null, issuedAtMs: issuer.nowMs },
    },
  });
});

describe('claims', () => {
  const second = () => Math.floor(issuer.nowMs / 1000);
  const rows: [string, () => Record<string, unknown>, string][] = [
    ['expired beyond the skew', () => ({ exp: second() - CLOCK_SKEW_SECONDS }), 'AUTH_TOKEN_EXPIRED'],
    ['no expiry', () => ({ exp: undefined }), 'AUTH_TOKEN_INVALID'],
    ['not yet valid beyond the skew', () => ({ nbf: second() + CLOCK_SKEW_SECONDS + 1 }), 'AUTH_TOKEN_INVALID'],
    ['another audience', () => ({ aud: 'sluice2' }), 'AUTH_TOKEN_INVALID'],
    ['an audience in other case', () => ({ aud: 'Sluice' }), 'AUTH_TOKEN_INVALID'],
    ['no audience', () => ({ aud: undefined }), 'AUTH_TOKEN_INVALID'],
    ['another issuer', () => ({ iss: 'https://evil.example.test' }), 'AUTH_TOKEN_INVALID'],
    ['the issuer with a slash more', () => ({ iss: `${issuer.url}/` }), 'AUTH_TOKEN_INVALID'],
    ['no issuer', () => ({ iss: undefined }), 'AUTH_TOKEN_INVALID'],
    ['no subject', () => ({ sub: undefined }), 'AUTH_TOKEN_INVALID'],
    ['an ID token, by its hash', () => ({ at_hash: 'x' }), 'AUTH_TOKEN_INVALID'],
    ['an ID token, by its nonce', () => ({ nonce: 'x' }), 'AUTH_TOKEN_INVALID'],
    ['a logout token', () => ({ events: {} }), 'AUTH_TOKEN_INVALID'],
    ['bound to a key', () => ({ cnf: { jkt: 'x' } }), 'AUTH_TOKEN_INVALID'],
    [
      'a chain that is too deep',
      () => ({ act: { sub: 'a', act: { sub: 'b', act: { sub: 'c', act: { sub: 'd' } } } } }),
      'AUTH_TOKEN_INVALID',
    ],
  ];
  it.each(rows)('a token is refused: %s', async (_name, claims, code) => {
    expect(await refusal(await issuer.sign(claims()))).toMatch(code);
  });

  const accepted: [string, () => Record<string, unknown>][] = [
    ['expired within the skew', () => ({ exp: second() - CLOCK_SKEW_SECONDS + 1 })],
    ['valid from now on within the skew', () => ({ nbf: second() + CLOCK_SKEW_SECONDS })],
    ['one audience of several', () => ({ aud: ['other', 'sluice'] })],
  ];
  it.each(accepted)('a token is accepted: %s', async (_name, claims) => {
    expect(await refusal(await issuer.sign(claims()))).toBe('verified');
  });
});

describe('header', () => {
  it.each(['jku', 'jwk', 'x5u', 'x5c'])(
    'a token whose header carries %s is refused before any key is fetched',
    async (parameter) => {
      const token = await issuer.sign(
        {},
        { [parameter]: parameter === 'x5c' ? ['MIIB'] : 'https://evil.example.test/keys' },
      );
      expect(await refusal(token)).toMatch(parameter);
      expect(issuer.requested.join()).not.toContain('evil');
    },
  );

  test('a key that the header brings along signs nothing', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const claims = { iss: issuer.url, aud: 'sluice', sub: 'admin', exp: issuer.nowMs / 1000 + 60 };
    const header = { alg: 'ES256', typ: 'at+jwt', kid: 'key-1' };
    const signed = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
    const brought = await new SignJWT(claims)
      .setProtectedHeader({ ...header, jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    expect(await refusal(signed)).toMatch('signature is not valid');
    expect(await refusal(brought)).toMatch('carries "jwk"');
  });

  test('alg none is refused', async () => {
    const token = new UnsecuredJWT({
      iss: issuer.url,
      aud: 'sluice',
      sub: 'admin',
      exp: issuer.nowMs / 1000 + 60,
    }).encode();
    expect(await refusal(token)).toMatch('AUTH_TOKEN_INVALID');
    expect(looksLikeToken(token)).toBe(true);
  });

  test('a token MACed with the public key is refused', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    issuer.documents.set(issuer.jwksUrl, {
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig' }],
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'rsa' })}.${part({ iss: issuer.url, aud: 'sluice', sub: 'admin', exp: issuer.nowMs / 1000 + 60 })}`;
    for (const key of [
      pem,
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ]) {
      const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
      expect(await refusal(token)).toMatch('algorithm is not allowed');
      expect(await refusal(token, verifierFor(issuer.settings({ algorithms: ['RS256'] })))).toMatch(
        'algorithm is not allowed',
      );
    }
  });

  test('addresses that others could answer for cannot be configured', () => {
    for (const url of [
      'http://idp.example.test',
      'ftp://idp.example.test',
      'https://user:pw@idp.example.test',
      'idp',
      'https://idp|x',
    ]) {
      expect(() => verifierFor(issuer.settings({ issuer: url }))).toThrow(SluiceError);
      expect(() => verifierFor(issuer.settings({ jwksUri: url.replace('|', ' ') }))).toThrow(SluiceError);
    }
  });

  test('an algorithm that could be forged cannot be configured', () => {
    for (const algorithm of ['HS256', 'none', 'RS1']) {
      expect(() => verifierFor(issuer.settings({ algorithms: [algorithm] }))).toThrow(SluiceError);
    }
  });

  test('a critical extension that we do not know is refused', async () => {
    expect(await refusal(await issuer.sign({}, { crit: ['exp2'], exp2: 1 }).catch(() => forgedCritical()))).toMatch(
      'AUTH_TOKEN_INVALID',
    );
  });

  const types: [string | undefined, boolean, boolean][] = [
    ['at+jwt', true, true],
    ['application/at+jwt', true, true],
    ['AT+JWT', true, true],
    ['JWT', false, true],
    [undefined, false, true],
    ['logout+jwt', false, false],
    ['dpop+jwt', false, false],
  ];
  it.each(types)('typ %s: accepted where required %s, where optional %s', async (typ, whereRequired, whereAccepted) => {
    const token = await issuer.sign({}, { typ });
    expect((await refusal(token)) === 'verified').toBe(whereRequired);
    expect((await refusal(token, verifierFor(issuer.settings({ tokenType: 'accepted' })))) === 'verified').toBe(
      whereAccepted,
    );
  });
});

async function forgedCritical(): Promise<string> {
  const [, payload, signature] = (await issuer.sign()).split('.');
  const header = Buffer.from(
    JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1', crit: ['exp2'], exp2: 1 }),
  ).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

describe('form', () => {
  test('a token at the size bound is read, one character more is not', async () => {
    const token = await issuer.sign();
    const padded = (length: number) => issuer.sign({ pad: 'x'.repeat(length) });
    // Four characters of base64 for three bytes: the padding below lands exactly on the bound.
    let pad = Math.floor(((MAX_TOKEN_CHARS - token.length) * 3) / 4) - 16;
    while ((await padded(pad + 1)).length <= MAX_TOKEN_CHARS) pad += 1;
    expect(await refusal(await padded(pad))).toBe('verified');
    expect(await refusal('e'.repeat(MAX_TOKEN_CHARS + 1))).toMatch('longer than');
    expect(await refusal(await padded(pad + 4))).toMatch('longer than');
  });

  test('any changed character of a token makes it refused', async () => {
    const token = await issuer.sign();
    expect(await refusal(token)).toBe('verified');
    const change = fc.record({
      at: fc.nat(token.length - 1),
      to: fc.constantFrom('A', 'B', 'x', 'z', '0', '9', '-', '_', '.', '='),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to }) => {
        const changed = token.slice(0, at) + to + token.slice(at + 1);
        // The last character of a signature holds unused bits: another spelling of the same signature is no forgery.
        const isSameBytes = Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'));
        fc.pre(changed !== token && !isSameBytes && at !== token.length - 1);
        expect(await refusal(changed)).toMatch('AUTH_TOKEN');
      }),
      { numRuns: 200 },
    );
  });

  test('arbitrary text is refused and never thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect(await refusal(text)).toMatch('AUTH_TOKEN_INVALID');
      }),
      { numRuns: 200 },
    );
    expect(await refusal('a.b.c.d.e')).toMatch('AUTH_TOKEN_INVALID');
  });

  test('a refusal repeats nothing of the token', async () => {
    const token = await issuer.sign({ sub: 'tell-nobody', aud: 'other-audience' });
    const text = await refusal(token);
    expect(text).not.toContain('tell-nobody');
    expect(text).not.toContain('other-audience');
    expect(text).not.toContain(token.slice(0, 20));
  });
});

describe('remembered tokens', () => {
  test('a token is verified once and expires nevertheless', async () => {
    const token = await issuer.sign();
    const first = await verifier.verify(token);
    const second = await verifier.verify(token);
    expect(second.kind === 'verified' && first.kind === 'verified' && second.token === first.token).toBe(true);
    issuer.nowMs += (600 + CLOCK_SKEW_SECONDS) * 1000;
    expect(await refusal(token)).toMatch('AUTH_TOKEN_EXPIRED');
  });

  test('a remembered token stops counting when its key is withdrawn', async () => {
    const token = await issuer.sign({ exp: issuer.nowMs / 1000 + 86_400 });
    expect(await refusal(token)).toBe('verified');
    await issuer.rotate('key-2');
    issuer.nowMs += 11 * 60_000;
    // The old keys serve once more while new ones are fetched behind the caller's back.
    await verifier.verify(token);
    await expect.poll(() => refusal(token)).toMatch('not one of the issuer');
  });

  test('a remembered token stops counting when its principal is revoked', async () => {
    const token = await issuer.sign({ act: { sub: 'executor' }, client_id: 'executor' });
    expect(await refusal(token)).toBe('verified');
    revoke(revocations, `${issuer.url}|analyst`, issuer.nowMs);
    expect(await refusal(token)).toMatch('revoked');
    issuer.nowMs += 1_000;
    expect(await refusal(await issuer.sign())).toBe('verified');
  });

  test('no more tokens are remembered than the bound', async () => {
    const verifiedToken = async (token: string) => {
      const verification = await verifier.verify(token);
      return verification.kind === 'verified' ? verification.token : null;
    };
    const first = await issuer.sign();
    const remembered = await verifiedToken(first);
    for (let i = 1; i < MAX_VERIFIED_TOKENS; i++) await verifiedToken(await issuer.sign({ jti: String(i) }));
    expect(await verifiedToken(first)).toBe(remembered);
    for (let i = 0; i < MAX_VERIFIED_TOKENS; i++) await verifiedToken(await issuer.sign({ jti: `again-${i}` }));
    expect(await verifiedToken(first)).not.toBe(remembered);
    // Twelve thousand signatures: on a busy machine they take their time.
  }, 120_000);
});
