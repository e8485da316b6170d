/** Resources that a scope is for, in what the API lists, shows and lets people decide. */
import type { GrantView } from '@sluice/contract/api';
import type { Principal } from '@sluice/contract/vocabulary';
import { expect, test } from 'vitest';
import { principal } from '../evidence/log.fixture.ts';
import { confineGrants, confineRequests, confineWorkflows, seesSession } from './confined-desks.ts';
import type { GrantDesk, RequestDesk, RequestRecord, WorkflowDesk } from './dependencies.ts';
import { NO_WORKFLOWS } from './no-workflows.fixture.ts';

const ANN = principal('ann');
const by = (...scopes: string[]): Principal => ({ ...ANN, scopes });
const refused = (scope: string) =>
  expect.objectContaining({ code: 'REFUSED_BY_POLICY', facts: { policyId: 'engine:scope', scope } });
const hidden = expect.objectContaining({ code: 'NOT_FOUND' });
const said = async (work: Promise<unknown>): Promise<unknown> => await work.catch((error: unknown) => error);

const REQUESTS = ['orders-db', 'billing'].map((resource) => ({ id: `req_${resource}`, resource }) as RequestRecord);
const find = <View extends { readonly id: string }>(views: readonly View[], id: string): View => {
  const view = views.find((each) => each.id === id);
  if (view === undefined) throw new Error(`no ${id}`);
  return view;
};

