/**
 * A held statement, as its client sees it: a notice, signs of life that any client takes for what they are, and at the bound
 * an error with the request's id; in an open transaction sooner, and the transaction is over.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { query, reportOf } from '../harness/evil-client.ts';
import { type EvilSite, startEvilSite } from '../harness/evil-site.ts';
import { runProgram } from '../harness/program.ts';

/** Longer than one life sign is away, and than the timeouts of the clients below. */
const HOLD_SECONDS = 8;
const IN_TRANSACTION_SECONDS = 1;
const copy = (id: number): string => `INSERT INTO notes (id, note) SELECT ${id}, ssn FROM people WHERE id = 1`;
const BOUND = /held for approval as request req_[\w-]+ and was not run/;

let site: EvilSite;
beforeAll(async () => {
  site = await startEvilSite({
    limits: { holdSeconds: HOLD_SECONDS, holdInTransactionSeconds: IN_TRANSACTION_SECONDS },
    documents: [{ kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'] }],
  });
});
afterAll(() => site.stop());

const written = async (): Promise<unknown> =>
  await site.server.admin('SELECT id FROM notes WHERE id > 1000 ORDER BY id', 'shop');

it.concurrent('byte by byte: a notice, life signs, the error, and a session that goes on', async () => {
  const client = await site.session();
  const answers = await client.query(copy(1001));
  const types = answers.map(({ type }) => type).join('');
  expect(types).toMatch(/^N+S+EZ$/);
  const [notice, sign, error] = ['N', 'S', 'E'].map((type) => answers.find((answer) => answer.type === type));
  if (notice === undefined || sign === undefined || error === undefined) throw new Error(types);
  expect(reportOf(notice)).toMatchObject({ S: 'NOTICE', M: expect.stringMatching(/req_/) });
  expect(sign.body.toString()).toBe('integer_datetimes\0on\0');
  expect(reportOf(error)).toMatchObject({ S: 'ERROR', C: '42501', M: expect.stringMatching(BOUND) });
  expect(answers.at(-1)?.body.toString()).toBe('I');
  expect(await client.value('SELECT 7')).toBe('7');
  await client.close();
  expect(await written()).toEqual([]);
});

it.concurrent('psql, with timeouts of its own that are shorter, waits and tells', async () => {
  const { user, password } = await site.loginTo('shop');
  const timeouts = 'connect_timeout=3 tcp_user_timeout=3000 keepalives_idle=1 keepalives_interval=1 keepalives_count=3';
  const { code, stdout, stderr } = await runProgram(
    'psql',
    [
      ...['-XAt', `host=127.0.0.1 port=${site.gateway.postgresPort} dbname=shop user=${user} ${timeouts}`],
      ...['-c', copy(1002), '-c', 'SELECT 7'],
    ],
    { env: { PGPASSWORD: password } },
  );
  expect(stderr).toMatch(/NOTICE: .*req_/);
  expect(stderr).toMatch(BOUND);
  expect([code, stdout]).toEqual([0, '7\n']);
  expect(await written()).toEqual([]);
});

it.concurrent('node-postgres waits, and is told the same', async () => {
  const { user, password } = await site.loginTo('shop');
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: site.gateway.postgresPort, user, password, database: 'shop' },
    ...{ connectionTimeoutMillis: 30_000, keepAlive: true, keepAliveInitialDelayMillis: 1_000 },
  });
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  await client.connect();
  await expect(
    client.query('INSERT INTO notes (id, note) SELECT $1, ssn FROM people WHERE id = 1', [1003]),
  ).rejects.toMatchObject({ code: '42501', message: expect.stringMatching(BOUND) });
  expect(notices.join()).toMatch(/req_/);
  expect((await client.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
  await client.end();
  expect(await written()).toEqual([]);
});

it('in an open transaction the bound is the shorter one, its locks go, and it can only be rolled back', async () => {
  const client = await site.session();
  await client.query("BEGIN; UPDATE notes SET note = 'mine' WHERE id = 1");
  client.send(query(copy(1004)));
  const answers = await client.until('Z');
  expect(answers.map(({ type }) => type).join('')).toMatch(/^N+S*EZ$/);
  const error = answers.find(({ type }) => type === 'E');
  expect(error === undefined ? null : reportOf(error)).toMatchObject({ M: expect.stringMatching(BOUND) });
  expect(answers.at(-1)?.body.toString()).toBe('E');
  // Nobody has to wait for its row lock any more, though the client has not said anything yet.
  expect(
    await site.server.admin("SELECT note <> 'mine' AS free FROM notes WHERE id = 1 FOR UPDATE NOWAIT", 'shop'),
  ).toEqual([{ free: true }]);
  const [refused] = await client.query('SELECT 1');
  expect(refused === undefined ? null : reportOf(refused)).toMatchObject({ C: '25P02' });
  expect((await client.query('COMMIT')).map(({ type }) => type).join('')).toBe('CZ');
  await client.close();
  expect(await written()).toEqual([]);
});
