/**
 * Range-table entries (parsenodes.h, RangeTblEntry): what each kind of FROM item offers. An unknown kind is a refusal.
 */
import { booleanAt, listAt, nameAt, neededNode, nodeAt, nodesAt, numberAt } from '../tree-node.ts';
import { isNode, type TreeNode, type TreeValue } from '../tree-text.ts';
import { TUPLE_ID } from './base-relation.ts';
import { levelsUp } from './expression.ts';
import { literalInteger } from './literals.ts';
import {
  columnsOf,
  NO_SOURCES,
  Opaque,
  type QueryFlow,
  type Relation,
  type Scope,
  type Sources,
  union,
  type Walker,
} from './walker.ts';

/** CmdType */
const SELECT = 1;

/** RTEKind. 7, a transition table of a trigger, has no columns to follow and is refused with what is unknown. */
const RELATION = 0;
const SUBQUERY = 1;
const JOIN = 2;
const FUNCTION = 3;
const TABLE_FUNCTION = 4;
const VALUES = 5;
const COMMON_TABLE = 6;
const RESULT = 8;
/** Since 18: the grouped columns of a level with GROUP BY. */
const GROUP = 9;

export function resolveEntry(walker: Walker, index: number, scope: Scope): Relation {
  const known = scope.resolved.get(index);
  if (known !== undefined) return known;
  const entry = scope.rangeTable[index - 1];
  if (entry === undefined)
    throw new Opaque('range-table', 'A reference to a range-table entry that does not exist.', 'Report the statement.');
  const relation =
    index === scope.excluded ? excludedRow(walker, entry, scope) : resolveKind(walker, index, entry, scope);
  scope.resolved.set(index, relation);
  return relation;
}

function resolveKind(walker: Walker, index: number, entry: TreeNode, scope: Scope): Relation {
  const kind = numberAt(entry, 'rtekind');
  switch (kind) {
    case RELATION:
      return storedRelation(walker, index, entry, scope);
    case SUBQUERY: {
      const flow = walker.query(neededNode(entry, 'subquery'), scope, null);
      // A data change or a row lock keeps whole rows of what it joins, so every column is computed.
      if (numberAt(scope.query, 'commandType') !== SELECT || nodesAt(scope.query, 'rowMarks').length > 0)
        walker.findings.carry(columnsOf(flow));
      return fromFlow(flow);
    }
    case JOIN:
      return joined(walker, listAt(entry, 'joinaliasvars'), scope);
    case FUNCTION:
      return functionsInFrom(walker, entry, scope);
    case TABLE_FUNCTION: {
      // XMLTABLE and JSON_TABLE: the document decides values and rows, and can be malformed.
      const sources = walker.expression(neededNode(entry, 'tablefunc'), scope);
      walker.findings.fault(sources);
      return {
        column: () => sources,
        columns: listAt(neededNode(entry, 'tablefunc'), 'colnames').map(() => sources),
        rows: sources,
      };
    }
    case VALUES:
      return valueLists(walker, entry, scope);
    case COMMON_TABLE:
      return commonTable(walker, entry, scope);
    case RESULT:
      return enumerated([], NO_SOURCES);
    case GROUP:
      return joined(walker, listAt(entry, 'groupexprs'), scope);
    default:
      throw new Opaque(
        'range-table-kind',
        `FROM holds an item of kind ${kind} that this version does not analyse.`,
        'Rewrite the statement without it.',
      );
  }
}

/** A sub-query: its columns are walked as they are read. */
function fromFlow(flow: QueryFlow): Relation {
  return {
    get columns() {
      return columnsOf(flow);
    },
    rows: flow.rows,
    order: flow.order,
    column: (attribute) =>
      attribute === 0 ? union(...columnsOf(flow)) : attribute < 0 ? NO_SOURCES : flow.column(attribute - 1),
  };
}

/** Columns by position; attribute 0 is the whole row. System columns of anything but a table carry nothing. */
function enumerated(columns: readonly Sources[], rows: Sources): Relation {
  return {
    columns,
    rows,
    column: (attribute) => {
      if (attribute === 0) return union(...columns);
      if (attribute < 0) return NO_SOURCES;
      const column = columns[attribute - 1];
      if (column === undefined)
        throw new Opaque('column', 'A reference to a column that does not exist.', 'Report the statement.');
      return column;
    },
  };
}

