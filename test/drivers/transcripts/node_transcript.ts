/**
 * node-postgres: pools, cursors, COPY streams, named statements, binary results, pipelined queries, cancellation.
 * Each step prints one line, `name<TAB>JSON`. The same program runs directly and through the gateway; see ../transcript.ts.
 */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';

const caFile = process.env['PGSSLROOTCERT'];
const config: pg.ClientConfig = { ssl: caFile === undefined ? false : { ca: readFileSync(caFile, 'utf8') } };
const client = new pg.Client(config);
await client.connect();
const notices: string[] = [];
client.on('notice', ({ severity, message }) => notices.push(`${severity} ${message}`));

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code, message, detail, position, table, column, constraint, where, routine } = error;
    result = { code, message, detail, position, table, column, constraint, where, routine };
  }
  process.stdout.write(`${name}\t${JSON.stringify(result)}\n`);
}

const rows = async (text: string, values?: unknown[]) =>
  (await client.query<unknown[]>({ text, rowMode: 'array', ...(values === undefined ? {} : { values }) })).rows;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

await step('simple', () => rows('SELECT * FROM public.items WHERE id < 3 ORDER BY id'));
await step('extended', () => rows('SELECT * FROM public.items WHERE id = $1', [7]));
await step('binary', async () => {
  const text = 'SELECT id, name, ratio, is_new, at, raw FROM public.items WHERE id = 7';
  return (await client.query({ text, binary: true } as pg.QueryConfig)).rows;
});
await step('fields', async () => (await client.query('SELECT * FROM public.items LIMIT 0')).fields);
await step('parameters', () =>
  rows('SELECT $1::int, $2::text, $3::bytea, $4::jsonb, $5::text[], $6::timestamptz', [
    ...[1, "it's é✓", Buffer.from([0, 255]), { a: [1, null] }, ['x', 'y"']],
    new Date(0),
  ]),
);
await step('a named statement', async () => {
  const names: unknown[] = [];
  for (const id of [1, 2, 3]) {
    const query = { name: 'mine', text: 'SELECT name FROM public.items WHERE id = $1', values: [id] };
    names.push((await client.query(query)).rows[0]);
  }
  return names;
});
await step('a named statement that fails', () =>
  client.query({ name: 'bad', text: 'SELECT $1::int / 0', values: [1] }),
);
await step('a cursor', async () => {
  const cursor = client.query(new Cursor('SELECT id FROM public.items ORDER BY id'));
  const first = await cursor.read(5);
  let count = first.length;
  for (let found = await cursor.read(100); found.length > 0; found = await cursor.read(100)) count += found.length;
  await cursor.close();
  return [first, count];
});
await step('a cursor left early', async () => {
  const cursor = client.query(new Cursor('SELECT id FROM public.items ORDER BY id'));
  const first = await cursor.read(5);
  await cursor.close();
  return first;
});
await step('pipelined', async () => {
  const all = await Promise.all(numbers(300).map((id) => client.query('SELECT $1::int AS a', [id])));
  return all.reduce((sum, { rows: found }) => sum + Number((found[0] as { a: number }).a), 0);
});
await step('several statements', async () => {
  const results = (await client.query('SELECT 1 AS a; SELECT 2 AS b, 3 AS c; DELETE FROM public.scratch')) as unknown;
  return (results as pg.QueryResult[]).map(({ command, rowCount, rows: found }) => [command, rowCount, found]);
});
await step('positions', () => client.query("SELECT 'é✓'; SELECT nothing FROM public.items"));
await step('a duplicate', () =>
  client.query("INSERT INTO public.scratch VALUES (1, 'a'); INSERT INTO public.scratch VALUES (1, 'b')"),
);
await step('a missing value', () => client.query('INSERT INTO public.items (id) VALUES (1)'));
await step('too few parameters', () => client.query('SELECT $1::int, $2::int', [1]));
await step('several statements with parameters', () => client.query('SELECT 1; SELECT 2', [1]));
await step('an empty query', async () => (await client.query('')).command);
await step('16,000 parameters', () =>
  rows(
    `SELECT count(*) FROM (SELECT 1 WHERE 0 IN (${numbers(16_000)
      .map((n) => `$${n + 1}`)
      .join()})) x`,
    numbers(16_000),
  ),
);
await step('1,664 columns', async () => (await client.query(`SELECT ${numbers(1_664).join()}`)).fields.length);
await step('1,665 columns', () => client.query(`SELECT ${numbers(1_665).join()}`));
await step('COPY in', async () => {
  const stream = client.query(copyFrom('COPY public.scratch FROM STDIN'));
  await pipeline(Readable.from(numbers(500).map((n) => `${n}\tnote ${n}\n`)), stream);
  return stream.rowCount;
});
await step('COPY in that fails', async () => {
  await pipeline(Readable.from(['x\ty\n']), client.query(copyFrom('COPY public.scratch FROM STDIN')));
});
await step('COPY out', async () => {
  let lines = 0;
  for await (const chunk of client.query(copyTo('COPY public.scratch TO STDOUT')))
    lines += String(chunk).split('\n').length - 1;
  return lines;
});
await step('clean', async () => (await client.query('DELETE FROM public.scratch')).rowCount);
await step('a pool', async () => {
  const pool = new pg.Pool({ ...config, max: 3 });
  const found = await Promise.all(numbers(30).map((n) => pool.query('SELECT $1::int AS a', [n])));
  await pool.end();
  return found.map((result) => (result.rows[0] as { a: number }).a);
});
await step('a notice', async () => {
  await client.query('DROP TABLE IF EXISTS public.never_there');
  return notices.splice(0);
});
await step('LISTEN, NOTIFY, UNLISTEN', async () => {
  const tags: string[] = [];
  for (const text of ['LISTEN somewhere', "NOTIFY elsewhere, 'x'", 'UNLISTEN *'])
    tags.push((await client.query(text)).command);
  return tags;
});
await step('cancel', async () => {
  const query = new pg.Query('SELECT pg_sleep(30)');
  const ended = new Promise((resolve, reject) => {
    query.on('end', resolve).on('error', reject);
  });
  client.query(query);
  // Until the statement runs: an earlier cancel request would meet nothing.
  const watcher = new pg.Client(config);
  await watcher.connect();
  const active = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'";
  for (let count = 0; count === 0; ) count = (await watcher.query<{ n: number }>(active)).rows[0]?.n ?? 0;
  await watcher.end();
  // Not in the types: opens a connection of its own for the request.
  const canceller = new pg.Client(config);
  const cancel: unknown = Reflect.get(canceller, 'cancel');
  if (typeof cancel !== 'function') throw new Error('this node-postgres cannot cancel');
  Reflect.apply(cancel, canceller, [client, query]);
  await ended;
});
await step('after cancel', () => rows('SELECT 1'));
await step('MASKED', () => rows('SELECT * FROM public.people ORDER BY id LIMIT 2'));
await client.end();
