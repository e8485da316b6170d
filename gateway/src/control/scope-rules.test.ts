/** What a token that is confined by scopes reaches of the API. */
import { ENDPOINTS } from '@sluice/contract/endpoints';
import { SluiceError } from '@sluice/contract/errors';
import { SCOPE_VERBS } from '@sluice/contract/scopes';
import type { Principal } from '@sluice/contract/vocabulary';
import { expect, test } from 'vitest';
import { principal } from '../evidence/log.fixture.ts';
import { createControlApp } from './app.ts';
import type { ControlDependencies } from './dependencies.ts';
import { NO_AUDIT, NOTHING_LIVE } from './no-audit.fixture.ts';
import { NO_EVIDENCE, NOTHING_HELD, NOTHING_SEALED } from './no-evidence.fixture.ts';
import { NO_ISSUER_EVENTS } from './no-issuer-events.fixture.ts';
import { NO_WORKFLOWS } from './no-workflows.fixture.ts';

const nothing = () => Promise.reject(new SluiceError('NOT_FOUND', 'There is nothing.'));
const BASE: Principal = principal('root', { groups: ['admin', 'auditor'] });

const DEPENDENCIES: ControlDependencies = {
  now: Date.now,
  meta: { version: '0.1.0', issuers: [], tunnel: { alpn: 'sluice/1' } },
  // The token says what it is confined to.
  verifyToken: (token) =>
    Promise.resolve({
      ...{ kind: 'verified', expiresAtMs: Date.now() + 60_000, signIn: { id: null, issuedAtMs: Date.now() } },
      principal:
        token === 'free' ? BASE : { ...BASE, scopes: token.split('+').map((scope) => scope.replaceAll('/', ':')) },
    }),
  listResources: () => [],
  listProfiles: async () => [],
  mintSession: nothing,
  renewSession: nothing,
  explain: nothing,
  listFunctions: async () => [],
  labelChanges: { list: async () => [], revert: nothing },
  requests: { list: async () => [], show: nothing, decide: nothing, subscribe: () => () => undefined },
  grants: {
    ...{ offersTo: () => [], ask: nothing, decide: nothing, revoke: nothing, show: nothing },
    ...{ list: async () => [], subscribe: () => () => undefined },
  },
  sessions: { list: async () => [], show: async () => null, useOf: async () => null },
  ...{ audit: NO_AUDIT, live: NOTHING_LIVE, workflows: NO_WORKFLOWS, issuerEvents: NO_ISSUER_EVENTS },
  ...{ evidence: NO_EVIDENCE, sealed: NOTHING_SEALED, holds: NOTHING_HELD },
  onDefect: (error) => {
    throw error;
  },
};
const app = createControlApp(DEPENDENCIES);

async function isLetThrough(token: string, method: string, path: string): Promise<boolean> {
  const response = await app.request(`/api/v1/${path.replaceAll(/\{\w+\}/g, 'x')}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: '{}' }),
  });
  await response.body?.cancel();
  const challenge = response.headers.get('www-authenticate') ?? '';
  if (!challenge.includes('insufficient_scope')) return true;
  expect(response.status).toBe(403);
  return false;
}

test('each verb opens its own endpoints', async () => {
  const opened: Record<string, string[]> = {};
  for (const verb of SCOPE_VERBS) {
    opened[verb] = [];
    for (const [name, { method, path }] of Object.entries(ENDPOINTS))
      if (await isLetThrough(`sluice/${verb}`, method, path)) opened[verb].push(name);
  }
  const always = ['meta', 'whoami', 'listResources', 'listProfiles', 'evidenceCheckpoint'];
  const only = (verb: string) => opened[verb]?.filter((name) => !always.includes(name)).sort();
  const seen = ['listSessions', 'showSession', 'watchSession', 'exportSession'];
  const requests = ['listRequests', 'watchRequests', 'showRequest'];
  const grants = ['listGrants', 'watchGrants', 'showGrant'];
  const workflows = ['listWorkflows', 'showWorkflow'];
  const plans = ['listPlans', 'showPlan'];
  const sorted = (...names: string[]) => names.sort();
  expect(only('read')).toEqual(
    sorted(
      ...[...seen, ...requests, ...grants, ...workflows, ...plans, 'describeSchema', 'why', 'mintSession'],
      ...['renewSession', 'askGrant', 'listGrantOffers', 'revokeGrant'],
    ),
  );
  expect(only('write')).toEqual(only('read'));
  expect(only('change')).toEqual(only('read'));
  expect(only('plan')).toEqual(sorted(...workflows, ...plans, 'describeSchema', 'proposeBaseline', 'submitPlan'));
  expect(only('approve')).toEqual(
    sorted(
      ...[...requests, ...grants, ...workflows, 'approveRequest', 'denyRequest', 'giveGrant', 'refuseGrant'],
      ...['revokeGrant', 'proposeBaseline', 'approveProposal', 'denyProposal', 'revokeBaseline'],
    ),
  );
  expect(only('manage')).toEqual(sorted('revertLabels', 'killSession', 'revokeGrant', 'placeHold', 'liftHold'));
  expect(only('audit')).toEqual(
    sorted(
      ...[...seen, ...requests, ...grants, ...workflows, ...plans, 'describeSchema', 'listFunctions', 'openSession'],
      ...['listLabelChanges', 'listHolds', 'evidenceStatus', 'evidenceInclusion', 'evidenceConsistency'],
      ...['auditColumns', 'auditSessions', 'auditHolds', 'auditWorkflow', 'auditRetention'],
    ),
  );
});

test('tiles of the record take the scope of an auditor, paths where nothing is take none', async () => {
  expect(await isLetThrough('sluice/read', 'GET', 'evidence/tile/0/000')).toBe(false);
  expect(await isLetThrough('sluice/audit', 'GET', 'evidence/tile/0/000')).toBe(true);
  expect(await isLetThrough('sluice/plan', 'GET', 'nothing/here')).toBe(true);
});

test('a token without scopes of ours reaches everything that its bearer may', async () => {
  for (const { method, path } of Object.values(ENDPOINTS)) expect(await isLetThrough('free', method, path)).toBe(true);
});

test('an endpoint that no rule is about is for nobody who is confined', async () => {
  const more = createControlApp(DEPENDENCIES);
  more.get('/api/v1/new', (context) => context.json({}));
  const asked = (token: string) => more.request('/api/v1/new', { headers: { authorization: `Bearer ${token}` } });
  expect((await asked('free')).status).toBe(200);
  for (const verb of SCOPE_VERBS) expect((await asked(`sluice/${verb}`)).status).toBe(403);
});

test('being an auditor takes the scope as well as the group', async () => {
  const asked: unknown[] = [];
  const looking = createControlApp({
    ...DEPENDENCIES,
    requests: {
      ...DEPENDENCIES.requests,
      list: async (_, { seesAll }) => {
        asked.push(seesAll);
        return [];
      },
    },
  });
  for (const token of ['sluice/read', 'sluice/audit', 'free'])
    await looking.request('/api/v1/requests', { headers: { authorization: `Bearer ${token}` } });
  expect(asked).toEqual([false, true, true]);
});
