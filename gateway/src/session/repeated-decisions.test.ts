import type { Reason } from '@sluice/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decided, DecisionMemory, MAX_REPEAT_DISTANCE, MAX_REPEATED_BYTES } from '../evidence/recorded-entry.ts';
import { SessionSeal } from '../evidence/sealing/session-seal.ts';
import { decisionRecord, MAX_KNOWN_DECISIONS, RepeatedDecisions, recordedDecision } from './repeated-decisions.ts';

const REASONS: readonly Reason[] = [
  { effect: 'mask', policyId: 'm', message: 'ssn is masked', remedy: 'ask', columns: [] },
];
const FLOWS: Decided['flows'] = [{ kind: 'output', target: 'ssn', targetLabel: null, sources: [] }];
const UNDERSTANDING = { kind: 'understood' } as const;

function decided(statementId: number, own: Partial<Decided> = {}): Decided {
  return {
    ...{ kind: 'statement.decided', sessionId: 'c_1', statementId, text: 'select 1', fingerprint: 'f' },
    ...{ statementKind: 'SelectStmt', effect: 'mask', reasons: REASONS, flows: FLOWS, highestLabel: 'regulated' },
    ...{ policyVersion: 'p', requestId: null },
    ...own,
  };
}

/** A session whose records a reader takes in order, one sequence after the other. */
function recorder(seal: SessionSeal | null = null) {
  const session = { decisions: new RepeatedDecisions(), seal };
  const memory = new DecisionMemory();
  return (entry: Decided, sequence: number, understanding: { kind: 'understood' | 'opaque' } = UNDERSTANDING) => {
    const record = decisionRecord(entry, understanding, session, sequence);
    recordedDecision(record, sequence, session);
    const [read] = memory.entriesOf(sequence, Buffer.from(record.payload));
    return { record, recorded: JSON.parse(record.payload), read };
  };
}

