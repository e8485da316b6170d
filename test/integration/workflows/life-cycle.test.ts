/** Proposals on a real log: how many people it takes, how long they have, what is bounded, and what a restart finds. */
import { join } from 'node:path';
import type { Principal } from '@sluice/contract/vocabulary';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GATEWAY_KEY } from '../../../gateway/src/approval/held-texts.fixture.ts';
import { Kinship } from '../../../gateway/src/approval/kinship.ts';
import { EvidenceIndex } from '../../../gateway/src/evidence/evidence-index.ts';
import { principal, temporaryDirectory } from '../../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import { OwnTexts } from '../../../gateway/src/evidence/sealing/own-texts.ts';
import type { SegmentedLog } from '../../../gateway/src/evidence/segmented-log.ts';
import { openStore, type Store } from '../../../gateway/src/store/store.ts';
import { MAX_BASELINE_FLOWS } from '../../../gateway/src/workflow/baseline.ts';
import { type BaselineFlow, baselineFlow } from '../../../gateway/src/workflow/column-flows.ts';
import { readPastEntries, readPastPlan } from '../../../gateway/src/workflow/past-entries.ts';
import { MAX_PLANS_PER_PRINCIPAL, Plans } from '../../../gateway/src/workflow/plans.ts';
import { proposalHash, proposalState } from '../../../gateway/src/workflow/proposal.ts';
import { MAX_PENDING_PROPOSALS, type WorkflowOptions, Workflows } from '../../../gateway/src/workflow/workflows.ts';

const MINUTE_MS = 60_000;
const ABOUT = { workflow: 'nightly', resource: 'orders-db' };
const NEW = { ...ABOUT, note: '' };
const analyst = principal('analyst', { groups: ['analysts'] });
const executor = principal('executor', { kind: 'agent', behalfOf: [analyst] });
const cleo = principal('cleo', { groups: ['analysts'] });
const dana = principal('dana', { groups: ['data-protection'] });
const danaAtHome = principal('dana.private', { groups: ['data-protection'] });
const dora = principal('dora', { groups: ['data-protection'] });

let directory: ReturnType<typeof temporaryDirectory>;
let store: Store;
let log: SegmentedLog;
let index: EvidenceIndex;
let nowMs: number;
let workflows: Workflows;
let plans: Plans;

beforeEach(async () => {
  directory = temporaryDirectory();
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  await open();
});
afterEach(async () => {
  await close();
  directory[Symbol.dispose]();
});

async function open(options: Partial<WorkflowOptions> = {}): Promise<void> {
  store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
  log = await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now });
  index = new EvidenceIndex({
    ...{ log, store },
    onError: (error) => {
      throw error;
    },
  });
  await index.flush();
  const past = await readPastEntries(store);
  const now = () => nowMs;
  plans = await Plans.open(
    {
      ...{ log, now, withoutLiterals: () => null, pastPlan: (id) => readPastPlan(store, id) },
      texts: new OwnTexts({ of: 'plan', directory: join(directory.path, 'plan-keys'), gatewayKey: GATEWAY_KEY }),
    },
    past.filter((entry) => entry.kind === 'plan.submitted'),
  );
  workflows = new Workflows(
    {
      ...{ plans, log, now },
      workflows: [{ name: 'nightly', resources: ['orders-db'], unapproved: 'learn' }],
      kinship: new Kinship({ same: [[dana.id, danaAtHome.id]], owners: [] }),
      approversFor: () => ({ groups: ['data-protection'], count: 2, expiresMs: 15 * MINUTE_MS }),
      labelledNow: (_, flow) => flow,
      ...options,
    },
    past.filter((entry) => entry.kind !== 'plan.submitted'),
  );
}

async function close(): Promise<void> {
  await index.close();
  await log.close();
  await store.close();
}

function flow(number: number): BaselineFlow {
  const column = { schema: 's', table: 't', column: `c${number}`, label: 'regulated' as const, category: null };
  const source = { key: `db:1.${number}`, column, name: `s.t.c${number}` };
  return baselineFlow({ kind: 'output', source, target: null }, false);
}

/** As a run brings flows in. */
async function see(flows: readonly BaselineFlow[], by: Principal = executor): Promise<void> {
  const state = workflows.state('nightly', 'orders-db');
  const entry = {
    kind: 'workflow.flows-first-seen',
    ...ABOUT,
    at: new Date(nowMs).toISOString(),
    sessionId: 'c_1',
    statementId: 1,
    principal: by,
    effect: 'allow',
    flows,
  } as const;
  await log.append(entry, 'write');
  state.apply(entry);
}

const learned = (by: Principal = cleo) => workflows.propose(by, NEW, { add: 'learned', remove: [], version: null });
const decide = (by: Principal, proposalId: string, decision: 'approved' | 'denied' = 'approved') =>
  workflows.decide(by, { ...ABOUT, proposalId }, { decision, note: '' });
const stateOf = (proposal: Awaited<ReturnType<typeof learned>>) =>
  proposalState(proposal, workflows.state('nightly', 'orders-db'), nowMs);

