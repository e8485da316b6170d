/**
 * "row is too big": a row has to fit into a page of 8 KB. Long values are moved out of it, so few rows are ever too big;
 * where one can be, whether a change fails depends on how long the values are that nobody changes.
 */
import type { RelationFacts } from '../facts.ts';

/** 8,160 bytes (MaxHeapTupleSize), less the header of the row and one bit for each of at most 1,600 columns. */
const PAGE_ROW_BYTES = 7_900;
/** The longest type of fixed length, name, and its padding. */
const LONGEST_FIXED = 72;

/** `added`: columns that are added, or get another type. */
export function canOutgrowPage({ longestRow }: RelationFacts, added = 0): boolean {
  return longestRow === null || longestRow + added * LONGEST_FIXED > PAGE_ROW_BYTES;
}
