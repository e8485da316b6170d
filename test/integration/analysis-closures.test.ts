/**
 * What a statement causes beyond its tree, under the two-database promise: each construct is run on two servers' worth
 * of data that differ only in classified cells, and whatever comes out differently must have been flagged.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnKey } from '../../gateway/src/analysis/flows.ts';
import { GatePool } from '../../gateway/src/proxy/postgres/gate-pool.ts';
import { AnalyserSession, type Result } from '../harness/analyser-session.ts';
import { majorsUnderTest } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import {
  CLASSIFIED_COLUMNS,
  CLOSURES,
  type ClosureRow,
  closureSchema,
  type Flag,
} from './analysis/closure-statements.ts';

const OWNER = 'plain';

for (const major of await majorsUnderTest()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer;
    const gate = new GatePool();

    beforeAll(async () => {
      server = await startPostgres({ major });
      await server.admin(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${OWNER}'`);
      for (const salt of [0, 1] as const) {
        await server.admin(`CREATE DATABASE template_${salt} OWNER ${OWNER}`);
        await server.admin(`SET ROLE ${OWNER}; ${closureSchema(salt)}`, `template_${salt}`);
      }
    });

    afterAll(async () => {
      gate.close();
      await server.stop();
    });

    it.each(CLOSURES.filter((row) => (row.since ?? 0) <= major))('$what', async (row) => {
      try {
        for (const salt of [0, 1]) {
          await server.admin(`CREATE DATABASE side_${salt} TEMPLATE template_${salt} OWNER ${OWNER}`);
          await server.admin(`SET ROLE ${OWNER}; ${row.setup}`, `side_${salt}`);
        }
        const session = await AnalyserSession.open(server.uri('side_0', OWNER, OWNER), gate);
        const flags = flagsOf(await session.analyse(row.statement), session);
        await session[Symbol.asyncDispose]();
        const [left, right] = [
          await outcome(server.uri('side_0', OWNER, OWNER), row),
          await outcome(server.uri('side_1', OWNER, OWNER), row),
        ];
        expect(left !== right, `${left}\n${right}`).toBe(row.differs ?? row.flag !== 'open');
        expect([...flags]).toEqual(row.flag === 'open' ? [] : expect.arrayContaining([row.flag]));
      } finally {
        for (const salt of [0, 1]) await server.admin(`DROP DATABASE IF EXISTS side_${salt} WITH (FORCE)`);
      }
    });
  });
}

/** Where the analysis sees classified columns. */
function flagsOf(result: Result, session: AnalyserSession): ReadonlySet<Flag> {
  if (result.kind === 'opaque') return new Set(['opaque']);
  if (result.kind !== 'flows') throw new Error(JSON.stringify(result));
  const { flows } = result;
  const classified = (keys: Iterable<ColumnKey>): boolean =>
    [...keys].some((key) => CLASSIFIED_COLUMNS.has(session.name(key)));
  const leaves = flows.writes.some(
    ({ target, sources }) => classified(sources) && (target === null || !classified([target])),
  );
  const found: readonly (readonly [Flag, boolean])[] = [
    ['hold', flows.holds.length > 0],
    ['write', leaves],
    ['fault', classified(flows.faultable)],
    ['shape', classified(flows.shaping)],
    ['output', flows.outputs.some((output) => classified(output.sources))],
  ];
  return new Set(found.flatMap(([flag, isFound]) => (isFound ? [flag] : [])));
}

/** Runs a statement as its own transaction; what it answers, and what it leaves where nothing is classified. */
async function outcome(uri: string, { statement, parameter }: ClosureRow): Promise<string> {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    const before = await openState(client);
    let answer: unknown;
    try {
      const result = await client.query<unknown[]>({
        text: statement,
        rowMode: 'array',
        ...(parameter === undefined ? {} : { values: [parameter] }),
      });
      answer = [result.rowCount, result.rows];
    } catch (error) {
      answer = error instanceof pg.DatabaseError ? error.code : String(error);
    }
    const after = await openState(client);
    return JSON.stringify([answer, after.filter((table) => !before.includes(table))]);
  } finally {
    await client.end();
  }
}

/** The unclassified columns of every table, one text each. */
async function openState(client: pg.Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm') AND c.relispopulated GROUP BY 1 ORDER BY 1`,
  );
  const states: string[] = [];
  for (const { name, columns } of tables) {
    const open = columns.filter((column) => !CLASSIFIED_COLUMNS.has(`${name}.${column}`));
    const { rows } = await client.query(
      `SELECT ${open.map((column) => `"${column}"::text`).join(', ')} FROM "${name}"`,
    );
    states.push(`${name} ${JSON.stringify(rows.map((row) => JSON.stringify(row)).sort())}`);
  }
  return states;
}
