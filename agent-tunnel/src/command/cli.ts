import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import { ApiClient, fetchMeta } from '../client/api-client.ts';
import { type ClientCertificate, DEFAULT_HTTP, type HttpOptions } from '../client/https.ts';
import { type GatewayVersions, gatewayVersions } from '../client/upgrade.ts';
import type { TokenSource } from '../identity/access-token.ts';
import { chooseIssuer } from '../identity/choose-issuer.ts';
import type { CredentialStore } from '../identity/credential-store.ts';
import { withFileLock } from '../identity/file-lock.ts';
import { openCredentialStore } from '../identity/open-credential-store.ts';
import type { IssuerFacts } from '../identity/openid.ts';
import { type SignIn, storedFacts } from '../identity/sign-in.ts';
import { tokenFromAgent, tokenFromFile, tokenFromSignIn } from '../identity/token-source.ts';
import { makeStyle, type Style } from '../render/style.ts';
import { type Environment, readSettings, type Settings, type SettingsOptions } from '../settings.ts';
import type { AgentSettings } from '../settings-agent.ts';

/** The process around a command: its streams and environment. */
export type Surroundings = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Environment;
};

/** What every command works with: settings, output, and the way to the gateway, each opened when first needed. */
export class Cli {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** For standard output; plain unless it is a terminal. */
  readonly style: Style;
  #store: CredentialStore | null = null;
  #token: TokenSource | null = null;
  #versions: GatewayVersions | null = null;
  #certificate: ClientCertificate | null = null;
  /** Of the issuer where an agent of the settings signs in; they stay for the length of the command. */
  #agentFacts: IssuerFacts | null = null;

  private constructor(settings: Settings, surroundings: Surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.style = makeStyle(surroundings.stdout.isTTY === true && !surroundings.environment['NO_COLOR']);
  }

  static async open(options: SettingsOptions, surroundings: Surroundings): Promise<Cli> {
    return new Cli(await readSettings(options, surroundings.environment), surroundings);
  }

  out(text: string): void {
    this.surroundings.stdout.write(text);
  }

  /** Notes for a person; never data that a program would read. */
  note(text: string): void {
    this.surroundings.stderr.write(text);
  }

  /** Progress: on a terminal only. */
  progress(text: string): void {
    if (this.surroundings.stderr.isTTY === true) this.surroundings.stderr.write(text);
  }

  json(value: unknown): void {
    this.out(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** What the gateway said of versions in its last answer; null before the first. */
  get versions(): GatewayVersions | null {
    return this.#versions;
  }

  get gateway(): URL {
    if (this.settings.gateway !== null) return this.settings.gateway;
    throw new SluiceError('CONFIG_INVALID', 'no gateway is named', {
      remedy: 'Name it once with `sluice login --gateway URL`, or set SLUICE_GATEWAY.',
    });
  }

  async http(): Promise<HttpOptions> {
    return {
      ...DEFAULT_HTTP,
      ca: await this.ca(),
      proxy: this.settings.proxy,
      certificate: await this.certificate(),
      heard: (url, headers) => {
        // Identity providers are asked by the same means, and have nothing to say about us.
        if (url.origin === this.settings.gateway?.origin) this.#versions = gatewayVersions(headers) ?? this.#versions;
      },
    };
  }

  async ca(): Promise<string | null> {
    const { caFile } = this.settings;
    return caFile === null ? null : await readPem(caFile, 'the authority', 'Check `--ca` or SLUICE_CA.');
  }

  /** The certificate of an agent that has one; it stays for the length of the command. */
  async certificate(): Promise<ClientCertificate | null> {
    const files = this.settings.agent?.certificate ?? null;
    if (files === null) return null;
    const remedy = 'Check SLUICE_CLIENT_CERTIFICATE_FILE and SLUICE_CLIENT_KEY_FILE.';
    this.#certificate ??= {
      cert: await readPem(files.certificateFile, 'the client certificate', remedy),
      key: await readPem(files.keyFile, 'the key of the client certificate', remedy),
    };
    return this.#certificate;
  }

  async store(): Promise<CredentialStore> {
    const { credentials: choice, configDirectory: directory, uid } = this.settings;
    this.#store ??= await openCredentialStore({
      choice,
      directory,
      uid,
      warn: (message) => this.note(`sluice: warning: ${message}\n`),
    });
    return this.#store;
  }

  /** One source for the whole command, so that a tunnel's connections share one token. */
  async token(): Promise<TokenSource> {
    this.#token ??= await this.#openToken();
    return this.#token;
  }

  async api(): Promise<ApiClient> {
    return new ApiClient(this.gateway, await this.http(), await this.token());
  }

  /** Runs `work` while no other sluice of this person renews the sign-in. */
  locked<T>(work: () => Promise<T>): Promise<T> {
    return withFileLock(path.join(this.settings.configDirectory, 'renewal.lock'), work);
  }

  async #openToken(): Promise<TokenSource> {
    const { tokenFile, agent, onBehalfOfTokenFile, scopes } = this.settings;
    if (tokenFile !== null && scopes !== null)
      throw new SluiceError('USAGE', 'an access token is used as it is, and no other is asked for', {
        remedy: 'Leave out --scope and SLUICE_SCOPE, or --token-file and SLUICE_TOKEN_FILE.',
      });
    if (tokenFile !== null && onBehalfOfTokenFile !== null)
      throw new SluiceError('USAGE', 'an access token is used as it is, and acts for nobody else', {
        remedy: 'Leave out --on-behalf-of, or --token-file and SLUICE_TOKEN_FILE.',
      });
    if (tokenFile !== null) return tokenFromFile(tokenFile);
    const http = await this.http();
    const { dpop } = this.settings;
    // A token is bound to one thing: unless it is said otherwise, to the certificate that the agent has.
    const proofs = dpop === 'auto' && (agent?.certificate ?? null) !== null ? 'off' : dpop;
    if (agent !== null) return tokenFromAgent(() => this.#agentSignIn(agent), { http, now: Date.now, proofs, scopes });
    return tokenFromSignIn({
      account: this.gateway.origin,
      store: await this.store(),
      http,
      now: Date.now,
      locked: (work) => this.locked(work),
      ...{ onBehalfOfTokenFile, proofs, scopes },
    });
  }

  async #agentSignIn({
    clientId,
    issuer,
    certificate: _shown,
    ...files
  }: AgentSettings): Promise<Extract<SignIn, { kind: 'agent' }>> {
    this.#agentFacts ??= chooseIssuer(await fetchMeta(this.gateway, await this.http()), issuer, clientId);
    return {
      kind: 'agent',
      facts: storedFacts(this.#agentFacts),
      ...files,
      onBehalfOfTokenFile: this.settings.onBehalfOfTokenFile ?? files.onBehalfOfTokenFile,
    };
  }
}

async function readPem(file: string, what: string, remedy: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SluiceError('CONFIG_INVALID', `${what} cannot be read from ${file}`, { cause: error, remedy });
  }
}
