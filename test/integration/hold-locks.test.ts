/** A held statement waits for minutes: where nothing else of its client hangs on them, not with the locks of its tables. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestView } from '@sluice/contract/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { EvilClient } from '../harness/evil-client.ts';
import { AuditSite } from './audit/site.ts';

const COPY = 'INSERT INTO reporting.daily (country, note) SELECT country, ssn FROM shop.customers';

type Query = string | { readonly text: string; readonly values: unknown[]; readonly name?: string };
/** As drivers send it: once in the simple protocol, once in the extended one, once prepared under a name. */
const FORMS: readonly (readonly [string, Query])[] = [
  ['simple', COPY],
  ['extended', { text: `${COPY} WHERE id > $1`, values: [0] }],
  ['prepared', { text: `${COPY} WHERE id > $1`, values: [0], name: 'copy' }],
];

let site: AuditSite;
beforeAll(async () => {
  site = await AuditSite.start();
});
afterAll(() => site.stop());
beforeEach(async () => {
  await site.server.admin(
    `DROP TABLE shop.customers, reporting.daily CASCADE; SET ROLE shop_owner;
     CREATE TABLE reporting.daily (country text, note text);
     CREATE TABLE shop.customers (id int PRIMARY KEY, name text, email text, ssn text, country text);
     INSERT INTO shop.customers VALUES (1, 'Ana', 'ana@x', '111-11-1111', 'CH'), (2, 'Bo', 'bo@x', '222-22-2222', 'DE')`,
    'shop',
  );
});

/** What the statement came to, once somebody has done something while it was held, and approved it. */
async function heldWhile(query: Query, meanwhile: () => Promise<unknown>): Promise<string> {
  const { client } = await site.connect(await site.api('analyst'));
  const told = await heldIn(client, query, meanwhile);
  await client.end();
  return told;
}

async function heldIn(
  client: { readonly query: (query: Query) => Promise<unknown> },
  query: Query,
  meanwhile: () => Promise<unknown>,
  decision: 'approve' | 'deny' = 'approve',
): Promise<string> {
  const outcome = client.query(query).then(
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

it.each(FORMS)(
  'others may alter the tables of a held statement (%s), and it runs when it is still the same',
  async (_, query) => {
    expect(await heldWhile(query, () => change('ALTER TABLE shop.customers ALTER COLUMN email SET NOT NULL'))).toBe(
      'it ran',
    );
    expect(await copied()).toEqual([{ note: '111-11-1111' }, { note: '222-22-2222' }]);
  },
);

it.each(FORMS)(
  'nor do the locks of one that was seen before in its session stand in their way (%s)',
  async (_, query) => {
    const { client } = await site.connect(await site.api('analyst'));
    for (let time = 0; time < 2; time += 1)
      expect(await heldIn(client, query, () => Promise.resolve(), 'deny')).toMatch(/was denied/);
    const alter = () => change('ALTER TABLE shop.customers ALTER COLUMN name SET NOT NULL');
    expect(await heldIn(client, query, alter)).toBe('it ran');
    expect(await copied()).toHaveLength(2);
    await client.end();
  },
);

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

it('nor when it was prepared before, and its names stand for other columns', async () => {
  const swap = 'ALTER TABLE shop.customers RENAME ssn TO x; ALTER TABLE shop.customers RENAME email TO ssn';
  const query = { text: `${COPY} WHERE id > $1`, values: [0], name: 'copy' };
  expect(await heldWhile(query, () => change(swap))).toMatch(/definitions changed while the statement was held/);
  expect(await copied()).toEqual([]);
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

/** Messages of the extended protocol (manual 55.7), by hand: type, length with itself, body. */
const message = (type: string, ...body: readonly (string | number)[]): Buffer => {
  const parts = body.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : int16(part)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([Buffer.from(type), length, ...parts]);
};
const int16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const parse = (text: string) => message('P', '', text, 0);
const bind = (portal: string) => message('B', portal, '', 0, 0, 0);
const execute = (portal: string) => message('E', portal, 0, 0);
const sync = message('S');

it.each([
  [
    'an earlier statement was executed',
    [
      parse(`INSERT INTO reporting.daily VALUES ('x', 'first')`),
      bind(''),
      execute(''),
      parse(COPY),
      bind(''),
      execute(''),
    ],
    ['111-11-1111', '222-22-2222', 'first'],
  ],
  [
    'another portal is bound',
    [parse('SELECT 1'), bind('other'), parse(COPY), bind(''), execute(''), execute('other')],
    ['111-11-1111', '222-22-2222'],
  ],
])('in a pipeline in which %s nothing is committed or lost for a hold', async (_, messages, notes) => {
  const minted = await (await site.api('analyst')).mintSession('shop-db', 'test');
  const { username: user, secret: password, database } = minted;
  const client = await EvilClient.login(site.gateway.postgresPort, { user, password, database });
  const answered = heldIn(
    {
      query: async () => {
        client.send(...messages, sync);
        const answers = await client.until('Z');
        const types = answers.map(({ type }) => type).join('');
        if (types.includes('E')) throw new Error(types);
      },
    },
    COPY,
    async () => expect(await copied()).toEqual([]),
  );
  expect(await answered).toBe('it ran');
  expect(await copied()).toEqual(notes.map((note) => ({ note })));
  await client.close();
});
