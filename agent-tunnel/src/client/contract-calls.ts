/**
 * Generated from the contract's table of endpoints: `npm run generate`. Not to be edited.
 */
import {
  type AskGrantSchema,
  type DecideGrantSchema,
  type DecideSchema,
  EvidenceStatusSchema,
  FunctionListSchema,
  GrantListSchema,
  GrantOfferListSchema,
  GrantViewSchema,
  HoldListSchema,
  HoldViewSchema,
  LabelChangeListSchema,
  LabelChangeSchema,
  type LiftHoldSchema,
  MetaSchema,
  MintedSessionSchema,
  type NewHoldSchema,
  type NewSessionSchema,
  type OpenSessionSchema,
  RenewedSessionSchema,
  type RenewSessionSchema,
  RequestListSchema,
  RequestViewSchema,
  ResourceListSchema,
  type RevertLabelsSchema,
  SessionDetailSchema,
  SessionKeySchema,
  SessionListSchema,
  WhoamiSchema,
  type WhyRequestSchema,
  WhySchema,
} from '@sluice/contract/api';
import {
  ColumnHistorySchema,
  FirstSeenListSchema,
  HeldStatementsSchema,
  KeptSessionsSchema,
  KilledSessionSchema,
  type KillSessionSchema,
  SessionsOfPartySchema,
  WatchEventSchema,
} from '@sluice/contract/audit';
import { ProfileListSchema } from '@sluice/contract/profiles';
import {
  type DecideProposalSchema,
  type NewPlanSchema,
  type NewProposalSchema,
  PlanListSchema,
  PlanViewSchema,
  ProposalViewSchema,
  type RevokeBaselineSchema,
  SchemaViewSchema,
  WorkflowDetailSchema,
  WorkflowListSchema,
  WorkflowViewSchema,
} from '@sluice/contract/workflows';
import type { input, output, ZodType } from 'zod';

