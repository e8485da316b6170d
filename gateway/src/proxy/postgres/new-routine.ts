/**
 * CREATE FUNCTION and CREATE PROCEDURE: allowed where the body was looked at, and where nobody could come to run it who
 * does not mean to.
 *
 * A routine is made only under a name that no function, type or column has. PostgreSQL calls functions by name and
 * argument types, also where a type or a field of a row is meant (`name(value)`, `row.name`), and prefers an exact match
 * over one in pg_catalog: a second `lower` would be called by whoever has it in the search_path and passes a varchar.
 * A name that is new is in nobody's code. In `pg_temp` it does not matter: functions there are only found by that prefix.
 */
import type { Flows } from '../../analysis/flows.ts';
import { definitionAnalysis } from '../../analysis/postgres/definition-analysis.ts';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import type { Handling, NewRoutine } from '../../analysis/postgres/gate/statement.ts';
import {
  type NewRoutineReach,
  type NewRoutineRequest,
  newRoutineAnalysis,
} from '../../analysis/postgres/new-routine-analysis.ts';
import { fetchBody } from '../../catalog/function-bodies.ts';
import { quoteLiteral, typeNamesQuery } from '../../catalog/introspection.ts';
import { eventTriggerHolds, withHolds } from './event-triggers.ts';
import type { SessionContext } from './session-context.ts';
import { type Analysed, withFacts } from './understand.ts';

type Verdict = Extract<Handling, { handling: 'create-routine' }>;

const VOID = 2278;
const RECORD = 2249;

export async function analyseNewRoutine(
  context: SessionContext,
  verdict: Verdict,
  statementKind: string,
): Promise<Analysed> {
  const { facts, factSource, ports, upstream } = context;
  await ports.catalog.look();
  facts.forget();
  const { declarations } = ports.catalog;
  const around = await withFacts<Analysed>(context, () =>
    definitionAnalysis(verdict.definition, statementKind, facts, declarations, upstream.serverMajor),
  );
  if (around.kind === 'opaque') return around;
  const request: NewRoutineRequest = { facts, declarations, serverMajor: upstream.serverMajor };
  const code = await newRoutine(context, verdict.routine, request);
  const fired = await eventTriggerHolds(context);
  await factSource.endQuestions();
  return { ...around, flows: withHolds(withCode(around.flows, code), fired), treeHash: null };
}

/** Held for a reason, or judged by the columns that it reaches. */
function withCode(flows: Flows, code: string | NewRoutineReach): Flows {
  if (typeof code === 'string') return { ...flows, holds: [...flows.holds, code] };
  if (code.kind !== 'reaches') return { ...flows, holds: [...flows.holds, NOT_ANALYSED] };
  if (code.columns.size === 0) return flows;
  return {
    ...flows,
    writes: [...flows.writes, { target: null, targetName: 'what new code does', sources: code.columns }],
  };
}

const NOT_ANALYSED =
  'The statement creates a function whose body is not analysed, or names tables or functions of users without their schema.';
const NAME_IN_USE = 'The statement creates a function under a name that others may call already.';

async function newRoutine(
  context: SessionContext,
  routine: NewRoutine,
  request: NewRoutineRequest,
): Promise<string | NewRoutineReach> {
  const { factSource } = context;
  if (routine.schema !== 'pg_temp' && (await isNameInUse(context, routine.name))) return NAME_IN_USE;
  const facts = await asFunction(context, routine);
  if (facts === null) return NOT_ANALYSED;
  // What a trigger does with the row that it is given is looked at when it is made on a table (new-trigger.ts). All else that
  // it does is looked at here: nobody may put another function under its name meanwhile that was not looked at.
  const body = await fetchBody(facts, factSource);
  if (body === null) return NOT_ANALYSED;
  const code = await withFacts(context, () => newRoutineAnalysis(facts, body, request));
  return code.kind === 'opaque' ? NOT_ANALYSED : code;
}

async function isNameInUse({ factSource }: SessionContext, name: string): Promise<boolean> {
  const named = quoteLiteral(name);
  const [[found] = []] =
    await factSource.rows(`SELECT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname OPERATOR(pg_catalog.=) ${named})
  OR EXISTS (SELECT FROM pg_catalog.pg_type WHERE typname OPERATOR(pg_catalog.=) ${named})
  OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attname OPERATOR(pg_catalog.=) ${named} AND attnum OPERATOR(pg_catalog.>) 0)`);
  return found !== 'f';
}

/** Null when one of its types does not exist. */
async function asFunction({ factSource }: SessionContext, routine: NewRoutine): Promise<FunctionFacts | null> {
  const { parameters, returnType } = routine;
  const names = [...parameters.map(({ type }) => type), ...(returnType === null ? [] : [returnType])];
  const types: number[] = [];
  if (names.length > 0) {
    const found = await factSource.rows(typeNamesQuery(names.map((name) => ({ kind: 'type', name }))));
    for (const [index, oid] of found) types[Number(index)] = Number(oid ?? 0);
  }
  if (names.some((_, index) => (types[index] ?? 0) === 0)) return null;
  const typed = parameters.map(({ name, mode }, index) => ({ name, mode, type: types[index] ?? 0 }));
  const inputs = typed.filter(({ mode }) => mode !== 'o' && mode !== 't');
  const outputs = typed.filter(({ mode }) => mode === 'o' || mode === 'b');
  const [output] = outputs;
  const returned =
    returnType !== null
      ? (types[parameters.length] ?? 0)
      : output === undefined
        ? VOID
        : outputs.length === 1
          ? output.type
          : RECORD;
  return {
    oid: 0,
    schema: routine.schema ?? '',
    name: routine.name,
    signature: `the function ${routine.name}`,
    kind: routine.kind,
    language: routine.language,
    returnsSet: routine.returnsSet,
    returnType: returned,
    securityDefiner: false,
    settings: [],
    argumentTypes: inputs.map(({ type }) => type),
    argumentDefaults: null,
    argumentNames: inputs.map(({ name }) => name),
    parameters: typed,
    body: routine.body,
    bodyTree: null,
    extension: null,
    result: '',
    volatility: 'v',
    strict: false,
    owner: '',
    library: null,
    hasSupport: false,
    aggregateParts: [],
  };
}
