/**
 * Facts about one upstream session's schema, fetched as the analyser asks for them and kept until something may have
 * changed. Facts are never shared between sessions here: a session sees its own uncommitted and temporary objects.
 */
import { SluiceError } from '@sluice/contract/errors';
import type {
  FunctionBody,
  FunctionFacts,
  NeededFacts,
  RelationFacts,
  SchemaFacts,
  TypeFacts,
} from '../analysis/postgres/facts.ts';
import { DECLARED_RESULTS } from '../analysis/postgres/facts.ts';
import { readingFunctionRelation, virtualRelation } from '../analysis/postgres/functions/reading-functions.ts';
import { resultRelation } from './declarations.ts';
import type { FactSource } from './fact-source.ts';
import { fetchBody } from './function-bodies.ts';
import {
  functionsQuery,
  MAX_OIDS_PER_QUERY,
  operatorsQuery,
  relationNamesQuery,
  relationsQuery,
  typesQuery,
  userNamesQuery,
} from './introspection.ts';
import { parseFunction, parseRelation, parseType } from './introspection-rows.ts';
import { readFacts } from './read-facts.ts';
import type { SharedKind } from './shared-facts.ts';

/** Facts kept per session, of each kind. Beyond it, everything is dropped and asked again. */
export const MAX_KEPT_FACTS = 10_000;

export class SessionFacts implements SchemaFacts {
  readonly #relations = new Map<number, RelationFacts | null>();
  readonly #functions = new Map<number, FunctionFacts | null>();
  readonly #types = new Map<number, TypeFacts | null>();
  readonly #operators = new Map<number, number | null>();
  readonly #texts = new Map<string, readonly string[] | null>();
  /** By function, and for triggers by relation too. */
  readonly #bodies = new Map<string, FunctionBody | null>();
  readonly #relationNames = new Map<string, number | null>();
  readonly #userNames = new Map<string, boolean>();
  #generation = 0;

  /** Rises whenever something was forgotten: what was concluded from facts before may not hold any more. */
  get generation(): number {
    return this.#generation;
  }

  relation(oid: number): RelationFacts | null | undefined {
    return this.#relations.get(oid);
  }

  function(oid: number): FunctionFacts | null | undefined {
    return this.#functions.get(oid);
  }

  type(oid: number): TypeFacts | null | undefined {
    return this.#types.get(oid);
  }

  operator(oid: number): number | null | undefined {
    return this.#operators.get(oid);
  }

  text(sql: string): readonly string[] | null | undefined {
    return this.#texts.get(sql);
  }

  body(oid: number, triggerRelation: number | null): FunctionBody | null | undefined {
    return this.#bodies.get(`${oid}/${triggerRelation}`);
  }

  relationNamed(quotedName: string): number | null | undefined {
    return this.#relationNames.get(quotedName);
  }

  userNames(kind: 'function' | 'operator' | 'type', name: string): boolean | undefined {
    return this.#userNames.get(`${kind}:${name}`);
  }

  /** Forgets everything: after DDL of this session, and when the poll of the catalogs saw a change. */
  forget(): void {
    this.#generation += 1;
    this.#relations.clear();
    this.#functions.clear();
    this.#types.clear();
    this.#operators.clear();
    this.forgetNames();
  }

  /** Forgets what depends on how names resolve: after search_path changed, a savepoint was rolled back, or a temporary object came or went. */
  forgetNames(): void {
    this.#generation += 1;
    this.#bodies.clear();
    this.#texts.clear();
    this.#relationNames.clear();
    this.#userNames.clear();
  }

