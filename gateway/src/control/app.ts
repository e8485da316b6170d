/**
 * The gateway's API, `/api/v1` (contract/api.ts). A thin edge: it authenticates, parses, asks, and answers.
 */
import {
  DecideSchema,
  NewSessionSchema,
  RenewSessionSchema,
  RevertLabelsSchema,
  WhyRequestSchema,
} from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import { openApiDocument } from '@sluice/contract/openapi';
import { covers } from '@sluice/contract/scopes';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { isEndedBy } from '../identity/revocation/revocation.ts';
import { addAuditRoutes } from './audit-routes.ts';
import { type Caller, type ControlEnvironment, requireToken } from './authentication.ts';
import { confineGrants, confineRequests, confineWorkflows, seesSession } from './confined-desks.ts';
import { type ControlDependencies, DEFAULT_AUDITOR_GROUPS } from './dependencies.ts';
import { EventStreams } from './event-streams.ts';
import { addEvidenceRoutes } from './evidence-routes.ts';
import { grantRoutes } from './grant-routes.ts';
import { readJson, requireHost, secureHeaders, tellVersions } from './guards.ts';
import { addIssuerRoutes } from './issuer-routes.ts';
import { addLiveRoutes } from './live-routes.ts';
import { problemResponse, toSluiceError } from './problem.ts';
import { RequestEvents } from './request-events.ts';
import { requireScopes } from './scope-rules.ts';
import { addWorkflowRoutes } from './workflow-routes.ts';

/** Longest body of a request, bytes: a statement of 256 KiB in JSON, with every character escaped. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

const DECISIONS = [
  ['approve', 'approved'],
  ['deny', 'denied'],
] as const;
const Id = z.string().min(1).max(100);
const SessionsQuery = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) });
const DetailQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
});
const ResourceName = z.string().min(1).max(200);
const FunctionsQuery = z.object({ builtIns: z.stringbool().default(false) });
const RequestsQuery = z.object({
  state: z.enum(['pending', 'approved', 'denied', 'expired', 'consumed']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The API as a Hono app, to be served on the tunnel port's TLS (ALPN `http/1.1`). */
