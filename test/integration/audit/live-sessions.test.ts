/** Sessions while they last: looked on, and ended by an administrator, with real clients. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../gateway/src/evidence/entry.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { AuditSite, type LiveClient } from './site.ts';

let site: AuditSite;
beforeAll(async () => {
  site = await AuditSite.start();
});
afterAll(() => site.stop());

const FATAL = { severity: 'FATAL', code: '57P01' };
const HELD = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers';

/** The statements of PostgreSQL that the session's owner runs now. */
const running = async (): Promise<unknown[]> => [
  ...(await site.server.admin(
    "SELECT query FROM pg_stat_activity WHERE usename = 'shop_owner' AND state = 'active' AND query LIKE '%pg_sleep%'",
  )),
];

async function entries(): Promise<Entry[]> {
  const directory = join(site.gateway.directory, 'data', 'evidence');
  expect(readdirSync(directory).length).toBeGreaterThan(0);
  const found: Entry[] = [];
  for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER }))
    found.push(...block.entries.map(({ entry }) => entry));
  return found;
}

describe('sluice sessions kill', () => {
  it.each([
    ['an idle session', null],
    ['a held statement', HELD],
    ['a running statement', 'SELECT pg_sleep(60)'],
  ])('ends %s with FATAL 57P01, and the record says who and why', async (_, statement) => {
    const live = await site.connect(await site.api('analyst'));
    const failed =
      statement === null
        ? live.ended
        : live.client.query(statement).then(
            () => null,
            (error: Error) => error,
          );
    if (statement === HELD) await heldOf(live);
    if (statement?.includes('pg_sleep') === true) await until(async () => (await running()).length === 1);
    const killed = await site.sluice('root', 'sessions', 'kill', live.sessionId, '--yes', '--reason', 'ticket 4711');
    expect(killed).toMatchObject({ code: 0, stderr: '' });
    expect(killed.stdout).toMatch(new RegExp(`^${live.sessionId}  ended  entry \\d+\\n$`));
    expect(await failed).toMatchObject({ ...FATAL, message: expect.stringContaining('ticket 4711') });
    await until(async () => (await running()).length === 0);
    const record = await entries();
    expect(record).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'session.killed', sessionId: live.sessionId, reason: 'ticket 4711' },
        by: expect.objectContaining({ name: 'Ada Admin' }),
      }),
    );
    expect(record).toContainEqual(expect.objectContaining({ kind: 'session.closed', sessionId: live.sessionId }));
    expect((await site.sluice('root', 'sessions', 'ls')).stdout).toContain(
      'an administrator ended the session: ticket 4711',
    );
    expect(await site.server.admin('SELECT * FROM reporting.daily', 'shop')).toEqual([]);
  });

  it('is refused to everybody else, and the session goes on', async () => {
    const live = await site.connect(await site.api('analyst'));
    for (const who of ['analyst', 'audrey', 'dana', 'stranger']) {
      const refused = await site.sluice(who, 'sessions', 'kill', live.sessionId, '--yes');
      expect(refused).toMatchObject({ code: 77, stdout: '' });
      expect(refused.stderr).toContain('Only administrators may end the sessions of others');
    }
    expect((await live.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await live.client.end();
    await live.ended;
    expect(await site.sluice('root', 'sessions', 'kill', live.sessionId, '--yes')).toMatchObject({ code: 69 });
  });
});

describe('sluice sessions watch', () => {
  it('shows statements and masked rows as they happen, to whoever may read the session, on record', async () => {
    const live = await site.connect(await site.api('analyst'));
    const stranger = await site.sluice('stranger', 'sessions', 'watch', live.sessionId);
    expect(stranger).toMatchObject({ code: 69, stdout: '' });
    const watching = await site.startSluice('audrey', 'sessions', 'watch', live.sessionId, '--json');
    const ended = once(watching.child, 'close');
    const record = async () =>
      (await entries()).filter((entry) => entry.kind === 'session.watched' && entry.sessionId === live.sessionId);
    await until(async () => (await record()).length === 1);
    await live.client.query('SELECT id, ssn FROM shop.customers WHERE id < $1 ORDER BY id', [3]);
    await watching.until('stdout', /"kind":"completed"/);
    await live.client.end();
    await watching.until('stdout', /"kind":"closed"/);
    const { stdout } = watching.output();
    const events = stdout
      .trim()
      .split('\n')
      .map((line): { kind: string } => JSON.parse(line));
    expect(events).toMatchObject([
      { kind: 'statement', statementId: 1, effect: 'mask', text: expect.stringContaining('ssn') },
      {
        kind: 'columns',
        columns: [
          { name: 'id', masked: false },
          { name: 'ssn', masked: true },
        ],
      },
      {
        kind: 'rows',
        rows: [
          ['1', null],
          ['2', null],
        ],
      },
      { kind: 'completed', rows: 2, maskedCells: 2, error: null },
      { kind: 'closed' },
    ]);
    expect(stdout).not.toContain('111-11-1111');
    expect(await record()).toMatchObject([{ by: { name: 'Audrey Auditor' } }]);
    expect(await ended).toEqual([0, null]);
  });
});

/** Waits until the session's statement is held. */
async function heldOf({ sessionId }: LiveClient): Promise<void> {
  const dana = await site.api('dana');
  await until(async () => (await dana.requests('pending')).some((request) => request.sessionId === sessionId));
}

/** Asks again until it is so; the test's own time limit ends a hang. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
