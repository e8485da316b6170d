import { EventEmitter } from 'node:events';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { MintedSession } from '@sluice/contract/api';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import type { ApiClient, SessionTerms } from '../client/api-client.ts';
import type { TokenSource } from '../identity/access-token.ts';
import { type ConnectionSettings, connectionSettings, writePassFile } from './connection-settings.ts';
import type { GatewayAddress, GatewayDialer } from './gateway-dialer.ts';
import type { GatewayPulse } from './gateway-pulse.ts';
import type { Endpoint } from './listener.ts';
import { assertPrivateDirectory, removeSocketDirectory } from './socket-directory.ts';
import { Tunnel, type TunnelEvents } from './tunnel.ts';

/** The port in the socket's name: libpq's default, so that `psql -h DIRECTORY` finds it. */
const UNIX_PORT = 5432;
/** A session is renewed when less than this is left of it; a token source has a newer token by then. */
export const RENEW_SESSION_BEFORE_MS = 45_000;

/** `waiting`: programs find the tunnel, the gateway does not answer; it mends itself. */
export type KeptTunnelState = 'connecting' | 'open' | 'waiting' | 'closed';

export type KeptTunnelEvents = Omit<TunnelEvents, 'state'> & {
  /** `error`: why it waits or was closed; null when it was asked for. */
  state: [change: { readonly state: KeptTunnelState; readonly error: SluiceError | null }];
  /** The password file holds a new secret. */
  renewed: [session: { readonly sessionId: string; readonly expiresAt: string; readonly isNew: boolean }];
};

