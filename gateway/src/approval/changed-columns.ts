/** Which columns an approved statement gives another label: by what it writes there, and by the names that it gives. */
import type { Label, LabelledColumn } from '@sluice/contract/vocabulary';
import type { ColumnKey, Flows } from '../analysis/flows.ts';
import { type Classified, mergeSources } from '../catalog/classification-merge.ts';

/** The labels of one resource, as its classification keeps them. */
export interface FollowingLabels {
  describe(key: ColumnKey): LabelledColumn;
  derivedFrom(key: ColumnKey, sources: readonly ColumnKey[]): Classified | null;
  raisedBy(key: ColumnKey, proposed: Classified): Classified | null;
  derived(key: ColumnKey): Classified | null;
  setDerived(key: ColumnKey, classified: Classified | null): void;
  columnsCalled(name: string): readonly ColumnKey[];
  knows(relation: number): boolean;
}

export type ChangedColumn = {
  /** Null: it does not exist yet. */
  readonly key: ColumnKey | null;
  /** `schema.table.column`; of a new one as the statement spells it. */
  readonly column: string;
  readonly before: Label | null;
  /** What had been derived for it before. */
  readonly derivedBefore: Classified | null;
  readonly after: Classified;
  readonly sources: readonly string[];
  /** Set when it is its name that proposed the label; else it is what was written there. */
  readonly cause?: 'name';
};

export function changedColumns(classification: FollowingLabels, flows: Flows): readonly ChangedColumn[] {
  return [...changesOf(classification, flows), ...namesOf(classification, flows)];
}

function changesOf(classification: FollowingLabels, flows: Flows): readonly ChangedColumn[] {
  return flows.writes.flatMap(({ target, targetName, sources }): ChangedColumn[] => {
    if (sources.size === 0) return [];
    const described = [...sources].map((source) => classification.describe(source));
    const names = described.map(nameOf);
    if (target === null) {
      const after = mergeSources(described);
      return [{ key: null, column: targetName, before: null, derivedBefore: null, after, sources: names }];
    }
    const after = classification.derivedFrom(target, [...sources]);
    if (after === null) return [];
    const before = classification.describe(target);
    const derivedBefore = classification.derived(target);
    return [{ key: target, column: nameOf(before), before: before.label, derivedBefore, after, sources: names }];
  });
}

/** Labels that names propose, of new columns and of those that are renamed or shown under such a name. */
function namesOf(classification: FollowingLabels, { named = [] }: Flows): readonly ChangedColumn[] {
  return named.flatMap(({ called, target }): ChangedColumn[] => {
    const { label, category } = called;
    const because = { sources: [], cause: 'name' } as const;
    if (target === null) {
      const proposed = { label, category };
      return [{ key: null, column: nameOf(called), before: null, derivedBefore: null, after: proposed, ...because }];
    }
    const after = classification.raisedBy(target, { label, category });
    if (after === null) return [];
    const before = classification.describe(target);
    const derivedBefore = classification.derived(target);
    return [{ key: target, column: nameOf(before), before: before.label, derivedBefore, after, ...because }];
  });
}

function nameOf({ schema, table, column }: LabelledColumn): string {
  return `${schema}.${table}.${column}`;
}
