import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { FakeIssuer } from './fake-issuer.ts';
import {
  MAX_DOCUMENT_BYTES,
  MAX_FRESH_MS,
  MAX_KEYS,
  MAX_STALE_MS,
  MIN_REFRESH_INTERVAL_MS,
  SigningKeys,
} from './signing-keys.ts';

let issuer: FakeIssuer;
let keys: SigningKeys;

beforeEach(async () => {
  issuer = await FakeIssuer.create();
  keys = new SigningKeys({ issuer: issuer.url, fetch: issuer.fetch, now: issuer.now });
});

async function lookup(kid: string): Promise<string> {
  await keys.freshen();
  return (await keys.find({ alg: 'ES256', kid })).kind;
}

const fetches = () => issuer.requested.filter((url) => url === issuer.jwksUrl).length;

test('keys are fetched once, by discovery', async () => {
  expect([await lookup('key-1'), await lookup('key-1')]).toEqual(['found', 'found']);
  expect(issuer.requested).toEqual([issuer.discoveryUrl, issuer.jwksUrl]);
});

test('keys at a configured address need no discovery', async () => {
  issuer.documents.delete(issuer.discoveryUrl);
  keys = new SigningKeys({ issuer: issuer.url, jwksUri: issuer.jwksUrl, fetch: issuer.fetch, now: issuer.now });
  expect(await lookup('key-1')).toBe('found');
  expect(issuer.requested).toEqual([issuer.jwksUrl]);
});

test('a new key of the issuer is found as soon as a token names it', async () => {
  await lookup('key-1');
  await issuer.rotate('key-2');
  issuer.nowMs += MIN_REFRESH_INTERVAL_MS;
  expect(await lookup('key-2')).toBe('found');
  expect(await lookup('key-1')).toBe('unknown-key');
});

test('tokens with unknown keys cannot make us flood the issuer', async () => {
  await lookup('key-1');
  issuer.nowMs += MIN_REFRESH_INTERVAL_MS;
  await Promise.all(Array.from({ length: 50 }, (_, i) => lookup(`made-up-${i}`)));
  expect(fetches()).toBe(2);
  issuer.nowMs += MIN_REFRESH_INTERVAL_MS - 1;
  await lookup('made-up');
  expect(fetches()).toBe(2);
});

test('while the issuer is away the last good keys serve, and not for ever', async () => {
  await lookup('key-1');
  issuer.online = false;
  issuer.nowMs += MAX_STALE_MS;
  expect(await lookup('key-1')).toBe('found');
  issuer.nowMs += 1;
  expect(await lookup('key-1')).toBe('unavailable');
  expect(keys.fingerprint).toBeNull();
  issuer.online = true;
  issuer.nowMs += MIN_REFRESH_INTERVAL_MS;
  expect(await lookup('key-1')).toBe('found');
});

test('an issuer that was never reached means no key, not an error thrown', async () => {
  issuer.online = false;
  expect(await lookup('key-1')).toBe('unavailable');
});

test('old keys are fetched anew without making the caller wait', async () => {
  await lookup('key-1');
  issuer.nowMs += MAX_FRESH_MS + 1;
  await keys.freshen();
  await expect.poll(fetches).toBe(2);
});

describe('documents that are not to be trusted', () => {
  const keySet = () => JSON.stringify({ keys: [issuer.publicJwk] });
  const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const rows: [string, () => void][] = [
    [
      'another issuer',
      () =>
        issuer.documents.set(issuer.discoveryUrl, { issuer: 'https://evil.example.test', jwks_uri: issuer.jwksUrl }),
    ],
    [
      'keys over plain http',
      () => issuer.documents.set(issuer.discoveryUrl, { issuer: issuer.url, jwks_uri: 'http://idp.example.test/keys' }),
    ],
    [
      'keys from a file',
      () => issuer.documents.set(issuer.discoveryUrl, { issuer: issuer.url, jwks_uri: 'file:///etc/passwd' }),
    ],
    ['no document', () => issuer.documents.delete(issuer.discoveryUrl)],
    ['no JSON', () => issuer.documents.set(issuer.jwksUrl, 'not json')],
    ['no object', () => issuer.documents.set(issuer.jwksUrl, [1])],
    ['no keys', () => issuer.documents.set(issuer.jwksUrl, { keys: [] })],
    [
      'only a secret key',
      () => issuer.documents.set(issuer.jwksUrl, { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'key-1' }] }),
    ],
    ['only a private key', () => issuer.documents.set(issuer.jwksUrl, { keys: [{ ...issuer.publicJwk, d: 'x' }] })],
    [
      'only an encryption key',
      () => issuer.documents.set(issuer.jwksUrl, { keys: [{ ...issuer.publicJwk, use: 'enc' }] }),
    ],
    ['only a weak RSA key', () => issuer.documents.set(issuer.jwksUrl, { keys: [{ ...weakRsa, kid: 'key-1' }] })],
    ['a document over the bound', () => issuer.documents.set(issuer.jwksUrl, keySet().padEnd(MAX_DOCUMENT_BYTES + 1))],
  ];
  it.each(rows)('%s gives no key', async (_name, arrange) => {
    arrange();
    expect(await lookup('key-1')).toBe('unavailable');
  });

  test('a document at the bound is read', async () => {
    issuer.documents.set(issuer.jwksUrl, keySet().padEnd(MAX_DOCUMENT_BYTES));
    expect(await lookup('key-1')).toBe('found');
  });

  test('keys beyond the bound are not kept', async () => {
    const padding = Array.from({ length: MAX_KEYS - 1 }, (_, i) => ({ ...issuer.publicJwk, kid: `other-${i}` }));
    issuer.documents.set(issuer.jwksUrl, {
      keys: [...padding, issuer.publicJwk, { ...issuer.publicJwk, kid: 'one-too-many' }],
    });
    expect(await lookup('key-1')).toBe('found');
    expect(await lookup('one-too-many')).toBe('unknown-key');
  });
});
