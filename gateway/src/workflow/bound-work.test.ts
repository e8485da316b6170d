import { LABELS, type Label } from '@sluice/contract/vocabulary';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../policy/decision.ts';
import type { Understanding } from '../session/understanding.ts';
import { BoundWork, type BoundWorkOptions } from './bound-work.ts';
import { columnFlows, flowsUnder } from './column-flows.ts';
import { agent, decision, EMAIL, flows, held, labels, person, SSN } from './flows.fixture.ts';
import type { WorkflowEntry } from './workflow-entry.ts';
import { WorkflowState } from './workflow-state.ts';

const executor = agent('nightly-executor', person('Ann'));
const dana = person('Dana', ['data-protection']);
const AT = '2026-11-22T02:14:05.000Z';

let state: WorkflowState;
let recorded: WorkflowEntry[];
beforeEach(() => {
  state = new WorkflowState('nightly', 'orders-db');
  recorded = [];
});

function work(options: Partial<BoundWorkOptions> = {}): BoundWork {
  return new BoundWork({
    ...{ sessionId: 'c_1', principal: executor, resource: 'orders-db', plan: null },
    workflow: { state, unapproved: 'learn' },
    approverGroups: () => ['data-protection'],
    record: async (entry) => {
      recorded.push(entry);
      state.apply(entry);
    },
    now: () => Date.parse(AT),
    ...options,
  });
}

function reading(columns: readonly (typeof SSN)[], label: Label = 'regulated'): Understanding {
  const made = flows({ outputs: [columns] });
  const resource = { name: 'orders-db', protocol: 'postgres' as const };
  const facts = { principal: executor, resource, outputs: [], shaping: [], faultable: [], writes: [], holds: [] };
  return {
    kind: 'understood',
    facts: { ...facts, statementClass: 'read', statementKind: 'SelectStmt' },
    ...{ flows: [], highestLabel: label, fingerprint: 'f' },
    columnFlows: columnFlows(made, labels(), 'confidential', 'db'),
  };
}

function opaque(): Understanding {
  const reason = { effect: 'refuse' as const, policyId: 'engine:x', message: '', remedy: '', columns: [] };
  return { kind: 'opaque', reason, statementKind: 'DoStmt', fingerprint: 'f', trust: null };
}

/** Puts into force what a statement does under a decision. */
function approve(understanding: Understanding, byPolicy: Decision = decision()): void {
  const of = { workflow: 'nightly', resource: 'orders-db', proposalId: `wp_${state.versions.length}`, note: '' };
  if (understanding.kind !== 'understood') throw new Error('nothing to approve');
  state.apply({
    ...{ kind: 'workflow.proposed', ...of, at: AT, base: 0, by: person('Cleo'), label: 'regulated' },
    ...{ groups: [], count: 1, expiresAt: AT, flows: flowsUnder(byPolicy, understanding.columnFlows ?? []) },
  });
  state.apply({
    ...{ kind: 'workflow.proposal-decided', ...of, at: '2026-11-20T09:00:00.000Z', decision: 'approved', by: dana },
    version: state.versions.length + 1,
  });
}

describe('while a workflow is learned', () => {
  it('the decision of policy stands, and what is new is on record first', async () => {
    const bound = work();
    const understanding = reading([SSN]);
    const byPolicy = decision();
    expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toBeNull();
    expect(await bound.decide({ statementId: 7, text: 'q', understanding }, byPolicy)).toBe(byPolicy);
    expect(recorded).toMatchObject([
      {
        kind: 'workflow.flows-first-seen',
        at: AT,
        sessionId: 'c_1',
        statementId: 7,
        effect: 'allow',
        principal: executor,
      },
    ]);
    // From now on nothing has to be recorded first.
    expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toBe(byPolicy);
    expect(recorded).toHaveLength(1);
  });

  it('what policy refuses brings nothing in', async () => {
    const byPolicy = decision('refuse');
    expect(await work().decide({ statementId: 1, text: 'q', understanding: reading([SSN]) }, byPolicy)).toBe(byPolicy);
    expect(recorded).toEqual([]);
  });

  it('a workflow that holds before it is approved holds every classified flow', () => {
    const bound = work({ workflow: { state, unapproved: 'hold' } });
    expect(bound.decideAtOnce({ text: 'q', understanding: reading([], 'internal') }, decision())?.effect).toBe('allow');
    return expect(
      bound.decide({ statementId: 1, text: 'q', understanding: reading([SSN]) }, decision()),
    ).resolves.toMatchObject({ effect: 'hold' });
  });
});

