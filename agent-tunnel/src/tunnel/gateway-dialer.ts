import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureContext, TLSSocket } from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';
import { TUNNEL_ALPN } from '@sluice/contract/tunnel';
import { type ClientCertificate, unreachable } from '../client/https.ts';
import { openThroughProxy, type ProxySettings, proxyFor } from '../client/proxy.ts';
import { openWebSocket } from './open-websocket.ts';
import { UnansweredWatch } from './unanswered.ts';

/**
 * How streams travel: each a TLS connection of its own, or in a WebSocket over HTTPS. `auto`: by TLS where the answer to
 * ALPN is `sluice/1`, else by WebSocket over the connection that was just made.
 */
export type Transport = 'auto' | 'tls' | 'websocket';

export type GatewayAddress = {
  /** Origin of the gateway, `https://host:port`. */
  readonly gateway: URL;
  /** PEM of authorities to trust instead of the system's; null for the system's. */
  readonly ca: string | null;
  readonly proxy?: ProxySettings | null;
  /** What a gateway that asks for a client certificate is shown. */
  readonly certificate?: ClientCertificate | null;
  /** `auto` unless given. */
  readonly transport?: Transport;
};

/** Silence after which the system asks whether the gateway is still there, ten times, once a second. */
const KEEP_ALIVE_MS = 15_000;
/** How long a connection is kept ready: less than the gateway waits for an open frame. */
export const SPARE_MS = 8_000;

const ALPN: Readonly<Record<Transport, string[]>> = {
  auto: [TUNNEL_ALPN, 'http/1.1'],
  tls: [TUNNEL_ALPN],
  websocket: ['http/1.1'],
};

/** A connection that has shaken hands, and whether it was kept ready: such a one may have been closed meanwhile. */
export type Dialed = { readonly socket: Duplex; readonly wasSpare: boolean };

/**
 * Connections to one gateway, TLS 1.3 with ALPN `sluice/1`, or WebSockets. Sessions are resumed, and after each connection one more is
 * kept ready for a while, so that a program that opens several waits for the handshake once. One for all tunnels.
 */
export class GatewayDialer {
  readonly #address: GatewayAddress;
  readonly #spareMs: number;
  /** Newest session ticket. */
  #ticket: Buffer | null = null;
  #spare: TLSSocket | null = null;
  /** The last connection became a WebSocket: those are made when they are needed. */
  #isWebSocket = false;
  #closed = false;
  readonly #unanswered = new UnansweredWatch();
  /** One for all connections: making it costs as much as the rest of a resumed handshake. */
  #context: SecureContext | null = null;

  constructor(address: GatewayAddress, spareMs: number = SPARE_MS) {
    this.#address = address;
    this.#spareMs = spareMs;
  }

  /** Throws `GATEWAY_UNREACHABLE`, `PROTOCOL_VIOLATION` when the port speaks something else, or the signal's reason. */
  async dial(signal: AbortSignal, fresh = false): Promise<Dialed> {
    const spare = this.#spare;
    this.#spare = null;
    if (!fresh && spare !== null && !spare.destroyed && spare.readyState === 'open') {
      spare.off('readable', this.#onEarlyWord).setTimeout(0);
      spare.ref();
      return { socket: spare, wasSpare: true };
    }
    spare?.destroy();
    return { socket: await this.#connect(signal), wasSpare: false };
  }

  /** Called when a stream is open: the next one is probably near. */
  async keepSpare(): Promise<void> {
    if (this.#closed || this.#spareMs === 0 || this.#spare !== null || this.#isWebSocket) return;
    await this.#connect(AbortSignal.timeout(this.#spareMs)).then(
      (socket) => {
        if (this.#closed || this.#spare !== null || !(socket instanceof TLSSocket)) return void socket.destroy();
        this.#spare = socket;
        // Nobody waits for it: it keeps no process alive.
        socket.unref();
        socket.setTimeout(this.#spareMs, () => socket.destroy());
        socket.on('readable', this.#onEarlyWord);
        socket.once('close', () => {
          if (this.#spare === socket) this.#spare = null;
        });
      },
      // Whoever needs a connection next is told what is wrong.
      () => undefined,
    );
  }

  /** The gateway speaks first only to say that it is over, or ends: nobody is to be handed that. */
  readonly #onEarlyWord = () => {
    this.#spare?.destroy();
    this.#spare = null;
  };

  close(): void {
    this.#closed = true;
    this.#spare?.destroy();
  }

  async #connect(signal: AbortSignal): Promise<Duplex> {
    const { gateway, transport = 'auto' } = this.#address;
    const socket = await this.#shakeHands(signal, transport);
    this.#isWebSocket = !(socket.alpnProtocol === TUNNEL_ALPN && socket.getProtocol() === 'TLSv1.3');
    if (!this.#isWebSocket) return socket;
    if (transport !== 'tls') return await openWebSocket(gateway, socket, signal);
    socket.destroy();
    throw new SluiceError(
      'PROTOCOL_VIOLATION',
      `${gateway.host} does not speak ${TUNNEL_ALPN}; it is not the tunnel port of a gateway`,
    );
  }

  async #shakeHands(signal: AbortSignal, way: Transport): Promise<TLSSocket> {
    const { gateway, proxy } = this.#address;
    const host = gateway.hostname.replace(/^\[|\]$/g, '');
    const port = Number(gateway.port || 443);
    const through = proxyFor(gateway, proxy);
    const transport = through === null ? null : await openThroughProxy(through, { host, port }, signal);
    const socket = tls.connect({
      ...(transport === null ? { host, port } : { socket: transport }),
      secureContext: this.#contextFor(way),
      ALPNProtocols: ALPN[way],
      // SNI takes names only, no addresses; the certificate is checked against the host either way.
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ...(this.#ticket !== null && { session: this.#ticket }),
    });
    socket.on('session', (ticket) => {
      this.#ticket = ticket;
    });
    // A program that has sent all it has still reads its answer.
    socket.allowHalfOpen = true;
    const carrier: Socket = transport ?? socket;
    carrier.setNoDelay(true);
    // After a network change or a sleep the other side may be gone without a word: found within half a minute, by the
    // system while nothing is under way, else by the watch.
    carrier.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#unanswered.add(carrier);
    await secured(socket, this.#address, signal);
    return socket;
  }

  #contextFor(way: Transport): SecureContext {
    const { ca, certificate } = this.#address;
    this.#context ??= tls.createSecureContext({
      // Whoever ends TLS in between of a gateway may be older; the API goes through it as well.
      minVersion: way === 'tls' ? 'TLSv1.3' : 'TLSv1.2',
      ...(ca !== null && { ca }),
      ...certificate,
    });
    return this.#context;
  }
}

async function secured(socket: TLSSocket, { gateway }: GatewayAddress, signal: AbortSignal): Promise<void> {
  const stop = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      // Stays: whoever reads adds its own, and a socket without a listener would end the process on an error.
      socket.on('error', (error) =>
        reject(error instanceof SluiceError || signal.aborted ? error : unreachable(gateway, error)),
      );
      socket.once('close', () => reject(unreachable(gateway, new Error('it closed the connection'))));
      socket.once('secureConnect', resolve);
      if (signal.aborted) stop();
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
