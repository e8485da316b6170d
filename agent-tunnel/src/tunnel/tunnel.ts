import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import type { TokenSource } from '../identity/access-token.ts';
import { canBeginPostgres } from './first-byte.ts';
import { type GatewayAddress, GatewayDialer } from './gateway-dialer.ts';
import { openGatewayStream } from './gateway-stream.ts';
import { type Endpoint, type Listener, listenTcp, listenUnix } from './listener.ts';
import { openFrame } from './open-frame.ts';
import { type PipeTotals, pipeBoth } from './pipe.ts';
import { postgresError } from './postgres-error.ts';
import {
  assertPrivateDirectory,
  makeSocketDirectory,
  postgresSocketPath,
  removeSocketDirectory,
} from './socket-directory.ts';

export type TunnelPlace =
  /** A Unix socket in a fresh 0700 directory below `parent`, named as libpq names it for `port`. */
  | { readonly kind: 'unix'; readonly parent: string; readonly uid: number; readonly port: number }
  /** A Unix socket in `directory`, which is 0700, ours and only ours to put sockets in; what an earlier one left is replaced. */
  | { readonly kind: 'unix-at'; readonly directory: string; readonly uid: number; readonly port: number }
  /** 127.0.0.1 and ::1; 0 for any port that is free on both. */
  | { readonly kind: 'tcp'; readonly port: number };

export type TunnelOptions = GatewayAddress & {
  readonly resource: string;
  /** The session that streams are opened for, or where it stands now: it may be renewed. */
  readonly sessionId: string | (() => string);
  /** Asked once when the gateway refuses a stream; true when it is worth another attempt, as with a new session. */
  readonly recover?: (error: SluiceError) => Promise<boolean>;
  /** Asked once a connection, so that a renewed token is used. */
  readonly token: TokenSource;
  readonly place: TunnelPlace;
  /** Shared by the tunnels to one gateway; one of its own unless given. */
  readonly dialer?: GatewayDialer;
};

/** Programs connected through one tunnel at once; more are refused in their own protocol. */
export const MAX_LOCAL_CONNECTIONS = 256;
/** A program that connects and stays silent so long is dropped. */
export const FIRST_BYTE_TIMEOUT_MS = 10_000;

export type TunnelState = 'closed' | 'open' | 'closing';

export type TunnelEvents = {
  state: [state: TunnelState];
  connected: [connection: { readonly id: number }];
  /** The gateway did not open a stream for a program's connection. */
  refused: [connection: { readonly id: number; readonly error: SluiceError }];
  /** A program's bytes were not its protocol's; nothing was sent to the gateway. */
  dropped: [connection: { readonly id: number; readonly reason: string }];
  disconnected: [connection: { readonly id: number } & PipeTotals];
};

/** A local endpoint whose every connection becomes one stream to a resource. It parses nothing: the login is the gateway's. */
export class Tunnel extends EventEmitter<TunnelEvents> {
  readonly #options: TunnelOptions;
  readonly #dialer: GatewayDialer;
  readonly #sockets = new Set<Socket>();
  readonly #stop = new AbortController();
  #listener: Listener | null = null;
  #directory: string | null = null;
  #state: TunnelState = 'closed';
  #accepted = 0;

  constructor(options: TunnelOptions) {
    super();
    this.#options = options;
    this.#dialer = options.dialer ?? new GatewayDialer(options);
  }

  get state(): TunnelState {
    return this.#state;
  }

  /** Programs that are connected now. */
  get connections(): number {
    return this.#sockets.size;
  }

  get resource(): string {
    return this.#options.resource;
  }

  /** The private directory of a Unix socket; null for TCP, and while closed. */
  get directory(): string | null {
    return this.#directory;
  }

