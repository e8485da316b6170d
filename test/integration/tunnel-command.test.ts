import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { signInForDemo } from '../../gateway/src/demo/identity-provider-client.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';
import { type Home, makeHome, type RunningSluice } from '../harness/sluice.ts';
import { type StubGateway, startStubGateway } from '../harness/stub-gateway.ts';

const PERSON = { username: 'analyst', password: 'correct horse' };
const NODE = process.execPath;

let server: PostgresServer;
let gateway: StubGateway;
let home: Home;
const running: RunningSluice[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await server.admin('CREATE DATABASE orders');
  gateway = await startStubGateway({
    principals: {
      users: [{ ...PERSON, name: 'Ana Lyst', email: 'ana@corp.test', groups: ['analysts'] }],
      agents: [
        {
          clientId: 'nightly-executor',
          groups: ['executors'],
          authentication: { kind: 'secret', clientSecret: 'executor-secret' },
          mayActFor: ['analyst'],
        },
      ],
    },
    database: { host: server.host, port: server.port, database: 'orders', admin: (sql) => server.admin(sql) },
  });
});
afterAll(async () => {
  await gateway?.close();
  await server?.stop();
});

beforeEach(async () => {
  home = await makeHome({});
  await writeFile(path.join(home.directory, 'ca.pem'), gateway.port.ca);
});
afterEach(async () => {
  for (const sluice of running.splice(0)) await sluice.end('SIGKILL');
  await home.remove();
});

const address = () => ['--gateway', gateway.port.gateway.origin, '--ca', path.join(home.directory, 'ca.pem')];

function start(args: readonly string[], env?: Record<string, string>): RunningSluice {
  const sluice = home.start(args, env);
  running.push(sluice);
  return sluice;
}

/** Signs the person in as they would: the command shows an address, their browser does the rest. */
async function login(): Promise<RunningSluice> {
  const sluice = start(['login', '--no-browser', ...address()]);
  const [url] = await sluice.until('stderr', /^http:\S+$/m);
  const browser = new FormBrowser();
  await browser.submit(await browser.open(url), PERSON);
  await sluice.until('stderr', /^Signed in .*$/m);
  return sluice;
}

/** Access token file of the person: what the demo hands out. */
async function tokenFile(): Promise<string> {
  const { accessToken } = await signInForDemo({ issuer: gateway.issuer, ...PERSON });
  const file = path.join(home.directory, 'token');
  await writeFile(file, `${accessToken}\n`, { mode: 0o600 });
  return file;
}

