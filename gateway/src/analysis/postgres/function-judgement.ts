/** How a function of a database is judged when a statement calls it, and why: for people, not for statements. */
import type { ColumnKey } from '../flows.ts';
import type { FunctionFacts, NeededFacts, SchemaFacts } from './facts.ts';
import { extensionFunction } from './functions/extensions.ts';
import { TreeSurprise } from './tree-node.ts';
import { openWalker } from './walk/open-walker.ts';
import { openStoredScope } from './walk/stored-scope.ts';
import { type Declarations, NO_SOURCES, Opaque, type Walker } from './walk/walker.ts';

export type FunctionJudgement = {
  /** `analysed` from its body, `reviewed` as a part of a known extension, `declared` in the configuration, or `refused`. */
  readonly judged: 'analysed' | 'reviewed' | 'declared' | 'refused';
  /** Whether a call may raise by the values that it is given or reads. */
  readonly raises: boolean;
  readonly reason: string;
  /** Columns that a call reads, whatever it is given. */
  readonly reads: ReadonlySet<ColumnKey>;
  /** Places that a call writes to. */
  readonly writes: readonly string[];
};

const TRIGGER = 2279;

/** The judgement, or the facts that are missing for it. `triggers` are the tables on which a trigger function fires. */
export function judgeFunction(
  oid: number,
  facts: SchemaFacts,
  declarations: Declarations,
  serverMajor: number,
  triggers: readonly number[],
):
  | { readonly kind: 'judged'; readonly judgement: FunctionJudgement }
  | { readonly kind: 'needs'; readonly needs: NeededFacts } {
  const walker = openWalker(facts, declarations, serverMajor);
  const found = walker.facts.function(oid);
  if (found === undefined) return { kind: 'needs', needs: walker.facts.needed() };
  if (found === null) return refused('The server does not know it any more.');
  try {
    const reads =
      found.returnType === TRIGGER
        ? fireOnEach(walker, oid, triggers)
        : walker.call(
            oid,
            { sources: NO_SOURCES, arguments: [] },
            openStoredScope(() => NO_SOURCES),
          );
    for (const write of walker.findings.writes) for (const key of write.sources) walker.facts.relation(relationOf(key));
    for (const key of [...reads, ...walker.findings.faultable]) walker.facts.relation(relationOf(key));
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    return {
      kind: 'judged',
      judgement: {
        ...basisOf(found, declarations),
        raises: walker.findings.faults > 0,
        reads: new Set([
          ...reads,
          ...walker.findings.faultable,
          ...walker.findings.writes.flatMap((one) => [...one.sources]),
        ]),
        writes: [...new Set(walker.findings.writes.map((one) => one.targetName))],
      },
    };
  } catch (error) {
    if (error instanceof Opaque) return refused(error.message);
    if (error instanceof TreeSurprise) return refused(`A stored tree is not as expected: ${error.message}.`);
    throw error;
  }
}

function basisOf(facts: FunctionFacts, declarations: Declarations): Pick<FunctionJudgement, 'judged' | 'reason'> {
  if (facts.kind !== 'a' && declarations.function(facts) !== undefined)
    return { judged: 'declared', reason: 'The configuration declares this definition.' };
  const known = extensionFunction(facts);
  if (known !== undefined) return { judged: 'reviewed', reason: `${known.class}: ${known.reason}` };
  if (facts.kind === 'a') return { judged: 'analysed', reason: 'An aggregate whose functions are known.' };
  return { judged: 'analysed', reason: 'Its body was analysed, with the names of the default search_path.' };
}

function fireOnEach(walker: Walker, oid: number, triggers: readonly number[]): ReadonlySet<ColumnKey> {
  if (triggers.length === 0) throw new Opaque('trigger', 'A trigger function that no trigger uses.', '');
  for (const relationOid of triggers) {
    const relation = walker.facts.relation(relationOid);
    if (relation === undefined || relation === null) continue;
    for (const trigger of relation.triggers.filter((one) => one.functionOid === oid))
      walker.trigger(trigger, relation, { written: new Map(), updated: new Set(), rows: NO_SOURCES });
  }
  return NO_SOURCES;
}

function relationOf(key: ColumnKey): number {
  return Number.parseInt(key, 10);
}

function refused(reason: string): { readonly kind: 'judged'; readonly judgement: FunctionJudgement } {
  return {
    kind: 'judged',
    judgement: { judged: 'refused', raises: true, reason, reads: new Set(), writes: [] },
  };
}