  /** Starts listening. Throws `CONFIG_PORT_TAKEN` or `CONFIG_INVALID` (the socket's parent directory is not ours). Opens once. */
  async open(): Promise<Endpoint> {
    if (this.#listener !== null || this.#stop.signal.aborted) throw new SluiceError('INTERNAL', 'a tunnel opens once');
    const { place } = this.#options;
    const accept = (socket: Socket) => void this.#accept(socket);
    if (place.kind === 'tcp') {
      this.#listener = await listenTcp(place.port, accept);
    } else if (place.kind === 'unix-at') {
      await assertPrivateDirectory(place.directory, place.uid);
      const socketPath = postgresSocketPath(place.directory, place.port);
      await rm(socketPath, { force: true });
      this.#listener = await listenUnix(socketPath, accept);
    } else {
      this.#directory = await makeSocketDirectory(place.parent, place.uid);
      try {
        this.#listener = await listenUnix(postgresSocketPath(this.#directory, place.port), accept);
      } catch (error) {
        await removeSocketDirectory(this.#directory);
        throw error;
      }
    }
    this.#become('open');
    return this.#listener.endpoint;
  }

  /** Ends every connection and removes the socket. Idempotent. */
  async close(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#become('closing');
    this.#stop.abort(new SluiceError('SESSION_ENDED', 'the tunnel was closed'));
    for (const socket of this.#sockets) socket.destroy();
    if (this.#options.dialer === undefined) this.#dialer.close();
    await this.#listener?.close();
    if (this.#directory !== null) await removeSocketDirectory(this.#directory);
    this.#directory = null;
    this.#become('closed');
  }

  async #accept(local: Socket): Promise<void> {
    this.#accepted += 1;
    const id = this.#accepted;
    // The program may vanish at any time; `close` cleans up.
    local.on('error', () => local.destroy());
    if (this.#sockets.size >= MAX_LOCAL_CONNECTIONS) {
      this.#refuse(
        local,
        id,
        new SluiceError('LIMIT_REACHED', `${MAX_LOCAL_CONNECTIONS} programs are connected through this tunnel already`),
      );
      return;
    }
    this.#sockets.add(local);
    local.once('close', () => this.#sockets.delete(local));

    const said = await firstBytes(local);
    const [firstByte] = said ?? [];
    if (said === null || firstByte === undefined || !canBeginPostgres(firstByte)) {
      const reason = said === null ? 'the program sent nothing' : 'the program does not speak the PostgreSQL protocol';
      this.emit('dropped', { id, reason });
      local.destroy();
      return;
    }
    await this.#connect(local, id, said);
  }

  async #connect(local: Socket, id: number, said: Buffer): Promise<void> {
    try {
      const remote = await this.#openStream(said);
      void this.#dialer.keepSpare();
      this.emit('connected', { id });
      const { bytesUp, ...rest } = await pipeBoth(local, remote);
      this.emit('disconnected', { id, bytesUp: said.length + bytesUp, ...rest });
    } catch (error) {
      this.#refuse(
        local,
        id,
        error instanceof SluiceError
          ? error
          : new SluiceError('INTERNAL', 'the stream could not be opened', { cause: error }),
      );
    }
  }

  async #openStream(said: Buffer): Promise<Duplex> {
    const { resource, sessionId, token, recover } = this.#options;
    const open = async () => {
      const makeFrame = async () => {
        const id = typeof sessionId === 'string' ? sessionId : sessionId();
        return await openFrame({ resource, sessionId: id }, await token(), this.#options.gateway);
      };
      return await openGatewayStream(this.#dialer, this.#options, makeFrame, this.#stop.signal, said);
    };
    try {
      return await open();
    } catch (error) {
      const isWorthAnother = error instanceof SluiceError && recover !== undefined && (await recover(error));
      if (!isWorthAnother) throw error;
      return await open();
    }
  }

  #refuse(local: Socket, id: number, error: SluiceError): void {
    this.emit('refused', { id, error });
    local.end(postgresError(error));
    // Reads on for a while: closing over unread bytes would reset the connection, and the program would lose the words.
    const cut = setTimeout(() => local.destroy(), FIRST_BYTE_TIMEOUT_MS);
    local
      .resume()
      .once('end', () => local.destroySoon())
      .once('close', () => clearTimeout(cut));
  }

  #become(state: TunnelState): void {
    this.#state = state;
    this.emit('state', state);
  }
}

/** What a program sends first; null when it ends, or stays silent too long. */
function firstBytes(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const settle = (bytes: Buffer | null) => {
      clearTimeout(silence);
      socket.off('readable', attempt).off('end', left).off('close', left);
      resolve(bytes);
    };
    const attempt = () => {
      const chunk: unknown = socket.read();
      if (Buffer.isBuffer(chunk) && chunk.length > 0) settle(chunk);
    };
    const left = () => settle(null);
    const silence = setTimeout(left, FIRST_BYTE_TIMEOUT_MS);
    socket.on('readable', attempt).on('end', left).on('close', left);
  });
}
