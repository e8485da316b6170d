/**
 * What the API needs from the rest of the gateway. Declared here, wired in the composition root.
 */

import type {
  ApprovalUse,
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
  Why,
} from '@sluice/contract/api';
import type {
  ColumnHistory,
  ColumnUse,
  FirstSeen,
  HeldStatements,
  KeptSessions,
  KilledSession,
  SessionsOfParty,
} from '@sluice/contract/audit';
import type { SluiceError } from '@sluice/contract/errors';
import type { OfferedProfile } from '@sluice/contract/profiles';
import type { Principal } from '@sluice/contract/vocabulary';
import type {
  NewPlanSchema,
  NewProposalSchema,
  PlanView,
  ProposalView,
  SchemaView,
  WorkflowDetail,
  WorkflowView,
} from '@sluice/contract/workflows';
import type { z } from 'zod';
import type { Presentation } from '../identity/binding/holder-check.ts';
import type { Revocation } from '../identity/revocation/revocation.ts';
import type { SignIn } from '../identity/sign-in.ts';
import type { SessionTerms } from '../policy/session-terms.ts';
import type { WatchSession } from '../session/live-sessions.ts';

/** Whose token it is and until when it holds, or the AUTH_* error to answer with. */
export type TokenCheck =
  | {
      readonly kind: 'verified';
      readonly principal: Principal;
      readonly signIn: SignIn;
      readonly expiresAtMs: number;
    }
  | { readonly kind: 'refused'; readonly error: SluiceError };

/** As `ApprovalService` offers them. */
export interface RequestDesk {
  list(
    viewer: Principal,
    filter: { readonly state: RequestView['state'] | null; readonly limit: number; readonly seesAll?: boolean },
  ): Promise<readonly RequestRecord[]>;
  show(viewer: Principal, requestId: string, options: { readonly seesAll?: boolean }): Promise<RequestRecord>;
  decide(
    principal: Principal,
    requestId: string,
    decision: {
      readonly decision: 'approved' | 'denied';
      readonly note: string;
      readonly bindingHash?: string | undefined;
      readonly maxRows?: number | undefined;
    },
  ): Promise<RequestRecord>;
  subscribe(listener: (view: RequestRecord, mayView: (viewer: Principal) => boolean) => void): () => void;
}

/** As `LabelChanges` offers them. */
export interface LabelDesk {
  /** Newest first. Throws RESOURCE_UNKNOWN. */
  list(resource: string): Promise<readonly LabelChange[]>;
  revert(by: Principal, changeId: string, note: string): Promise<LabelChange>;
}

/** As `GrantService` offers them. */
export interface GrantDesk {
  offersTo(principal: Principal): readonly GrantOffer[];
  ask(
    asker: Principal,
    wanted: { readonly name: string; readonly reason: string; readonly windowSeconds?: number | undefined },
  ): Promise<GrantView>;
  decide(
    by: Principal,
    id: string,
    decision: {
      readonly decision: 'granted' | 'refused';
      readonly note: string;
      readonly windowSeconds?: number | undefined;
    },
  ): Promise<GrantView>;
  revoke(by: Principal, id: string, note: string): Promise<GrantView>;
  show(viewer: Principal, id: string, options: { readonly seesAll: boolean }): Promise<GrantView>;
  list(
    viewer: Principal,
    filter: { readonly state: GrantView['state'] | null; readonly limit: number; readonly seesAll: boolean },
  ): Promise<readonly GrantView[]>;
  subscribe(listener: (view: GrantView, mayView: (viewer: Principal) => boolean) => void): () => void;
}

/** As `SessionHistory` offers them; `partyId` null means everybody's. */
export interface SessionArchive {
  list(filter: { readonly partyId: string | null; readonly limit: number }): Promise<readonly SessionView[]>;
  show(
    sessionId: string,
    options: { readonly partyId: string | null; readonly after?: number; readonly limit?: number },
  ): Promise<SessionDetail | null>;
  /** How the approval of a request was used; null when nothing on record says that it was. */
  useOf(requestId: string): Promise<ApprovalUse | null>;
}

/** As `EvidenceDesk` offers them. */
export interface EvidenceReadings {
  status(): EvidenceStatus;
  checkpoint(): string;
  inclusion(index: number): string;
  consistency(oldSize: number): string;
  tile(path: string): Promise<Uint8Array | ReadableStream<Uint8Array>>;
  bundle(session: { readonly sessionId: string; readonly openedAt: string }): Promise<ReadableStream<Uint8Array>>;
}

/** As `SealedStatements` offers it. */
export interface SealedDesk {
  /** The wrapped key of a session, once the record says who has it and why. Throws NOT_FOUND. */
  open(by: Principal, sessionId: string, reason: string): Promise<SessionKey>;
}

/** As `LegalHolds` offers them. */
export interface HoldDesk {
  place(by: Principal, on: HoldView['on'], reason: string): Promise<HoldView>;
  lift(by: Principal, holdId: string, reason: string): Promise<HoldView>;
  list(): Promise<readonly HoldView[]>;
}

/** As `LiveSessions` offers them. */
export interface LiveDesk {
  kill(by: Principal, sessionId: string, reason: string): Promise<KilledSession>;
  watch(by: Principal, sessionId: string): Promise<WatchSession>;
}

/** As `createIssuerEvents` makes it. */
export interface IssuerEventDesk {
  /** A logout token (OpenID Connect Back-Channel Logout 1.0). Throws NOT_FOUND, or EventRefused for what is no good. */
  logout(issuerName: string, logoutToken: string): Promise<void>;
  /** A security event token (RFC 8935), with the bearer token that came with it. Throws as `logout`. */
  push(issuerName: string, bearer: string | null, eventToken: string): Promise<void>;
}

