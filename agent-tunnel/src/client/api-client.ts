import {
  type EvidenceStatus,
  EvidenceStatusSchema,
  FunctionListSchema,
  type FunctionView,
  GrantListSchema,
  type GrantOffer,
  GrantOfferListSchema,
  type GrantView,
  GrantViewSchema,
  HoldListSchema,
  type HoldView,
  HoldViewSchema,
  type LabelChange,
  LabelChangeListSchema,
  LabelChangeSchema,
  type Meta,
  MetaSchema,
  type MintedSession,
  MintedSessionSchema,
  RequestListSchema,
  type RequestView,
  RequestViewSchema,
  ResourceListSchema,
  type ResourceView,
  type SessionDetail,
  SessionDetailSchema,
  type SessionKey,
  SessionKeySchema,
  SessionListSchema,
  type SessionView,
  type Whoami,
  WhoamiSchema,
  type Why,
  WhySchema,
} from '@sluice/contract/api';
import { type KilledSession, KilledSessionSchema, type WatchEvent, WatchEventSchema } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import {
  type NewPlan,
  type NewProposal,
  PlanListSchema,
  type PlanView,
  PlanViewSchema,
  type ProposalView,
  ProposalViewSchema,
  type SchemaView,
  SchemaViewSchema,
  type WorkflowDetail,
  WorkflowDetailSchema,
  WorkflowListSchema,
  type WorkflowView,
  WorkflowViewSchema,
} from '@sluice/contract/workflows';
import type { ZodType } from 'zod';
import { AuditClient } from './audit-client.ts';
import { type HttpOptions, type HttpResponse, readBody, send } from './https.ts';
import { problemError } from './problem.ts';
import { parseEvents, type ServerSentEvent } from './server-sent-events.ts';

/** Gives a valid access token, renewed when needed. */
export type TokenSource = () => Promise<string>;

/** What a session is bound to, besides its resource. */
export type SessionTerms = { readonly workflow?: string | null; readonly plan?: string | null };

/** Kinds of events that this client knows; others are of a newer gateway. */
const WATCH_EVENTS: ReadonlySet<string> = new Set(['statement', 'columns', 'rows', 'completed', 'closed']);
/** Statements asked for at once: each may bring a thousand rows. */
const STATEMENTS_A_PAGE = 100;
/** Statements of one session that the client takes. */
export const MAX_STATEMENTS = 100_000;

