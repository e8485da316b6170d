/**
 * CREATE TRIGGER: allowed on a table without classified columns, where its function was looked at as a trigger of that
 * table. Writes through the gateway are analysed with their triggers when they happen; this is about everybody else, whose
 * writes would run the new code.
 */
import type { Flows } from '../../analysis/flows.ts';
import { definitionAnalysis } from '../../analysis/postgres/definition-analysis.ts';
import type { Handling } from '../../analysis/postgres/gate/statement.ts';
import { newTriggerAnalysis } from '../../analysis/postgres/new-routine-analysis.ts';
import { proceduresNamedQuery } from '../../catalog/introspection.ts';
import { eventTriggerHolds, withHolds } from './event-triggers.ts';
import type { SessionContext } from './session-context.ts';
import { type Analysed, withFacts } from './understand.ts';

type Verdict = Extract<Handling, { handling: 'create-trigger' }>;

const NOT_ANALYSED =
  'The statement creates a trigger whose function is not analysed, or names tables or functions of users without their schema.';

export async function analyseNewTrigger(
  context: SessionContext,
  { definition, trigger }: Verdict,
  statementKind: string,
): Promise<Analysed> {
  const { facts, factSource, ports, upstream } = context;
  await ports.catalog.look();
  facts.forget();
  const { declarations } = ports.catalog;
  const { serverMajor } = upstream;
  const around = await withFacts<Analysed>(context, () =>
    definitionAnalysis(definition, statementKind, facts, declarations, serverMajor),
  );
  if (around.kind === 'opaque') return around;
  const relation = facts.relationNamed(trigger.relation);
  const candidates = await factSource.rows(proceduresNamedQuery(trigger.function.schema, trigger.function.name));
  const [only, ...more] = candidates;
  const code =
    typeof relation !== 'number' || only === undefined || more.length > 0
      ? null
      : await withFacts(context, () =>
          newTriggerAnalysis(
            { relation, functionOid: Number(only[0]), name: trigger.name, type: trigger.type },
            { facts, declarations, serverMajor },
          ),
        );
  const fired = await eventTriggerHolds(context);
  await factSource.endQuestions();
  const columns = code?.kind === 'reaches' ? code.columns : null;
  return { ...around, flows: withHolds(withCode(around.flows, columns), fired), treeHash: null };
}

/** Null: what it reaches cannot be told. */
function withCode(flows: Flows, columns: Flows['shaping'] | null): Flows {
  if (columns === null) return { ...flows, holds: [...flows.holds, NOT_ANALYSED] };
  if (columns.size === 0) return flows;
  const write = { target: null, targetName: 'what the new trigger does', sources: columns };
  return { ...flows, writes: [...flows.writes, write] };
}
