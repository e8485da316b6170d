import { describe, expect, test, vi } from 'vitest';
import { Secret } from '../config/secret.ts';
import { isEndedBy, type Mark, type Revocation } from './revocation/revocation.ts';
import { MAX_MARKS_PER_ISSUER, notifyAll, Revocations } from './revocations.ts';
import type { SignedIn } from './sign-in.ts';

function by(ids: readonly string[], issuedAtMs: number, signIn: string | null = null): SignedIn {
  return { principal: { chain: ids.map((id) => ({ id })) }, signIn: { id: signIn, issuedAtMs } };
}

function of(subject: string | null, untilMs: number, signIn: string | null = null): Revocation {
  return { subject, signIn, untilMs, why: 'a test' };
}

test('what was issued until the revocation is revoked, what is issued later is not', () => {
  const revocations = new Revocations();
  revocations.remember(of('i|ana', 5_000));
  const verdicts = [4_000, 5_000, 5_001].map((issuedAtMs) => revocations.isRevoked(by(['i|ana'], issuedAtMs)));
  expect(verdicts).toEqual([true, true, false]);
  expect(revocations.isRevoked(by(['i|bob'], 1))).toBe(false);
});

test('a token that does not say when it was issued is older than every revocation', () => {
  const revocations = new Revocations();
  revocations.remember(of('i|ana', 5_000));
  expect(revocations.isRevoked(by(['i|ana'], 0))).toBe(true);
});

test('an older revocation that arrives late takes nothing back', () => {
  const revocations = new Revocations();
  revocations.remember(of('i|ana', 5_000));
  expect(revocations.remember(of('i|ana', 3_000)).set).toEqual([{ kind: 'subject', id: 'i|ana', untilMs: 5_000 }]);
  expect(revocations.isRevoked(by(['i|ana'], 4_000))).toBe(true);
});

describe('whom a revocation means', () => {
  const table: readonly (readonly [string, Revocation, SignedIn, boolean])[] = [
    ['the subject', of('i|ana', 10), by(['i|ana'], 1), true],
    ['another subject', of('i|ana', 10), by(['i|bob'], 1), false],
    ['the same name at another issuer', of('i|ana', 10), by(['j|ana'], 1), false],
    ['an agent that acts for it', of('i|ana', 10), by(['i|ana', 'i|planner', 'i|executor'], 1), true],
    ['all that a link in the middle leads to', of('i|planner', 10), by(['i|ana', 'i|planner', 'i|executor'], 1), true],
    ['not those before the link', of('i|planner', 10), by(['i|ana', 'i|executor'], 1), false],
    ['the named sign-in', of('i|ana', 10, 'i|s1'), by(['i|ana'], 1, 'i|s1'), true],
    ['the named sign-in, renewed later', of('i|ana', 10, 'i|s1'), by(['i|ana'], 99, 'i|s1'), true],
    ['not another sign-in of the subject', of('i|ana', 10, 'i|s1'), by(['i|ana'], 1, 'i|s2'), false],
    ['the subject where its token names no sign-in', of('i|ana', 10, 'i|s1'), by(['i|ana', 'i|executor'], 1), true],
    ['a sign-in alone', of(null, 10, 'i|s1'), by(['i|ana'], 1, 'i|s1'), true],
    ['nobody without the sign-in', of(null, 10, 'i|s1'), by(['i|ana'], 1), false],
    ['every sign-in of the subject', of('i|ana', 10), by(['i|ana'], 1, 'i|s2'), true],
    ['nothing issued later', of('i|ana', 10), by(['i|ana'], 11), false],
  ];
  const token = (id: string) => ({ id, value: new Secret('eyJ') });
  const holding = (id: string): SignedIn => ({
    ...by(['i|ana'], 1),
    signIn: { id: null, issuedAtMs: 1, token: token(id) },
  });
  test.each([
    ['one token', 'i|t1', true],
    ['no other token', 'i|t2', false],
  ])('%s', (_, id, expected) => {
    const revocation: Revocation = { ...of(null, 10), token: 'i|t1' };
    expect(isEndedBy(revocation, holding(id))).toBe(expected);
    const revocations = new Revocations();
    revocations.remember(revocation);
    expect(revocations.isRevoked(holding(id))).toBe(expected);
  });
  test.each(table)('%s', (_, revocation, signedIn, expected) => {
    expect(isEndedBy(revocation, signedIn)).toBe(expected);
    // What lives and what is presented later are told apart alike.
    const revocations = new Revocations();
    revocations.remember(revocation);
    expect(revocations.isRevoked(signedIn)).toBe(expected);
  });
});

test('what was remembered is remembered by the next run', () => {
  const first = new Revocations();
  const { set } = first.remember(of('i|ana', 5_000, 'i|s1'));
  const second = new Revocations(set);
  expect(second.isRevoked(by(['i|ana'], 4_000))).toBe(true);
  expect(second.isRevoked(by(['i|bob'], 4_000, 'i|s1'))).toBe(true);
  expect(second.isRevoked(by(['i|ana'], 4_000, 'i|s2'))).toBe(false);
});

test('when more is revoked than can be remembered, all of that issuer that is as old counts as revoked', () => {
  const marks = Array.from(
    { length: MAX_MARKS_PER_ISSUER },
    (_, index): Mark => ({ kind: 'subject', id: `i|${index + 1}`, untilMs: index + 1 }),
  );
  const revocations = new Revocations(marks);
  expect(revocations.isRevoked(by(['i|bystander'], 1))).toBe(false);
  const changes = revocations.remember(of('i|one-too-many', 99_999));
  expect(changes).toEqual({
    set: [
      { kind: 'subject', id: 'i|one-too-many', untilMs: 99_999 },
      { kind: 'floor', id: 'i', untilMs: 1 },
    ],
    dropped: [{ kind: 'subject', id: 'i|1', untilMs: 1 }],
  });
  for (const remembering of [revocations, new Revocations([...marks.slice(1), ...changes.set])]) {
    expect(remembering.isRevoked(by(['i|1'], 1))).toBe(true);
    expect(remembering.isRevoked(by(['i|bystander'], 1))).toBe(true);
    expect(remembering.isRevoked(by(['i|bystander'], 2))).toBe(false);
    expect(remembering.isRevoked(by(['j|bystander'], 1))).toBe(false);
  }
});

test('listeners hear of each revocation until they stop', () => {
  const revocations = new Revocations();
  const heard = vi.fn<(revocation: Revocation) => void>();
  const stop = revocations.onRevoked(heard);
  revocations.tell(of('i|ana', 1));
  stop();
  revocations.tell(of('i|bob', 1));
  expect(heard.mock.calls).toEqual([[of('i|ana', 1)]]);
});

test('a listener that fails keeps no other from hearing', () => {
  const heard: string[] = [];
  const failing = () => {
    throw new Error('defect');
  };
  expect(() => notifyAll([failing, (event: string) => heard.push(event)], ['a', 'b'])).toThrow(AggregateError);
  expect(heard).toEqual(['a', 'b']);
});
