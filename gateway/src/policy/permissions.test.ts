import { describe, expect, it } from 'vitest';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { MAX_CACHED_ANSWERS, Permissions, type Question } from './permissions.ts';
import { parsePolicySet } from './policy-set.ts';

function permissions(): Permissions {
  const result = parsePolicySet(readPolicySchema(), readDefaultPolicies());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return new Permissions(result.set);
}

function connect(
  subject: string,
  context: Question['context'] = { delegated: false, onBehalfOfGroups: [], linkGroups: [], planned: false },
): Question {
  return {
    principal: { uid: { type: 'Sluice::User', id: subject }, attrs: {}, parents: [] },
    action: 'connect',
    resource: {
      uid: { type: 'Sluice::Resource', id: 'r' },
      attrs: { protocol: 'postgres', open: true, groups: [] },
      parents: [],
    },
    context,
  };
}

describe('an answer', () => {
  it('is given once and remembered for exactly the same question', () => {
    const asked = permissions();
    expect(asked.ask(connect('a'))).toBe(asked.ask(connect('a')));
    expect(asked.cached).toBe(1);
    asked.ask(connect('b'));
    expect(asked.cached).toBe(2);
  });

  it('that is an error is not remembered', () => {
    const asked = permissions();
    expect(asked.ask(connect('a', { delegated: 'yes' })).kind).toBe('error');
    expect(asked.ask({ ...connect('a'), action: 'fly' }).kind).toBe('error');
    expect(asked.cached).toBe(0);
  });

  it('is forgotten when there are too many, the oldest first', { timeout: 90_000 }, () => {
    const asked = permissions();
    const first = asked.ask(connect('0'));
    for (let index = 1; index <= MAX_CACHED_ANSWERS; index += 1) asked.ask(connect(String(index)));
    expect(asked.cached).toBe(MAX_CACHED_ANSWERS);
    const again = asked.ask(connect('0'));
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });
});
