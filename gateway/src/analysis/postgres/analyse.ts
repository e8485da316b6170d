/**
 * The façade of the analyser: trees as the server printed them, plus facts, make flows. Pure and total: what is not
 * understood is an opaque analysis with a rule, a sentence and a remedy; what is missing is asked for.
 */
import type { ColumnKey, Flows, OutputFlow, ShapingUses, StatementClass } from '../flows.ts';
import { withBroughtValues } from './brought-values.ts';
import type { NeededFacts, SchemaFacts } from './facts.ts';
import type { RefusalRule } from './refusal-rules.ts';
import { rewriteStored } from './stored-statement.ts';
import { treeHash } from './tree-hash.ts';
import { numberAt, numberOr, TreeSurprise } from './tree-node.ts';
import { isNode, joinPrintedLines, parseTree, type TreeNode, type TreeValue } from './tree-text.ts';
import { indexedColumns } from './walk/index-choice.ts';
import { openWalker } from './walk/open-walker.ts';
import { byteOf, placesInWords } from './walk/place-words.ts';
import { scannedOutputs } from './walk/plain-scan.ts';
import { shapingUses } from './walk/shaping-kinds.ts';
import { refilled } from './walk/stored-again.ts';
import { markUnchanged } from './walk/unchanged.ts';
import { columnsOf, type Declarations, NO_SOURCES, Opaque, type Sources, union, type Walker } from './walk/walker.ts';

export type AnalysisRequest = {
  /** DETAIL of each tree notice (`F=print.c`, `R=elog_node_display`, no CONTEXT) that came for this statement, in order. */
  readonly treeTexts: readonly string[];
  /** Column names of the server's RowDescription, in order; null for NoData. */
  readonly outputNames: readonly string[] | null;
  readonly facts: SchemaFacts;
  readonly declarations: Declarations;
  /** 14 to 18. */
  readonly serverMajor: number;
  /** The grammar's name of the statement, from the gate. */
  readonly statementKind: string;
  /** Columns of which policy may permit one use and not another: of reads that they shape, the uses are told apart. */
  readonly tellApart?: (column: ColumnKey) => boolean;
  /** `treeTexts` is one body as it is stored (`pg_proc.prosqlbody`), resolved and not rewritten. */
  readonly stored?: boolean;
};

export type StatementAnalysis =
  | {
      readonly kind: 'flows';
      readonly flows: Flows;
      /** SHA-256 of the trees with positions blanked, hex. Equal hashes mean equal meaning in one schema epoch. */
      readonly treeHash: string;
      /**
       * User functions and triggers that it runs. The server does not announce that one was replaced, so the facts about
       * them must be fetched anew before every execution, not only when the statement is parsed.
       */
      readonly userFunctions: readonly number[];
      /** Cursors named by WHERE CURRENT OF: what decides at which row they stand shapes the statement, too. */
      readonly cursors?: readonly string[];
      /** True when no literal was looked at: the flows then hold for any literals in their place. */
      readonly constantFree: boolean;
    }
  | { readonly kind: 'needs'; readonly needs: NeededFacts }
  | {
      readonly kind: 'opaque';
      readonly rule: RefusalRule;
      readonly message: string;
      readonly remedy: string;
      /** Where the construct begins, in bytes of the text that the server parsed, when that is known. */
      readonly byte?: number | null;
    };

/** Versions whose node text was tested. */
export const OLDEST_SERVER = 14;
export const NEWEST_SERVER = 18;

