import { MAX_SCOPES } from '@sluice/contract/scopes';
import { expect, test } from 'vitest';
import { readScopes } from './token-scopes.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => `sluice:read:r${index}`).join(' ');
const confinedTo = (...scopes: string[]) => ({ kind: 'scopes', scopes });
const NOTHING = { kind: 'scopes', scopes: null };

test.each([
  ['none', {}, NOTHING],
  ['others alone', { scope: 'openid sluice email' }, NOTHING],
  [
    'ours among others, sorted, once',
    { scope: 'openid sluice:write sluice:plan sluice:write' },
    confinedTo('sluice:plan', 'sluice:write'),
  ],
  ['a list', { scope: ['sluice:read', 'openid'] }, confinedTo('sluice:read')],
  ['under the other name', { scp: ['sluice:read'] }, confinedTo('sluice:read')],
  ['under the other name, as text', { scp: 'sluice:read openid' }, confinedTo('sluice:read')],
  ['as many as the bound', { scope: many(MAX_SCOPES) }, expect.objectContaining({ kind: 'scopes' })],
])('%s', (_, claims, expected) => {
  expect(readScopes(claims, {})).toEqual(expected);
});

test.each([
  ['one that nobody knows', { scope: 'sluice:read sluice:everything' }],
  ['one of no name', { scope: 'sluice:' }],
  ['one with a resource that can be none', { scope: 'sluice:read:*' }],
  ['a number', { scope: 7 }],
  ['a list with something else', { scp: ['sluice:read', { verb: 'write' }] }],
  ['more than the bound', { scope: many(MAX_SCOPES + 1) }],
])('%s makes the token unusable', (_, claims) => {
  expect(readScopes(claims, {}).kind).toBe('unusable');
});

test('where scopes are required a token without any of ours is unusable', () => {
  for (const settings of [{ tokenScopes: 'required' }, { scopes: ['openid', 'sluice:read'] }] as const) {
    expect(readScopes({ scope: 'openid' }, settings).kind).toBe('unusable');
    expect(readScopes({}, settings).kind).toBe('unusable');
    expect(readScopes({ scope: 'sluice:read' }, settings)).toEqual(confinedTo('sluice:read'));
  }
  expect(readScopes({ scope: 'openid' }, { scopes: ['sluice:read'], tokenScopes: 'optional' })).toEqual(NOTHING);
  expect(readScopes({ scope: 'openid' }, { scopes: ['openid', 'sluice'] })).toEqual(NOTHING);
});
