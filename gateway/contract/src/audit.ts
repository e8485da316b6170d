/**
 * The part of the API that answers auditors: `GET /api/v1/audit/…`, for administrators and auditors (docs/auditing.md).
 * Each answer is one page, newest first; `next` asks for the one behind it (`before=`), null when there is none. Numbers
 * called `sequence` or `…Entry` are those of entries of the log, by which an answer is proved.
 */
import { z } from 'zod';
import { EffectSchema, FlowViewSchema, PrincipalSchema, ReasonSchema } from './vocabulary.ts';

const Instant = z.iso.datetime();
const Sequence = z.number().int();

/**
 * How a statement used a column: returned as it is, returned masked, tested (it decided which rows, or could raise),
 * copied to another column, written.
 */
export const COLUMN_USES = ['raw', 'masked', 'tested', 'copied', 'written'] as const;
export const ColumnUseSchema = z.enum(COLUMN_USES);
export type ColumnUse = z.infer<typeof ColumnUseSchema>;

/** `open`: it was let run, and its end is not on record (yet). */
export const OutcomeSchema = z.enum(['ran', 'failed', 'held', 'refused', 'open']);

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
  outcome: OutcomeSchema,
  requestId: z.string().nullable(),
  /** Of its `statement.completed`. */
  completedEntry: Sequence.nullable(),
  rows: z.number().int(),
  maskedCells: z.number().int(),
  error: z.string().nullable(),
});
export type CitedStatement = z.infer<typeof CitedStatementSchema>;

export const ColumnTouchSchema = CitedStatementSchema.extend({
  uses: z.array(ColumnUseSchema),
  /** True of a statement that was not understood and ran all the same: it may have used any column. */
  anyColumn: z.boolean(),
});
export type ColumnTouch = z.infer<typeof ColumnTouchSchema>;

/** `GET /api/v1/audit/columns?resource=&column=&use=&since=&until=&before=&limit=` */
export const ColumnHistorySchema = z.object({ touches: z.array(ColumnTouchSchema), next: Sequence.nullable() });
export type ColumnHistory = z.infer<typeof ColumnHistorySchema>;

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
