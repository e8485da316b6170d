/**
 * A session at a real gateway with a real witness, exported and checked by the real command without the gateway; and who may
 * read what of the record.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../agent-tunnel/src/client/api-client.ts';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { EvilClient } from '../harness/evil-client.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import type { ProgramResult } from '../harness/program.ts';
import { type Home, makeHome } from '../harness/sluice.ts';
import { startWitness, type TestWitness, witnessKey } from '../harness/witness.ts';
import { standaloneVerdict } from '../trust/standalone.ts';

const PEOPLE = [
  { username: 'ana', groups: ['analysts'] },
  { username: 'ben', groups: ['analysts'] },
  { username: 'audit', groups: ['auditor'] },
].map((person) => ({ ...person, name: person.username, email: `${person.username}@corp.test`, password: 'pw' }));
const NAME = 'witness.example/w1';
const LABELS = 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n';

const state = temporaryDirectory();
const out = temporaryDirectory();
let server: PostgresServer;
let gateway: TestGateway;
let witness: TestWitness;
let home: Home;
let logKey: string;

beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin(
    "SET ROLE sluice; CREATE TABLE people (id int, ssn text); INSERT INTO people VALUES (1, '123-45-6789')",
    'shop',
  );
  // The gateway names a witness that is not there yet: the witness needs the key of the log first.
  const vkey = witnessKey(state.path, NAME);
  const port = await freePort();
  gateway = await startGateway({
    resources: [
      {
        name: 'shop',
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
        labelsCsv: LABELS,
        unclassified: 'public',
      },
    ],
    users: PEOPLE,
    evidence: { witnesses: [{ url: `http://127.0.0.1:${port}`, key: vkey }], checkpoints: { every: '1s' } },
  });
  const [key] = (await (await gateway.apiFor('audit')).evidence()).keys;
  logKey = key ?? '';
  witness = await startWitness({ state: state.path, name: NAME, logs: [logKey], port });
  home = await makeHome({ SLUICE_GATEWAY: gateway.url.href, SLUICE_CA: gateway.caFile });
});
afterAll(async () => {
  await home.remove();
  await gateway.stop();
  await witness.stop();
  await server.stop();
  state[Symbol.dispose]();
  out[Symbol.dispose]();
});

async function sluice(username: string, ...args: readonly string[]): Promise<ProgramResult> {
  const tokenFile = join(out.path, `${username}.token`);
  writeFileSync(tokenFile, await gateway.tokenOf(username), { mode: 0o600 });
  return await home.sluice(args, { env: { SLUICE_TOKEN_FILE: tokenFile } });
}

/** Opens a session, reads the masked column, ends it; returns its id once it is on record as closed. */
async function runSession(username: string): Promise<string> {
  const minted = await gateway.mintSession(username, 'shop', 'test');
  const client = await EvilClient.login(gateway.postgresPort, {
    user: minted.username,
    password: minted.secret,
    database: minted.database,
  });
  await client.value('SELECT ssn FROM people');
  await client.close();
  const api = await gateway.apiFor(username);
  return await untilClosed(api);
}

async function untilClosed(api: ApiClient): Promise<string> {
  for (;;) {
    const [session] = await api.sessions(1);
    if (session?.closedAt != null) return session.sessionId;
    await delay(20);
  }
}

describe('a session', () => {
  it('is exported by whoever ran it, with a witness’s word, and verifies without the gateway', async () => {
    const sessionId = await runSession('ana');
    const file = join(out.path, 'mine.sluice-bundle');
    // The witness came after the gateway: the export asks it at once, however often it failed before.
    expect(await sluice('ana', 'evidence', 'export', sessionId, '--out', file)).toMatchObject({ code: 0 });
    const checked = await home.sluice([
      ...['evidence', 'verify', file, '--key', logKey, '--key', witness.vkey, '--witnesses', '1', '--json'],
    ]);
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(checked.stdout);
    expect(report).toMatchObject({ sessionId, statements: 1, recording: 'sealed', trustsItself: false, remarks: [] });
    expect(report.records).toBeGreaterThanOrEqual(4);
    const standalone = ['bundle', file, '--key', logKey, '--witness', witness.vkey];
    expect(standaloneVerdict(standalone)).toMatchObject({ status: 0 });
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(Buffer.from('123-45-6789').toString('base64'));
    writeFileSync(file, text.replace('"index":', '"index": '));
    expect(await home.sluice(['evidence', 'verify', file])).toMatchObject({ code: 65 });
  });

  it('is not exported by somebody else, and by an auditor', async () => {
    const sessionId = await runSession('ana');
    const file = join(out.path, 'other.sluice-bundle');
    const refused = await sluice('ben', 'evidence', 'export', sessionId, '--out', file);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('or you may not know of it');
    expect(await sluice('audit', 'evidence', 'export', sessionId, '--out', file)).toMatchObject({ code: 0 });
  });
});

