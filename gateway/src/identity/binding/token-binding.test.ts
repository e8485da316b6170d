import { expect, it } from 'vitest';
import { isSameBinding, readBinding } from './token-binding.ts';

const HASH = 'A'.repeat(43);

it('a key or a certificate binds a token', () => {
  expect(readBinding({ jkt: HASH })).toEqual({ kind: 'dpop', thumbprint: HASH });
  expect(readBinding({ 'x5t#S256': HASH })).toEqual({ kind: 'mtls', thumbprint: HASH });
  expect(readBinding(undefined)).toBeNull();
});

it.each<[string, unknown]>([
  ['nothing', {}],
  ['null', null],
  ['text', HASH],
  ['a list', [HASH]],
  ['a key of its own', { jwk: { kty: 'EC' } }],
  ['a key’s name', { kid: 'one' }],
  ['the SHA-1 of a certificate', { x5t: HASH }],
  ['a key and a certificate', { jkt: HASH, 'x5t#S256': HASH }],
  ['a key and something unknown', { jkt: HASH, more: 1 }],
  ['a hash that is too short', { jkt: HASH.slice(1) }],
  ['a hash with other characters', { jkt: `${HASH.slice(1)}+` }],
  ['a hash that is no text', { jkt: [HASH] }],
  ['a name that every object has', { constructor: HASH }],
])('a confirmation by %s is none that is checked here', (_name, cnf) => {
  expect(readBinding(cnf)).toBe('unknown');
});

it('bindings are the same by kind and thumbprint', () => {
  const key = { kind: 'dpop', thumbprint: HASH } as const;
  expect(isSameBinding(undefined, undefined)).toBe(true);
  expect(isSameBinding(key, { ...key })).toBe(true);
  for (const other of [undefined, { ...key, kind: 'mtls' as const }, { ...key, thumbprint: 'B'.repeat(43) }])
    expect([isSameBinding(key, other), isSameBinding(other, key)]).toEqual([false, false]);
});
