/**
 * Functions that tell in which form a value is stored. A row that gets longer than 2 kB has its longest values compressed
 * or moved out, one after the other, until it fits (heaptoast.c): the form of one column tells how long the row is, and
 * so how long its other columns are.
 */
import { childNodes, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { definitionOf, entryOf, type Level } from './definition.ts';
import { NO_SOURCES, type Scope, type Sources, union, type Walker } from './walker.ts';

/** pg_column_size, pg_column_compression (pg_proc.dat). */
const TELL_FORM: ReadonlySet<number> = new Set([1269, 2121]);
/** Types whose values are all of one length, so that they stay as they are: bool, char, name, integers, oid, floats, dates and times, interval, uuid. */
const FIXED_LENGTH: ReadonlySet<number> = new Set([
  16, 18, 19, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 2950,
]);
const RELATION = 0;
/** Nodes looked at; beyond, the value counts as one of any relation. */
const MAX_STEPS = 1_000;

/** The rows that `given` may be stored in, where the function tells their length. `scope` null: not at hand. */
export function rowsAround(walker: Walker, oid: number, given: readonly TreeNode[], scope: Scope | null): Sources {
  if (!TELL_FORM.has(oid)) return NO_SOURCES;
  const found = scope === null ? null : new Origins().of(given, scope);
  const relations = found ?? walker.findings.relations;
  return union(...[...relations].map((relation) => walker.base(relation, true).column(0)));
}

class Origins {
  readonly #relations = new Set<number>();
  #steps = 0;

  /** Relations that values come from; null when that cannot be told. */
  of(nodes: readonly TreeNode[], level: Level): ReadonlySet<number> | null {
    return nodes.every((node) => this.#follow(node, level)) ? this.#relations : null;
  }

  #follow(node: TreeNode, level: Level): boolean {
    if (++this.#steps > MAX_STEPS) return false;
    switch (node.tag) {
      case 'VAR':
        return FIXED_LENGTH.has(numberOr(node, 'vartype', 0)) || this.#column(node, level);
      // An argument of a function, or the value of a sub-query.
      case 'PARAM':
      case 'SUBLINK':
        return false;
      default:
        return [...node.fields.values()].every((value) =>
          [...childNodes(value)].every((child) => this.#follow(child, level)),
        );
    }
  }

  #column(variable: TreeNode, from: Level): boolean {
    const found = entryOf(variable, from);
    if (found !== null && numberAt(found.entry, 'rtekind') === RELATION) {
      this.#relations.add(numberAt(found.entry, 'relid'));
      return true;
    }
    const definition = definitionOf(variable, from);
    if (definition.kind !== 'computed' && definition.kind !== 'made') return false;
    return definition.by.every(({ node, level }) => this.#follow(node, level));
  }
}
