/**
 * Buffers for rows are used again, also for other sessions. What a client reads stays its own, however late it reads,
 * and however much others have read meanwhile.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const OWNER = 'buffer_owner';
const PASSWORD = 'buffer-password';
const RESOURCE = 'buffer-db';
const DATABASE = 'buffers';
const USER = { username: 'ana', name: 'Ana', email: 'ana@example.com', password: 'ana-password', groups: ['analysts'] };
const ROWS = 4_000;
/** About 4 MB an answer: far more than lies between a server and a client that does not read. */
const VALUE_CHARACTERS = 1_000;

let server: PostgresServer;
let gateway: TestGateway;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}'`);
  await server.admin(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  // Before 15 it belongs to the superuser.
  await server.admin(`ALTER SCHEMA public OWNER TO ${OWNER}`, DATABASE);
  const outside = new pg.Client({ connectionString: server.uri(DATABASE, OWNER, PASSWORD) });
  await outside.connect();
  await outside.query(`
    CREATE TABLE public.letters AS
      SELECT n, letter, repeat(letter, ${VALUE_CHARACTERS}) AS value, 'secret ' || letter AS secret
      FROM generate_series(1, ${ROWS}) n, unnest('{a,b,c,d}'::text[]) letter`);
  await outside.end();
  gateway = await startGateway({
    users: [USER],
    resources: [
      {
        name: RESOURCE,
        upstream: { host: server.host, port: server.port, database: DATABASE },
        credential: { username: OWNER, password: PASSWORD },
        labelsCsv: 'schema,table,column,label,category\npublic,letters,secret,regulated,pii.ssn\n',
        unclassified: 'public',
      },
    ],
  });
});
afterAll(async () => {
  await gateway?.stop();
  await server?.stop();
});

async function connect(options: pg.ClientConfig): Promise<pg.Client> {
  const minted = await gateway.mintSession(USER.username, RESOURCE, 'buffers');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: gateway.postgresPort,
    user: minted.username,
    password: minted.secret,
    database: minted.database,
    ...options,
  });
  await client.connect();
  return client;
}

/** How many rows are what they should be. */
async function rightRows(client: pg.Client, letter: string, columns: string): Promise<number> {
  const { rows } = await client.query<{ letter: string; value: string; secret?: string | null }>(
    `SELECT n, ${columns} FROM public.letters WHERE letter = $1`,
    [letter],
  );
  const value = letter.repeat(VALUE_CHARACTERS);
  return rows.filter((row) => row.letter === letter && row.value === value && !/secret/.test(row.secret ?? '')).length;
}

describe.each(['letter, value', 'letter, value, secret'])('rows with %s', (columns) => {
  it('are those of the statement for who reads late, while others read theirs', async () => {
    const socket = new Socket();
    const late = await connect({ stream: () => socket });
    const quick = [await connect({}), await connect({}), await connect({ ssl: { ca: ca() } })];
    try {
      const lateRows = rightRows(late, 'd', columns);
      socket.pause();
      for (let round = 0; round < 3; round += 1) {
        const counts = await Promise.all(quick.map((client, at) => rightRows(client, 'abc'.charAt(at), columns)));
        expect(counts).toEqual([ROWS, ROWS, ROWS]);
      }
      socket.resume();
      expect(await lateRows).toBe(ROWS);
    } finally {
      for (const client of [late, ...quick]) await client.end();
    }
  });

  it('are those of the statement while others leave in the middle of theirs', async () => {
    const reader = await connect({});
    try {
      for (const letter of 'abc') {
        const socket = new Socket();
        const leaving = await connect({ stream: () => socket });
        // It hears of its end twice: in the statement, and as an event.
        leaving.on('error', () => undefined);
        const left = rightRows(leaving, letter, columns).catch(() => 'left');
        socket.once('data', () => socket.destroy());
        expect(await rightRows(reader, 'd', columns)).toBe(ROWS);
        expect(await left).toBe('left');
      }
    } finally {
      await reader.end();
    }
  });
});

function ca(): string {
  return readFileSync(gateway.caFile, 'utf8');
}
