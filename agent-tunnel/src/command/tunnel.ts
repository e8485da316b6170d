/** `sluice tunnel`: tunnels in the background. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import type { OfferedProfile, ProfileTunnel } from '@sluice/contract/profiles';
import { isErrorCode } from '../client/problem.ts';
import { DaemonClient } from '../daemon/control-client.ts';
import { controlPaths, makeControlDirectory } from '../daemon/control-directory.ts';
import type { TunnelStatus } from '../daemon/control-frame.ts';
import { lastWordsFile, runDaemon } from '../daemon/run-daemon.ts';
import { listProfiles, readProfile, storePort, writeProfile } from '../profile/profile.ts';
import { renderTable } from '../render/table.ts';
import { visibleLine } from '../render/visible.ts';
import { isPortFree, nextFreePort } from '../tunnel/listener.ts';
import { ownerWords, portOwner } from '../tunnel/port-owner.ts';
import { NEEDS_TCP, type Program, programSettings } from '../tunnel/program-settings.ts';
import type { Cli } from './cli.ts';
import { untilInterrupted } from './interruption.ts';
import type { ListOptions } from './look.ts';

export type UpOptions = ListOptions & {
  readonly profile?: string;
  readonly port?: number;
  readonly fixedPorts?: boolean;
};

/** The profile of resources that are named on the command line. */
const UNNAMED = 'default';

/** Opens a profile's tunnels, or tunnels to resources, in the background; starts the daemon when there is none. */
export async function tunnelUp(cli: Cli, resources: readonly string[], options: UpOptions): Promise<void> {
  if (resources.length > 0 === (options.profile !== undefined)) {
    throw new SluiceError('USAGE', 'tunnels are opened to resources, or by a profile', {
      remedy: 'For example: sluice tunnel up orders-db, or sluice tunnel up --profile work',
    });
  }
  if (options.port !== undefined && resources.length !== 1)
    throw new SluiceError('USAGE', '--port is for one resource', { remedy: 'Write a profile for several.' });
  const name = options.profile ?? UNNAMED;
  const { port } = options;
  const wanted =
    options.profile === undefined
      ? resources.map((resource) => ({ resource, ...(port !== undefined && { port }) }))
      : await profileTunnels(cli, options.profile);
  const daemon = daemonOf(cli);
  const running = await daemon.ask({ ask: 'status' }, 'status');
  if (running !== null && running.gateway !== cli.gateway.origin) {
    throw new SluiceError('USAGE', `the daemon keeps tunnels of ${running.gateway}`, {
      remedy: 'End it first: sluice tunnel down --all',
    });
  }
  const tunnels = await withFreePorts(cli, name, wanted, running?.tunnels ?? [], options);
  if (running === null) {
    // Told here and now rather than by a daemon that ends at once: nobody is signed in.
    await (await cli.api()).whoami();
    await startDaemon(cli);
  }
  const reply = await daemon.ask({ ask: 'up', profile: name, tunnels: [...tunnels] }, 'status');
  if (reply === null) throw new SluiceError('INTERNAL', 'the daemon ended at once; `sluice tunnel status` says why');
  const opened = reply.tunnels.filter(({ profile }) => profile === name);
  if (options.json === true) return cli.json(opened);
  cli.out(renderStatus(cli, opened));
  cli.progress('Programs: `sluice tunnel settings --for psql` (or dbeaver, jdbc, env …) prints what they need.\n');
}

/** Closes tunnels; the daemon ends with the last one. */
export async function tunnelDown(
  cli: Cli,
  options: { readonly profile?: string; readonly all?: boolean },
): Promise<void> {
  const profile = options.all === true ? null : (options.profile ?? UNNAMED);
  const reply = await daemonOf(cli).ask({ ask: 'down', profile }, 'status');
  if (reply === null) return cli.note('No tunnel is open.\n');
  cli.note(reply.tunnels.length === 0 ? 'All tunnels are closed.\n' : `${reply.tunnels.length} tunnels stay open.\n`);
}