  /**
   * Fetches what an analysis asked for. What the server does not know is kept as null, so that asking ends.
   * @throws SluiceError UPSTREAM_PROTOCOL when the server answers in another shape than asked.
   */
  async fetch(needs: NeededFacts, source: FactSource): Promise<void> {
    if (this.#relations.size + this.#functions.size + this.#types.size > MAX_KEPT_FACTS) this.forget();
    for (const oid of needs.relations) {
      const reading = readingFunctionRelation(oid) ?? this.#declaredResult(oid);
      if (reading !== null) this.#relations.set(oid, reading);
    }
    await fetchKind(
      needs.relations.filter((oid) => !this.#relations.has(oid)),
      this.#relations,
      { query: relationsQuery, parse: parseRelation, committed: source.committed?.relations },
      source,
    );
    await fetchKind(
      needs.functions,
      this.#functions,
      { query: functionsQuery, parse: parseFunction, committed: source.committed?.functions },
      source,
    );
    await fetchKind(
      needs.types,
      this.#types,
      { query: typesQuery, parse: parseType, committed: source.committed?.types },
      source,
    );
    for (const part of chunks(needs.operators)) {
      for (const oid of part) this.#operators.set(oid, null);
      for (const [oid, functionOid] of await source.rows(operatorsQuery(part)))
        this.#operators.set(Number(oid), Number(functionOid));
    }
    for (const sql of needs.texts) this.#texts.set(sql, await source.trees(sql, []));
    for (const { oid, triggerRelation } of needs.bodies)
      this.#bodies.set(`${oid}/${triggerRelation}`, await this.#fetchBody(oid, triggerRelation, source));
    for (const names of chunks(needs.relationNames)) {
      for (const [index, oid] of await source.rows(relationNamesQuery(names))) {
        const name = names[Number(index)];
        if (name !== undefined) this.#relationNames.set(name, oid === null || oid === undefined ? null : Number(oid));
      }
    }
    for (const names of chunks(needs.userNames)) {
      for (const [index, found] of await source.rows(userNamesQuery(names))) {
        const asked = names[Number(index)];
        if (asked !== undefined) this.#userNames.set(`${asked.kind}:${asked.name}`, found !== 'f');
      }
    }
  }

  #declaredResult(relation: number): RelationFacts | null {
    const facts = relation > DECLARED_RESULTS ? this.#functions.get(relation - DECLARED_RESULTS) : undefined;
    if (facts === undefined || facts === null) return null;
    const { schema, table, column } = resultRelation(facts.signature);
    return virtualRelation({ oid: relation, schema, name: table, columns: [column] });
  }

  async #fetchBody(oid: number, triggerRelation: number | null, source: FactSource): Promise<FunctionBody | null> {
    const facts = this.#functions.get(oid);
    if (facts === undefined || facts === null) return null;
    const relation = triggerRelation === null ? null : (this.#relations.get(triggerRelation) ?? null);
    return await fetchBody({ ...facts, triggerRelation: relation }, source);
  }
}

async function fetchKind<T extends { readonly oid: number }>(
  oids: readonly number[],
  known: Map<number, T | null>,
  kind: {
    readonly query: (oids: readonly number[]) => string;
    readonly parse: (json: string) => T;
    readonly committed: SharedKind<T> | undefined;
  },
  source: FactSource,
): Promise<void> {
  if (oids.length === 0) return;
  for (const facts of await committedFacts(kind.committed, oids)) known.set(facts.oid, facts);
  // What is not committed is this session's own, or nobody's.
  for (const part of chunks(oids.filter((oid) => !known.has(oid)))) {
    for (const oid of part) known.set(oid, null);
    for (const facts of readFacts(await source.rows(kind.query(part)), kind.parse)) known.set(facts.oid, facts);
  }
}

async function committedFacts<T extends { readonly oid: number }>(
  committed: SharedKind<T> | undefined,
  oids: readonly number[],
): Promise<readonly T[]> {
  try {
    return (await committed?.fetch(oids)) ?? [];
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    // That connection is gone: the session itself is asked.
    return [];
  }
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += MAX_OIDS_PER_QUERY) yield items.slice(at, at + MAX_OIDS_PER_QUERY);
}
