import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeIssuer } from '../fake-issuer.ts';
import { SigningKeys } from '../signing-keys.ts';
import { MAX_TOKEN_CHARS } from '../verify-token.ts';
import { EventRefused } from './event-refused.ts';
import { type EventSource, MAX_EVENT_ID_CHARS } from './event-token.ts';
import { BACKCHANNEL_LOGOUT, readLogoutToken } from './logout-token.ts';

let issuer: FakeIssuer;
let source: EventSource;
beforeEach(async () => {
  issuer = await FakeIssuer.create();
  const keys = new SigningKeys({ issuer: issuer.url, fetch: issuer.fetch, now: issuer.now });
  source = { issuer: issuer.url, audience: 'client', algorithms: ['ES256'], keys };
});

const second = () => Math.floor(issuer.nowMs / 1000);

/** Left out where undefined; the fake issuer's client is not a claim of logout tokens. */
function claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    ...{ aud: 'client', client_id: undefined, sub: 'analyst', sid: 's1', jti: 'e1', exp: second() + 120 },
    events: { [BACKCHANNEL_LOGOUT]: {} },
    ...changes,
  };
}

async function outcome(token: string): Promise<string> {
  try {
    const { revocation } = await readLogoutToken(token, source, issuer.nowMs);
    return `${revocation.subject} ${revocation.signIn}`;
  } catch (error) {
    if (error instanceof EventRefused) return error.refusal;
    throw error;
  }
}

const signed = (changes: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}) =>
  issuer.sign(claims(changes), { typ: 'logout+jwt', ...header });

describe('a good token', () => {
  const table: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['names subject and sign-in', () => signed(), 'https://idp.example.test|analyst https://idp.example.test|s1'],
    ['names the subject alone', () => signed({ sid: undefined }), 'https://idp.example.test|analyst null'],
    ['names the sign-in alone', () => signed({ sub: undefined }), 'null https://idp.example.test|s1'],
    [
      'is for several clients',
      () => signed({ aud: ['other', 'client'], sid: undefined }),
      'https://idp.example.test|analyst null',
    ],
    [
      'has no type, as of older issuers',
      () => signed({ sid: undefined }, { typ: undefined }),
      'https://idp.example.test|analyst null',
    ],
    [
      'is a JWT, as of older issuers',
      () => signed({ sid: undefined }, { typ: 'JWT' }),
      'https://idp.example.test|analyst null',
    ],
  ];
  test.each(table)('%s', async (_, make, expected) => {
    expect(await outcome(await make())).toBe(expected);
  });

  test('revokes what was issued until the end of its second', async () => {
    const { revocation } = await readLogoutToken(await signed(), source, issuer.nowMs);
    expect(revocation.untilMs).toBe(issuer.nowMs + 999);
  });

  test('is verified with a key that the issuer has only now', async () => {
    expect(await outcome(await signed())).toContain('analyst');
    await issuer.rotate('key-2');
    issuer.nowMs += 11_000;
    expect(await outcome(await signed())).toContain('analyst');
  });
});