function storedRelation(walker: Walker, index: number, entry: TreeNode, scope: Scope): Relation {
  const oid = numberAt(entry, 'relid');
  const base = walker.base(oid, booleanAt(entry, 'inh'));
  const sample = nodeAt(entry, 'tablesample');
  const sampled = sample === null ? NO_SOURCES : walker.expression(sample, scope);
  if (sample !== null) requireKnownSampling(sample);
  // A sample size out of range raises.
  if (sample !== null) walker.findings.fault(sampled);
  return {
    get columns() {
      return base.columns?.map((stored, position) => withWritten(stored, position + 1, index, scope)) ?? null;
    },
    rows: union(base.rows, sampled, takesAll(walker, sample) ? NO_SOURCES : base.column(TUPLE_ID)),
    order: base.order ?? NO_SOURCES,
    column: (attribute) => withWritten(base.column(attribute), attribute, index, scope),
  };
}

/** BERNOULLI and SYSTEM, `pg_proc.dat`: their argument is a percentage. */
const SAMPLING_METHODS: ReadonlySet<number> = new Set([3313, 3314]);

function requireKnownSampling(sample: TreeNode): void {
  if (!SAMPLING_METHODS.has(numberAt(sample, 'tsmhandler')))
    throw new Opaque('sampling-method', 'TABLESAMPLE with a method of an extension.', 'Use BERNOULLI or SYSTEM.');
}

/** Which rows a sample takes depends on where they stand, unless it takes all of them. */
function takesAll(walker: Walker, sample: TreeNode | null): boolean {
  if (sample === null) return true;
  const [percentage] = nodesAt(sample, 'args');
  const literal = percentage?.tag === 'FUNCEXPR' ? nodesAt(percentage, 'args')[0] : percentage;
  return literalInteger(walker, literal) === 100;
}

/** In RETURNING, a column of the target holds what this statement wrote there. */
function withWritten(stored: Sources, attribute: number, index: number, scope: Scope): Sources {
  if (scope.written === null || index !== numberAt(scope.query, 'resultRelation')) return stored;
  if (attribute === 0) return union(stored, ...scope.written.values());
  return union(stored, scope.written.get(attribute) ?? NO_SOURCES);
}

/** `EXCLUDED`: the row that the INSERT proposed. */
function excludedRow(walker: Walker, entry: TreeNode, scope: Scope): Relation {
  const base = walker.base(numberAt(entry, 'relid'), false);
  const proposed = (attribute: number): Sources => {
    const found: Sources[] = [];
    for (const target of nodesAt(scope.query, 'targetList')) {
      if (attribute === 0 || numberAt(target, 'resno') === attribute)
        found.push(walker.expression(nodeAt(target, 'expr'), scope));
    }
    return union(...found);
  };
  return { columns: null, rows: NO_SOURCES, column: (attribute) => union(base.column(attribute), proposed(attribute)) };
}

/** Joins and groups: each column is an expression over the entries below. Columns dropped since are `<>`. */
function joined(walker: Walker, expressions: readonly TreeValue[], scope: Scope): Relation {
  const column = (attribute: number): Sources => {
    if (attribute === 0) return walker.expression(expressions, scope);
    const expression = expressions[attribute - 1];
    if (expression === undefined)
      throw new Opaque('join-column', 'A join has fewer columns than are read.', 'Report the statement.');
    return walker.expression(expression, scope);
  };
  return { column, columns: null, rows: NO_SOURCES };
}

function functionsInFrom(walker: Walker, entry: TreeNode, scope: Scope): Relation {
  const columns: Sources[] = [];
  const rows: Sources[] = [];
  for (const item of nodesAt(entry, 'functions')) {
    const result = walker.table(neededNode(item, 'funcexpr'), numberAt(item, 'funccolcount'), scope);
    columns.push(...result.columns);
    rows.push(result.rows);
  }
  const allRows = union(...rows);
  // Its number depends on how many rows came before.
  if (booleanAt(entry, 'funcordinality')) columns.push(allRows);
  return enumerated(columns, allRows);
}

function valueLists(walker: Walker, entry: TreeNode, scope: Scope): Relation {
  const columns: Sources[] = [];
  for (const row of listAt(entry, 'values_lists')) {
    if (!Array.isArray(row))
      throw new Opaque('values', 'VALUES holds something else than rows.', 'Report the statement.');
    for (const [index, value] of row.entries()) {
      if (!isNode(value))
        throw new Opaque('values', 'VALUES holds something else than expressions.', 'Report the statement.');
      columns[index] = union(columns[index] ?? NO_SOURCES, walker.expression(value, scope));
    }
  }
  return enumerated(columns, NO_SOURCES);
}

function commonTable(walker: Walker, entry: TreeNode, scope: Scope): Relation {
  const owner = levelsUp(scope, numberAt(entry, 'ctelevelsup'));
  const table = owner.commonTables.get(nameAt(entry, 'ctename') ?? '');
  if (table === undefined)
    throw new Opaque('common-table', 'A reference to a WITH query that does not exist.', 'Report the statement.');
  return walker.commonTable(table);
}
