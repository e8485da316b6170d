import { SluiceError } from '@sluice/contract/errors';
import type { Label } from '@sluice/contract/vocabulary';
import { type ColumnKey, columnKey, type Flows } from '../analysis/flows.ts';
import type { RelationFacts } from '../analysis/postgres/facts.ts';
import type { Declarations } from '../analysis/postgres/walk/walker.ts';
import type { QueryConnection } from '../upstream/query-connection.ts';
import type { Classification, Inheritance, IntrospectedColumn } from './classification.ts';
import { ExpectedColumns } from './expected-columns.ts';
import { MAX_OIDS_PER_QUERY, NEWEST_TRANSACTION_QUERY, relationsQuery, USER_RELATIONS_QUERY } from './introspection.ts';
import { parseRelation } from './introspection-rows.ts';

/** How often the catalogs are looked at for changes that did not come through the gateway, milliseconds. */
export const POLL_INTERVAL_MS = 250;

/**
 * One row that differs whenever a definition was added, changed or dropped: newest transaction id and number of rows
 * of each catalog that verdicts depend on. Temporary relations are left out: they concern one session only.
 */
const CHANGES_QUERY = `SELECT ${[
  'pg_class',
  'pg_attribute',
  'pg_proc',
  'pg_rewrite',
  'pg_trigger',
  'pg_constraint',
  'pg_attrdef',
  'pg_inherits',
  'pg_policy',
  'pg_type',
]
  .map(
    (table) =>
      `(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(x.xmin::text::int8)) FROM pg_catalog.${table} x)`,
  )
  .join(', ')}`;

/**
 * What the gateway knows of one resource's definitions and labels, for all its sessions: the classification, and an
 * epoch that rises whenever a definition may have changed, so that no verdict outlives what it was based on.
 */
export class ResourceCatalog {
  readonly classification: Classification;
  readonly classifiedFrom: Label;
  readonly declarations: Declarations;
  readonly #expected = new ExpectedColumns();
  readonly #columnsByName = new Map<string, ColumnKey>();
  readonly #open: (onClosed: () => void) => Promise<QueryConnection>;
  #connection: QueryConnection | null = null;
  #opening: Promise<void> | null = null;
  #epoch = 1;
  #lastChanges = '';
  #newestTransaction = '';
  #timer: NodeJS.Timeout | null = null;
  #polling = false;
  #closed = false;
  readonly #log: (message: string) => void;

  constructor(options: {
    classification: Classification;
    /** Columns with this label or a higher one are subject to policy. */
    classifiedFrom: Label;
    declarationsOf: (columnNamed: (name: string) => ColumnKey | null) => Declarations;
    open: (onClosed: () => void) => Promise<QueryConnection>;
    log: (message: string) => void;
  }) {
    this.classification = options.classification;
    this.classifiedFrom = options.classifiedFrom;
    this.declarations = options.declarationsOf((name) => this.#columnsByName.get(name) ?? null);
    this.#open = options.open;
    this.#log = options.log;
  }

  /** Rises with every definition that may have changed. */
  get epoch(): number {
    return this.#epoch;
  }

  get labelsVersion(): string {
    return this.classification.version;
  }

  /** Definitions changed, or may have: everything understood before is understood anew. */
  definitionsChanged(): void {
    this.#epoch += 1;
  }

  /** Binds the labels to the columns that exist now, once; later calls return at once. Errors: `UPSTREAM_…`. */
  async ready(): Promise<void> {
    if (this.#closed) throw new SluiceError('SESSION_ENDED', 'the gateway is stopping');
    if (this.#connection !== null && !this.#connection.closed) return;
    this.#opening ??= this.#start().finally(() => {
      this.#opening = null;
    });
    await this.#opening;
  }

  /** Takes in what a session found out about relations. */
  learn(relations: readonly RelationFacts[]): void {
    const columns: IntrospectedColumn[] = [];
    const inheritance: Inheritance[] = [];
    for (const relation of relations) {
      const isNew = !this.classification.knows(relation.oid);
      for (const column of relation.columns) {
        if (column.dropped) continue;
        const key = columnKey(relation.oid, column.attribute);
        // Before it is learned, so that there is no moment in which it is known and unlabelled.
        const expected = isNew ? this.#expected.sourcesOf(relation.name, column.name) : [];
        if (expected.length > 0) this.classification.derive(key, expected);
        this.#columnsByName.set(`${relation.schema}.${relation.name}.${column.name}`, key);
        columns.push({
          relationOid: relation.oid,
          schema: relation.schema,
          table: relation.name,
          attnum: column.attribute,
          column: column.name,
          relkind: relation.kind,
        });
      }
      for (const ancestor of relation.ancestors) inheritance.push({ childOid: relation.oid, parentOid: ancestor });
    }
    if (columns.length > 0) this.classification.learn(columns, inheritance);
  }

  /**
   * Labels the targets of writes after their sources: after an approved copy. Columns that do not exist for the
   * gateway yet are labelled when they are learned, by name, in whatever schema they turn up.
   */
  labelsFollow(flows: Flows): void {
    for (const write of flows.writes) {
      if (write.sources.size === 0) continue;
      if (write.target !== null) this.classification.derive(write.target, [...write.sources]);
      else this.#expected.add(write.targetName, write.sources);
    }
    this.definitionsChanged();
  }

  /** A session noticed that something changed: looks at the catalogs now and not only at the next turn. */
  lookSoon(): void {
    void this.#poll();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#connection?.close();
  }

  async #start(): Promise<void> {
    const connection = await this.#open(() => this.definitionsChanged());
    this.#lastChanges = await changes(connection);
    const oids = (await connection.query(USER_RELATIONS_QUERY)).map(([oid]) => Number(oid));
    for (let at = 0; at < oids.length; at += MAX_OIDS_PER_QUERY) {
      const rows = await connection.query(relationsQuery(oids.slice(at, at + MAX_OIDS_PER_QUERY)));
      this.learn(rows.map(([json]) => parseRelation(json ?? '')));
    }
    this.#epoch += 1;
    this.#connection = connection;
    this.#timer ??= setInterval(() => void this.#poll(), POLL_INTERVAL_MS).unref();
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#connection === null || this.#connection.closed) return;
    this.#polling = true;
    try {
      const [[newest = null] = []] = await this.#connection.query(NEWEST_TRANSACTION_QUERY);
      if (newest === this.#newestTransaction) return;
      const now = await changes(this.#connection);
      this.#newestTransaction = newest ?? '';
      if (now !== this.#lastChanges) this.definitionsChanged();
      this.#lastChanges = now;
    } catch (error) {
      // The next session opens another connection and binds the labels anew; until then nothing is assumed unchanged.
      this.definitionsChanged();
      this.#log(`the catalog could not be polled: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#polling = false;
    }
  }
}

async function changes(connection: QueryConnection): Promise<string> {
  return JSON.stringify(await connection.query(CHANGES_QUERY));
}
