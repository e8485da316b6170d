/**
 * A gateway whose auditor is named: what clients put into their statements is nowhere in its files but sealed, and the
 * auditor opens it with the real command.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { EvilClient } from '../harness/evil-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import type { ProgramResult } from '../harness/program.ts';
import { type Home, makeHome } from '../harness/sluice.ts';

const PEOPLE = [
  { username: 'ana', groups: ['analysts'] },
  { username: 'audit', groups: ['auditor'] },
  { username: 'root', groups: ['admin'] },
].map((person) => ({ ...person, name: person.username, email: `${person.username}@corp.test`, password: 'pw' }));
const SECRET = 'Zanzibar4711';

const out = temporaryDirectory();
const keyFile = join(out.path, 'anna.pem');
let server: PostgresServer;
let gateway: TestGateway;
let home: Home;

beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin('SET ROLE sluice; CREATE TABLE people (id int, name text)', 'shop');
  home = await makeHome({});
  const made = await home.sluice(['evidence', 'keygen', '--out', keyFile]);
  gateway = await startGateway({
    resources: [
      {
        name: 'shop',
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
        labelsCsv: 'schema,table,column,label,category\n',
        unclassified: 'public',
      },
    ],
    users: PEOPLE,
    evidence: {
      sealing: { recipients: [{ name: 'anna', key: made.stdout.trim() }] },
      // Everything is due at once; it expires when the gateway starts again.
      retention: { public: '1ms', internal: '1ms', confidential: '1ms', regulated: '1ms' },
    },
  });
});
afterAll(async () => {
  await home.remove();
  await gateway.stop();
  await server.stop();
  out[Symbol.dispose]();
});

async function sluice(username: string, ...args: readonly string[]): Promise<ProgramResult> {
  const tokenFile = join(out.path, `${username}.token`);
  writeFileSync(tokenFile, await gateway.tokenOf(username), { mode: 0o600 });
  return await home.sluice(args, {
    env: { SLUICE_TOKEN_FILE: tokenFile, SLUICE_GATEWAY: gateway.url.href, SLUICE_CA: gateway.caFile },
  });
}

/** Runs the statements, whatever becomes of each; the session's id once it is on record as closed. */
async function runSession(statements: readonly string[]): Promise<string> {
  const minted = await gateway.mintSession('ana', 'shop', 'test');
  const client = await EvilClient.login(gateway.postgresPort, {
    user: minted.username,
    password: minted.secret,
    database: minted.database,
  });
  for (const statement of statements) await client.query(statement);
  await client.close();
  const api = await gateway.apiFor('ana');
  for (;;) {
    const [session] = await api.sessions(1);
    if (session?.closedAt != null) return session.sessionId;
    await delay(20);
  }
}

function filesThatHold(text: string): readonly string[] {
  const data = join(gateway.directory, 'data');
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map((entry) => entry.name);
}

