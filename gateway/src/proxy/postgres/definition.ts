/** Definitions, sent alone or inside a block: judged by facts of the moment. */
import { definitionAnalysis } from '../../analysis/postgres/definition-analysis.ts';
import type { DefinitionHandling } from '../../analysis/postgres/gate/statement.ts';
import { lookedUp } from './definition-look-ups.ts';
import { eventTriggerHolds, withHolds } from './event-triggers.ts';
import { namedByDefinition, withNamed } from './named-columns.ts';
import { heldAsRenamed } from './renamed-schema.ts';
import type { SessionContext } from './session-context.ts';
import { type Analysed, withFacts } from './understand.ts';

/**
 * `statementKind` is that of the definition, also inside a block. The catalogs have been looked at just before. Throws
 * QuestionFailed.
 */
export async function analyseDefinition(
  context: SessionContext,
  handling: DefinitionHandling,
  statementKind: string,
): Promise<Analysed> {
  const { facts, ports, upstream } = context;
  const definition = await lookedUp(context, handling);
  const analysis = await withFacts<Analysed>(context, () =>
    definitionAnalysis(definition, statementKind, facts, ports.catalog.declarations, upstream.serverMajor),
  );
  if (analysis.kind !== 'flows') return analysis;
  const isEvent = handling.statementClass === 'ddl' || statementKind === 'ReindexStmt';
  const flows = withHolds(analysis.flows, isEvent ? await eventTriggerHolds(context) : []);
  const named = await namedByDefinition(context, handling, flows);
  return { ...analysis, flows: heldAsRenamed(context, handling, withNamed(flows, named)), treeHash: null };
}
