import type { Principal } from '@sluice/contract/vocabulary';
import { expect, test, vi } from 'vitest';
import { isActingFor, MAX_REVOKED_PRINCIPALS, notifyAll, Revocations } from './revocations.ts';

function delegated(...ids: string[]): Principal {
  const chain = ids.map((id) => ({ id, kind: 'user' as const, name: id }));
  const last = chain.at(-1) ?? { id: '', kind: 'user' as const, name: '' };
  return { ...last, groups: [], chain, onBehalfOfGroups: [] };
}

test('what was issued until the revocation is revoked, what is issued later is not', () => {
  const revocations = new Revocations({ now: () => 5_000 });
  revocations.revokePrincipal('i|ana');
  expect([4_000, 5_000, 5_001].map((issuedAtMs) => revocations.isRevoked(delegated('i|ana'), issuedAtMs))).toEqual([
    true,
    true,
    false,
  ]);
  expect(revocations.isRevoked(delegated('i|bob'), 1)).toBe(false);
});

test('revoking a member of a chain revokes those who act for it, not those it acts for', () => {
  const revocations = new Revocations({ now: () => 5_000 });
  revocations.revokePrincipal('i|planner');
  expect(revocations.isRevoked(delegated('i|ana', 'i|planner', 'i|executor'), 1)).toBe(true);
  expect(revocations.isRevoked(delegated('i|ana', 'i|executor'), 1)).toBe(false);
  expect(isActingFor(delegated('i|ana', 'i|executor'), 'i|ana')).toBe(true);
});

test('when more are revoked than can be remembered, all that is as old counts as revoked', () => {
  let nowMs = 0;
  const revocations = new Revocations({ now: () => nowMs });
  for (nowMs = 1; nowMs <= MAX_REVOKED_PRINCIPALS; nowMs++) revocations.revokePrincipal(`i|${nowMs}`);
  expect(revocations.isRevoked(delegated('i|bystander'), 1)).toBe(false);
  revocations.revokePrincipal('i|one-too-many');
  expect(revocations.isRevoked(delegated('i|1'), 1)).toBe(true);
  expect(revocations.isRevoked(delegated('i|bystander'), 1)).toBe(true);
  expect(revocations.isRevoked(delegated('i|bystander'), 2)).toBe(false);
});

test('listeners hear of each revocation until they stop', () => {
  const revocations = new Revocations({ now: () => 0 });
  const heard = vi.fn<(principalId: string) => void>();
  const stop = revocations.onRevoked(heard);
  revocations.revokePrincipal('i|ana');
  stop();
  revocations.revokePrincipal('i|bob');
  expect(heard.mock.calls).toEqual([['i|ana']]);
});

test('a listener that fails keeps no other from hearing', () => {
  const heard: string[] = [];
  const failing = () => {
    throw new Error('defect');
  };
  expect(() => notifyAll([failing, (event: string) => heard.push(event)], ['a', 'b'])).toThrow(AggregateError);
  expect(heard).toEqual(['a', 'b']);
});
