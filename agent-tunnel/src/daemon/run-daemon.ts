import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProfileTunnel } from '@sluice/contract/profiles';
import { GatewayDialer } from '../tunnel/gateway-dialer.ts';
import { GatewayPulse } from '../tunnel/gateway-pulse.ts';
import { controlPaths } from './control-directory.ts';
import { ControlServer } from './control-server.ts';
import { type DaemonOptions, TunnelDaemon } from './tunnel-daemon.ts';

export type RunDaemonOptions = Omit<DaemonOptions, 'pulse' | 'dialer'> & {
  readonly tokenRotates: boolean;
  /** Opened at the start, as a system's service does it. */
  readonly profiles: readonly { readonly name: string; readonly tunnels: readonly ProfileTunnel[] }[];
  /** Called once it listens. */
  readonly ready: (daemon: TunnelDaemon) => void;
  readonly signal: AbortSignal;
};

/**
 * Runs a daemon until the signal, until its last tunnel is closed, or until the sign-in is over. Resolves with why it
 * ended, in words, which are also left for who asks later. Throws `CONFIG_INVALID`, `CONFIG_PORT_TAKEN`.
 */
export async function runDaemon(options: RunDaemonOptions): Promise<string> {
  const { tokenRotates, profiles, ready, signal, ...rest } = options;
  const pulse = new GatewayPulse({ ask: () => options.api.whoami(), tokenRotates });
  // Each tunnel listens to it.
  pulse.setMaxListeners(0);
  const dialer = new GatewayDialer(options);
  const daemon = new TunnelDaemon({ ...rest, pulse, dialer });
  const server = new ControlServer(daemon, options.gateway, controlPaths(options.runtimeDirectory));
  await server.listen(options.uid);
  const lastWords = lastWordsFile(options.runtimeDirectory);
  await rm(lastWords, { force: true });
  const ended = new Promise<string>((resolve) => {
    const stop = () => resolve('it was told to stop');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    daemon.once('idle', () => resolve('its last tunnel was closed'));
    pulse.once('over', (error) => resolve(`the sign-in is over: ${error.message}`));
  });
  try {
    for (const { name, tunnels } of profiles) await daemon.up(name, tunnels);
    pulse.start();
    ready(daemon);
    return await ended;
  } finally {
    await pulse.stop();
    const words = await Promise.race([ended, Promise.resolve('it failed')]);
    await daemon.down(null);
    dialer.close();
    await server.close();
    await writeFile(lastWords, words, { mode: 0o600 });
  }
}

/** Why the last daemon ended. */
export function lastWordsFile(runtimeDirectory: string): string {
  return path.join(controlPaths(runtimeDirectory).directory, 'last-words');
}
