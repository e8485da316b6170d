/** `sluice tunnel`: tunnels in the background, against a real gateway. */
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';
import { type Home, makeHome } from '../harness/sluice.ts';

// Many commands in turn, each a process of its own; the bound only ends a hang.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const USER = { username: 'ana', name: 'Ana', email: 'ana@corp.test', password: 'ana-password', groups: ['analysts'] };
/** Enough for forty resources on one database. */
const RESOURCES = Array.from({ length: 40 }, (_, index) => `db-${index + 1}`);

let server: PostgresServer;
let gateway: TestGateway;
let home: Home;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin('CREATE DATABASE orders');
  await server.admin(`CREATE ROLE app LOGIN PASSWORD 'app-password'`);
  gateway = await startGateway({
    users: [USER],
    resources: RESOURCES.map((name) => ({
      name,
      upstream: { host: server.host, port: server.port, database: 'orders' },
      credential: { username: 'app', password: 'app-password' },
      labelsCsv: 'schema,table,column,label,category\n',
      unclassified: 'public',
    })),
    documents: [
      {
        kind: 'profile',
        name: 'everything',
        description: 'All databases',
        groups: ['analysts'],
        tunnels: RESOURCES.map((resource) => ({ resource })),
      },
      { kind: 'profile', name: 'for-others', groups: ['others'], tunnels: [{ resource: 'db-1' }] },
    ],
  });
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

beforeEach(async () => {
  home = await makeHome({ SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile });
  await writeToken();
});
afterEach(async () => {
  await tunnel('down', '--all');
  await home.remove();
});

const tokenFile = () => path.join(home.directory, 'token');
const writeToken = async () => writeFile(tokenFile(), await gateway.tokenOf(USER.username), { mode: 0o600 });
const tunnel = (...args: readonly string[]) =>
  home.sluice(['tunnel', ...args], { env: { SLUICE_TOKEN_FILE: tokenFile() } });

type Status = {
  readonly running: boolean;
  readonly pid: number;
  readonly tunnels: readonly { readonly resource: string; readonly state: string; readonly endpoint: string }[];
};
const status = async () => JSON.parse((await tunnel('status', '--json')).stdout) as Status;

type Target = {
  readonly resource: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly passFile: string;
};
const targets = async () => JSON.parse((await tunnel('settings', '--for', 'json')).stdout) as readonly Target[];

/** What an ordinary program does: reads the password file, connects. */
async function connected({ host, port, database, user, passFile }: Target): Promise<pg.Client> {
  const password = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
  const client = new pg.Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function answers(target: Target): Promise<void> {
  const client = await connected(target);
  expect((await client.query('select 42 as answer')).rows).toEqual([{ answer: 42 }]);
  await client.end();
}

async function writeProfile(name: string, text: string): Promise<void> {
  const directory = path.join(home.directory, '.config/sluice/profiles');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path.join(directory, `${name}.yaml`), text, { mode: 0o600 });
}

/** A free port on both loopback addresses, and what holds it until it is told not to. */
async function takenPort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const holder = net.createServer((socket) => socket.destroy());
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    release: async () => {
      holder.close();
      await once(holder, 'close');
    },
  };
}