function requests() {
  const decided: string[] = [];
  let tell: Parameters<RequestDesk['subscribe']>[0] = () => undefined;
  const desk: RequestDesk = {
    list: async () => REQUESTS,
    show: async (_, id) => find(REQUESTS, id),
    decide: async (_, id) => {
      decided.push(id);
      return find(REQUESTS, id);
    },
    subscribe: (listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  return { desk: confineRequests(desk), decided, tell: () => REQUESTS.map((view) => tell(view, () => true)) };
}

test('requests: only those of the scope’s resources are listed, shown and told of', async () => {
  const { desk, tell } = requests();
  const filter = { state: null, limit: 10 };
  const reader = by('sluice:read:orders-db');
  expect(await desk.list(reader, filter)).toEqual([REQUESTS[0]]);
  expect(await desk.list(by('sluice:approve'), filter)).toEqual(REQUESTS);
  expect(await desk.list(ANN, filter)).toEqual(REQUESTS);
  expect(await desk.show(reader, 'req_orders-db', {})).toBe(REQUESTS[0]);
  expect(await said(desk.show(reader, 'req_billing', {}))).toEqual(hidden);
  const told: (readonly [string, boolean])[] = [];
  desk.subscribe((view, mayView) => told.push([view.resource, mayView(reader)]));
  tell();
  expect(told).toEqual([
    ['orders-db', true],
    ['billing', false],
  ]);
});

test('requests: only those of the scope’s resources are decided', async () => {
  const { desk, decided } = requests();
  const approve = { decision: 'approved', note: '' } as const;
  const approver = by('sluice:approve:orders-db', 'sluice:read');
  expect(await said(desk.decide(approver, 'req_billing', approve))).toEqual(refused('sluice:approve:billing'));
  expect(await said(desk.decide(by('sluice:change'), 'req_billing', approve))).toEqual(
    refused('sluice:approve:billing'),
  );
  expect(decided).toEqual([]);
  await desk.decide(approver, 'req_orders-db', approve);
  await desk.decide(ANN, 'req_billing', approve);
  expect(decided).toEqual(['req_orders-db', 'req_billing']);
});

const grant = (id: string, resource: string | null, asker: Principal) => ({ id, resource, asker }) as GrantView;
const GRANTS = [
  grant('g_own', 'orders-db', ANN),
  grant('g_other', 'orders-db', principal('bob')),
  grant('g_all', null, ANN),
];

function grants() {
  const done: string[] = [];
  const does = (what: string) => async (_: Principal, id: string) => {
    done.push(`${what} ${id}`);
    return find(GRANTS, id);
  };
  const desk: GrantDesk = {
    offersTo: () => [
      { name: 'orders', group: 'g', resource: 'orders-db', granterGroups: [], longestSeconds: 1 },
      { name: 'everywhere', group: 'g', resource: null, granterGroups: [], longestSeconds: 1 },
    ],
    ask: async (_, { name }) => {
      done.push(`ask ${name}`);
      return find(GRANTS, 'g_own');
    },
    decide: does('decide'),
    revoke: does('revoke'),
    show: async (_, id) => find(GRANTS, id),
    list: async () => GRANTS,
    subscribe: () => () => undefined,
  };
  return { desk: confineGrants(desk), done };
}

test('grants: one for every resource takes a scope for every resource', async () => {
  const { desk, done } = grants();
  const reader = by('sluice:read:orders-db');
  expect(desk.offersTo(reader).map(({ name }) => name)).toEqual(['orders']);
  await desk.ask(reader, { name: 'orders', reason: '' });
  expect(await said(desk.ask(reader, { name: 'everywhere', reason: '' }))).toEqual(refused('sluice:read'));
  expect(done).toEqual(['ask orders']);
  const filter = { state: null, limit: 10, seesAll: false };
  expect((await desk.list(reader, filter)).map(({ id }) => id)).toEqual(['g_own', 'g_other']);
  expect(await said(desk.show(reader, 'g_all', { seesAll: false }))).toEqual(hidden);
});

test('grants: one’s own is given up with what it was asked with, that of others is decided with another scope', async () => {
  const { desk, done } = grants();
  const reader = by('sluice:read');
  await desk.revoke(reader, 'g_own', '');
  expect(await said(desk.revoke(reader, 'g_other', ''))).toEqual(refused('sluice:approve:orders-db'));
  expect(await said(desk.decide(reader, 'g_other', { decision: 'granted', note: '' }))).toEqual(
    refused('sluice:approve:orders-db'),
  );
  await desk.revoke(by('sluice:manage'), 'g_other', '');
  await desk.revoke(by('sluice:approve:orders-db'), 'g_other', '');
  await desk.decide(by('sluice:approve:orders-db'), 'g_other', { decision: 'granted', note: '' });
  expect(done).toEqual(['revoke g_own', 'revoke g_other', 'revoke g_other', 'decide g_other']);
});

test('workflows: nothing is decided beyond the scope’s resources', async () => {
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.reject(new Error('done'));
  };
  const desk = confineWorkflows({
    ...(NO_WORKFLOWS satisfies WorkflowDesk),
    ...{ show: note('show'), propose: note('propose'), decide: note('decide'), revoke: note('revoke') },
  });
  const about = { workflow: 'nightly', resource: 'billing', proposalId: 'p' };
  const all = async (principal: Principal) => {
    const viewer = { principal, seesAll: false };
    await said(desk.show(viewer, about));
    await said(desk.propose(viewer, about, { add: 'learned', remove: [], version: null, note: '' }));
    await said(desk.decide(viewer, about, { decision: 'approved', note: '' }));
    await said(desk.revoke(viewer, about, ''));
    return done.splice(0);
  };
  expect(await all(by('sluice:approve:orders-db', 'sluice:plan:orders-db'))).toEqual([]);
  expect(await all(by('sluice:read'))).toEqual(['show']);
  expect(await all(by('sluice:plan:billing'))).toEqual(['show', 'propose']);
  expect(await all(by('sluice:approve:billing'))).toEqual(['show', 'propose', 'decide', 'revoke']);
  expect(await all(ANN)).toEqual(['show', 'propose', 'decide', 'revoke']);
});

test('sessions of other resources are not shown', () => {
  expect(seesSession(by('sluice:read:orders-db'), { resource: 'orders-db' })).toBe(true);
  expect(seesSession(by('sluice:write:orders-db'), { resource: 'billing' })).toBe(false);
  expect(seesSession(by('sluice:approve'), { resource: 'billing' })).toBe(false);
  expect(seesSession(by('sluice:audit'), { resource: 'billing' })).toBe(true);
  expect(seesSession(ANN, { resource: 'billing' })).toBe(true);
});
