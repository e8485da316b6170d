import type { FunctionFacts, RelationFacts, TypeFacts } from '../analysis/postgres/facts.ts';
import { functionsQuery, MAX_OIDS_PER_QUERY, relationsQuery, typesQuery } from './introspection.ts';
import { parseFunction, parseRelation, parseType } from './introspection-rows.ts';
import { type FactRows, readFacts } from './read-facts.ts';

/** Facts kept for all sessions of a resource, of each kind. Beyond it, everything of the kind is dropped and asked again. */
export const MAX_SHARED_FACTS = 50_000;

/**
 * Definitions as they are committed, asked on a connection of the gateway's own and shared by all sessions: what a
 * transaction of a client sees may be older than what the server will act on (REPEATABLE READ). What a session has
 * defined and not committed is not here.
 */
export class SharedFacts {
  readonly relations: SharedKind<RelationFacts>;
  readonly functions: SharedKind<FunctionFacts>;
  readonly types: SharedKind<TypeFacts>;

  constructor(rows: (sql: string) => Promise<FactRows>) {
    this.relations = new SharedKind(rows, relationsQuery, parseRelation);
    this.functions = new SharedKind(rows, functionsQuery, parseFunction);
    this.types = new SharedKind(rows, typesQuery, parseType);
  }

  /** A definition may have changed. */
  forget(): void {
    for (const kind of [this.relations, this.functions, this.types]) kind.forget();
  }
}

/** Facts of one kind, by OID. */
export class SharedKind<T extends { readonly oid: number }> {
  readonly #rows: (sql: string) => Promise<FactRows>;
  readonly #query: (oids: readonly number[]) => string;
  readonly #parse: (json: string) => T;
  #known = new Map<number, T>();

  constructor(
    rows: (sql: string) => Promise<FactRows>,
    query: (oids: readonly number[]) => string,
    parse: (json: string) => T,
  ) {
    this.#rows = rows;
    this.#query = query;
    this.#parse = parse;
  }

  /** What is committed of these objects; those that are not there are missing. Throws `UPSTREAM_…`. */
  async fetch(oids: readonly number[]): Promise<readonly T[]> {
    const known = this.#known;
    const missing = oids.filter((oid) => !known.has(oid));
    for (let at = 0; at < missing.length; at += MAX_OIDS_PER_QUERY) {
      const asked = missing.slice(at, at + MAX_OIDS_PER_QUERY);
      for (const facts of readFacts(await this.#rows(this.#query(asked)), this.#parse)) known.set(facts.oid, facts);
    }
    const found = oids.flatMap((oid) => known.get(oid) ?? []);
    if (known.size > MAX_SHARED_FACTS) this.forget();
    return found;
  }

  /** Questions under way write into the map that is dropped here, so that nothing old is found later. */
  forget(): void {
    if (this.#known.size > 0) this.#known = new Map();
  }
}
