/**
 * Labels as catalogs state them, before they are bound to the columns of a resource.
 */
import { LABELS, type Label } from '@sluice/contract/vocabulary';
import type { ConfigProblem } from '../config/problem.ts';

/** Stands for every table of a schema, or every column of a table. A rule that names more wins. */
export const ANY = '*';

/** One statement about a column. */
export type LabelRule = {
  readonly schema: string;
  /** A name as the database has it, or `*`. */
  readonly table: string;
  /** A name as the database has it, or `*`. */
  readonly column: string;
  readonly label: Label;
  /** `pii.ssn`; null when the catalog does not say. */
  readonly category: string | null;
  /** JSON path inside the column: the label is that of the place, and of what is made from the column without naming another place. */
  readonly path: string | null;
  /** Where it was said: `labels.csv:12`, `manifest.json: model.shop.customers`. */
  readonly origin: string;
};

/** What a label file says, and what is wrong in it. */
export type LabelRules = { readonly rules: readonly LabelRule[]; readonly problems: readonly ConfigProblem[] };

/** A category: words with dots between them. */
export const CATEGORY_PATTERN = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,7}$/;

/** Upper and lower case alike; null for what is no label. */
export function parseLabel(text: string): Label | null {
  return LABELS.find((label) => label === text.trim().toLowerCase()) ?? null;
}