describe('with an auditor named', () => {
  it('what clients wrote is nowhere but sealed, and the auditor opens it, on record', async () => {
    const statements = [
      `SELECT id FROM people WHERE name = '${SECRET}'`,
      `SELECT id FROM people WHERE name = '${SECRET}' -- ${SECRET}`,
      `INSERT INTO people VALUES (1, '${SECRET}')`,
      `SELECT id FROM people WHERE name = '${SECRET}'::int::text`,
      `SELECT '${SECRET}'::date FROM people`,
      `SELEKT '${SECRET}'`,
      `SELECT '${SECRET}`,
      `DO $$ BEGIN RAISE '${SECRET}'; END $$`,
      `SELECT nowhere_at_all('${SECRET}')`,
      `SET application_name = '${SECRET}'`,
    ];
    const sessionId = await runSession(statements);
    expect(filesThatHold(SECRET)).toEqual([]);

    const { statements: shown } = await (await gateway.apiFor('ana')).session(sessionId);
    expect(shown[0]?.text).toBe('SELECT id FROM people WHERE name = ?');
    expect(shown[1]?.text).toBe('SELECT id FROM people WHERE name = ?');
    expect(shown.map(({ text }) => text)).toContain('DoStmt');

    expect(await sluice('ana', 'evidence', 'open', sessionId, '--key', keyFile, '--reason', 'curious')).toMatchObject({
      code: 77,
    });
    expect(await sluice('audit', 'evidence', 'open', sessionId, '--key', keyFile)).toMatchObject({ code: 64 });
    const kept = join(out.path, 'kept.keys');
    const opened = await sluice(
      'audit',
      ...['evidence', 'open', sessionId, '--key', keyFile, '--reason', 'case 12', '--keep-keys', kept, '--json'],
    );
    expect(opened).toMatchObject({ code: 0, stderr: '' });
    const texts: { text: string }[] = JSON.parse(opened.stdout);
    // What the server does not parse is not decided about, and in no entry.
    const decided = statements.filter((text) => /^(SELECT id .*(?<!::text)|INSERT.*|DO .*|SET .*)$/.test(text));
    expect(new Set(texts.map(({ text }) => text))).toEqual(new Set(decided));

    const bundle = join(out.path, 'session.sluice-bundle');
    expect(await sluice('audit', 'evidence', 'export', sessionId, '--out', bundle)).toMatchObject({ code: 0 });
    const records = readFileSync(bundle, 'utf8')
      .split('\n')
      .flatMap((line) =>
        line.startsWith('{"index"') ? [Buffer.from(JSON.parse(line).record, 'base64').subarray(21)] : [],
      )
      .map((payload) => JSON.parse(payload.toString()));
    expect(records.filter(({ kind }) => kind === 'evidence.opened')).toMatchObject([{ reason: 'case 12' }]);
    expect(records.filter(({ kind, sealed }) => kind === 'statement.decided' && sealed === undefined)).toEqual([]);

    // Offline: no gateway, and so no entry.
    const offline = await home.sluice([
      'evidence',
      'open',
      bundle,
      '--keys',
      kept,
      '--key',
      keyFile,
      '--statement',
      '1',
    ]);
    expect(offline.stdout).toContain(SECRET);
    const stranger = join(out.path, 'stranger.pem');
    await home.sluice(['evidence', 'keygen', '--out', stranger]);
    expect(await home.sluice(['evidence', 'open', bundle, '--keys', kept, '--key', stranger])).toMatchObject({
      code: 65,
      stdout: '',
    });
  });

  it('nobody opens a session after its retention, unless it is held; and the record is whole', async () => {
    const [held, gone] = [await runSession([`SELECT '${SECRET}' || name FROM people`]), await runSession(['SELECT 1'])];
    const hold = ['admin', 'hold', 'add', 'session', held];
    expect(await sluice('audit', ...hold, '--reason', 'case 12')).toMatchObject({ code: 77 });
    expect(await sluice('root', ...hold, '--reason', 'case 12')).toMatchObject({ code: 0 });
    const keyOf = (id: string) => join(gateway.directory, 'data', 'session-keys', `${id}.json`);
    const recordingOf = (id: string) => join(gateway.directory, 'data', 'recordings', `${id}.jsonl`);
    const restart = async (id: string) => {
      await gateway.end('SIGTERM');
      await gateway.restart();
      while (existsSync(keyOf(id)) || existsSync(recordingOf(id))) await delay(20);
    };
    const open = (id: string) => sluice('audit', 'evidence', 'open', id, '--key', keyFile, '--reason', 'case 12');

    await restart(gone);
    expect(await open(gone)).toMatchObject({ code: 69, stdout: '' });
    expect(existsSync(recordingOf(held))).toBe(true);
    expect((await open(held)).stdout).toContain(SECRET);

    const [{ holdId }] = JSON.parse((await sluice('audit', 'admin', 'hold', 'ls', '--json')).stdout);
    expect(await sluice('root', 'admin', 'hold', 'remove', holdId, '--reason', 'settled')).toMatchObject({ code: 0 });
    await restart(held);
    expect(await open(held)).toMatchObject({ code: 69, stdout: '' });
    expect(filesThatHold(SECRET)).toEqual([]);

    const bundle = join(out.path, 'expired.sluice-bundle');
    const exported = await sluice('audit', 'evidence', 'export', held, '--out', bundle, '--json');
    expect(JSON.parse(exported.stdout)).toMatchObject({ recording: 'expired', statements: 1, remarks: [] });
    const log = join(gateway.directory, 'data', 'evidence');
    const verified = await home.sluice(['evidence', 'verify', log, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ finding: null, merkle: { findings: [] } });
  });
});
