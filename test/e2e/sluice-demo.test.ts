/** The `sluice` command against the whole demo: real gateway, real PostgreSQL, real identity provider. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { type Home, makeHome, type RunningSluice } from '../harness/sluice.ts';

const GATEWAY = path.join(import.meta.dirname, '../../gateway/src/main.ts');
type Who = 'analyst' | 'nightly-planner' | 'nightly-executor' | 'data-protection' | 'admin';
type Ready = {
  readonly gateway: string;
  readonly caFile: string;
  readonly resource: string;
  readonly evidence: string;
  readonly principals: Readonly<
    Record<Who, { readonly tokenFile: string; readonly username: string | null; readonly password: string | null }>
  >;
};

let home: Home;
let demo: ChildProcess;
let ready: Ready;
const running: RunningSluice[] = [];

beforeAll(async () => {
  home = await makeHome({});
  const readyFile = path.join(home.directory, 'ready.json');
  demo = spawn(
    process.execPath,
    [GATEWAY, 'demo', '--port-base', String(await freeBase()), '--ready-file', readyFile],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  const up = Promise.withResolvers<void>();
  demo.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes('Ctrl-C stops everything')) up.resolve();
  });
  demo.once('exit', () => up.reject(new Error(`the demo ended:\n${said}`)));
  await up.promise;
  ready = JSON.parse(readFileSync(readyFile, 'utf8'));
});
afterAll(async () => {
  for (const sluice of running) await sluice.end('SIGKILL');
  if (demo?.exitCode === null) {
    const ended = once(demo, 'exit');
    demo.kill('SIGTERM');
    await ended;
  }
  await home?.remove();
});

const as = (who: Who) => ({
  SLUICE_GATEWAY: ready.gateway,
  SLUICE_CA: ready.caFile,
  SLUICE_TOKEN_FILE: ready.principals[who].tokenFile,
});
const sluice = (who: Who, ...args: readonly string[]) => home.sluice(args, { env: as(who) });

function start(who: Who, ...args: readonly string[]): RunningSluice {
  const started = home.start(args, as(who));
  running.push(started);
  return started;
}

/** A copy of a regulated column into one that is not labelled for it, by ordinary psql; held. */
const copySsn = (id: number) =>
  start(
    'analyst',
    'psql',
    ready.resource,
    '-c',
    `INSERT INTO reporting.daily (note) SELECT ssn FROM shop.customers WHERE id = ${id}`,
  );

/** The id of the next request that data protection is told of. */
async function nextRequest(watching: RunningSluice, id: number): Promise<string> {
  const [line] = await watching.until('stdout', new RegExp(`^.*"state":"pending".*WHERE id = ${id}\\b.*$`, 'm'));
  return JSON.parse(line).id;
}

describe('a person', () => {
  it('signs in with a browser, sees who they are and what they can reach', async () => {
    const { username, password } = ready.principals.analyst;
    const login = home.start(['login', '--no-browser', '--gateway', ready.gateway, '--ca', ready.caFile]);
    running.push(login);
    const [url] = await login.until('stderr', /^http:\S+$/m);
    const browser = new FormBrowser();
    await browser.submit(await browser.open(url), { username: username ?? '', password: password ?? '' });
    await login.until('stderr', /^Signed in/m);
    expect(JSON.parse((await home.sluice(['ls', '--json'])).stdout)).toContainEqual(
      expect.objectContaining({ name: ready.resource, connect: 'allow' }),
    );
    expect((await home.sluice(['whoami'])).stdout).toContain('analysts');
    expect((await home.sluice(['logout'])).code).toBe(0);
  });

  it('sees masked cells through psql, and their other columns as they are', async () => {
    const done = await sluice(
      'analyst',
      'psql',
      ready.resource,
      '-At',
      '-P',
      'null=NULL',
      '-c',
      'SELECT id, ssn, country FROM shop.customers ORDER BY id LIMIT 2',
    );
    expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1\|NULL\|\w+\n2\|NULL\|\w+\n$/) });
  });

  it('learns why, without running it', async () => {
    const shaping = await sluice(
      'analyst',
      'why',
      ready.resource,
      "SELECT count(*) FROM shop.customers WHERE ssn < '5'",
    );
    expect(shaping).toMatchObject({ code: 77, stdout: expect.stringMatching(/^refuse /) });
    expect(shaping.stdout).toMatch(/customers\.ssn \[regulated.*\] → decides which rows are in the answer/);
    expect((await sluice('analyst', 'why', ready.resource, 'SELECT ssn FROM shop.customers')).stdout).toMatch(/^mask /);
    expect(
      (
        await sluice(
          'analyst',
          'why',
          ready.resource,
          'INSERT INTO reporting.daily (note) SELECT ssn FROM shop.customers',
        )
      ).code,
    ).toBe(75);
  });
});

