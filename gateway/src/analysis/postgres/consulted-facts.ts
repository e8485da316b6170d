import {
  FIRST_USER_OID,
  type FunctionBody,
  type FunctionFacts,
  type RelationFacts,
  type SchemaFacts,
  type TypeFacts,
} from './facts.ts';

const RELATION_IN_TREE = /:relid\s+(\d+)/g;

/** Facts that note which of them an analysis has asked for: what its result rests on. */
export class ConsultedFacts implements SchemaFacts {
  readonly #facts: SchemaFacts;
  readonly #relations = new Set<number>();
  #others = false;

  constructor(facts: SchemaFacts) {
    this.#facts = facts;
  }

  /** Whether nothing but relations that stand in these trees was consulted: the ones that the server locks. */
  isWithin(trees: readonly string[]): boolean {
    if (this.#others) return false;
    const named = new Set(trees.flatMap((tree) => [...tree.matchAll(RELATION_IN_TREE)].map(([, oid]) => Number(oid))));
    return [...this.#relations].every((oid) => named.has(oid));
  }

  relation(oid: number): RelationFacts | null | undefined {
    this.#relations.add(oid);
    return this.#facts.relation(oid);
  }

  function(oid: number): FunctionFacts | null | undefined {
    this.#others ||= oid >= FIRST_USER_OID;
    return this.#facts.function(oid);
  }

  type(oid: number): TypeFacts | null | undefined {
    const type = this.#facts.type(oid);
    if (type?.kind === 'd') this.#others = true;
    return type;
  }

  operator(oid: number): number | null | undefined {
    this.#others ||= oid >= FIRST_USER_OID;
    return this.#facts.operator(oid);
  }

  text(sql: string): readonly string[] | null | undefined {
    this.#others = true;
    return this.#facts.text(sql);
  }

  body(oid: number, triggerRelation: number | null): FunctionBody | null | undefined {
    this.#others = true;
    return this.#facts.body(oid, triggerRelation);
  }

  relationNamed(quotedName: string): number | null | undefined {
    this.#others = true;
    return this.#facts.relationNamed(quotedName);
  }

  userNames(kind: 'function' | 'operator' | 'type', name: string): boolean | undefined {
    this.#others = true;
    return this.#facts.userNames(kind, name);
  }
}
