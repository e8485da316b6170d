/**
 * The API over HTTP, on a real store, log and approvals: who gets what, and how every refusal is told.
 */
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import {
  MetaSchema,
  ProblemSchema,
  RequestListSchema,
  RequestViewSchema,
  SessionDetailSchema,
  SessionListSchema,
  WhoamiSchema,
} from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalService } from '../approval/approvals.ts';
import { GrantService } from '../approval/grants.ts';
import { heldTextsIn } from '../approval/held-texts.fixture.ts';
import { NO_KIN } from '../approval/kinship.ts';
import { LabelChanges } from '../approval/label-changes.ts';
import type { NewRequest } from '../approval/request.ts';
import { EvidenceIndex } from '../evidence/evidence-index.ts';
import {
  principal,
  sessionOpened,
  statementCompleted,
  statementDecided,
  temporaryDirectory,
} from '../evidence/log.fixture.ts';
import { openEvidenceLog } from '../evidence/log.ts';
import { Recordings } from '../evidence/recordings.ts';
import type { SegmentedLog } from '../evidence/segmented-log.ts';
import { SessionHistory } from '../evidence/session-history.ts';
import { openStore, type Store } from '../store/store.ts';
import { createControlApp, MAX_BODY_BYTES } from './app.ts';
import type { ControlDependencies } from './dependencies.ts';
import { MAX_EVENT_STREAMS_PER_PRINCIPAL } from './event-streams.ts';
import { NO_AUDIT, NOTHING_LIVE } from './no-audit.fixture.ts';
import { NO_EVIDENCE, NOTHING_HELD, NOTHING_SEALED } from './no-evidence.fixture.ts';
import { NO_ISSUER_EVENTS } from './no-issuer-events.fixture.ts';
import { NO_WORKFLOWS } from './no-workflows.fixture.ts';

const analyst = principal('analyst', { groups: ['analyst'] });
const executor = principal('executor', { kind: 'agent', behalfOf: [analyst] });
const officer = principal('officer', { groups: ['data-protection'] });
const auditor = principal('auditor', { groups: ['auditor'] });
const clerk = principal('clerk');
const PEOPLE: Readonly<Record<string, Principal>> = { analyst, executor, officer, auditor, clerk };

const held: NewRequest = {
  bound: {
    protocol: 'postgres',
    resource: 'orders-db',
    database: 'orders',
    upstreamRole: 'sluice',
    sessionId: 's1',
    chain: executor.chain.map(({ id }) => id),
    text: Buffer.from('insert into report select ssn from customers'),
    parameters: [],
    resultFormats: [],
    settings: [],
    treeHash: 'aa',
    policyVersion: 'p1',
    labelsVersion: 'l1',
  },
  statementId: 1,
  asker: executor,
  label: 'regulated',
  flows: [],
  reasons: [],
};

let directory: ReturnType<typeof temporaryDirectory>;
let store: Store;
let log: SegmentedLog;
let index: EvidenceIndex;
let recordings: Recordings;
let approvals: ApprovalService;
let server: Server;
let origin: string;
let defects: unknown[];
let explain: ControlDependencies['explain'];

