import { SluiceError } from '@sluice/contract/errors';
import type { Label } from '@sluice/contract/vocabulary';
import { type ColumnKey, columnKey, type Flows } from '../analysis/flows.ts';
import type { RelationFacts } from '../analysis/postgres/facts.ts';
import type { Declarations } from '../analysis/postgres/walk/walker.ts';
import type { QueryConnection, Rows } from '../upstream/query-connection.ts';
import type { Binding, Classification, Inheritance, IntrospectedColumn } from './classification.ts';
import { ExpectedColumns } from './expected-columns.ts';
import {
  CHANGES_QUERY,
  DATABASE_IDENTITY_QUERY,
  MAX_OIDS_PER_QUERY,
  relationsQuery,
  SNAPSHOT_QUERY,
  USER_RELATIONS_QUERY,
} from './introspection.ts';
import { parseRelation } from './introspection-rows.ts';
import { SharedFacts } from './shared-facts.ts';

/** How often the catalogs are looked at for changes that did not come through the gateway while nothing runs, milliseconds. */
export const POLL_INTERVAL_MS = 250;
/** Bindings of earlier runs. */
export interface KeptBindings {
  /** Those of a database; `isGone` tells relations that need none any more. */
  open(database: string, isGone: (relationOid: number) => boolean): Promise<readonly Binding[]>;
  /** Resolves when what was learned so far is kept. */
  settled(): Promise<void>;
}

/** Keeps nothing: for a look that is not repeated. */
export const NO_BINDINGS: KeptBindings = {
  open: () => Promise.resolve([]),
  settled: () => Promise.resolve(),
};

/**
 * What the gateway knows of one resource's definitions and labels, for all its sessions: the classification, and an
 * epoch that rises whenever a definition may have changed, so that no verdict outlives what it was based on.
 */
export class ResourceCatalog {
  readonly classification: Classification;
  readonly classifiedFrom: Label;
  readonly declarations: Declarations;
  readonly #expected = new ExpectedColumns();
  readonly #shared = new SharedFacts(async (sql) => await this.#ask(sql));
  readonly #columnsByName = new Map<string, ColumnKey>();
  readonly #open: (onClosed: () => void) => Promise<QueryConnection>;
  #connection: QueryConnection | null = null;
  #opening: Promise<void> | null = null;
  readonly #bindings: KeptBindings;
  readonly #onLearned: () => Promise<void>;
  /** Of the database that the labels are bound in. */
  #identity: string | null = null;
  #epoch = 1;
  #lastChanges = '';
  #snapshot = '';
  #timer: NodeJS.Timeout | null = null;
  /** The look that is under way. */
  #looking: Promise<void> | null = null;
  #closed = false;
  readonly #log: (message: string) => void;

