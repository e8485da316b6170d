import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import { FrameReader } from '../../protocol/postgres/framing.ts';
import { FrontendDecoder, type FrontendMessage } from '../../protocol/postgres/frontend.ts';
import { encodeFrontend, type UpstreamMessage } from '../../protocol/postgres/frontend-encode.ts';
import { LEAST_REGION_OUTPUT, type OutputRegions } from '../../protocol/postgres/output-regions.ts';
import { DEFAULT_MAX_MASKED_ROW_BYTES } from '../../protocol/postgres/rewrite.ts';
import type { Session } from '../../session/session.ts';
import type { PostgresConnection } from '../../upstream/postgres-connection.ts';
import { MAX_BACKLOG_BYTES, MAX_OWED_ANSWERS, MAX_UNREAD_CLIENT_BYTES, MIN_SERVER_FRAME_BYTES } from './bounds.ts';
import { endAfter, endStream } from './end-stream.ts';
import { ExtendedQuery } from './extended-query.ts';
import { FunctionCall } from './function-call.ts';
import { IdleTimer } from './idle-timer.ts';
import type { LinkOwner, NotificationResponse } from './link-owner.ts';
import { Preparer } from './preparer.ts';
import { errorResponse } from './reports.ts';
import { ServerWriter } from './server-writer.ts';
import { type PostgresPorts, SessionContext, type UpstreamFacts } from './session-context.ts';
import { shownCell } from './shown-cell.ts';
import { SimpleQuery } from './simple-query.ts';
import { UpstreamLink } from './upstream-link.ts';

const COPY_DATA = 0x64;
const QUERY = 0x51;
const PARSE = 0x50;
const BIND = 0x42;
/** Values and texts can be too long for what they are; another message of such length is no message. */
const LONG_FRAMES = { inPieces: new Set([COPY_DATA]), dropped: new Set([QUERY, PARSE, BIND]) };
const NOTHING: Buffer = Buffer.alloc(0);
/** Given as the reason of an abort that nobody asks about: without one, each makes an error with a stack. */
const OVER = 'it is over';

/** Why a session ended, for the record; `error` is what the client was told last. */
export type SessionEnd = {
  readonly reason: string;
  readonly error: SluiceError | null;
  /** The database owed answers: it may be at work on a statement. */
  readonly isBusy: boolean;
};

/**
 * One PostgreSQL session after its login: two sockets, and between them the handlers. Client messages are handled
 * strictly one after the other; answers of the server flow independently through the link.
 */
export class PostgresSession implements LinkOwner {
  readonly #client: Duplex;
  readonly #server: Socket;
  readonly #readInPlace: PostgresConnection['readInPlace'];
  readonly #session: Session;
  readonly #draining: AbortSignal;
  readonly #link: UpstreamLink;
  readonly #context: SessionContext;
  readonly #extended: ExtendedQuery;
  readonly #simple: SimpleQuery;
  readonly #functionCall: FunctionCall;
  readonly #frames: FrameReader;
  readonly #decoder = new FrontendDecoder();
  readonly #onEnd: (end: SessionEnd) => void;
  #handling = false;
  /** Bytes for the client of the chunk that is being received: nearly always one piece. */
  #untold: Buffer | null = null;
  #moreUntold: Buffer[] = [];
  #receiving = false;
  /** Nothing is read from the server, until what it said last has been looked at. */
  #isHeldBack = false;
  readonly #writer: ServerWriter;
  /** True while the client waits for the server, see `MAX_OWED_ANSWERS`. */
  #awaitsAnswers = false;
  #ended = false;
  /** `draining` has been aborted: asked with every chunk, which is cheaper of a field. */
  #isDraining = false;
  readonly #idleTimer: IdleTimer;
  /** Null: nobody could say when a stream that is no socket has taken the bytes. */
  readonly #regions: OutputRegions | null;

