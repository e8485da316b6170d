/**
 * A real gateway in a process of its own, as `sluice-gateway start --config DIR` runs it, with the embedded identity
 * provider beside it in this process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MintedSession } from '@sluice/contract/api';
import { ApiClient, fetchMeta } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import type { AccessToken } from '../../agent-tunnel/src/identity/access-token.ts';
import { startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import {
  clientCredentials,
  DEMO_REDIRECT,
  exchange,
  signInForDemo,
} from '../../gateway/src/demo/identity-provider-client.ts';
import type { DemoPrincipals } from '../../gateway/src/demo/identity-provider-principals.ts';
import { LOOPBACK_NAMES, makeCertificates, type TestCertificates } from './certificates.ts';
import { fetchTrusting } from './fetch-trusting.ts';

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');
const AUDIENCE = 'sluice';
/** A busy machine takes its time; this only ends a hang. */
const START_LIMIT_MS = 90_000;
/** Another process may take a free port before the gateway does. */
const START_ATTEMPTS = 3;
const POLL_MS = 50;
const STOP_LIMIT_MS = 15_000;

export type GatewayResource = {
  readonly name: string;
  /** `tls` is `disable` unless given; `ca`, `cert` and `key` are paths. */
  readonly upstream: { readonly host: string; readonly port: number; readonly database: string } & Readonly<
    Partial<Record<'tls' | 'ca' | 'cert' | 'key' | 'pooler', string>>
  >;
  readonly credential: { readonly username: string; readonly password?: string };
  /** Text of labels.csv. */
  readonly labelsCsv: string;
  /** What a column without a label counts as. */
  readonly unclassified: 'public' | 'internal' | 'confidential' | 'regulated';
  /** Declared functions, as the configuration has them. */
  readonly functions?: readonly object[];
  /** What looks classified, as the configuration has it. */
  readonly detect?: readonly object[];
  /** Which columns are called like something classified, as the configuration has it. */
  readonly names?: readonly object[];
  /** `auto` unless given. */
  readonly oracle?: 'notices' | 'stored';
};

export type GatewayOptions = {
  readonly resources: readonly GatewayResource[];
  readonly users: DemoPrincipals['users'];
  /** Agents with their secrets, which the issuer's document lists with their groups. */
  readonly agents?: DemoPrincipals['agents'];
  /** Cedar files by name; none means the shipped policies. */
  readonly policies?: Readonly<Record<string, string>>;
  /** `limits` of the gateway document. */
  readonly limits?: Readonly<Record<string, number>>;
  /** `evidence` of the gateway document. */
  readonly evidence?: object;
  /** The provider tells the gateway of logouts. */
  readonly backchannelLogout?: boolean;
  /** More members of the issuer's document. */
  readonly issuer?: object;
  /** More documents, e.g. another issuer. */
  readonly documents?: readonly object[];
  /** `telemetry` of the gateway document. */
  readonly telemetry?: object;
  /** Arguments of Node before the program's. */
  readonly nodeArguments?: readonly string[];
  /** Where evidence, recordings and the store live; by default a folder of its own. */
  readonly dataDir?: string;
  /** Address of the tunnel's port, loopback unless given. */
  readonly tunnelHost?: string;
  /** `origins` of the gateway document. */
  readonly origins?: readonly string[];
  /** The provider speaks TLS and asks clients for certificates; the gateway trusts its authority, which is the gateway's own. */
  readonly providerTls?: boolean;
  /** Life of the provider's access tokens. */
  readonly accessTokenSeconds?: number;
};

