/**
 * The TLS port of the gateway. ALPN decides: `sluice/1` is a tunnel stream, `http/1.1` (or nothing) the API, where a
 * WebSocket may be a tunnel stream, too.
 */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tls, { type TLSSocket } from 'node:tls';
import { ERRORS, SluiceError } from '@sluice/contract/errors';
import { TUNNEL_ALPN } from '@sluice/contract/tunnel';
import { clientCertificateOf } from './client-certificate.ts';
import type { AcceptConnection, AuthorizeOpen, OpenVerdict, StreamCarrier, TunnelEvent } from './connection.ts';
import { encodeOpenReply } from './frame.ts';
import { DEFAULT_PENALTIES, Penalties, type PenaltyLimits } from './penalties.ts';
import { readOpenFrame } from './read-open-frame.ts';
import { WebSocketDoor } from './websocket-door.ts';

/** Silence after which the system asks whether the client is still there, ten times, once a second. */
const KEEP_ALIVE_MS = 15_000;

export type TunnelLimits = {
  /** Sockets of this port at once, API included; more are dropped before TLS. */
  readonly maxConnections: number;
  /** From TCP accept to the end of the TLS handshake, and again from there to the verdict on the open frame. */
  readonly openTimeoutMs: number;
  readonly penalties: PenaltyLimits;
};

export const DEFAULT_TUNNEL_LIMITS: TunnelLimits = {
  maxConnections: 10_000,
  openTimeoutMs: 10_000,
  penalties: DEFAULT_PENALTIES,
};

export type TunnelServerOptions = {
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Clients are asked for a certificate. One that has none gets in, too: what counts is which token it has. */
  readonly asksForCertificate?: boolean;
  /** Serves the API. It does not listen itself; its own time-outs and bounds apply. */
  readonly http: HttpServer;
  readonly authorize: AuthorizeOpen;
  readonly accept: AcceptConnection;
  readonly observe: (event: TunnelEvent) => void;
  readonly limits: TunnelLimits;
  readonly now: () => number;
};

/** Terminates TLS 1.3 for tunnels and API. Parses nothing of a stream beyond its open frame. */
export class TunnelServer {
  readonly #options: TunnelServerOptions;
  readonly #server: tls.Server;
  readonly #penalties: Penalties;
  readonly #sockets = new Set<TLSSocket>();
  /** TCP connections in their TLS handshake, by peer address. */
  readonly #handshaking = new Map<string, Socket>();
  readonly #closing = new AbortController();

