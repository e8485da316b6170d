import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { ProfileTunnel } from '@sluice/contract/profiles';
import { KeptTunnel, type KeptTunnelOptions } from '../tunnel/kept-tunnel.ts';
import type { ProgramTarget } from '../tunnel/program-settings.ts';
import type { LogLine, ToldError, TunnelStatus } from './control-frame.ts';

/** Tunnels of one daemon. */
export const MAX_DAEMON_TUNNELS = 200;
/** Log lines that are kept; the oldest go. */
export const MAX_LOG_LINES = 1_000;

export type DaemonOptions = Omit<KeptTunnelOptions, 'resource' | 'application' | 'terms' | 'tcpPort' | 'directory'> & {
  readonly runtimeDirectory: string;
};

export type DaemonTarget = ProgramTarget & { readonly profile: string };

type Held = { readonly profile: string; readonly tunnel: KeptTunnel; readonly tcpPort: number | null; served: number };

/** All tunnels of one person in the background. Says what happens; shows nothing. */
export class TunnelDaemon extends EventEmitter<{ log: [line: LogLine]; idle: [] }> {
  readonly #options: DaemonOptions;
  readonly #held = new Map<string, Held>();
  readonly #lines: LogLine[] = [];

  constructor(options: DaemonOptions) {
    super();
    this.setMaxListeners(0);
    this.#options = options;
    options.pulse.on('waiting', (error) => this.#log('', '', `the gateway does not answer: ${error.message}`));
    options.pulse.on('beat', ({ wasDown }) => wasDown && this.#log('', '', 'the gateway answers'));
    options.pulse.on('over', (error) => this.#log('', '', `signed out: ${error.message}`));
  }

  get size(): number {
    return this.#held.size;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /**
   * Opens what is not open yet. All or, when one fails, none of them. Throws what the gateway answers,
   * `CONFIG_PORT_TAKEN`, `LIMIT_REACHED`.
   */
  async up(profile: string, tunnels: readonly ProfileTunnel[]): Promise<void> {
    const wanted = tunnels.filter((tunnel) => !this.#isOpen(profile, tunnel));
    if (this.#held.size + wanted.length > MAX_DAEMON_TUNNELS)
      throw new SluiceError('LIMIT_REACHED', `a daemon keeps at most ${MAX_DAEMON_TUNNELS} tunnels`);
    for (const { resource } of wanted) await this.#drop(keyOf(profile, resource));
    const opened = await Promise.allSettled(wanted.map((tunnel) => this.#open(profile, tunnel)));
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await Promise.all(wanted.map(({ resource }) => this.#drop(keyOf(profile, resource))));
    throw failed.reason;
  }

  /** Closes a profile's tunnels, or with null all. */
  async down(profile: string | null): Promise<void> {
    const keys = [...this.#held].filter(([, held]) => profile === null || held.profile === profile).map(([key]) => key);
    await Promise.all(keys.map((key) => this.#drop(key)));
    if (this.#held.size === 0) this.emit('idle');
  }

  status(): readonly TunnelStatus[] {
    return [...this.#held.values()].map(({ profile, tunnel, served }) => {
      const { settings } = tunnel;
      return {
        profile,
        resource: tunnel.resource,
        state: tunnel.state,
        endpoint:
          settings === null ? null : settings.host.startsWith('/') ? settings.host : `127.0.0.1:${settings.port}`,
        connections: tunnel.connections,
        served,
        expiresAt: tunnel.expiresAt,
        error: tunnel.error === null ? null : toldError(tunnel.error),
      };
    });
  }

  targets(profile: string | null): readonly DaemonTarget[] {
    return [...this.#held.values()].flatMap(({ profile: of, tunnel }) => {
      const { settings, resource, passFile } = tunnel;
      const isWanted = (profile === null || profile === of) && tunnel.state !== 'closed' && settings !== null;
      return isWanted ? [{ profile: of, resource, settings, passFile }] : [];
    });
  }

  #isOpen(profile: string, { resource, port }: ProfileTunnel): boolean {
    const held = this.#held.get(keyOf(profile, resource));
    return held !== undefined && held.tunnel.state !== 'closed' && held.tcpPort === (port ?? null);
  }

  async #open(profile: string, { resource, port, workflow }: ProfileTunnel): Promise<void> {
    const tcpPort = port ?? null;
    const { runtimeDirectory, ...options } = this.#options;
    const tunnel = new KeptTunnel({
      ...options,
      resource,
      application: 'sluice tunnel',
      tcpPort,
      directory: path.join(runtimeDirectory, 'p', shortName(profile), shortName(resource)),
      ...(workflow !== undefined && { terms: { workflow } }),
    });
    const held: Held = { profile, tunnel, tcpPort, served: 0 };
    this.#held.set(keyOf(profile, resource), held);
    const log = (message: string) => this.#log(profile, resource, message);
    tunnel.on('state', ({ state, error }) =>
      log(error === null ? state : `${state}: ${error.message} [${error.code}]`),
    );
    tunnel.on('renewed', ({ isNew, expiresAt }) =>
      log(isNew ? `a new session, until ${expiresAt}` : `the session lives on until ${expiresAt}`),
    );
    tunnel.on('connected', ({ id }) => {
      held.served += 1;
      log(`connection ${id} opened`);
    });
    tunnel.on('disconnected', ({ id, bytesUp, bytesDown, broke }) =>
      log(`connection ${id} closed, ${bytesUp} bytes up, ${bytesDown} down${broke === undefined ? '' : `: ${broke}`}`),
    );
    tunnel.on('refused', ({ id, error }) => log(`connection ${id} was not opened: ${error.message} [${error.code}]`));
    tunnel.on('dropped', ({ id, reason }) => log(`connection ${id} was dropped: ${reason}`));
    await tunnel.open();
  }

  async #drop(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    await held.tunnel.close();
  }

  #log(profile: string, resource: string, message: string): void {
    const line = {
      at: new Date(this.#options.now()).toISOString(),
      profile,
      resource,
      message: message.slice(0, 2_000),
    };
    this.#lines.push(line);
    if (this.#lines.length > MAX_LOG_LINES) this.#lines.shift();
    this.emit('log', line);
  }
}

export function toldError({ code, message, remedy }: SluiceError): ToldError {
  return { code, message, remedy };
}

function keyOf(profile: string, resource: string): string {
  return JSON.stringify([profile, resource]);
}

/** A name as part of a socket's path, which may not be long. */
function shortName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,19}$/.test(name)) return name;
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}
