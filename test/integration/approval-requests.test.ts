/**
 * Approval requests on a real store and a real log: what is decided, by whom, once.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ApprovalOptions,
  ApprovalService,
  DEFAULT_MAX_PENDING_PER_PRINCIPAL,
} from '../../gateway/src/approval/approvals.ts';
import { heldTextsIn } from '../../gateway/src/approval/held-texts.fixture.ts';
import type { BoundStatement, NewRequest } from '../../gateway/src/approval/request.ts';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import { principal, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';
import type { SegmentedLog } from '../../gateway/src/evidence/segmented-log.ts';
import { openStore, type Store } from '../../gateway/src/store/store.ts';

const MINUTE_MS = 60_000;
const analyst = principal('analyst', { groups: ['analyst'] });
const executor = principal('nightly-executor', { kind: 'agent', behalfOf: [analyst] });
const officer = principal('officer', { groups: ['data-protection'] });
const second = principal('second', { groups: ['data-protection'] });

let directory: ReturnType<typeof temporaryDirectory>;
let store: Store;
let log: SegmentedLog;
let nowMs: number;
let approvals: ApprovalService;

function service(options: Partial<ApprovalOptions> = {}): ApprovalService {
  return new ApprovalService({
    store,
    log,
    texts: heldTextsIn(directory.path),
    approversFor: () => ({ groups: ['data-protection'], count: 1, expiresMs: 15 * MINUTE_MS }),
    now: () => nowMs,
    ...options,
  });
}

function bound(text = 'insert into report select ssn from customers', sessionId = 's1'): BoundStatement {
  return {
    protocol: 'postgres',
    resource: 'orders-db',
    database: 'orders',
    upstreamRole: 'sluice',
    sessionId,
    chain: executor.chain.map(({ id }) => id),
    text: Buffer.from(text),
    parameters: [],
    resultFormats: [],
    settings: [['search_path', 'public']],
    treeHash: 'aa',
    policyVersion: 'p1',
    labelsVersion: 'l1',
  };
}

function held(statement: BoundStatement = bound()): NewRequest {
  return { bound: statement, statementId: 7, asker: executor, label: 'regulated', flows: [], reasons: [] };
}

async function entries(): Promise<readonly Entry[]> {
  await log.sync();
  const found: Entry[] = [];
  for await (const block of readBlocks(log.directory, { from: 0, until: log.durableSequence })) {
    found.push(...block.entries.map(({ entry }) => entry));
  }
  return found;
}

async function approved(statement: BoundStatement = bound()) {
  const request = await approvals.request(held(statement));
  return approvals.decide(officer, request.id, { decision: 'approved', note: '' });
}

beforeEach(async () => {
  directory = temporaryDirectory();
  store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
  log = await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now });
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  approvals = service();
});

afterEach(async () => {
  await log.close();
  await store.close();
  directory[Symbol.dispose]();
});

describe('asking', () => {
  it('is recorded with its binding before approvers see it', async () => {
    const seen: string[] = [];
    approvals.subscribe((view, mayView) => {
      if (mayView(officer)) seen.push(view.id);
    });
    const request = await approvals.request(held());
    expect(request).toMatchObject({
      state: 'pending',
      asker: executor,
      statement: 'insert into report select ssn from customers',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T00:15:00.000Z',
      decidedBy: null,
    });
    expect(seen).toEqual([request.id]);
    expect(await entries()).toEqual([
      {
        kind: 'request.created',
        requestId: request.id,
        sessionId: 's1',
        statementId: 7,
        bindingHash: request.bindingHash,
        expiresAt: request.expiresAt,
      },
    ]);
  });

  it('again with the same bytes, from another session, at the same time, finds the same request', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, index) => approvals.request(held(bound(undefined, `s${index}`)))),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    const other = await approvals.request(held(bound('insert into report select ssn  from customers')));
    expect(other.id).not.toBe(asked[0]?.id);
    expect((await entries()).filter(({ kind }) => kind === 'request.created')).toHaveLength(2);
  });

  it('again while approved finds the approval; once it was used, makes a new request', async () => {
    const request = await approved();
    expect(await approvals.request(held(bound(undefined, 's2')))).toMatchObject({ id: request.id, state: 'approved' });
    expect(await approvals.consume(request.id, bound(undefined, 's2'), 1)).toEqual({ rowBound: null });
    expect(await approvals.request(held())).toMatchObject({ state: 'pending' });
  });

  it('is bounded for one principal and for all', async () => {
    const tight = service({ maxPending: DEFAULT_MAX_PENDING_PER_PRINCIPAL + 1 });
    for (let id = 0; id < DEFAULT_MAX_PENDING_PER_PRINCIPAL; id += 1) await tight.request(held(bound(`insert ${id}`)));
    await expect(tight.request(held(bound('one more')))).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    const other = (text: string) => ({ ...held(bound(text)), asker: analyst });
    await tight.request(other('the last'));
    await expect(tight.request(other('one over'))).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    // The same statement again is no further request.
    expect(await tight.request(other('the last'))).toMatchObject({ state: 'pending' });
    nowMs += 16 * MINUTE_MS;
    expect(await tight.request(held(bound('after they expired')))).toMatchObject({ state: 'pending' });
  });

  it('does not happen when it cannot be recorded', async () => {
    await log.close();
    await expect(approvals.request(held())).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    expect(await approvals.list(officer, { state: null, limit: 10 })).toEqual([]);
  });
});

describe('deciding', () => {
  it.each(['approved', 'denied'] as const)('%s: recorded, told to who waits, and final', async (decision) => {
    const request = await approvals.request(held());
    const waiting = approvals.wait(request.id, nowMs + MINUTE_MS, new AbortController().signal);
    const decided = await approvals.decide(officer, request.id, {
      decision,
      note: 'see ticket 12',
      bindingHash: request.bindingHash,
    });
    expect(decided).toMatchObject({ state: decision, decidedBy: officer, note: 'see ticket 12' });
    expect(await waiting).toBe(decision);
    expect((await entries()).at(1)).toEqual({
      kind: 'request.decided',
      requestId: request.id,
      decision,
      by: officer,
      note: 'see ticket 12',
    });
    for (const again of ['approved', 'denied'] as const) {
      await expect(approvals.decide(second, request.id, { decision: again, note: '' })).rejects.toMatchObject({
        code: 'REQUEST_STATE',
      });
    }
  });

  it.each([
    ['the asker', executor, 'REQUEST_NOT_YOURS'],
    ['the human at the head of the chain', analyst, 'REQUEST_NOT_YOURS'],
    [
      'the human, meanwhile in the approvers group, under another name',
      { ...analyst, name: 'x', groups: ['data-protection'] },
      'REQUEST_NOT_YOURS',
    ],
    [
      'an agent in the approvers group',
      principal('bot', { kind: 'agent', groups: ['data-protection'] }),
      'REQUEST_NOT_YOURS',
    ],
    [
      'an approver on behalf of the asker',
      principal('deputy', { groups: ['data-protection'], behalfOf: [analyst] }),
      'REQUEST_NOT_YOURS',
    ],
    ['a stranger', principal('clerk'), 'REQUEST_UNKNOWN'],
    ['an administrator', principal('root', { groups: ['admin'] }), 'REQUEST_UNKNOWN'],
  ])('%s may not', async (_, who, code) => {
    const request = await approvals.request(held());
    for (const decision of ['approved', 'denied'] as const) {
      await expect(approvals.decide(who, request.id, { decision, note: '' })).rejects.toMatchObject({ code });
    }
    expect(await approvals.show(officer, request.id)).toMatchObject({ state: 'pending' });
    expect((await entries()).map(({ kind }) => kind)).toEqual(['request.created']);
  });

  it('about another binding than was shown does nothing', async () => {
    const request = await approvals.request(held());
    await expect(
      approvals.decide(officer, request.id, { decision: 'approved', note: '', bindingHash: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    expect(await approvals.show(officer, request.id)).toMatchObject({ state: 'pending' });
  });

  it('by many at once: one decision stands', async () => {
    const request = await approvals.request(held());
    const outcomes = await Promise.allSettled(
      [officer, second, officer, second].map((who, index) => {
        return approvals.decide(who, request.id, {
          decision: index % 2 === 0 ? 'approved' : 'denied',
          note: String(index),
        });
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await entries()).filter(({ kind }) => kind === 'request.decided')).toHaveLength(1);
  });

  it('by two of two: the first yes is not enough, the same person twice is not two', async () => {
    approvals = service({ approversFor: () => ({ groups: ['data-protection'], count: 2, expiresMs: MINUTE_MS }) });
    const request = await approvals.request(held());
    expect(await approvals.decide(officer, request.id, { decision: 'approved', note: '' })).toMatchObject({
      state: 'pending',
    });
    await expect(approvals.decide(officer, request.id, { decision: 'approved', note: '' })).rejects.toMatchObject({
      code: 'REQUEST_STATE',
    });
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
    expect(await approvals.decide(second, request.id, { decision: 'approved', note: '' })).toMatchObject({
      state: 'approved',
    });
    expect(await approvals.consume(request.id, bound(), 1)).toEqual({ rowBound: null });
  });

  it('where nobody is configured nobody can', async () => {
    approvals = service({ approversFor: () => null });
    const request = await approvals.request(held());
    await expect(approvals.decide(officer, request.id, { decision: 'approved', note: '' })).rejects.toMatchObject({
      code: 'REQUEST_UNKNOWN',
    });
  });
});

describe('expiry', () => {
  it('means no from the first moment, for approving and for using', async () => {
    const pending = await approvals.request(held(bound('a')));
    const ready = await approved(bound('b'));
    nowMs += 15 * MINUTE_MS;
    await expect(approvals.decide(officer, pending.id, { decision: 'approved', note: '' })).rejects.toMatchObject({
      code: 'REQUEST_STATE',
    });
    expect(await approvals.consume(ready.id, bound('b'), 1)).toBeNull();
    expect(await approvals.wait(ready.id, nowMs + MINUTE_MS, new AbortController().signal)).toBe('expired');
    expect((await approvals.list(officer, { state: 'expired', limit: 10 })).map(({ id }) => id).toSorted()).toEqual(
      [pending.id, ready.id].toSorted(),
    );
    expect((await entries()).filter(({ kind }) => kind === 'request.expired')).toEqual([]);
    await approvals.expireDue();
    await approvals.expireDue();
    expect((await entries()).filter(({ kind }) => kind === 'request.expired')).toHaveLength(2);
  });

  it('one millisecond before it an approval still works', async () => {
    const ready = await approved();
    nowMs += 15 * MINUTE_MS - 1;
    expect(await approvals.consume(ready.id, bound(), 1)).toEqual({ rowBound: null });
  });
});

describe('waiting', () => {
  it('ends with the time, the session, or the request', async () => {
    const request = await approvals.request(held());
    expect(await approvals.wait(request.id, nowMs, new AbortController().signal)).toBe('still-pending');
    const session = new AbortController();
    const waiting = approvals.wait(request.id, nowMs + MINUTE_MS, session.signal);
    session.abort();
    expect(await waiting).toBe('still-pending');
    await expect(approvals.wait('req_unknown', nowMs, new AbortController().signal)).rejects.toMatchObject({
      code: 'REQUEST_UNKNOWN',
    });
  });

  it('hears of a decision that another gateway on the same store made', async () => {
    const request = await approvals.request(held());
    const waiting = approvals.wait(request.id, nowMs + MINUTE_MS, new AbortController().signal);
    await service().decide(officer, request.id, { decision: 'approved', note: '' });
    expect(await waiting).toBe('approved');
  });
});

describe('using', () => {
  it('only what was approved, to the bit', async () => {
    const request = await approved();
    const variants: BoundStatement[] = [
      bound('insert into report select ssn from customers '),
      { ...bound(), resource: 'other-db' },
      { ...bound(), settings: [['search_path', 'evil']] },
      { ...bound(), chain: [analyst.id] },
      { ...bound(), parameters: [{ typeOid: 25, format: 0, value: null }] },
      { ...bound(), policyVersion: 'p2' },
    ];
    for (const variant of variants) expect(await approvals.consume(request.id, variant, 1)).toBeNull();
    expect(await approvals.consume('req_unknown', bound(), 1)).toBeNull();
    expect(await approvals.consume(request.id, bound(), 1)).toEqual({ rowBound: null });
    expect((await entries()).filter(({ kind }) => kind === 'request.consumed')).toEqual([
      { kind: 'request.consumed', requestId: request.id, sessionId: 's1', statementId: 1 },
    ]);
  });

  it('not while pending, not when denied', async () => {
    const request = await approvals.request(held());
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
    await approvals.decide(officer, request.id, { decision: 'denied', note: '' });
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
  });

  it('of a thousand that race, over two handles on one store, exactly one', async () => {
    const request = await approved();
    const otherStore = await openStore({ sqlite: join(directory.path, 'sluice.db') });
    try {
      const other = service({ store: otherStore });
      const outcomes = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          (index % 2 === 0 ? approvals : other).consume(request.id, bound(), index),
        ),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await entries()).filter(({ kind }) => kind === 'request.consumed')).toHaveLength(1);
    } finally {
      await otherStore.close();
    }
  });

  it('never reports success when it cannot be recorded, and never twice', async () => {
    const request = await approved();
    await log.close();
    await expect(approvals.consume(request.id, bound(), 1)).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
  });
});

describe('the terms', () => {
  it('of an approval are on the record before it can be used: bound, time, approvers, and a hash of all', async () => {
    const request = await approvals.request({ ...held(), rowBound: 10, countsRows: true });
    const decided = await approvals.decide(officer, request.id, { decision: 'approved', note: '', maxRows: 20 });
    expect(decided).toMatchObject({ rowBound: 10, notBefore: '2026-01-01T00:00:00.000Z', approvals: 1 });
    expect((await entries()).slice(1)).toEqual([
      { kind: 'request.decided', requestId: request.id, decision: 'approved', by: officer, note: '', maxRows: 20 },
      {
        kind: 'request.approved',
        requestId: request.id,
        rowBound: 10,
        notBefore: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-01T00:15:00.000Z',
        approvers: [officer.id],
        approvalHash: decided.approvalHash,
      },
    ]);
    expect(await approvals.consume(request.id, bound(), 1)).toEqual({ rowBound: 10 });
  });

  it('are the strictest of all approvers', async () => {
    approvals = service({ approversFor: () => ({ groups: ['data-protection'], count: 2, expiresMs: MINUTE_MS }) });
    const request = await approvals.request({ ...held(), countsRows: true });
    await approvals.decide(officer, request.id, { decision: 'approved', note: '', maxRows: 5 });
    const decided = await approvals.decide(second, request.id, { decision: 'approved', note: '', maxRows: 7 });
    expect(decided).toMatchObject({ state: 'approved', rowBound: 5, approvals: 2, approvalsNeeded: 2 });
  });

  it.each([
    ['a wider bound', { row_bound: 1_000 }],
    ['no bound', { row_bound: null }],
    ['a longer life', { expires_at_ms: Date.parse('2027-01-01T00:00:00Z') }],
    ['an earlier beginning', { not_before_ms: 0 }],
    ['other approvers', { approvers_json: JSON.stringify([second.id]) }],
  ])('changed in the store are no approval: %s', async (_, change) => {
    const request = await approvals.request({ ...held(), rowBound: 10, countsRows: true });
    await approvals.decide(officer, request.id, { decision: 'approved', note: '' });
    await store.db.updateTable('requests').set(change).where('id', '=', request.id).execute();
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
  });

  it('do not hold before they were given: a clock that was set back approves nothing', async () => {
    const request = await approved();
    nowMs -= 1;
    expect(await approvals.consume(request.id, bound(), 1)).toBeNull();
  });
});

describe('seeing', () => {
  it('lists to the asker and to approvers, and to auditors on request', async () => {
    const request = await approvals.request(held());
    for (const who of [executor, analyst, officer]) {
      expect(await approvals.list(who, { state: 'pending', limit: 10 })).toMatchObject([{ id: request.id }]);
      expect(await approvals.show(who, request.id)).toMatchObject({ id: request.id });
    }
    const clerk = principal('clerk');
    expect(await approvals.list(clerk, { state: null, limit: 10 })).toEqual([]);
    await expect(approvals.show(clerk, request.id)).rejects.toMatchObject({ code: 'REQUEST_UNKNOWN' });
    expect(await approvals.list(clerk, { state: null, limit: 10, seesAll: true })).toHaveLength(1);
    expect(await approvals.list(officer, { state: 'denied', limit: 10 })).toEqual([]);
    expect(await approvals.pendingCount()).toBe(1);
  });
});
