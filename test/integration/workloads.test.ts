/**
 * `sluice run` where nobody is: a job that proves itself with a token from its platform, in a file that rotates, against
 * a real OpenID provider. Each token is good once there, so that a run which read an old one fails.
 */
import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchMeta } from '../../agent-tunnel/src/client/api-client.ts';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { tokenFromAgent } from '../../agent-tunnel/src/identity/token-source.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { platformKeys, TokenFile, workloadToken } from '../harness/platform.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { runProgram } from '../harness/program.ts';
import { type Home, MAIN, makeHome } from '../harness/sluice.ts';

const KEYS = platformKeys();
const ANN = { username: 'ann', name: 'Ann Analyst', email: 'ann@corp.test', password: 'pw', groups: ['analysts'] };
/** Number of a user that no machine knows. */
const NOBODY = 54_321;

let server: PostgresServer;
let gateway: TestGateway;
let issuer: string;
beforeAll(async () => {
  server = await startPostgres();
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin('CREATE DATABASE reports OWNER sluice');
  const resource = (name: string, database: string) => ({
    ...{ name, labelsCsv: 'schema,table,column,label,category\n', unclassified: 'public' as const },
    upstream: { host: server.host, port: server.port, database },
    credential: { username: 'sluice', password: 'upstream' },
  });
  gateway = await startGateway({
    resources: [resource('shop-db', 'shop'), resource('reports', 'reports')],
    users: [ANN],
    agents: [
      {
        clientId: 'nightly',
        groups: ['executors'],
        mayActFor: ['ann'],
        authentication: {
          kind: 'private-key',
          publicKey: KEYS.publicKey,
        },
      },
    ],
  });
  issuer =
    (await fetchMeta(gateway.url, { ...DEFAULT_HTTP, ca: await readFile(gateway.caFile, 'utf8') })).issuers[0]
      ?.issuer ?? '';
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

let home: Home;
let platform: TokenFile;
beforeEach(async () => {
  home = await makeHome({ SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile });
  const facts = { clientId: 'nightly', audience: issuer, privateKey: KEYS.privateKey };
  platform = new TokenFile(path.join(home.directory, 'tokens/token'), () => workloadToken(facts));
  await platform.rotate();
});
afterEach(() => home.remove());

const agent = () => ({ SLUICE_AGENT: 'nightly', SLUICE_WORKLOAD_TOKEN_FILE: platform.path });
const sh = (script: string) => ['--', 'sh', '-c', script];

describe('a job without a person', () => {
  it('signs in by its environment alone, each time with the token that is there now', async () => {
    const once = await home.sluice(['run', 'shop-db', ...sh('psql -Atc "SELECT current_database()"')], {
      env: agent(),
    });
    expect(once).toMatchObject({ code: 0, stdout: 'shop\n', stderr: '' });
    const old = await home.sluice(['run', 'shop-db', ...sh('true')], { env: agent() });
    expect(old).toMatchObject({ code: 77, stderr: expect.stringContaining('[AUTH_FAILED]') });
    await platform.rotate();
    expect(await home.sluice(['run', 'shop-db', ...sh('exit 3')], { env: agent() })).toMatchObject({ code: 3 });
    // Nothing is kept of it: no sign-in, no socket, no password file.
    expect(await readdir(home.runtime)).toEqual([]);
    expect(await readdir(home.directory)).not.toContain('.config');
  });

  it('signs in by a settings file alone', async () => {
    const file = path.join(home.directory, 'sluice.json');
    const settings = {
      gateway: gateway.url.origin,
      ca: gateway.caFile,
      agent: { clientId: 'nightly', workloadTokenFile: 'tokens/token' },
    };
    await writeFile(file, JSON.stringify(settings));
    const env = { SLUICE_CONFIG: file, SLUICE_GATEWAY: '', SLUICE_CA: '' };
    const who = await home.sluice(['whoami', '--json'], { env });
    expect(JSON.parse(who.stdout)).toMatchObject({ principal: { id: `${issuer}|nightly`, groups: ['executors'] } });
  });

  it('acts for a person whose token is in another file, and the record has both', async () => {
    const annsToken = path.join(home.directory, 'ann');
    await writeFile(annsToken, await gateway.tokenOf('ann'));
    const done = await home.sluice(['run', '--on-behalf-of', annsToken, 'shop-db', ...sh('psql -Atc "SELECT 1"')], {
      env: agent(),
    });
    expect(done).toMatchObject({ code: 0, stdout: '1\n' });
    const [session] = await (await gateway.apiFor('ann')).sessions(1);
    expect(session?.principal.chain.map(({ id }) => id)).toEqual([`${issuer}|ann`, `${issuer}|nightly`]);
  });

  it('asks for a token that is confined, and is refused beyond it', async () => {
    const ran = (...args: readonly string[]) => home.sluice(['run', ...args], { env: agent() });
    const write = ['shop-db', ...sh('psql -Atc "CREATE TABLE scoped (id int)"')];
    const refused = await ran('--scope', 'sluice:read:shop-db', ...write);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('the access token is confined to sluice:read:shop-db');
    await platform.rotate();
    const elsewhere = await ran('--scope', 'sluice:read:shop-db', 'reports', ...sh('true'));
    expect(elsewhere).toMatchObject({ code: 77, stderr: expect.stringContaining('may not open a session on reports') });
    expect(await ran('--scope', 'sluice:raed', 'shop-db', ...sh('true'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('"sluice:raed" is no scope of Sluice'),
    });
    await platform.rotate();
    const env = { ...agent(), SLUICE_SCOPE: 'sluice:change' };
    expect(await home.sluice(['run', ...write], { env })).toMatchObject({ code: 0 });
  });

  it('is not helped by a person’s token, which acts for nobody', async () => {
    const file = path.join(home.directory, 'ann');
    await writeFile(file, await gateway.tokenOf('ann'));
    const done = await home.sluice(['run', '--token-file', file, '--on-behalf-of', file, 'shop-db', ...sh('true')]);
    expect(done).toMatchObject({ code: 64, stderr: expect.stringContaining('acts for nobody else') });
  });

  it('without its proof says what is missing', async () => {
    const env = { SLUICE_AGENT: 'nightly' };
    expect(await home.sluice(['run', 'shop-db', ...sh('true')], { env })).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('SLUICE_WORKLOAD_TOKEN_FILE'),
    });
  });

  it('goes on with the next token when its access token ends', async () => {
    let now = Date.now();
    const facts = { issuer, clientId: 'nightly', audience: 'sluice', scopes: [], binding: 'accepted' as const };
    const signIn = {
      ...{ kind: 'agent' as const, facts, clientSecretFile: null, onBehalfOfTokenFile: null },
      workloadTokenFile: platform.path,
    };
    const token = tokenFromAgent(() => Promise.resolve(signIn), {
      http: { ...DEFAULT_HTTP, ca: null },
      now: () => now,
      proofs: 'required',
    });
    const first = await token();
    expect(await token()).toBe(first);
    now += 24 * 60 * 60_000;
    await expect(token()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    await platform.rotate();
    const second = await token();
    expect(second).not.toBe(first);
    expect(await gateway.apiWith(second).whoami()).toMatchObject({ principal: { id: `${issuer}|nightly` } });
  });
});

describe('several resources', () => {
  it('are told apart by prefix and by service', async () => {
    const script = [
      'psql -Atc "SELECT current_database()"',
      'psql -At service=reports -c "SELECT current_database()"',
      'psql -At service=shop-db -c "SELECT current_database()"',
      'psql -At "$DATABASE_URL_REPORTS" -c "SELECT current_database()"',
      'PGHOST=$REPORTS_PGHOST PGUSER=$REPORTS_PGUSER PGDATABASE=$REPORTS_PGDATABASE PGPASSWORD=$REPORTS_PGPASSWORD psql -Atc "SELECT current_database()"',
    ].join('; ');
    const done = await home.sluice(['run', 'shop-db', 'reports', ...sh(script)], { env: agent() });
    expect(done).toMatchObject({ code: 0, stdout: 'shop\nreports\nshop\nreports\nreports\n', stderr: '' });
  });

  it('keep their secrets out of the environment when asked to', async () => {
    const script =
      'env; psql -Atc "SELECT current_database()"; psql -At service=reports -c "SELECT current_database()"';
    const done = await home.sluice(['run', '--secrets', 'file', 'shop-db', 'reports', ...sh(script)], { env: agent() });
    expect(done.stdout).toMatch(/\nshop\nreports\n$/);
    expect(done.stdout).not.toMatch(/PGPASSWORD|postgresql:\/\/[^@]*:[^@]*@/);
  });

  it('of one name are refused before anything is opened', async () => {
    const done = await home.sluice(['run', 'shop-db', 'shop_db', ...sh('true')], { env: agent() });
    expect(done).toMatchObject({ code: 64, stderr: expect.stringContaining('SHOP_DB_PGHOST') });
  });
});

describe('a plan', () => {
  it.each([
    ['that is neither an id nor a file', 'no-such-file'],
    ['in a file that holds none', '/dev/null'],
  ])('%s is refused', async (_name, plan) => {
    const done = await home.sluice(['run', '--plan', plan, 'shop-db', ...sh('true')], { env: agent() });
    expect(done).toMatchObject({ code: 64, stderr: expect.stringContaining('plan') });
  });
});

/** A container runs as a number, on a file system that it may not write to. */
const asNobody = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync('setpriv', [...asNobody, process.execPath, '-e', `require('fs').accessSync(${JSON.stringify(MAIN)})`])
    .status === 0;

describe.skipIf(!canBeNobody)('in a container', () => {
  it('works for a user without a name, a home, or a place to write but one', async () => {
    const place = path.join(home.directory, 'tmp');
    await mkdir(place);
    await chown(place, NOBODY, NOBODY);
    await chmod(home.directory, 0o755);
    await chmod(platform.path, 0o644);
    await chmod(path.dirname(gateway.caFile), 0o755);
    const env = {
      ...{ PATH: process.env['PATH'] ?? '', SLUICE_GATEWAY: gateway.url.origin, SLUICE_CA: gateway.caFile },
      ...{ ...agent(), TMPDIR: place, HOME: '', XDG_CONFIG_HOME: '', XDG_RUNTIME_DIR: '', SLUICE_RUNTIME_DIR: '' },
    };
    const args = [...asNobody, process.execPath, MAIN, 'run', 'shop-db', '--', 'psql', '-Atc', 'SELECT 42'];
    expect(await runProgram('setpriv', args, { env, cwd: '/' })).toMatchObject({ code: 0, stdout: '42\n', stderr: '' });
  });
});

const canUnshare = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

describe.skipIf(!canUnshare)('as the first process of a container', () => {
  it('ends with 128 and the number of the signal that ended its command', async () => {
    const args = [process.execPath, MAIN, 'run', 'shop-db', '--', 'sh', '-c', 'kill -TERM $$'];
    const env = { ...home.environment, ...agent() };
    expect(await runProgram('unshare', ['--pid', '--fork', ...args], { env })).toMatchObject({ code: 143 });
  });
});