/** A call as the table describes it; the transport sends it and checks the answer. */
export type ContractCall = {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1/`, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
};

/** Names of events that the contract knows; `kind`: the name is also the value's `kind`. */
export type EventNames = { readonly names: readonly string[]; readonly form: 'data' | 'kind' };

export interface ContractTransport {
  json<T>(call: ContractCall, schema: ZodType<T>): Promise<T>;
  events<T>(
    call: ContractCall,
    schema: ZodType<T>,
    events: EventNames,
    signal: AbortSignal,
    live?: () => void,
  ): AsyncGenerator<T>;
  text(call: ContractCall): Promise<string>;
  bytes(call: ContractCall): Promise<AsyncIterable<Uint8Array>>;
}

/** One method for each endpoint. Throws what the gateway answers, `GATEWAY_UNREACHABLE`, `PROTOCOL_VIOLATION`. */
export class ContractCalls {
  readonly #transport: ContractTransport;

  constructor(transport: ContractTransport) {
    this.#transport = transport;
  }

  /** `GET /api/v1/meta` */
  meta(): Promise<output<typeof MetaSchema>> {
    return this.#transport.json({ method: 'GET', path: 'meta' }, MetaSchema);
  }

  /** `GET /api/v1/whoami` */
  whoami(): Promise<output<typeof WhoamiSchema>> {
    return this.#transport.json({ method: 'GET', path: 'whoami' }, WhoamiSchema);
  }

  /** `GET /api/v1/resources` */
  listResources(): Promise<output<typeof ResourceListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'resources' }, ResourceListSchema);
  }

  /** `GET /api/v1/profiles` */
  listProfiles(): Promise<output<typeof ProfileListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'profiles' }, ProfileListSchema);
  }

  /** `GET /api/v1/resources/{name}/functions` */
  listFunctions(
    name: string,
    query: { readonly builtIns?: boolean | undefined } = {},
  ): Promise<output<typeof FunctionListSchema>> {
    return this.#transport.json(
      { method: 'GET', path: segments`resources/${name}/functions`, query },
      FunctionListSchema,
    );
  }

  /** `GET /api/v1/resources/{name}/label-changes` */
  listLabelChanges(name: string): Promise<output<typeof LabelChangeListSchema>> {
    return this.#transport.json(
      { method: 'GET', path: segments`resources/${name}/label-changes` },
      LabelChangeListSchema,
    );
  }

  /** `POST /api/v1/label-changes/{id}/revert` */
  revertLabels(id: string, body: input<typeof RevertLabelsSchema>): Promise<output<typeof LabelChangeSchema>> {
    return this.#transport.json(
      { method: 'POST', path: segments`label-changes/${id}/revert`, body },
      LabelChangeSchema,
    );
  }

  /** `GET /api/v1/resources/{name}/schema` */
  describeSchema(name: string): Promise<output<typeof SchemaViewSchema>> {
    return this.#transport.json({ method: 'GET', path: segments`resources/${name}/schema` }, SchemaViewSchema);
  }

  /** `POST /api/v1/why` */
  why(body: input<typeof WhyRequestSchema>): Promise<output<typeof WhySchema>> {
    return this.#transport.json({ method: 'POST', path: 'why', body }, WhySchema);
  }

  /** `POST /api/v1/sessions` */
  mintSession(body: input<typeof NewSessionSchema>): Promise<output<typeof MintedSessionSchema>> {
    return this.#transport.json({ method: 'POST', path: 'sessions', body }, MintedSessionSchema);
  }

  /** `POST /api/v1/sessions/{id}/renew` */
  renewSession(id: string, body: input<typeof RenewSessionSchema>): Promise<output<typeof RenewedSessionSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`sessions/${id}/renew`, body }, RenewedSessionSchema);
  }

  /** `GET /api/v1/sessions` */
  listSessions(query: { readonly limit?: number | undefined } = {}): Promise<output<typeof SessionListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'sessions', query }, SessionListSchema);
  }

  /** `GET /api/v1/sessions/{id}` */
  showSession(
    id: string,
    query: { readonly after?: number | undefined; readonly limit?: number | undefined } = {},
  ): Promise<output<typeof SessionDetailSchema>> {
    return this.#transport.json({ method: 'GET', path: segments`sessions/${id}`, query }, SessionDetailSchema);
  }

  /** `GET /api/v1/sessions/{id}/events` */
  watchSession(id: string, signal: AbortSignal, live?: () => void): AsyncGenerator<output<typeof WatchEventSchema>> {
    return this.#transport.events(
      { method: 'GET', path: segments`sessions/${id}/events` },
      WatchEventSchema,
      { names: ['statement', 'columns', 'rows', 'completed', 'closed'], form: 'kind' },
      signal,
      live,
    );
  }

  /** `POST /api/v1/sessions/{id}/kill` */
  killSession(id: string, body: input<typeof KillSessionSchema>): Promise<output<typeof KilledSessionSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`sessions/${id}/kill`, body }, KilledSessionSchema);
  }

  /** `POST /api/v1/sessions/{id}/open` */
  openSession(id: string, body: input<typeof OpenSessionSchema>): Promise<output<typeof SessionKeySchema>> {
    return this.#transport.json({ method: 'POST', path: segments`sessions/${id}/open`, body }, SessionKeySchema);
  }

  /** `GET /api/v1/sessions/{id}/bundle` */
  exportSession(id: string): Promise<AsyncIterable<Uint8Array>> {
    return this.#transport.bytes({ method: 'GET', path: segments`sessions/${id}/bundle` });
  }

  /** `GET /api/v1/requests` */
  listRequests(
    query: { readonly state?: string | undefined; readonly limit?: number | undefined } = {},
  ): Promise<output<typeof RequestListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'requests', query }, RequestListSchema);
  }

  /** `GET /api/v1/requests/events` */
  watchRequests(signal: AbortSignal, live?: () => void): AsyncGenerator<output<typeof RequestViewSchema>> {
    return this.#transport.events(
      { method: 'GET', path: 'requests/events' },
      RequestViewSchema,
      { names: ['request'], form: 'data' },
      signal,
      live,
    );
  }

  /** `GET /api/v1/requests/{id}` */
  showRequest(id: string): Promise<output<typeof RequestViewSchema>> {
    return this.#transport.json({ method: 'GET', path: segments`requests/${id}` }, RequestViewSchema);
  }

  /** `POST /api/v1/requests/{id}/approve` */
  approveRequest(id: string, body: input<typeof DecideSchema>): Promise<output<typeof RequestViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`requests/${id}/approve`, body }, RequestViewSchema);
  }

  /** `POST /api/v1/requests/{id}/deny` */
  denyRequest(id: string, body: input<typeof DecideSchema>): Promise<output<typeof RequestViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`requests/${id}/deny`, body }, RequestViewSchema);
  }

  /** `GET /api/v1/grants` */
  listGrants(
    query: { readonly state?: string | undefined; readonly limit?: number | undefined } = {},
  ): Promise<output<typeof GrantListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'grants', query }, GrantListSchema);
  }

  /** `GET /api/v1/grants/events` */
  watchGrants(signal: AbortSignal, live?: () => void): AsyncGenerator<output<typeof GrantViewSchema>> {
    return this.#transport.events(
      { method: 'GET', path: 'grants/events' },
      GrantViewSchema,
      { names: ['grant'], form: 'data' },
      signal,
      live,
    );
  }

  /** `POST /api/v1/grants` */
  askGrant(body: input<typeof AskGrantSchema>): Promise<output<typeof GrantViewSchema>> {
    return this.#transport.json({ method: 'POST', path: 'grants', body }, GrantViewSchema);
  }

  /** `GET /api/v1/grants/offers` */
  listGrantOffers(): Promise<output<typeof GrantOfferListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'grants/offers' }, GrantOfferListSchema);
  }

  /** `GET /api/v1/grants/{id}` */
  showGrant(id: string): Promise<output<typeof GrantViewSchema>> {
    return this.#transport.json({ method: 'GET', path: segments`grants/${id}` }, GrantViewSchema);
  }

  /** `POST /api/v1/grants/{id}/grant` */
  giveGrant(id: string, body: input<typeof DecideGrantSchema>): Promise<output<typeof GrantViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`grants/${id}/grant`, body }, GrantViewSchema);
  }

  /** `POST /api/v1/grants/{id}/refuse` */
  refuseGrant(id: string, body: input<typeof DecideGrantSchema>): Promise<output<typeof GrantViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`grants/${id}/refuse`, body }, GrantViewSchema);
  }

  /** `POST /api/v1/grants/{id}/revoke` */
  revokeGrant(id: string, body: input<typeof DecideGrantSchema>): Promise<output<typeof GrantViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`grants/${id}/revoke`, body }, GrantViewSchema);
  }

  /** `GET /api/v1/holds` */
  listHolds(): Promise<output<typeof HoldListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'holds' }, HoldListSchema);
  }

  /** `POST /api/v1/holds` */
  placeHold(body: input<typeof NewHoldSchema>): Promise<output<typeof HoldViewSchema>> {
    return this.#transport.json({ method: 'POST', path: 'holds', body }, HoldViewSchema);
  }

  /** `POST /api/v1/holds/{id}/lift` */
  liftHold(id: string, body: input<typeof LiftHoldSchema>): Promise<output<typeof HoldViewSchema>> {
    return this.#transport.json({ method: 'POST', path: segments`holds/${id}/lift`, body }, HoldViewSchema);
  }

  /** `GET /api/v1/evidence` */
  evidenceStatus(): Promise<output<typeof EvidenceStatusSchema>> {
    return this.#transport.json({ method: 'GET', path: 'evidence' }, EvidenceStatusSchema);
  }

  /** `GET /api/v1/evidence/checkpoint` */
  evidenceCheckpoint(): Promise<string> {
    return this.#transport.text({ method: 'GET', path: 'evidence/checkpoint' });
  }

  /** `GET /api/v1/evidence/inclusion` */
  evidenceInclusion(query: { readonly index: number }): Promise<string> {
    return this.#transport.text({ method: 'GET', path: 'evidence/inclusion', query });
  }

  /** `GET /api/v1/evidence/consistency` */
  evidenceConsistency(query: { readonly old: number }): Promise<string> {
    return this.#transport.text({ method: 'GET', path: 'evidence/consistency', query });
  }

  /** `GET /api/v1/audit/columns` */
  auditColumns(query: {
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly before?: number | undefined;
    readonly limit?: number | undefined;
    readonly resource: string;
    readonly column: string;
    readonly use?: string | undefined;
  }): Promise<output<typeof ColumnHistorySchema>> {
    return this.#transport.json({ method: 'GET', path: 'audit/columns', query }, ColumnHistorySchema);
  }

  /** `GET /api/v1/audit/sessions` */
  auditSessions(query: {
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly before?: number | undefined;
    readonly limit?: number | undefined;
    readonly party: string;
    readonly onBehalfOf?: string | undefined;
    readonly resource?: string | undefined;
    readonly seen?: boolean | undefined;
  }): Promise<output<typeof SessionsOfPartySchema>> {
    return this.#transport.json({ method: 'GET', path: 'audit/sessions', query }, SessionsOfPartySchema);
  }

  /** `GET /api/v1/audit/holds` */
  auditHolds(
    query: {
      readonly since?: string | undefined;
      readonly until?: string | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
      readonly resource?: string | undefined;
    } = {},
  ): Promise<output<typeof HeldStatementsSchema>> {
    return this.#transport.json({ method: 'GET', path: 'audit/holds', query }, HeldStatementsSchema);
  }

  /** `GET /api/v1/audit/workflow` */
  auditWorkflow(query: {
    readonly workflow: string;
    readonly resource: string;
    readonly column?: string | undefined;
  }): Promise<output<typeof FirstSeenListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'audit/workflow', query }, FirstSeenListSchema);
  }

  /** `GET /api/v1/audit/retention` */
  auditRetention(
    query: {
      readonly since?: string | undefined;
      readonly until?: string | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
      readonly session?: string | undefined;
      readonly resource?: string | undefined;
    } = {},
  ): Promise<output<typeof KeptSessionsSchema>> {
    return this.#transport.json({ method: 'GET', path: 'audit/retention', query }, KeptSessionsSchema);
  }

  /** `GET /api/v1/workflows` */
  listWorkflows(): Promise<output<typeof WorkflowListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'workflows' }, WorkflowListSchema);
  }

  /** `GET /api/v1/workflows/{workflow}/{resource}` */
  showWorkflow(workflow: string, resource: string): Promise<output<typeof WorkflowDetailSchema>> {
    return this.#transport.json(
      { method: 'GET', path: segments`workflows/${workflow}/${resource}` },
      WorkflowDetailSchema,
    );
  }

  /** `POST /api/v1/workflows/{workflow}/{resource}/proposals` */
  proposeBaseline(
    workflow: string,
    resource: string,
    body: input<typeof NewProposalSchema>,
  ): Promise<output<typeof ProposalViewSchema>> {
    return this.#transport.json(
      { method: 'POST', path: segments`workflows/${workflow}/${resource}/proposals`, body },
      ProposalViewSchema,
    );
  }

  /** `POST /api/v1/workflows/{workflow}/{resource}/proposals/{id}/approve` */
  approveProposal(
    workflow: string,
    resource: string,
    id: string,
    body: input<typeof DecideProposalSchema>,
  ): Promise<output<typeof ProposalViewSchema>> {
    return this.#transport.json(
      { method: 'POST', path: segments`workflows/${workflow}/${resource}/proposals/${id}/approve`, body },
      ProposalViewSchema,
    );
  }

  /** `POST /api/v1/workflows/{workflow}/{resource}/proposals/{id}/deny` */
  denyProposal(
    workflow: string,
    resource: string,
    id: string,
    body: input<typeof DecideProposalSchema>,
  ): Promise<output<typeof ProposalViewSchema>> {
    return this.#transport.json(
      { method: 'POST', path: segments`workflows/${workflow}/${resource}/proposals/${id}/deny`, body },
      ProposalViewSchema,
    );
  }

  /** `POST /api/v1/workflows/{workflow}/{resource}/revoke` */
  revokeBaseline(
    workflow: string,
    resource: string,
    body: input<typeof RevokeBaselineSchema>,
  ): Promise<output<typeof WorkflowViewSchema>> {
    return this.#transport.json(
      { method: 'POST', path: segments`workflows/${workflow}/${resource}/revoke`, body },
      WorkflowViewSchema,
    );
  }

  /** `POST /api/v1/plans` */
  submitPlan(body: input<typeof NewPlanSchema>): Promise<output<typeof PlanViewSchema>> {
    return this.#transport.json({ method: 'POST', path: 'plans', body }, PlanViewSchema);
  }

  /** `GET /api/v1/plans` */
  listPlans(): Promise<output<typeof PlanListSchema>> {
    return this.#transport.json({ method: 'GET', path: 'plans' }, PlanListSchema);
  }

  /** `GET /api/v1/plans/{id}` */
  showPlan(id: string): Promise<output<typeof PlanViewSchema>> {
    return this.#transport.json({ method: 'GET', path: segments`plans/${id}` }, PlanViewSchema);
  }
}

function segments(strings: TemplateStringsArray, ...parameters: readonly string[]): string {
  return strings.map((text, index) => text + encodeURIComponent(parameters[index] ?? '')).join('');
}