describe('signing in', () => {
  it('is remembered with its gateway; three commands at once renew it without losing it; logout ends it', async () => {
    const sluice = await login();
    expect(sluice.output().stderr).toContain('as Ana Lyst (user)');
    const files = path.join(home.directory, '.config/sluice');
    for (const name of ['credentials', 'credentials.key', 'config.json'])
      expect((await stat(path.join(files, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(files, 'credentials'), 'latin1')).not.toContain('refreshToken');

    const lists = await Promise.all([1, 2, 3].map(() => home.sluice(['ls'])));
    expect(lists.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(lists[0]?.stdout).toBe(
      'RESOURCE   PROTOCOL  DATABASE  CONNECT\norders-db  postgres  orders    allow\npayroll    postgres  payroll   refuse\n',
    );

    const who = await home.sluice(['whoami', '--json']);
    expect(JSON.parse(who.stdout)).toMatchObject({
      principal: { id: `${gateway.issuer}|analyst`, groups: ['analysts'] },
    });

    expect(await home.sluice(['logout'])).toMatchObject({ code: 0, stderr: expect.stringContaining('Signed out') });
    const after = await home.sluice(['ls']);
    expect(after.code).toBe(77);
    expect(after.stderr).toMatch(
      /^sluice: you are not signed in to https:.*\n {2}why: .*\[AUTH_REQUIRED\]\n {2}do: {2}Run `sluice login`\.\n$/,
    );
  });

  it('works with a code on another device', async () => {
    const sluice = start(['login', '--device', ...address()]);
    const [, url = ''] = await sluice.until('stderr', /^Open (\S+)$/m);
    const browser = new FormBrowser();
    let page = await browser.open(url);
    for (let steps = 0; steps < 4 && page.html.includes('<form'); steps += 1)
      page = await browser.submit(page, page.html.includes('name="password"') ? PERSON : {});
    expect((await sluice.until('stderr', /^Signed in .*$/m))[0]).toContain('as Ana Lyst (user)');
  });

  it('that the person ends with Ctrl-C is no failure', async () => {
    for (const how of ['--device', '--no-browser']) {
      const sluice = start(['login', how, ...address()]);
      await sluice.until('stderr', /http:/);
      expect(await sluice.end('SIGINT')).toEqual({ code: 130, signal: null });
      expect(sluice.output().stderr).not.toContain('sluice:');
    }
  });

  it('as an agent on behalf of a person shows the whole chain, and keeps neither secret nor token', async () => {
    const secret = path.join(home.directory, 'secret');
    await writeFile(secret, 'executor-secret\n');
    const onBehalfOf = ['--on-behalf-of-token-file', await tokenFile()];
    const signedIn = await home.sluice([
      'login',
      '--as-agent',
      'nightly-executor',
      '--client-secret-file',
      secret,
      ...onBehalfOf,
      ...address(),
    ]);
    expect(signedIn).toMatchObject({ code: 0, stderr: expect.stringMatching(/as .*\(user\) → .*\(agent\)\.\n$/) });
    expect(JSON.parse((await home.sluice(['whoami', '--json'])).stdout).principal).toMatchObject({
      kind: 'agent',
      chain: [{ kind: 'user' }, { kind: 'agent' }],
    });
    await writeFile(secret, 'rotated');
    expect((await home.sluice(['whoami'])).code).toBe(77);
  });

  it('a redirect with another state is not taken, and the right one still is', async () => {
    const sluice = start(['login', '--no-browser', ...address()]);
    const [url] = await sluice.until('stderr', /^http:\S+$/m);
    const redirect = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
    redirect.search = '?code=planted&state=guessed';
    expect((await fetch(redirect)).status).toBe(404);
    const browser = new FormBrowser();
    await browser.submit(await browser.open(url), PERSON);
    expect((await sluice.until('stderr', /^Signed in.*$/m))[0]).toContain('Ana Lyst');
  });
});

describe('connect', () => {
  it('gives an ordinary program a socket and a secret, keeps others out, and leaves nothing behind', async () => {
    const sluice = start(['connect', 'orders-db', '--print', 'json', '--token-file', await tokenFile(), ...address()]);
    const connection = JSON.parse((await sluice.until('stdout', /^\{.*\}$/m))[0]);
    const client = new pg.Client({ connectionString: connection.uri });
    await client.connect();
    expect((await client.query('select current_user, current_database()')).rows).toEqual([
      { current_user: connection.user, current_database: 'orders' },
    ]);
    await client.end();

    const guessing = new pg.Client({ ...connection, password: 'guessed' });
    await expect(guessing.connect()).rejects.toMatchObject({ code: '28P01' });

    expect((await stat(connection.passFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(`/proc/${sluice.pid}/cmdline`, 'utf8')).not.toContain(connection.password);
    expect(sluice.output().stderr).toBe('');
    expect(await sluice.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(await readdir(home.runtime)).toEqual([]);
  });

  it('prints what a shell can take, and psql and a TCP program find it', async () => {
    const sluice = start([
      'connect',
      'orders-db',
      '--port',
      '0',
      '--print',
      'env',
      '--token-file',
      await tokenFile(),
      ...address(),
    ]);
    await sluice.until('stdout', /DATABASE_URL/);
    const env = Object.fromEntries(
      [...sluice.output().stdout.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    expect(env).toMatchObject({ PGHOST: '127.0.0.1', PGREQUIREAUTH: 'scram-sha-256' });
    expect(await runProgram('psql', ['-Atc', 'select 42'], { env })).toMatchObject({ code: 0, stdout: '42\n' });
    const client = new pg.Client({ connectionString: env['DATABASE_URL'] });
    await client.connect();
    await client.end();
  });

  it('without --print shows how to connect, and not the secret', async () => {
    const sluice = start(['connect', 'orders-db', '--token-file', await tokenFile(), ...address()]);
    const [, passFile = ''] = await sluice.until('stdout', /PGPASSFILE=(\S+) psql '.*'\n\n.*\n/);
    const secret = (await readFile(passFile, 'utf8')).trim().split(':').at(-1) ?? '';
    expect(secret).toHaveLength(22);
    const { stdout, stderr } = sluice.output();
    expect(stdout + stderr).not.toContain(secret);
  });

  it('ends by itself once the gateway lets nobody in any more', async () => {
    const sluice = start(['connect', 'orders-db', '--print', 'json', '--token-file', await tokenFile(), ...address()]);
    const connection = JSON.parse((await sluice.until('stdout', /^\{.*\}$/m))[0]);
    gateway.revokeSessions();
    const client = new pg.Client({ connectionString: connection.uri });
    const closed = once(sluice.child, 'close');
    await expect(client.connect()).rejects.toMatchObject({
      code: '28P01',
      message: expect.stringContaining('somebody else'),
    });
    expect(await closed).toEqual([77, null]);
    expect(await readdir(home.runtime)).toEqual([]);
  });

  it('on a port that is taken names it, and leaves nothing behind', async () => {
    const first = start([
      'connect',
      'orders-db',
      '--port',
      '0',
      '--print',
      'json',
      '--token-file',
      await tokenFile(),
      ...address(),
    ]);
    const { port } = JSON.parse((await first.until('stdout', /^\{.*\}$/m))[0]);
    const before = await readdir(home.runtime);
    const second = await home.sluice([
      'connect',
      'orders-db',
      '--port',
      String(port),
      '--token-file',
      await tokenFile(),
      ...address(),
    ]);
    expect(second).toMatchObject({ code: 69, stderr: expect.stringContaining(`${port} is in use by another program`) });
    expect(await readdir(home.runtime)).toEqual(before);
  });

  it.each([
    ['payroll', 'REFUSED_BY_POLICY', 77],
    ['nothing', 'RESOURCE_UNKNOWN', 77],
  ])('to %s ends with the gateway’s own reason %s', async (resource, code, status) => {
    const refused = await home.sluice(['connect', resource, '--token-file', await tokenFile(), ...address()]);
    expect(refused).toMatchObject({ code: status, stdout: '', stderr: expect.stringContaining(`[${code}]`) });
  });
});

describe('run and psql', () => {
  let common: string[];
  beforeEach(async () => {
    common = ['--token-file', await tokenFile(), ...address()];
  });

  it('wires a command by its environment and passes its exit status on', async () => {
    const script = `
      const { PGHOST, PGUSER, DATABASE_URL, DATABASE_URL_ORDERS_DB } = process.env;
      console.log(JSON.stringify({ PGHOST, PGUSER, same: DATABASE_URL === DATABASE_URL_ORDERS_DB, args: process.argv.slice(1) }));
      process.exit(7);`;
    const done = await home.sluice(['run', ...common, 'orders-db', '--', NODE, '-e', script, '--', '--flag']);
    expect(done.code).toBe(7);
    expect(JSON.parse(done.stdout)).toEqual({
      PGHOST: expect.stringContaining(home.runtime),
      PGUSER: expect.stringMatching(/^orders-db\./),
      same: true,
      args: ['--flag'],
    });
    expect(await readdir(home.runtime)).toEqual([]);
  });

  it('its command reaches the database, unchanged', async () => {
    const done = await home.sluice(['run', ...common, 'orders-db', '--', 'psql', '-Atc', 'select 1 + 1'], {
      env: { PGPASSWORD: 'wrong', PGHOSTADDR: '127.0.0.9' },
    });
    expect(done).toMatchObject({ code: 0, stdout: '2\n' });
  });

  it('passes signals to the command, and ends as it ended', async () => {
    const script =
      "process.on('SIGTERM', () => { console.log('got it'); process.kill(process.pid, 'SIGKILL') }); console.log('ready'); setInterval(() => {}, 1000)";
    const sluice = start(['run', ...common, 'orders-db', '--', NODE, '-e', script]);
    await sluice.until('stdout', /ready/);
    expect(await sluice.end('SIGTERM')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(sluice.output().stdout).toContain('got it');
    expect(await readdir(home.runtime)).toEqual([]);
  });

  it('a command that is not there is named', async () => {
    expect(await home.sluice(['run', ...common, 'orders-db', '--', 'no-such-program'])).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('no-such-program did not start: it was not found'),
    });
    expect(await home.sluice(['run', ...common, 'orders-db'])).toMatchObject({ code: 64 });
  });

  it('psql is the real one, with its own arguments, and its environment holds no secret', async () => {
    const done = await home.sluice([
      'psql',
      ...common,
      'orders-db',
      '-At',
      '-c',
      'select current_database()',
      '-c',
      '\\! env',
    ]);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^orders\n/) });
    expect(done.stdout).not.toMatch(/PGPASSWORD/);
    expect(await home.sluice(['psql', ...common, 'orders-db', '-c', 'select 1/0'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('division by zero'),
    });
  });
});

describe('errors', () => {
  it.each([
    ['no gateway named', ['ls'], 78, 'CONFIG_INVALID'],
    [
      'a token file that holds nothing',
      ['ls', '--gateway', 'https://127.0.0.1:1', '--token-file', '/dev/null'],
      78,
      'CONFIG_INVALID',
    ],
    ['an unknown command', ['frobnicate'], 64, null],
    ['an unknown option', ['ls', '--frobnicate'], 64, null],
    ['a port that is none', ['connect', 'a', '--port', '70000'], 64, null],
    ['something after -- where nothing belongs', ['ls', '--', 'x'], 64, 'USAGE'],
    ['help', ['--help'], 0, null],
  ])('%s', async (_name, args, code, errorCode) => {
    const done = await home.sluice(args);
    expect(done.code).toBe(code);
    if (errorCode !== null) expect(done.stderr).toContain(`[${errorCode}]`);
    expect(done.stderr).not.toMatch(/\n\s+at /);
  });

  it('a gateway that does not answer, or that nobody vouches for, is told apart', async () => {
    const token = ['--token-file', await tokenFile()];
    expect(await home.sluice(['ls', '--gateway', 'https://127.0.0.1:1', ...token])).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('nothing listens there'),
    });
    expect(await home.sluice(['ls', '--gateway', gateway.port.gateway.origin, ...token])).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('--ca FILE'),
    });
  });

  it('a token that the gateway does not accept is never printed', async () => {
    const file = path.join(home.directory, 'bad');
    await writeFile(file, 'eyJhbGciOiJub25lIn0.e30.secretpart');
    const done = await home.sluice(['whoami', '--token-file', file, ...address()]);
    expect(done.code).toBe(77);
    expect(done.stdout + done.stderr).not.toContain('secretpart');
  });
});
