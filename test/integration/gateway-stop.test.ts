/** The gateway stops, in order or not: what its clients are told, and what the record holds afterwards. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, EvilClient, int32, query, reportOf } from '../harness/evil-client.ts';
import { type EvilSite, entriesOf, startEvilSite, verifyRecord } from '../harness/evil-site.ts';

const DRAIN_SECONDS = 3;

/** The beginning of a block of 500 bytes (docs/evidence-format.md): lengths, count, sequence, and 40 bytes of records. */
const TORN_BLOCK = Buffer.concat([
  int32(500),
  int32(500 ^ 0x534c_4345),
  int32(1),
  Buffer.alloc(8),
  Buffer.alloc(40, 0x7b),
]);

let site: EvilSite;
let dataDir: string;
beforeAll(async () => {
  site = await startEvilSite({ limits: { drainSeconds: DRAIN_SECONDS } });
  dataDir = join(site.gateway.directory, 'data');
});
afterAll(() => site.stop());

const TOLD = { S: 'FATAL', C: '57P01', M: expect.stringContaining('the gateway is stopping') };
const lastSegment = (): string => {
  const names = readdirSync(join(dataDir, 'evidence')).filter((name) => /\d/.test(name) && !name.includes('torn'));
  return join(dataDir, 'evidence', names.toSorted().at(-1) ?? '');
};

/** Every session of the record has an end, and the last entry says that the gateway stopped. */
async function expectOrderlyEnd(): Promise<void> {
  const entries = await entriesOf(dataDir);
  const opened = entries.flatMap((entry) => (entry.kind === 'session.opened' ? [entry.sessionId] : []));
  const closed = entries.flatMap((entry) => (entry.kind === 'session.closed' ? [entry.sessionId] : []));
  expect(closed.toSorted()).toEqual(opened.toSorted());
  expect(entries.at(-1)).toEqual({ kind: 'gateway.stopped' });
  expect(verifyRecord(dataDir)).toContain('intact');
}

describe('SIGTERM', () => {
  it('idle sessions are told at once, and the exit code is 0', async () => {
    const client = await site.session();
    expect(await client.value('SELECT 1')).toBe('1');
    const before = performance.now();
    const ended = site.gateway.end('SIGTERM');
    expect(await client.refusal()).toMatchObject(TOLD);
    expect(performance.now() - before).toBeLessThan(DRAIN_SECONDS * 1_000);
    await client.close();
    expect(await ended).toEqual({ code: 0, signal: null });
    await expectOrderlyEnd();
    await site.gateway.restart();
  });

  it('a running statement finishes, an open transaction too, and a new connection is refused', async () => {
    const [running, transaction] = [await site.session(), await site.session()];
    const login = await site.loginTo('shop');
    await transaction.query('BEGIN');
    await transaction.query("INSERT INTO notes VALUES (100, 'kept')");
    running.send(query('SELECT 42 FROM pg_sleep(1.5)'));
    await site.server.untilActive('SELECT 42 FROM pg_sleep(1.5)');
    const ended = site.gateway.end('SIGTERM');
    await expect.poll(() => site.gateway.output()).toMatch(/stopping/);
    const late = await EvilClient.connect(site.gateway.postgresPort);
    expect(reportOf(await late.authenticate(login))).toMatchObject(TOLD);
    await late.close();
    expect((await transaction.query('COMMIT')).map(({ type }) => type).join('')).toBe('CZ');
    expect(await transaction.refusal()).toMatchObject(TOLD);
    const answers = await running.rest();
    expect(answers.filter(({ type }) => type === 'D').map(cellsOf)).toEqual([['42']]);
    expect(answers.map(({ type }) => type).join('')).toBe('TDCZE');
    for (const client of [running, transaction]) await client.close();
    expect(await ended).toEqual({ code: 0, signal: null });
    await expectOrderlyEnd();
    expect(await site.server.admin('SELECT note FROM notes WHERE id = 100', 'shop')).toEqual([{ note: 'kept' }]);
    await site.gateway.restart();
  });

  it('a statement that goes on for longer than drainSeconds is ended, and its outcome is on record as unknown', async () => {
    const client = await site.session();
    client.send(query('SELECT 43 FROM pg_sleep(60)'));
    await site.server.untilActive('SELECT 43 FROM pg_sleep(60)');
    const ended = site.gateway.end('SIGTERM');
    expect(await client.refusal()).toMatchObject(TOLD);
    await client.close();
    expect(await ended).toEqual({ code: 0, signal: null });
    await expectOrderlyEnd();
    const completed = (await entriesOf(dataDir)).findLast((entry) => entry.kind === 'statement.completed');
    expect(completed).toMatchObject({ error: 'outcome unknown' });
    await site.gateway.restart();
  });

  it('a session secret of before opens nothing afterwards', async () => {
    const login = await site.loginTo('shop');
    await site.gateway.end('SIGTERM');
    await site.gateway.restart();
    const client = await EvilClient.connect(site.gateway.postgresPort);
    expect(reportOf(await client.authenticate(login))).toMatchObject({ C: '28P01' });
    await client.close();
  });
});

describe('SIGKILL', () => {
  it('in the middle of a statement: the record verifies, has the statement, and goes on after the start', async () => {
    const client = await site.session();
    client.send(query('SELECT 44 FROM pg_sleep(60)'));
    const lastText = async () =>
      (await entriesOf(dataDir)).findLast((entry) => entry.kind === 'statement.decided')?.text;
    await expect.poll(lastText, { timeout: 90_000 }).toBe('SELECT 44 FROM pg_sleep(60)');
    expect(await site.gateway.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await client.close();
    expect(verifyRecord(dataDir)).toContain('intact');
    const before = await entriesOf(dataDir);
    const decided = before.at(-1);
    expect(decided).toMatchObject({ kind: 'statement.decided', text: 'SELECT 44 FROM pg_sleep(60)' });

    await site.gateway.restart();
    const after = await entriesOf(dataDir);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after[before.length]).toMatchObject({ kind: 'gateway.started' });
    // The session is not shown as one that still runs.
    const api = await site.gateway.apiFor('ana');
    const cut = (await api.sessions(20)).find(
      ({ sessionId }) => decided?.kind === 'statement.decided' && sessionId === decided.sessionId,
    );
    expect(cut).toMatchObject({ closedAt: expect.any(String), closeReason: expect.any(String) });
  });

  it('in the middle of a write: the torn part was never acknowledged, and the record says that it was cut', async () => {
    await (await site.session()).close();
    await site.gateway.end('SIGKILL');
    appendFileSync(lastSegment(), TORN_BLOCK);
    const before = await entriesOf(dataDir);
    await site.gateway.restart();
    const after = await entriesOf(dataDir);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.find((entry) => entry.kind === 'log.recovered')).toMatchObject({ tornBytes: TORN_BLOCK.length });
    expect(verifyRecord(dataDir)).toContain('intact');
    await site.session().then((client) => client.close());
  });

  it('a record that was changed meanwhile is not started on: exit code 65', async () => {
    await site.gateway.end('SIGTERM');
    const bytes = readFileSync(lastSegment());
    const changed = Buffer.from(bytes);
    const at = Math.floor(bytes.length / 2);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    writeFileSync(lastSegment(), changed);
    await expect(site.gateway.restart()).rejects.toThrow(/does not verify|EVIDENCE_BROKEN|record|log/);
    expect(await site.gateway.end('SIGKILL')).toEqual({ code: 65, signal: null });
    expect(() => verifyRecord(dataDir)).toThrow();
    writeFileSync(lastSegment(), bytes);
    await site.gateway.restart();
  });
});
