/**
 * Label bindings of one resource in the store, so that a column that was renamed keeps its label over a restart.
 */
import { LabelSchema } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import type { ColumnKey } from '../analysis/flows.ts';
import { FIRST_USER_OID } from '../analysis/postgres/facts.ts';
import type { Store } from '../store/store.ts';
import type { Binding } from './classification.ts';

/** Rows of one statement. */
const ROWS_AT_ONCE = 500;
/** Bindings that may wait to be written while the store fails; beyond it, later ones are not kept. */
export const MAX_UNSAVED_BINDINGS = 100_000;

const Name = z.object({ schema: z.string(), table: z.string(), column: z.string() });

export class StoredBindings {
  readonly #store: Store;
  readonly #resource: string;
  readonly #onError: (error: unknown) => void;
  #database: string | null = null;
  #unsaved: Binding[] = [];
  #saving: Promise<void> | null = null;

  constructor(options: { store: Store; resource: string; onError: (error: unknown) => void }) {
    this.#store = options.store;
    this.#resource = options.resource;
    this.#onError = options.onError;
  }

  /**
   * What is known of a database, by its identity; from now on, bindings are kept for it. Bindings of relations that are
   * gone are not. Throws when the store fails: without it a label might be lost unnoticed.
   */
  async open(database: string, isGone: (relationOid: number) => boolean): Promise<Binding[]> {
    await this.settled();
    this.#database = database;
    this.#unsaved = [];
    const rows = await this.#store.db
      .selectFrom('label_bindings')
      .selectAll()
      .where('resource', '=', this.#resource)
      .where('database_identity', '=', database)
      .execute();
    const bindings: Binding[] = [];
    for (const row of rows) {
      if (isGone(Number.parseInt(row.column_key, 10))) await this.#drop(database, row.column_key);
      else bindings.push(bindingOf(row));
    }
    return bindings;
  }

  /** Keeps a binding, soon. System catalogs and databases without identity have none. */
  add(binding: Binding): void {
    if (this.#database === null || Number.parseInt(binding.key, 10) < FIRST_USER_OID) return;
    if (this.#unsaved.length >= MAX_UNSAVED_BINDINGS) return;
    this.#unsaved.push(binding);
    this.#saving ??= new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#save())
      .catch((error: unknown) => this.#onError(error))
      .finally(() => {
        this.#saving = null;
      });
  }

  /** Forgets what was derived for a column. Throws when the store fails: else it would come back with a restart. */
  async dropDerived(key: ColumnKey): Promise<void> {
    await this.settled();
    if (this.#database === null) return;
    await this.#store.db
      .deleteFrom('label_bindings')
      .where('resource', '=', this.#resource)
      .where('database_identity', '=', this.#database)
      .where('column_key', '=', key)
      .where('name_json', '=', '')
      .execute();
  }

  /** The database for which bindings are kept; null before the first connection. */
  get database(): string | null {
    return this.#database;
  }

  /** Resolves when everything added so far is written, or could not be. */
  async settled(): Promise<void> {
    if (this.#saving === null && this.#unsaved.length > 0) await this.#save().catch(this.#onError);
    await this.#saving;
  }

  async #save(): Promise<void> {
    const database = this.#database;
    if (database === null) return;
    while (this.#unsaved.length > 0) {
      const part = this.#unsaved.slice(0, ROWS_AT_ONCE);
      const rows = new Map(
        part.map((binding) => [`${binding.key} ${nameJson(binding)}`, this.#rowOf(database, binding)]),
      );
      await this.#store.db
        .insertInto('label_bindings')
        .values([...rows.values()])
        .onConflict((conflict) =>
          conflict
            .columns(['resource', 'database_identity', 'column_key', 'name_json'])
            .doUpdateSet((row) => ({ label: row.ref('excluded.label'), category: row.ref('excluded.category') })),
        )
        .execute();
      this.#unsaved = this.#unsaved.slice(part.length);
    }
  }

  #rowOf(database: string, binding: Binding) {
    const { label, category } = binding.kind === 'derived' ? binding : { label: null, category: null };
    return {
      resource: this.#resource,
      database_identity: database,
      column_key: binding.key,
      name_json: nameJson(binding),
      label,
      category,
    };
  }

  async #drop(database: string, key: string): Promise<void> {
    await this.#store.db
      .deleteFrom('label_bindings')
      .where('resource', '=', this.#resource)
      .where('database_identity', '=', database)
      .where('column_key', '=', key)
      .execute();
  }
}

function nameJson(binding: Binding): string {
  return binding.kind === 'named' ? JSON.stringify(binding.name) : '';
}

function bindingOf(row: {
  column_key: string;
  name_json: string;
  label: string | null;
  category: string | null;
}): Binding {
  const key = row.column_key as ColumnKey;
  if (row.name_json !== '') return { kind: 'named', key, name: Name.parse(JSON.parse(row.name_json)) };
  return { kind: 'derived', key, label: LabelSchema.parse(row.label), category: row.category };
}
