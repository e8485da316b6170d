/**
 * The labels of a resource's columns: rules bound to (relation OID, attribute number), so that a rename loses nothing.
 *
 * A column's label is the highest of: its own rules, the rules of the same-named columns of its parents (a partition
 * or child table holds the parent's rows) and of its children (a read of the parent returns them), and what was
 * derived for it because classified values were written there, or because its name was approved with a label. Without any,
 * it is `unclassified`.
 */
import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import { type Label, type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import type { ColumnKey, ColumnLabels, JsonPlace, LabelledParts } from '../analysis/flows.ts';
import { columnKey, placeIn } from '../analysis/flows.ts';
import { parseJsonPath } from '../masking/json-path.ts';
import { type Classified, mergeSources, mergeStatements } from './classification-merge.ts';
import { RuleIndex } from './classification-rules.ts';
import { RelationTree } from './classification-tree.ts';
import { ANY, type LabelRule } from './labels.ts';

/** A column as introspection finds it. */
export type IntrospectedColumn = {
  readonly relationOid: number;
  readonly schema: string;
  readonly table: string;
  /** 1 and up for columns of users; negative for system columns, where introspection lists them. */
  readonly attnum: number;
  readonly column: string;
  /** `pg_class.relkind`: `r` table, `p` partitioned, `v` view, `m` materialised view, `f` foreign … */
  readonly relkind: string;
};

/** A row of `pg_inherits`; partitions are children too. */
export type Inheritance = { readonly childOid: number; readonly parentOid: number };

/** The names by which rules find a column. */
export type ColumnName = { readonly schema: string; readonly table: string; readonly column: string };

/** What a restart could not find again by name. Plain data, for the store. */
export type Binding =
  /** A rule for this name found the column; it may have been renamed since. The rule itself is looked up anew. */
  | { readonly kind: 'named'; readonly key: ColumnKey; readonly name: ColumnName }
  | ({ readonly kind: 'derived'; readonly key: ColumnKey } & Classified);

/** Most columns that one resource may have, over all its databases' lifetimes in this process. */
export const MAX_COLUMNS = 2_000_000;

export type ClassificationOptions = {
  readonly rules: readonly LabelRule[];
  /** Rules for system catalogs. They apply like others, but no report mentions them. */
  readonly systemRules: readonly LabelRule[];
  /** The label of a column about which nothing is known. */
  readonly unclassified: Label;
  /** From an earlier run. */
  readonly bindings: readonly Binding[];
  /** Told of each binding that is new, or whose label was raised: for the store. */
  readonly onBinding?: (binding: Binding) => void;
};

export class Classification implements ColumnLabels {
  readonly #rules: readonly LabelRule[];
  readonly #systemRules: readonly LabelRule[];
  readonly #index: RuleIndex;
  readonly #unclassified: Label;
  readonly #rulesHash: string;
  #epoch = 0;
  /** What introspection said, by key, and which keys a relation has. */
  readonly #columns = new Map<ColumnKey, IntrospectedColumn>();
  readonly #relations = new Map<number, Set<ColumnKey>>();
  #tree = new RelationTree();
  #onBinding: (binding: Binding) => void = () => undefined;
  /** The rules that ever found a column, under its name of that moment. */
  readonly #bound = new Map<ColumnKey, Map<LabelRule, ColumnName>>();
  readonly #derived = new Map<ColumnKey, Classified>();
  /** Rules that some column has met. */
  readonly #usedRules = new Set<LabelRule>();
  /** Answers of `describe`, emptied whenever something changes. */
  readonly #described = new Map<ColumnKey, LabelledColumn>();
  /** Columns of which places were asked for, with what labels said of these then. */
  readonly #placed = new Map<ColumnKey, string>();

  constructor(options: ClassificationOptions) {
    this.#rules = options.rules;
    this.#systemRules = options.systemRules;
    this.#index = new RuleIndex([...options.rules, ...options.systemRules]);
    this.#unclassified = options.unclassified;
    this.#rulesHash = hashOf(options);
    this.#restore(options.bindings);
    this.#onBinding = options.onBinding ?? (() => undefined);
  }

  /**
   * Starts anew for another database, or the same one after a restart. Bindings only raise labels: a rule below the
   * label of unlabelled columns is not taken over, should the server have given the number to another column since.
   */
  startOver(bindings: readonly Binding[]): void {
    for (const map of [this.#columns, this.#relations, this.#bound, this.#derived, this.#described, this.#placed])
      map.clear();
    this.#tree = new RelationTree();
    this.#restore(bindings);
    this.#epoch += 1;
  }

  #restore(bindings: readonly Binding[]): void {
    for (const binding of bindings) {
      if (binding.kind === 'named') this.#bind(binding.key, binding.name, this.#unclassified);
      else this.#derived.set(binding.key, { label: binding.label, category: binding.category });
    }
  }

  /**
   * Part of cache keys and approvals. Changes when the label or name of a column that was known before changes; new
   * columns alone leave it as it is, since no verdict can have mentioned them.
   */
  get version(): string {
    return `${this.#rulesHash}.${this.#epoch}`;
  }

  /** Changes when a rule does, and with nothing else. */
  get rulesVersion(): string {
    return this.#rulesHash;
  }

  /** Whether the relation has been introspected. */
  knows(relationOid: number): boolean {
    return this.#relations.has(relationOid);
  }

  /**
   * Takes in introspected columns, new or again. Nothing is forgotten by being absent: another session may see
   * relations that this one does not (uncommitted ones, temporary ones).
   * @param inheritance every parent of the relations among `columns`
   * @throws SluiceError LIMIT_REACHED beyond MAX_COLUMNS
   */
  learn(columns: readonly IntrospectedColumn[], inheritance: readonly Inheritance[]): void {
    this.#changing(() => {
      for (const column of columns) this.#learnColumn(column);
      const parents = Map.groupBy(inheritance, ({ childOid }) => childOid);
      const relations = new Set(columns.map((column) => column.relationOid));
      for (const relation of relations) {
        // A partition that is detached, or a child that leaves its parent, keeps the values that it has.
        const derived = this.#derivedFromParents(relation);
        this.#tree.setParents(
          relation,
          (parents.get(relation) ?? []).map(({ parentOid }) => parentOid),
        );
        for (const [key, before] of derived) this.#keepDerived(key, before);
      }
      for (const relation of relations)
        for (const heir of [relation, ...this.#tree.descendants(relation)]) this.#inheritRules(heir);
    });
  }

  /**
   * Labels a column after the values that were written into it. Of a column that is not learned yet this is the label
   * (call it before `learn`, so that there is no moment in which the column is known and unlabelled); a known column
   * is only ever raised.
   * @throws SluiceError REFUSED_NOT_UNDERSTOOD for a source of an unknown relation
   */
  derive(key: ColumnKey, sources: readonly ColumnKey[]): void {
    const merged = this.derivedFrom(key, sources);
    if (merged !== null) this.setDerived(key, merged);
  }

  /** What `derive` would label the column; null when that changes nothing. Throws as `derive`. */
  derivedFrom(key: ColumnKey, sources: readonly ColumnKey[]): Classified | null {
    const written = mergeSources(sources.map((source) => this.describe(source)));
    const before = this.#columns.has(key) ? this.describe(key) : this.#derived.get(key);
    const merged = before === undefined ? written : mergeSources([before, written]);
    // Into a column with labelled places, values may have gone anywhere in the document: no place alone holds them.
    const isSame = before?.label === merged.label && before.category === merged.category && this.parts(key) === null;
    return this.#columns.has(key) && isSame ? null : merged;
  }

  /** The same for a label that somebody has approved for it, without a source. */
  raise(key: ColumnKey, proposed: Classified): void {
    const raised = this.raisedBy(key, proposed);
    if (raised !== null) this.setDerived(key, raised);
  }

  /** What `raise` would label the column; null when its label is as high already. Throws as `describe`. */
  raisedBy(key: ColumnKey, { label, category }: Classified): Classified | null {
    const before = this.#columns.has(key) ? this.describe(key) : (this.#derived.get(key) ?? null);
    if (before !== null && labelRank(before.label) >= labelRank(label)) return null;
    return mergeStatements([{ label, category }, ...(before === null ? [] : [before])]);
  }

  knowsColumn(key: ColumnKey): boolean {
    return this.#columns.has(key);
  }

  /** False for a column that is not known, and for one of a view: labels there count for nothing. */
  isStored(key: ColumnKey): boolean {
    const column = this.#columns.get(key);
    return column !== undefined && column.relkind !== 'v';
  }

  /** The label that a new column of this name would have by rules; what is said of a place inside it counts. */
  labelOfName({ schema, table, column }: ColumnName): Label {
    return mergeStatements(this.#index.find(schema, table, column))?.label ?? this.#unclassified;
  }

  /** What was derived for a column apart from its rules; null when nothing was. */
  derived(key: ColumnKey): Classified | null {
    return this.#derived.get(key) ?? null;
  }

  /** Sets it. Null takes it back: what rules say, of the column and its kin, remains. Nothing else lowers a label. */
  setDerived(key: ColumnKey, classified: Classified | null): void {
    this.#changing(() => {
      if (classified === null) this.#derived.delete(key);
      else this.#derived.set(key, classified);
    });
    if (classified !== null) this.#onBinding({ kind: 'derived', key, ...classified });
  }

  /** Columns that are called so, in whatever schema: `name` may end with the schema's, and holds no quotes. */
  columnsCalled(name: string): readonly ColumnKey[] {
    return [...this.#columns].flatMap(([key, { schema, table, column }]) => {
      const whole = `${schema}.${table}.${column}`.replaceAll('"', '');
      return whole === name || whole.endsWith(`.${name}`) ? [key] : [];
    });
  }

  /** The columns of a schema, by its name as the catalog has it. */
  columnsIn(name: string): readonly ColumnKey[] {
    return [...this.#columns].flatMap(([key, { schema }]) => (schema === name ? [key] : []));
  }

  /** Drops what is known of a relation that is gone for good, such as a temporary table of an ended session. */
  forget(relationOid: number): void {
    const keys = this.#relations.get(relationOid) ?? [];
    // Its own answers cannot be in use any more, so they do not count as changed.
    for (const key of keys) this.#described.delete(key);
    this.#changing(() => {
      for (const key of keys) for (const map of [this.#columns, this.#bound, this.#derived]) map.delete(key);
      this.#relations.delete(relationOid);
      this.#tree.setParents(relationOid, []);
    });
  }

  /** @throws SluiceError REFUSED_NOT_UNDERSTOOD for a column of a relation that, or a parent of which, was not learned */
  describe(key: ColumnKey): LabelledColumn {
    const known = this.#described.get(key);
    if (known !== undefined) return known;
    const inside = placeIn(key);
    if (inside !== null) return this.#describePlace(inside.column, inside.place);
    const answer = this.#describe(key);
    if (answer === null) throw notKnown(key);
    this.#described.set(key, answer);
    return answer;
  }

  /** Who says so: `labels.csv:12`, of the column itself or of the parents and children whose rows are read with it. */
  origins(source: ColumnKey): readonly string[] {
    const key = placeIn(source)?.column ?? source;
    const column = this.#columns.get(key);
    if (column === undefined) return [];
    const relations = [...this.#tree.ancestors(column.relationOid), ...this.#tree.descendants(column.relationOid)];
    const keys = [key, ...relations.flatMap((relation) => this.#columnNamed(relation, column.column))];
    const said = keys.flatMap((each) =>
      [...(this.#bound.get(each)?.keys() ?? [])].map((rule) => withoutFolder(rule.origin)),
    );
    const derived = keys.some((each) => this.#derived.has(each)) ? ['values that were written into it'] : [];
    const all = [...new Set([...said, ...derived])];
    return all.length > 0 ? all : [`no label: counts as ${this.#unclassified} (\`unclassified\` of the resource)`];
  }

  /** Null when a rule speaks of the whole column and none of a place in it, or when values were derived for it. */
  parts(key: ColumnKey): LabelledParts | null {
    const column = this.#columns.get(key);
    if (column === undefined) return null;
    const kin = this.#withKin(key, column);
    const rules = [...new Set(kin.flatMap((each) => [...(this.#bound.get(each)?.keys() ?? [])]))];
    const inside = rules.flatMap((rule) => (rule.path === null ? [] : [{ ...rule, path: rule.path }]));
    if (inside.length === 0 || kin.some((each) => this.#derived.has(each))) return null;
    const rest = mergeStatements(rules.filter((rule) => rule.path === null));
    const { schema, table } = column;
    return {
      rest: rest?.label ?? this.#unclassified,
      places: inside.map(({ path, label, category }) => ({
        path,
        column: { schema, table, column: `${column.column}${path.slice(1)}`, label, category },
      })),
    };
  }

  /** For the store. */
  bindings(): Binding[] {
    const named = [...this.#bound].flatMap(([key, rules]) =>
      [...new Set(rules.values())].map((name): Binding => ({ kind: 'named', key, name })),
    );
    const derived = [...this.#derived].map(([key, classified]): Binding => ({ kind: 'derived', key, ...classified }));
    return [...named, ...derived];
  }

  /** Rules that no column has met: misspelled, or of a table that is not there. */
  rulesWithoutColumn(): LabelRule[] {
    return this.#rules.filter((rule) => !this.#usedRules.has(rule));
  }

  /** Rules on columns of views: without effect, because the labels of the tables below count. */
  rulesOnViews(): LabelRule[] {
    const onViews = [...this.#columns.values()].filter(({ relkind }) => relkind === 'v');
    const rules = onViews.flatMap((column) => this.#index.find(column.schema, column.table, column.column));
    return [...new Set(rules)].filter((rule) => rule.table !== ANY && !this.#systemRules.includes(rule));
  }

  /** Every column of users that is known, with its label, in the order in which they were learned. */
  *columns(): Generator<IntrospectedColumn & Classified> {
    for (const [key, column] of this.#columns) {
      const described = column.attnum > 0 ? this.#describe(key) : null;
      if (described !== null) yield { ...column, label: described.label, category: described.category };
    }
  }

  /** Columns of tables about which nothing is said: they count as `unclassified`. */
  columnsWithoutLabel(): LabelledColumn[] {
    return [...this.#columns]
      .filter(([key, { relkind, attnum }]) => relkind !== 'v' && attnum > 0 && this.#statedLabel(key) === null)
      .map(([, { schema, table, column }]) => ({ schema, table, column, label: this.#unclassified, category: null }));
  }

  #learnColumn(column: IntrospectedColumn): void {
    const key = columnKey(column.relationOid, column.attnum);
    if (this.#columns.size >= MAX_COLUMNS && !this.#columns.has(key)) {
      throw new SluiceError('LIMIT_REACHED', `the resource has more than ${MAX_COLUMNS} columns`);
    }
    this.#columns.set(key, column);
    const siblings = this.#relations.get(column.relationOid);
    if (siblings === undefined) this.#relations.set(column.relationOid, new Set([key]));
    else siblings.add(key);
    this.#bind(key, { schema: column.schema, table: column.table, column: column.column });
  }

  /** Adds the rules of a name and keeps those of earlier ones: whoever may rename a column must not unlabel it. */
  #bind(key: ColumnKey, name: ColumnName, atLeast: Label = 'public'): void {
    const rules = this.#index
      .find(name.schema, name.table, name.column)
      .filter(({ label }) => labelRank(label) >= labelRank(atLeast));
    if (rules.length === 0) return;
    const bound = this.#bound.get(key) ?? new Map<LabelRule, ColumnName>();
    this.#bound.set(key, bound);
    for (const rule of rules) {
      this.#usedRules.add(rule);
      if (bound.has(rule)) continue;
      bound.set(rule, name);
      this.#onBinding({ kind: 'named', key, name });
    }
  }

  /** Rules of parents are rules of the child for good, under the parent's name: it may leave the parent one day. */
  #inheritRules(relation: number): void {
    for (const key of this.#relations.get(relation) ?? []) {
      const column = this.#columns.get(key)?.column;
      if (column === undefined) continue;
      const parents = [...this.#tree.ancestors(relation)].flatMap((parent) => this.#columnNamed(parent, column));
      for (const name of new Set(parents.flatMap((parent) => [...(this.#bound.get(parent)?.values() ?? [])])))
        this.#bind(key, name);
    }
  }

  /** Labels that columns of a relation have because of values written into those of its parents. */
  #derivedFromParents(relation: number): readonly (readonly [ColumnKey, Classified])[] {
    return [...(this.#relations.get(relation) ?? [])].flatMap((key) => {
      const column = this.#columns.get(key)?.column ?? '';
      const parents = [...this.#tree.ancestors(relation)].flatMap((parent) => this.#columnNamed(parent, column));
      const merged = mergeStatements(parents.flatMap((parent) => this.#derivedOf(parent)));
      return merged === null ? [] : [[key, merged] as const];
    });
  }

  /** Makes a label that came from parents the column's own, unless it still comes from them. */
  #keepDerived(key: ColumnKey, before: Classified): void {
    const now = this.#statedLabel(key);
    if (now !== null && labelRank(now.label) >= labelRank(before.label)) return;
    this.#derived.set(key, before);
    this.#onBinding({ kind: 'derived', key, ...before });
  }

  /** Runs a change and raises the epoch when an answer that was given before is another one now. */
  #changing(change: () => void): void {
    const before = new Map(this.#described);
    this.#described.clear();
    change();
    let differs = false;
    for (const [key, answer] of before) {
      const now = this.#describe(key);
      // Remembered again, changed or not, so that the next change is measured against what was said before it.
      if (now !== null) this.#described.set(key, now);
      differs ||= now === null || !sameColumn(now, answer);
    }
    for (const [key, said] of this.#placed) {
      const now = JSON.stringify(this.parts(key));
      this.#placed.set(key, now);
      differs ||= now !== said;
    }
    if (differs) this.#epoch += 1;
  }

  /** The rest of a JSON column, where no label speaks of the place or of what is in it; else the column. Throws as `describe`. */
  #describePlace(column: ColumnKey, place: JsonPlace): LabelledColumn {
    const whole = this.describe(column);
    const parts = this.parts(column);
    this.#placed.set(column, JSON.stringify(parts));
    if (parts === null || labelRank(parts.rest) >= labelRank(whole.label)) return whole;
    const speaks = parts.places.some(({ path }) => {
      const steps = parseJsonPath(path);
      return steps === null || steps.every((step, index) => canBeSame(step, place[index]));
    });
    return speaks ? whole : { ...whole, label: parts.rest, category: null };
  }

  /** Null for a column of which not enough is known. */
  #describe(key: ColumnKey): LabelledColumn | null {
    const column = this.#columns.get(key);
    if (column === undefined) return this.#describeUnlisted(key);
    // A parent that nobody has looked at yet may be labelled; to take its child for unclassified would fail open.
    if (![...this.#tree.ancestors(column.relationOid)].every((parent) => this.knows(parent))) return null;
    const { label, category } = this.#statedLabel(key) ?? { label: this.#unclassified, category: null };
    return { schema: column.schema, table: column.table, column: column.column, label, category };
  }

  /** Attribute 0 is the whole row; a system column that introspection does not list holds no user's data. */
  #describeUnlisted(key: ColumnKey): LabelledColumn | null {
    const [relationOid = Number.NaN, attnum = Number.NaN] = key.split('.').map(Number);
    const keys = [...(this.#relations.get(relationOid) ?? [])];
    const [sample] = keys.flatMap((each) => this.#columns.get(each) ?? []);
    if (sample === undefined || !(attnum <= 0)) return null;
    const { schema, table } = sample;
    if (attnum === 0) {
      const columns = keys.map((each) => this.#describe(each));
      const known = columns.filter((column) => column !== null);
      return known.length < columns.length ? null : { schema, table, column: ANY, ...mergeSources(known) };
    }
    const derived = this.#derived.get(key) ?? { label: 'public', category: null };
    return { schema, table, column: SYSTEM_COLUMNS[attnum] ?? `system column ${attnum}`, ...derived };
  }

  /** Null when nobody says anything about the column. */
  #statedLabel(key: ColumnKey): Classified | null {
    const column = this.#columns.get(key);
    if (column === undefined) return null;
    return mergeStatements(
      this.#withKin(key, column).flatMap((each) => [
        ...(this.#bound.get(each)?.keys() ?? []),
        ...this.#derivedOf(each),
      ]),
    );
  }

  /** The column, and the same one of parents and children. */
  #withKin(key: ColumnKey, { relationOid, column }: IntrospectedColumn): readonly ColumnKey[] {
    const relations = [...this.#tree.ancestors(relationOid), ...this.#tree.descendants(relationOid)];
    return [key, ...relations.flatMap((relation) => this.#columnNamed(relation, column))];
  }

  #derivedOf(key: ColumnKey): Classified[] {
    const derived = this.#derived.get(key);
    return derived === undefined ? [] : [derived];
  }

  /** Inheritance matches columns by name; numbers may differ between parent and child. */
  #columnNamed(relation: number, name: string): ColumnKey[] {
    return [...(this.#relations.get(relation) ?? [])].filter((key) => this.#columns.get(key)?.column === name);
  }
}

/** System columns of a table (PostgreSQL, "System Columns"). */
const SYSTEM_COLUMNS: Readonly<Record<number, string>> = {
  [-1]: 'ctid',
  [-2]: 'xmin',
  [-3]: 'cmin',
  [-4]: 'xmax',
  [-5]: 'cmax',
  [-6]: 'tableoid',
};

function notKnown(key: ColumnKey): SluiceError {
  return new SluiceError('REFUSED_NOT_UNDERSTOOD', `the column with the number ${key} is not known`, {
    remedy: 'Run it again; if it happens again, ask the administrator to run `sluice-gateway check`.',
  });
}

/** Where the configuration lies is nobody's business who asks about a column. */
function withoutFolder(origin: string): string {
  return origin.replace(/^\S*\//, '');
}

function sameColumn(a: LabelledColumn, b: LabelledColumn): boolean {
  const names = a.schema === b.schema && a.table === b.table && a.column === b.column;
  return names && a.label === b.label && a.category === b.category;
}

/** Of what rules say, not of where they stand: the same labels in another directory are the same. */
function hashOf({ rules, systemRules, unclassified }: ClassificationOptions): string {
  const said = [...rules, ...systemRules].map((rule) => JSON.stringify({ ...rule, origin: '' })).sort();
  return createHash('sha256')
    .update(JSON.stringify([said, unclassified]))
    .digest('hex')
    .slice(0, 16);
}

/** Beyond the end of either is inside, or around, the other. */
function canBeSame(step: string | null, other: string | null | undefined): boolean {
  return step === null || other === null || other === undefined || step === other;
}
