/** Uses of columns that shape an answer, with labels: what policy may permit one by one. */
import { type Label, type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import type { ColumnKey, ColumnLabels, ShapingUses } from '../analysis/flows.ts';

/** A column by its key, which outlives renames, and by its names. */
export type KeyedColumn = { readonly key: ColumnKey; readonly column: LabelledColumn };

export type LabelledUses = {
  /** Comparisons with values; only classified columns are listed. */
  readonly equalities: readonly { readonly columns: readonly KeyedColumn[]; readonly values: number }[];
  /** Comparisons of which a side is classified; both sides whole. */
  readonly joins: readonly { readonly left: readonly LabelledColumn[]; readonly right: readonly LabelledColumn[] }[];
  /** Classified columns that shape the answer in any other way. */
  readonly other: readonly LabelledColumn[];
  /** See ShapingUses. */
  readonly unordered: readonly number[];
  readonly count: { readonly output: number } | null;
};

export function labelledUses(uses: ShapingUses, labels: ColumnLabels, classifiedFrom: Label): LabelledUses {
  const isClassified = ({ label }: LabelledColumn): boolean => labelRank(label) >= labelRank(classifiedFrom);
  const keyed = (keys: ReadonlySet<ColumnKey>): KeyedColumn[] =>
    [...keys].sort().map((key) => ({ key, column: labels.describe(key) }));
  const described = (keys: ReadonlySet<ColumnKey>): LabelledColumn[] => keyed(keys).map(({ column }) => column);
  return {
    equalities: uses.equalities
      .map(({ column, values }) => ({ columns: keyed(column).filter((each) => isClassified(each.column)), values }))
      .filter(({ columns }) => columns.length > 0),
    joins: uses.joins
      .map(({ left, right }) => ({ left: described(left), right: described(right) }))
      .filter(({ left, right }) => [...left, ...right].some(isClassified)),
    other: described(uses.other).filter(isClassified),
    unordered: uses.unordered,
    count: uses.count === null ? null : { output: uses.count.output },
  };
}