describe('an agent', () => {
  it('reaches the database by its environment, on behalf of a person', async () => {
    expect(JSON.parse((await sluice('nightly-executor', 'whoami', '--json')).stdout).principal.chain).toHaveLength(2);
    const script = 'psql "$DATABASE_URL" -Atc \'SELECT count(*) FROM shop.orders\'';
    expect(await sluice('nightly-executor', 'run', ready.resource, '--', 'bash', '-c', script)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\n$/),
    });
  });

  it('that only plans opens no session', async () => {
    expect(await sluice('nightly-planner', 'connect', ready.resource)).toMatchObject({
      code: 77,
      stderr: expect.stringContaining('[REFUSED_BY_POLICY]'),
    });
  });
});

describe('the tunnel', () => {
  it('lets no program in that does not know the secret, nor one that brings another session’s', async () => {
    const connect = start('analyst', 'connect', ready.resource, '--print', 'json');
    const connection = JSON.parse((await connect.until('stdout', /^\{.*\}$/m))[0]);
    const guessing = new pg.Client({
      host: connection.host,
      port: connection.port,
      database: connection.database,
      user: connection.user,
      password: 'guessed',
    });
    await expect(guessing.connect()).rejects.toMatchObject({ code: '28P01' });
    const other = JSON.parse(
      (await start('nightly-executor', 'connect', ready.resource, '--print', 'json').until('stdout', /^\{.*\}$/m))[0],
    );
    const crossing = new pg.Client({
      host: connection.host,
      port: connection.port,
      database: connection.database,
      user: other.user,
      password: other.password,
    });
    await expect(crossing.connect()).rejects.toMatchObject({ code: '28P01' });
    const client = new pg.Client({ connectionString: connection.uri });
    await client.connect();
    expect((await client.query('SELECT ssn FROM shop.customers LIMIT 1')).rows).toEqual([{ ssn: null }]);
    await client.end();
    expect(await connect.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('a held statement', () => {
  it('does not run when it is denied, and psql says so', async () => {
    const watching = start('data-protection', 'requests', 'watch', '--json');
    const held = copySsn(12);
    const id = await nextRequest(watching, 12);
    expect((await sluice('data-protection', 'requests', 'deny', id, '--note', 'no')).code).toBe(0);
    await held.until('stderr', /ERROR/);
    await watching.end('SIGINT');
  });

  // After the one that is denied: an approved copy labels its target, and is then no longer held.
  it('runs once after another person approved what they were shown; its asker cannot', async () => {
    const watching = start('data-protection', 'requests', 'watch', '--json');
    const held = copySsn(11);
    const id = await nextRequest(watching, 11);
    expect((await sluice('data-protection', 'requests', 'show', id)).stdout).toMatch(
      /customers\.ssn \[regulated.*\] → written to reporting\.daily\.note/,
    );
    expect((await sluice('analyst', 'requests', 'approve', id, '--yes')).code).toBe(77);
    expect(await sluice('data-protection', 'requests', 'approve', id, '--yes', '--note', 'ticket 1')).toMatchObject({
      code: 0,
      stdout: `${id}  approved\n`,
    });
    await held.until('stdout', /INSERT 0 1/);
    await watching.until('stdout', new RegExp(`"id":"${id}","state":"consumed"`));
    await watching.end('SIGINT');
    // The label followed the copy: what was written is masked there, too.
    const newest = 'SELECT id > 0, note FROM reporting.daily ORDER BY id DESC LIMIT 1';
    expect(await sluice('analyst', 'psql', ready.resource, '-At', '-P', 'null=NULL', '-c', newest)).toMatchObject({
      code: 0,
      stdout: 't|NULL\n',
    });
  });
});

describe('the record', () => {
  it('replays a session as it was seen, and verifies offline while the gateway writes it', async () => {
    const sessions: { sessionId: string; highestLabel: string; statements: number }[] = JSON.parse(
      (await sluice('admin', 'sessions', 'ls', '--json')).stdout,
    );
    const regulated = sessions.find(({ highestLabel, statements }) => highestLabel === 'regulated' && statements > 0);
    expect((await sluice('admin', 'sessions', 'replay', regulated?.sessionId ?? '')).stdout).toMatch(/#1 .*\n {2}│ /);
    expect(readdirSync(ready.evidence).some((name) => name.startsWith('segment-'))).toBe(true);
    const verified = await sluice('admin', 'evidence', 'verify', ready.evidence, '--json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout).head.entries).toBeGreaterThan(20);
  });
});

/** The first of a run of ports that were free a moment ago. */
async function freeBase(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  server.close();
  await once(server, 'close');
  // Below the range that the system gives out, so that nobody takes the neighbours meanwhile.
  return 20_000 + (port % 9_000);
}
