/** `sluice doctor`: what is wrong between here and the gateway, and how to mend it. */
import { lstat } from 'node:fs/promises';
import { SluiceError } from '@sluice/contract/errors';
import { fetchMeta } from '../client/api-client.ts';
import { proxyFor } from '../client/proxy.ts';
import { upgradeAdvice } from '../client/upgrade.ts';
import { judgeClock } from '../doctor/clock.ts';
import { type Finding, ok, skipped, warn, wrong } from '../doctor/finding.ts';
import { checkCertificate, checkDns, checkPort, checkProxy } from '../doctor/way.ts';
import { openKeychain } from '../identity/keychain.ts';
import { listProfiles, readProfile } from '../profile/profile.ts';
import { renderChain } from '../render/flows.ts';
import { visibleLine } from '../render/visible.ts';
import { listenTcp } from '../tunnel/listener.ts';
import { assertPrivateDirectory } from '../tunnel/socket-directory.ts';
import { VERSION } from '../version.ts';
import type { Cli } from './cli.ts';

export type DoctorOptions = { readonly port?: number; readonly json?: boolean };

/** Exit status 1 when something is wrong; warnings alone are none. */
export async function doctor(cli: Cli, options: DoctorOptions): Promise<number> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (options.json !== true) cli.out(render(cli, finding));
  };
  await look(cli, options, tell);
  if (options.json === true) cli.json(findings);
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

async function look(cli: Cli, { port }: DoctorOptions, tell: (finding: Finding) => void): Promise<void> {
  const { gateway } = cli.settings;
  if (gateway === null)
    tell(wrong('gateway', 'no gateway is named', 'Sign in once: `sluice login --gateway URL`, or set SLUICE_GATEWAY.'));
  else {
    tell(ok('gateway', gateway.origin));
    await lookAtGateway(cli, gateway, tell);
  }
  tell(await checkKeychain(cli));
  tell(await checkSockets(cli));
  if (port !== undefined) tell(await checkLocalPort(port, wrong));
  // A tunnel of one's own may be what holds it.
  else for (const fixed of await profilePorts(cli)) tell(await checkLocalPort(fixed, warn));
}

/** Each step only after the one before: the first that fails is the cause of the rest. */
async function lookAtGateway(cli: Cli, gateway: URL, tell: (finding: Finding) => void): Promise<void> {
  const proxy = proxyFor(gateway, cli.settings.proxy);
  tell(checkProxy(proxy));
  // By a proxy it is the proxy that resolves and connects; what fails there, the first question to the gateway tells.
  const steps =
    proxy !== null
      ? []
      : [
          () => checkDns(gateway),
          () => checkPort(gateway),
          async () => checkCertificate(gateway, await cli.ca(), Date.now()),
        ];
  for (const step of steps) {
    const finding = await step();
    tell(finding);
    if (finding.state === 'wrong') return;
  }
  const clock = await checkClock(cli, gateway);
  tell(clock);
  if (clock.check === 'gateway') return;
  tell(checkVersion(cli));
  tell(await checkToken(cli));
}

async function checkClock(cli: Cli, gateway: URL): Promise<Finding> {
  let date: string | undefined;
  const http = await cli.http();
  const heard: typeof http.heard = (url, headers) => {
    date = headers.date;
    http.heard?.(url, headers);
  };
  const sentMs = Date.now();
  try {
    await fetchMeta(gateway, { ...http, heard });
  } catch (error) {
    return failed('gateway', error);
  }
  return judgeClock(date, sentMs, Date.now());
}

function checkVersion({ versions }: Cli): Finding {
  if (versions === null) return skipped('version', `sluice ${VERSION}; the gateway does not tell its own`);
  const { gateway, oldestClient } = versions;
  const words = `sluice ${VERSION}, gateway ${gateway}`;
  const advice = upgradeAdvice(VERSION, versions);
  if (advice === 'needed')
    return wrong('version', words, `Upgrade sluice: the gateway asks for ${oldestClient} or newer.`);
  return ok('version', words);
}

async function checkToken(cli: Cli): Promise<Finding> {
  try {
    const { principal, tokenExpiresAt } = await (await cli.api()).whoami();
    return ok('token', `${renderChain(principal)}, until ${tokenExpiresAt}`);
  } catch (error) {
    return failed('token', error);
  }
}

async function checkKeychain({ settings }: Cli): Promise<Finding> {
  if (settings.tokenFile !== null) return skipped('keychain', 'not needed: the access token comes from a file');
  if (settings.agent !== null) return skipped('keychain', 'not needed: an agent signs in by itself');
  if (settings.credentials === 'file') return ok('keychain', 'not used: the sign-in is kept in an encrypted file');
  const keychain = await openKeychain();
  if (keychain.ok) return ok('keychain', 'takes, gives and removes an entry');
  return settings.credentials === 'keychain'
    ? wrong('keychain', `it cannot be used: ${keychain.why}`, 'Unlock or start it, or choose SLUICE_CREDENTIALS=file.')
    : warn(
        'keychain',
        `there is none (${keychain.why}): the sign-in is kept in an encrypted file with its key beside it`,
        'Unlock or start it; to be content with the file, set SLUICE_CREDENTIALS=file.',
      );
}

async function checkSockets({ settings }: Cli): Promise<Finding> {
  const { runtimeDirectory, uid } = settings;
  try {
    await lstat(runtimeDirectory);
  } catch {
    // Not there, or not to be seen: opening a tunnel makes it, or says why it cannot.
    return ok('sockets', `${runtimeDirectory} will be made`);
  }
  try {
    await assertPrivateDirectory(runtimeDirectory, uid);
    return ok('sockets', `${runtimeDirectory} is yours alone`);
  } catch (error) {
    return failed('sockets', error);
  }
}

/** Fixed ports of the profiles here. One that is broken is told when it is used. */
async function profilePorts({ settings }: Cli): Promise<readonly number[]> {
  const { profilesDirectory, uid } = settings;
  const ports = new Set<number>();
  for (const name of await listProfiles(profilesDirectory)) {
    const [profile] = await Promise.allSettled([readProfile(profilesDirectory, name, uid)]);
    if (profile?.status !== 'fulfilled') continue;
    for (const { port } of profile.value.tunnels) if (port !== undefined) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

async function checkLocalPort(port: number, judge: typeof wrong): Promise<Finding> {
  try {
    const listener = await listenTcp(port, (socket) => socket.destroy());
    await listener.close();
    return ok('port', `${port} is free on this machine`);
  } catch (error) {
    if (!(error instanceof SluiceError && error.code === 'CONFIG_PORT_TAKEN')) return failed('port', error);
    return judge(
      'port',
      error.message,
      'Stop that program, or choose another port. A tunnel of yours is no trouble: sluice tunnel status.',
    );
  }
}

function failed(check: Finding['check'], error: unknown): Finding {
  if (error instanceof SluiceError) return wrong(check, error.message, error.remedy);
  return wrong(check, error instanceof Error ? error.message : String(error), 'Show this to your administrator.');
}

function render({ style }: Cli, { check, state, found, remedy }: Finding): string {
  const paint = { ok: style.green, warn: style.yellow, wrong: style.red, skipped: style.dim }[state];
  const line = `${paint(state.padEnd(7))}  ${check.padEnd(8)}  ${visibleLine(found)}\n`;
  return remedy === null ? line : `${line}${' '.repeat(19)}→ ${visibleLine(remedy)}\n`;
}
