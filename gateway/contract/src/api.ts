/**
 * The gateway's API, `/api/v1`: JSON over HTTPS on the tunnel port (ALPN `http/1.1`), bearer access token.
 * Errors are problem+json (RFC 9457) with our code. One schema an answer; server and client both import it.
 */
import { z } from 'zod';
import {
  ActorSchema,
  EffectSchema,
  FlowViewSchema,
  LabelledColumnSchema,
  LabelSchema,
  PrincipalSchema,
  ReasonSchema,
} from './vocabulary.ts';

/** Largest bound on rows. */
export const MAX_ROW_BOUND = 1_000_000_000;

const Instant = z.iso.datetime();

export const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  remedy: z.string(),
});
export type Problem = z.infer<typeof ProblemSchema>;

/** `GET /api/v1/meta`, without a token: what a client needs in order to sign in. */
export const MetaSchema = z.object({
  version: z.string(),
  issuers: z.array(
    z.object({
      name: z.string(),
      issuer: z.string(),
      clientId: z.string(),
      audience: z.string(),
      scopes: z.array(z.string()),
      /** Whether tokens may, or have to, be bound to a key or certificate of their holder; older gateways say nothing and accept none that are. */
      binding: z.enum(['none', 'accepted', 'required']).default('none'),
    }),
  ),
  tunnel: z.object({ alpn: z.string() }),
});
export type Meta = z.infer<typeof MetaSchema>;

/** `GET /api/v1/whoami` */
export const WhoamiSchema = z.object({ principal: PrincipalSchema, tokenExpiresAt: Instant });
export type Whoami = z.infer<typeof WhoamiSchema>;

/** `GET /api/v1/resources` → `{ resources: [...] }` */
export const ResourceViewSchema = z.object({
  name: z.string(),
  protocol: z.enum(['postgres', 'mysql', 'http', 'ssh']),
  database: z.string().nullable(),
  /** Whether policy lets this principal open a session on it now. */
  connect: EffectSchema,
});
export type ResourceView = z.infer<typeof ResourceViewSchema>;
export const ResourceListSchema = z.object({ resources: z.array(ResourceViewSchema) });

/** `POST /api/v1/sessions` mints a session secret: the database password of an ordinary client, for one principal and resource. */
export const NewSessionSchema = z.strictObject({
  resource: z.string().min(1).max(200),
  application: z.string().max(200).default(''),
  /** The workflow that it is to be a run of: only flows of its baseline run unasked. */
  workflow: z.string().min(1).max(200).nullable().default(null),
  /** The plan whose statements are to be run: others are held. */
  plan: z.string().min(1).max(100).nullable().default(null),
});
export const MintedSessionSchema = z.object({
  sessionId: z.string(),
  resource: z.string(),
  protocol: z.enum(['postgres', 'mysql', 'http', 'ssh']),
  /** User name for the program: `resource.sessionId` on native endpoints (so that SCRAM finds the secret); the plain resource name also works. */
  username: z.string(),
  database: z.string(),
  /** 128 random bits, base64url. Shown once. */
  secret: z.string(),
  expiresAt: Instant,
  /** Native endpoint, when one listens. */
  native: z.object({ host: z.string(), port: z.number().int() }).nullable(),
});
export type MintedSession = z.infer<typeof MintedSessionSchema>;
/**
 * `POST /api/v1/sessions/:id/renew`: with a newer token of the same principal, the same secret lives on; not beyond
 * `limits.sessionSeconds` from when it was minted.
 */
export const RenewSessionSchema = z.strictObject({});
export const RenewedSessionSchema = z.object({ sessionId: z.string(), expiresAt: Instant });
export type RenewedSession = z.infer<typeof RenewedSessionSchema>;

export const SessionViewSchema = z.object({
  sessionId: z.string(),
  principal: PrincipalSchema,
  resource: z.string(),
  protocol: z.string(),
  application: z.string(),
  from: z.string(),
  via: z.enum(['native', 'tunnel']),
  openedAt: Instant,
  closedAt: Instant.nullable(),
  closeReason: z.string().nullable(),
  statements: z.number().int(),
  highestLabel: LabelSchema,
  /** The workflow that it was a run of. */
  workflow: z.string().nullable().default(null),
  /** The plan that it was bound to, and the chain of who made that. */
  plan: z.object({ id: z.string(), by: PrincipalSchema }).nullable().default(null),
  /** Sequence in the log of `session.opened`, and of `session.closed` or the start that found it cut off. */
  openedEntry: z.number().int().nullable().default(null),
  closedEntry: z.number().int().nullable().default(null),
});
export type SessionView = z.infer<typeof SessionViewSchema>;
/** `GET /api/v1/sessions?limit=` → newest first. */
export const SessionListSchema = z.object({ sessions: z.array(SessionViewSchema) });

