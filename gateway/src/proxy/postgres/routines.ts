import type { Flows } from '../../analysis/flows.ts';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import type { Handling } from '../../analysis/postgres/gate/statement.ts';
import {
  callAnalysis,
  programAnalysis,
  type RoutineRequest,
  withDefinitions,
} from '../../analysis/postgres/routine-analysis.ts';
import { fetchBody } from '../../catalog/function-bodies.ts';
import { proceduresNamedQuery } from '../../catalog/introspection.ts';
import { analyseDefinition } from './definition.ts';
import type { SessionContext } from './session-context.ts';
import { type Analysed, withFacts } from './understand.ts';

const VOID = 2278;

/** CALL: of the only procedure that its name can mean. */
export async function analyseCall(
  context: SessionContext,
  verdict: Extract<Handling, { handling: 'call' }>,
  outputNames: readonly string[],
): Promise<Analysed> {
  await lookAnew(context);
  const candidates = await context.factSource.rows(proceduresNamedQuery(verdict.schema, verdict.name));
  const [only] = candidates;
  if (only === undefined || candidates.length > 1)
    return {
      kind: 'opaque',
      rule: 'procedure-overloaded',
      message: `There are several routines named ${verdict.name}, and the gateway does not choose among them.`,
      remedy: 'Give the procedure a name of its own, or send its statements one by one.',
      byte: null,
    };
  const request = requestOf(context, 'CallStmt', outputNames);
  return unannounced(await withFacts<Analysed>(context, () => callAnalysis(Number(only[0]), request)));
}

/** DO: its statements, parsed one by one with the names of now; its definitions as when sent alone. */
export async function analyseDo(
  context: SessionContext,
  verdict: Extract<Handling, { handling: 'do' }>,
): Promise<Analysed> {
  await lookAnew(context);
  const program = blockAsFunction(verdict.body);
  const body = await fetchBody(program, context.factSource);
  const request = requestOf(context, 'DoStmt', []);
  const block = unannounced(await withFacts<Analysed>(context, () => programAnalysis(program, body, request)));
  const { definitions = [] } = body ?? {};
  if (block.kind === 'opaque' || definitions === 'dependent' || definitions.length === 0) return block;
  const judged: Flows[] = [];
  for (const { handling, kind } of definitions) {
    const definition = await analyseDefinition(context, handling, kind);
    if (definition.kind === 'opaque') return definition;
    judged.push(definition.flows);
  }
  return { ...block, flows: withDefinitions(block.flows, judged) };
}

/** The server says nothing of what it resolves inside, so nothing of before counts. */
async function lookAnew({ facts, ports }: SessionContext): Promise<void> {
  await ports.catalog.look();
  facts.forget();
}

function requestOf(
  { facts, ports, upstream }: SessionContext,
  statementKind: RoutineRequest['statementKind'],
  outputNames: readonly string[],
): RoutineRequest {
  return {
    statementKind,
    outputNames,
    facts,
    declarations: ports.catalog.declarations,
    serverMajor: upstream.serverMajor,
  };
}

/** The server prints no tree of the statement itself, and says nothing when a body is replaced. */
function unannounced(analysed: Analysed): Analysed {
  return analysed.kind === 'flows' ? { ...analysed, treeHash: null, restsOn: 'catalog' } : analysed;
}

/** An anonymous block is a function without a name, arguments or result. */
function blockAsFunction(body: string): FunctionFacts {
  return {
    oid: 0,
    schema: '',
    name: 'DO',
    signature: 'the block',
    kind: 'p',
    language: 'plpgsql',
    returnsSet: false,
    returnType: VOID,
    securityDefiner: false,
    settings: [],
    argumentTypes: [],
    argumentDefaults: null,
    argumentNames: [],
    parameters: [],
    body,
    bodyTree: null,
    extension: null,
    result: 'void',
    volatility: 'v',
    strict: false,
    owner: '',
    library: null,
    hasSupport: false,
    aggregateParts: [],
    isBlock: true,
  };
}