export type KeptTunnelOptions = GatewayAddress & {
  readonly api: ApiClient;
  readonly token: TokenSource;
  readonly pulse: GatewayPulse;
  /** Shared by the tunnels to one gateway; one of its own unless given. */
  readonly dialer?: GatewayDialer;
  readonly resource: string;
  readonly application: string;
  readonly terms?: SessionTerms;
  /** Null for a Unix socket; a port for TCP on both loopback addresses. */
  readonly tcpPort: number | null;
  /** This tunnel's own directory, the same each time: socket and password file keep their paths. Made when it is not there. */
  readonly directory: string;
  readonly uid: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** Answers about the session that a new session mends. */
const MENDED_BY_A_NEW_SESSION: ReadonlySet<ErrorCode> = new Set(['SESSION_ENDED', 'AUTH_FAILED']);
/** Answers that end this tunnel, and not the sign-in. */
const ENDS_TUNNEL: ReadonlySet<ErrorCode> = new Set(['REFUSED_BY_POLICY', 'RESOURCE_UNKNOWN', 'PROTOCOL_UNSUPPORTED']);

/**
 * A tunnel that stays: it renews its session, gets a new one after the gateway's restart, waits while there is no
 * network, and closes when the sign-in is over or policy lets nobody in any more. Programs that read the password file
 * at each login never notice.
 */
export class KeptTunnel extends EventEmitter<KeptTunnelEvents> {
  readonly #options: KeptTunnelOptions;
  readonly #tunnel: Tunnel;
  #state: KeptTunnelState = 'connecting';
  #session: MintedSession | null = null;
  #endpoint: Endpoint | null = null;
  #inode: bigint | null = null;
  #error: SluiceError | null = null;
  #renewal: Promise<void> | null = null;
  #minting: Promise<void> | null = null;
  #ending: Promise<void> | null = null;

  constructor(options: KeptTunnelOptions) {
    super();
    this.#options = options;
    const { gateway, ca, proxy = null, certificate = null, transport = 'auto', resource, token } = options;
    const { directory, uid, tcpPort, dialer } = options;
    this.#tunnel = new Tunnel({
      ...{ gateway, ca, proxy, certificate, transport, resource, token },
      ...(dialer !== undefined && { dialer }),
      sessionId: () => this.#session?.sessionId ?? '',
      recover: (error) => this.#recover(error),
      place: tcpPort === null ? { kind: 'unix-at', directory, uid, port: UNIX_PORT } : { kind: 'tcp', port: tcpPort },
    });
    this.#tunnel.on('connected', (connection) => this.emit('connected', connection));
    this.#tunnel.on('refused', (connection) => this.emit('refused', connection));
    this.#tunnel.on('dropped', (connection) => this.emit('dropped', connection));
    this.#tunnel.on('disconnected', (connection) => this.emit('disconnected', connection));
  }

  get resource(): string {
    return this.#options.resource;
  }

  get state(): KeptTunnelState {
    return this.#state;
  }

  /** Why it waits or was closed. */
  get error(): SluiceError | null {
    return this.#error;
  }

  get connections(): number {
    return this.#tunnel.connections;
  }

  /** libpq password file, 0600. */
  get passFile(): string {
    return path.join(this.#options.directory, 'pgpass');
  }

  /** Null until it is open. The user is the resource's plain name, which no renewal changes. */
  get settings(): ConnectionSettings | null {
    if (this.#session === null || this.#endpoint === null) return null;
    const { directory, resource } = this.#options;
    const session = { ...this.#session, username: stableUser(this.#session, resource) };
    return connectionSettings(session, this.#endpoint, UNIX_PORT, directory);
  }

  get expiresAt(): string | null {
    return this.#session?.expiresAt ?? null;
  }

  /** Mints a session and listens. Throws what the gateway answers, `CONFIG_PORT_TAKEN`, `CONFIG_INVALID`; then it is closed. */
  async open(): Promise<void> {
    const { directory, uid, pulse } = this.#options;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await assertPrivateDirectory(directory, uid);
      this.#inode = (await lstat(directory, { bigint: true })).ino;
      await this.#mint();
      this.#endpoint = await this.#tunnel.open();
      await this.#writePassFile();
    } catch (error) {
      await this.#end(asSluiceError(error));
      throw error;
    }
    pulse.on('beat', this.#onBeat).on('waiting', this.#onWaiting).on('over', this.#onOver);
    this.#become('open', null);
  }

  /** Ends every connection, removes socket and password file. Idempotent. */
  async close(): Promise<void> {
    await this.#end(null);
  }

  readonly #onBeat = () => void this.#check();
  readonly #onWaiting = (error: SluiceError) => {
    if (this.#state === 'open') this.#become('waiting', error);
  };
  readonly #onOver = (error: SluiceError) => void this.#end(error);

  async #check(): Promise<void> {
    try {
      await this.#assertDirectory();
      await this.#renew();
      if (this.#state === 'waiting' && this.#ending === null) this.#become('open', null);
    } catch (error) {
      const told = asSluiceError(error);
      if (ENDS_TUNNEL.has(told.code) || told.code === 'CONFIG_INVALID') await this.#end(told);
      else if (this.#ending === null) this.#become('waiting', told);
    }
  }

  /** The names that programs connect to must still be ours: a directory that was put in its place is not. */
  async #assertDirectory(): Promise<void> {
    const { directory, uid } = this.#options;
    const found = await lstat(directory, { bigint: true }).catch((cause: unknown) => {
      throw new SluiceError('CONFIG_INVALID', `${directory} is gone, and with it the way to this tunnel`, { cause });
    });
    if (found.ino !== this.#inode) {
      throw new SluiceError('CONFIG_INVALID', `${directory} is not the directory that was made for this tunnel`, {
        remedy: 'Find out who replaced it; then remove it and open the tunnel again.',
      });
    }
    await assertPrivateDirectory(directory, uid);
  }

  /** Many callers at once cause one renewal. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #renewNow(): Promise<void> {
    const session = this.#session;
    if (session === null || this.#ending !== null) return;
    const leftMs = Date.parse(session.expiresAt) - this.#options.now();
    // While it waited the gateway may have been restarted, and knows no session of before.
    if (leftMs > RENEW_SESSION_BEFORE_MS && this.#state === 'open') return;
    try {
      const { expiresAt } = await this.#options.api.renewSession(session.sessionId);
      if (expiresAt === session.expiresAt) return;
      this.#session = { ...session, expiresAt };
      this.emit('renewed', { sessionId: session.sessionId, expiresAt, isNew: false });
    } catch (error) {
      if (!(error instanceof SluiceError && error.code === 'SESSION_ENDED')) throw error;
      await this.#mintOnce();
    }
  }

  /** Many refused programs at once get one new session. */
  #mintOnce(): Promise<void> {
    this.#minting ??= this.#mint()
      .then(() => this.#writePassFile())
      .finally(() => {
        this.#minting = null;
      });
    return this.#minting;
  }

  async #mint(): Promise<void> {
    const { api, resource, application, terms } = this.#options;
    const isNew = this.#session !== null;
    const session = await api.mintSession(resource, application, terms);
    if (session.protocol !== 'postgres') {
      throw new SluiceError(
        'PROTOCOL_UNSUPPORTED',
        `${resource} speaks ${session.protocol}; tunnels carry PostgreSQL so far`,
      );
    }
    this.#session = session;
    if (isNew) this.emit('renewed', { sessionId: session.sessionId, expiresAt: session.expiresAt, isNew });
  }

  /** A stream was refused: the session may be of before a restart. The program's own login still has to know the secret. */
  async #recover(error: SluiceError): Promise<boolean> {
    this.#options.pulse.kick();
    if (!MENDED_BY_A_NEW_SESSION.has(error.code) || this.#ending !== null) return false;
    try {
      await this.#mintOnce();
      return true;
    } catch (cause) {
      const told = asSluiceError(cause);
      if (ENDS_TUNNEL.has(told.code)) await this.#end(told);
      return false;
    }
  }

  /** Replaced in one step: a program that reads it gets the old one or the new one, whole. */
  async #writePassFile(): Promise<void> {
    const { settings } = this;
    if (settings === null || this.#ending !== null) return;
    const next = `${this.passFile}.next`;
    await rm(next, { force: true });
    await writePassFile(next, settings);
    await rename(next, this.passFile);
  }

  /** `closed` is told once everything is: whoever waits for it finds nothing left. */
  #end(error: SluiceError | null): Promise<void> {
    this.#ending ??= this.#endNow(error);
    return this.#ending;
  }

  async #endNow(error: SluiceError | null): Promise<void> {
    const { pulse, directory } = this.#options;
    pulse.off('beat', this.#onBeat).off('waiting', this.#onWaiting).off('over', this.#onOver);
    await this.#tunnel.close();
    // Only what is ours is removed: not through a link, not in a directory that somebody put in its place.
    if ((await inodeOf(directory)) === this.#inode) await removeSocketDirectory(directory);
    this.#become('closed', error);
  }

  #become(state: KeptTunnelState, error: SluiceError | null): void {
    this.#state = state;
    this.#error = error;
    this.emit('state', { state, error });
  }
}

/** Null when there is no directory of that name. */
async function inodeOf(directory: string): Promise<bigint | null> {
  try {
    const found = await lstat(directory, { bigint: true });
    return found.isDirectory() ? found.ino : null;
  } catch {
    // Gone, or not ours to look at: then nothing there is ours either.
    return null;
  }
}

/** Of `resource.sessionId` the resource: the secret alone tells the session then. A gateway that names users otherwise is followed. */
function stableUser({ username, sessionId }: MintedSession, resource: string): string {
  return username === `${resource}.${sessionId}` ? resource : username;
}

function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