/**
 * What became of a statement. `held`: it waited, and did not run itself; `denied` and `expired` say why for good. `running`:
 * it was let run, and its session is open. `unknown`: it was let run, its session is over, and nothing says how it ended; it
 * may have taken effect, and is never run again by itself.
 */
export const StatementOutcomeSchema = z.enum([
  'ran',
  'failed',
  'held',
  'denied',
  'expired',
  'refused',
  'running',
  'unknown',
]);
export type StatementOutcome = z.infer<typeof StatementOutcomeSchema>;

/** The statement that used an approval: it need not be the one that asked. */
export const ApprovalUseSchema = z.object({
  sessionId: z.string(),
  statementId: z.number().int(),
  outcome: StatementOutcomeSchema,
});
export type ApprovalUse = z.infer<typeof ApprovalUseSchema>;

/** One vote on a request; `sequence` is its entry in the log, `waitedMs` counts from the hold. */
export const RequestDecisionSchema = z.object({
  ...{ sequence: z.number().int(), at: Instant, waitedMs: z.number(), by: ActorSchema },
  ...{ decision: z.enum(['approved', 'denied']), note: z.string() },
});
export type RequestDecision = z.infer<typeof RequestDecisionSchema>;

/** `consumed`: approved, and used. */
export const RequestOutcomeSchema = z.enum(['pending', 'approved', 'denied', 'expired', 'consumed']);
export type RequestOutcome = z.infer<typeof RequestOutcomeSchema>;

/** What came of the request of a held statement. */
export const RequestHistorySchema = z.object({
  decisions: z.array(RequestDecisionSchema),
  outcome: RequestOutcomeSchema,
  /** The entry that made it so; null while it is pending. */
  outcomeEntry: z.number().int().nullable(),
  /** From the hold to the last decision, or its expiry; null while it is pending. */
  waitedMs: z.number().nullable(),
  /** Null also where a bundle was read that does not hold the session of that statement. */
  consumedBy: ApprovalUseSchema.nullable(),
});
export type RequestHistory = z.infer<typeof RequestHistorySchema>;

export const StatementViewSchema = z.object({
  statementId: z.number().int(),
  at: Instant,
  text: z.string(),
  effect: EffectSchema,
  reasons: z.array(ReasonSchema),
  flows: z.array(FlowViewSchema),
  requestId: z.string().nullable(),
  tag: z.string().nullable(),
  rows: z.number().int(),
  maskedCells: z.number().int(),
  durationUs: z.number().int().nullable(),
  error: z.string().nullable(),
  /** What the principal saw: masked, bounded. */
  columns: z.array(z.object({ name: z.string(), masked: z.boolean() })),
  seen: z.array(z.array(z.string().nullable())),
  /** True when more rows went out than `seen` keeps. */
  truncated: z.boolean(),
  /** Sequence in the log of `statement.decided` (the last) and `statement.completed`. */
  decidedEntry: z.number().int().nullable().default(null),
  completedEntry: z.number().int().nullable().default(null),
  outcome: StatementOutcomeSchema.optional(),
  /** Of one that was held, or that used an approval; null for others. */
  request: RequestHistorySchema.nullable().default(null),
});
export type StatementView = z.infer<typeof StatementViewSchema>;
/** `GET /api/v1/sessions/:id` */
export const SessionDetailSchema = z.object({ session: SessionViewSchema, statements: z.array(StatementViewSchema) });
export type SessionDetail = z.infer<typeof SessionDetailSchema>;

