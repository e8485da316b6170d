/**
 * The part of the API about workflows, their baselines, and plans (docs/workflows.md).
 */
import { z } from 'zod';
import { EffectSchema, LabelledColumnSchema, LabelSchema, PrincipalSchema } from './vocabulary.ts';

const Instant = z.iso.datetime();
const Note = z.string().max(2_000).default('');
const Name = z.string().min(1).max(200);

const FlowEndSchema = z.object({
  /** `schema.table.column`, as it is called now. */
  name: z.string(),
  /** Null for a place that is no column yet. */
  column: LabelledColumnSchema.nullable(),
});

/** From a column to an answer, a use, or a written column. */
export const BaselineFlowViewSchema = z.object({
  id: z.string(),
  kind: z.enum(['output', 'shaping', 'faultable', 'write']),
  /** Of an output: masked. A baseline that has it unmasked covers it, too. */
  masked: z.boolean(),
  source: FlowEndSchema.nullable(),
  target: FlowEndSchema.nullable(),
  label: LabelSchema,
  /** `shop.customers.ssn (regulated, pii.ssn) → reporting.daily.note` */
  words: z.string(),
});
export type BaselineFlowView = z.infer<typeof BaselineFlowViewSchema>;

export const SeenFlowViewSchema = BaselineFlowViewSchema.extend({
  /** Whether the baseline in force has it. */
  approved: z.boolean(),
  firstSeen: z.object({
    at: Instant,
    sessionId: z.string(),
    statementId: z.number().int(),
    principal: PrincipalSchema,
    plan: z.object({ id: z.string(), by: PrincipalSchema }).nullable(),
    /** What became of the statement: held, by policy or for being outside of a plan or baseline, or not. */
    effect: EffectSchema,
  }),
});
export type SeenFlowView = z.infer<typeof SeenFlowViewSchema>;

export const ProposalViewSchema = z.object({
  id: z.string(),
  workflow: z.string(),
  resource: z.string(),
  state: z.enum(['pending', 'approved', 'denied', 'expired', 'superseded']),
  /** Of what is decided about; sent back with the decision, it makes sure that it is about what was shown. */
  hash: z.string(),
  label: LabelSchema,
  flows: z.array(BaselineFlowViewSchema),
  /** Ids of flows that the baseline in force at that time did not have, or had with a lower label; and that it had. */
  added: z.array(z.string()),
  removed: z.array(BaselineFlowViewSchema),
  by: PrincipalSchema,
  note: z.string(),
  at: Instant,
  expiresAt: Instant,
  approvals: z.number().int(),
  approvalsNeeded: z.number().int(),
  decisions: z.array(
    z.object({ decision: z.enum(['approved', 'denied']), by: PrincipalSchema, at: Instant, note: z.string() }),
  ),
});
export type ProposalView = z.infer<typeof ProposalViewSchema>;

export const BaselineVersionViewSchema = z.object({
  version: z.number().int(),
  proposalId: z.string(),
  flows: z.array(BaselineFlowViewSchema),
  proposedBy: PrincipalSchema,
  approvedBy: z.array(PrincipalSchema),
  approvedAt: Instant,
  note: z.string(),
  revoked: z.object({ at: Instant, by: PrincipalSchema, note: z.string() }).nullable(),
});
export type BaselineVersionView = z.infer<typeof BaselineVersionViewSchema>;

export const WorkflowViewSchema = z.object({
  workflow: z.string(),
  resource: z.string(),
  /** `learning`: flows are noted, none is held. `holding`: none was approved yet, so each is held. */
  state: z.enum(['learning', 'holding', 'enforced', 'revoked']),
  /** Of the newest baseline, in force or revoked. */
  version: z.number().int().nullable(),
  approvedFlows: z.number().int(),
  seenFlows: z.number().int(),
  /** Seen and not approved. */
  newFlows: z.number().int(),
  pendingProposals: z.number().int(),
});
export type WorkflowView = z.infer<typeof WorkflowViewSchema>;
/** `GET /api/v1/workflows` */
export const WorkflowListSchema = z.object({ workflows: z.array(WorkflowViewSchema) });

/** `GET /api/v1/workflows/:workflow/:resource` */
export const WorkflowDetailSchema = z.object({
  workflow: WorkflowViewSchema,
  /** Everything that its runs have ever brought, the earliest first. */
  seen: z.array(SeenFlowViewSchema),
  /** The newest first. */
  versions: z.array(BaselineVersionViewSchema),
  proposals: z.array(ProposalViewSchema),
});
export type WorkflowDetail = z.infer<typeof WorkflowDetailSchema>;

/** `POST /api/v1/workflows/:workflow/:resource/proposals` → ProposalView */
export const NewProposalSchema = z.strictObject({
  /** Flows by id; `learned`: all that were brought in by a statement that was not held. */
  add: z.union([z.literal('learned'), z.array(z.string().max(100)).max(5_000)]).default([]),
  remove: z.array(z.string().max(100)).max(5_000).default([]),
  /** Start from this version instead of the one in force. */
  version: z.number().int().min(1).nullable().default(null),
  note: Note,
});
export type NewProposal = z.input<typeof NewProposalSchema>;

/** `POST /api/v1/workflows/:workflow/:resource/proposals/:id/approve|deny` → ProposalView */
export const DecideProposalSchema = z.strictObject({ note: Note, hash: z.string().optional() });
/** `POST /api/v1/workflows/:workflow/:resource/revoke` → WorkflowView */
export const RevokeBaselineSchema = z.strictObject({ note: Note });

/** Most statements of one plan. */
export const MAX_PLAN_STATEMENTS = 500;

/** `POST /api/v1/plans` → PlanView. `text`: SQL, split by the gateway into its statements. */
export const NewPlanSchema = z.strictObject({
  resource: Name,
  workflow: Name.nullable().default(null),
  text: z.string().min(1).max(262_144),
  note: Note,
  /** How long it may be run, milliseconds. */
  lifeMs: z
    .number()
    .int()
    .min(1_000)
    .max(7 * 24 * 60 * 60_000)
    .default(24 * 60 * 60_000),
});
export type NewPlan = z.input<typeof NewPlanSchema>;

/** `GET /api/v1/plans/:id` */
export const PlanViewSchema = z.object({
  id: z.string(),
  resource: z.string(),
  workflow: z.string().nullable(),
  statements: z.array(z.string()),
  by: PrincipalSchema,
  note: z.string(),
  submittedAt: Instant,
  expiresAt: Instant,
});
export type PlanView = z.infer<typeof PlanViewSchema>;
/** `GET /api/v1/plans` → newest first. */
export const PlanListSchema = z.object({ plans: z.array(PlanViewSchema) });

/** `GET /api/v1/resources/:name/schema`: what a planner sees of a database. */
export const SchemaViewSchema = z.object({
  resource: z.string(),
  tables: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      kind: z.enum(['table', 'view', 'materialized view', 'foreign table']),
      /** `label` null for views: what is read through one has the labels of the tables below. */
      columns: z.array(z.object({ name: z.string(), label: LabelSchema.nullable(), category: z.string().nullable() })),
    }),
  ),
});
export type SchemaView = z.infer<typeof SchemaViewSchema>;
