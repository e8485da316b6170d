/** A held statement waits for minutes: where nothing else of its client hangs on them, not with the locks of its tables. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestView } from '@sluice/contract/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AuditSite, type LiveClient } from './audit/site.ts';

const COPY = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers';

let site: AuditSite;
beforeAll(async () => {
  site = await AuditSite.start();
});
afterAll(() => site.stop());
beforeEach(async () => {
  await site.server.admin(
    `DROP TABLE shop.customers, reporting.daily; SET ROLE shop_owner;
     CREATE TABLE reporting.daily (country text, note text);
     CREATE TABLE shop.customers (id int PRIMARY KEY, name text, email text, ssn text, country text);
     INSERT INTO shop.customers VALUES (1, 'Ana', 'ana@x', '111-11-1111', 'CH'), (2, 'Bo', 'bo@x', '222-22-2222', 'DE')`,
    'shop',
  );
});

/** What the statement came to, once somebody has done something while it was held, and approved it. */
async function heldWhile(text: string, meanwhile: () => Promise<unknown>): Promise<string> {
  const { client } = await site.connect(await site.api('analyst'));
  const told = await heldIn(client, text, meanwhile);
  await client.end();
  return told;
}

async function heldIn(
  client: LiveClient['client'],
  text: string,
  meanwhile: () => Promise<unknown>,
  decision: 'approve' | 'deny' = 'approve',
): Promise<string> {
  const outcome = client.query(text).then(
    () => 'it ran',
    (error: Error) => error.message,
  );
  const dana = await site.api('dana');
  let request: RequestView | undefined;
  for (; request === undefined; [request] = await dana.requests('pending')) await delay(20);
  await meanwhile();
  await dana.decide(request.id, decision, '', request.bindingHash);
  const told = await outcome;
  // The target's label goes back: the next copy has to be held as well.
  const admin = await site.api('root');
  for (const { id, state } of await admin.labelChanges('shop-db'))
    if (state === 'live') await admin.revertLabels(id, 'as it was');
  return told;
}

const change = (text: string) => site.server.admin(`SET lock_timeout = '20s'; ${text}`, 'shop');
const copied = async () => await site.server.admin('SELECT note FROM reporting.daily ORDER BY note', 'shop');

it('others may alter the tables of a held statement, and it runs when it is still the same statement', async () => {
  expect(await heldWhile(COPY, () => change('ALTER TABLE shop.customers ALTER COLUMN email SET NOT NULL'))).toBe(
    'it ran',
  );
  expect(await copied()).toEqual([{ note: '111-11-1111' }, { note: '222-22-2222' }]);
});

it('nor do the locks of one that was seen before in its session stand in their way', async () => {
  const { client } = await site.connect(await site.api('analyst'));
  for (let time = 0; time < 2; time += 1)
    expect(await heldIn(client, COPY, () => Promise.resolve(), 'deny')).toMatch(/was denied/);
  const alter = () => change('ALTER TABLE shop.customers ALTER COLUMN name SET NOT NULL');
  expect(await heldIn(client, COPY, alter)).toBe('it ran');
  expect(await copied()).toHaveLength(2);
  await client.end();
});

it.each([
  [
    'its names stand for other columns',
    'ALTER TABLE shop.customers RENAME ssn TO x; ALTER TABLE shop.customers RENAME email TO ssn',
    /definitions changed while the statement was held/,
  ],
  [
    'its table has another column',
    'ALTER TABLE shop.customers ADD COLUMN extra int',
    /definitions changed while the statement was held/,
  ],
  ['a column that it reads is gone', 'ALTER TABLE shop.customers DROP COLUMN ssn', /column "ssn" does not exist/],
  [
    'a column that it writes is another',
    'ALTER TABLE reporting.daily RENAME note TO old; ALTER TABLE reporting.daily RENAME country TO note; ALTER TABLE reporting.daily RENAME old TO country',
    /definitions changed while the statement was held/,
  ],
])('a held statement is not run when %s', async (_, ddl, told) => {
  expect(await heldWhile(COPY, () => change(ddl))).toMatch(told);
  expect(await site.server.admin('SELECT count(*)::int AS rows FROM reporting.daily', 'shop')).toEqual([{ rows: 0 }]);
});

it.each([
  ['of the same message', `INSERT INTO reporting.daily VALUES ('x', 'first'); ${COPY}`],
  ['of an open transaction', `BEGIN; INSERT INTO reporting.daily VALUES ('x', 'first'); ${COPY}; COMMIT`],
])('what stands before it, %s, is not committed for that', async (_, text) => {
  const outcome = await heldWhile(text, async () => {
    expect(await copied()).toEqual([]);
  });
  expect(outcome).toBe('it ran');
  expect(await copied()).toEqual([{ note: '111-11-1111' }, { note: '222-22-2222' }, { note: 'first' }]);
});