/** The gateway's API (`/api/v1`), typed by the contract. Every answer is checked against its schema. */
export class ApiClient {
  readonly #gateway: URL;
  readonly #http: HttpOptions;
  readonly #token: TokenSource;
  /** The questions of auditors. */
  readonly audit: AuditClient = new AuditClient((path, schema) => this.#get(path, schema));

  /** `gateway` is its origin, e.g. `https://127.0.0.1:7443`. */
  constructor(gateway: URL, http: HttpOptions, token: TokenSource) {
    this.#gateway = gateway;
    this.#http = http;
    this.#token = token;
  }

  whoami(): Promise<Whoami> {
    return this.#get('whoami', WhoamiSchema);
  }

  async resources(): Promise<readonly ResourceView[]> {
    return (await this.#get('resources', ResourceListSchema)).resources;
  }

  /** Mints a session secret: the database password of one ordinary client. Throws what policy answers. */
  mintSession(resource: string, application: string, terms: SessionTerms = {}): Promise<MintedSession> {
    return this.#post('sessions', { resource, application, ...terms }, MintedSessionSchema);
  }

  /** Newest first. */
  async sessions(limit: number): Promise<readonly SessionView[]> {
    return (await this.#get(`sessions?limit=${limit}`, SessionListSchema)).sessions;
  }

  /** A session with all its statements, read page by page. Throws `LIMIT_REACHED` beyond {@link MAX_STATEMENTS}. */
  async session(id: string): Promise<SessionDetail> {
    const path = `sessions/${encodeURIComponent(id)}?limit=${STATEMENTS_A_PAGE}`;
    const first = await this.#get(path, SessionDetailSchema);
    const statements = [...first.statements];
    for (let page = first; page.statements.length === STATEMENTS_A_PAGE; ) {
      if (statements.length >= MAX_STATEMENTS) {
        throw new SluiceError('LIMIT_REACHED', `session ${id} has more than ${MAX_STATEMENTS} statements`);
      }
      page = await this.#get(`${path}&after=${statements.at(-1)?.statementId ?? 0}`, SessionDetailSchema);
      statements.push(...page.statements);
    }
    return { session: first.session, statements };
  }

  /** Ends a live session. For administrators. */
  killSession(id: string, reason: string): Promise<KilledSession> {
    return this.#post(`sessions/${encodeURIComponent(id)}/kill`, { reason }, KilledSessionSchema);
  }

  /** A live session as it happens, until it closes or the signal aborts; that somebody looks on is on record. */
  async *watchSession(id: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const path = `sessions/${encodeURIComponent(id)}/events`;
    for await (const { event, data } of this.#events(path, signal)) {
      if (WATCH_EVENTS.has(event))
        yield check(WatchEventSchema, `{"kind":${JSON.stringify(event)},${data.slice(1)}`, path);
    }
  }

  /** The record's Merkle log: keys, checkpoint, witnesses. For administrators and auditors. */
  evidence(): Promise<EvidenceStatus> {
    return this.#get('evidence', EvidenceStatusSchema);
  }

  /** The newest checkpoint of the record, a signed note. */
  async checkpoint(): Promise<string> {
    return await readBody(await this.#fetch('evidence/checkpoint'), this.#http);
  }

  /** The newest checkpoint with the proof that it continues the first `oldSize` entries. */
  async consistency(oldSize: number): Promise<string> {
    return await readBody(await this.#fetch(`evidence/consistency?old=${oldSize}`), this.#http);
  }

  /** A session as a bundle that verifies offline; as long as the session was. */
  async bundle(sessionId: string): Promise<AsyncIterable<Uint8Array>> {
    return (await this.#fetch(`sessions/${encodeURIComponent(sessionId)}/bundle`)).stream;
  }

  /** The wrapped key of a session's statements; the gateway records who asked and why. For administrators and auditors. */
  openSession(sessionId: string, reason: string): Promise<SessionKey> {
    return this.#post(`sessions/${encodeURIComponent(sessionId)}/open`, { reason }, SessionKeySchema);
  }

  /** Legal holds, newest first. For administrators and auditors. */
  async holds(): Promise<readonly HoldView[]> {
    return (await this.#get('holds', HoldListSchema)).holds;
  }

  /** What it covers does not expire. For administrators. */
  placeHold(on: HoldView['on'], reason: string): Promise<HoldView> {
    return this.#post('holds', { on, reason }, HoldViewSchema);
  }

  liftHold(holdId: string, reason: string): Promise<HoldView> {
    return this.#post(`holds/${encodeURIComponent(holdId)}/lift`, { reason }, HoldViewSchema);
  }

  why(resource: string, statement: string): Promise<Why> {
    return this.#post('why', { resource, statement }, WhySchema);
  }

  /** Functions of a database and how each is judged, the server's own on request. For administrators and auditors. */
  async functions(resource: string, builtIns: boolean): Promise<readonly FunctionView[]> {
    const path = `resources/${encodeURIComponent(resource)}/functions?builtIns=${builtIns}`;
    return (await this.#get(path, FunctionListSchema)).functions;
  }

  /** Access for a window of time that may be asked for. */
  async grantOffers(): Promise<readonly GrantOffer[]> {
    return (await this.#get('grants/offers', GrantOfferListSchema)).offers;
  }

  async grants(state: GrantView['state'] | null): Promise<readonly GrantView[]> {
    return (await this.#get(state === null ? 'grants' : `grants?state=${state}`, GrantListSchema)).grants;
  }

  grant(id: string): Promise<GrantView> {
    return this.#get(`grants/${encodeURIComponent(id)}`, GrantViewSchema);
  }

  /** The longest window that is offered, unless given. */
  askGrant(name: string, reason: string, windowSeconds: number | null): Promise<GrantView> {
    return this.#post(
      'grants',
      { name, reason, ...(windowSeconds === null ? {} : { windowSeconds }) },
      GrantViewSchema,
    );
  }

  decideGrant(
    id: string,
    decision: 'grant' | 'refuse' | 'revoke',
    note: string,
    windowSeconds: number | null,
  ): Promise<GrantView> {
    const body = { note, ...(windowSeconds === null ? {} : { windowSeconds }) };
    return this.#post(`grants/${encodeURIComponent(id)}/${decision}`, body, GrantViewSchema);
  }

  /** Newest first; for administrators and auditors. */
  async labelChanges(resource: string): Promise<readonly LabelChange[]> {
    const path = `resources/${encodeURIComponent(resource)}/label-changes`;
    return (await this.#get(path, LabelChangeListSchema)).labelChanges;
  }

  /** Takes the labels of a change back. For administrators. */
  revertLabels(id: string, note: string): Promise<LabelChange> {
    return this.#post(`label-changes/${encodeURIComponent(id)}/revert`, { note }, LabelChangeSchema);
  }

  async requests(state: RequestView['state'] | null): Promise<readonly RequestView[]> {
    return (await this.#get(state === null ? 'requests' : `requests?state=${state}`, RequestListSchema)).requests;
  }

  request(id: string): Promise<RequestView> {
    return this.#get(`requests/${encodeURIComponent(id)}`, RequestViewSchema);
  }

  /** `maxRows`: of an approval, most rows that the statement may change. Decides about a request as it was shown: a request whose binding differs from `bindingHash` is not decided. */
  decide(
    id: string,
    decision: 'approve' | 'deny',
    note: string,
    bindingHash: string,
    maxRows?: number,
  ): Promise<RequestView> {
    const body = { note, bindingHash, ...(maxRows === undefined ? {} : { maxRows }) };
    return this.#post(`requests/${encodeURIComponent(id)}/${decision}`, body, RequestViewSchema);
  }

  /** Tables, columns and labels of a database. */
  schema(resource: string): Promise<SchemaView> {
    return this.#get(`resources/${encodeURIComponent(resource)}/schema`, SchemaViewSchema);
  }

  async workflows(): Promise<readonly WorkflowView[]> {
    return (await this.#get('workflows', WorkflowListSchema)).workflows;
  }

  workflow(workflow: string, resource: string): Promise<WorkflowDetail> {
    return this.#get(workflowPath(workflow, resource), WorkflowDetailSchema);
  }

  proposeBaseline(workflow: string, resource: string, proposal: NewProposal): Promise<ProposalView> {
    return this.#post(`${workflowPath(workflow, resource)}/proposals`, proposal, ProposalViewSchema);
  }

  /** Decides about a proposal as it was shown: one whose hash differs is not decided. */
  decideProposal(
    { workflow, resource, id, hash }: Pick<ProposalView, 'workflow' | 'resource' | 'id' | 'hash'>,
    decision: 'approve' | 'deny',
    note: string,
  ): Promise<ProposalView> {
    const path = `${workflowPath(workflow, resource)}/proposals/${encodeURIComponent(id)}/${decision}`;
    return this.#post(path, { note, hash }, ProposalViewSchema);
  }

  revokeBaseline(workflow: string, resource: string, note: string): Promise<WorkflowView> {
    return this.#post(`${workflowPath(workflow, resource)}/revoke`, { note }, WorkflowViewSchema);
  }

  submitPlan(plan: NewPlan): Promise<PlanView> {
    return this.#post('plans', plan, PlanViewSchema);
  }

  /** Newest first. */
  async plans(): Promise<readonly PlanView[]> {
    return (await this.#get('plans', PlanListSchema)).plans;
  }

  plan(id: string): Promise<PlanView> {
    return this.#get(`plans/${encodeURIComponent(id)}`, PlanViewSchema);
  }

  /** Each change of a request from now on, until the gateway or the signal ends the stream. `connected` is called once it is live. */
  async *requestEvents(signal: AbortSignal, connected: () => void): AsyncGenerator<RequestView> {
    for await (const event of this.#events('requests/events', signal, connected)) {
      if (event.event === 'request') yield check(RequestViewSchema, event.data, 'requests/events');
    }
  }

  async *#events(path: string, signal: AbortSignal, connected?: () => void): AsyncGenerator<ServerSentEvent> {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${await this.#token()}` };
    const response = await send({ method: 'GET', url: this.#url(path), headers, body: null, signal }, this.#http);
    if (response.status !== 200) throw problemError(response.status, await readBody(response, this.#http));
    connected?.();
    yield* parseEvents(response.stream);
  }

  /** Something that is not JSON. Throws what the gateway answers instead. */
  async #fetch(path: string): Promise<HttpResponse> {
    const headers = { authorization: `Bearer ${await this.#token()}` };
    const response = await send({ method: 'GET', url: this.#url(path), headers, body: null }, this.#http);
    if (response.status !== 200) throw problemError(response.status, await readBody(response, this.#http));
    return response;
  }

  #get<T>(path: string, schema: ZodType<T>): Promise<T> {
    return this.#ask('GET', path, null, schema);
  }

  #post<T>(path: string, body: object, schema: ZodType<T>): Promise<T> {
    return this.#ask('POST', path, JSON.stringify(body), schema);
  }

  async #ask<T>(method: string, path: string, body: string | null, schema: ZodType<T>): Promise<T> {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await this.#token()}`,
      ...(body !== null && { 'content-type': 'application/json' }),
    };
    return ask({ method, url: this.#url(path), headers, body }, this.#http, schema, path);
  }

  #url(path: string): URL {
    return new URL(`/api/v1/${path}`, this.#gateway);
  }
}

function workflowPath(workflow: string, resource: string): string {
  return `workflows/${encodeURIComponent(workflow)}/${encodeURIComponent(resource)}`;
}

/** What a client needs in order to sign in; asked without a token. */
export function fetchMeta(gateway: URL, http: HttpOptions): Promise<Meta> {
  const url = new URL('/api/v1/meta', gateway);
  return ask({ method: 'GET', url, headers: { accept: 'application/json' }, body: null }, http, MetaSchema, 'meta');
}

async function ask<T>(
  request: Parameters<typeof send>[0],
  http: HttpOptions,
  schema: ZodType<T>,
  what: string,
): Promise<T> {
  const response = await send(request, http);
  const body = await readBody(response, http);
  if (response.status < 200 || response.status > 299) throw problemError(response.status, body);
  return check(schema, body, what);
}

function check<T>(schema: ZodType<T>, body: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new SluiceError('PROTOCOL_VIOLATION', `the gateway's answer to ${what} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SluiceError('PROTOCOL_VIOLATION', `the gateway's answer to ${what} does not follow the contract`, {
    cause: parsed.error,
    remedy: 'Use the `sluice` of the same version as the gateway.',
  });
}
