/**
 * Who used a column, and how: from the index (which entries) and the log (what they say).
 */
import type { ColumnHistory as ColumnHistoryView, ColumnUse } from '@sluice/contract/audit';
import type { Store } from '../store/store.ts';
import { citeStatements } from './cited-statements.ts';
import { ANY_COLUMN, bitsOf, bringsOf, columnUsesOf, decodeUses, type UsePlace, usesOf } from './column-uses.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { readDecisions } from './read-statements.ts';

/** Statements of one page. */
export const MAX_TOUCHES = 200;
/** Rows of the index read at once, and for one page; at the bound the page ends early and says where to go on. */
const ROWS_AT_ONCE = 50;
export const MAX_ROWS_A_PAGE = 2_000;

export type ColumnQuestion = {
  readonly resource: string;
  /** `schema.table.column` */
  readonly column: string;
  /** Any of these; all when empty. */
  readonly uses: readonly ColumnUse[];
  /** Milliseconds since 1970, both inclusive; null: no bound. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** Only entries before this one; null: from the newest on. */
  readonly before: number | null;
  readonly limit: number;
};

type Sources = { readonly store: Store; readonly index: EvidenceIndex; readonly logDirectory: string };
type Found = UsePlace & { readonly anyColumn: boolean };

export class ColumnHistory {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Newest first. */
  async show(question: ColumnQuestion): Promise<ColumnHistoryView> {
    await this.#sources.index.flush();
    const limit = Math.min(question.limit, MAX_TOUCHES);
    const { found, next } = await this.#find(question, limit);
    const entries = await readDecisions(this.#sources, found);
    const inTime = entries.filter(({ atUs }) => isWithin(question, atUs, atUs));
    const cited = await citeStatements(this.#sources, inTime);
    const anyColumn = new Set(found.filter((use) => use.anyColumn).map(({ sequence }) => sequence));
    const touches = cited.map((statement, index) => {
      const entry = inTime[index]?.entry;
      const bits = entry === undefined ? 0 : (columnUsesOf(entry).get(question.column) ?? 0);
      const brings = entry === undefined ? [] : bringsOf(entry, question.column);
      return {
        ...{ ...statement, uses: usesOf(bits), anyColumn: anyColumn.has(statement.sequence) },
        ...(brings.length > 0 && { brings: [...brings] }),
      };
    });
    return { touches, next };
  }

  /** Uses before `before`, newest first, at least one of them wanted; `next` where the page ended early. */
  async #find(question: ColumnQuestion, limit: number): Promise<{ found: readonly Found[]; next: number | null }> {
    const wanted = bitsOf(question.uses);
    const found: Found[] = [];
    let before = question.before ?? Number.MAX_SAFE_INTEGER;
    for (let read = 0; read < MAX_ROWS_A_PAGE; read += ROWS_AT_ONCE) {
      const ofColumn = await this.#rows(question.resource, question.column, before);
      const ofAny = await this.#rows(question.resource, ANY_COLUMN, before);
      // Rows of one column never overlap, those of two may: only what is newer than both last rows is read entirely.
      const complete = Math.max(readUntil(ofColumn), readUntil(ofAny));
      const uses = [...ofColumn, ...ofAny]
        .filter((row) => isWithin(question, row.first_at_us, row.last_at_us) && matches(row.uses, wanted))
        .flatMap((row) => decodeUses(row.places).map((use) => ({ ...use, anyColumn: row.column_name === ANY_COLUMN })))
        .filter(({ sequence, uses: bits }) => sequence < before && sequence >= complete && matches(bits, wanted))
        .sort((a, b) => b.sequence - a.sequence);
      for (const use of uses) {
        if (found.length === limit) return { found, next: found.at(-1)?.sequence ?? null };
        found.push(use);
      }
      if (complete < 0) return { found, next: null };
      before = complete;
    }
    return { found, next: before };
  }

  async #rows(resource: string, column: string, before: number) {
    return await this.#sources.store.db
      .selectFrom('column_uses')
      .selectAll()
      .where('resource', '=', resource)
      .where('column_name', '=', column)
      .where('first_sequence', '<', before)
      .orderBy('first_sequence', 'desc')
      .limit(ROWS_AT_ONCE)
      .execute();
  }
}

/** Every use of the column from this sequence on is in the rows; -1: there are no others. */
function readUntil(rows: readonly { readonly first_sequence: number }[]): number {
  return rows.length < ROWS_AT_ONCE ? -1 : Number(rows.at(-1)?.first_sequence ?? -1);
}

function isWithin({ sinceMs, untilMs }: ColumnQuestion, firstAtUs: number, lastAtUs: number): boolean {
  return (
    (sinceMs === null || Number(lastAtUs) >= sinceMs * 1000) &&
    (untilMs === null || Number(firstAtUs) <= untilMs * 1000 + 999)
  );
}

function matches(bits: number, wanted: number): boolean {
  return wanted === 0 || (bits & wanted) !== 0;
}
