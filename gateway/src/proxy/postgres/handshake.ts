import type { Duplex } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import { type Frame, FrameReader, MAX_LOGIN_FRAME_BYTES } from '../../protocol/postgres/framing.ts';
import { type StartupPacket, StartupReader } from '../../protocol/postgres/startup.ts';

/** How a client gets onto an encrypted transport; null: this listener (or stream) has none to offer. */
export type StartTls = ((stream: Duplex) => Promise<Duplex>) | null;

export type StartupMessage = Extract<StartupPacket, { kind: 'StartupMessage' }>;
export type CancelRequest = Extract<StartupPacket, { kind: 'CancelRequest' }>;

/** A client that has said what it wants, on the transport that it chose. */
export type Opened = {
  readonly stream: Duplex;
  readonly encrypted: boolean;
  readonly packet: StartupMessage | CancelRequest;
  readonly input: ClientInput;
};

const NO = Buffer.from('N');
const YES = Buffer.from('S');

/**
 * The start-up phase (manual 55.2.1): SSLRequest and GSSENCRequest in any order, each at most once, then a
 * StartupMessage or CancelRequest. GSS encryption is answered with `N`, never with an error.
 * Errors: `PROTOCOL_VIOLATION`, `PROTOCOL_UNSUPPORTED`, `LIMIT_REACHED`, `SESSION_ENDED` when the client leaves.
 */
export async function openHandshake(
  raw: Duplex,
  alreadyEncrypted: boolean,
  startTls: StartTls,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Opened> {
  let stream = raw;
  let encrypted = alreadyEncrypted;
  let input = new ClientInput(stream, maxBytes, signal);
  const seen = new Set<string>();
  for (;;) {
    const packet = await input.startupPacket();
    if (packet.kind === 'StartupMessage' || packet.kind === 'CancelRequest')
      return { stream, encrypted, packet, input };
    if (seen.has(packet.kind)) throw new SluiceError('PROTOCOL_VIOLATION', `the client sent ${packet.kind} twice`);
    seen.add(packet.kind);
    if (packet.kind === 'GSSENCRequest' || encrypted || startTls === null) {
      stream.write(NO);
      continue;
    }
    // Bytes sent in clear behind the SSLRequest would be read as if they had been protected (CVE-2021-23214).
    if (input.bufferedBytes > 0)
      throw new SluiceError(
        'PROTOCOL_VIOLATION',
        'the client sent bytes in clear between its SSLRequest and the TLS handshake',
      );
    input.detach();
    stream.write(YES);
    stream = await startTls(stream);
    encrypted = true;
    input = new ClientInput(stream, maxBytes, signal);
  }
}

/** Pulls packets and frames from a client that has not logged in yet; bounded in bytes by `maxBytes` and in time by the signal. */
export class ClientInput {
  readonly #stream: Duplex;
  readonly #signal: AbortSignal;
  readonly #startup = new StartupReader();
  readonly #frames = new FrameReader({ maxFrameBytes: MAX_LOGIN_FRAME_BYTES });
  #allowance: number;
  #inFrames = false;

  constructor(stream: Duplex, maxBytes: number, signal: AbortSignal) {
    this.#stream = stream;
    this.#allowance = maxBytes;
    this.#signal = signal;
    stream.pause();
  }

  get bufferedBytes(): number {
    return this.#startup.bufferedBytes + this.#stream.readableLength;
  }

  async startupPacket(): Promise<StartupPacket> {
    for (let packet = this.#startup.next(); ; packet = this.#startup.next()) {
      if (packet !== undefined) return packet;
      this.#startup.push(await this.#chunk());
    }
  }

  async frame(): Promise<Frame> {
    if (!this.#inFrames) {
      this.#inFrames = true;
      this.#frames.push(this.#startup.takeRest());
    }
    for (let frame = this.#frames.next(); ; frame = this.#frames.next()) {
      if (frame !== undefined) return { type: frame.type, body: Buffer.from(frame.body) };
      this.#frames.push(await this.#chunk());
    }
  }

  /** What was read and not used: the session's first bytes. */
  takeRest(): Buffer {
    return Buffer.concat([this.#startup.takeRest(), this.#frames.takeRest()]);
  }

  /** Leaves the stream alone, for somebody else to read. */
  detach(): void {
    this.#stream.pause();
  }

  async #chunk(): Promise<Buffer> {
    const stream = this.#stream;
    const chunk = await new Promise<Buffer>((resolve, reject) => {
      const done = (): void => {
        stream.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
        this.#signal.removeEventListener('abort', onAbort);
        stream.pause();
      };
      const onData = (bytes: Buffer): void => {
        done();
        resolve(bytes);
      };
      const onEnd = (): void => {
        done();
        reject(new SluiceError('SESSION_ENDED', 'the client left before it had logged in'));
      };
      const onError = (error: Error): void => {
        done();
        reject(new SluiceError('SESSION_ENDED', `the connection failed before the login: ${error.message}`));
      };
      const onAbort = (): void => {
        done();
        reject(new SluiceError('AUTH_FAILED', 'the login took too long'));
      };
      if (this.#signal.aborted) return onAbort();
      if (stream.destroyed) return onEnd();
      stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
      this.#signal.addEventListener('abort', onAbort, { once: true });
      stream.resume();
      return undefined;
    });
    this.#allowance -= chunk.length;
    if (this.#allowance < 0)
      throw new SluiceError(
        'LIMIT_REACHED',
        'the client sent too much before it had logged in (limits.maxPreLoginBytes)',
      );
    return chunk;
  }
}
