/**
 * Functions written in SQL: their bodies are queries, walked with the arguments bound to what the caller passed.
 */
import type { FunctionBody, FunctionFacts } from '../facts.ts';
import {
  booleanAt,
  childNodes,
  listAt,
  nameAt,
  neededNode,
  nodeAt,
  nodesAt,
  normaliseName,
  numberAt,
} from '../tree-node.ts';
import { isNode, joinPrintedLines, parseTree, type TreeNode, type TreeValue } from '../tree-text.ts';
import { requireKnownType } from './casts.ts';
import { guard } from './guard.ts';
import { openStoredScope } from './stored-scope.ts';
import {
  type BoundArgument,
  columnsOf,
  type FunctionCall,
  NO_SOURCES,
  Opaque,
  type Scope,
  type Sources,
  union,
  type Walker,
} from './walker.ts';

/** Functions that call each other, at most. */
const MAX_CALL_DEPTH = 16;

type Result = { readonly columns: readonly Sources[]; readonly rows: Sources };

export function walkFunctionBody(walker: Walker, facts: FunctionFacts, call: FunctionCall, scope: Scope): Result {
  if (walker.callStack.includes(facts.oid) || walker.callStack.length >= MAX_CALL_DEPTH) {
    throw new Opaque(
      'function-recursion',
      `${facts.signature} calls itself.`,
      'Ask the administrator to declare the function.',
    );
  }
  if (facts.settings.length > 0) requireHarmlessSettings(facts);
  const { queries, locals, types } = bodyQueries(walker, facts, null);
  const passed = bindArguments(walker, facts, call, scope);
  const runs = decidesToRun(facts, call, passed);
  checkDomains(walker, [facts.returnType, ...facts.parameters.map(({ type }) => type), ...types]);
  if (facts.language === 'plpgsql') return walkProgram(walker, facts, queries, passed, locals);
  walker.callStack.push(facts.oid);
  const faultsBefore = walker.findings.faults;
  const writesBefore = walker.findings.writes.length;
  let columns: readonly Sources[] = [];
  let lastRows = NO_SOURCES;
  const rows: Sources[] = [];
  // Run with the owner's rights, it may see rows that row security keeps from the session.
  if (facts.securityDefiner) walker.storedDepth++;
  for (const query of queries) {
    const flow = walker.query(query, null, passed);
    rows.push(flow.rows);
    const found = columnsOf(flow);
    // The caller may read one of them, the function reads them all.
    walker.findings.carry(found);
    // Queries that rules added answer nothing.
    if (!booleanAt(query, 'canSetTag')) continue;
    columns = found;
    lastRows = union(flow.rows, flow.order);
  }
  if (facts.securityDefiner) walker.storedDepth--;
  walker.callStack.pop();
  // Whether a later statement of the body is reached, and whether it raises, depends on what the body tests.
  guard(walker, union(runs, ...rows), faultsBefore, writesBefore);
  return { columns: columns.map((column) => union(column, runs)), rows: union(lastRows, runs) };
}

/**
 * A strict function is not run at all where an argument is NULL, whatever its body reads. The row of an item of FROM is
 * not NULL, however many NULLs are in it, unless an outer join or a data change lacks it, which counts among the rows.
 */
function decidesToRun(facts: FunctionFacts, call: FunctionCall, passed: readonly BoundArgument[]): Sources {
  if (!facts.strict) return NO_SOURCES;
  const present = new Set(
    call.arguments.flatMap((argument, index) => {
      const { expression, position } = placeOf(argument, index);
      return expression.tag === 'VAR' && numberAt(expression, 'varattno') === 0 ? [position] : [];
    }),
  );
  return union(...passed.filter((_, index) => !present.has(index)).map(({ sources }) => sources));
}

/** A SET clause that moves search_path is harmless: the tree was made, or is stored, with names resolved. Others are not reviewed. */
function requireHarmlessSettings(facts: FunctionFacts): void {
  for (const setting of facts.settings) {
    if (!setting.startsWith('search_path=') || facts.bodyTree === null) {
      throw new Opaque(
        'function-settings',
        `${facts.signature} changes settings while it runs (${setting.split('=', 1)[0]}).`,
        'Ask the administrator to declare the function.',
      );
    }
  }
}

type Body = {
  readonly queries: readonly TreeNode[];
  readonly locals: number;
  readonly assigns: readonly string[] | 'every';
  /** Types of variables. */
  readonly types: readonly number[];
};

/** Values are read as domains when they are passed, assigned and returned, which runs the checks of the domains. */
export function checkDomains(walker: Walker, types: readonly number[]): void {
  const scope = openStoredScope(() => NO_SOURCES);
  for (const type of new Set(types)) requireKnownType(walker, type, NO_SOURCES, scope);
}

export function bodyQueries(walker: Walker, facts: FunctionFacts, triggerRelation: number | null): Body {
  if (facts.bodyTree !== null)
    return { queries: [...queriesIn(walker.stored(facts.bodyTree))], locals: 0, assigns: [], types: [] };
  const body = walker.facts.body(facts.oid, triggerRelation);
  if (body === undefined) return { queries: [], locals: 0, assigns: [], types: [] };
  if (body === null)
    throw new Opaque(
      'function-body',
      `The body of ${facts.signature} cannot be analysed.`,
      'Write it as BEGIN ATOMIC … END, or ask the administrator to declare the function.',
    );
  return parsedBody(body, facts);
}

