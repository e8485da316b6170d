/**
 * A real PostgreSQL of one's own, for the demo and the tests: own data folder below the system's temporary folder, a
 * free loopback port, passwords by SCRAM, no durability. Nothing stays behind after `stop()`, nor after the parent
 * process died: see `startWatcher`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SluiceError } from '@sluice/contract/errors';
import { findPostgres, makeUsable, type PostgresBinaries } from './postgres-binaries.ts';

const HOST = '127.0.0.1';
const SUPERUSER = 'postgres';
/** `nobody`, on every Linux: PostgreSQL refuses to run as root, and nothing of the machine belongs to this user. */
const NOBODY = 65_534;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 20;
/** The port is free when chosen, and may be taken a moment later. */
const PORT_ATTEMPTS = 5;
/** Kept of the server's log, for error messages. */
const MAX_LOG_CHARACTERS = 64 * 1024;

export type LocalPostgresOptions = {
  /** Major version; by default the newest on the machine, else the embedded one. */
  readonly major?: number;
  /** Programs from elsewhere, instead of a search for `major`. */
  readonly binaries?: PostgresBinaries;
  /** Loopback port; by default a free one. */
  readonly port?: number;
  /** Lines for postgresql.conf, e.g. `{ log_min_messages: 'fatal' }`. Values are quoted here. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Lines for pg_hba.conf that come before the default (SCRAM for everybody over TCP). */
  readonly hba?: readonly string[];
  /** Turns `ssl` on with this certificate; with `clientCaPem`, hba lines may ask for client certificates. */
  readonly tls?: { readonly certificatePem: string; readonly privateKeyPem: string; readonly clientCaPem?: string };
};

export type LocalPostgres = {
  readonly major: number;
  readonly origin: 'machine' | 'embedded';
  readonly host: string;
  readonly port: number;
  readonly superuser: string;
  readonly password: string;
  /** Of the superuser, database `postgres`. */
  readonly adminUri: string;
  readonly dataDir: string;
  readonly pid: number;
  /** The last part of what the server logged. */
  log(): string;
  /** Resolves when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server at once and removes its folder. May be called again. */
  stop(): Promise<void>;
};

/**
 * Initialises and starts a server, and waits until it accepts connections.
 * @throws SluiceError CONFIG_INVALID when no server is installed, CONFIG_PORT_TAKEN when `port` is in use,
 * UPSTREAM_UNREACHABLE with the server's log when it does not start.
 */