/** The daemon's own process has ended. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    // Signal 0 asks whether there is one; a zombie of another parent does not count here, the daemon has none.
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    if (/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('in the background', () => {
  it('a tunnel outlives the command that opened it, serves programs, and is gone after down', async () => {
    const up = await tunnel('up', 'db-1');
    expect(up).toMatchObject({ code: 0, stdout: expect.stringMatching(/^default +db-1 +open/m) });
    const [target] = await targets();
    if (target === undefined) throw new Error('no target');
    expect(target.user).toBe('db-1');
    await answers(target);
    const service = path.join(home.directory, 'service.conf');
    await writeFile(service, (await tunnel('settings', '--for', 'psql')).stdout);
    const env = { PGSERVICEFILE: service, PGPASSWORD: '' };
    expect(await runProgram('psql', ['service=db-1', '-Atc', 'select 6 * 7'], { env })).toMatchObject({
      code: 0,
      stdout: '42\n',
    });
    const { pid } = await status();
    expect((await tunnel('logs')).stdout).toMatch(/default\/db-1 connection 1 opened/);
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    const secret = (await readFile(target.passFile, 'utf8')).trim().split(':').at(-1) ?? '';
    expect(secret).toHaveLength(22);
    for (const text of [words, (await tunnel('logs')).stdout, (await tunnel('status', '--json')).stdout])
      expect(text).not.toContain(secret);
    expect(await tunnel('down')).toMatchObject({ code: 0, stderr: 'All tunnels are closed.\n' });
    await ended(pid);
    expect(await tunnel('status')).toMatchObject({
      code: 69,
      stderr: 'No tunnel is open; the last daemon ended because its last tunnel was closed.\n',
    });
    expect(await readdir(path.join(home.runtime, 'p', 'default'))).toEqual([]);
  });

  it('forty tunnels at once serve forty programs at once', async () => {
    expect(await tunnel('up', '--profile', 'everything')).toMatchObject({ code: 0 });
    const all = await targets();
    expect(all).toHaveLength(40);
    const clients = await Promise.all(all.map(connected));
    const rows = await Promise.all(clients.map((client, index) => client.query(`select ${index} as n`)));
    expect(rows.map((result) => result.rows[0].n)).toEqual(all.map((_, index) => index));
    await Promise.all(clients.map((client) => client.end()));
    expect((await status()).tunnels.every(({ state }) => state === 'open')).toBe(true);
  });

  it('a sleep does not end it, and logout does', async () => {
    await tunnel('up', 'db-1');
    const [target] = await targets();
    if (target === undefined) throw new Error('no target');
    const { pid } = await status();
    process.kill(pid, 'SIGSTOP');
    const waiting = answers(target);
    process.kill(pid, 'SIGCONT');
    await waiting;
    await answers(target);
    await home.sluice(['logout']);
    await ended(pid);
    expect(await readdir(path.join(home.runtime, 'p', 'default'))).toEqual([]);
  });
});

describe('ports', () => {
  it('a taken port of a profile is named with its program, replaced, stored and told', async () => {
    const holder = await takenPort();
    try {
      await writeProfile('work', `# mine\ntunnels:\n  - resource: db-1\n    port: ${holder.port} # for the editor\n`);
      const up = await tunnel('up', '--profile', 'work');
      expect(up).toMatchObject({ code: 0 });
      expect(up.stderr).toContain(`port ${holder.port} is in use by another program (`);
      expect(up.stderr).toContain(`process ${process.pid})`);
      const [target] = await targets();
      if (target === undefined) throw new Error('no target');
      expect(target.port).toBeGreaterThan(holder.port);
      const stored = await readFile(path.join(home.directory, '.config/sluice/profiles/work.yaml'), 'utf8');
      expect(stored).toContain('# mine');
      expect(stored).toContain(`port: ${target.port} # for the editor`);
      await answers(target);
      await answers({ ...target, host: '::1' });
      const again = await tunnel('up', '--profile', 'work');
      expect(again.stderr).not.toContain('in use');
    } finally {
      await holder.release();
    }
  });

  it('with --fixed-ports, and for a port on the command line, it is an error that names the program', async () => {
    const holder = await takenPort();
    try {
      const words = expect.stringContaining(`process ${process.pid})`);
      const port = String(holder.port);
      expect(await tunnel('up', 'db-1', '--port', port)).toMatchObject({ code: 69, stderr: words });
      await writeProfile('work', `tunnels:\n  - resource: db-1\n    port: ${port}\n`);
      expect(await tunnel('up', '--profile', 'work', '--fixed-ports')).toMatchObject({ code: 69, stderr: words });
    } finally {
      await holder.release();
    }
  });
});

describe('profiles', () => {
  it('are offered to members of their groups, and can be made one’s own', async () => {
    const listed = await tunnel('profiles');
    expect(listed.stdout).toMatch(/^everything +offered +All databases$/m);
    expect(listed.stdout).not.toContain('for-others');
    expect(await tunnel('up', '--profile', 'for-others')).toMatchObject({ code: 69 });
    expect(await tunnel('profiles', '--get', 'everything')).toMatchObject({ code: 0 });
    expect((await tunnel('profiles')).stdout).toMatch(/^everything +yours/m);
  });

  it('a copied profile gives nothing without a sign-in of one’s own', async () => {
    await writeProfile('work', 'tunnels:\n  - resource: db-1\n');
    const copied = await home.sluice(['tunnel', 'up', '--profile', 'work'], { env: { SLUICE_TOKEN_FILE: '' } });
    expect(copied).toMatchObject({ code: 77, stderr: expect.stringContaining('[AUTH_REQUIRED]') });
  });

  it('one that others may write is not followed', async () => {
    await writeProfile('work', 'tunnels:\n  - resource: db-1\n');
    await chmod(path.join(home.directory, '.config/sluice/profiles/work.yaml'), 0o666);
    expect(await tunnel('up', '--profile', 'work')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('may be written by others'),
    });
  });
});