/** The queries of a body that the server has parsed. */
export function parsedBody(body: FunctionBody, facts: FunctionFacts): Body {
  const queries = body.statements.flatMap((statement) =>
    statement.trees.flatMap((text) => {
      const parsed = parseTree(joinPrintedLines(text) ?? '');
      if (parsed.kind === 'malformed')
        throw new Opaque('tree-malformed', `The tree of ${facts.signature} cannot be read.`, 'Report the function.');
      const queries = [...queriesIn(parsed.value)];
      for (const name of statement.replaced) requireUncaptured(queries, normaliseName(name), facts);
      return queries;
    }),
  );
  return { queries, locals: body.locals, assigns: body.assigns, types: body.types };
}

/**
 * A program in PL/pgSQL, coarsely: whatever any of its expressions reads may reach its result, its variables, what it
 * writes, and whether it raises. `passed` are its arguments, or the columns of NEW and OLD.
 */
export function walkProgram(
  walker: Walker,
  facts: FunctionFacts,
  queries: readonly TreeNode[],
  passed: readonly BoundArgument[],
  locals: number,
): Result {
  const given = union(...passed.map((argument) => argument.sources));
  const variable: BoundArgument = {
    sources: facts.returnType === TRIGGER ? NO_SOURCES : given,
    fields: null,
    faulty: true,
  };
  const bound = [...passed, ...Array.from({ length: locals }, () => variable)];
  walker.callStack.push(facts.oid);
  if (facts.securityDefiner) walker.storedDepth++;
  const writesBefore = walker.findings.writes.length;
  const found: Sources[] = [];
  for (const query of queries) {
    const flow = walker.query(query, null, bound);
    found.push(...columnsOf(flow), flow.rows, flow.order);
  }
  if (facts.securityDefiner) walker.storedDepth--;
  walker.callStack.pop();
  const everything = union(variable.sources, ...found);
  walker.findings.fault(everything, 'the code of a function or block');
  for (const write of walker.findings.writes.slice(writesBefore))
    for (const source of everything) write.sources.add(source);
  return { columns: [everything], rows: everything };
}

const TRIGGER = 2279;

/** `prosqlbody` is a query, or a list of a list of queries for BEGIN ATOMIC. */
export function* queriesIn(value: TreeValue): Generator<TreeNode> {
  if (isNode(value)) yield value;
  else if (Array.isArray(value)) for (const item of value) yield* queriesIn(item);
}

/**
 * Names of arguments and variables were replaced by parameters before the server saw them, which is right only if no
 * table, column or result in reach has that name: a column may take precedence, and variables end with their blocks.
 */
function requireUncaptured(values: readonly TreeValue[], name: string, facts: FunctionFacts): void {
  for (const value of values) {
    for (const node of childNodes(value)) {
      if (node.tag === 'RANGETBLENTRY') {
        const names = neededNode(node, 'eref');
        const columns = listAt(names, 'colnames');
        if (
          nameAt(names, 'aliasname') === name ||
          columns.some((column) => typeof column === 'string' && normaliseName(column) === name)
        )
          captured(name, facts);
      }
      if (node.tag === 'TARGETENTRY' && nameAt(node, 'resname') === name) captured(name, facts);
      requireUncaptured(node.tag === 'QUERY' ? partsInReach(node) : [...node.fields.values()], name, facts);
    }
  }
}

const INSERT = 3;

/** The columns of the table that an INSERT fills cannot be named in what it fills them with. */
function partsInReach(query: TreeNode): readonly TreeValue[] {
  const isPlain =
    numberAt(query, 'commandType') === INSERT &&
    nodeAt(query, 'onConflict') === null &&
    (query.fields.get('returningList') ?? null) === null;
  if (!isPlain) return [...query.fields.values()];
  const target = numberAt(query, 'resultRelation') - 1;
  return [...query.fields].flatMap(([field, value]): readonly TreeValue[] => {
    if (field === 'rtable') return nodesAt(query, field).filter((_, index) => index !== target);
    if (field === 'targetList') return nodesAt(query, field).map((entry) => entry.fields.get('expr') ?? null);
    return [value];
  });
}

function captured(name: string, facts: FunctionFacts): never {
  throw new Opaque(
    'function-argument-name',
    `In ${facts.signature}, ${name} is both an argument or variable and a table or column.`,
    'Rename the argument or variable, or write the body as BEGIN ATOMIC … END.',
  );
}

/** A named argument carries its number. */
function placeOf(argument: TreeNode, index: number): { readonly expression: TreeNode; readonly position: number } {
  return argument.tag === 'NAMEDARGEXPR'
    ? { expression: neededNode(argument, 'arg'), position: numberAt(argument, 'argnumber') }
    : { expression: argument, position: index };
}

/** Arguments by position; missing ones take the default expressions. */
function bindArguments(
  walker: Walker,
  facts: FunctionFacts,
  call: FunctionCall,
  scope: Scope,
): readonly BoundArgument[] {
  const bound: (BoundArgument | undefined)[] = [];
  for (const [index, argument] of call.arguments.entries()) {
    const { expression, position } = placeOf(argument, index);
    const before = walker.findings.faults;
    const sources = walker.expression(expression, scope);
    const faulty = walker.findings.faults > before;
    bound[position] = {
      sources,
      fields: walker.fields(expression, scope),
      faulty,
    };
  }
  const missing = facts.argumentTypes.some((_, index) => bound[index] === undefined);
  const fallback: BoundArgument = {
    sources:
      missing && facts.argumentDefaults !== null
        ? walker.expression(walker.stored(facts.argumentDefaults), scope)
        : NO_SOURCES,
    fields: null,
    faulty: true,
  };
  // Called from inside an aggregate or a support function: the arguments are not at hand one by one.
  const unknown: BoundArgument = { sources: union(call.sources, fallback.sources), fields: null, faulty: true };
  return facts.argumentTypes.map((_, index) => bound[index] ?? unknown);
}