beforeEach(async () => {
  directory = temporaryDirectory();
  defects = [];
  store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
  log = await openEvidenceLog({ directory: join(directory.path, 'log'), now: Date.now });
  index = new EvidenceIndex({ log, store, onError: (error) => defects.push(error) });
  recordings = new Recordings({
    directory: join(directory.path, 'recordings'),
    log,
    onFailure: (_, error) => defects.push(error),
  });
  approvals = new ApprovalService({
    store,
    log,
    texts: heldTextsIn(directory.path),
    approversFor: () => ({ groups: ['data-protection'], count: 1, expiresMs: 60_000 }),
    now: Date.now,
  });
  explain = () => Promise.resolve({ effect: 'allow', reasons: [], flows: [], policyVersion: 'p1' });
  const app = createControlApp({
    now: Date.now,
    meta: { version: '0.1.0', issuers: [], tunnel: { alpn: 'sluice/1' } },
    verifyToken: (token) => {
      const who = PEOPLE[token];
      if (who !== undefined)
        return Promise.resolve({
          ...{ kind: 'verified', principal: who, expiresAtMs: Date.now() + 60_000 },
          signIn: { id: null, issuedAtMs: Date.now() },
        });
      const code = token === 'old' ? 'AUTH_TOKEN_EXPIRED' : 'AUTH_TOKEN_INVALID';
      return Promise.resolve({ kind: 'refused', error: new SluiceError(code, 'The token was not accepted.') });
    },
    listResources: () => [{ name: 'orders-db', protocol: 'postgres', database: 'orders', connect: 'allow' }],
    listProfiles: async () => [],
    renewSession: async (_principal, { sessionId }) => {
      throw new SluiceError('SESSION_ENDED', `there is no session ${sessionId}`);
    },
    mintSession: (who, { resource }) => {
      if (resource !== 'orders-db') throw new SluiceError('RESOURCE_UNKNOWN', `There is no resource ${resource}.`);
      return Promise.resolve({
        sessionId: `of-${who.name}`,
        resource,
        protocol: 'postgres',
        username: resource,
        database: 'orders',
        secret: 'x',
        expiresAt: new Date().toISOString(),
        native: null,
      });
    },
    explain: (who, asked) => explain(who, asked),
    listFunctions: async () => [],
    labelChanges: new LabelChanges({ store, log, now: Date.now, adminGroups: ['admin'] }),
    grants: new GrantService({
      ...{ store, log, offers: [], kinship: NO_KIN, adminGroups: ['admin'], now: Date.now },
      onOver: () => undefined,
      onSweepError: (error) => defects.push(error),
    }),
    audit: NO_AUDIT,
    live: NOTHING_LIVE,
    workflows: NO_WORKFLOWS,
    issuerEvents: NO_ISSUER_EVENTS,
    requests: approvals,
    evidence: NO_EVIDENCE,
    sealed: NOTHING_SEALED,
    holds: NOTHING_HELD,
    sessions: new SessionHistory({ store, index, recordings, logDirectory: log.directory }),
    onDefect: (error) => defects.push(error),
  });
  server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await recordings.close();
  await log.sync();
  await index.close();
  await log.close();
  await store.close();
  directory[Symbol.dispose]();
});

function get(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers };
  return fetch(`${origin}/api/v1/${path}`, { ...init, headers });
}

function post(path: string, token: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return get(path, token, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
}

async function problemOf(response: Response): Promise<{ status: number; code: string }> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = ProblemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.remedy).not.toBe('');
  return { status: problem.status, code: problem.code };
}