/** How a process ended. */
export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type TestGateway = {
  /** Of the process that runs now. */
  readonly pid: number;
  /** Origin of the API and the tunnel. */
  readonly url: URL;
  readonly postgresPort: number;
  readonly caFile: string;
  readonly directory: string;
  /** Everything that it printed. */
  output(): string;
  /** The API as one of the users. */
  apiFor(username: string): Promise<ApiClient>;
  mintSession(username: string, resource: string, application?: string): Promise<MintedSession>;
  /** Exact `iss` of the provider's tokens. */
  readonly issuer: string;
  /** One of the users in a browser of their own, which stays signed in. `scopes`: of Sluice, beside those of a person. */
  signIn(
    username: string,
    scopes?: readonly string[],
  ): Promise<{ readonly accessToken: string; readonly browser: FormBrowser }>;
  /** Ends the browser's sign-in at the provider. */
  signOut(browser: FormBrowser): Promise<void>;
  /** An access token of one of the users, as a client program gets it. */
  tokenOf(username: string): Promise<string>;
  /** An access token of an agent, for itself or on behalf of whom another token stands for. */
  tokenOfAgent(clientId: string, onBehalfOf?: string, scopes?: readonly string[]): Promise<string>;
  /** The API with a token. */
  apiWith(accessToken: AccessToken): ApiClient;
  /** Sends a signal to the process and waits for its end. */
  end(signal: NodeJS.Signals): Promise<ProcessEnd>;
  /** Waits for the end that it makes by itself. */
  ended(): Promise<ProcessEnd>;
  /** Starts it again on the same configuration and data, after its end. */
  restart(): Promise<void>;
  /** Stops it as an operator would (SIGTERM), then everything beside it. */
  stop(): Promise<void>;
};

export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnPorts(options, await freePorts());
    } catch (error) {
      const isTaken = error instanceof Error && /EADDRINUSE|in use by another program/.test(error.message);
      if (!isTaken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOnPorts(
  options: GatewayOptions,
  [tunnelPort, postgresPort]: readonly [number, number],
): Promise<TestGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-gateway-'));
  const tunnelHost = options.tunnelHost ?? '127.0.0.1';
  const certificates = makeCertificates([...new Set([...LOOPBACK_NAMES, tunnelHost])]);
  const url = new URL(`https://${tunnelHost}:${tunnelPort}`);
  const provider = await startIdentityProvider({
    port: 0,
    audience: AUDIENCE,
    principals: { users: options.users, agents: options.agents ?? [] },
    resources: options.resources.map(({ name }) => name),
    ...(options.accessTokenSeconds !== undefined && { accessTokenSeconds: options.accessTokenSeconds }),
    ...(options.providerTls === true && {
      tls: { cert: certificates.server.certificatePem, key: certificates.server.privateKeyPem },
    }),
    fetch: (address, init) => fetchTrusting(certificates.authority.certificatePem, address, init),
    ...(options.backchannelLogout === true
      ? { backchannelLogoutUri: new URL('/api/v1/issuers/test/backchannel-logout', url).href }
      : {}),
  });
  writeConfiguration(directory, certificates, options, {
    issuer: provider.issuer,
    clientId: provider.clientId,
    tunnelHost,
    tunnelPort,
    postgresPort,
  });

  const output: string[] = [];
  const run = () => {
    const started = spawn(
      process.execPath,
      [...(options.nodeArguments ?? []), MAIN, 'start', '--config', join(directory, 'config')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: directory,
        ...(options.providerTls === true && {
          env: { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') },
        }),
      },
    );
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    return started;
  };
  let child = run();
  const stop = async () => {
    await endChild(child);
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  };

  const http = { ...DEFAULT_HTTP, ca: certificates.authority.certificatePem };
  const answering = () => untilAnswering(child, () => fetchMeta(url, http), output);
  try {
    await answering();
  } catch (error) {
    await stop();
    throw error;
  }
  const signIn = async (username: string, scopes: readonly string[] = []) => {
    const password = options.users.find((user) => user.username === username)?.password ?? '';
    const browser = new FormBrowser(DEMO_REDIRECT);
    const { accessToken } = await signInForDemo({
      ...{ issuer: provider.issuer, username, password, browser },
      scopes: [...provider.scopes, ...scopes],
    });
    return { accessToken, browser };
  };
  const tokenOf = async (username: string) => (await signIn(username)).accessToken;
  const apiFor = async (username: string) => {
    return apiWith(await tokenOf(username));
  };
  const apiWith = (accessToken: AccessToken) => new ApiClient(url, http, () => Promise.resolve(accessToken));
  const tokenOfAgent = async (clientId: string, onBehalfOf?: string, scopes?: readonly string[]) => {
    const authentication = options.agents?.find((agent) => agent.clientId === clientId)?.authentication;
    if (authentication?.kind !== 'secret') throw new Error(`there is no agent ${clientId} with a secret`);
    const as = { issuer: provider.issuer, client: { ...authentication, clientId }, ...(scopes && { scopes }) };
    const tokens =
      onBehalfOf === undefined ? await clientCredentials(as) : await exchange({ ...as, subjectToken: onBehalfOf });
    return tokens.accessToken;
  };
  return {
    get pid() {
      return child.pid ?? 0;
    },
    ...{ url, postgresPort, directory, apiFor, apiWith, signIn, tokenOf, tokenOfAgent, stop },
    issuer: provider.issuer,
    signOut: async (browser) => {
      const question = await browser.open(`${provider.issuer}/session/end?client_id=${provider.clientId}`);
      const { html } = await browser.submit(question, { logout: 'yes' });
      if (!html.includes('Signed out')) throw new Error(`not signed out: ${html}`);
    },
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill(signal);
        await closed;
      }
      return { code: child.exitCode, signal: child.signalCode };
    },
    ended: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return { code: child.exitCode, signal: child.signalCode };
    },
    restart: async () => {
      child = run();
      await answering();
    },
    caFile: join(directory, 'ca.pem'),
    output: () => output.join(''),
    mintSession: async (username, resource, application = 'test') =>
      (await apiFor(username)).mintSession(resource, application),
  };
}