export async function tunnelStatus(cli: Cli, options: ListOptions): Promise<number> {
  const reply = await daemonOf(cli).ask({ ask: 'status' }, 'status');
  if (options.json === true) {
    cli.json(reply === null ? { running: false } : { running: true, ...reply });
  } else if (reply === null) {
    const words = await readFile(lastWordsFile(cli.settings.runtimeDirectory), 'utf8').catch(() => null);
    cli.note(`No tunnel is open${words === null ? '' : `; the last daemon ended because ${visibleLine(words)}`}.\n`);
  } else {
    cli.out(renderStatus(cli, reply.tunnels));
  }
  return reply === null ? 69 : 0;
}

export async function tunnelLogs(cli: Cli, options: ListOptions & { readonly follow?: boolean }): Promise<void> {
  const tell = ({
    at,
    profile,
    resource,
    message,
  }: {
    at: string;
    profile: string;
    resource: string;
    message: string;
  }) =>
    cli.out(
      options.json === true
        ? `${JSON.stringify({ at, profile, resource, message })}\n`
        : `${at} ${[profile, resource].filter(Boolean).map(visibleLine).join('/')}${resource === '' ? '' : ' '}${visibleLine(message)}\n`,
    );
  if (options.follow !== true) {
    const reply = await daemonOf(cli).ask({ ask: 'logs', watch: false }, 'logs');
    if (reply === null) return cli.note('No tunnel is open.\n');
    for (const line of reply.lines) tell(line);
    return;
  }
  const interrupted = untilInterrupted();
  try {
    for await (const line of daemonOf(cli).watch(interrupted.signal)) tell(line);
  } finally {
    interrupted.release();
  }
}

export async function tunnelSettings(
  cli: Cli,
  resource: string | undefined,
  options: { readonly for: Program; readonly profile?: string },
): Promise<void> {
  const reply = await daemonOf(cli).ask({ ask: 'settings', profile: options.profile ?? null }, 'settings');
  const targets = (reply?.targets ?? []).filter((target) => resource === undefined || target.resource === resource);
  if (targets.length === 0) {
    throw new SluiceError(
      'NOT_FOUND',
      resource === undefined ? 'no tunnel is open' : `no tunnel to ${resource} is open`,
      {
        remedy: `Open it: sluice tunnel up ${resource ?? 'RESOURCE'}`,
      },
    );
  }
  const unix = targets.find(({ settings }) => settings.host.startsWith('/'));
  if (NEEDS_TCP.has(options.for) && unix !== undefined) {
    throw new SluiceError('USAGE', `${options.for} cannot use a Unix socket, and ${unix.resource} has one`, {
      remedy: `Give it a port: sluice tunnel up ${unix.resource} --port 15432, or \`port:\` in the profile.`,
    });
  }
  // Absent and undefined are two things to the type; to the settings they are one.
  const plain = targets.map(({ settings: { requirePeer, ...settings }, ...target }) => ({
    ...target,
    settings: { ...settings, ...(requirePeer !== undefined && { requirePeer }) },
  }));
  cli.out(programSettings(options.for, plain));
}

/** Profiles of the person, and those that the gateway's administrators offer. `--get` makes one of these the person's own. */
export async function tunnelProfiles(cli: Cli, options: ListOptions & { readonly get?: string }): Promise<void> {
  const directory = cli.settings.profilesDirectory;
  if (options.get !== undefined) {
    const file = await writeProfile(
      directory,
      options.get,
      profileText(await offeredProfile(cli, options.get), cli.gateway),
    );
    return cli.note(`Written to ${file}; from now on it is yours.\n`);
  }
  const own = await listProfiles(directory);
  const offered = (await (await cli.api()).profiles()).filter(({ name }) => !own.includes(name));
  if (options.json === true) return cli.json({ own, offered });
  const rows = [
    ...own.map((name) => [name, 'yours', '']),
    ...offered.map(({ name, description = '' }) => [name, 'offered', visibleLine(description)]),
  ];
  if (rows.length === 0) return cli.note('There is no profile.\n');
  cli.out(renderTable(['PROFILE', 'OF', 'DESCRIPTION'], rows));
}

