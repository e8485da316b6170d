/**
 * The walker's shared state: what the walk of one statement has found so far, and the mutually recursive parts.
 * The parts live in files of their own and reach each other through `Walker`, never by import.
 */
import type { ColumnKey } from '../../flows.ts';
import type { FunctionBody, FunctionFacts, NeededFacts, RelationFacts, SchemaFacts, TriggerFacts } from '../facts.ts';
import type { RefusalRule } from '../refusal-rules.ts';
import type { TreeNode, TreeValue } from '../tree-text.ts';
import { operationOf, UsePlaces } from './use-places.ts';

export type Sources = ReadonlySet<ColumnKey>;
export const NO_SOURCES: Sources = new Set();

/** Why a tree cannot be turned into flows. Caught once, in `analyse`. */
export class Opaque extends Error {
  readonly rule: RefusalRule;
  readonly remedy: string;
  constructor(rule: RefusalRule, message: string, remedy: string) {
    super(message);
    this.rule = rule;
    this.remedy = remedy;
  }
}

/** Queries and function bodies walked for one statement, at most. Recursive views and functions end here. */
export const MAX_WALKED_QUERIES = 20_000;
/** Depth of queries and function bodies inside each other. */
export const MAX_QUERY_DEPTH = 200;

/** What a range-table entry offers to those who refer to it. */
export type Relation = {
  /** Sources of attribute `n`; 0 is the whole row, below 0 are system columns. */
  readonly column: (attribute: number) => Sources;
  /** Visible columns in order, where a set operation or function result needs them; null when not enumerable. */
  readonly columns: readonly Sources[] | null;
  /** What decides which rows it has. */
  readonly rows: Sources;
  /** What decides in which order they come when nobody sorts them: partitions are read one after the other. */
  readonly order?: Sources;
};

export type CommonTable = {
  readonly node: TreeNode;
  readonly query: TreeNode;
  readonly owner: Scope;
  relation: Relation | null;
};

/** An argument of a function whose body is being walked: its sources, and those of its fields for a row. */
export type BoundArgument = {
  readonly sources: Sources;
  readonly fields: readonly Sources[] | null;
  /** Whether computing it can raise: the server may move it into the body of the function. */
  readonly faulty: boolean;
};

/** One query level. Levels nest lexically: `outer` is where `varlevelsup = 1` points. */
export type Scope = {
  readonly query: TreeNode;
  readonly outer: Scope | null;
  readonly rangeTable: readonly TreeNode[];
  readonly resolved: Map<number, Relation>;
  readonly commonTables: ReadonlyMap<string, CommonTable>;
  /** Arguments when this is a function body; null for the client's own statement, whose parameters carry no column. */
  readonly bound: readonly BoundArgument[] | null;
  /** Index of the EXCLUDED entry of an upsert, 0 without one. */
  readonly excluded: number;
  /** In RETURNING: what this statement wrote, by attribute of the result relation. */
  written: ReadonlyMap<number, Sources> | null;
  /** In RETURNING: what decided which rows were changed, and how. */
  changed: Sources | null;
  /** Entries of pg_class that WHERE fixes to one table, by number; missing for none, and but in the list of the outermost SELECT. */
  readonly fixedTables?: ReadonlyMap<number, number>;
};

export type QueryFlow = {
  readonly names: readonly string[];
  /**
   * Sources of column `index` (from 0) of the answer, walked when first asked: the server does not compute columns of a
   * sub-query that nobody reads. Counts as an operation that can raise, each time, when the column's expression can:
   * the server may move the expression to where the column is read.
   */
  readonly column: (index: number) => Sources;
  readonly width: number;
  /** What decides which rows come, how many, and in which order. */
  readonly rows: Sources;
  /** What else decides their order, unless whoever reads them sorts. */
  readonly order: Sources;
};

export type FoundWrite = {
  readonly target: ColumnKey | null;
  readonly targetName: string;
  readonly sources: Set<ColumnKey>;
  /** Of the sources, those that only decide which rows are written; missing: none, or not known. */
  readonly decides?: Sources;
};

