/**
 * The part of the API that answers auditors: `GET /api/v1/audit/…`, for administrators and auditors (docs/auditing.md).
 * Each answer is one page, newest first; `next` asks for the one behind it (`before=`), null when there is none. Numbers
 * called `sequence` or `…Entry` are those of entries of the log, by which an answer is proved.
 */
import { z } from 'zod';
import { RequestHistorySchema, SessionViewSchema, StatementOutcomeSchema, StatementViewSchema } from './api.ts';
import { EffectSchema, FlowViewSchema, LabelSchema, PrincipalSchema, ReasonSchema } from './vocabulary.ts';

const Instant = z.iso.datetime();
const Sequence = z.number().int();

/**
 * How a statement used a column: returned as it is, returned masked, tested (it decided which rows, or could raise),
 * copied to another column, written.
 */
export const COLUMN_USES = ['raw', 'masked', 'tested', 'copied', 'written'] as const;
export const ColumnUseSchema = z.enum(COLUMN_USES);
export type ColumnUse = z.infer<typeof ColumnUseSchema>;

/** A statement as answers cite it. */
export const CitedStatementSchema = z.object({
  /** Of its `statement.decided`. */
  sequence: Sequence,
  at: Instant,
  sessionId: z.string(),
  statementId: z.number().int(),
  principal: PrincipalSchema.nullable(),
  resource: z.string().nullable(),
  text: z.string(),
  effect: EffectSchema,
  outcome: StatementOutcomeSchema,
  requestId: z.string().nullable(),
  /** Of its `statement.completed`. */
  completedEntry: Sequence.nullable(),
  /** The protocol's own word for what was done, with its count; null without an end. */
  tag: z.string().nullable(),
  /** Rows that went out. */
  rows: z.number().int(),
  maskedCells: z.number().int(),
  error: z.string().nullable(),
});
export type CitedStatement = z.infer<typeof CitedStatementSchema>;

export const ColumnTouchSchema = CitedStatementSchema.extend({
  uses: z.array(ColumnUseSchema),
  /** True of a statement that was not understood and ran all the same: it may have used any column. */
  anyColumn: z.boolean(),
  /** Set when the statement itself brings values of the column, or to it: how they are known, in words. */
  brings: z.array(z.string()).optional(),
});
export type ColumnTouch = z.infer<typeof ColumnTouchSchema>;

/** `GET /api/v1/audit/columns?resource=&column=&use=&since=&until=&before=&limit=` */
export const ColumnHistorySchema = z.object({ touches: z.array(ColumnTouchSchema), next: Sequence.nullable() });
export type ColumnHistory = z.infer<typeof ColumnHistorySchema>;

/**
 * `GET /api/v1/audit/sessions?party=&onBehalfOf=&resource=&seen=&since=&until=&before=&limit=`: what somebody did, or saw.
 * `party` and `onBehalfOf` are `issuer|subject`, or the subject alone where that means one: sessions in whose chain
 * `party` is, after `onBehalfOf`. `before` and `next` are entries `session.opened`.
 */
export const AuditedSessionSchema = z.object({
  session: SessionViewSchema,
  /** The first of them. Without `seen=true` without rows. */
  statements: z.array(StatementViewSchema),
  /** There are more: `GET /api/v1/sessions/:id?after=`. */
  more: z.boolean(),
});
export type AuditedSession = z.infer<typeof AuditedSessionSchema>;
export const SessionsOfPartySchema = z.object({
  party: z.string(),
  onBehalfOf: z.string().nullable(),
  sessions: z.array(AuditedSessionSchema),
  next: Sequence.nullable(),
});
export type SessionsOfParty = z.infer<typeof SessionsOfPartySchema>;

/** `GET /api/v1/audit/holds?resource=&since=&until=&before=&limit=`: statements that were held. Waits in milliseconds. */
export const HeldStatementSchema = z.object({
  requestId: z.string(),
  /** Of `request.created`. */
  sequence: Sequence,
  at: Instant,
  sessionId: z.string(),
  statementId: z.number().int(),
  principal: PrincipalSchema.nullable(),
  resource: z.string().nullable(),
  /** Null once its session has expired. */
  statement: z.string().nullable(),
  ...RequestHistorySchema.shape,
});
export type HeldStatement = z.infer<typeof HeldStatementSchema>;
export const HeldStatementsSchema = z.object({ held: z.array(HeldStatementSchema), next: Sequence.nullable() });
export type HeldStatements = z.infer<typeof HeldStatementsSchema>;

