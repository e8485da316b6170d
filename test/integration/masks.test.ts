/** Every mask on every type through a real gateway: what clients read is valid, the same in every format, and shows no more than its kind says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { CONSTANT, dataSql, LABELS_CSV, MASK_NAMES, MASK_POLICIES, type MaskName, TYPES } from './masks/data.ts';

const USER = { username: 'reader', name: 'Reader', email: 'reader@example.com', password: 'pw', groups: ['analysts'] };
const DEFAULTS = join(import.meta.dirname, '../../gateway/src/policy/defaults');
const COLUMNS = TYPES.map(([column]) => column);

type Database = 'a' | 'b';
let server: PostgresServer;
let gateway: TestGateway;
const clients = new Map<Database, pg.Client>();

beforeAll(async () => {
  server = await startPostgres();
  await server.admin("CREATE ROLE app LOGIN SUPERUSER PASSWORD 'app'");
  await server.admin("ALTER ROLE app SET log_min_messages = 'fatal'");
  for (const database of ['a', 'b'] as const) {
    await server.admin(`CREATE DATABASE ${database}`);
    await server.admin(dataSql(database), database);
  }
  gateway = await startGateway({
    users: [USER],
    resources: (['a', 'b'] as const).map((database) => ({
      name: `db-${database}`,
      upstream: { host: server.host, port: server.port, database },
      credential: { username: 'app', password: 'app' },
      labelsCsv: LABELS_CSV,
      unclassified: 'public' as const,
    })),
    policies: {
      ...Object.fromEntries(
        ['access', 'reading', 'writing'].map((name) => [
          `${name}.cedar`,
          readFileSync(join(DEFAULTS, `${name}.cedar`), 'utf8'),
        ]),
      ),
      'masks.cedar': MASK_POLICIES,
    },
    limits: { holdSeconds: 0 },
  });
  for (const database of ['a', 'b'] as const) {
    const minted = await gateway.mintSession(USER.username, `db-${database}`);
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: gateway.postgresPort, user: minted.username, password: minted.secret },
      database: minted.database,
      ssl: { ca: readFileSync(gateway.caFile, 'utf8') },
    });
    await client.connect();
    clients.set(database, client);
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await gateway.stop();
  await server.stop();
});

function through(database: Database): pg.Client {
  const client = clients.get(database);
  if (client === undefined) throw new Error('no client');
  return client;
}

type Cells = readonly (readonly (string | null)[])[];

/** Cells as they come in text format. */
async function text(client: pg.Client, sql: string, values: readonly unknown[] = []): Promise<Cells> {
  const asItCame = { getTypeParser: () => (value: string | Buffer) => value };
  const { rows } = await client.query<(string | null)[]>({
    ...{ text: sql, values: [...values], rowMode: 'array', types: asItCame },
  });
  return rows;
}

async function copied(client: pg.Client, query: string, options: string): Promise<Buffer> {
  return await buffer(client.query(copyTo(`COPY (${query}) TO STDOUT (${options})`)));
}

/** Cells as they come in binary format: the tuples of a binary COPY. */
async function binary(client: pg.Client, query: string): Promise<readonly (readonly (Buffer | null)[])[]> {
  const copy = await copied(client, query, 'FORMAT binary');
  const rows: (Buffer | null)[][] = [];
  let at = 19;
  for (let columns = copy.readInt16BE(at); columns !== -1; columns = copy.readInt16BE(at)) {
    at += 2;
    rows.push(
      Array.from({ length: columns }, () => {
        const length = copy.readInt32BE(at);
        at += 4 + Math.max(length, 0);
        return length === -1 ? null : copy.subarray(at - length, at);
      }),
    );
  }
  return rows;
}

const selectAll = (name: MaskName): string => `SELECT ${COLUMNS.join(', ')} FROM ${name}`;

describe.each(MASK_NAMES)('the mask %s', (name) => {
  it.runIf(CONSTANT.includes(name))('shows nothing of any value, in any format', async () => {
    const of = async (database: Database) => ({
      text: await text(through(database), selectAll(name)),
      binary: await binary(through(database), selectAll(name)),
      csv: (await copied(through(database), selectAll(name), 'FORMAT csv')).toString(),
      plain: (await copied(through(database), selectAll(name), 'FORMAT text')).toString(),
    });
    const [a, b] = [await of('a'), await of('b')];
    expect(a).toEqual(b);
    for (const row of a.text) expect(row).toEqual(a.text[0]);
  });

  it('gives values that the server takes for its type, and the same ones in text and binary', async () => {
    const direct = new pg.Client({ connectionString: server.uri('a') });
    await direct.connect();
    try {
      for (const database of ['a', 'b'] as const) {
        const asText = await text(through(database), selectAll(name));
        const asBinary = await binary(through(database), selectAll(name));
        for (const [r, row] of asText.entries()) {
          for (const [c, [column, type]] of TYPES.entries()) {
            const cell = row[c] ?? null;
            const [[read] = []] = await text(direct, `SELECT ($1::text)::${type}::text`, [cell]);
            const [[sent] = []] = await text(direct, `SELECT $1::${type}::text`, [asBinary[r]?.[c] ?? null]);
            expect({ column, read: sent }).toEqual({ column, read });
            // What the server would have sent: nothing is cut, filled up or spelled in another way.
            if (cell !== null && read !== undefined)
              expect({ column, cell: await spelled(direct, cell, type) }).toEqual({ column, cell });
          }
        }
      }
    } finally {
      await direct.end();
    }
  });
});

/** The text that the server sends for this value. */
async function spelled(direct: pg.Client, cell: string, type: string): Promise<string | null> {
  const [[same] = []] = await text(direct, `SELECT ($1::text)::${type}`, [cell]);
  return same ?? null;
}
