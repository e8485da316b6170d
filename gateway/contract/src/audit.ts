/**
 * The part of the API that answers auditors: `GET /api/v1/audit/…`, for administrators and auditors (docs/auditing.md).
 * Each answer is one page, newest first; `next` asks for the one behind it (`before=`), null when there is none. Numbers
 * called `sequence` or `…Entry` are those of entries of the log, by which an answer is proved.
 */
import { z } from 'zod';
import { EffectSchema, PrincipalSchema } from './vocabulary.ts';

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
