import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EvidenceLog } from '../../evidence/entry.ts';
import { appendFrontend, type UpstreamMessage } from '../../protocol/postgres/frontend-encode.ts';
import { OutputBuffer } from '../../protocol/postgres/output-buffer.ts';
import { MAX_BACKLOG_BYTES } from './bounds.ts';

/** What may wait for the server: one message of any length that servers read, and the backlog. Bytes. */
const MAX_WAITING_BYTES = 0x4000_0000 + MAX_BACKLOG_BYTES;

/**
 * The session's bytes for the server. They are collected until somebody waits for the answer, and what was admitted
 * goes when its entry is written. The client is not read while more than a backlog waits.
 */
export class ServerWriter {
  readonly #server: Socket;
  readonly #client: Duplex;
  readonly #evidence: EvidenceLog;
  /** Whether what waits holds something admitted whose entry is only staged; asking takes the answer. */
  readonly #takeStaged: () => boolean;
  readonly #out = new OutputBuffer(
    MAX_WAITING_BYTES,
    () => new RangeError('a message is longer than the server reads'),
  );
  #awaitsRecord = false;
  #ended = false;

  constructor(options: { server: Socket; client: Duplex; evidence: EvidenceLog; takeStaged: () => boolean }) {
    this.#server = options.server;
    this.#client = options.client;
    this.#evidence = options.evidence;
    this.#takeStaged = options.takeStaged;
  }

  /** The server has taken what it was sent before, or nearly. */
  get hasRoom(): boolean {
    return this.#server.writableLength < MAX_BACKLOG_BYTES;
  }

  bytes(bytes: Buffer): void {
    if (this.#ended) return;
    this.#out.append(bytes, 0, bytes.length);
    this.#added();
  }

  /** Throws RangeError for what the wire cannot express. */
  message(message: UpstreamMessage): void {
    if (this.#ended) return;
    appendFrontend(this.#out, message);
    this.#added();
  }

  #added(): void {
    if (this.#out.used < MAX_BACKLOG_BYTES) return;
    this.flush();
    if (this.#awaitsRecord) this.#client.pause();
  }

  /**
   * One write for everything since the last: a system call per message would cost more than all else together. What was
   * admitted goes when its entry is written, together with what others have admitted in the same turn.
   */
  flush(): void {
    if (this.#out.used === 0 || this.#ended || this.#awaitsRecord) return;
    if (!this.#takeStaged()) {
      this.#write();
      return;
    }
    this.#awaitsRecord = true;
    this.#evidence.onceWritten(this.#recorded);
  }

  readonly #recorded = (): void => {
    this.#awaitsRecord = false;
    if (this.#ended) return;
    this.#write();
    if (this.hasRoom) this.#client.resume();
  };

  #write(): void {
    const bytes = this.#out.take();
    if (bytes !== null && !this.#server.write(bytes) && !this.hasRoom) this.#client.pause();
  }

  /** Nothing more is written. */
  end(): void {
    this.#ended = true;
  }
}
