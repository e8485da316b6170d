/**
 * Every endpoint of the API, `/api/v1`: what it is asked with and what it answers. The typed client and the OpenAPI
 * document are generated from this table, and a test holds the gateway's routes to it.
 */
import type { ZodType } from 'zod';
import {
  AskGrantSchema,
  DecideGrantSchema,
  DecideSchema,
  EvidenceStatusSchema,
  FunctionListSchema,
  GrantListSchema,
  GrantOfferListSchema,
  GrantViewSchema,
  HoldListSchema,
  HoldViewSchema,
  LabelChangeListSchema,
  LabelChangeSchema,
  LiftHoldSchema,
  MetaSchema,
  MintedSessionSchema,
  NewHoldSchema,
  NewSessionSchema,
  OpenSessionSchema,
  RenewedSessionSchema,
  RenewSessionSchema,
  RequestListSchema,
  RequestViewSchema,
  ResourceListSchema,
  RevertLabelsSchema,
  SessionDetailSchema,
  SessionKeySchema,
  SessionListSchema,
  WhoamiSchema,
  WhyRequestSchema,
  WhySchema,
} from './api.ts';
import {
  ColumnHistorySchema,
  FirstSeenListSchema,
  HeldStatementsSchema,
  KeptSessionsSchema,
  KilledSessionSchema,
  KillSessionSchema,
  SessionsOfPartySchema,
  WatchEventSchema,
} from './audit.ts';
import { ProfileListSchema } from './profiles.ts';
import {
  DecideProposalSchema,
  NewPlanSchema,
  NewProposalSchema,
  PlanListSchema,
  PlanViewSchema,
  ProposalViewSchema,
  RevokeBaselineSchema,
  SchemaViewSchema,
  WorkflowDetailSchema,
  WorkflowListSchema,
  WorkflowViewSchema,
} from './workflows.ts';

/** Type of a query parameter; with `?` it may be left out. */
export type QueryType = 'string' | 'string?' | 'number' | 'number?' | 'boolean?';

/** `data`: the event's data is the value; `kind`: the event's name is the value's `kind`. */
export type EventForm = 'data' | 'kind';

