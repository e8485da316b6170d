/**
 * Values that a statement brings itself, and the columns that they can reach: a constant or parameter that stands in
 * what is assigned to a column, directly or in a row of VALUES. Wherever that is not plain, any of them counts.
 */
import { type BroughtValues, type ColumnKey, columnKey, type WriteFlow } from '../flows.ts';
import type { RelationFacts } from './facts.ts';
import { booleanAt, childNodes, nodeAt, nodesAt, numberAt, numberOr } from './tree-node.ts';
import type { TreeNode, TreeValue } from './tree-text.ts';
import { attributeIn } from './walk/row-write.ts';

/** Any of them. */
const ANY = Symbol('any');
type Reach = { readonly constants: Set<number>; readonly parameters: Set<number> };

const PARAM_EXTERN = 0;
const RTE_RELATION = 0;
const RTE_VALUES = 5;
/** CmdType: UPDATE, INSERT, MERGE. */
const ASSIGNING: ReadonlySet<number> = new Set([2, 3, 5]);

/** The same writes, with what of the brought values can reach each. `relation`: facts that the analysis has asked for. */
export function withBroughtValues(
  writes: readonly WriteFlow[],
  queries: readonly TreeNode[],
  relation: (oid: number) => RelationFacts | null | undefined,
): readonly WriteFlow[] {
  if (writes.length === 0) return writes;
  const reached = new AssignedValues(queries).reached;
  return writes.map((write) => {
    const found = write.target === null ? undefined : reachOf(write.target, reached, relation);
    return found === undefined ? write : { ...write, brings: found };
  });
}

/** Undefined: any of them. */
function reachOf(
  target: ColumnKey,
  reached: ReadonlyMap<ColumnKey, Reach | typeof ANY>,
  relation: (oid: number) => RelationFacts | null | undefined,
): BroughtValues | undefined {
  const [oid = 0, attribute = 0] = target.split('.').map(Number);
  const facts = relation(oid);
  // A trigger may put what it is given into another column.
  if (facts === null || facts === undefined || facts.triggers.length > 0) return undefined;
  const own = reached.get(target);
  if (own !== undefined) return own === ANY ? undefined : listed(own);
  for (const [key, reach] of reached) {
    const parent = relation(Number.parseInt(key, 10));
    if (parent === null || parent === undefined || !parent.descendants.includes(oid)) continue;
    // A row that moves to another partition fires the triggers of both.
    if (parent.triggers.length > 0 || reach === ANY) continue;
    if (attributeIn(facts, parent, Number(key.split('.')[1])) === attribute) return listed(reach);
  }
  return undefined;
}

function listed({ constants, parameters }: Reach): BroughtValues {
  return { constants: [...constants], parameters: [...parameters] };
}

class AssignedValues {
  readonly reached = new Map<ColumnKey, Reach | typeof ANY>();
  /** Constants in the order in which the trees print them. */
  readonly #numbers = new Map<TreeNode, number>();

  constructor(queries: readonly TreeNode[]) {
    const changes: TreeNode[] = [];
    for (const query of queries) this.#number(query, changes);
    for (const change of changes) this.#assigned(change);
  }

  #number(node: TreeNode, changes: TreeNode[]): void {
    if (node.tag === 'CONST') this.#numbers.set(node, this.#numbers.size);
    if (node.tag === 'QUERY' && ASSIGNING.has(numberOr(node, 'commandType', 0))) changes.push(node);
    for (const value of node.fields.values()) for (const child of childNodes(value)) this.#number(child, changes);
  }

  #assigned(query: TreeNode): void {
    const relation = numberOr(nodesAt(query, 'rtable')[numberAt(query, 'resultRelation') - 1] ?? query, 'relid', 0);
    const conflict = nodeAt(query, 'onConflict');
    const entries = [
      ...nodesAt(query, 'targetList'),
      ...(conflict === null ? [] : nodesAt(conflict, 'onConflictSet')),
      ...nodesAt(query, 'mergeActionList').flatMap((action) => nodesAt(action, 'targetList')),
    ];
    for (const entry of entries) {
      if (booleanAt(entry, 'resjunk')) continue;
      const key = columnKey(relation, numberAt(entry, 'resno'));
      const given = this.#reaching(entry.fields.get('expr'), query);
      this.reached.set(key, both(this.reached.get(key), given));
    }
  }

  /** What of the brought values is in an expression of this query. */
  #reaching(value: TreeValue | undefined, query: TreeNode): Reach | typeof ANY {
    const reach: Reach = { constants: new Set(), parameters: new Set() };
    return this.#collect(value, query, reach) ? reach : ANY;
  }

  /** False: any of them. */
  #collect(value: TreeValue | undefined, query: TreeNode, into: Reach): boolean {
    for (const node of childNodes(value)) if (!this.#collectNode(node, query, into)) return false;
    return true;
  }

  #collectNode(node: TreeNode, query: TreeNode, into: Reach): boolean {
    switch (node.tag) {
      case 'CONST':
        into.constants.add(this.#numbers.get(node) ?? -1);
        return true;
      case 'PARAM':
        if (numberAt(node, 'paramkind') !== PARAM_EXTERN) return false;
        into.parameters.add(numberAt(node, 'paramid'));
        return true;
      case 'VAR':
        return this.#collectVariable(node, query, into);
      case 'SUBLINK':
      case 'QUERY':
        return false;
      default:
        return [...node.fields.values()].every((child) => this.#collect(child, query, into));
    }
  }

  /** A stored column brings nothing, a column of VALUES what stands in it, EXCLUDED what would have been inserted. */
  #collectVariable(node: TreeNode, query: TreeNode, into: Reach): boolean {
    if (numberAt(node, 'varlevelsup') !== 0) return false;
    const number = numberAt(node, 'varno');
    const attribute = numberAt(node, 'varattno');
    const conflict = nodeAt(query, 'onConflict');
    if (conflict !== null && numberOr(conflict, 'exclRelIndex', 0) === number) {
      const inserted = nodesAt(query, 'targetList').find((entry) => numberAt(entry, 'resno') === attribute);
      return attribute > 0 && this.#collect(inserted?.fields.get('expr'), query, into);
    }
    const entry = nodesAt(query, 'rtable')[number - 1];
    if (entry === undefined) return false;
    switch (numberAt(entry, 'rtekind')) {
      case RTE_RELATION:
        return true;
      case RTE_VALUES: {
        const rows = entry.fields.get('values_lists');
        if (attribute < 1 || !Array.isArray(rows)) return false;
        return rows.every((row: TreeValue) =>
          this.#collect(Array.isArray(row) ? row[attribute - 1] : row, query, into),
        );
      }
      default:
        return false;
    }
  }
}

function both(some: Reach | typeof ANY | undefined, others: Reach | typeof ANY): Reach | typeof ANY {
  if (some === undefined) return others;
  if (some === ANY || others === ANY) return ANY;
  return {
    constants: new Set([...some.constants, ...others.constants]),
    parameters: new Set([...some.parameters, ...others.parameters]),
  };
}