/** `POST /api/v1/why` */
export const WhyRequestSchema = z.strictObject({ resource: z.string().max(200), statement: z.string().max(262_144) });
/** A column of a statement with where its label is from: `labels.csv:12`, or in words. */
export const WhyColumnSchema = LabelledColumnSchema.extend({ origins: z.array(z.string()) });
export type WhyColumn = z.infer<typeof WhyColumnSchema>;
/** What would become of one statement. */
export const WhyStatementSchema = z.object({
  text: z.string(),
  /** Where it begins in the text that was asked about; lines count from 1. */
  line: z.number().int(),
  /** The grammar's name. */
  kind: z.string(),
  effect: EffectSchema,
  /** Of everything that is masked, held, refused or spent, the strongest first. */
  reasons: z.array(ReasonSchema),
  /** What is permitted, and by which policy. */
  permitted: z.array(ReasonSchema),
  flows: z.array(FlowViewSchema),
  columns: z.array(WhyColumnSchema),
  /** Types of $1, $2 …, as the database resolved them. */
  parameters: z.array(z.string()),
});
export type WhyStatement = z.infer<typeof WhyStatementSchema>;
/** `effect`, `reasons` and `flows` are those of all statements together: the strongest effect counts. Gateways before 0.2 send no `statements`. */
export const WhySchema = z.object({
  effect: EffectSchema,
  reasons: z.array(ReasonSchema),
  flows: z.array(FlowViewSchema),
  policyVersion: z.string(),
  statements: z.array(WhyStatementSchema).optional(),
});
export type Why = z.infer<typeof WhySchema>;

/** A function of a database, and how a statement that calls it is judged. */
export const FunctionViewSchema = z.object({
  /** `schema.name(types)`, as `functions` in the configuration spells it. */
  signature: z.string(),
  kind: z.enum(['function', 'procedure', 'aggregate', 'window']),
  language: z.string(),
  /** Name and version of the extension that owns it. */
  extension: z.string().nullable(),
  securityDefiner: z.boolean(),
  returnsSet: z.boolean(),
  judged: z.enum(['analysed', 'reviewed', 'declared', 'refused']),
  /** Whether a call may raise by the values that it is given or reads. */
  raises: z.boolean(),
  reason: z.string(),
  /** Columns that a call reads, whatever it is given. */
  reads: z.array(LabelledColumnSchema),
  /** Places that a call writes to. */
  writes: z.array(z.string()),
  /** What `functions[].definition` in the configuration has to say; null where no declaration is needed. */
  definition: z.string().nullable(),
});
export type FunctionView = z.infer<typeof FunctionViewSchema>;
/** `GET /api/v1/resources/:name/functions?builtIns=true`; for administrators and auditors. */
export const FunctionListSchema = z.object({ functions: z.array(FunctionViewSchema) });

/** A table that a held statement touches, and what the dry run changed in it. */
export const PreviewTableSchema = z.object({
  schema: z.string(),
  table: z.string(),
  access: z.enum(['read', 'write']),
  /** Rows that the dry run changed here, triggers and cascades included; null without a dry run. */
  rowsChanged: z.number().int().nullable(),
});

/** What a held statement would do, as the gateway found by itself. Nothing in it is the asker's word. */
export const EffectPreviewSchema = z.object({
  tables: z.array(PreviewTableSchema),
  /** By the planner of the database; null when it could not be asked. */
  estimatedRows: z.number().nullable(),
  /** Rows that it changed when it was run and rolled back. Null: it was not, and `whyNoDryRun` says why. */
  dryRunRows: z.number().int().nullable(),
  whyNoDryRun: z.string().nullable(),
  /** Some of the rows that the dry run wrote. Cells of classified columns hold null and are named in `masked`. */
  sample: z
    .object({
      table: z.string(),
      columns: z.array(z.object({ name: z.string(), masked: z.boolean() })),
      rows: z.array(z.array(z.string().nullable())),
      truncated: z.boolean(),
    })
    .nullable(),
});
export type EffectPreview = z.infer<typeof EffectPreviewSchema>;

