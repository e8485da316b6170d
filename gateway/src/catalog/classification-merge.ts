/**
 * How several statements about labels become one.
 */
import { highestLabel, type Label } from '@sluice/contract/vocabulary';

/** A label with its category, as it holds for a column. */
export type Classified = { readonly label: Label; readonly category: string | null };

/** Several statements about the *same* column: the highest label; a statement without category says nothing about it. */
export function mergeStatements(statements: readonly Classified[]): Classified | null {
  const [first, ...others] = statements;
  if (first === undefined) return null;
  return {
    label: others.reduce((label, other) => highestLabel(label, other.label), first.label),
    category: commonCategory(statements.flatMap(({ category }) => category ?? [])),
  };
}

/**
 * Values of several columns in one: the highest label, and the category that covers all of them (`pii` for `pii.ssn`
 * and `pii.email`). Null when none does: what policy permits for one category must not open another's values.
 * Public sources say nothing.
 */
export function mergeSources(sources: readonly Classified[]): Classified {
  const relevant = sources.filter(({ label }) => label !== 'public');
  const label = relevant.reduce<Label>((highest, source) => highestLabel(highest, source.label), 'public');
  const categories = relevant.map(({ category }) => category);
  return { label, category: categories.every((category) => category !== null) ? commonCategory(categories) : null };
}

function commonCategory(categories: readonly string[]): string | null {
  const [first, ...others] = categories.map((category) => category.split('.'));
  if (first === undefined) return null;
  const shared = others.reduce((prefix, parts) => prefix.slice(0, sharedLength(prefix, parts)), first);
  return shared.length === 0 ? null : shared.join('.');
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs === -1 ? a.length : differs;
}
