import { Duplex } from 'node:stream';
import { MAX_TUNNEL_MESSAGE_BYTES, TUNNEL_END_MESSAGE } from '@sluice/contract/tunnel';
import type { RawData, WebSocket } from 'ws';

/** Load balancers drop connections that are silent for a minute. */
const PING_MS = 25_000;
/** How long the other side may take to answer a close, milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;
const NORMAL = 1000;
const PROTOCOL_ERROR = 1002;

/**
 * A tunnel's stream in an open WebSocket, as the contract has it. The client has its own of the same kind.
 *
 * Back-pressure: nothing is read off the connection while the reader's buffer is full (one buffer, and what one read of
 * the connection brought, at most {@link MAX_TUNNEL_MESSAGE_BYTES} each), and a write is done when the system took it.
 * Destroyed before both sides ended, the connection is cut; a connection that breaks off destroys it with an error.
 */
export class WebSocketStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #pings: NodeJS.Timeout;
  /** The other side has said that it ended. */
  #heardEnd = false;
  /** We have. */
  #saidEnd = false;

  constructor(socket: WebSocket, pingMs: number = PING_MS) {
    super({ highWaterMark: MAX_TUNNEL_MESSAGE_BYTES });
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', (code) => {
      if (!this.#heardEnd || !this.#saidEnd)
        this.destroy(new Error(`the WebSocket was closed (${code}) before the stream ended`));
    });
    // Only for those in between. An answer is not waited for: who reads nothing for a while reads no ping either. And
    // nothing is added to what the other side has not taken yet.
    this.#pings = setInterval(() => {
      if (socket.readyState === socket.OPEN && socket.bufferedAmount === 0) socket.ping();
    }, pingMs);
    this.#pings.unref();
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#saidEnd = true;
    this.#socket.send(TUNNEL_END_MESSAGE, (error) => done(error ?? null));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#pings);
    if (error === null && this.#heardEnd && this.#saidEnd) this.#close(NORMAL);
    // One that is closing tells why: it gets the time for it.
    else if (this.#socket.readyState === this.#socket.CLOSING) this.#cutLater();
    else this.#socket.terminate();
    done(error);
  }

  /** One message after the other, each when the system took the one before. */
  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    const message = chunk.subarray(0, MAX_TUNNEL_MESSAGE_BYTES);
    this.#socket.send(message, { binary: true }, (error) => {
      if (error || message.length === chunk.length) done(error ?? null);
      else this.#send(chunk.subarray(message.length), done);
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.destroyed) return;
    if (this.#heardEnd || !Buffer.isBuffer(data)) this.#violated('a message after the end of the stream');
    else if (isBinary) {
      if (!this.push(data)) this.#socket.pause();
    } else if (data.toString('latin1') === TUNNEL_END_MESSAGE) {
      this.#heardEnd = true;
      this.push(null);
    } else this.#violated('a text message that is not the end of the stream');
  }

  #violated(what: string): void {
    this.#close(PROTOCOL_ERROR);
    this.destroy(new Error(`the WebSocket brought ${what}`));
  }

  #close(code: number): void {
    this.#socket.close(code);
    // The other side's answer has to be read.
    if (this.#socket.isPaused) this.#socket.resume();
    this.#cutLater();
  }

  #cutLater(): void {
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    // A process that has nothing else to do need not wait for the other side's answer.
    cut.unref();
    this.#socket.once('close', () => clearTimeout(cut));
  }
}