describe('a baseline that takes two people', () => {
  it('is in force with the second, who is not the first by another account', async () => {
    await see([flow(1), flow(2)]);
    const { entry } = await learned();
    expect(stateOf(await decide(dana, entry.proposalId))).toBe('pending');
    await expect(decide(dana, entry.proposalId)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    await expect(decide(danaAtHome, entry.proposalId)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    expect(workflows.state('nightly', 'orders-db').latest).toBeNull();
    expect(stateOf(await decide(dora, entry.proposalId))).toBe('approved');
    expect(workflows.state('nightly', 'orders-db').latest).toMatchObject({
      version: 1,
      approvedBy: [{ id: dana.id }, { id: dora.id }],
    });
  });

  it('is in force once when both decide at the same time', async () => {
    await see([flow(1)]);
    const { entry } = await learned();
    await Promise.allSettled([dana, dora, dana, dora].map((by) => decide(by, entry.proposalId)));
    expect(workflows.state('nightly', 'orders-db').versions).toHaveLength(1);
  });

  it('is denied by one', async () => {
    const { entry } = await learned();
    expect(stateOf(await decide(dana, entry.proposalId, 'denied'))).toBe('denied');
    await expect(decide(dora, entry.proposalId)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
  });

  it('is expired when its time is over', async () => {
    const proposal = await learned();
    nowMs += 15 * MINUTE_MS;
    expect(stateOf(proposal)).toBe('expired');
    await expect(decide(dana, proposal.entry.proposalId)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
  });

  it('is superseded by another one, and by a revocation', async () => {
    await see([flow(1)]);
    const [one, other] = [await learned(), await learned()];
    for (const by of [dana, dora]) await decide(by, one.entry.proposalId);
    expect(stateOf(other)).toBe('superseded');
    const third = await learned();
    await workflows.revoke(dana, NEW);
    expect(stateOf(third)).toBe('superseded');
    await expect(workflows.revoke(dana, NEW)).rejects.toMatchObject({ code: 'REQUEST_STATE' });
  });

  it('is not approved by the other account of whoever brought a flow in', async () => {
    await see([flow(1)], principal('executor', { kind: 'agent', behalfOf: [dana] }));
    const { entry } = await learned();
    await expect(decide(danaAtHome, entry.proposalId)).rejects.toMatchObject({
      code: 'REQUEST_NOT_YOURS',
      message: expect.stringContaining('was brought in by a run of yours'),
    });
    // Without that flow there is nothing of hers in it.
    const none = await workflows.propose(cleo, NEW, { add: [], remove: [], version: null });
    expect(stateOf(await decide(danaAtHome, none.entry.proposalId))).toBe('pending');
  });
});

it('what is unknown is not proposed', async () => {
  await see([flow(1)]);
  for (const content of [
    { add: ['f_unheard-of'], remove: [], version: null },
    { add: [], remove: [flow(1).id], version: null },
    { add: [], remove: [], version: 1 },
  ])
    await expect(workflows.propose(cleo, NEW, content)).rejects.toMatchObject({ code: 'USAGE' });
});

it('the hash of a proposal is another one for every change of it', async () => {
  await see([flow(1), flow(2)]);
  const { entry, decisions } = await learned();
  const [first] = entry.flows;
  if (first === undefined) throw new Error('nothing was proposed');
  const others = [
    { ...entry, base: 2 },
    { ...entry, workflow: 'weekly' },
    { ...entry, resource: 'other' },
    { ...entry, flows: [first] },
    { ...entry, flows: [{ ...first, label: 'internal' as const }, ...entry.flows.slice(1)] },
  ];
  const hashes = [entry, ...others].map((one) => proposalHash({ entry: one, decisions }));
  expect(new Set(hashes).size).toBe(hashes.length);
});

it('a restart finds everything, from the log alone', async () => {
  await see([flow(1)]);
  const { entry } = await learned();
  for (const by of [dana, dora]) await decide(by, entry.proposalId);
  await see([flow(2)]);
  await plans.submit(cleo, {
    resource: 'orders-db',
    workflow: null,
    statements: ['SELECT 1'],
    note: '',
    lifeMs: MINUTE_MS,
  });
  const before = workflows.state('nightly', 'orders-db');
  const [seen, versions, listed] = [[...before.seen], [...before.versions], plans.list(cleo, false)];
  await close();
  await open();
  const after = workflows.state('nightly', 'orders-db');
  expect([...after.seen]).toEqual(seen);
  expect(after.versions).toEqual(versions);
  expect(after.baseline).toEqual(before.baseline);
  expect(plans.list(cleo, false)).toEqual(listed);
});

describe('at its bound', () => {
  it('a workflow takes no more proposals that wait, until one is decided', async () => {
    const made = [];
    for (let count = 0; count < MAX_PENDING_PROPOSALS; count += 1) made.push(await learned());
    await expect(learned()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    await decide(dana, made[0]?.entry.proposalId ?? '', 'denied');
    await expect(learned()).resolves.toBeDefined();
  });

  it('a workflow remembers no more flows, and a baseline of all of them still fits an entry', async () => {
    await see(Array.from({ length: MAX_BASELINE_FLOWS + 1 }, (_, number) => flow(number)));
    const state = workflows.state('nightly', 'orders-db');
    expect(state.seen.size).toBe(MAX_BASELINE_FLOWS);
    expect((await learned()).entry.flows).toHaveLength(MAX_BASELINE_FLOWS);
  });

  it('a principal has no more plans, until one expires', async () => {
    const plan = { resource: 'orders-db', workflow: null, statements: ['SELECT 1'], note: '', lifeMs: MINUTE_MS };
    for (let count = 0; count < MAX_PLANS_PER_PRINCIPAL; count += 1) await plans.submit(cleo, plan);
    await expect(plans.submit(cleo, plan)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    await plans.submit(dora, plan);
    nowMs += MINUTE_MS;
    await plans.submit(cleo, plan);
    expect(plans.list(cleo, false)).toHaveLength(1);
  });
});
