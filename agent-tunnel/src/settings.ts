/**
 * Where the client's settings come from, strongest first: options of the command, environment, settings file.
 * The only reader of `process.env` on this side.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { z } from 'zod';
import type { ProxySettings } from './client/proxy.ts';
import { parseScopes } from './identity/asked-scopes.ts';
import { PROOF_SETTINGS, type ProofSetting } from './identity/binding.ts';
import type { CredentialStoreChoice } from './identity/open-credential-store.ts';
import { AgentFileSchema, type AgentSettings, readAgentSettings } from './settings-agent.ts';
import { readProxySettings } from './settings-proxy.ts';
import type { Transport } from './tunnel/gateway-dialer.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const TRANSPORTS = ['auto', 'tls', 'websocket'] as const satisfies readonly Transport[];

/** `~/.config/sluice/config.json`, or what SLUICE_CONFIG names; written by `sluice login`. */
export const SettingsFileSchema = z.strictObject({
  gateway: z.url().optional(),
  ca: z.string().optional(),
  credentials: z.enum(['auto', 'keychain', 'file']).optional(),
  /** `http://host:port` of an HTTP proxy, or `direct`. */
  proxy: z.string().optional(),
  /** How tunnels' streams travel. */
  transport: z.enum(TRANSPORTS).optional(),
  /** Whether access tokens are bound to a key (DPoP). */
  dpop: z.enum(PROOF_SETTINGS).optional(),
  agent: AgentFileSchema.optional(),
  /** Scopes of Sluice that access tokens are confined to, separated by spaces. */
  scope: z.string().optional(),
});
export type SettingsFile = z.infer<typeof SettingsFileSchema>;

export type SettingsOptions = {
  readonly gateway?: string | undefined;
  readonly ca?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** File with the access token of whom an agent acts for. */
  readonly onBehalfOf?: string | undefined;
  /** Scopes of Sluice, separated by spaces. */
  readonly scope?: string | undefined;
};

export type Settings = {
  /** Origin of the gateway; null when nobody named one. */
  readonly gateway: URL | null;
  /** PEM file of the gateway's authority; null for the system's authorities. */
  readonly caFile: string | null;
  readonly tokenFile: string | null;
  readonly proxy: ProxySettings | null;
  readonly transport: Transport;
  /** Whether access tokens are bound to a key (DPoP, RFC 9449). */
  readonly dpop: ProofSetting;
  /** An agent that needs no stored sign-in. */
  readonly agent: AgentSettings | null;
  /** Of the command: instead of what the sign-in says. */
  readonly onBehalfOfTokenFile: string | null;
  /** What access tokens are confined to; null: what the sign-in has. */
  readonly scopes: readonly string[] | null;
  readonly credentials: CredentialStoreChoice;
  readonly configDirectory: string;
  /** Tunnel profiles, one YAML file each. */
  readonly profilesDirectory: string;
  /** Parent of the tunnels' sockets: 0700, ours. */
  readonly runtimeDirectory: string;
  readonly uid: number;
  /** What child processes inherit. */
  readonly environment: Environment;
};

export function processEnvironment(): Environment {
  return process.env;
}

/** An empty variable counts as none. Throws `CONFIG_INVALID`, naming where the wrong value came from. */
export async function readSettings(options: SettingsOptions, environment: Environment): Promise<Settings> {
  const uid = process.getuid?.() ?? userInfo().uid;
  const configHome = environment['XDG_CONFIG_HOME'] || path.join(environment['HOME'] || homeOfUser(), '.config');
  const configDirectory = path.join(configHome, 'sluice');
  const configFile = environment['SLUICE_CONFIG'] || settingsPath(configDirectory);
  const file = await readSettingsFile(configFile);
  const gateway = options.gateway ?? (environment['SLUICE_GATEWAY'] || file.gateway);
  return {
    gateway: gateway === undefined ? null : parseGateway(gateway),
    caFile: options.ca ?? (environment['SLUICE_CA'] || file.ca || null),
    tokenFile: options.tokenFile ?? (environment['SLUICE_TOKEN_FILE'] || null),
    proxy: readProxySettings(environment, file.proxy),
    transport: parseTransport(environment['SLUICE_TRANSPORT']) ?? file.transport ?? 'auto',
    dpop: parseDpop(environment['SLUICE_DPOP']) ?? file.agent?.dpop ?? file.dpop ?? 'auto',
    agent: readAgentSettings(environment, file.agent, path.dirname(configFile)),
    onBehalfOfTokenFile: options.onBehalfOf ?? null,
    scopes: readScopes(options.scope, environment, file.scope),
    credentials: parseCredentials(environment['SLUICE_CREDENTIALS']) ?? file.credentials ?? 'auto',
    configDirectory,
    profilesDirectory: path.join(configDirectory, 'profiles'),
    runtimeDirectory: environment['SLUICE_RUNTIME_DIR'] || defaultRuntimeDirectory(environment, uid),
    uid,
    environment,
  };
}