describe('signing in', () => {
  it('meta needs no token, everything else does', async () => {
    const answer = await get('meta');
    expect(answer.headers.get('sluice-version')).toBe('0.1.0');
    expect(answer.headers.get('sluice-oldest-client')).toBe('0.1.0');
    expect(MetaSchema.parse(await answer.json()).version).toBe('0.1.0');
    const paths = [
      'whoami',
      'resources',
      'sessions',
      'sessions/s1',
      'requests',
      'requests/r',
      'requests/events',
      'nowhere',
    ];
    for (const path of paths) expect(await problemOf(await get(path))).toEqual({ status: 401, code: 'AUTH_REQUIRED' });
    for (const path of ['sessions', 'why', 'requests/r/approve', 'requests/r/deny']) {
      expect(await problemOf(await get(path, undefined, { method: 'POST' }))).toEqual({
        status: 401,
        code: 'AUTH_REQUIRED',
      });
    }
  });

  it('a token counts in the header alone, and only when it verifies', async () => {
    expect(await problemOf(await get('whoami', 'forged'))).toEqual({ status: 401, code: 'AUTH_TOKEN_INVALID' });
    expect(await problemOf(await get('whoami', 'old'))).toEqual({ status: 401, code: 'AUTH_TOKEN_EXPIRED' });
    expect(await problemOf(await get('whoami?access_token=analyst'))).toEqual({ status: 401, code: 'AUTH_REQUIRED' });
    expect(await problemOf(await get('whoami', undefined, { headers: { authorization: 'Basic YTpi' } }))).toEqual({
      status: 401,
      code: 'AUTH_TOKEN_INVALID',
    });
    const refused = await get('whoami');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer, DPoP algs="[A-Za-z0-9 ]+"$/);
    expect(WhoamiSchema.parse(await (await get('whoami', 'executor')).json()).principal).toEqual(executor);
  });

  it('every answer forbids caching, sniffing, framing and running', async () => {
    for (const response of [await get('meta'), await get('whoami'), await get('nowhere', 'analyst')]) {
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

describe('bodies', () => {
  it('that are not what the contract says are told apart, without a defect', async () => {
    expect(await problemOf(await post('sessions', 'analyst', '{'))).toEqual({ status: 400, code: 'USAGE' });
    expect(await problemOf(await post('sessions', 'analyst', {}))).toEqual({ status: 400, code: 'USAGE' });
    expect(await problemOf(await post('sessions', 'analyst', { resource: 'orders-db', extra: 1 }))).toEqual({
      status: 400,
      code: 'USAGE',
    });
    expect(await problemOf(await post('sessions', 'analyst', { resource: 'x'.repeat(201) }))).toEqual({
      status: 400,
      code: 'USAGE',
    });
    // What a foreign page can post without asking first.
    const form = { 'content-type': 'text/plain' };
    expect(await problemOf(await post('sessions', 'analyst', { resource: 'orders-db' }, form))).toEqual({
      status: 400,
      code: 'USAGE',
    });
    expect(await problemOf(await get('sessions?limit=0', 'analyst'))).toEqual({ status: 400, code: 'USAGE' });
    expect(await problemOf(await get('requests?state=maybe', 'analyst'))).toEqual({ status: 400, code: 'USAGE' });
    expect(await problemOf(await get('nowhere', 'analyst'))).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(defects).toEqual([]);
  });

  it('over the bound are refused', async () => {
    const asked = { resource: 'orders-db', statement: 'x'.repeat(MAX_BODY_BYTES) };
    expect(await problemOf(await post('why', 'analyst', asked))).toEqual({ status: 413, code: 'LIMIT_FRAME_BYTES' });
  });

  it('an error of ours says nothing of its inside to the asker, and everything to the operator', async () => {
    explain = () => Promise.reject(new Error('password=hunter2 at db.internal'));
    const response = await post('why', 'analyst', { resource: 'orders-db', statement: 'select 1' });
    expect(await response.clone().text()).not.toContain('hunter2');
    expect(await problemOf(response)).toEqual({ status: 500, code: 'INTERNAL' });
    expect(defects).toMatchObject([{ message: 'password=hunter2 at db.internal' }]);
    defects = [];
  });
});

describe('sessions', () => {
  beforeEach(async () => {
    await log.append(sessionOpened('s1', executor), 'write');
    await log.append(statementDecided('s1', 1, 'select ssn from customers'), 'write');
    await log.append(statementCompleted('s1', 1), 'write');
    await log.append(sessionOpened('s2', officer), 'write');
  });

  it('are minted for the caller', async () => {
    const response = await post('sessions', 'analyst', { resource: 'orders-db' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ sessionId: 'of-analyst' });
    expect(await problemOf(await post('sessions', 'analyst', { resource: 'other' }))).toEqual({
      status: 404,
      code: 'RESOURCE_UNKNOWN',
    });
  });

  it.each([
    ['executor', ['s1']],
    ['analyst', ['s1']],
    ['officer', ['s2']],
    ['clerk', []],
    ['auditor', ['s2', 's1']],
  ])('%s sees %j', async (who, expected) => {
    const { sessions } = SessionListSchema.parse(await (await get('sessions', who)).json());
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(expected);
    for (const id of ['s1', 's2']) {
      const response = await get(`sessions/${id}`, who);
      if (expected.includes(id)) SessionDetailSchema.parse(await response.json());
      else expect(await problemOf(response)).toEqual({ status: 404, code: 'NOT_FOUND' });
    }
  });

  it('show what was decided', async () => {
    const detail = SessionDetailSchema.parse(await (await get('sessions/s1', 'analyst')).json());
    expect(detail.statements).toMatchObject([
      { statementId: 1, text: 'select ssn from customers', effect: 'mask', rows: 2, truncated: true },
    ]);
    const after = SessionDetailSchema.parse(await (await get('sessions/s1?after=1', 'analyst')).json());
    expect(after.statements).toEqual([]);
  });
});

describe('requests', () => {
  it('are seen by the asker, approvers and auditors, and decided by approvers alone', async () => {
    const { id, bindingHash } = await approvals.request(held);
    for (const who of ['executor', 'analyst', 'officer', 'auditor']) {
      const { requests } = RequestListSchema.parse(await (await get('requests?state=pending', who)).json());
      expect([who, ...requests.map((request) => request.id)]).toEqual([who, id]);
      RequestViewSchema.parse(await (await get(`requests/${id}`, who)).json());
    }
    expect(RequestListSchema.parse(await (await get('requests', 'clerk')).json()).requests).toEqual([]);
    expect(await problemOf(await get(`requests/${id}`, 'clerk'))).toEqual({ status: 404, code: 'REQUEST_UNKNOWN' });

    for (const who of ['executor', 'analyst']) {
      expect(await problemOf(await post(`requests/${id}/approve`, who, {}))).toEqual({
        status: 403,
        code: 'REQUEST_NOT_YOURS',
      });
    }
    for (const who of ['auditor', 'clerk']) {
      expect(await problemOf(await post(`requests/${id}/approve`, who, {}))).toEqual({
        status: 404,
        code: 'REQUEST_UNKNOWN',
      });
    }
    const approved = RequestViewSchema.parse(
      await (await post(`requests/${id}/approve`, 'officer', { note: 'fine', bindingHash })).json(),
    );
    expect(approved).toMatchObject({ state: 'approved', note: 'fine', decidedBy: { name: 'officer' } });
    expect(await problemOf(await post(`requests/${id}/deny`, 'officer', {}))).toEqual({
      status: 409,
      code: 'REQUEST_STATE',
    });
  });

  it('can be denied', async () => {
    const { id } = await approvals.request(held);
    expect(await (await post(`requests/${id}/deny`, 'officer', {})).json()).toMatchObject({ state: 'denied' });
  });

  it('stream each change to those who may see it', async () => {
    const watching = await get('requests/events', 'officer');
    const stranger = await get('requests/events', 'clerk');
    expect(watching.headers.get('content-type')).toContain('text/event-stream');
    const { id } = await approvals.request(held);
    await approvals.decide(officer, id, { decision: 'approved', note: '' });
    const states = await readEvents(watching, 2);
    expect(states.map((view) => RequestViewSchema.parse(view).state)).toEqual(['pending', 'approved']);
    const before = await firstChunk(stranger);
    expect(before).toBe(': listening\n\n');
    await stranger.body?.cancel();
  });

  it('streams are bounded for one principal, and a closed one makes room', async () => {
    const controllers = Array.from({ length: MAX_EVENT_STREAMS_PER_PRINCIPAL }, () => new AbortController());
    for (const { signal } of controllers) await firstChunk(await get('requests/events', 'officer', { signal }));
    expect(await problemOf(await get('requests/events', 'officer'))).toEqual({ status: 429, code: 'LIMIT_REACHED' });
    const other = await get('requests/events', 'analyst');
    expect(other.status).toBe(200);
    await other.body?.cancel();
    for (const controller of controllers) controller.abort();
    await expect
      .poll(async () => {
        const response = await get('requests/events', 'officer');
        await response.body?.cancel();
        return response.status;
      })
      .toBe(200);
  });
});

async function firstChunk(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunk = await reader?.read();
  reader?.releaseLock();
  return Buffer.from(chunk?.value ?? []).toString();
}

/** The data of the first `count` events, then hangs up. */
async function readEvents(response: Response, count: number): Promise<readonly unknown[]> {
  let text = '';
  const found: unknown[] = [];
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    found.splice(
      0,
      found.length,
      ...[...text.matchAll(/^event: request\ndata: (.*)\n\n/gm)].map(([, data]) => JSON.parse(data ?? '')),
    );
    if (found.length >= count) break;
  }
  return found;
}