export function analyseTrees(request: AnalysisRequest): StatementAnalysis {
  if (request.serverMajor < OLDEST_SERVER || request.serverMajor > NEWEST_SERVER) {
    return opaque(
      'server-version',
      `PostgreSQL ${request.serverMajor} is not supported by this analyser.`,
      `Use a server of version ${OLDEST_SERVER} to ${NEWEST_SERVER}.`,
    );
  }
  const walker = openWalker(request.facts, request.declarations, request.serverMajor);
  let queries: readonly TreeNode[] = [];
  try {
    const texts = request.treeTexts.map(joinedOrOpaque);
    // What is not in the text of a stored statement: the views in it as they are now.
    const beyond: string[] = [];
    if (request.stored === true) {
      const statements = texts.map((text) => rewriteStored(walker, readTree(text)));
      if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
      queries = statements.map(({ query }) => query);
      beyond.push(...statements.flatMap(({ views }) => views));
    } else queries = texts.flatMap(readQueries);
    requireAgreement(request.statementKind, queries);
    const flow = walkStatement(walker, queries, request.outputNames);
    if (request.statementKind === REFRESH)
      for (const view of [...walker.findings.relations].slice(0, 1)) refilled(walker, view);
    const found = flowsOf(walker, flow, request);
    const writes = withBroughtValues(found.writes, queries, (oid) => walker.facts.relation(oid));
    const scanned = scannedOutputs(onlyOf(queries));
    const flows = {
      ...found,
      writes,
      outputs: markUnchanged(walker, onlyOf(queries), found.outputs),
      ...(scanned.size === 0 ? {} : { scanned }),
      ...(EXPLAINED.has(request.statementKind) ? { indexed: indexedColumns(walker, queries, found.shaping) } : {}),
    };
    requireNamed(walker, flows);
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    requireSettledNames(walker, flows);
    const uses = usesOf(walker, flows, queries, request);
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    return {
      kind: 'flows',
      flows: uses === null ? flows : { ...flows, uses },
      treeHash: treeHash([...texts, ...beyond]),
      userFunctions: [...walker.facts.used],
      cursors: [...walker.findings.cursors],
      constantFree: !walker.findings.readConstant,
    };
  } catch (error) {
    // A refusal found with facts missing may be wrong in its words only; the facts cannot make it pass.
    if (error instanceof Opaque)
      return opaque(error.rule, error.message, error.remedy, byteOf(queries, walker.findings.node));
    if (error instanceof TreeSurprise)
      return opaque(
        'tree-surprise',
        `The server's tree is not as expected: ${error.message}.`,
        'Report the statement and the version of the server.',
      );
    if (error instanceof RangeError)
      return opaque('too-large', 'The statement is too deeply nested to analyse.', 'Split it into smaller statements.');
    throw error;
  }
}

function onlyOf(queries: readonly TreeNode[]): TreeNode | null {
  return queries.length === 1 ? (queries[0] ?? null) : null;
}

function opaque(rule: RefusalRule, message: string, remedy: string, byte: number | null = null): StatementAnalysis {
  return { kind: 'opaque', rule, message, remedy, byte };
}

/** Statements whose rows go to the client as they are. */
const READS: ReadonlySet<string> = new Set(['SelectStmt', 'CopyStmt', 'DeclareCursorStmt', 'FetchStmt', 'ExecuteStmt']);

function usesOf(
  walker: Walker,
  flows: Flows,
  queries: readonly TreeNode[],
  { facts, declarations, serverMajor, statementKind, tellApart }: AnalysisRequest,
): ShapingUses | null {
  const [query] = queries;
  if (tellApart === undefined || query === undefined || queries.length > 1) return null;
  if (flows.statementClass !== 'read' || !READS.has(statementKind) || ![...flows.shaping].some(tellApart)) return null;
  const uses = shapingUses(walker, query, () => openWalker(facts, declarations, serverMajor));
  // Groups are held back row by row where a query is run as itself; a cursor or EXECUTE could be read in pieces.
  return uses === null || statementKind === 'SelectStmt' ? uses : { ...uses, count: null };
}

/** Its query is `SELECT * FROM` the view, which the walker notes before the tables under it. */
const REFRESH = 'RefreshMatViewStmt';

/** EXPLAIN, and what EXPLAIN EXECUTE may name. */
const EXPLAINED: ReadonlySet<string> = new Set(['ExplainStmt', 'PrepareStmt']);

/** CmdType by the gate's kind. */
const COMMANDS: ReadonlyMap<string, number> = new Map([
  ['SelectStmt', 1],
  ['UpdateStmt', 2],
  ['InsertStmt', 3],
  ['DeleteStmt', 4],
  ['MergeStmt', 5],
]);

/** The gate and the server must have read the same kind of statement. Queries that rules added do not count. */
function requireAgreement(statementKind: string, queries: readonly TreeNode[]): void {
  const command = COMMANDS.get(statementKind);
  const original = queries.find((query) => numberOr(query, 'querySource', 0) === 0);
  if (command !== undefined && original !== undefined && numberAt(original, 'commandType') !== command) {
    throw new Opaque(
      'disagreement',
      'The gateway and the server read the statement differently.',
      'Report the statement.',
    );
  }
}

function joinedOrOpaque(text: string): string {
  const joined = joinPrintedLines(text);
  if (joined === null)
    throw new Opaque(
      'tree-line-break',
      'A name in the statement is too long to be read back from the server.',
      'Use shorter names.',
    );
  return joined;
}

