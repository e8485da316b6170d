import { expect, test } from 'vitest';
import { covers, coversSomewhere, isNarrower, isScope, SCOPE_VERBS, scopeOf } from './scopes.ts';

test.each([
  ...['sluice:read', 'sluice:change', 'sluice:plan:orders-db', 'sluice:approve:a', 'sluice:audit', 'sluice:manage'],
])('%s has a meaning', (scope) => {
  expect(isScope(scope)).toBe(true);
});

test.each([
  ...[
    'sluice',
    'sluice:',
    'sluice:all',
    'sluice:READ',
    'Sluice:read',
    'sluice:read:',
    'sluice:read:a.b',
    'sluice:read:*',
  ],
  ...['sluice:read:a:b', 'sluice:audit:orders-db', 'sluice:manage:orders-db', 'sluice:read:-a', ' sluice:read', 'read'],
  ...['sluice:resource:orders-db', 'sluice:read\n', `sluice:read:${'a'.repeat(64)}`],
])('%s has none', (scope) => {
  expect(isScope(scope)).toBe(false);
});

test('to change includes to write, and that to read; nothing else includes another', () => {
  const included = SCOPE_VERBS.map((held) => [
    held,
    SCOPE_VERBS.filter((verb) => covers({ scopes: [`sluice:${held}`] }, verb, 'orders-db')),
  ]);
  expect(included).toEqual([
    ['read', ['read']],
    ['write', ['read', 'write']],
    ['change', ['read', 'write', 'change']],
    ['plan', ['plan']],
    ['approve', ['approve']],
    ['audit', ['audit']],
    ['manage', ['manage']],
  ]);
});

test('a scope with a resource is for that one alone', () => {
  const held = { scopes: ['sluice:read:orders-db'] };
  expect(covers(held, 'read', 'orders-db')).toBe(true);
  expect(covers(held, 'read', 'orders')).toBe(false);
  expect(covers(held, 'read', null)).toBe(false);
  expect(coversSomewhere(held, 'read')).toBe(true);
  expect(coversSomewhere(held, 'write')).toBe(false);
});

test('whoever holds none of ours is confined to nothing, whoever holds an empty list to everything', () => {
  expect(covers({}, 'manage', null)).toBe(true);
  expect(coversSomewhere({}, 'manage')).toBe(true);
  expect(covers({ scopes: [] }, 'read', 'orders-db')).toBe(false);
});

test('leaving out a scope never gives more', () => {
  const all = SCOPE_VERBS.flatMap((verb) => [scopeOf(verb, null), scopeOf(verb, 'a')]);
  for (const verb of SCOPE_VERBS)
    for (const resource of ['a', 'b', null])
      for (let mask = 0; mask < 2 ** all.length; mask += 37) {
        const scopes = all.filter((_, index) => mask & (1 << index));
        if (covers({ scopes }, verb, resource)) continue;
        for (const one of scopes)
          expect(covers({ scopes: scopes.filter((scope) => scope !== one) }, verb, resource)).toBe(false);
      }
});

test.each<[string[], string[], boolean]>([
  [['sluice:read'], [], true],
  [[], [], true],
  [['sluice:read:a'], ['sluice', 'openid'], true],
  [['sluice:read:a'], ['sluice:read'], true],
  [['sluice:read:a'], ['sluice:change:a'], true],
  [['sluice:plan', 'sluice:read:a'], ['sluice:plan', 'sluice:write'], true],
  [['openid', 'sluice:read'], ['sluice:read'], true],
  [['sluice:read'], ['sluice:read:a'], false],
  [['sluice:write:a'], ['sluice:read'], false],
  [['sluice:read', 'sluice:plan'], ['sluice:read'], false],
  [[], ['sluice:read'], false],
  [['openid'], ['sluice:read'], false],
  [['sluice:all'], [], false],
])('%j is within %j: %s', (asked, held, expected) => {
  expect(isNarrower(asked, held)).toBe(expected);
});