export type Endpoint = {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1/`; `{name}` is a parameter, one segment of the path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryType>>;
  readonly body?: ZodType;
  /** Of an answer, 200 unless given. */
  readonly status?: 201;
  /** Answered without a token. */
  readonly isOpen?: true;
  /** JSON of a schema; server-sent events; or a body that is no JSON. */
  readonly answer:
    | { readonly kind: 'json'; readonly schema: ZodType }
    /** Events of other names are of a newer gateway. */
    | { readonly kind: 'events'; readonly schema: ZodType; readonly names: readonly string[]; readonly form: EventForm }
    | { readonly kind: 'text' }
    | { readonly kind: 'bytes' };
};

const WATCH_EVENTS = ['statement', 'columns', 'rows', 'completed', 'closed'] as const;
const PAGE = { since: 'string?', until: 'string?', before: 'number?', limit: 'number?' } as const;

/** By the name of the client's method. Where who may ask is not said, everybody who is signed in may. */
export const ENDPOINTS = {
  meta: { ...get('meta', MetaSchema), isOpen: true },
  whoami: get('whoami', WhoamiSchema),

  listResources: get('resources', ResourceListSchema),
  listProfiles: get('profiles', ProfileListSchema),
  listFunctions: get('resources/{name}/functions', FunctionListSchema, { builtIns: 'boolean?' }),
  listLabelChanges: get('resources/{name}/label-changes', LabelChangeListSchema),
  revertLabels: post('label-changes/{id}/revert', RevertLabelsSchema, LabelChangeSchema),
  describeSchema: get('resources/{name}/schema', SchemaViewSchema),
  why: post('why', WhyRequestSchema, WhySchema),

  mintSession: post('sessions', NewSessionSchema, MintedSessionSchema, 201),
  renewSession: post('sessions/{id}/renew', RenewSessionSchema, RenewedSessionSchema),
  listSessions: get('sessions', SessionListSchema, { limit: 'number?' }),
  showSession: get('sessions/{id}', SessionDetailSchema, { after: 'number?', limit: 'number?' }),
  watchSession: events('sessions/{id}/events', WatchEventSchema, WATCH_EVENTS, 'kind'),
  killSession: post('sessions/{id}/kill', KillSessionSchema, KilledSessionSchema),
  openSession: post('sessions/{id}/open', OpenSessionSchema, SessionKeySchema),
  exportSession: { method: 'GET', path: 'sessions/{id}/bundle', answer: { kind: 'bytes' } },

  listRequests: get('requests', RequestListSchema, { state: 'string?', limit: 'number?' }),
  watchRequests: events('requests/events', RequestViewSchema, ['request'], 'data'),
  showRequest: get('requests/{id}', RequestViewSchema),
  approveRequest: post('requests/{id}/approve', DecideSchema, RequestViewSchema),
  denyRequest: post('requests/{id}/deny', DecideSchema, RequestViewSchema),

  listGrants: get('grants', GrantListSchema, { state: 'string?', limit: 'number?' }),
  watchGrants: events('grants/events', GrantViewSchema, ['grant'], 'data'),
  askGrant: post('grants', AskGrantSchema, GrantViewSchema, 201),
  listGrantOffers: get('grants/offers', GrantOfferListSchema),
  showGrant: get('grants/{id}', GrantViewSchema),
  giveGrant: post('grants/{id}/grant', DecideGrantSchema, GrantViewSchema),
  refuseGrant: post('grants/{id}/refuse', DecideGrantSchema, GrantViewSchema),
  revokeGrant: post('grants/{id}/revoke', DecideGrantSchema, GrantViewSchema),

  listHolds: get('holds', HoldListSchema),
  placeHold: post('holds', NewHoldSchema, HoldViewSchema, 201),
  liftHold: post('holds/{id}/lift', LiftHoldSchema, HoldViewSchema),

  evidenceStatus: get('evidence', EvidenceStatusSchema),
  evidenceCheckpoint: { method: 'GET', path: 'evidence/checkpoint', answer: { kind: 'text' } },
  evidenceInclusion: {
    method: 'GET',
    path: 'evidence/inclusion',
    query: { index: 'number' },
    answer: { kind: 'text' },
  },
  evidenceConsistency: {
    method: 'GET',
    path: 'evidence/consistency',
    query: { old: 'number' },
    answer: { kind: 'text' },
  },

  auditColumns: get('audit/columns', ColumnHistorySchema, {
    ...PAGE,
    resource: 'string',
    column: 'string',
    use: 'string?',
  }),
  auditSessions: get('audit/sessions', SessionsOfPartySchema, {
    ...PAGE,
    party: 'string',
    onBehalfOf: 'string?',
    resource: 'string?',
    seen: 'boolean?',
  }),
  auditHolds: get('audit/holds', HeldStatementsSchema, { ...PAGE, resource: 'string?' }),
  auditWorkflow: get('audit/workflow', FirstSeenListSchema, {
    workflow: 'string',
    resource: 'string',
    column: 'string?',
  }),
  auditRetention: get('audit/retention', KeptSessionsSchema, { ...PAGE, session: 'string?', resource: 'string?' }),

  listWorkflows: get('workflows', WorkflowListSchema),
  showWorkflow: get('workflows/{workflow}/{resource}', WorkflowDetailSchema),
  proposeBaseline: post('workflows/{workflow}/{resource}/proposals', NewProposalSchema, ProposalViewSchema, 201),
  approveProposal: post(
    'workflows/{workflow}/{resource}/proposals/{id}/approve',
    DecideProposalSchema,
    ProposalViewSchema,
  ),
  denyProposal: post('workflows/{workflow}/{resource}/proposals/{id}/deny', DecideProposalSchema, ProposalViewSchema),
  revokeBaseline: post('workflows/{workflow}/{resource}/revoke', RevokeBaselineSchema, WorkflowViewSchema),
  submitPlan: post('plans', NewPlanSchema, PlanViewSchema, 201),
  listPlans: get('plans', PlanListSchema),
  showPlan: get('plans/{id}', PlanViewSchema),
} as const satisfies Readonly<Record<string, Endpoint>>;

function get(path: string, schema: ZodType, query: Readonly<Record<string, QueryType>> = {}): Endpoint {
  return { method: 'GET', path, query, answer: { kind: 'json', schema } };
}

function post(path: string, body: ZodType, schema: ZodType, status?: 201): Endpoint {
  return { method: 'POST', path, body, ...(status !== undefined && { status }), answer: { kind: 'json', schema } };
}

function events(path: string, schema: ZodType, names: readonly string[], form: EventForm): Endpoint {
  return { method: 'GET', path, answer: { kind: 'events', schema, names, form } };
}