  constructor(options: {
    classification: Classification;
    /** Columns with this label or a higher one are subject to policy. */
    classifiedFrom: Label;
    declarationsOf: (columnNamed: (name: string) => ColumnKey | null) => Declarations;
    open: (onClosed: () => void) => Promise<QueryConnection>;
    /** Where bindings outlive the process. */
    bindings: KeptBindings;
    /** Called when all columns have been learned, before anybody uses them: labels that followed an approved copy. */
    onLearned?: () => Promise<void>;
    log: (message: string) => void;
  }) {
    this.#bindings = options.bindings;
    this.#onLearned = options.onLearned ?? (() => Promise.resolve());
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

  /** Of the database that columns are numbered in; empty when it cannot be told from others. */
  get identity(): string {
    return this.#identity ?? '';
  }

  /** Definitions changed, or may have: everything understood before is understood anew. */
  definitionsChanged(): void {
    this.#epoch += 1;
    this.#shared.forget();
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
        // A column can be new in a relation that is known.
        const isNewColumn = !this.classification.knowsColumn(key);
        const proposed = isNewColumn ? this.#expected.proposedFor(relation.name, column.name) : null;
        if (proposed !== null) this.classification.raise(key, proposed);
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
    for (const { called, target } of flows.named ?? []) {
      if (target !== null) this.classification.raise(target, called);
      else this.#expected.propose(`${called.schema}.${called.table}.${called.column}`, called);
    }
    this.definitionsChanged();
  }

  /** A session noticed that something changed: looks at the catalogs now and not only at the next turn. */
  lookSoon(): void {
    void this.#lookSoon();
  }

  /**
   * Looks at the catalogs: after it, `epoch` tells of everything that had changed when it was called. Sessions that ask
   * while a look is under way share the next one. Never rejects: what cannot be looked at counts as changed.
   */
  async look(): Promise<void> {
    // The one under way may have begun too early.
    if (this.#looking !== null) await this.#looking;
    await this.#lookSoon();
  }

  /** The transactions that had ended when definitions were last looked at, as SNAPSHOT_QUERY tells them. */
  get snapshot(): string {
    return this.#snapshot;
  }

  /** Committed definitions, shared by all sessions; null while there is no connection to ask on. */
  get committed(): SharedFacts | null {
    return this.#connection === null || this.#connection.closed ? null : this.#shared;
  }

  /** The relations of users that exist now, under the names that they have now. Errors: `UPSTREAM_…`. */
  async presentRelations(): Promise<ReadonlySet<number>> {
    await this.ready();
    const oids = (await this.#ask(USER_RELATIONS_QUERY)).map(([oid]) => Number(oid));
    for (let at = 0; at < oids.length; at += MAX_OIDS_PER_QUERY) {
      const rows = await this.#ask(relationsQuery(oids.slice(at, at + MAX_OIDS_PER_QUERY)));
      this.learn(rows.map(([json]) => parseRelation(json ?? '')));
    }
    return new Set(oids);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#connection?.close();
    await this.#bindings.settled();
  }

  async #start(): Promise<void> {
    const connection = await this.#open(() => this.definitionsChanged());
    this.#lastChanges = await changes(connection);
    const oids = (await connection.query(USER_RELATIONS_QUERY)).map(([oid]) => Number(oid));
    await this.#recognise(connection, new Set(oids));
    for (let at = 0; at < oids.length; at += MAX_OIDS_PER_QUERY) {
      const rows = await connection.query(relationsQuery(oids.slice(at, at + MAX_OIDS_PER_QUERY)));
      this.learn(rows.map(([json]) => parseRelation(json ?? '')));
    }
    await this.#onLearned();
    this.#epoch += 1;
    this.#connection = connection;
    this.#timer ??= setInterval(() => this.lookSoon(), POLL_INTERVAL_MS).unref();
  }

  /** Another database than before, or the first: its columns have other numbers, and bindings of their own. */
  async #recognise(connection: QueryConnection, present: ReadonlySet<number>): Promise<void> {
    const [[identity = null, undecided = null] = []] = await connection
      .query(DATABASE_IDENTITY_QUERY)
      .catch((error: unknown) => {
        this.#log(`the database cannot be told from others, so label bindings are not kept: ${String(error)}`);
        return [];
      });
    if (identity === null || identity === this.#identity) return;
    const keepsAll = undecided !== 'f';
    const bindings = await this.#bindings.open(identity, (oid) => !keepsAll && !present.has(oid));
    this.#columnsByName.clear();
    this.classification.startOver(bindings);
    this.#identity = identity;
  }

  async #ask(sql: string): Promise<Rows> {
    const connection = this.#connection;
    if (connection === null) throw new SluiceError('UPSTREAM_CLOSED', 'there is no connection to the catalog');
    return await connection.query(sql);
  }

  #lookSoon(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    try {
      await this.ready();
      const connection = this.#connection;
      if (connection === null) return;
      const [[snapshot = null] = []] = await connection.query(SNAPSHOT_QUERY);
      if (snapshot !== this.#snapshot) {
        const now = await changes(connection);
        this.#snapshot = snapshot ?? '';
        if (now !== this.#lastChanges) this.definitionsChanged();
        this.#lastChanges = now;
      }
    } catch (error) {
      // Until it can be, nothing is assumed unchanged.
      this.definitionsChanged();
      this.#log(`the catalog could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function changes(connection: QueryConnection): Promise<string> {
  return JSON.stringify(await connection.query(CHANGES_QUERY));
}
