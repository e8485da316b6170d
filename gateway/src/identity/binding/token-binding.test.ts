import { expect, it } from 'vitest';
import { isSameHolder, readBinding } from './token-binding.ts';

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

it('holders are the same by who they are, and by kind and thumbprint of what they hold', () => {
  const key = { kind: 'dpop', thumbprint: HASH } as const;
  const one = { id: 'i|ann', binding: key };
  expect(isSameHolder({ id: 'i|ann' }, { id: 'i|ann' })).toBe(true);
  expect(isSameHolder(one, { id: 'i|ann', binding: { ...key } })).toBe(true);
  const others: readonly Parameters<typeof isSameHolder>[0][] = [
    { id: 'i|ann' },
    { id: 'i|bea', binding: key },
    { id: 'i|ann', binding: { ...key, kind: 'mtls' } },
    { id: 'i|ann', binding: { ...key, thumbprint: 'B'.repeat(43) } },
  ];
  for (const other of others) expect([isSameHolder(one, other), isSameHolder(other, one)]).toEqual([false, false]);
});