/** The daemon itself, in the foreground: what `up` starts, and what a service of the system runs. */
export async function tunnelDaemon(
  cli: Cli,
  options: { readonly profile: readonly string[]; readonly readyFd?: number },
): Promise<void> {
  const interrupted = untilInterrupted();
  const tell = readiness(options.readyFd);
  try {
    const { runtimeDirectory, uid, tokenFile, agent } = cli.settings;
    const profiles = [];
    for (const name of options.profile) profiles.push({ name, tunnels: await profileTunnels(cli, name) });
    const why = await runDaemon({
      gateway: cli.gateway,
      ca: await cli.ca(),
      proxy: cli.settings.proxy,
      certificate: await cli.certificate(),
      transport: cli.settings.transport,
      api: await cli.api(),
      token: await cli.token(),
      tokenRotates: tokenFile !== null || agent !== null,
      ...{ runtimeDirectory, uid, profiles },
      now: Date.now,
      ready: (daemon) => {
        daemon.on('log', ({ at, profile, resource, message }) =>
          cli.out(`${at} ${[profile, resource].filter(Boolean).join('/')} ${visibleLine(message)}\n`),
        );
        tell('ready');
      },
      signal: interrupted.signal,
    });
    cli.out(`${new Date().toISOString()} ended: ${visibleLine(why)}\n`);
  } catch (error) {
    const told = error instanceof SluiceError ? error : new SluiceError('INTERNAL', String(error), { cause: error });
    tell(JSON.stringify({ code: told.code, message: told.message, remedy: told.remedy }));
    throw error;
  } finally {
    interrupted.release();
  }
}

/** Ends the daemon of this gateway: nobody is signed in to it any more. */
export async function closeTunnelsOf(cli: Cli): Promise<void> {
  const daemon = daemonOf(cli);
  const running = await daemon.ask({ ask: 'status' }, 'status');
  if (running === null || running.gateway !== cli.gateway.origin) return;
  await daemon.ask({ ask: 'down', profile: null }, 'status');
  cli.note('Its tunnels are closed.\n');
}

function daemonOf(cli: Cli): DaemonClient {
  return new DaemonClient(cli.settings.runtimeDirectory, cli.settings.uid);
}

/** The person's own profile, else the offered one of that name. */
async function profileTunnels(cli: Cli, name: string): Promise<readonly ProfileTunnel[]> {
  const { profilesDirectory, uid } = cli.settings;
  if (!(await listProfiles(profilesDirectory)).includes(name)) return (await offeredProfile(cli, name)).tunnels;
  const { gateway, tunnels } = await readProfile(profilesDirectory, name, uid);
  if (gateway !== undefined && new URL(gateway).origin !== cli.gateway.origin) {
    throw new SluiceError('USAGE', `the profile ${name} is of ${gateway}, not of ${cli.gateway.origin}`, {
      remedy: `Add \`--gateway ${gateway}\`.`,
    });
  }
  return tunnels;
}

async function offeredProfile(cli: Cli, name: string): Promise<OfferedProfile> {
  const found = (await (await cli.api()).profiles()).find((profile) => profile.name === name);
  if (found !== undefined) return found;
  throw new SluiceError('NOT_FOUND', `there is no profile ${name}, neither yours nor offered by the gateway`, {
    remedy: '`sluice tunnel profiles` lists them; docs/tunnels.md says how to write one.',
  });
}

/** Another port where one is taken: stored in the profile and told, so that programs can be told as well. */
async function withFreePorts(
  cli: Cli,
  name: string,
  wanted: readonly ProfileTunnel[],
  open: readonly TunnelStatus[],
  { profile, fixedPorts }: UpOptions,
): Promise<readonly ProfileTunnel[]> {
  const chosen: ProfileTunnel[] = [];
  for (const tunnel of wanted) {
    const { resource, port } = tunnel;
    const isOurs = open.some(
      (held) => held.profile === name && held.resource === resource && held.endpoint === `127.0.0.1:${port}`,
    );
    if (port === undefined || isOurs || (await isPortFree(port))) {
      chosen.push(tunnel);
      continue;
    }
    const taken = `port ${port} is in use by another program${ownerWords(await portOwner(port, process.platform))}`;
    if (profile === undefined || fixedPorts === true) {
      throw new SluiceError('CONFIG_PORT_TAKEN', taken, {
        remedy: 'Stop that program, or choose another port with `--port`.',
      });
    }
    const free = await nextFreePort(port + 1);
    const { profilesDirectory } = cli.settings;
    if (!(await listProfiles(profilesDirectory)).includes(profile))
      await writeProfile(profilesDirectory, profile, profileText(await offeredProfile(cli, profile), cli.gateway));
    await storePort(profilesDirectory, profile, resource, free);
    cli.note(
      `sluice: ${taken}. ${visibleLine(resource)} is on port ${free} from now on: the profile ${profile} says so. Tell your programs (\`sluice tunnel settings\`).\n`,
    );
    chosen.push({ ...tunnel, port: free });
  }
  return chosen;
}

