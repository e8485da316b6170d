/** Flows of CALL and DO: of code that runs without a query around it. */
import { CHANGED_DEFINITION, type ColumnKey, type Flows } from '../flows.ts';
import type { StatementAnalysis } from './analyse.ts';
import { FIRST_USER_OID, type FunctionBody, type FunctionFacts, type SchemaFacts } from './facts.ts';
import type { RefusalRule } from './refusal-rules.ts';
import { TreeSurprise } from './tree-node.ts';
import { checkDomains, parsedBody, walkProgram } from './walk/function-body.ts';
import { openWalker } from './walk/open-walker.ts';
import { openStoredScope } from './walk/stored-scope.ts';
import { type Declarations, NO_SOURCES, Opaque, type Sources, union, type Walker } from './walk/walker.ts';

export type RoutineRequest = {
  readonly statementKind: 'CallStmt' | 'DoStmt';
  /** Of the row that CALL answers with; empty for none. */
  readonly outputNames: readonly string[];
  readonly facts: SchemaFacts;
  readonly declarations: Declarations;
  readonly serverMajor: number;
};

/** CALL of a procedure whose arguments carry no column. */
export function callAnalysis(oid: number, request: RoutineRequest): StatementAnalysis {
  return analysed(request, (walker) => {
    const facts = walker.facts.function(oid);
    if (facts !== undefined && facts?.kind !== 'p')
      throw new Opaque('procedure', 'CALL names something else than a procedure.', 'Call a function with SELECT.');
    return walker.call(
      oid,
      { sources: NO_SOURCES, arguments: [] },
      openStoredScope(() => NO_SOURCES),
    );
  });
}

/** DO: its body as prepared, null when it holds what is not analysed. Of its definitions `withDefinitions` knows. */
export function programAnalysis(
  program: FunctionFacts,
  body: FunctionBody | null,
  request: RoutineRequest,
): StatementAnalysis {
  const analysis = analysed(request, (walker) => {
    if (body === null)
      throw new Opaque(
        'do-block',
        'DO runs code that is not analysed: dynamic SQL, cursors, procedures, definitions that make code or queries, or what the server does not accept.',
        'Send its statements one by one.',
      );
    if (body.definitions === 'dependent') throw dependent();
    const { queries, types } = parsedBody(body, program);
    checkDomains(walker, types);
    const { columns, rows } = walkProgram(walker, program, queries, [], body.locals);
    const sources = union(...columns, rows);
    if (body.definitions !== undefined && (types.some(isOfUsers) || [...sources].some(isInTableOfUsers)))
      throw dependent();
    return sources;
  });
  if (body?.definitions === undefined || analysis.kind !== 'flows') return analysis;
  return touchesOnlyCatalogs(analysis) ? analysis : { kind: 'opaque', ...DEPENDENT, byte: null };
}

const DEPENDENT = {
  rule: 'block-definitions',
  message: 'DO defines something, and what else it does could depend on that.',
  remedy: 'Send its statements one by one.',
} as const;

function dependent(): Opaque {
  return new Opaque(DEPENDENT.rule, DEPENDENT.message, DEPENDENT.remedy);
}

/** What is written here could be defined by the block, and functions of users could look at it by other names. */
function touchesOnlyCatalogs({ flows, userFunctions }: Extract<StatementAnalysis, { kind: 'flows' }>): boolean {
  return (
    flows.statementClass === 'read' &&
    flows.writes.length === 0 &&
    !userFunctions.some(isOfUsers) &&
    ![...flows.relations].some(isOfUsers)
  );
}

function isOfUsers(oid: number): boolean {
  return oid >= FIRST_USER_OID;
}

function isInTableOfUsers(key: ColumnKey): boolean {
  return isOfUsers(Number.parseInt(key, 10));
}

/** A block with its definitions: whether one of them happens, and fails, can depend on all that the block reads. */
export function withDefinitions(block: Flows, definitions: readonly Flows[]): Flows {
  const read = new Set([...block.faultable, ...block.shaping]);
  const tested = read.size === 0 ? [] : [{ target: null, targetName: CHANGED_DEFINITION, sources: read }];
  const named = definitions.flatMap((each) => each.named ?? []);
  return {
    ...block,
    statementClass: 'ddl',
    shaping: new Set([block, ...definitions].flatMap(({ shaping }) => [...shaping])),
    writes: [...block.writes, ...tested, ...definitions.flatMap(({ writes }) => writes)],
    faultable: new Set([block, ...definitions].flatMap(({ faultable }) => [...faultable])),
    relations: new Set([block, ...definitions].flatMap(({ relations }) => [...relations])),
    holds: [...new Set([block, ...definitions].flatMap(({ holds }) => holds))],
    ...(named.length === 0 ? {} : { named }),
  };
}

function analysed(request: RoutineRequest, walk: (walker: Walker) => Sources): StatementAnalysis {
  const walker = openWalker(request.facts, request.declarations, request.serverMajor);
  try {
    const sources = walk(walker);
    const flows = flowsOf(walker, sources, request);
    for (const key of [...sources, ...flows.faultable, ...flows.writes.flatMap((write) => [...write.sources])])
      walker.facts.relation(Number.parseInt(key, 10));
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    if (flows.writes.some((write) => write.target === null && write.targetName === 'setting search_path'))
      throw new Opaque(
        'path-moves',
        'The code moves the search_path, on which the rest of it depends.',
        'Set the search_path in a statement of its own.',
      );
    return { kind: 'flows', flows, treeHash: '', userFunctions: [...walker.facts.used], constantFree: false };
  } catch (error) {
    const [rule, message, remedy]: readonly [RefusalRule | null, string, string] =
      error instanceof Opaque
        ? [error.rule, error.message, error.remedy]
        : error instanceof TreeSurprise
          ? ['tree-surprise', `The server's tree is not as expected: ${error.message}.`, 'Report the statement.']
          : error instanceof RangeError
            ? ['too-large', 'The code is too deeply nested to analyse.', 'Split it.']
            : [null, '', ''];
    if (rule === null) throw error;
    return { kind: 'opaque', rule, message, remedy, byte: null };
  }
}

function flowsOf(walker: Walker, sources: Sources, request: RoutineRequest): Flows {
  const { findings } = walker;
  return {
    statementClass: findings.changesData || findings.writes.length > 0 ? 'write' : 'read',
    statementKind: request.statementKind,
    outputs: request.outputNames.map((name) => ({ name, sources })),
    // One row, or none at all.
    shaping: NO_SOURCES,
    writes: findings.writes,
    faultable: findings.faultable,
    relations: findings.relations,
    holds: [...findings.holds],
  };
}
