import type { Reason } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import type { Decided } from '../evidence/recorded-entry.ts';
import { SessionSeal } from '../evidence/sealing/session-seal.ts';
import { sealDecided } from './seal-decided.ts';

const SECRET = 'Zanzibar4711';
const seal = new SessionSeal(Buffer.alloc(32, 1), { logId: '00', sessionId: 'c_1' }, (text) =>
  text.replace(/'.*'/, '?'),
);

function entry(reasons: readonly Reason[]): Decided {
  return {
    ...{ kind: 'statement.decided', sessionId: 'c_1', statementId: 1, text: `select '${SECRET}'` },
    ...{ fingerprint: 'f', statementKind: 'SelectStmt', effect: 'refuse', reasons, flows: [] },
    ...{ highestLabel: 'internal', policyVersion: 'p', requestId: null },
  };
}

const quoting: Reason = {
  ...{ effect: 'refuse', policyId: 'not-understood', columns: [] },
  message: `cannot read ${SECRET}`,
  remedy: `write ${SECRET} in another way`,
  why: `${SECRET} could be anything`,
  place: { byte: 7, line: 1, column: 8, character: 8, near: SECRET },
};

describe('a sealed entry', () => {
  it('of a statement that was not understood quotes it nowhere', () => {
    const sealed = sealDecided(entry([quoting]), false, seal);
    expect(JSON.stringify(sealed)).not.toContain(SECRET);
    expect(sealed).toMatchObject({ text: 'SelectStmt', effect: 'refuse', reasons: [{ policyId: 'not-understood' }] });
  });

  it('of a statement that was understood quotes it nowhere either, also where a reason says a place', () => {
    expect(JSON.stringify(sealDecided(entry([quoting]), true, seal))).not.toContain(SECRET);
  });

  it('keeps what policy said where nothing of the statement is in it', () => {
    const said: Reason = { effect: 'mask', policyId: 'm', message: 'ssn is masked', remedy: 'ask', columns: [] };
    const sealed = sealDecided(entry([said]), true, seal);
    expect(sealed.reasons).toEqual([said]);
    expect(JSON.stringify(sealed)).not.toContain(SECRET);
  });
});