describe('a session that was cut off', () => {
  it.each<[string, (client: Client, isTied: () => boolean) => Promise<void>]>([
    [
      'after a statement',
      // The first end may come before there is a file.
      async (client, isTied) => {
        await expect
          .poll(async () => {
            await client.query('SELECT id, ssn FROM people');
            return isTied();
          })
          .toBe(true);
      },
    ],
    [
      'in the middle of a result',
      async (client, isTied) => {
        // What the server holds back until 8 KiB are full is beyond one row; its end never comes.
        const endless = "SELECT id, repeat('x', 9000), pg_sleep(0.1) FROM people, generate_series(1, 100000)";
        client.query(endless).catch(() => undefined);
        await expect.poll(isTied).toBe(true);
      },
    ],
  ])(
    '%s is tied to its recording all the same: an operator who changes what was seen, and signs again, is found',
    async (_, whileItRuns) => {
      const api = await gateway.apiFor('ana');
      const minted = await api.mintSession('shop', 'test');
      const client = new Client({
        ...{ host: '127.0.0.1', port: gateway.postgresPort, database: minted.database },
        ...{ user: minted.username, password: minted.secret },
      });
      client.on('error', () => undefined);
      await client.connect();
      const recorded = () => {
        const log = join(gateway.directory, 'data/evidence/segment-00000000.log');
        return readFileSync(log, 'latin1').lastIndexOf('"recorded":{"bytes":');
      };
      const before = recorded();
      await whileItRuns(client, () => recorded() > before);
      await gateway.end('SIGKILL');
      await client.end().catch(() => undefined);
      await gateway.restart();
      const [session] = await (await gateway.apiFor('audit')).sessions(1);
      const sessionId = session?.sessionId ?? '';
      let exports = 0;
      const exported = async () => {
        exports += 1;
        const file = join(out.path, `cut-${exports}.sluice-bundle`);
        const { code } = await sluice('audit', 'evidence', 'export', sessionId, '--out', file);
        return { code, ...standaloneVerdict(['bundle', file, '--key', logKey]) };
      };
      // Once a checkpoint has the session's last records.
      const told = expect.stringMatching(/the recording after byte [1-9]/);
      await expect.poll(exported).toMatchObject({ code: 0, status: 0, lines: expect.arrayContaining([told]) });
      const path = join(gateway.directory, 'data/recordings', `${sessionId}.jsonl`);
      const seen = readFileSync(path, 'utf8');
      expect(seen).toContain('["1",');
      writeFileSync(path, seen.replace('["1",', '["7",'));
      expect(await exported()).toMatchObject({ code: 65, status: 65 });
    },
  );
});

describe('the record', () => {
  it('proves to whoever kept a checkpoint that it goes on', async () => {
    const older = join(out.path, 'older');
    const newer = join(out.path, 'newer');
    expect(await sluice('ana', 'evidence', 'checkpoint', '--out', older)).toMatchObject({ code: 0, stderr: '' });
    await runSession('ana');
    await expect
      .poll(async () => (await sluice('audit', 'evidence', 'checkpoint', '--since', older, '--out', newer)).stdout, {
        timeout: 90_000,
      })
      .toContain('continues');
    expect(await sluice('audit', 'evidence', 'verify', newer, '--key', logKey)).toMatchObject({ code: 0 });
    // The proof is kept beside it, for whoever has no gateway to ask.
    const proof = `${newer}.proof`;
    const proven = await home.sluice(['evidence', 'verify', proof, '--older', older, '--key', logKey]);
    expect(proven).toMatchObject({ code: 0 });
    const asked = ['checkpoint', newer, '--key', logKey, '--noted', older, '--proof', proof];
    expect(standaloneVerdict(asked)).toMatchObject({ status: 0 });
  });

  it('tells an auditor with which key it is signed, and that there is no such file to compare with', async () => {
    const told = await sluice('audit', 'evidence', 'checkpoint');
    expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining(logKey) });
    expect(told.stdout.split('\n')[0]).toBe(logKey.split('+')[0]);
    const missing = await sluice('audit', 'evidence', 'checkpoint', '--since', join(out.path, 'nowhere'));
    expect(missing).toMatchObject({ code: 69, stderr: expect.stringContaining('NOT_FOUND') });
  });

  it('is not read by those who may read their own sessions only', async () => {
    const api = await gateway.apiFor('ana');
    await expect(api.evidence()).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    await expect(api.consistency(1)).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    expect(await api.checkpoint()).toContain('sluice/');
  });

  it('verifies as a directory, with all its tiles, while the gateway runs', async () => {
    const directory = join(gateway.directory, 'data/evidence');
    const result = await home.sluice(['evidence', 'verify', directory, '--key', logKey, '--json']);
    expect(result).toMatchObject({ code: 0 });
    expect(JSON.parse(result.stdout)).toMatchObject({ state: 'intact', merkle: { findings: [] } });
  });

  it('goes on to be signed after a restart', async () => {
    const before = (await (await gateway.apiFor('audit')).evidence()).signedEntries;
    await gateway.end('SIGTERM');
    await gateway.restart();
    const auditor = await gateway.apiFor('audit');
    await expect
      .poll(async () => (await auditor.evidence()).signedEntries, { timeout: 90_000 })
      .toBeGreaterThan(before);
    expect(await auditor.evidence()).toMatchObject({ state: 'signing', keys: [logKey] });
  });
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