describe('is refused', () => {
  const table: readonly (readonly [string, () => Promise<string> | string, string])[] = [
    ['for another client', () => signed({ aud: 'other' }), 'invalid_audience'],
    ['for the audience of access tokens', () => signed({ aud: 'sluice' }), 'invalid_audience'],
    ['without audience', () => signed({ aud: undefined }), 'invalid_audience'],
    ['of another issuer', () => signed({ iss: 'https://idp.example.test/' }), 'invalid_issuer'],
    ['without issuer', () => signed({ iss: undefined }), 'invalid_issuer'],
    ['without iat', () => signed({ iat: undefined }), 'invalid_request'],
    ['from the future', () => signed({ iat: second() + 61 }), 'invalid_request'],
    ['without exp', () => signed({ exp: undefined }), 'invalid_request'],
    ['expired', () => signed({ exp: second() - 60 }), 'invalid_request'],
    ['not valid yet', () => signed({ nbf: second() + 61 }), 'invalid_request'],
    ['without jti', () => signed({ jti: undefined }), 'invalid_request'],
    ['with an endless jti', () => signed({ jti: 'j'.repeat(MAX_EVENT_ID_CHARS + 1) }), 'invalid_request'],
    ['without events', () => signed({ events: undefined }), 'invalid_request'],
    ['with events that are a list', () => signed({ events: [BACKCHANNEL_LOGOUT] }), 'invalid_request'],
    ['with an event that is no object', () => signed({ events: { [BACKCHANNEL_LOGOUT]: true } }), 'invalid_request'],
    ['with another event', () => signed({ events: { 'https://example.test/logout': {} } }), 'invalid_request'],
    ['with a nonce', () => signed({ nonce: 'n' }), 'invalid_request'],
    ['with an empty nonce', () => signed({ nonce: '' }), 'invalid_request'],
    ['naming nobody', () => signed({ sub: undefined, sid: undefined }), 'invalid_request'],
    ['with a subject that is no text', () => signed({ sub: 7 }), 'invalid_request'],
    ['with an empty sign-in', () => signed({ sid: '' }), 'invalid_request'],
    ['with control characters in the sign-in', () => signed({ sid: 'a\nb' }), 'invalid_request'],
    ['typed as an access token', () => signed({}, { typ: 'at+jwt' }), 'invalid_request'],
    ['typed as a security event', () => signed({}, { typ: 'secevent+jwt' }), 'invalid_request'],
    ['with a key in its header', () => signed({}, { jwk: issuer.publicJwk }), 'invalid_request'],
    ['with the address of a key in its header', () => signed({}, { jku: issuer.jwksUrl }), 'invalid_request'],
    ['signed by a key of nobody', () => foreign(), 'invalid_key'],
    ['signed by another key under a known id', () => foreign({ kid: 'key-1' }), 'invalid_key'],
    ['unsigned', () => new UnsecuredJWT(claims({ iss: issuer.url })).setIssuedAt(second()).encode(), 'invalid_key'],
    ['signed with the public key as a secret', () => withSharedKey(), 'invalid_key'],
    ['with an algorithm that is not allowed', () => foreign({ kid: 'key-1' }, 'ES384'), 'invalid_key'],
    [
      'with a header that demands what nobody knows',
      () => foreign({ crit: ['urn:unknown'], 'urn:unknown': 1 }),
      'invalid_request',
    ],
    ['longer than any token', () => 'e'.repeat(MAX_TOKEN_CHARS + 1), 'invalid_request'],
    ['that is none', () => 'logout', 'invalid_request'],
    ['that is empty', () => '', 'invalid_request'],
  ];
  test.each(table)('%s', async (_, make, expected) => {
    expect(await outcome(await make())).toBe(expected);
  });

  test('with any character changed', async () => {
    const good = await signed();
    for (let at = 0; at < good.length; at += 1) {
      // The last character of a part of base64url holds bits that count for nothing; another letter of it may be the same bytes.
      if (good[at + 1] === '.' || at === good.length - 1 || good[at] === '.') continue;
      const changed = `${good.slice(0, at)}${good[at] === 'A' ? 'B' : 'A'}${good.slice(at + 1)}`;
      expect(await outcome(changed), `character ${at}`).toMatch(/^invalid_/);
    }
  });

  test('while the keys of the issuer cannot be fetched', async () => {
    issuer.online = false;
    expect(await outcome(await signed())).toBe('invalid_key');
  });
});

async function foreign(header: Readonly<Record<string, unknown>> = {}, alg = 'ES256'): Promise<string> {
  const { privateKey } = await generateKeyPair(alg);
  return await new SignJWT(claims({ iss: issuer.url, client_id: undefined }))
    .setIssuedAt(second())
    .setProtectedHeader({ alg, typ: 'logout+jwt', ...header })
    .sign(privateKey, { crit: { 'urn:unknown': true } });
}

async function withSharedKey(): Promise<string> {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'HS256', typ: 'logout+jwt', kid: 'key-1' })}.${encode(claims({ iss: issuer.url, iat: second() }))}`;
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return `${text}.${createHmac('sha256', JSON.stringify(await exportJWK(publicKey)))
    .update(text)
    .digest('base64url')}`;
}
