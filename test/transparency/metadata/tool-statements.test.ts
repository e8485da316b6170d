/** The introspection of tools answers a restricted principal what the server answers. */

import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../harness/postgres-server.ts';
import { type Connection, type MetadataDatabase, startMetadataDatabase } from './database.ts';
import { TOOL_STATEMENTS, type ToolStatement } from './tool-statements.ts';

/** Columns of pg_class and its like that tell how many rows a table has, or hold values of rows: masked. */
const MASKED: ReadonlySet<string> = new Set(['relpages', 'reltuples', 'relallvisible', 'attmissingval']);

describe.runIf(await hasPostgres(15))('introspection', () => {
  let database: MetadataDatabase;
  let direct: pg.Client;
  let through: pg.Client;

  beforeAll(async () => {
    database = await startMetadataDatabase();
    [direct, through] = await Promise.all([connect(database.direct), connect(database.through)]);
  });
  afterAll(async () => {
    await Promise.all([direct.end(), through.end()]);
    await database[Symbol.asyncDispose]();
  });

  it.each(TOOL_STATEMENTS.map((statement) => [statement.tool, statement.asks, statement] as const))(
    '%s asks for %s',
    async (_tool, _asks, statement) => {
      const expected = await answer(direct, statement);
      expect(await answer(through, statement)).toEqual(expected);
    },
  );
});

async function connect(connection: Connection): Promise<pg.Client> {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLROOTCERT } = connection;
  const client = new pg.Client({
    host: PGHOST,
    port: Number(PGPORT),
    user: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    ...(PGSSLROOTCERT === undefined ? {} : { ssl: { ca: readFileSync(PGSSLROOTCERT, 'utf8') } }),
  });
  await client.connect();
  return client;
}

/** Names, types and texts of the cells, and the command tag; several answers for several statements. */
async function answer(client: pg.Client, { text, values }: ToolStatement): Promise<unknown> {
  const types = { getTypeParser: () => (value: string) => value };
  const query = { text, rowMode: 'array' as const, types };
  const result: unknown = await client.query<(string | null)[]>(
    values === undefined ? query : { ...query, values: [...values] },
  );
  return (Array.isArray(result) ? result : [result]).map((one: pg.QueryArrayResult<(string | null)[]>) => ({
    command: one.command,
    count: one.rowCount,
    fields: one.fields.map(({ name, dataTypeID, tableID, columnID }) => ({ name, dataTypeID, tableID, columnID })),
    rows: one.rows.map((row) => row.map((cell, index) => (MASKED.has(one.fields[index]?.name ?? '') ? null : cell))),
  }));
}
