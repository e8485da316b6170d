/** pg_dump in its formats: what is not labelled comes out as from the server, what is labelled masked, and all restores. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, runSql, startPostgres } from '../harness/postgres-server.ts';
import { isOnPath, outputOf } from '../harness/program.ts';
import { ITEM_ROWS } from './data.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { directTarget, environmentOf, OWNER, prepareDatabase, type Target } from './target.ts';
import { temporaryFolder } from './transcript.ts';

/** The column is NOT NULL, so the default mask, NULL, would not restore. */
const TOKENS = `
@id("tokens-for-ssn")
@mask("token")
permit (principal, action == Sluice::Action::"mask", resource in Sluice::Category::"pii.ssn");
`;
const RAW = /\d{3}-\d\d-\d{4}/;

let server: PostgresServer;
let gateway: RunningGateway;
let direct: Target;
let password = '';
let restored = 0;

beforeAll(async () => {
  server = await startPostgres();
  password = await prepareDatabase(server);
  direct = directTarget(server, password);
  gateway = await gatewayTarget(server, password, { 'tokens.cedar': TOKENS });
});
afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

async function dump(target: Target, ...args: string[]): Promise<string> {
  const text = await outputOf('pg_dump', ['--no-owner', ...args], { env: environmentOf(target) });
  // Comments, and the keys of \restrict, differ from run to run.
  return text
    .split('\n')
    .filter((line) => !line.startsWith('--') && !/^\\(un)?restrict /.test(line))
    .join('\n');
}

/** Restores into a database of its own; returns what came of the tables. */
async function restore(program: 'psql' | 'pg_restore', file: string): Promise<Record<string, unknown>> {
  restored += 1;
  const database = `restored_${restored}`;
  await server.admin(`CREATE DATABASE ${database} OWNER ${OWNER}`);
  const env = { ...environmentOf(direct), PGDATABASE: database };
  const args =
    program === 'psql'
      ? ['-X', '-q', '--set', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', file]
      : ['--no-owner', '--exit-on-error', '-d', database, file];
  await outputOf(program, args, { env });
  const [row] = await runSql(
    server.uri(database, OWNER, password),
    `SELECT (SELECT count(*)::int FROM items) AS items, (SELECT count(DISTINCT ssn)::int FROM people) AS tokens,
            (SELECT string_agg(ssn, ',') FROM people) AS ssn`,
  );
  return row ?? {};
}

describe.runIf(isOnPath('pg_dump') && isOnPath('pg_restore'))('pg_dump', () => {
  test.each([
    ['plain', []],
    ['as INSERT', ['--inserts']],
    ['as INSERT of columns, 50 rows each', ['--column-inserts', '--rows-per-insert=50']],
    ['of the schema only', ['--schema-only', '--clean', '--if-exists']],
    ['with a deferrable snapshot', ['--serializable-deferrable']],
  ])('%s is the same for what is not labelled', async (_name, args) => {
    const tables = ['--table', 'public.items', '--table', 'public.scratch'];
    expect(await dump(gateway.target, ...tables, ...args)).toBe(await dump(direct, ...tables, ...args));
  });

  test('of the schema says all, also of labelled tables', async () => {
    expect(await dump(gateway.target, '--schema-only')).toBe(await dump(direct, '--schema-only'));
  });

  test.each<[name: string, args: readonly string[], program: 'psql' | 'pg_restore']>([
    ['plain', ['--format=plain'], 'psql'],
    ['plain, as INSERT', ['--format=plain', '--inserts'], 'psql'],
    ['custom', ['--format=custom'], 'pg_restore'],
    ['tar', ['--format=tar'], 'pg_restore'],
    ['directory, by three connections', ['--format=directory', '--jobs=3'], 'pg_restore'],
  ])('%s: masked, and restores', async (_name, args, program) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'dump');
    await outputOf('pg_dump', ['--no-owner', ...args, '--file', file], { env: environmentOf(gateway.target) });
    const found = await restore(program, file);
    rmSync(file, { recursive: true });
    expect(found).toMatchObject({ items: ITEM_ROWS, tokens: 20 });
    expect(found['ssn']).not.toMatch(RAW);
  });
});