describe('a decision that repeats one of its session', () => {
  it('is recorded by the number of that statement, and read whole', () => {
    const record = recorder();
    expect(record(decided(1), 0).recorded).toEqual(decided(1));
    const { recorded, read } = record(decided(2), 1);
    expect(recorded).toEqual({ kind: 'statement.decided', sessionId: 'c_1', statementId: 2, as: 1 });
    expect(read).toEqual({ ...decided(2), as: 1 });
  });

  it('says its own text and fingerprint where only literals differ', () => {
    const record = recorder();
    record(decided(1), 0);
    const { recorded, read } = record(decided(2, { text: 'select 2', fingerprint: 'g' }), 1);
    expect(recorded).toMatchObject({ as: 1, text: 'select 2', fingerprint: 'g' });
    expect(read).toEqual({ ...decided(2), text: 'select 2', fingerprint: 'g', as: 1 });
  });

  it('is told in full when anything else differs', () => {
    const differences: readonly Partial<Decided>[] = [
      { reasons: [...REASONS] },
      { flows: [...FLOWS] },
      { written: ['a.b.c'] },
      { effect: 'allow' },
      { statementKind: 'DeleteStmt' },
      { highestLabel: 'public' },
      { policyVersion: 'q' },
      { requestId: 'r_1' },
      { probes: [] },
    ];
    for (const own of differences) {
      const record = recorder();
      record(decided(1), 0);
      expect(record(decided(2, own), 1).recorded).toEqual(decided(2, own));
    }
  });

  it("never names a decision that was held or refused, cost something, is long, or is another session's", () => {
    const unnamed: readonly Partial<Decided>[] = [
      { effect: 'hold' },
      { effect: 'refuse' },
      { requestId: 'r_1' },
      { probes: [] },
      { text: 'x'.repeat(MAX_REPEATED_BYTES) },
    ];
    for (const own of unnamed) {
      const record = recorder();
      record(decided(1, own), 0);
      expect(record(decided(2, own), 1).recorded).toEqual(decided(2, own));
    }
    recorder()(decided(1), 0);
    expect(recorder()(decided(2), 1).recorded).toEqual(decided(2));
  });

  it('is told in full before a reader in order has forgotten it, however far sequences run', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: MAX_REPEAT_DISTANCE }), { maxLength: 40 }), (gaps) => {
        const record = recorder();
        let sequence = 0;
        for (const [index, gap] of gaps.entries()) {
          expect(record(decided(index + 1), sequence).read).toMatchObject({ statementId: index + 1, text: 'select 1' });
          sequence += gap;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('seals a text once, and its own where that differs', () => {
    const key = Buffer.alloc(32, 1);
    const seal = new SessionSeal(key, { logId: '00', sessionId: 'c_1' }, (text) => text.replace(/\d+/g, '?'));
    const record = recorder(seal);
    const first = record(decided(1, { text: 'select 4711' }), 0);
    expect(first.recorded.sealed).toBeDefined();
    expect(record(decided(2, { text: 'select 4711' }), 1).recorded).not.toHaveProperty('sealed');
    const other = record(decided(3, { text: 'select 4712' }), 2);
    expect(Object.keys(other.recorded)).toEqual(['kind', 'sessionId', 'statementId', 'as', 'sealed']);
    expect(other.recorded.sealed.nonce).not.toBe(first.recorded.sealed.nonce);
    expect(other.read).toMatchObject({ text: 'select ?', as: 1 });
  });

  it('found by what it rests on, says what comparing whole entries says', () => {
    const understanding = { kind: 'understood', flows: FLOWS, highestLabel: 'regulated' } as const;
    const facts = { statementKind: 'SelectStmt' };
    const decision = { reasons: REASONS, effect: 'mask', policyVersion: 'p' } as const;
    const said = { statementId: 2, text: 'select 1', fingerprint: 'f' };
    const others = {
      said: [{ text: 'select 2' }, { fingerprint: 'g' }],
      understanding: [
        { flows: [...FLOWS] },
        { highestLabel: 'public' },
        { written: ['a.b.c'] },
        { facts: { statementKind: 'X' } },
      ],
      decision: [{ reasons: [...REASONS] }, { effect: 'allow' }, { policyVersion: 'q' }],
    } as const;
    const key = Buffer.alloc(32, 1);
    for (const seal of [
      null,
      new SessionSeal(key, { logId: '00', sessionId: 'c_1' }, (text) => text.replace(/\d+/g, '?')),
    ]) {
      const session = { decisions: new RepeatedDecisions(), seal };
      const asked = { ...understanding, facts };
      recordedDecision(decisionRecord(decided(1), asked, session, 0), 0, session);
      const again = session.decisions.again(said, asked, decision, 1);
      const compared = decisionRecord(decided(2), asked, session, 1);
      expect(again?.entry).toEqual(compared.entry);
      const { before, number, behind } = again?.payload ?? { before: '', number: 0, behind: '' };
      expect(`${before.toString()}${number}${behind.toString()}`).toBe(compared.payload);
      expect(again?.repeatable).toBeNull();
      expect(session.decisions.again(said, { ...asked }, decision, 1)).toBeNull();
      expect(session.decisions.again(said, asked, decision, MAX_REPEAT_DISTANCE)).toBeNull();
      for (const own of others.said)
        expect(session.decisions.again({ ...said, ...own }, asked, decision, 1)).toBeNull();
      for (const own of others.decision)
        expect(session.decisions.again(said, asked, { ...decision, ...own }, 1)).toBeNull();
    }
    for (const own of others.understanding) {
      const session = { decisions: new RepeatedDecisions(), seal: null };
      const asked = { ...understanding, facts, ...own };
      // As it was understood before; nothing that says less may stand for it.
      recordedDecision(decisionRecord(decided(1), asked, session, 0), 0, session);
      expect(session.decisions.again(said, asked, decision, 1)).toBeNull();
    }
  });

  it('is told in full again once a session knows more statements than it keeps', () => {
    const session = { decisions: new RepeatedDecisions(), seal: null };
    for (let id = 1; id <= MAX_KNOWN_DECISIONS + 1; id += 1)
      recordedDecision(decisionRecord(decided(id), { kind: 'understood' }, session, id), id, session);
    expect(session.decisions.size).toBe(1);
  });
});