export async function startLocalPostgres(options: LocalPostgresOptions = {}): Promise<LocalPostgres> {
  const found = options.binaries ?? (await findPostgres(options.major));
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  try {
    const { binDir } = makeUsable(found, folder, user !== undefined);
    const cluster: Cluster = { folder, binDir, dataDir: join(folder, 'data'), password: newPassword(), user };
    await initialise(cluster);
    configure(cluster, options);
    const server = await startOnPort(cluster, options.port);
    return {
      major: found.major,
      origin: found.origin,
      host: HOST,
      port: server.port,
      superuser: SUPERUSER,
      password: cluster.password,
      adminUri: `postgres://${SUPERUSER}:${cluster.password}@${HOST}:${server.port}/postgres`,
      dataDir: cluster.dataDir,
      pid: server.pid,
      log: server.log,
      ended: server.ended,
      stop: server.stop,
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type User = { readonly uid: number; readonly gid: number };
type Cluster = {
  readonly folder: string;
  readonly binDir: string;
  readonly dataDir: string;
  readonly password: string;
  readonly user: User | undefined;
};
type Server = Pick<LocalPostgres, 'port' | 'pid' | 'log' | 'ended' | 'stop'>;

function unprivilegedUser(): User | undefined {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

async function initialise({ folder, binDir, dataDir, password, user }: Cluster): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  try {
    await promisify(execFile)(
      join(binDir, 'initdb'),
      [
        ...['--pgdata', dataDir, '--username', SUPERUSER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--locale', locale, '--no-sync', '--no-instructions'],
      ],
      { ...user, cwd: folder, env: childEnvironment() },
    );
  } catch (error) {
    throw new SluiceError('UPSTREAM_UNREACHABLE', 'PostgreSQL could not make a new database folder.', { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** No variable of ours may steer the server (PGDATA, PGPORT …), and its messages are in English. */
function childEnvironment(): NodeJS.ProcessEnv {
  return { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };
}

function configure(cluster: Cluster, { settings = {}, hba = [], tls }: LocalPostgresOptions): void {
  const { dataDir } = cluster;
  const tlsSettings = tls === undefined ? {} : writeTlsFiles(cluster, tls);
  const all = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    fsync: false,
    full_page_writes: false,
    synchronous_commit: false,
    shared_buffers: '64MB',
    max_connections: 120,
    autovacuum: false,
    jit: false,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...tlsSettings,
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  writeOwned(cluster, join(dataDir, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  const hbaLines = [...hba, 'host all all 127.0.0.1/32 scram-sha-256', 'host all all ::1/128 scram-sha-256'];
  writeOwned(cluster, join(dataDir, 'pg_hba.conf'), `${hbaLines.join('\n')}\n`);
}

function writeTlsFiles(
  cluster: Cluster,
  tls: NonNullable<LocalPostgresOptions['tls']>,
): Record<string, string | boolean> {
  const write = (name: string, pem: string) => {
    const path = join(cluster.dataDir, name);
    writeOwned(cluster, path, pem);
    return path;
  };
  return {
    ssl: true,
    ssl_cert_file: write('server.crt', tls.certificatePem),
    ssl_key_file: write('server.key', tls.privateKeyPem),
    ...(tls.clientCaPem === undefined ? {} : { ssl_ca_file: write('client-ca.crt', tls.clientCaPem) }),
  };
}

function writeOwned({ user }: Cluster, path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

async function startOnPort(cluster: Cluster, wantedPort: number | undefined): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wantedPort ?? (await freePort());
    try {
      return await startServer(cluster, port);
    } catch (error) {
      const isTaken = error instanceof SluiceError && error.code === 'CONFIG_PORT_TAKEN';
      if (!isTaken || wantedPort !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function startServer(cluster: Cluster, port: number): Promise<Server> {
  const { binDir, dataDir, folder, user } = cluster;
  let log = '';
  // Detached: Ctrl-C on the terminal reaches us alone, and we stop the server after whoever still uses it.
  const child = spawn(join(binDir, 'postgres'), ['-D', dataDir, '-p', String(port)], {
    ...user,
    cwd: folder,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    log = (log + text).slice(-MAX_LOG_CHARACTERS);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      log += error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const watcher = child.pid === undefined ? undefined : startWatcher(child.pid, cluster);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      await endServer(child, ended);
      watcher?.stdin?.end();
      rmSync(folder, { recursive: true, force: true });
    })();
    return stopping;
  };

  try {
    await waitUntilReady(dataDir, ended, () => log);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) throw startFailure(port, log);
  } catch (error) {
    await endServer(child, ended);
    watcher?.stdin?.end();
    throw error;
  }
  return { port, pid: child.pid, log: () => log, ended, stop };
}

/**
 * A shell that outlives us: its standard input is a pipe whose other end only this process holds. When this process
 * is gone, however it went, the shell reads the end of the pipe, ends the server and removes its folder. It does so
 * only while `postmaster.pid` still names the server that we started, so a reused process id is safe. Not on Windows.
 */
function startWatcher(pid: number, { folder, dataDir, user }: Cluster): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const script = [
    'cat >/dev/null',
    '[ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] || exit 0',
    'kill -QUIT "$1"',
    // Bounded: where nobody reaps orphans, the ended server stays visible as a zombie.
    'tries=0; while kill -0 "$1" 2>/dev/null && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done',
    'rm -rf -- "$3"',
  ].join('\n');
  const watcher = spawn('/bin/sh', ['-c', script, 'sluice-postgres-watcher', String(pid), dataDir, folder], {
    ...user,
    cwd: '/',
    env: childEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  // Without the watcher everything works, except cleaning up after our own crash.
  watcher.once('error', () => watcher.stdin?.destroy());
  watcher.stdin?.once('error', () => watcher.stdin?.destroy());
  if (watcher.stdin !== null && 'unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') {
    watcher.stdin.unref();
  }
  return watcher;
}

/**
 * The server writes `ready` as the eighth line of postmaster.pid (what pg_ctl waits for too). Watched by polling: the
 * log line that says the same is lost when `log_min_messages` is set higher.
 */
async function waitUntilReady(dataDir: string, ended: Promise<void>, log: () => string): Promise<void> {
  const state = { hasEnded: false };
  void ended.then(() => {
    state.hasEnded = true;
  });
  const deadline = performance.now() + START_LIMIT_MS;
  while (!state.hasEnded && !isReady(dataDir)) {
    if (performance.now() > deadline) {
      throw new SluiceError(
        'UPSTREAM_UNREACHABLE',
        `PostgreSQL did not become ready in ${START_LIMIT_MS} ms: ${log()}`,
      );
    }
    await delay(POLL_MS);
  }
}

function isReady(dataDir: string): boolean {
  try {
    return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function startFailure(port: number, log: string): SluiceError {
  return /could not bind|Address already in use/.test(log)
    ? new SluiceError('CONFIG_PORT_TAKEN', `Port ${port} on ${HOST} is in use by another program.`)
    : new SluiceError('UPSTREAM_UNREACHABLE', `PostgreSQL did not start: ${log.trim()}`);
}

/** SIGQUIT is PostgreSQL's immediate shutdown: right for data that is thrown away. */
async function endServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGQUIT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}
