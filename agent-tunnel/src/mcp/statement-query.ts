import { SluiceError } from '@sluice/contract/errors';
import type { Submittable } from 'pg';
import { MAX_CELL_CHARACTERS, MAX_RESULT_BYTES, ROWS_A_BATCH } from './bounds.ts';

/** What the server said of an error or a notice. */
export type ServerWords = {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
};

export type QueryResult = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** CommandComplete's tag; null when the rows were cut, and of an empty statement. */
  readonly tag: string | null;
  readonly cut: { readonly rows: boolean; readonly bytes: boolean; readonly cells: number };
};

/** What this needs of a connection of node-postgres. */
type Wire = {
  parse(query: object, more: boolean): void;
  bind(config: object, more: boolean): void;
  describe(message: object, more: boolean): void;
  execute(config: object, more: boolean): void;
  flush(): void;
  sync(): void;
};

/**
 * One statement, run by the extended protocol: the server itself refuses a text with two. Rows are asked for in small
 * batches, so that what lies beyond a bound is not sent; the statement ends as usual all the same (Sync commits it).
 */
export class StatementQuery implements Submittable {
  readonly done: Promise<QueryResult>;
  readonly #text: string;
  readonly #maxRows: number;
  readonly #outcome = Promise.withResolvers<QueryResult>();
  #columns: readonly string[] = [];
  readonly #rows: (string | null)[][] = [];
  #bytes = 0;
  #cutCells = 0;
  readonly #isCut: { rows: boolean; bytes: boolean } = { rows: false, bytes: false };
  #tag: string | null = null;

  constructor(text: string, maxRows: number) {
    this.#text = text;
    this.#maxRows = maxRows;
    this.done = this.#outcome.promise;
  }

  submit(wire: Wire): void {
    wire.parse({ text: this.#text, name: '', types: [] }, true);
    wire.bind({ portal: '', statement: '', values: [] }, true);
    wire.describe({ type: 'P', name: '' }, true);
    this.#askForRows(wire);
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#columns = fields.map(({ name }) => this.#cell(name));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#isCut.bytes) return;
    const row = fields.map((field) => (field === null ? null : this.#cell(field)));
    // A row is there whole, or not at all.
    if (this.#bytes > MAX_RESULT_BYTES) this.#isCut.bytes = true;
    else this.#rows.push(row);
  }

  handlePortalSuspended(wire: Wire): void {
    if (!this.#isCut.bytes && this.#rows.length <= this.#maxRows) return this.#askForRows(wire);
    wire.sync();
  }

  handleCommandComplete({ text }: { readonly text?: string }, wire: Wire): void {
    this.#tag = text ?? null;
    wire.sync();
  }

  handleEmptyQuery(wire: Wire): void {
    wire.sync();
  }

  handleReadyForQuery(): void {
    // One row more than wanted was asked for, to know whether there are more.
    this.#isCut.rows = this.#rows.splice(this.#maxRows).length > 0;
    this.#outcome.resolve({
      columns: this.#columns,
      rows: this.#rows,
      tag: this.#tag,
      cut: { ...this.#isCut, cells: this.#cutCells },
    });
  }

  /** Of the server, or because the connection ended. The connection is not used again, so there is nothing to sync. */
  handleError(error: Error): void {
    this.#outcome.reject(error);
  }

  handleCopyInResponse(): void {
    this.#outcome.reject(
      new SluiceError('PROTOCOL_UNSUPPORTED', 'COPY is not offered here', { remedy: 'Use INSERT.' }),
    );
  }

  handleCopyData(): void {
    this.#outcome.reject(
      new SluiceError('PROTOCOL_UNSUPPORTED', 'COPY is not offered here', { remedy: 'Use SELECT.' }),
    );
  }

  #askForRows(wire: Wire): void {
    wire.execute({ portal: '', rows: Math.min(ROWS_A_BATCH, this.#maxRows + 1 - this.#rows.length) }, true);
    wire.flush();
  }

  #cell(text: string): string {
    const kept = text.length > MAX_CELL_CHARACTERS ? `${text.slice(0, MAX_CELL_CHARACTERS)}…` : text;
    if (kept !== text) this.#cutCells += 1;
    this.#bytes += Buffer.byteLength(kept);
    return kept;
  }
}
