import type {
  EvidenceStatus,
  FunctionView,
  GrantOffer,
  GrantView,
  HoldView,
  LabelChange,
  Meta,
  MintedSession,
  RenewedSession,
  RequestView,
  ResourceView,
  SessionDetail,
  SessionKey,
  SessionView,
  Whoami,
  Why,
} from '@sluice/contract/api';
import type { KilledSession, WatchEvent } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import type { OfferedProfile } from '@sluice/contract/profiles';
import type {
  NewPlan,
  NewProposal,
  PlanView,
  ProposalView,
  SchemaView,
  WorkflowDetail,
  WorkflowView,
} from '@sluice/contract/workflows';
import type { TokenSource } from '../identity/access-token.ts';
import { AuditClient } from './audit-client.ts';
import { ContractCalls } from './contract-calls.ts';
import type { HttpOptions } from './https.ts';
import { HttpsTransport } from './https-transport.ts';

/** What a session is bound to, besides its resource. */
export type SessionTerms = { readonly workflow?: string | null; readonly plan?: string | null };

/** Statements asked for at once: each may bring a thousand rows. */
const STATEMENTS_A_PAGE = 100;
/** Statements of one session that the client takes. */
export const MAX_STATEMENTS = 100_000;

/** The gateway's API (`/api/v1`), typed by the contract. Every answer is checked against its schema. */
export class ApiClient {
  /** Every endpoint of the contract, one call each. */
  readonly calls: ContractCalls;
  /** The questions of auditors. */
  readonly audit: AuditClient;

  /** `gateway` is its origin, e.g. `https://127.0.0.1:7443`. */
  constructor(gateway: URL, http: HttpOptions, token: TokenSource) {
    this.calls = new ContractCalls(new HttpsTransport(gateway, http, token));
    this.audit = new AuditClient(this.calls);
  }

  whoami(): Promise<Whoami> {
    return this.calls.whoami();
  }

  async resources(): Promise<readonly ResourceView[]> {
    return (await this.calls.listResources()).resources;
  }

  /** Tunnel profiles that the gateway's administrators offer. */
  async profiles(): Promise<readonly OfferedProfile[]> {
    return (await this.calls.listProfiles()).profiles;
  }

  /** Mints a session secret: the database password of one ordinary client. Throws what policy answers. */
  mintSession(resource: string, application: string, terms: SessionTerms = {}): Promise<MintedSession> {
    return this.calls.mintSession({ resource, application, ...terms });
  }

  /** Lets a session secret live on with the token of now. Throws `SESSION_ENDED` when a new one has to be minted. */
  renewSession(id: string): Promise<RenewedSession> {
    return this.calls.renewSession(id, {});
  }

  /** Newest first. */
  async sessions(limit: number): Promise<readonly SessionView[]> {
    return (await this.calls.listSessions({ limit })).sessions;
  }

  /** A session with all its statements, read page by page. Throws `LIMIT_REACHED` beyond {@link MAX_STATEMENTS}. */
  async session(id: string): Promise<SessionDetail> {
    const limit = STATEMENTS_A_PAGE;
    const first = await this.calls.showSession(id, { limit });
    const statements = [...first.statements];
    for (let page = first; page.statements.length === STATEMENTS_A_PAGE; ) {
      if (statements.length >= MAX_STATEMENTS) {
        throw new SluiceError('LIMIT_REACHED', `session ${id} has more than ${MAX_STATEMENTS} statements`);
      }
      page = await this.calls.showSession(id, { limit, after: statements.at(-1)?.statementId ?? 0 });
      statements.push(...page.statements);
    }
    return { session: first.session, statements };
  }

  /** Ends a live session. For administrators. */
  killSession(id: string, reason: string): Promise<KilledSession> {
    return this.calls.killSession(id, { reason });
  }

  /** A live session as it happens, until it closes or the signal aborts; that somebody looks on is on record. */
  watchSession(id: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    return this.calls.watchSession(id, signal);
  }

  /** The record's Merkle log: keys, checkpoint, witnesses. For administrators and auditors. */
  evidence(): Promise<EvidenceStatus> {
    return this.calls.evidenceStatus();
  }

  /** The newest checkpoint of the record, a signed note. */
  async checkpoint(): Promise<string> {
    return await this.calls.evidenceCheckpoint();
  }

  /** The newest checkpoint with the proof that it continues the first `oldSize` entries. */
  async consistency(oldSize: number): Promise<string> {
    return await this.calls.evidenceConsistency({ old: oldSize });
  }

  /** A session as a bundle that verifies offline; as long as the session was. */
  async bundle(sessionId: string): Promise<AsyncIterable<Uint8Array>> {
    return await this.calls.exportSession(sessionId);
  }

  /** The wrapped key of a session's statements; the gateway records who asked and why. For administrators and auditors. */
  openSession(sessionId: string, reason: string): Promise<SessionKey> {
    return this.calls.openSession(sessionId, { reason });
  }