/**
 * `GET /api/v1/audit/workflow?workflow=&resource=&column=`: who first brought a column into a workflow, oldest first;
 * without a column, every flow.
 */
export const FirstSeenSchema = z.object({
  /** Of `workflow.flows-first-seen`. */
  ...{ sequence: Sequence, at: Instant, sessionId: z.string(), statementId: z.number().int() },
  principal: PrincipalSchema,
  plan: z.object({ id: z.string(), by: PrincipalSchema }).nullable(),
  effect: EffectSchema,
  flow: z.object({ id: z.string(), masked: z.boolean(), label: LabelSchema, words: z.string() }),
  /** The first baseline with this flow, and the last approval that it needed. */
  approved: z
    .object({ version: z.number().int(), sequence: Sequence, at: Instant, by: PrincipalSchema, note: z.string() })
    .nullable(),
});
export type FirstSeen = z.infer<typeof FirstSeenSchema>;
export const FirstSeenListSchema = z.object({ firstSeen: z.array(FirstSeenSchema) });

/**
 * `GET /api/v1/audit/retention?session=&resource=&since=&until=&before=&limit=`: what is kept how long, and why. `before`
 * and `next` are entries `session.opened`.
 */
export const KeptSessionSchema = z.object({
  session: SessionViewSchema,
  state: z.enum(['open', 'kept', 'held', 'due', 'expired']),
  /** Of its label, as configured now; a session is kept so long after its end. */
  retentionMs: z.number(),
  keptUntil: Instant.nullable(),
  /** The first statement that touched what its label is from, when one session is asked for. */
  because: z.object({ sequence: Sequence, statementId: z.number().int() }).nullable(),
  /** Legal holds in force. */
  holds: z.array(
    z.object({
      ...{ holdId: z.string(), sequence: Sequence.nullable(), placedAt: Instant },
      ...{ by: PrincipalSchema, reason: z.string() },
    }),
  ),
  expiredAt: Instant.nullable(),
  /** Of `session.expired`. */
  expiredEntry: Sequence.nullable(),
});
export type KeptSession = z.infer<typeof KeptSessionSchema>;
export const KeptSessionsSchema = z.object({ sessions: z.array(KeptSessionSchema), next: Sequence.nullable() });
export type KeptSessions = z.infer<typeof KeptSessionsSchema>;

const Statement = { statementId: z.number().int() };
const OnRecord = { sequence: Sequence, at: Instant };
/**
 * `GET /api/v1/sessions/:id/events`: a session as it happens, as server-sent events; `event` is the kind, `data` the rest.
 * For whoever may read the session, and on record (`session.watched`). Rows may be left out when they come too fast:
 * `completed` says how many there were.
 */
export const WatchEventSchema = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('statement'), ...OnRecord, ...Statement, text: z.string(), effect: EffectSchema },
    ...{ reasons: z.array(ReasonSchema), flows: z.array(FlowViewSchema), requestId: z.string().nullable() },
  }),
  z.object({
    ...{ kind: z.literal('columns'), ...Statement },
    columns: z.array(z.object({ name: z.string(), masked: z.boolean() })),
  }),
  z.object({ kind: z.literal('rows'), ...Statement, rows: z.array(z.array(z.string().nullable())) }),
  z.object({
    ...{ kind: z.literal('completed'), ...OnRecord, ...Statement, tag: z.string(), rows: z.number().int() },
    ...{ maskedCells: z.number().int(), durationUs: z.number(), error: z.string().nullable() },
  }),
  z.object({ kind: z.literal('closed'), ...OnRecord, reason: z.string() }),
]);
export type WatchEvent = z.infer<typeof WatchEventSchema>;

/** `POST /api/v1/sessions/:id/kill`, for administrators. */
export const KillSessionSchema = z.strictObject({ reason: z.string().max(500).default('') });
export const KilledSessionSchema = z.object({
  sessionId: z.string(),
  /** Of the `session.killed`. */
  sequence: Sequence,
  /** False: it did not end within two seconds, and ends as soon as it can. */
  ended: z.boolean(),
});
export type KilledSession = z.infer<typeof KilledSessionSchema>;