  constructor(options: {
    client: Duplex;
    connection: PostgresConnection;
    session: Session;
    /** Aborts when the gateway begins to stop: the session ends at its next idle moment. */
    draining: AbortSignal;
    ports: PostgresPorts;
    upstream: UpstreamFacts;
    /** As the client asked at start-up. */
    settings: readonly (readonly [name: string, value: string])[];
    clientMinMessages: string;
    limits: { maxFrameBytes: number; idleTimeoutMs: number };
    /** The number that the client knows the session by. */
    processId: number;
    onEnd: (end: SessionEnd) => void;
    regions: OutputRegions;
  }) {
    this.#client = options.client;
    this.#server = options.connection.socket;
    this.#readInPlace = options.connection.readInPlace;
    this.#session = options.session;
    this.#draining = options.draining;
    this.#onEnd = options.onEnd;
    this.#idleTimer = new IdleTimer(options.limits.idleTimeoutMs, () =>
      this.#end(new SluiceError('SESSION_ENDED', 'the session was idle for too long')),
    );
    this.#frames = new FrameReader({ maxFrameBytes: options.limits.maxFrameBytes, longFrames: LONG_FRAMES });
    this.#regions = options.client instanceof Socket ? options.regions : null;
    this.#link = new UpstreamLink(this, {
      regions: this.#regions,
      maxFrameBytes: Math.max(options.limits.maxFrameBytes, MIN_SERVER_FRAME_BYTES),
      maxMaskedRowBytes: DEFAULT_MAX_MASKED_ROW_BYTES,
    });
    this.#context = new SessionContext(
      options.session,
      this.#link,
      options.ports,
      options.upstream,
      options.settings,
      options.clientMinMessages,
    );
    this.#writer = new ServerWriter({
      server: this.#server,
      client: this.#client,
      evidence: options.ports.evidence,
      takeStaged: () => this.#context.takeStaged(),
    });
    this.#context.processIds = { server: options.connection.processId, client: options.processId };
    const preparer = new Preparer(this.#context);
    this.#extended = new ExtendedQuery(this.#context, preparer);
    this.#simple = new SimpleQuery(this.#context, preparer);
    this.#functionCall = new FunctionCall(this.#context, preparer);
  }

  /** Starts the flow; `clientRest` are bytes that came with the login's last message. */
  start(clientRest: Buffer, serverRest: Buffer): void {
    const { ending } = this.#session;
    if (ending.aborted) this.#end(new SluiceError('SESSION_ENDED', String(ending.reason)));
    ending.addEventListener('abort', () => this.#end(new SluiceError('SESSION_ENDED', String(ending.reason))), {
      once: true,
    });
    this.#readInPlace((chunk) => this.#fromServer(chunk));
    this.#server.on('drain', () => this.#client.resume());
    this.#server.on('error', (error) =>
      this.#end(new SluiceError('UPSTREAM_CLOSED', `the connection to the database failed: ${error.message}`)),
    );
    this.#server.on('close', () => {
      if (!this.#ended) this.#end(new SluiceError('UPSTREAM_CLOSED', 'the database closed the connection'));
    });
    this.#client.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    this.#client.on('drain', () => {
      if (!this.#isHeldBack) this.#server.resume();
    });
    this.#client.on('error', () => this.#end(null));
    this.#client.on('end', () => this.#end(null));
    this.#client.on('close', () => this.#end(null));
    if (serverRest.length > 0) this.#fromServer(serverRest);
    if (clientRest.length > 0) this.#fromClient(clientRest);
    this.#server.resume();
    this.#client.resume();
    this.#idleTimer.start();
    this.#draining.addEventListener('abort', this.#drain);
    if (this.#draining.aborted) this.#drain();
  }

  /** A CancelRequest with this session's key: ends the wait of a held statement, else it is for the server. */
  cancel(): 'held' | 'running' {
    if (!this.#context.holding) {
      // What is being decided about is not at the server yet, where a cancel would find nothing to end.
      if (this.#handling) this.#context.cancelRequested = true;
      return 'running';
    }
    this.#context.holdCancel.abort(OVER);
    return 'held';
  }

  // ---- LinkOwner

  toClient(bytes: Buffer): void {
    if (this.#ended) return;
    if (this.#untold === null) this.#untold = bytes;
    else this.#moreUntold.push(bytes);
    if (!this.#receiving) this.#writeToClient();
  }

  #writeToClient(): void {
    const first = this.#untold;
    if (first === null) return;
    const bytes = this.#moreUntold.length === 0 ? first : this.#joined([first, ...this.#moreUntold.splice(0)]);
    this.#untold = null;
    if (!this.#write(bytes) && this.#client.writableLength >= MAX_BACKLOG_BYTES) this.#server.pause();
  }

  #joined(pieces: readonly Buffer[]): Buffer {
    const bytes = Buffer.concat(pieces);
    for (const piece of pieces) this.#regions?.giveBack(piece);
    return bytes;
  }

  /** A region is used again when the system has taken its bytes; of a write that failed nobody knows. */
  #write(bytes: Buffer): boolean {
    const regions = this.#regions;
    if (regions === null || bytes.length < LEAST_REGION_OUTPUT || !regions.isLent(bytes))
      return this.#client.write(bytes);
    return this.#client.write(bytes, (error) => {
      if (error === null || error === undefined) regions.giveBack(bytes);
    });
  }

  toServer(bytes: Buffer): void {
    this.#writer.bytes(bytes);
  }

  send(message: UpstreamMessage): void {
    this.#writer.message(message);
  }

  flushToServer(): void {
    this.#writer.flush();
  }

  pauseServer(): void {
    this.#isHeldBack = true;
    this.#server.pause();
  }

  resumeServer(): void {
    this.#isHeldBack = false;
    if (this.#client.writableLength < MAX_BACKLOG_BYTES) this.#server.resume();
    if (!this.#handling) {
      this.flushToServer();
      this.#goOnWhenAnswered();
    }
    this.#endWhenIdle();
  }

  occupy(work: () => Promise<void>): boolean {
    if (this.#handling || this.#awaitsAnswers || this.#ended) return false;
    this.#handling = true;
    this.#link.collectAnswers();
    work().then(
      () => this.#handleFrames(),
      (error: unknown) => this.#handlingFailed(error),
    );
    return true;
  }

  failed(error: unknown): void {
    this.#end(asSluiceError(error));
  }

  wantsRow(statementId: number): boolean {
    return this.#session.recording.wantsRow(statementId);
  }

  onRow(statementId: number, cells: readonly (Buffer | null)[] | null): void {
    if (cells === null) return;
    const { recording } = this.#session;
    if (!recording.plainRow(statementId, cells)) recording.row(statementId, cells.map(shownCell));
  }

  clientMinMessages(): string {
    return this.#context.clientMinMessages.value;
  }

  notification(message: NotificationResponse): Buffer | null {
    return this.#context.notification(message);
  }

  onNestedTree(): void {
    this.#context.nestedTrees += 1;
  }

  // ---- flow

  #fromServer(chunk: Buffer): void {
    if (this.#ended) return;
    let failure: SluiceError | null = null;
    this.#receiving = true;
    try {
      this.#link.receive(chunk);
    } catch (error) {
      failure = asSluiceError(error);
    }
    this.#receiving = false;
    this.#writeToClient();
    if (failure !== null) this.#end(failure);
    if (!this.#handling) {
      this.flushToServer();
      this.#goOnWhenAnswered();
    }
    this.#endWhenIdle();
  }

  #fromClient(chunk: Buffer): void {
    if (this.#ended) return;
    this.#idleTimer.heard();
    try {
      this.#frames.push(chunk);
    } catch (error) {
      this.#end(asSluiceError(error));
      return;
    }
    if (this.#handling || this.#awaitsAnswers) {
      if (this.#frames.bufferedBytes > MAX_UNREAD_CLIENT_BYTES) this.#client.pause();
      return;
    }
    this.#handleFrames();
  }

  /** Handles what has arrived, one message after the other; waits where a handler has to, and goes on. */
  #handleFrames(): void {
    this.#handling = true;
    this.#link.collectAnswers();
    const frames = this.#frames;
    try {
      for (;;) {
        if (this.#owesTooMuch()) return this.#waitForAnswers();
        if (!frames.advance() || this.#ended) break;
        const waiting =
          frames.droppedBytes === 0 ? this.#handle(frames) : this.#tooLong(frames.type, frames.droppedBytes);
        if (waiting === undefined) continue;
        waiting.then(
          () => this.#handleFrames(),
          (error: unknown) => this.#handlingFailed(error),
        );
        return;
      }
    } catch (error) {
      this.#handlingFailed(error);
      return;
    }
    this.#handled();
  }

  #owesTooMuch(): boolean {
    if (this.#link.owed < MAX_OWED_ANSWERS || this.#context.copyIn.isRunning) return false;
    // What the gateway alone owes, nobody else would bring along.
    this.#link.tellAnswers();
    if (this.#link.owed >= MAX_OWED_ANSWERS) return true;
    this.#link.collectAnswers();
    return false;
  }

  /** The client's messages wait until half of what is owed has come. The server keeps small answers back until a Flush. */
  #waitForAnswers(): void {
    if (!this.#awaitsAnswers) this.#link.ask(encodeFrontend({ kind: 'Flush' }));
    this.#awaitsAnswers = true;
    this.#handling = false;
    this.flushToServer();
    this.#client.pause();
  }

  #goOnWhenAnswered(): void {
    if (!this.#awaitsAnswers || this.#link.owed > MAX_OWED_ANSWERS / 2) return;
    this.#awaitsAnswers = false;
    this.#handleFrames();
  }

  #handlingFailed(error: unknown): void {
    this.#end(asSluiceError(error));
    this.#handled();
  }

  #handled(): void {
    this.#handling = false;
    if (!this.#ended) this.#link.tellAnswers();
    this.flushToServer();
    if (!this.#ended && this.#writer.hasRoom) this.#client.resume();
    this.#endWhenIdle();
  }

  #handle({ type, source, start, end }: FrameReader): Promise<void> | undefined {
    if (this.#context.copyIn.isRunning && type === COPY_DATA)
      return this.#context.copyIn.piece(source.subarray(start, end));
    let message: FrontendMessage;
    try {
      message = this.#decoder.decode(type, source, start, end);
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'TEXT_NOT_UTF8') return this.#unread(type, error);
      throw error;
    }
    switch (message.kind) {
      case 'Query':
        this.#requireNoCopy(message.kind);
        // After an error of the extended protocol only Sync counts; a Query before it gets no answer.
        return this.#link.skipping ? undefined : this.#simple.run(message.text);
      case 'Parse':
        this.#requireNoCopy(message.kind);
        return this.#extended.parse(message);
      case 'Bind':
        this.#requireNoCopy(message.kind);
        return this.#extended.bind(message);
      case 'Describe':
        this.#requireNoCopy(message.kind);
        return this.#extended.describe(message);
      case 'Execute':
        this.#requireNoCopy(message.kind);
        return this.#extended.execute(message);
      case 'Close':
        this.#requireNoCopy(message.kind);
        return this.#extended.close(message);
      case 'Flush':
        this.#extended.flush();
        return undefined;
      case 'Sync':
        // During COPY FROM STDIN the server ignores Sync, and so does the queue of what is owed.
        if (!this.#context.copyIn.isRunning) this.#context.sync();
        return undefined;
      case 'CopyData':
        // Left over from a COPY that has failed: ignored, as by the server.
        return undefined;
      case 'CopyDone':
      case 'CopyFail':
        return this.#context.copyIn.isRunning ? this.#context.copyIn.end(message) : undefined;
      case 'FunctionCall':
        this.#requireNoCopy(message.kind);
        return this.#link.skipping ? undefined : this.#functionCall.run(message);
      case 'Terminate':
        this.#end(null);
        return undefined;
    }
  }

  /** A message over `limits.maxFrameBytes` is dropped as it comes. */
  #tooLong(type: number, bytes: number): undefined {
    const words = `a message of ${bytes} bytes is longer than limits.maxFrameBytes allows`;
    return this.#unread(type, new SluiceError('LIMIT_FRAME_BYTES', words));
  }

  /** Told as an error, and the session goes on behind the message, as at the server. */
  #unread(type: number, error: SluiceError): undefined {
    this.#requireNoCopy('a message that cannot be read');
    if (this.#link.skipping) return;
    this.#context.refuse(error);
    if (type === QUERY) this.#context.sync();
  }

  #requireNoCopy(kind: string): void {
    if (this.#context.copyIn.isRunning)
      throw new SluiceError('PROTOCOL_VIOLATION', `the client sent ${kind} while COPY data was due`);
  }

  readonly #drain = (): void => {
    this.#isDraining = true;
    this.#endWhenIdle();
  };

  /** When the gateway is stopping, a session ends once no statement runs and no transaction is open. */
  #endWhenIdle(): void {
    if (
      !this.#isDraining ||
      this.#handling ||
      this.#link.owed > 0 ||
      this.#context.pipelineOpen ||
      this.#link.transactionStatus !== 'I'
    )
      return;
    this.#end(new SluiceError('SESSION_ENDED', 'the gateway is stopping'));
  }

  /** Ends both sides once. `error` null: the client left by itself. */
  #end(error: SluiceError | null): void {
    if (this.#ended) return;
    const lastWords =
      error !== null && error.facts['told'] !== true && !this.#link.midFrame ? errorResponse(error, 'FATAL') : NOTHING;
    const isBusy = this.#link.owed > 0;
    this.#ended = true;
    this.#writer.end();
    this.#draining.removeEventListener('abort', this.#drain);
    this.#idleTimer.stop();
    this.#context.holdCancel.abort(OVER);
    this.#link.end(error ?? new SluiceError('SESSION_ENDED', 'the client left'));
    if (error === null) endAfter(this.#client, this.#server);
    else endStream(this.#client, lastWords);
    this.#server.end(encodeFrontend({ kind: 'Terminate' }));
    // A server that is busy would go on with its statement, or wait for ever with an answer that nobody reads.
    if (error !== null || isBusy) this.#server.destroy();
    this.#onEnd({ reason: error === null ? 'the client left' : `${error.code}: ${error.message}`, error, isBusy });
  }
}

function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('INTERNAL', 'the session met a defect of the gateway and was ended', { cause: error });
}