/** Remembers settings for later commands; others in the file stay. */
export async function rememberSettings(configDirectory: string, changes: SettingsFile): Promise<void> {
  const known = await readSettingsFile(settingsPath(configDirectory));
  await mkdir(configDirectory, { recursive: true, mode: 0o700 });
  await writeFile(settingsPath(configDirectory), `${JSON.stringify({ ...known, ...changes }, null, 2)}\n`, {
    mode: 0o600,
  });
}

/** `host:port` is taken for `https://host:port`. Throws `CONFIG_INVALID`. */
export function parseGateway(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url !== null && url.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '')
    return url;
  throw new SluiceError('CONFIG_INVALID', `"${text}" is not the address of a gateway`, {
    remedy: 'Give its origin, such as https://gateway.example.com:7443.',
  });
}

/** A container may run under a number that is nobody's: then there is no home, and no settings in it. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return path.sep;
    throw error;
  }
}

function settingsPath(configDirectory: string): string {
  return path.join(configDirectory, 'config.json');
}

async function readSettingsFile(file: string): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new SluiceError('CONFIG_INVALID', `${file} cannot be read`, {
      cause: error,
      remedy: 'Check that you may read it.',
    });
  }
  try {
    return SettingsFileSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new SluiceError('CONFIG_INVALID', `${file} is not a settings file`, {
      cause: error,
      remedy: 'Mend it, or remove it and run `sluice login --gateway URL`.',
    });
  }
}

function readScopes(
  option: string | undefined,
  environment: Environment,
  inFile: string | undefined,
): readonly string[] | null {
  if (option !== undefined) return parseScopes(option, '--scope');
  const { SLUICE_SCOPE: variable } = environment;
  if (variable !== undefined && variable !== '') return parseScopes(variable, 'SLUICE_SCOPE');
  return inFile === undefined ? null : parseScopes(inFile, '"scope" of the settings file');
}

function parseCredentials(text: string | undefined): CredentialStoreChoice | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'auto' || text === 'keychain' || text === 'file') return text;
  throw new SluiceError('CONFIG_INVALID', `SLUICE_CREDENTIALS is "${text}"`, {
    remedy: 'Choose auto, keychain or file.',
  });
}

function parseTransport(text: string | undefined): Transport | undefined {
  if (text === undefined || text === '') return undefined;
  const known = TRANSPORTS.find((transport) => transport === text);
  if (known !== undefined) return known;
  throw new SluiceError('CONFIG_INVALID', `SLUICE_TRANSPORT is "${text}"`, {
    remedy: 'Choose auto, tls or websocket.',
  });
}

function parseDpop(text: string | undefined): ProofSetting | undefined {
  if (text === undefined || text === '') return undefined;
  const known = PROOF_SETTINGS.find((setting) => setting === text);
  if (known !== undefined) return known;
  throw new SluiceError('CONFIG_INVALID', `SLUICE_DPOP is "${text}"`, { remedy: 'Choose auto, required or off.' });
}

function defaultRuntimeDirectory(environment: Environment, uid: number): string {
  const runtime = environment['XDG_RUNTIME_DIR'];
  // Below /tmp the name could be made by anybody first; the tunnel checks its owner before it is used.
  return runtime ? path.join(runtime, 'sluice') : path.join(tmpdir(), `sluice-${uid}`);
}