/** The accumulators. `faults` counts operations that can raise an error, whether or not they touch a column. */
export class Findings {
  readonly faultable = new Set<ColumnKey>();
  readonly writes: FoundWrite[] = [];
  readonly relations = new Set<number>();
  readonly holds = new Set<string>();
  /**
   * Columns that the server carries through a plan although nobody may read them: those of common tables, of set
   * operations, of what a data change joins. Plans tell how wide they are.
   */
  readonly carried = new Set<ColumnKey>();
  /** What stored results that are read would raise over, were they computed again. */
  readonly recomputed = new Set<ColumnKey>();
  /** Columns of pg_class that it gives out of one table whose contents are their sources. */
  readonly fixed = new Set<ColumnKey>();
  /** Cursors at whose rows it stands (WHERE CURRENT OF). */
  readonly cursors = new Set<string>();
  faults = 0;
  walked = 0;
  changesData = false;
  /** Relations whose rows it writes. */
  readonly changed = new Set<number>();
  /** Relations whose rows it removes; their partitions and children are not named beside them. */
  readonly removed = new Set<number>();
  /** True once the value of a literal was looked at: then the flows hold for this literal only. */
  readConstant = false;
  /** The node that is being walked, null outside of expressions: what a refusal is about. */
  node: TreeNode | null = null;
  /** For words. */
  readonly places = new UsePlaces();
  /** Above 0 inside of what was computed before the statement came. */
  #settled = 0;

  /** Records an operation that can raise, over columns. `what`: in words, where no node of the statement is at fault. */
  fault(sources: Sources, what?: string): void {
    if (this.#settled > 0) {
      for (const source of sources) this.recomputed.add(source);
      return;
    }
    this.faults++;
    if (sources.size === 0) return;
    this.places.canFail(what ?? operationOf(this.node), sources);
    for (const source of sources) this.faultable.add(source);
  }

  /** Walks an expression or query whose result is stored: what could raise did so when it was stored. */
  settled<T>(walk: () => T): T {
    this.#settled++;
    try {
      return walk();
    } finally {
      this.#settled--;
    }
  }

  carry(columns: readonly Sources[]): void {
    for (const column of columns) for (const source of column) this.carried.add(source);
  }

  /** Records values that reach a place outside any table: a sequence, a setting, a notification, a lock. */
  effect(place: string, sources: Sources): void {
    this.faults++;
    this.writes.push({ target: null, targetName: place, sources: new Set(sources) });
  }
}

/** Facts with a list of what was missing. A missing fact makes the walk go on with nothing, and its result void. */
export class FactFinder {
  readonly #facts: SchemaFacts;
  readonly relations = new Set<number>();
  readonly functions = new Set<number>();
  /** Functions that the walk looked at, triggers included. */
  readonly used = new Set<number>();
  readonly types = new Set<number>();
  readonly operators = new Set<number>();
  /** Quoted names of relations; `*."x"` asks for the only relation of that name in any schema. */
  readonly names = new Set<string>();
  readonly texts = new Set<string>();
  readonly bodies = new Map<string, { readonly oid: number; readonly triggerRelation: number | null }>();
  /** Bodies of functions that the walk read, of those that are kept as text. */
  readonly textBodies = new Set<FunctionBody>();

  constructor(facts: SchemaFacts) {
    this.#facts = facts;
  }

  get incomplete(): boolean {
    const { relations, functions, types, operators, names, texts, bodies } = this;
    const missing = [relations, functions, types, operators, names, texts, bodies];
    return missing.some((one) => one.size > 0);
  }

  needed(): NeededFacts {
    return {
      relations: [...this.relations],
      functions: [...this.functions],
      types: [...this.types],
      operators: [...this.operators],
      texts: [...this.texts],
      bodies: [...this.bodies.values()],
      relationNames: [...this.names],
      userNames: [],
    };
  }

  relation(oid: number): ReturnType<SchemaFacts['relation']> {
    const found = this.#facts.relation(oid);
    if (found === undefined) this.relations.add(oid);
    return found;
  }

  function(oid: number): ReturnType<SchemaFacts['function']> {
    this.used.add(oid);
    const found = this.#facts.function(oid);
    if (found === undefined) this.functions.add(oid);
    return found;
  }

  type(oid: number): ReturnType<SchemaFacts['type']> {
    const found = this.#facts.type(oid);
    if (found === undefined) this.types.add(oid);
    return found;
  }

  relationNamed(quotedName: string): number | null | undefined {
    const found = this.#facts.relationNamed(quotedName);
    if (found === undefined) this.names.add(quotedName);
    return found;
  }

  operator(oid: number): ReturnType<SchemaFacts['operator']> {
    const found = this.#facts.operator(oid);
    if (found === undefined) this.operators.add(oid);
    return found;
  }

