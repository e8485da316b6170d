/**
 * What a routine would do that a statement is about to create. A call of it through the gateway is analysed when it
 * happens; this is about everybody else, who could come to run it without the gateway (in a view, in a materialised view
 * that is refreshed): code that is made without anybody looking at it may not reach a classified column at all, and not
 * mean something else with another search_path than that of whoever made it.
 */
import type { ColumnKey } from '../flows.ts';
import type { FunctionBody, FunctionFacts, NeededFacts, SchemaFacts, TriggerFacts } from './facts.ts';
import { NO_NEEDS } from './needs.ts';
import { TreeSurprise } from './tree-node.ts';
import { parsedBody } from './walk/function-body.ts';
import { openWalker } from './walk/open-walker.ts';
import {
  type BoundArgument,
  columnsOf,
  type Declarations,
  NO_SOURCES,
  Opaque,
  type TriggeringWrite,
  union,
  type Walker,
} from './walk/walker.ts';

export type NewRoutineRequest = {
  readonly facts: SchemaFacts;
  readonly declarations: Declarations;
  readonly serverMajor: number;
};

export type NewRoutineReach =
  /** All columns that it reads, tests, fails over or writes; values that it is given carry none. */
  | { readonly kind: 'reaches'; readonly columns: ReadonlySet<ColumnKey> }
  /** It cannot be told. */
  | { readonly kind: 'unclear' }
  | Needs;

type Needs = { readonly kind: 'needs'; readonly needs: NeededFacts };

/** A function or procedure by its body, as prepared. */
export function newRoutineAnalysis(
  routine: FunctionFacts,
  body: FunctionBody,
  request: NewRoutineRequest,
): NewRoutineReach {
  return reached(request, (walker) => {
    walker.facts.textBodies.add(body);
    const { queries, locals } = parsedBody(body, routine);
    const bound = Array.from(
      { length: routine.argumentTypes.length + locals },
      (): BoundArgument => ({ sources: NO_SOURCES, fields: null, faulty: true }),
    );
    const found = new Set<ColumnKey>();
    for (const query of queries) {
      const flow = walker.query(query, null, bound);
      for (const sources of [...columnsOf(flow), flow.rows, flow.order]) for (const key of sources) found.add(key);
    }
    return found;
  });
}

/**
 * A trigger on a table, by its function: what it does to rows of that table which somebody writes without the gateway.
 * Values that they write count as those of the columns that they are written to.
 */
export function newTriggerAnalysis(
  { relation: oid, ...trigger }: Pick<TriggerFacts, 'name' | 'functionOid' | 'type'> & { readonly relation: number },
  request: NewRoutineRequest,
): NewRoutineReach {
  return reached(request, (walker) => {
    const relation = walker.facts.relation(oid);
    if (relation === undefined) return NO_SOURCES;
    if (relation === null || (relation.kind !== 'r' && relation.kind !== 'p'))
      throw new Opaque('trigger', 'A trigger on something else than a table.', 'Create it on a table.');
    const write: TriggeringWrite = { written: new Map(), updated: new Set(), rows: NO_SOURCES };
    walker.trigger({ ...trigger, attributes: [], condition: null }, relation, write);
    return union(...write.written.values());
  });
}

function reached(request: NewRoutineRequest, walk: (walker: Walker) => ReadonlySet<ColumnKey>): NewRoutineReach {
  const walker = openWalker(request.facts, request.declarations, request.serverMajor);
  try {
    const columns = new Set(walk(walker));
    const { findings } = walker;
    const more = [findings.faultable, findings.carried, ...findings.writes.map((write) => write.sources)];
    for (const sources of more) for (const key of sources) columns.add(key);
    for (const { target } of findings.writes) if (target !== null) columns.add(target);
    for (const key of columns) walker.facts.relation(Number.parseInt(key, 10));
    if (walker.facts.incomplete) return { kind: 'needs', needs: walker.facts.needed() };
    const fixed = fixedNames([...walker.facts.textBodies], request.facts);
    if (typeof fixed !== 'boolean') return fixed;
    if (!fixed) return { kind: 'unclear' };
    // A cursor by its name, a setting on which names depend, a hold of the walker's own.
    const isPlain =
      findings.cursors.size === 0 &&
      findings.holds.size === 0 &&
      findings.writes.every(({ target, targetName }) => target !== null || !targetName.startsWith('setting'));
    return isPlain ? { kind: 'reaches', columns } : { kind: 'unclear' };
  } catch (error) {
    if (error instanceof Opaque || error instanceof TreeSurprise || error instanceof RangeError)
      return { kind: 'unclear' };
    throw error;
  }
}

/** Whether all bodies mean the same whatever the search_path: every name has its schema, or is that of a built-in thing only. */
function fixedNames(bodies: readonly FunctionBody[], facts: SchemaFacts): boolean | Needs {
  if (bodies.some(({ byPath }) => byPath === undefined || byPath.relations)) return false;
  const names = bodies.flatMap(({ byPath }) => byPath?.names ?? []);
  const unknown = names.filter(({ kind, name }) => facts.userNames(kind, name) === undefined);
  if (unknown.length > 0) return { kind: 'needs', needs: { ...NO_NEEDS, userNames: unknown } };
  return !names.some(({ kind, name }) => facts.userNames(kind, name) === true);
}
