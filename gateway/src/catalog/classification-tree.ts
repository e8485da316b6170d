/** Which relation inherits from which: child tables and partitions. Circles end. */
export class RelationTree {
  readonly #parents = new Map<number, readonly number[]>();
  readonly #children = new Map<number, Set<number>>();

  /** Replaces the parents of a relation. */
  setParents(child: number, parents: readonly number[]): void {
    for (const parent of this.#parents.get(child) ?? []) this.#children.get(parent)?.delete(child);
    this.#parents.set(child, parents);
    if (parents.length === 0) this.#parents.delete(child);
    for (const parent of parents) {
      const children = this.#children.get(parent);
      if (children === undefined) this.#children.set(parent, new Set([child]));
      else children.add(child);
    }
  }

  /** Parents, their parents, and so on; each once. */
  ancestors(relation: number): ReadonlySet<number> {
    return reach(relation, (oid) => this.#parents.get(oid) ?? []);
  }

  /** Children, their children, and so on; each once. */
  descendants(relation: number): ReadonlySet<number> {
    return reach(relation, (oid) => this.#children.get(oid) ?? []);
  }
}

function reach(start: number, next: (oid: number) => Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  const queue = [...next(start)];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    if (found.has(oid)) continue;
    found.add(oid);
    queue.push(...next(oid));
  }
  return found;
}
