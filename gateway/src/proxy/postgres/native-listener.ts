import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';
import type { PostgresProxy } from './postgres-proxy.ts';

/** First byte of a TLS ClientHello record: a client that starts with TLS at once (manual 55.2.11). */
const TLS_HANDSHAKE = 0x16;
/** How long a client may be silent before the kernel asks whether it still exists, milliseconds; PostgreSQL asks after two hours. */
const KEEP_ALIVE_MS = 60_000;
const ALPN = 'postgresql';
/** RFC 7301: a list of length-prefixed names. */
const ALPN_LIST = Buffer.concat([Buffer.from([ALPN.length]), Buffer.from(ALPN, 'latin1')]);

/** The native endpoint: PostgreSQL clients without a tunnel. TLS by SSLRequest or direct, when there is a certificate. */
export class NativeListener {
  readonly #server: Server;
  readonly #proxy: PostgresProxy;
  readonly #tls: SecureContext | null;
  readonly #open = new Set<Socket>();

  constructor(options: { proxy: PostgresProxy; tls: SecureContext | null; maxConnections: number }) {
    this.#proxy = options.proxy;
    this.#tls = options.tls;
    this.#server = createServer(
      { noDelay: true, pauseOnConnect: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
      (socket) => void this.#accept(socket),
    );
    this.#server.maxConnections = options.maxConnections;
  }

  /** Errors: `CONFIG_PORT_TAKEN`. */
  async listen(endpoint: { host: string; port: number }): Promise<number> {
    this.#server.listen(endpoint.port, endpoint.host);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw new SluiceError(
        'CONFIG_PORT_TAKEN',
        `cannot listen for PostgreSQL clients on ${endpoint.host}:${endpoint.port}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : endpoint.port;
  }

  /** No new connections; the running ones are the sessions' to end. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  /** Stops accepting; connections that run go on. */
  stopAccepting(): void {
    this.#server.close();
  }

  async #accept(socket: Socket): Promise<void> {
    this.#open.add(socket);
    // Whoever owns the socket later hears of its errors too; none may find it without a listener and end the process.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
    const peer = { from: `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`, via: 'native' as const };
    const first = await firstByte(socket, this.#proxy.loginTimeoutMs);
    if (first === null) return;
    if (first !== TLS_HANDSHAKE || this.#tls === null) {
      await this.#proxy.accept({
        stream: socket,
        peer,
        encrypted: false,
        startTls: this.#tls === null ? null : (stream) => this.#startTls(stream, false),
        tunnel: null,
      });
      return;
    }
    try {
      await this.#proxy.accept({
        stream: await this.#startTls(socket, true),
        peer,
        encrypted: true,
        startTls: null,
        tunnel: null,
      });
    } catch {
      // The handshake failed: there is no protocol yet in which to say why, and nobody who has named a resource.
      socket.destroy();
    }
  }

  async #startTls(stream: Duplex, direct: boolean): Promise<Duplex> {
    if (this.#tls === null) throw new SluiceError('PROTOCOL_UNSUPPORTED', 'this endpoint has no certificate');
    const secure = new TLSSocket(stream, {
      isServer: true,
      secureContext: this.#tls,
      ALPNProtocols: ALPN_LIST,
      requestCert: false,
    });
    secure.on('error', () => secure.destroy());
    try {
      await once(secure, 'secure', { signal: AbortSignal.timeout(this.#proxy.loginTimeoutMs) });
    } catch (cause) {
      secure.destroy();
      throw new SluiceError(
        'PROTOCOL_VIOLATION',
        `the TLS handshake failed: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
    // Direct TLS without ALPN could be another protocol's client that was steered here (ALPACA); the manual demands it.
    if (direct && secure.alpnProtocol !== ALPN)
      throw new SluiceError('PROTOCOL_VIOLATION', 'direct TLS needs ALPN "postgresql"');
    return secure;
  }
}

/** Looks at the first byte without consuming it; null when the client left. */
async function firstByte(socket: Socket, timeoutMs: number): Promise<number | null> {
  return await new Promise((resolve) => {
    const onReadable = (): void => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk) || chunk.length === 0) return;
      done(chunk.readUInt8(0));
      socket.unshift(chunk);
    };
    const onGone = (): void => done(null);
    const timer = setTimeout(() => {
      socket.destroy();
    }, timeoutMs);
    const done = (value: number | null): void => {
      clearTimeout(timer);
      socket.off('readable', onReadable).off('end', onGone).off('close', onGone).off('error', onGone);
      resolve(value);
    };
    socket.on('readable', onReadable).on('end', onGone).on('close', onGone).on('error', onGone);
  });
}
