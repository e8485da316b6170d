import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

const PROGRAM = '/usr/bin/glewlwyd';
const SCHEMA = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz';
const MODULES = '/usr/lib/glewlwyd';
/** Nothing listens there: the redirect with the code is read and not followed. */
const REDIRECT_URI = 'http://127.0.0.1:9/callback';
const SCOPE = 'sluice';
const START_MS = 20_000;

/** Whether Debian's package is here, with the database schema among its documents. */
export function isGlewlwydInstalled(): boolean {
  return existsSync(PROGRAM) && existsSync(SCHEMA);
}

/**
 * glewlwyd, an OpenID Connect server that is not ours and shares no code with the libraries that we use: on loopback,
 * with its own database in a temporary folder, one agent, one public client and one person.
 */
export class Glewlwyd {
  /** The audience of its tokens is the scope. */
  readonly audience = SCOPE;
  readonly agentClientId = 'nightly-executor';
  readonly #origin: string;
  readonly #process: ChildProcess;
  readonly #directory: string;
  readonly #agentSecret = randomBytes(16).toString('hex');
  readonly #personPassword = randomBytes(16).toString('hex');

  static async start(): Promise<Glewlwyd> {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-glewlwyd-'));
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const database = new DatabaseSync(join(directory, 'glewlwyd.db'));
    database.exec(gunzipSync(await readFile(SCHEMA)).toString('utf8'));
    database.close();
    await writeFile(join(directory, 'glewlwyd.conf'), configuration(directory, port));
    const program = spawn(PROGRAM, [`--config-file=${join(directory, 'glewlwyd.conf')}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new Glewlwyd(origin, program, directory);
    try {
      await server.#started();
      await server.#configure();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(origin: string, program: ChildProcess, directory: string) {
    this.#origin = origin;
    this.#process = program;
    this.#directory = directory;
  }

  get issuer(): string {
    return `${this.#origin}/api/oidc`;
  }

  /** An access token of the agent for itself. */
  async clientCredentials(): Promise<string> {
    const basic = Buffer.from(`${this.agentClientId}:${this.#agentSecret}`).toString('base64');
    const fields = { grant_type: 'client_credentials', scope: SCOPE };
    return this.#token(fields, { authorization: `Basic ${basic}` });
  }

  /** An access token of the person, by code + PKCE, as a browser with their session would get it. */
  async authorizationCode(): Promise<string> {
    const session = await this.#logIn('analyst', this.#personPassword);
    await this.#api('PUT', 'auth/grant/desktop', session, { scope: SCOPE });
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'desktop',
      redirect_uri: REDIRECT_URI,
      scope: SCOPE,
      state: 'state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      // Its login page would add this after the person agreed.
      g_continue: '',
    });
    const answer = await fetch(`${this.issuer}/auth?${query.toString()}`, {
      redirect: 'manual',
      headers: { cookie: session },
    });
    const code = new URL(answer.headers.get('location') ?? '', REDIRECT_URI).searchParams.get('code');
    if (code === null) throw new Error(`glewlwyd gave no code: ${answer.status} ${answer.headers.get('location')}`);
    const fields = { grant_type: 'authorization_code', client_id: 'desktop', code, redirect_uri: REDIRECT_URI };
    return this.#token({ ...fields, code_verifier: verifier }, {});
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await exited;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #started(): Promise<void> {
    const { stdout, stderr } = this.#process;
    if (stdout === null || stderr === null) throw new Error('glewlwyd has no output');
    const lines = createInterface({ input: stdout });
    const seen: string[] = [];
    stderr.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    const timeout = AbortSignal.timeout(START_MS);
    const onTimeout = () => lines.close();
    timeout.addEventListener('abort', onTimeout);
    try {
      for await (const line of lines) {
        seen.push(line);
        if (line.includes('Glewlwyd started on port')) return;
      }
      throw new Error(`glewlwyd did not start:\n${seen.join('\n')}`);
    } finally {
      timeout.removeEventListener('abort', onTimeout);
      stdout.resume();
    }
  }

  async #configure(): Promise<void> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const admin = await this.#logIn('admin', 'password');
    await this.#api('POST', 'mod/plugin/', admin, {
      module: 'oidc',
      name: 'oidc',
      display_name: 'OpenID Connect',
      order_rank: 0,
      parameters: {
        iss: this.issuer,
        'jwt-type': 'ecdsa',
        'jwt-key-size': '256',
        key: privateKey.export({ type: 'sec1', format: 'pem' }),
        cert: publicKey.export({ type: 'spki', format: 'pem' }),
        'access-token-duration': 600,
        'refresh-token-duration': 1_200,
        'code-duration': 60,
        'allow-non-oidc': true,
        'auth-type-code-enabled': true,
        'auth-type-client-enabled': true,
        'auth-type-refresh-enabled': true,
        'jwks-show': true,
        'pkce-allowed': true,
        'pkce-mandatory': true,
        'subject-type': 'public',
      },
    });
    await this.#api('POST', 'scope/', admin, { name: SCOPE, password_required: true, password_max_age: 0, scheme: {} });
    await this.#api('POST', 'client/', admin, {
      client_id: this.agentClientId,
      confidential: true,
      enabled: true,
      password: this.#agentSecret,
      client_secret: this.#agentSecret,
      scope: [SCOPE],
      authorization_type: ['client_credentials'],
      token_endpoint_auth_method: ['client_secret_basic'],
    });
    await this.#api('POST', 'client/', admin, {
      client_id: 'desktop',
      confidential: false,
      enabled: true,
      redirect_uri: [REDIRECT_URI],
      scope: [],
      authorization_type: ['code', 'refresh_token'],
    });
    const scope = [SCOPE, 'g_profile', 'openid'];
    await this.#api('POST', 'user/', admin, {
      username: 'analyst',
      enabled: true,
      password: this.#personPassword,
      scope,
    });
  }

  /** The cookie of a new session. */
  async #logIn(username: string, password: string): Promise<string> {
    const response = await this.#api('POST', 'auth/', '', { username, password });
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async #api(method: string, path: string, cookie: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(`${this.#origin}/api/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`glewlwyd ${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async #token(fields: Record<string, string>, headers: Record<string, string>): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
    });
    const answer = (await response.json()) as { access_token?: string; error?: string };
    if (answer.access_token === undefined)
      throw new Error(`glewlwyd gave no token: ${response.status} ${answer.error}`);
    return answer.access_token;
  }
}

function configuration(directory: string, port: number): string {
  return `port=${port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:${port}"
login_url="login.html"
api_prefix="api"
cookie_secure=0
log_mode="console"
log_level="INFO"
user_module_path="${MODULES}/user"
client_module_path="${MODULES}/client"
user_auth_scheme_module_path="${MODULES}/scheme"
plugin_module_path="${MODULES}/plugin"
hash_algorithm="SHA512"
database = { type = "sqlite3"; path = "${directory}/glewlwyd.db"; };
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
