/**
 * Two databases that differ only in classified cells: whatever the server answers differently must have been flagged.
 * Statements that trip lineage engines, on every server version at hand.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnKey } from '../../gateway/src/analysis/flows.ts';
import { GatePool } from '../../gateway/src/proxy/postgres/gate-pool.ts';
import { AnalyserSession } from '../harness/analyser-session.ts';
import { majorsUnderTest } from '../harness/postgres-majors.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { TRICKY_STATEMENTS, trickySchema } from './analysis/tricky-statements.ts';

const CLASSIFIED: ReadonlySet<string> = new Set(['customers.ssn', 'vault.ssn_copy', 'child.secret']);
/** Statistics hold sampled values of every column. */
const STATISTICS = /^pg_statistic\.sta(nullfrac|width|distinct|kind|numbers|values)/;

for (const major of await majorsUnderTest()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer;
    const gate = new GatePool();
    const sessions: AnalyserSession[] = [];
    const clients: pg.Client[] = [];

    beforeAll(async () => {
      server = await startPostgres({ major });
      for (const [database, salt] of [
        ['filling_a', 0],
        ['filling_b', 271_828],
      ] as const) {
        await server.admin(`CREATE DATABASE ${database}`);
        await server.admin(trickySchema(salt), database);
        const client = new pg.Client({ connectionString: server.uri(database) });
        await client.connect();
        clients.push(client);
      }
      sessions.push(await AnalyserSession.open(server.uri('filling_a'), gate));
    }, 60_000);

    afterAll(async () => {
      for (const session of sessions) await session[Symbol.asyncDispose]();
      for (const client of clients) await client.end();
      gate.close();
      await server.stop();
    });

    it.each(TRICKY_STATEMENTS)('%s', async (statement) => {
      const [session] = sessions;
      const [a, b] = clients;
      if (session === undefined || a === undefined || b === undefined) throw new Error('not started');
      const analysis = await session.analyse(statement);
      const [left, right] = [await outcome(a, statement), await outcome(b, statement)];
      // What is refused, or what the server does not accept, shows nothing.
      if (analysis.kind !== 'flows') return;
      const { flows } = analysis;
      const classified = (keys: Iterable<ColumnKey>): boolean =>
        [...keys].map((key) => session.name(key)).some((name) => CLASSIFIED.has(name) || STATISTICS.test(name));
      if (classified(flows.shaping) || classified(flows.faultable)) return;
      if (flows.writes.some((write) => classified(write.sources))) return;
      expect(right.error).toBe(left.error);
      expect(right.rows.length).toBe(left.rows.length);
      const open = flows.outputs.flatMap((output, index) => (classified(output.sources) ? [] : [index]));
      const visible = (rows: readonly (readonly unknown[])[]): unknown =>
        rows.map((row) => open.map((index) => row[index]));
      expect(visible(right.rows)).toEqual(visible(left.rows));
    });
  });
}

type Outcome = { readonly rows: readonly (readonly unknown[])[]; readonly error: string | null };

/** Runs a statement and undoes it. */
async function outcome(client: pg.Client, statement: string): Promise<Outcome> {
  await client.query('BEGIN');
  try {
    if (/^COPY/i.test(statement)) return { rows: [], error: null };
    const result = await client.query<unknown[]>({ text: statement, rowMode: 'array' });
    return { rows: result.rows, error: null };
  } catch (error) {
    return { rows: [], error: error instanceof pg.DatabaseError ? (error.code ?? error.message) : String(error) };
  } finally {
    await client.query('ROLLBACK');
  }
}
