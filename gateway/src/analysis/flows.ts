/**
 * What a statement does with data, as far as policy must know. Produced by an analyser (one folder a protocol),
 * consumed by policy, masking and evidence. Plain data, no protocol words.
 */
import type { Label, LabelledColumn } from '@sluice/contract/vocabulary';

/** A column of the resource, `${relation oid}.${attribute number}` for SQL databases. Stable under renames. */
export type ColumnKey = string & { readonly __brand: 'ColumnKey' };

export function columnKey(relation: number, attribute: number): ColumnKey {
  return `${relation}.${attribute}` as ColumnKey;
}

/** A place inside a JSON document: members by name, null for an element of an array. */
export type JsonPlace = readonly (string | null)[];

/** Between the column and the place in the key of a place. */
const PLACE = '/';

/** A place inside a JSON column, as a source of values; `ColumnLabels.describe` knows whether a label speaks of it. */
export function placeKey(column: ColumnKey, place: JsonPlace): ColumnKey {
  return `${column}${PLACE}${JSON.stringify(place)}` as ColumnKey;
}

/** The column and the place of such a key; null for the key of a column. */
export function placeIn(key: ColumnKey): { readonly column: ColumnKey; readonly place: JsonPlace } | null {
  const at = key.indexOf(PLACE);
  if (at < 0) return null;
  const place: unknown = JSON.parse(key.slice(at + PLACE.length));
  const steps = Array.isArray(place) ? place.map((step) => (typeof step === 'string' ? step : null)) : [];
  return { column: key.slice(0, at) as ColumnKey, place: steps };
}

/** Whole columns in place of places inside of them. */
export function wholeColumns(keys: Iterable<ColumnKey>): ReadonlySet<ColumnKey> {
  return new Set([...keys].map((key) => placeIn(key)?.column ?? key));
}

/** One column of the answer. */
export type OutputFlow = {
  readonly name: string;
  /** Base columns whose values can reach this output, directly or through a condition on its value. */
  readonly sources: ReadonlySet<ColumnKey>;
  /** True only when every value is the unchanged value of one source column (no expression, cast or aggregate). */
  readonly unchanged?: boolean;
};

/** Values that a statement brings itself: constants by their number in its trees, from 0; parameters from 1. */
export type BroughtValues = { readonly constants: readonly number[]; readonly parameters: readonly number[] };

/** The `targetName` of what a definition touches: columns that it changes, copies or hands on. */
export const CHANGED_DEFINITION = 'a changed definition';

/** Values that reach a stored column. */
export type WriteFlow = {
  /** The written column; null for a column that does not exist yet (CREATE TABLE AS, SELECT INTO, a new view). */
  readonly target: ColumnKey | null;
  /** `schema.table.column` as far as known; for new columns the name that they will get. */
  readonly targetName: string;
  /** Of a column that the statement creates: the parts of its name, the schema empty where it is not known. */
  readonly creates?: readonly [schema: string, relation: string, column: string];
  readonly sources: ReadonlySet<ColumnKey>;
  /** Of the sources, those that only decide which rows are written: no value of them goes in. Missing: none, or not known. For the record. */
  readonly decides?: ReadonlySet<ColumnKey>;
  /** Those that can reach it of the values that the statement brings; missing: any of them. */
  readonly brings?: BroughtValues;
};

/** A column that a statement makes or gives another name, and that is called like something classified. */
export type NamedColumn = {
  /** What it will be called, with the label that its name proposes. */
  readonly called: LabelledColumn & { readonly category: string };
  /** The pattern that its name meets. */
  readonly pattern: string;
  /** What takes that label: the column that is renamed, or shown by a view; null for the new column itself. */
  readonly target: ColumnKey | null;
};

export type StatementClass =
  /** Reads rows and changes nothing. */
  | 'read'
  /** INSERT, UPDATE, DELETE, MERGE, COPY FROM. */
  | 'write'
  /** Changes definitions. */
  | 'ddl'
  /** BEGIN, COMMIT, SAVEPOINT … */
  | 'transaction'
  /** SET, SHOW, RESET, DISCARD, LISTEN of allowed names … */
  | 'session'
  /** Maintenance without data in its answer: VACUUM, ANALYZE … */
  | 'maintenance';

