import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { ExportedEntry } from './exported-entry.ts';
import type { LineFormat, Sink } from './sink.ts';
import { octetCounted, syslogMessage } from './syslog-message.ts';

/** How long a connection, and a batch, may take, milliseconds. */
export const SYSLOG_TIMEOUT_MS = 10_000;

export type SyslogSinkSettings = {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority; the public ones unless given. */
  readonly ca?: string;
  /** PEM of a certificate of ours and its key. */
  readonly cert?: string;
  readonly key?: string;
};

/**
 * Syslog over TLS (RFC 5425). The protocol has no acknowledgement: a batch counts as delivered once the operating system
 * has taken it all, so what a receiver that dies had not read is lost to it, and is still in the record.
 */
export class SyslogSink implements Sink {
  readonly #settings: SyslogSinkSettings;
  readonly #format: LineFormat;
  #socket: TLSSocket | null = null;

  constructor(settings: SyslogSinkSettings, format: LineFormat) {
    this.#settings = settings;
    this.#format = format;
  }

  async send(batch: readonly ExportedEntry[], signal: AbortSignal): Promise<void> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(SYSLOG_TIMEOUT_MS)]);
    const socket = await this.#connected(bounded);
    const bytes = Buffer.concat(batch.map((entry) => octetCounted(syslogMessage(entry, this.#format(entry)))));
    const failed = new Promise<never>((_resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the receiver closed the connection')));
      bounded.addEventListener('abort', () => reject(new Error('the receiver did not take the messages in time')), {
        once: true,
      });
    });
    const written = new Promise<void>((resolve) => {
      socket.write(bytes, () => resolve());
    });
    try {
      await Promise.race([written, failed]);
    } catch (error) {
      this.#drop();
      throw error;
    } finally {
      failed.catch(() => undefined);
      socket.removeAllListeners('close').removeAllListeners('error');
      // An error between two batches ends the connection; the next batch opens another.
      socket.on('error', () => this.#drop()).on('close', () => this.#drop());
    }
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null || socket.destroyed) return;
    socket.removeAllListeners('close');
    const closed = once(socket, 'close');
    socket.end();
    const timer = setTimeout(() => socket.destroy(), SYSLOG_TIMEOUT_MS);
    await closed;
    clearTimeout(timer);
  }

  async #connected(signal: AbortSignal): Promise<TLSSocket> {
    if (this.#socket !== null && !this.#socket.destroyed) return this.#socket;
    const { host, port, ca, cert, key } = this.#settings;
    const socket = connect({
      ...{ host, port, servername: host, minVersion: 'TLSv1.2' },
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    });
    try {
      await once(socket, 'secureConnect', { signal });
    } catch (error) {
      socket.on('error', () => undefined);
      socket.destroy();
      throw error;
    }
    // Nothing is ever said to us; reading notices that the other side leaves.
    socket.resume();
    this.#socket = socket;
    return socket;
  }

  #drop(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }
}
