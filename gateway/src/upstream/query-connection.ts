import { SluiceError } from '@sluice/contract/errors';
import { type BackendMessage, decodeBackend, type ReportFields } from '../protocol/postgres/backend.ts';
import { FrameReader } from '../protocol/postgres/framing.ts';
import { encodeFrontend } from '../protocol/postgres/frontend-encode.ts';
import type { PostgresConnection } from './postgres-connection.ts';

/** Longest message of an answer, and rows of one, that the gateway takes for itself. */
export const MAX_ANSWER_FRAME_BYTES = 16 * 1024 * 1024;
export const MAX_ANSWER_ROWS = 500_000;
/** The same in bytes, notices and all. */
export const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** Questions waiting for their turn. */
export const MAX_WAITING_QUESTIONS = 1_000;
/** How long one question may take, milliseconds. */
export const QUESTION_TIMEOUT_MS = 30_000;

/** Rows in text format. */
export type Rows = readonly (readonly (string | null)[])[];

/** What one message exchange brought. */
export type Answer = {
  readonly rows: Rows;
  readonly notices: readonly ReportFields[];
  readonly error: ReportFields | null;
  /** Of the last CommandComplete; empty without one. */
  readonly tag: string;
};

/** A statement with its parameters as they came from a client. */
export type BoundText = {
  readonly text: string;
  readonly parameterTypes: readonly number[];
  readonly parameterFormats: readonly (0 | 1)[];
  readonly parameters: readonly (Uint8Array | null)[];
};

/**
 * A connection on which the gateway asks questions of its own (the catalog), one after the other. A client's statement
 * runs on it only for the preview of a held one, in a transaction that is rolled back; `parse` runs nothing.
 *
 * Errors: `UPSTREAM_CLOSED` when the connection is gone, `LIMIT_REACHED`, `UPSTREAM_PROTOCOL`.
 */
export class QueryConnection {
  readonly #connection: PostgresConnection;
  readonly #reader = new FrameReader({ maxFrameBytes: MAX_ANSWER_FRAME_BYTES, violation: 'UPSTREAM_PROTOCOL' });
  readonly #waiting: {
    readonly bytes: Buffer;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  #rows: (string | null)[][] = [];
  #notices: ReportFields[] = [];
  #error: ReportFields | null = null;
  #answerBytes = 0;
  #tag = '';
  #failure: SluiceError | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #onClosed: () => void;