export const RequestViewSchema = z.object({
  id: z.string(),
  state: RequestOutcomeSchema,
  bindingHash: z.string(),
  resource: z.string(),
  sessionId: z.string(),
  asker: PrincipalSchema,
  statement: z.string(),
  flows: z.array(FlowViewSchema),
  reasons: z.array(ReasonSchema),
  label: LabelSchema,
  createdAt: Instant,
  expiresAt: Instant,
  decidedBy: PrincipalSchema.nullable(),
  decidedAt: Instant.nullable(),
  note: z.string(),
  /** What the asker says about it: its own words, to be shown as a quotation and apart from the rest. */
  quotation: z.string().nullable().default(null),
  /** Whether the rows that it changes can be counted, and so bounded by `maxRows`. */
  countsRows: z.boolean().default(false),
  /** Most rows that it may change; with more it is rolled back. Null: no bound. */
  rowBound: z.number().int().nullable().default(null),
  approvalsNeeded: z.number().int().default(1),
  /** How many have approved it so far. */
  approvals: z.number().int().default(0),
  notBefore: Instant.nullable().default(null),
  /** What was approved: the binding, the bound on rows, the time, the approvers. docs/approvals.md */
  approvalHash: z.string().nullable().default(null),
  /** For those who decide and for auditors; null for the asker, whom it could tell what masks withhold. */
  preview: EffectPreviewSchema.nullable().default(null),
  /** Of one request that was asked for by its id: how it was used. Null: nothing on record says so, and nothing was sent. */
  use: ApprovalUseSchema.nullable().optional(),
});
export type RequestView = z.infer<typeof RequestViewSchema>;
/** `GET /api/v1/requests?state=pending`, `GET /api/v1/requests/:id`, `POST /api/v1/requests/:id/approve|deny`; `GET /api/v1/requests/events` streams each change as SSE `event: request`, data RequestView. */
/** `GET /api/v1/resources/:name/label-changes`, `POST /api/v1/label-changes/:id/revert`; for administrators. */
export const LabelChangeSchema = z.object({
  id: z.string(),
  resource: z.string(),
  state: z.enum(['live', 'reverted']),
  at: Instant,
  requestId: z.string(),
  sessionId: z.string(),
  statementId: z.number().int(),
  asker: PrincipalSchema,
  columns: z.array(
    z.object({
      column: z.string(),
      before: LabelSchema.nullable(),
      after: LabelSchema,
      category: z.string().nullable(),
      sources: z.array(z.string()),
      /** Set when its name proposed the label; else it is that of the sources. */
      cause: z.literal('name').optional(),
    }),
  ),
  revertedBy: PrincipalSchema.nullable(),
  revertedAt: Instant.nullable(),
  note: z.string(),
});
export type LabelChange = z.infer<typeof LabelChangeSchema>;
export const LabelChangeListSchema = z.object({ labelChanges: z.array(LabelChangeSchema) });
export const RevertLabelsSchema = z.strictObject({ note: z.string().min(1).max(2_000) });

export const GRANT_STATES = ['asked', 'granted', 'refused', 'lapsed', 'ended', 'revoked'] as const;
/** Access for a window of time, asked for and granted by another person. */
export const GrantViewSchema = z.object({
  id: z.string(),
  state: z.enum(GRANT_STATES),
  name: z.string(),
  /** Null: every resource. */
  resource: z.string().nullable(),
  /** The group that policy sees the grantee in while the window is open. */
  group: z.string(),
  asker: PrincipalSchema,
  /** In the asker's words. */
  reason: z.string(),
  windowSeconds: z.number().int(),
  granterGroups: z.array(z.string()),
  grantsNeeded: z.number().int(),
  grants: z.number().int(),
  askedAt: Instant,
  askExpiresAt: Instant,
  grantedAt: Instant.nullable(),
  endsAt: Instant.nullable(),
  decidedBy: PrincipalSchema.nullable(),
  revokedBy: PrincipalSchema.nullable(),
  note: z.string(),
});
export type GrantView = z.infer<typeof GrantViewSchema>;
/** `GET /api/v1/grants?state=`, newest first; `GET /api/v1/grants/:id`; `GET /api/v1/grants/offers`: what may be asked for; `GET /api/v1/grants/events` streams each change as SSE `event: grant`, data GrantView. */
export const GrantListSchema = z.object({ grants: z.array(GrantViewSchema) });
export const GrantOfferSchema = z.object({
  name: z.string(),
  resource: z.string().nullable(),
  group: z.string(),
  granterGroups: z.array(z.string()),
  longestSeconds: z.number().int(),
});
export const GrantOfferListSchema = z.object({ offers: z.array(GrantOfferSchema) });
export type GrantOffer = z.infer<typeof GrantOfferSchema>;
/** `POST /api/v1/grants` */
export const AskGrantSchema = z.strictObject({
  name: z.string().min(1).max(200),
  reason: z.string().min(1).max(2_000),
  /** The longest that is offered, unless given. */
  windowSeconds: z.int().min(1).optional(),
});
/** `POST /api/v1/grants/:id/grant|refuse|revoke` */
export const DecideGrantSchema = z.strictObject({
  note: z.string().max(2_000).default(''),
  /** A shorter window than was asked for. */
  windowSeconds: z.int().min(1).optional(),
});