describe('under a baseline', () => {
  it('what was approved runs at once', () => {
    const understanding = reading([SSN]);
    approve(understanding);
    const byPolicy = decision();
    const bound = work();
    // First seen by nobody: the baseline has it all the same. Noted once, then at once.
    return bound.decide({ statementId: 1, text: 'q', understanding }, byPolicy).then((decided) => {
      expect(decided).toBe(byPolicy);
      expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toBe(byPolicy);
    });
  });

  it('a new flow is held, and the words say who brought it in, when, where, and what was approved by whom', async () => {
    approve(reading([EMAIL]));
    const byPolicy = decision('mask', []);
    const held = await work().decide({ statementId: 7, text: 'q', understanding: reading([SSN]) }, byPolicy);
    expect(held.effect).toBe('hold');
    expect(held.obligations).toEqual([{ kind: 'require-approval', label: 'regulated' }]);
    expect(held.reasons[0]).toMatchObject({
      effect: 'hold',
      policyId: 'engine:workflow-drift',
      message:
        'shop.customers.ssn (regulated, pii.ssn) → the answer is new in the workflow nightly; first seen 2026-11-22 02:14 UTC in statement 7 of session c_1 by nightly-executor on behalf of Ann; not in baseline 1, approved by Dana on 2026-11-20',
      columns: [{ column: 'ssn' }],
    });
    expect(held.reasons[0]?.remedy).toMatch(
      /^Wait for the approval of data-protection\. To make it part of the workflow: sluice workflows propose nightly orders-db --add f_/,
    );
    expect(recorded).toMatchObject([{ effect: 'hold' }]);
  });

  it('the same decision comes out at each run, until the baseline changes', async () => {
    const understanding = reading([SSN]);
    approve(reading([EMAIL]));
    const bound = work();
    const byPolicy = decision();
    const first = await bound.decide({ statementId: 1, text: 'q', understanding }, byPolicy);
    expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toBe(first);
    approve(understanding);
    expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toBe(byPolicy);
    state.apply({
      ...{ kind: 'workflow.baseline-revoked', workflow: 'nightly', resource: 'orders-db', at: AT, version: 2 },
      ...{ by: dana, note: '' },
    });
    expect(bound.decideAtOnce({ text: 'q', understanding }, byPolicy)).toMatchObject({ effect: 'hold' });
  });

  it('masks stay masks, and the approval is asked for at the higher label', async () => {
    approve(reading([SSN]));
    const byPolicy: Decision = {
      ...decision('hold', [0]),
      obligations: [...decision('mask', [0]).obligations, held('regulated')],
    };
    const decided = await work().decide({ statementId: 1, text: 'q', understanding: reading([EMAIL]) }, byPolicy);
    expect(decided.obligations).toEqual(byPolicy.obligations);
    expect(decided.effect).toBe('hold');
  });

  it('what is not understood is refused, since no baseline can have its flows', async () => {
    approve(reading([EMAIL]));
    const decided = await work().decide({ statementId: 1, text: 'DO 1', understanding: opaque() }, decision());
    expect(decided).toMatchObject({ effect: 'refuse', reasons: [{ policyId: 'engine:workflow-drift' }] });
  });

  it('many new flows are told by the heaviest, and counted', async () => {
    approve(reading([]));
    const made = flows({
      writes: LABELS.flatMap((_, table) =>
        [0, 1, 2].map((column) => ({
          target: null,
          targetName: `t${table}.c${column}`,
          sources: new Set([table === 0 ? SSN : EMAIL]),
        })),
      ),
    });
    const understanding = {
      ...reading([]),
      columnFlows: columnFlows(made, labels(), 'confidential', 'db'),
    } as Understanding;
    const { reasons } = await work().decide({ statementId: 1, text: 'q', understanding }, decision());
    expect(reasons).toHaveLength(9);
    expect(reasons[0]?.message).toContain('shop.customers.ssn');
    expect(reasons[8]?.message).toBe('4 more flows are new in the workflow nightly');
  });
});

describe('under a plan', () => {
  const plan = {
    ...{ id: 'plan_1', resource: 'orders-db', workflow: null, note: '', submittedAt: AT, expiresAt: AT },
    ...{ statements: ['SELECT 1'], by: agent('planner', person('Ann')) },
  };
  const bound = () => work({ workflow: null, plan });

  it('its statements run, and others are held, whatever they touch', () => {
    const understanding = reading([], 'public');
    expect(bound().decideAtOnce({ text: 'SELECT 1;', understanding }, decision())?.effect).toBe('allow');
    expect(bound().decideAtOnce({ text: 'SELECT 2', understanding }, decision())).toMatchObject({
      effect: 'hold',
      obligations: [{ kind: 'require-approval', label: 'public' }],
      reasons: [
        { policyId: 'engine:plan', message: 'this SelectStmt is not in the plan plan_1 that the session is bound to' },
      ],
    });
  });

  it('another text of the same understanding is decided by itself', () => {
    const one = bound();
    const understanding = reading([], 'public');
    const byPolicy = decision();
    expect(one.decideAtOnce({ text: 'SELECT 1', understanding }, byPolicy)?.effect).toBe('allow');
    expect(one.decideAtOnce({ text: 'SELECT 2', understanding }, byPolicy)?.effect).toBe('hold');
  });

  it('what is not understood and not in it is refused', () => {
    expect(bound().decideAtOnce({ text: 'DO 1', understanding: opaque() }, decision())).toMatchObject({
      effect: 'refuse',
      reasons: [{ policyId: 'engine:plan' }],
    });
  });
});

it('an approval binds the plan, the workflow and the version of its baseline', () => {
  const before = work().bound();
  expect(before).toEqual([['sluice.workflow', 'nightly@0']]);
  approve(reading([SSN]));
  expect(work().bound()).toEqual([['sluice.workflow', 'nightly@1']]);
});
