import type { Reason } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../policy/decision.ts';
import { refusalOf } from './refusal-words.ts';
import type { Understanding } from './understanding.ts';

const reason = (message: string, more: Partial<Reason> = {}): Reason => ({
  effect: 'refuse',
  policyId: 'p',
  message,
  remedy: 'Ask.',
  columns: [],
  ...more,
});
const decision = (...reasons: readonly Reason[]): Decision => ({
  effect: 'refuse',
  obligations: [],
  reasons,
  policyVersion: 'v',
});
const opaque = (told: Reason): Understanding => ({
  kind: 'opaque',
  reason: told,
  statementKind: 'SelectStmt',
  fingerprint: 'f',
  trust: null,
});
const PLACE = { byte: 7, line: 1, column: 8, character: 8, near: 'f(x)' };

describe('a refusal', () => {
  it('tells the strongest reason with its policy, and what to do', () => {
    const told = reason('no');
    expect(refusalOf(opaque(told), decision(reason('masked', { effect: 'mask' }), told))).toMatchObject({
      message: 'no (policy p)',
      remedy: 'Ask.',
      facts: { policyId: 'p' },
    });
  });

  it('says why there is such a rule, and where the construct is', () => {
    const told = reason('no', { policyId: 'engine:x', why: 'Because.', place: PLACE });
    expect(refusalOf(opaque(told), decision(told))).toMatchObject({
      code: 'REFUSED_NOT_UNDERSTOOD',
      facts: { explanation: 'Because. It is about line 1, column 8, near "f(x)".', position: 8 },
    });
  });

  it('tells five more reasons, and how many are left', () => {
    const all = Array.from({ length: 8 }, (_, index) => reason(`no ${index}`));
    const { explanation } = refusalOf(opaque(reason('no')), decision(...all)).facts;
    expect(explanation).toBe(
      `${[1, 2, 3, 4, 5].map((index) => `Also: no ${index} (policy p).`).join(' ')} And 2 more: sluice why tells all.`,
    );
  });

  it('of a text that is too large is a limit', () => {
    const told = reason('long', { policyId: 'engine:statement-length' });
    expect(refusalOf(opaque(told), decision(told)).code).toBe('LIMIT_STATEMENT');
  });
});