/** A column compared with values that no row decides: `ssn = $1`, `ssn IN ('a', 'b')`. */
export type EqualityUse = {
  /** The column, and the same column of relations whose rows come with it. */
  readonly column: ReadonlySet<ColumnKey>;
  /** How many values it is compared with. */
  readonly values: number;
};

/** Two unchanged columns compared with each other. */
export type JoinUse = { readonly left: ReadonlySet<ColumnKey>; readonly right: ReadonlySet<ColumnKey> };

/** How columns shape an answer, as far as policy can permit one use and not another. */
export type ShapingUses = {
  /** In conjuncts of the outermost WHERE. */
  readonly equalities: readonly EqualityUse[];
  /** In conjuncts of the outermost WHERE and ON. */
  readonly joins: readonly JoinUse[];
  /** Columns that shape the answer in any other way, whether or not in these ways too. */
  readonly other: ReadonlySet<ColumnKey>;
  /** Outputs by position that the order of the answer could tell apart: not settled by ORDER BY. */
  readonly unordered: readonly number[];
  /** Set when the statement only counts rows of one table by plain columns: where `count(*)` is, and the columns. */
  readonly count: { readonly output: number; readonly groups: readonly ReadonlySet<ColumnKey>[] } | null;
};

/** Where columns are used, in words: clauses for those that shape, operations for those in what can fail. */
export type FlowPlaces = {
  readonly shaping: ReadonlyMap<ColumnKey, readonly string[]>;
  readonly faultable: ReadonlyMap<ColumnKey, readonly string[]>;
};

export type Flows = {
  readonly statementClass: StatementClass;
  /** The grammar's name of the statement, e.g. `SelectStmt`, `CopyStmt`. */
  readonly statementKind: string;
  readonly outputs: readonly OutputFlow[];
  /** Columns that decide which rows, how many, or in which order. */
  readonly shaping: ReadonlySet<ColumnKey>;
  /**
   * Columns that its plan tells of although nobody may read them: those that it carries or its functions read, because
   * EXPLAIN tells how wide they are, and keys of partitions, because it tells what comes from each.
   */
  readonly carried?: ReadonlySet<ColumnKey>;
  /** Of a data change: all columns of the rows that it writes, which decide how much EXPLAIN ANALYZE says it wrote. */
  readonly rowLengths?: ReadonlySet<ColumnKey>;
  /** Of a statement that EXPLAIN explains: columns of indexes among which its plan may choose; missing where nobody looked. */
  readonly indexed?: ReadonlySet<ColumnKey>;
  /** Outputs by position that are made of stored columns, of a query whose plan does not depend on how wide they are. Missing for none. */
  readonly scanned?: ReadonlySet<number>;
  /** Set only for reads that classified columns shape, and only when something can be told apart. */
  readonly uses?: ShapingUses;
  /** For messages; no decision rests on it. */
  readonly places?: FlowPlaces;
  readonly writes: readonly WriteFlow[];
  /** Missing for none. */
  readonly named?: readonly NamedColumn[];
  /** Columns inside expressions that can raise an error or notice. */
  readonly faultable: ReadonlySet<ColumnKey>;
  /** Columns over which the queries of materialised views, and generated columns, can raise when they are computed again. */
  readonly recomputed?: ReadonlySet<ColumnKey>;
  /** Relations read or written (OIDs), for the record. */
  readonly relations: ReadonlySet<number>;
  /** Columns of the server's own that are given out for one table only, whose columns are their sources. Missing for none. */
  readonly fixed?: ReadonlySet<ColumnKey>;
  /** Of them, those whose rows are removed, for the record: that is done to all of their columns. Missing for none. */
  readonly removed?: ReadonlySet<number>;
  /** Engine-imposed holds (DDL that changes meaning): each in words. Empty for ordinary statements. */
  readonly holds: readonly string[];
};

/** `path` as labels name it; `column` bears the place in its name. */
export type LabelledParts = {
  readonly rest: Label;
  readonly places: readonly { readonly path: string; readonly column: LabelledColumn }[];
};

/** Labels of columns, as the catalog module knows them at one schema epoch. */
export interface ColumnLabels {
  /** The label and names of a column; unclassified columns have the configured label. Never undefined for a known relation; throws for an unknown one. */
  describe(column: ColumnKey): LabelledColumn;
  /** Labels of places inside a JSON column, and of the rest of it; null when its label is that of the whole column. */
  parts?(column: ColumnKey): LabelledParts | null;
}