/** A page of an auditor's answer: times in milliseconds since 1970, both inclusive; null: no bound. */
export type AuditPage = {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly before: number | null;
  readonly limit: number;
};

/** As `createAuditDesk` makes it. */
export interface AuditDesk {
  column(
    question: AuditPage & { readonly resource: string; readonly column: string; readonly uses: readonly ColumnUse[] },
  ): Promise<ColumnHistory>;
  /** Throws NOT_FOUND or USAGE for a name that is nobody's, or several principals'. */
  sessionsOf(
    question: AuditPage & {
      readonly party: string;
      readonly onBehalfOf: string | null;
      readonly resource: string | null;
      readonly seen: boolean;
    },
  ): Promise<SessionsOfParty>;
  held(question: AuditPage & { readonly resource: string | null }): Promise<HeldStatements>;
  firstSeen(about: OfWorkflow & { readonly column: string | null }): Promise<readonly FirstSeen[]>;
  kept(
    question: AuditPage & { readonly session: string | null; readonly resource: string | null },
  ): Promise<KeptSessions>;
}

/** Who looks, and whether as an auditor. */
export type Viewer = { readonly principal: Principal; readonly seesAll: boolean };
type OfWorkflow = { readonly workflow: string; readonly resource: string };

/** Workflows, plans and what planners see. Throws NOT_FOUND for what the viewer may not know of. */
export interface WorkflowDesk {
  list(viewer: Viewer): WorkflowView[];
  show(viewer: Viewer, about: OfWorkflow): Promise<WorkflowDetail>;
  propose(viewer: Viewer, about: OfWorkflow, wanted: z.output<typeof NewProposalSchema>): Promise<ProposalView>;
  decide(
    viewer: Viewer,
    about: OfWorkflow & { readonly proposalId: string },
    decision: {
      readonly decision: 'approved' | 'denied';
      readonly note: string;
      readonly hash?: string | undefined;
    },
  ): Promise<ProposalView>;
  revoke(viewer: Viewer, about: OfWorkflow, note: string): Promise<WorkflowView>;
  submitPlan(viewer: Viewer, wanted: z.output<typeof NewPlanSchema>): Promise<PlanView>;
  plans(viewer: Viewer): PlanView[];
  plan(viewer: Viewer, id: string): Promise<PlanView>;
  describe(viewer: Viewer, resource: string): Promise<SchemaView>;
}

/** The contract's RequestView, read-only. */
export type RequestRecord = { readonly [Key in keyof RequestView]: Frozen<RequestView[Key]> };
type Frozen<T> = T extends readonly (infer Member)[]
  ? readonly Frozen<Member>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type ControlDependencies = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly meta: Meta;
  readonly verifyToken: (token: string, presentation: Presentation) => Promise<TokenCheck>;
  /** What issuers push. */
  readonly issuerEvents: IssuerEventDesk;
  /** Tells of each revocation; streams of those whom it means end. */
  readonly onRevoked?: (listener: (revocation: Revocation) => void) => void;
  readonly listResources: (principal: Principal) => readonly ResourceView[] | Promise<readonly ResourceView[]>;
  /** Tunnel profiles for the principal's groups, without tunnels that policy refuses it. */
  readonly listProfiles: (principal: Principal) => Promise<readonly OfferedProfile[]>;
  /** Throws RESOURCE_UNKNOWN or REFUSED_BY_POLICY. */
  readonly mintSession: (
    principal: Principal,
    wanted: {
      readonly resource: string;
      readonly application: string;
      readonly terms: SessionTerms;
      readonly signIn: SignIn;
      readonly tokenExpiresAtMs: number;
    },
  ) => Promise<MintedSession>;
  /** Throws SESSION_ENDED or REFUSED_BY_POLICY. */
  readonly renewSession: (
    principal: Principal,
    wanted: { readonly sessionId: string; readonly signIn: SignIn; readonly tokenExpiresAtMs: number },
  ) => Promise<RenewedSession>;
  readonly explain: (
    principal: Principal,
    asked: { readonly resource: string; readonly statement: string },
  ) => Promise<Why>;
  /** Throws RESOURCE_UNKNOWN. */
  readonly listFunctions: (
    principal: Principal,
    asked: { readonly resource: string; readonly builtIns: boolean },
  ) => Promise<readonly FunctionView[]>;
  readonly requests: RequestDesk;
  readonly labelChanges: LabelDesk;
  readonly grants: GrantDesk;
  readonly sessions: SessionArchive;
  readonly audit: AuditDesk;
  readonly live: LiveDesk;
  readonly evidence: EvidenceReadings;
  readonly sealed: SealedDesk;
  readonly holds: HoldDesk;
  readonly workflows: WorkflowDesk;
  /** Groups whose members see every session and request. They decide about none by it. */
  readonly auditorGroups?: readonly string[];
  /** Values of the Host header that are served, lower case, with port; all when absent. Keeps rebound names out. */
  readonly allowedHosts?: readonly string[];
  /** Told of errors that are ours: the answer itself says only INTERNAL. */
  readonly onDefect: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
};

/** Groups whose members may take labels back. */
export const ADMIN_GROUPS: readonly string[] = ['admin'];
export const DEFAULT_AUDITOR_GROUPS: readonly string[] = ['admin', 'auditor'];
