import { timingSafeEqual } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import net, { type Server, type Socket } from 'node:net';
import { SluiceError } from '@sluice/contract/errors';
import { type ControlPaths, makeControlDirectory, writeControlKey } from './control-directory.ts';
import {
  CONTROL_TIMEOUT_MS,
  type ControlReply,
  type ControlRequest,
  ControlRequestSchema,
  controlMessages,
  encodeControlFrame,
  type LogLine,
} from './control-frame.ts';
import { type TunnelDaemon, toldError } from './tunnel-daemon.ts';

/** Commands that talk to one daemon at once; more are hung up on. */
const MAX_CONTROL_CONNECTIONS = 64;
/** What a watcher may leave unread before it is hung up on, bytes. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** The daemon's ear: an owner-only Unix socket. There is no port and no HTTP, so no web page and no other user reaches it. */
export class ControlServer {
  readonly #daemon: TunnelDaemon;
  readonly #gateway: URL;
  readonly #paths: ControlPaths;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #key = Buffer.alloc(0);

  constructor(daemon: TunnelDaemon, gateway: URL, paths: ControlPaths) {
    this.#daemon = daemon;
    this.#gateway = gateway;
    this.#paths = paths;
    this.#server = net.createServer((socket) => void this.#serve(socket));
    this.#server.maxConnections = MAX_CONTROL_CONNECTIONS;
  }

  /** Throws `CONFIG_INVALID`, or `CONFIG_PORT_TAKEN` when another daemon of this user is there. */
  async listen(uid: number): Promise<void> {
    await makeControlDirectory(this.#paths, uid);
    if (await answers(this.#paths.socket))
      throw new SluiceError('CONFIG_PORT_TAKEN', 'another daemon of yours is running', {
        remedy: 'Use it (`sluice tunnel up`), or end it: `sluice tunnel down --all`.',
      });
    // Left by a daemon that was killed; the directory is ours alone, so it is no other's.
    await rm(this.#paths.socket, { force: true });
    this.#key = Buffer.from(await writeControlKey(this.#paths));
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#paths.socket, resolve);
    });
    await chmod(this.#paths.socket, 0o600);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
    await rm(this.#paths.key, { force: true });
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
    socket.setTimeout(CONTROL_TIMEOUT_MS, () => socket.destroy());
    try {
      for await (const request of controlMessages(socket, ControlRequestSchema)) {
        if (!this.#isKey(request.key)) throw new SluiceError('AUTH_FAILED', 'the key is not this daemon’s');
        if (request.ask === 'logs' && request.watch) return this.#watch(socket);
        socket.end(encodeControlFrame(await this.#answer(request)));
        return;
      }
    } catch (error) {
      if (socket.destroyed) return;
      const told = error instanceof SluiceError ? error : new SluiceError('INTERNAL', String(error), { cause: error });
      socket.end(encodeControlFrame({ kind: 'error', error: toldError(told) }));
    }
  }

  async #answer(request: ControlRequest): Promise<ControlReply> {
    switch (request.ask) {
      case 'up':
        await this.#daemon.up(request.profile, request.tunnels);
        return this.#status();
      case 'down':
        await this.#daemon.down(request.profile);
        return this.#status();
      case 'status':
        return this.#status();
      case 'logs':
        return { kind: 'logs', lines: [...this.#daemon.lines] };
      case 'settings':
        return { kind: 'settings', targets: this.#daemon.targets(request.profile).map((target) => ({ ...target })) };
      default:
        throw new SluiceError('INTERNAL', `no answer to ${String(request satisfies never)}`);
    }
  }

  #status(): ControlReply {
    return { kind: 'status', pid: process.pid, gateway: this.#gateway.origin, tunnels: [...this.#daemon.status()] };
  }

  #watch(socket: Socket): void {
    socket.setTimeout(0);
    const tell = (...lines: readonly LogLine[]) => {
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
      else if (!socket.destroyed) socket.write(encodeControlFrame({ kind: 'logs', lines: [...lines] }));
    };
    tell(...this.#daemon.lines);
    this.#daemon.on('log', tell);
    socket.once('close', () => this.#daemon.off('log', tell));
    // Nothing more is expected of it; its end is.
    socket.resume().once('end', () => socket.destroy());
  }

  #isKey(presented: string): boolean {
    const bytes = Buffer.from(presented);
    return bytes.length === this.#key.length && timingSafeEqual(bytes, this.#key);
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Nothing there, or nobody listening.
    socket.once('error', () => resolve(false));
  });
}