export function createControlApp(given: ControlDependencies): Hono<ControlEnvironment> {
  const dependencies: ControlDependencies = {
    ...given,
    requests: confineRequests(given.requests),
    grants: confineGrants(given.grants),
    workflows: confineWorkflows(given.workflows),
  };
  const { requests, sessions } = dependencies;
  const auditorGroups = dependencies.auditorGroups ?? DEFAULT_AUDITOR_GROUPS;
  // Their own membership only: somebody on whose behalf an auditor's tool acts is no auditor.
  const seesAll = ({ principal }: Caller): boolean =>
    covers(principal, 'audit', null) && principal.groups.some((group) => auditorGroups.includes(group));
  const streams = new EventStreams();
  dependencies.onRevoked?.((revocation) => streams.end((caller) => isEndedBy(revocation, caller)));
  const events = new RequestEvents(requests, seesAll, streams);
  const app = new Hono<ControlEnvironment>();

  app.use(secureHeaders);
  app.use(tellVersions);
  if (dependencies.allowedHosts !== undefined) app.use(requireHost(dependencies.allowedHosts));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLongBody }));
  app.onError((error, context) => {
    const told = toSluiceError(error);
    if (told.code === 'INTERNAL') dependencies.onDefect(error, { method: context.req.method, path: context.req.path });
    return problemResponse(told);
  });
  app.notFound((context) => {
    return problemResponse(new SluiceError('NOT_FOUND', `There is nothing at ${context.req.path}.`));
  });

  app.get('/api/v1/meta', (context) => context.json(dependencies.meta));
  // Says nothing of this gateway but its version, which `meta` says as well. Made when the first one asks.
  let openApi: string | null = null;
  app.get('/api/v1/openapi.json', () => {
    openApi ??= JSON.stringify(openApiDocument(dependencies.meta.version));
    return new Response(openApi, { headers: { 'content-type': 'application/json; charset=utf-8' } });
  });
  addIssuerRoutes(app, dependencies);
  // Everything below needs a token. The order of these lines is the rule.
  app.use('/api/v1/*', requireToken(dependencies.verifyToken));
  app.use('/api/v1/*', requireScopes());

  app.get('/api/v1/whoami', (context) => {
    const { principal, tokenExpiresAtMs } = context.get('caller');
    return context.json({ principal, tokenExpiresAt: new Date(tokenExpiresAtMs).toISOString() });
  });
  app.get('/api/v1/resources', async (context) => {
    return context.json({ resources: await dependencies.listResources(context.get('caller').principal) });
  });
  app.get('/api/v1/profiles', async (context) => {
    return context.json({ profiles: await dependencies.listProfiles(context.get('caller').principal) });
  });
  app.get('/api/v1/resources/:name/functions', async (context) => {
    const caller = context.get('caller');
    requireOversight(caller, 'list the functions of a database');
    const { builtIns } = FunctionsQuery.parse(context.req.query());
    const name = ResourceName.parse(context.req.param('name'));
    return context.json({
      functions: await dependencies.listFunctions(caller.principal, { resource: name, builtIns }),
    });
  });

  app.get('/api/v1/resources/:name/label-changes', async (context) => {
    requireOversight(context.get('caller'), 'see which labels followed values');
    const name = ResourceName.parse(context.req.param('name'));
    return context.json({ labelChanges: await dependencies.labelChanges.list(name) });
  });
  app.post('/api/v1/label-changes/:id/revert', async (context) => {
    const id = Id.parse(context.req.param('id'));
    const { note } = RevertLabelsSchema.parse(await readJson(context.req.raw));
    return context.json(await dependencies.labelChanges.revert(context.get('caller').principal, id, note));
  });

  app.post('/api/v1/sessions', async (context) => {
    const { principal, signIn, tokenExpiresAtMs } = context.get('caller');
    const { workflow, plan, ...wanted } = NewSessionSchema.parse(await readJson(context.req.raw));
    const terms = { workflow, plan };
    return context.json(await dependencies.mintSession(principal, { ...wanted, terms, signIn, tokenExpiresAtMs }), 201);
  });
  app.post('/api/v1/sessions/:id/renew', async (context) => {
    const { principal, signIn, tokenExpiresAtMs } = context.get('caller');
    RenewSessionSchema.parse(await readJson(context.req.raw));
    const id = Id.parse(context.req.param('id'));
    return context.json(await dependencies.renewSession(principal, { sessionId: id, signIn, tokenExpiresAtMs }));
  });
  app.get('/api/v1/sessions', async (context) => {
    const { limit } = SessionsQuery.parse(context.req.query());
    const caller = context.get('caller');
    const listed = await sessions.list({ partyId: partyOf(caller), limit });
    return context.json({ sessions: listed.filter((session) => seesSession(caller.principal, session)) });
  });
  app.get('/api/v1/sessions/:id', async (context) => {
    const query = DetailQuery.parse(context.req.query());
    const id = Id.parse(context.req.param('id'));
    const caller = context.get('caller');
    const detail = await sessions.show(id, { ...query, partyId: partyOf(caller) });
    if (detail === null || !seesSession(caller.principal, detail.session))
      throw new SluiceError('NOT_FOUND', `There is no session ${id}, or you may not know of it.`);
    return context.json(detail);
  });

  app.get('/api/v1/requests', async (context) => {
    const caller = context.get('caller');
    const { state, limit } = RequestsQuery.parse(context.req.query());
    const filter = { state: state ?? null, limit, seesAll: seesAll(caller) };
    return context.json({ requests: await requests.list(caller.principal, filter) });
  });
  app.get('/api/v1/requests/events', (context) => events.stream(context.get('caller'), dependencies.now()));
  app.get('/api/v1/requests/:id', async (context) => {
    const caller = context.get('caller');
    const id = Id.parse(context.req.param('id'));
    const request = await requests.show(caller.principal, id, { seesAll: seesAll(caller) });
    return context.json(request.state === 'consumed' ? { ...request, use: await sessions.useOf(id) } : request);
  });
  for (const [path, decision] of DECISIONS) {
    app.post(`/api/v1/requests/:id/${path}`, async (context) => {
      const id = Id.parse(context.req.param('id'));
      const body = DecideSchema.parse(await readJson(context.req.raw));
      return context.json(await requests.decide(context.get('caller').principal, id, { ...body, decision }));
    });
  }

  app.route('/api/v1/grants', grantRoutes(dependencies.grants, { seesAll, streams, now: dependencies.now }));
  addEvidenceRoutes(app, dependencies, { seesAll, partyOf });
  addLiveRoutes(app, dependencies, { partyOf, streams });
  addAuditRoutes(app, dependencies.audit, async (context, next) => {
    requireOversight(context.get('caller'), 'put the questions of an auditor');
    await next();
  });
  addWorkflowRoutes(app, dependencies.workflows, seesAll);

  app.post('/api/v1/why', async (context) => {
    const asked = WhyRequestSchema.parse(await readJson(context.req.raw));
    return context.json(await dependencies.explain(context.get('caller').principal, asked));
  });
  return app;

  function requireOversight(caller: Caller, what: string): void {
    if (seesAll(caller)) return;
    throw new SluiceError('REFUSED_BY_POLICY', `Only administrators and auditors may ${what}.`, {
      remedy: `Ask a member of ${auditorGroups.join(' or ')}.`,
    });
  }

  function partyOf(caller: Caller): string | null {
    return seesAll(caller) ? null : caller.principal.id;
  }
}

function refuseLongBody(): never {
  throw new SluiceError('LIMIT_FRAME_BYTES', `The body is longer than ${MAX_BODY_BYTES} bytes.`);
}