  /** `runner` is the function that runs the text, which then depends on the names of now. */
  text(sql: string, runner: number): ReturnType<SchemaFacts['text']> {
    this.used.add(runner);
    const found = this.#facts.text(sql);
    if (found === undefined) this.texts.add(sql);
    return found;
  }

  body(oid: number, triggerRelation: number | null): ReturnType<SchemaFacts['body']> {
    const found = this.#facts.body(oid, triggerRelation);
    if (found === undefined) this.bodies.set(`${oid}/${triggerRelation}`, { oid, triggerRelation });
    else if (found !== null) this.textBodies.add(found);
    return found;
  }
}

/** Functions that the administrator vouched for, by signature (`schema.name(types)`) and definition. */
export type Declarations = {
  /** The columns that the function reads, and whether it can raise. Undefined: not declared, or not as it is now. */
  readonly function: (facts: FunctionFacts) =>
    | {
        readonly reads: readonly ColumnKey[];
        /** Columns that it writes, with whatever it was given and reads. */
        readonly writes: readonly { readonly key: ColumnKey; readonly name: string }[];
        readonly total: boolean;
      }
    | undefined;
};

export interface Walker {
  readonly findings: Findings;
  readonly facts: FactFinder;
  readonly declarations: Declarations;
  readonly serverMajor: number;
  /** Depth of nested queries and function bodies. */
  depth: number;
  /** Above 0 inside a query that was stored before rewriting: views, rules and row security are not in it. */
  storedDepth: number;
  /** Functions whose body is being walked, innermost last. */
  readonly callStack: number[];
  query(query: TreeNode, outer: Scope | null, bound: readonly BoundArgument[] | null): QueryFlow;
  expression(value: TreeValue | undefined, scope: Scope): Sources;
  /** Node text from the catalog, parsed; opaque when it is malformed. */
  stored(text: string): TreeValue;
  /** Sources of each field of a row-valued expression, or null when they cannot be told apart. */
  fields(expression: TreeNode, scope: Scope): readonly Sources[] | null;
  commonTable(table: CommonTable): Relation;
  /** The range-table entry `index` of `scope`. */
  entry(index: number, scope: Scope): Relation;
  /** The function `oid` applied to arguments. */
  call(oid: number, call: FunctionCall, scope: Scope): Sources;
  /** The result columns and rows of a function in FROM. */
  table(
    call: TreeNode,
    columnCount: number,
    scope: Scope,
  ): { readonly columns: readonly Sources[]; readonly rows: Sources };
  /** A trigger that a write fires. */
  trigger(trigger: TriggerFacts, relation: RelationFacts, write: TriggeringWrite): void;
  /** Columns of a stored relation; `inherited` when rows of its children come too. */
  base(oid: number, inherited: boolean): Relation;
}

/** What a trigger sees: the written columns of its relation, and what decided which rows changed. */
export type TriggeringWrite = {
  /** A trigger that assigns to NEW adds to it. */
  readonly written: Map<number, Set<ColumnKey>>;
  readonly updated: Set<number>;
  readonly rows: Sources;
};

export type FunctionCall = {
  /** Sources of all arguments together. */
  readonly sources: Sources;
  readonly arguments: readonly TreeNode[];
  /** The last argument is an array of the arguments. */
  readonly spread?: boolean;
};

/** All columns of a query's answer. */
export function columnsOf(flow: QueryFlow): readonly Sources[] {
  return Array.from({ length: flow.width }, (_, index) => flow.column(index));
}

/** Columns that are walked when first asked; see QueryFlow.column. */
export function lazyColumns(
  walker: Walker,
  count: number,
  walk: (index: number) => Sources,
): (index: number) => Sources {
  const known = new Map<number, { readonly sources: Sources; readonly faulty: boolean }>();
  return (index) => {
    if (index < 0 || index >= count)
      throw new Opaque('column', 'A reference to a column that does not exist.', 'Report the statement.');
    const found = known.get(index);
    if (found !== undefined) {
      if (found.faulty) walker.findings.faults++;
      return found.sources;
    }
    const before = walker.findings.faults;
    const sources = walk(index);
    known.set(index, { sources, faulty: walker.findings.faults > before });
    return sources;
  };
}

export function union(...sets: readonly Sources[]): Sources {
  const filled = sets.filter((set) => set.size > 0);
  if (filled.length === 0) return NO_SOURCES;
  const [only] = filled;
  if (filled.length === 1 && only !== undefined) return only;
  const all = new Set<ColumnKey>();
  for (const set of filled) for (const key of set) all.add(key);
  return all;
}