function profileText({ description, tunnels }: OfferedProfile, gateway: URL): string {
  const lines = tunnels.map(({ resource, port, workflow }) =>
    [
      `  - resource: ${JSON.stringify(resource)}\n`,
      ...(port === undefined ? [] : [`    port: ${port}\n`]),
      ...(workflow === undefined ? [] : [`    workflow: ${JSON.stringify(workflow)}\n`]),
    ].join(''),
  );
  const about = description === undefined ? '' : `description: ${JSON.stringify(description)}\n`;
  return `# Offered by ${gateway.origin}\ngateway: ${gateway.origin}\n${about}tunnels:\n${lines.join('')}`;
}

/** Starts the daemon apart from this command and waits until it listens. Throws what it failed with. */
async function startDaemon(cli: Cli): Promise<void> {
  const { runtimeDirectory, uid, caFile, tokenFile, environment } = cli.settings;
  const paths = controlPaths(runtimeDirectory);
  await makeControlDirectory(paths, uid);
  const log = await open(path.join(paths.directory, 'daemon.log'), 'w', 0o600);
  const args = [
    ...['tunnel', 'daemon', '--ready-fd', '3', '--gateway', cli.gateway.origin],
    ...(caFile === null ? [] : ['--ca', path.resolve(caFile)]),
    ...(tokenFile === null ? [] : ['--token-file', path.resolve(tokenFile)]),
  ];
  try {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, '../main.ts'), ...args], {
      detached: true,
      cwd: '/',
      env: { ...environment },
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
    });
    const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
    const ready = child.stdio[3];
    if (ready === null || ready === undefined || !('read' in ready))
      throw new SluiceError('INTERNAL', 'the daemon was started without a way to say that it is ready');
    const said = await Promise.race([text(ready), failed]);
    child.unref();
    if (said !== 'ready') throw daemonError(said);
  } finally {
    await log.close();
  }
}

function daemonError(said: string): SluiceError {
  let told: unknown = null;
  try {
    told = JSON.parse(said);
  } catch {
    // It ended without a word; the file has the rest.
  }
  if (typeof told !== 'object' || told === null)
    return new SluiceError('INTERNAL', 'the daemon did not start; daemon.log in the runtime directory says why');
  const [code, message, remedy] = ['code', 'message', 'remedy'].map((name) => String(Reflect.get(told, name)));
  const known: ErrorCode = isErrorCode(code ?? '') ? (code as ErrorCode) : 'INTERNAL';
  return new SluiceError(known, message ?? '', { remedy: remedy ?? '' });
}

/** Says one thing to who started us, then lets go. */
function readiness(fd: number | undefined): (word: string) => void {
  if (fd === undefined) return () => undefined;
  const stream = createWriteStream('', { fd });
  // Who started us may have left.
  stream.on('error', () => undefined);
  return (word) => stream.end(word);
}

function renderStatus(cli: Cli, tunnels: readonly TunnelStatus[]): string {
  if (tunnels.length === 0) return 'No tunnel is open.\n';
  const rows = tunnels.map(({ profile, resource, state, endpoint, connections, expiresAt, error }) => [
    visibleLine(profile),
    visibleLine(resource),
    {
      text: state,
      paint: () =>
        state === 'open' ? cli.style.green(state) : state === 'closed' ? cli.style.red(state) : cli.style.yellow(state),
    },
    endpoint ?? '-',
    String(connections),
    error === null ? (expiresAt ?? '-') : visibleLine(error.message),
  ]);
  return renderTable(['PROFILE', 'RESOURCE', 'STATE', 'AT', 'CONNECTED', 'UNTIL'], rows);
}