  /** Legal holds, newest first. For administrators and auditors. */
  async holds(): Promise<readonly HoldView[]> {
    return (await this.calls.listHolds()).holds;
  }

  /** What it covers does not expire. For administrators. */
  placeHold(on: HoldView['on'], reason: string): Promise<HoldView> {
    return this.calls.placeHold({ on, reason });
  }

  liftHold(holdId: string, reason: string): Promise<HoldView> {
    return this.calls.liftHold(holdId, { reason });
  }

  why(resource: string, statement: string): Promise<Why> {
    return this.calls.why({ resource, statement });
  }

  /** Functions of a database and how each is judged, the server's own on request. For administrators and auditors. */
  async functions(resource: string, builtIns: boolean): Promise<readonly FunctionView[]> {
    return (await this.calls.listFunctions(resource, { builtIns })).functions;
  }

  /** Access for a window of time that may be asked for. */
  async grantOffers(): Promise<readonly GrantOffer[]> {
    return (await this.calls.listGrantOffers()).offers;
  }

  async grants(state: GrantView['state'] | null): Promise<readonly GrantView[]> {
    return (await this.calls.listGrants({ state: state ?? undefined })).grants;
  }

  grant(id: string): Promise<GrantView> {
    return this.calls.showGrant(id);
  }

  /** The longest window that is offered, unless given. */
  askGrant(name: string, reason: string, windowSeconds: number | null): Promise<GrantView> {
    return this.calls.askGrant({ name, reason, ...(windowSeconds === null ? {} : { windowSeconds }) });
  }

  decideGrant(
    id: string,
    decision: 'grant' | 'refuse' | 'revoke',
    note: string,
    windowSeconds: number | null,
  ): Promise<GrantView> {
    const body = { note, ...(windowSeconds === null ? {} : { windowSeconds }) };
    if (decision === 'grant') return this.calls.giveGrant(id, body);
    return decision === 'refuse' ? this.calls.refuseGrant(id, body) : this.calls.revokeGrant(id, body);
  }

  /** Newest first; for administrators and auditors. */
  async labelChanges(resource: string): Promise<readonly LabelChange[]> {
    return (await this.calls.listLabelChanges(resource)).labelChanges;
  }

  /** Takes the labels of a change back. For administrators. */
  revertLabels(id: string, note: string): Promise<LabelChange> {
    return this.calls.revertLabels(id, { note });
  }

  async requests(state: RequestView['state'] | null): Promise<readonly RequestView[]> {
    return (await this.calls.listRequests({ state: state ?? undefined })).requests;
  }

  request(id: string): Promise<RequestView> {
    return this.calls.showRequest(id);
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
    return decision === 'approve' ? this.calls.approveRequest(id, body) : this.calls.denyRequest(id, body);
  }

  /** Tables, columns and labels of a database. */
  schema(resource: string): Promise<SchemaView> {
    return this.calls.describeSchema(resource);
  }

  async workflows(): Promise<readonly WorkflowView[]> {
    return (await this.calls.listWorkflows()).workflows;
  }

  workflow(workflow: string, resource: string): Promise<WorkflowDetail> {
    return this.calls.showWorkflow(workflow, resource);
  }

  proposeBaseline(workflow: string, resource: string, proposal: NewProposal): Promise<ProposalView> {
    return this.calls.proposeBaseline(workflow, resource, proposal);
  }

  /** Decides about a proposal as it was shown: one whose hash differs is not decided. */
  decideProposal(
    { workflow, resource, id, hash }: Pick<ProposalView, 'workflow' | 'resource' | 'id' | 'hash'>,
    decision: 'approve' | 'deny',
    note: string,
  ): Promise<ProposalView> {
    const body = { note, hash };
    return decision === 'approve'
      ? this.calls.approveProposal(workflow, resource, id, body)
      : this.calls.denyProposal(workflow, resource, id, body);
  }

  revokeBaseline(workflow: string, resource: string, note: string): Promise<WorkflowView> {
    return this.calls.revokeBaseline(workflow, resource, { note });
  }

  submitPlan(plan: NewPlan): Promise<PlanView> {
    return this.calls.submitPlan(plan);
  }

  /** Newest first. */
  async plans(): Promise<readonly PlanView[]> {
    return (await this.calls.listPlans()).plans;
  }

  plan(id: string): Promise<PlanView> {
    return this.calls.showPlan(id);
  }

  /** Each change of a request from now on, until the gateway or the signal ends the stream. `connected` is called once it is live. */
  requestEvents(signal: AbortSignal, connected: () => void): AsyncGenerator<RequestView> {
    return this.calls.watchRequests(signal, connected);
  }
}

/** What a client needs in order to sign in; asked without a token. */
export function fetchMeta(gateway: URL, http: HttpOptions): Promise<Meta> {
  return new ContractCalls(new HttpsTransport(gateway, http, null)).meta();
}
