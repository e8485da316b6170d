/** Real drivers read every mask on every type: in text, in binary, through cursors, and by the metadata they are given. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { MASK_NAMES, TYPES } from '../integration/masks/data.ts';
import { startMaskingGateway, USER } from '../integration/masks/gateway.ts';
import { DRIVER_PROGRAMS, runJava, runPython } from './programs.ts';
import { environmentOf, nodeConfigOf, type Target } from './target.ts';

const ROWS = 3;
const CELLS = MASK_NAMES.length * ROWS * (TYPES.length + 1);

let server: PostgresServer;
let gateway: TestGateway;
let target: Target;
beforeAll(async () => {
  server = await startPostgres();
  gateway = await startMaskingGateway(server);
  const minted = await gateway.mintSession(USER.username, 'db-a', 'drivers');
  target = {
    ...{ name: 'gateway', host: '127.0.0.1', port: gateway.postgresPort, user: minted.username },
    ...{ password: minted.secret, database: minted.database, caFile: gateway.caFile, masks: true },
  };
});
afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

type Report = { readonly cells: number; readonly nulls: number; readonly differences: readonly unknown[] };
const isInstalled = (name: string): boolean => DRIVER_PROGRAMS.some((one) => one.name === name && one.isInstalled());

describe('masked cells', () => {
  test.runIf(isInstalled('psycopg 3'))(
    'are the same values in text, in binary and through a cursor of psycopg 3',
    async () => {
      const report = JSON.parse(await runPython('psycopg3_masks.py', MASK_NAMES, environmentOf(target))) as Report;
      expect(report).toMatchObject({ cells: CELLS, differences: [] });
      expect(report.nulls).toBeLessThan(CELLS);
    },
  );

  test.runIf(isInstalled('pgjdbc'))(
    'are the same values in every run of pgjdbc, and fit what it is told of their columns',
    async () => {
      const report = JSON.parse(await runJava('PgJdbcMasks', MASK_NAMES, environmentOf(target))) as Report;
      expect(report).toMatchObject({ cells: CELLS * 4, differences: [] });
      expect(report.nulls).toBeLessThan(CELLS * 4);
    },
  );

  test('are what node-postgres makes of their types', async () => {
    const client = new pg.Client(nodeConfigOf(target));
    await client.connect();
    try {
      for (const name of MASK_NAMES) {
        const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${name}`);
        expect(rows).toHaveLength(ROWS);
      }
      const { rows } = await client.query<Record<string, unknown>>('SELECT * FROM placeholder LIMIT 1');
      expect(rows[0]).toMatchObject({
        ...{ c_text: '***', c_short: '***', c_int4: 0, c_int8: '0', c_price: '0.00', c_float8: 0, c_bool: false },
        ...{ c_timestamptz: new Date(0), c_uuid: '00000000-0000-0000-0000-000000000000', c_bytea: Buffer.alloc(0) },
        ...{ c_json: {}, c_jsonb: {}, c_texts: [], c_ints: [], c_mood: null, c_pair: null },
      });
      const year = await client.query<{ c_timestamptz: Date }>('SELECT c_timestamptz FROM year');
      expect(year.rows[0]?.c_timestamptz).toEqual(new Date('1987-01-01T00:00:00Z'));
    } finally {
      await client.end();
    }
  });
});
