/**
 * Names that an auditor's question gives. "Nobody did" and "there is no such thing" are two answers: a question about a
 * misspelled column must not be answered as if the column had been left alone.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { Store } from '../store/store.ts';

export type KnownNow = {
  readonly hasResource: (name: string) => boolean;
  readonly hasWorkflow: (name: string) => boolean;
  /** `schema.table.column` of the resource as far as they are known now, and whether a view is what has it; empty when the database was not reached. */
  readonly columnsOf: (resource: string) => ReadonlyMap<string, { readonly isView: boolean }>;
};

/** What there is now, or was when it went on record. The index is up to date. */
export class KnownNames {
  readonly #store: Store;
  readonly #now: KnownNow;

  constructor(store: Store, now: KnownNow) {
    this.#store = store;
    this.#now = now;
  }

  /** Throws NOT_FOUND. */
  async assertResource(resource: string): Promise<void> {
    if (this.#now.hasResource(resource)) return;
    const session = await this.#store.db
      .selectFrom('sessions')
      .select('session_id')
      .where('resource', '=', resource)
      .limit(1)
      .executeTakeFirst();
    if (session === undefined) throw unknown(`the resource "${resource}"`);
  }

  /** Throws NOT_FOUND. */
  async assertSession(id: string): Promise<void> {
    const session = await this.#store.db
      .selectFrom('sessions')
      .select('session_id')
      .where('session_id', '=', id)
      .executeTakeFirst();
    if (session === undefined) throw unknown(`the session ${id}`);
  }

  /** Throws NOT_FOUND; USAGE for a column of a view, which the record names by the tables below. */
  async assertColumn(resource: string, column: string): Promise<void> {
    const use = await this.#store.db
      .selectFrom('column_uses')
      .select('first_sequence')
      .where('resource', '=', resource)
      .where('column_name', '=', column)
      .limit(1)
      .executeTakeFirst();
    if (use !== undefined) return;
    await this.assertResource(resource);
    const present = this.#now.columnsOf(resource);
    if (present.get(column)?.isView === true)
      throw new SluiceError('USAGE', `${column} is a column of a view.`, {
        remedy: 'Ask for the columns of the tables that the view reads: the record names those.',
      });
    if (present.size > 0 && !present.has(column))
      throw unknown(`the column ${column} of "${resource}"`, 'Columns go by schema.table.column: see `sluice schema`.');
  }

  /** Throws NOT_FOUND. */
  async assertWorkflow(workflow: string, resource: string): Promise<void> {
    const entry = await this.#store.db
      .selectFrom('workflow_entries')
      .select('sequence')
      .where('workflow', '=', workflow)
      .where('resource', '=', resource)
      .limit(1)
      .executeTakeFirst();
    if (entry !== undefined) return;
    await this.assertResource(resource);
    if (!this.#now.hasWorkflow(workflow)) throw unknown(`the workflow "${workflow}"`);
  }
}

function unknown(what: string, remedy?: string): SluiceError {
  const message = `Neither the configuration nor the record knows ${what}.`;
  return new SluiceError('NOT_FOUND', message, remedy === undefined ? {} : { remedy });
}