  constructor(connection: PostgresConnection, onClosed: () => void) {
    this.#connection = connection;
    this.#onClosed = onClosed;
    const { socket } = connection;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) =>
      this.#fail(new SluiceError('UPSTREAM_CLOSED', `the connection to the catalog failed: ${error.message}`)),
    );
    socket.on('close', () =>
      this.#fail(new SluiceError('UPSTREAM_CLOSED', 'the database closed the connection to the catalog')),
    );
    if (connection.rest.length > 0) this.#receive(connection.rest);
    socket.resume();
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.#connection.parameters;
  }

  get closed(): boolean {
    return this.#failure !== null;
  }

  /** Rows of a query; several statements give the rows of all. Throws `UPSTREAM_PROTOCOL` with the server's words on an SQL error. */
  async query(text: string): Promise<Rows> {
    const answer = await this.#ask(encodeFrontend({ kind: 'Query', text }));
    if (answer.error !== null)
      throw new SluiceError(
        'UPSTREAM_PROTOCOL',
        `the database did not answer a question about its catalog: ${answer.error.get('M') ?? ''}`,
      );
    return answer.rows;
  }

  /** Has the server analyse a statement (Parse, then Sync) without running it; an SQL error is part of the answer. */
  async parse(text: string, parameterTypes: readonly number[]): Promise<Answer> {
    return await this.#ask(
      Buffer.concat([
        encodeFrontend({ kind: 'Parse', name: '', text, parameterTypes }),
        encodeFrontend({ kind: 'Sync' }),
      ]),
    );
  }

  /** Runs a statement with parameters, to the end of an implicit transaction unless one is open; an SQL error is part of the answer. */
  async execute(bound: BoundText): Promise<Answer> {
    const { text, parameterTypes, parameterFormats } = bound;
    const parameters = bound.parameters.map((value) => (value === null ? null : Buffer.from(value)));
    return await this.#ask(
      Buffer.concat([
        encodeFrontend({ kind: 'Parse', name: '', text, parameterTypes }),
        encodeFrontend({ kind: 'Bind', portal: '', statement: '', parameterFormats, parameters, resultFormats: [] }),
        encodeFrontend({ kind: 'Execute', portal: '', maxRows: 0 }),
        encodeFrontend({ kind: 'Sync' }),
      ]),
    );
  }

  close(): void {
    this.#connection.socket.end(encodeFrontend({ kind: 'Terminate' }));
    this.#connection.socket.destroySoon();
  }

  async #ask(bytes: Buffer): Promise<Answer> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#waiting.length >= MAX_WAITING_QUESTIONS)
      throw new SluiceError('LIMIT_REACHED', 'too many questions wait for the catalog');
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      if (this.#waiting.length === 1) this.#sendNext();
    });
  }

  #sendNext(): void {
    const next = this.#waiting[0];
    if (next === undefined) return;
    this.#timer = setTimeout(
      () =>
        this.#fail(
          new SluiceError('UPSTREAM_CLOSED', 'the database took too long to answer a question about its catalog'),
        ),
      QUESTION_TIMEOUT_MS,
    );
    this.#timer.unref();
    this.#connection.socket.write(next.bytes);
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
      for (const frame of this.#reader) this.#handle(frame.type, frame.body);
    } catch (error) {
      this.#fail(
        error instanceof SluiceError
          ? error
          : new SluiceError('INTERNAL', 'an answer of the catalog could not be read', { cause: error }),
      );
    }
  }

  #handle(type: number, body: Buffer): void {
    const message = decodeBackend(type, body);
    if (this.#waiting.length === 0) return this.#unasked(message);
    this.#answerBytes += body.length;
    if (this.#answerBytes > MAX_ANSWER_BYTES)
      throw new SluiceError('LIMIT_REACHED', 'an answer of the catalog is too long');
    switch (message.kind) {
      case 'DataRow':
        if (this.#rows.length >= MAX_ANSWER_ROWS)
          throw new SluiceError('LIMIT_REACHED', 'an answer of the catalog has too many rows');
        this.#rows.push(message.cells.map((cell) => (cell === null ? null : cell.toString('utf8'))));
        return;
      case 'NoticeResponse':
        this.#notices.push(message.fields);
        return;
      case 'ErrorResponse':
        this.#error = message.fields;
        return;
      case 'CommandComplete':
        this.#tag = message.tag;
        return;
      case 'ReadyForQuery': {
        if (this.#timer !== null) clearTimeout(this.#timer);
        const asked = this.#waiting.shift();
        asked?.resolve({ rows: this.#rows, notices: this.#notices, error: this.#error, tag: this.#tag });
        this.#tag = '';
        this.#rows = [];
        this.#notices = [];
        this.#error = null;
        this.#answerBytes = 0;
        this.#sendNext();
        return;
      }
      default:
        // RowDescription, ParseComplete, ParameterStatus: nothing to keep.
        return;
    }
  }

  /** What a server may say while nothing was asked (manual 55.2.7); the rest would be taken for a later answer. */
  #unasked(message: BackendMessage): void {
    switch (message.kind) {
      case 'NoticeResponse':
      case 'ParameterStatus':
      case 'NotificationResponse':
        return;
      case 'ErrorResponse':
        throw new SluiceError(
          'UPSTREAM_CLOSED',
          `the database ended the connection to its catalog: ${message.fields.get('M') ?? ''}`,
        );
      default:
        throw new SluiceError('UPSTREAM_PROTOCOL', `the database sent ${message.kind} when nothing had asked for it`);
    }
  }

  #fail(error: SluiceError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#connection.socket.destroy();
    for (const asked of this.#waiting.splice(0)) asked.reject(error);
    this.#onClosed();
  }
}
