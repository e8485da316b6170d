/** node-postgres: pool, prepared statements, cursor, COPY streams. Reports what the programs beside it report. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import type { Report } from './data.ts';

const BATCH_ROWS = 100;

export async function reportOfNodePostgres(config: pg.ClientConfig): Promise<Report> {
  const pool = new pg.Pool({ ...config, max: 2 });
  const client = await pool.connect();
  try {
    const { rows: items } = await client.query('SELECT * FROM public.items WHERE id = $1', [7]);
    const { afterRollback, afterCommit } = await transactions(client);
    return {
      sum: Number(await one(client, 'SELECT 1 + 1')),
      row: cellsOf(items[0] as Record<string, unknown>),
      prepared: await prepared(client),
      cursorRows: await cursorRows(client),
      afterRollback,
      afterCommit,
      errorState: await errorState(client),
      afterError: Number(await one(client, 'SELECT 2 + 3')),
      copiedOut: await copyOut(client),
      copiedIn: await copyIn(client),
      // Over the pool's other connection.
      ssn:
        (await pool.query<{ ssn: string | null }>('SELECT ssn FROM public.people WHERE id = 1')).rows[0]?.ssn ?? null,
    };
  } finally {
    client.release();
    await pool.end();
  }
}

async function one(client: pg.ClientBase, sql: string): Promise<unknown> {
  const { rows } = await client.query<Record<string, unknown>>(sql);
  return Object.values(rows[0] ?? {})[0];
}

function cellsOf(item: Record<string, unknown>): (string | null)[] {
  const { id, name, price, big, ratio, is_new: isNew, at, raw, tags, extra, missing } = item;
  const text = [id, name, price, big, ratio, isNew].map(String);
  const time = at instanceof Date ? at.toISOString() : '';
  const bytes = Buffer.isBuffer(raw) ? raw.toString('hex') : '';
  const second = Array.isArray(tags) ? String(tags[1]) : '';
  return [...text, time, bytes, second, String((extra as { n: number }).n), missing as null];
}

async function prepared(client: pg.ClientBase): Promise<string[]> {
  const names: string[] = [];
  for (let id = 1; id <= 10; id += 1) {
    const { rows } = await client.query<{ name: string }>({
      name: 'by-id',
      text: 'SELECT name FROM public.items WHERE id = $1',
      values: [id],
    });
    names.push(rows[0]?.name ?? '');
  }
  return names;
}

async function cursorRows(client: pg.ClientBase): Promise<number> {
  const cursor = client.query(new Cursor('SELECT id, name FROM public.items'));
  let count = 0;
  for (let rows = await cursor.read(BATCH_ROWS); rows.length > 0; rows = await cursor.read(BATCH_ROWS))
    count += rows.length;
  await cursor.close();
  return count;
}

async function transactions(client: pg.ClientBase): Promise<{ afterRollback: number; afterCommit: number }> {
  const insertTwo = async () => {
    await client.query('BEGIN');
    for (const id of [1, 2]) await client.query('INSERT INTO public.scratch VALUES ($1, $2)', [id, `note ${id}`]);
  };
  const count = async () => Number(await one(client, 'SELECT count(*) FROM public.scratch'));
  await insertTwo();
  await client.query('ROLLBACK');
  const afterRollback = await count();
  await insertTwo();
  await client.query('COMMIT');
  return { afterRollback, afterCommit: await count() };
}

async function errorState(client: pg.ClientBase): Promise<string> {
  try {
    await client.query('SELECT 1 / 0');
    return 'none';
  } catch (error) {
    return error instanceof pg.DatabaseError ? String(error.code) : String(error);
  }
}

async function copyOut(client: pg.ClientBase): Promise<number> {
  let lines = 0;
  for await (const chunk of client.query(copyTo('COPY public.items TO STDOUT'))) {
    lines += String(chunk).split('\n').length - 1;
  }
  return lines;
}

async function copyIn(client: pg.ClientBase): Promise<number> {
  const stream = client.query(copyFrom('COPY public.scratch FROM STDIN'));
  await pipeline(Readable.from(['10\tx\n11\t', 'y\n12\t\\N\n']), stream);
  return stream.rowCount;
}