  constructor(options: TunnelServerOptions) {
    this.#options = options;
    this.#penalties = new Penalties(options.limits.penalties, options.now);
    this.#server = tls.createServer({
      key: options.tls.key,
      cert: options.tls.cert,
      minVersion: 'TLSv1.3',
      ALPNProtocols: [TUNNEL_ALPN, 'http/1.1'],
      // Whoever signed it: the issuer knew it when it bound the token to it (RFC 8705 §6.3).
      ...(options.asksForCertificate === true && { requestCert: true, rejectUnauthorized: false }),
      handshakeTimeout: options.limits.openTimeoutMs,
      noDelay: true,
      // A laptop that sleeps or changes its network says nothing: its session, and locks that it holds, must not stay.
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    this.#server.maxConnections = options.limits.maxConnections;
    this.#server.on('connection', (socket) => {
      const from = addressOf(socket);
      this.#handshaking.set(from, socket);
      socket.once('close', () => this.#handshaking.delete(from));
    });
    this.#server.on('secureConnection', (socket) => this.#dispatch(socket));
    const door = new WebSocketDoor(
      (stream, { socket }) => this.#openWebSocket(stream, socket),
      ({ socket }, message) => {
        const from = addressOf(socket);
        options.observe({ kind: 'refused', from, resource: null, code: 'PROTOCOL_VIOLATION', message });
      },
    );
    options.http.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head));
    this.#server.on('tlsClientError', (error, socket) => {
      options.observe({ kind: 'handshake-failed', from: addressOf(socket), message: error.message });
      socket.destroy();
    });
  }

  /** Starts listening. Throws `CONFIG_PORT_TAKEN` when another program has the port. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) => {
        const taken = () =>
          new SluiceError('CONFIG_PORT_TAKEN', `the tunnel port ${host}:${port} is in use by another program`, {
            cause: error,
          });
        reject(error.code === 'EADDRINUSE' ? taken() : error);
      };
      this.#server.once('error', failed);
      this.#server.listen({ host, port, backlog: 1_024 }, () => {
        this.#server.off('error', failed);
        // Out of descriptors, for example: the connection is lost, the port stays.
        this.#server.on('error', (error) => this.#options.observe({ kind: 'port-failed', message: error.message }));
        resolve();
      });
    });
    // A server that never listens itself only checks its header and request time-outs once it is told so.
    this.#options.http.emit('listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string')
      throw new SluiceError('INTERNAL', 'the tunnel port has no address');
    return address;
  }

  /** Sockets that are open now, API included. */
  get connections(): number {
    return this.#sockets.size;
  }

  /**
   * Stops accepting, ends undecided streams at once, gives the others `graceMs` to end (their proxies tell their
   * clients), then cuts what is left. Idempotent.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort(new SluiceError('SESSION_ENDED', 'the gateway is stopping'));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#handshaking.values()) socket.destroy();
    this.#options.http.closeIdleConnections();
    this.#options.http.close();
    const grace = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(grace);
    // The listener counts a socket out a moment before the socket's own `close`.
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }

  #dispatch(socket: TLSSocket): void {
    this.#handshaking.delete(addressOf(socket));
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // A reset by the peer arrives here and as `close`, which is where everybody cleans up; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    if (this.#closing.signal.aborted) {
      socket.destroy();
      return;
    }
    if (socket.alpnProtocol !== TUNNEL_ALPN) {
      this.#options.http.emit('connection', socket);
      return;
    }
    // A client that has sent all it has still reads its answer. Not for the whole port: a connection that ends during
    // its handshake would be kept until the time-out.
    socket.allowHalfOpen = true;
    void this.#open(socket, carrierOf(socket), socket.remoteAddress ?? '');
  }

  #openWebSocket(stream: Duplex, socket: Socket): void {
    // Whoever uses the stream sees its `close`; without a listener an error would end the process.
    stream.on('error', () => stream.destroy());
    if (this.#closing.signal.aborted) stream.destroy();
    else void this.#open(stream, carrierOf(socket), socket.remoteAddress ?? '');
  }

  async #open(socket: Duplex, carrier: StreamCarrier, source: string): Promise<void> {
    const { from } = carrier;
    const { authorize, accept, observe, limits } = this.#options;
    if (!this.#penalties.enter(source)) {
      // Destroyed without a reply: a reply would cost what the bound is there to save.
      observe({
        kind: 'refused',
        from,
        resource: null,
        code: 'LIMIT_REACHED',
        message: 'too many undecided streams of this source',
      });
      socket.destroy();
      return;
    }
    let resource: string | null = null;
    try {
      const deadline = AbortSignal.any([AbortSignal.timeout(limits.openTimeoutMs), this.#closing.signal]);
      const frame = await readOpenFrame(socket, deadline);
      resource = frame.resource;
      const verdict = await orAborted(authorize(frame, carrier), deadline);
      if (!verdict.ok) {
        await this.#refuse(socket, from, source, resource, verdict);
        return;
      }
      if (socket.destroyed) return;
      socket.write(encodeOpenReply({ ok: true }));
      observe({ kind: 'opened', from, resource, sessionId: verdict.sessionId });
      const peer = { from, via: 'tunnel', sessionId: verdict.sessionId, principal: verdict.principal } as const;
      this.#hand(accept, frame.resource, { duplex: socket, peer });
    } catch (error) {
      await this.#refuse(socket, from, source, resource, refusalOf(error));
    } finally {
      this.#penalties.leave(source);
    }
  }

  #hand(accept: AcceptConnection, resource: string, connection: Parameters<AcceptConnection>[1]): void {
    // A proxy that throws ends its own stream and nobody else's.
    const failed = (error: unknown) => {
      this.#options.observe({ kind: 'accept-failed', from: connection.peer.from, resource, error });
      connection.duplex.destroy();
    };
    try {
      Promise.resolve(accept(resource, connection)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  async #refuse(
    socket: Duplex,
    from: string,
    source: string,
    resource: string | null,
    refusal: Extract<OpenVerdict, { ok: false }>,
  ): Promise<void> {
    const { code, message, remedy } = refusal;
    this.#options.observe({ kind: 'refused', from, resource, code, message });
    await this.#wait(this.#penalties.refused(source));
    if (socket.destroyed) return;
    if (socket.readableEnded) socket.once('finish', () => socket.destroy());
    socket.end(encodeOpenReply({ ok: false, code, message, remedy }));
    if (socket.readableEnded) return;
    // Whatever the peer still sends is dropped, and a peer that never ends its side is cut.
    socket.resume();
    const cut = setTimeout(() => socket.destroy(), this.#options.limits.openTimeoutMs);
    socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(cut));
  }

  async #wait(delayMs: number): Promise<void> {
    try {
      await sleep(delayMs, undefined, { signal: this.#closing.signal });
    } catch (error) {
      // Only the closing of the server ends the wait early: then the reply goes out at once.
      if (!this.#closing.signal.aborted) throw error;
    }
  }
}

/** The work's result, unless the signal comes first: a verdict that comes too late opens nothing. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** Fails closed: what is not our own error is told without its words. */
function refusalOf(error: unknown): Extract<OpenVerdict, { ok: false }> {
  if (error instanceof SluiceError)
    return { ok: false, code: error.code, message: error.message, remedy: error.remedy };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return {
      ok: false,
      code: 'PROTOCOL_VIOLATION',
      message: 'the stream was not opened in time',
      remedy: ERRORS.PROTOCOL_VIOLATION.remedy,
    };
  }
  return { ok: false, code: 'INTERNAL', message: 'the stream could not be opened', remedy: ERRORS.INTERNAL.remedy };
}

function carrierOf(socket: Socket): StreamCarrier {
  return { from: addressOf(socket), certificate: clientCertificateOf(socket) };
}

function addressOf(socket: Socket): string {
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]:${socket.remotePort ?? 0}` : `${address}:${socket.remotePort ?? 0}`;
}