type Endpoints = {
  readonly issuer: string;
  readonly clientId: string;
  readonly tunnelHost: string;
  readonly tunnelPort: number;
  readonly postgresPort: number;
};

/** JSON is YAML: the documents are written as the one and read as the other. */
function writeConfiguration(
  directory: string,
  { authority, server }: TestCertificates,
  options: GatewayOptions,
  endpoints: Endpoints,
): void {
  const config = join(directory, 'config');
  mkdirSync(config);
  const write = (name: string, text: string) => writeFileSync(join(config, name), text, { mode: 0o600 });
  writeFileSync(join(directory, 'ca.pem'), authority.certificatePem);
  write('server.crt', server.certificatePem);
  write('server.key', server.privateKeyPem);
  for (const [name, text] of Object.entries(options.policies ?? {})) write(name, text);
  const documents: object[] = [
    {
      kind: 'gateway',
      listen: {
        tunnel: `${endpoints.tunnelHost}:${endpoints.tunnelPort}`,
        postgres: `127.0.0.1:${endpoints.postgresPort}`,
      },
      tls: { cert: 'server.crt', key: 'server.key' },
      ...(options.origins === undefined ? {} : { origins: options.origins }),
      dataDir: options.dataDir ?? join(directory, 'data'),
      limits: options.limits ?? {},
      ...(options.evidence === undefined ? {} : { evidence: options.evidence }),
      ...(options.telemetry === undefined ? {} : { telemetry: options.telemetry }),
    },
    {
      ...{ kind: 'issuer', name: 'test', issuer: endpoints.issuer, audience: AUDIENCE, clientId: endpoints.clientId },
      ...(options.agents === undefined
        ? {}
        : { agents: options.agents.map(({ clientId, groups }) => ({ clientId, kind: 'agent', groups })) }),
      ...options.issuer,
    },
    ...(options.documents ?? []),
  ];
  for (const resource of options.resources) {
    write(`${resource.name}.csv`, resource.labelsCsv);
    const { username, password } = resource.credential;
    if (password !== undefined) write(`${resource.name}.password`, `${password}\n`);
    documents.push({
      kind: 'resource',
      name: resource.name,
      protocol: 'postgres',
      upstream: { tls: 'disable', ...resource.upstream },
      credential: { username, ...(password === undefined ? {} : { password: { file: `${resource.name}.password` } }) },
      classification: [{ csv: `${resource.name}.csv` }],
      unclassified: resource.unclassified,
      ...(resource.functions === undefined ? {} : { functions: resource.functions }),
      ...(resource.detect === undefined ? {} : { detect: resource.detect }),
      ...(resource.names === undefined ? {} : { names: resource.names }),
      ...(resource.oracle === undefined ? {} : { oracle: resource.oracle }),
    });
  }
  write('sluice.yaml', documents.map((document) => JSON.stringify(document, null, 2)).join('\n---\n'));
}

/** Two ports that were free a moment ago. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(address !== null && typeof address === 'object' ? address.port : 0);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
}

async function untilAnswering(
  child: ChildProcess,
  ask: () => Promise<unknown>,
  output: readonly string[],
): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the gateway ended:\n${output.join('')}`);
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`the gateway does not answer:\n${output.join('')}`, { cause: error });
    }
    await delay(POLL_MS);
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await closed;
  clearTimeout(timer);
}