export const RequestListSchema = z.object({ requests: z.array(RequestViewSchema) });
export const DecideSchema = z.strictObject({
  note: z.string().max(2_000).default(''),
  bindingHash: z.string().optional(),
  /** Of an approval: most rows that the statement may change; with more it is rolled back. */
  maxRows: z.int().min(0).max(MAX_ROW_BOUND).optional(),
});

/** A witness or an anchor of the record. */
export const WitnessViewSchema = z.object({
  name: z.string(),
  kind: z.enum(['witness', 'anchor']),
  /** `contradicted`: it saw another log, or more of this one. */
  state: z.enum(['waiting', 'witnessed', 'failing', 'contradicted']),
  /** Entries that it has confirmed. */
  entries: z.number().int(),
  confirmedAt: Instant.nullable(),
  message: z.string(),
});
/**
 * `GET /api/v1/evidence`, for administrators and auditors. Beside it, as text: `GET /api/v1/evidence/checkpoint`, for
 * everybody who is signed in; and for administrators and auditors `GET /api/v1/evidence/inclusion?index=`
 * (c2sp.org/tlog-proof), `GET /api/v1/evidence/consistency?old=` (the body of tlog-witness), and as bytes
 * `GET /api/v1/evidence/tile/…` (c2sp.org/tlog-tiles). `GET /api/v1/sessions/:id/bundle` is a session bundle
 * (docs/evidence-format.md), for whoever may read the session.
 */
export const EvidenceStatusSchema = z.object({
  /** Name of the log, and verifier keys of its checkpoints. */
  origin: z.string(),
  keys: z.array(z.string()),
  /** `broken`: the log is not the one that was signed; nothing is signed any more. */
  state: z.enum(['signing', 'failing', 'broken']),
  message: z.string(),
  /** Entries on the disk, and those that the newest checkpoint covers. */
  entries: z.number().int(),
  signedEntries: z.number().int(),
  /** The newest signed note, and the newest that a witness cosigned. */
  checkpoint: z.string().nullable(),
  witnessed: z.string().nullable(),
  witnesses: z.array(WitnessViewSchema),
});
export type EvidenceStatus = z.infer<typeof EvidenceStatusSchema>;

/** `GET /api/v1/holds` → `{ holds: [...] }`, for administrators and auditors; the newest thousand. */
export const HoldViewSchema = z.object({
  holdId: z.string(),
  on: z.object({ kind: z.enum(['session', 'principal', 'resource']), target: z.string() }),
  by: PrincipalSchema,
  reason: z.string(),
  placedAt: Instant,
  liftedAt: Instant.nullable(),
});
export type HoldView = z.infer<typeof HoldViewSchema>;
export const HoldListSchema = z.object({ holds: z.array(HoldViewSchema) });
const HoldReason = z.string().trim().min(1).max(1_000);
/** `POST /api/v1/holds`, for administrators: what it covers does not expire. `principal` is `issuer|subject`. */
export const NewHoldSchema = z.strictObject({
  on: z.strictObject({ kind: z.enum(['session', 'principal', 'resource']), target: z.string().min(1).max(1_000) }),
  reason: HoldReason,
});
/** `POST /api/v1/holds/:id/lift`, for administrators. */
export const LiftHoldSchema = z.strictObject({ reason: HoldReason });

/** `POST /api/v1/sessions/:id/open`, for administrators and auditors: the session's wrapped key, once that is on record. */
export const OpenSessionSchema = z.strictObject({ reason: z.string().trim().min(1).max(1_000) });
/** The same as the file that the gateway keeps (docs/evidence-format.md, "Sealed statements"). */
export const SessionKeySchema = z.object({
  sluice: z.literal('session-key'),
  version: z.literal(1),
  logId: z.string(),
  sessionId: z.string(),
  /** Hex. */
  commitment: z.string(),
  wrapped: z.array(
    z.object({ recipient: z.string(), publicKey: z.string(), encapsulated: z.string(), ciphertext: z.string() }),
  ),
});
export type SessionKey = z.infer<typeof SessionKeySchema>;