function readTree(text: string): TreeValue {
  const parsed = parseTree(text);
  if (parsed.kind === 'malformed')
    throw new Opaque(
      'tree-malformed',
      'The server printed a tree that cannot be read.',
      'Report the statement and the version of the server.',
    );
  return parsed.value;
}

function readQueries(text: string): readonly TreeNode[] {
  const value = readTree(text);
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (!isNode(item))
      throw new Opaque(
        'tree-malformed',
        'The server printed something else than queries.',
        'Report the statement and the version of the server.',
      );
    return item;
  });
}

type Answer = { readonly names: readonly string[]; readonly columns: readonly Sources[]; readonly rows: Sources };

/** Rewriting may add queries (rules). The one that answers the client has as many columns as RowDescription says. */
function walkStatement(walker: Walker, queries: readonly TreeNode[], outputNames: readonly string[] | null): Answer {
  if (queries.length === 0)
    throw new Opaque(
      'no-tree',
      'The server sent no tree for the statement.',
      'Ask the administrator to run `sluice-gateway check`.',
    );
  const flows = queries.map((query) => walker.query(query, null, null));
  for (const flow of flows) columnsOf(flow);
  const width = outputNames?.length ?? 0;
  const answers = flows.filter((flow) => flow.width === width);
  if (answers.length === 0 && !walker.facts.incomplete) {
    throw new Opaque(
      'column-count',
      'The tree and the description of the answer have different numbers of columns.',
      'Report the statement.',
    );
  }
  const columns = Array.from({ length: width }, (_, index) => union(...answers.map((flow) => flow.column(index))));
  return { names: outputNames ?? [], columns, rows: union(...flows.flatMap((flow) => [flow.rows, flow.order])) };
}

/** Functions in languages of strings resolve the names in their bodies while they run: the path may not move meanwhile. */
function requireSettledNames(walker: Walker, flows: Flows): void {
  if (walker.facts.used.size === 0) return;
  if (flows.writes.some((write) => write.target === null && write.targetName === 'setting search_path'))
    throw new Opaque(
      'path-moves',
      'The statement moves the search_path and runs functions that depend on it.',
      'Set the search_path in a statement of its own.',
    );
}

/** Whoever labels the flows must know the relation of every column in them. */
function requireNamed(walker: Walker, flows: Flows): void {
  const all = union(
    ...flows.outputs.map((output) => output.sources),
    flows.shaping,
    flows.faultable,
    flows.recomputed ?? NO_SOURCES,
    flows.carried ?? NO_SOURCES,
    flows.rowLengths ?? NO_SOURCES,
    flows.indexed ?? NO_SOURCES,
    ...flows.writes.map((write) => write.sources),
  );
  for (const key of all) walker.facts.relation(Number.parseInt(key, 10));
}

function flowsOf(walker: Walker, flow: Answer, request: AnalysisRequest): Flows {
  const { findings } = walker;
  const outputs: readonly OutputFlow[] = flow.columns.map((sources, index) => ({
    name: flow.names[index] ?? '?column?',
    sources,
  }));
  const statementClass: StatementClass = findings.changesData ? 'write' : 'read';
  // A plan lists partitions one by one, with their rows.
  const carried = union(
    findings.carried,
    ...[...findings.relations].map((oid) => walker.base(oid, true).order ?? NO_SOURCES),
  );
  return {
    statementClass,
    statementKind: request.statementKind,
    outputs,
    shaping: flow.rows,
    ...(carried.size === 0 ? {} : { carried }),
    ...(findings.changed.size === 0
      ? {}
      : { rowLengths: union(...[...findings.changed].map((oid) => walker.base(oid, true).column(0))) }),
    places: placesInWords(walker),
    writes: findings.writes.map((write) => ({
      target: write.target,
      targetName: write.targetName,
      sources: write.sources,
      // What variables of a function hold is not followed into its statements: there, all counts as a value.
      ...(write.decides !== undefined && walker.facts.used.size === 0 && { decides: write.decides }),
    })),
    faultable: findings.faultable,
    ...(findings.recomputed.size === 0 ? {} : { recomputed: findings.recomputed }),
    relations: findings.relations,
    ...(findings.fixed.size === 0 ? {} : { fixed: findings.fixed }),
    ...(findings.removed.size === 0 ? {} : { removed: findings.removed }),
    holds: [...findings.holds],
  };
}
