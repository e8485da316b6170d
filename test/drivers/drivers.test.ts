import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { isOnPath, outputOf, runProgram } from '../harness/program.ts';
import { DATABASE, expectedReport, ITEM_ROWS } from './data.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { reportOfNodePostgres } from './node-postgres.ts';
import { DRIVER_PROGRAMS } from './programs.ts';
import { directTarget, environmentOf, nodeConfigOf, prepareDatabase, type Target } from './target.ts';
import { temporaryFolder } from './transcript.ts';

const RAW_SSN = '123-45-0001';
const PIPELINE = `\\set aid random(1, 100000)
\\startpipeline
BEGIN;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
COMMIT;
\\endpipeline
`;

let server: PostgresServer;
let ownerPassword = '';
let gateway: RunningGateway | undefined;

beforeAll(async () => {
  server = await startPostgres();
  ownerPassword = await prepareDatabase(server);
  if (isOnPath('pgbench')) {
    const env = environmentOf(directTarget(server, ownerPassword));
    await outputOf('pgbench', ['--initialize', '--quiet', '--scale', '1'], { env });
  }
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.admin('TRUNCATE public.scratch', DATABASE);
});

describe.each(['direct', 'gateway'] as const)('%s', (name) => {
  beforeAll(async () => {
    if (name === 'gateway') gateway = await gatewayTarget(server, ownerPassword);
  });
  afterAll(async () => {
    await gateway?.stop();
  });
  const target = (): Target => gateway?.target ?? directTarget(server, ownerPassword);
  const env = () => environmentOf(target());
  const ssn = () => (target().masks ? null : RAW_SSN);
  const psql = (sql: string, ...options: string[]) =>
    outputOf('psql', ['-X', '--set', 'ON_ERROR_STOP=1', '--no-align', '--tuples-only', ...options, '-c', sql], {
      env: env(),
    });

  test('node-postgres', async () => {
    expect(await reportOfNodePostgres(nodeConfigOf(target()))).toEqual(expectedReport(true, ssn()));
  });

  describe.each(DRIVER_PROGRAMS)('$name', ({ isInstalled, report }) => {
    test.runIf(isInstalled())('reports what every driver reports', async () => {
      expect(await report(env())).toEqual(expectedReport(true, ssn()));
    });
  });

  describe.runIf(isOnPath('psql'))('psql', () => {
    test('rows, and a masked column', async () => {
      expect(await psql('SELECT id, name, ssn FROM public.people WHERE id <= 2 ORDER BY id')).toBe(
        target().masks ? '1|person 1|\n2|person 2|\n' : `1|person 1|${RAW_SSN}\n2|person 2|123-45-0002\n`,
      );
    });

    test('reads in batches with FETCH_COUNT', async () => {
      const rows = await psql('SELECT id FROM public.items', '--set', 'FETCH_COUNT=100');
      expect(rows.trim().split('\n')).toHaveLength(ITEM_ROWS);
    });

    test('lists tables and describes one', async () => {
      expect(await psql('\\dt public.*')).toMatch(/public\|items\|table/);
      expect(await psql('\\d public.people')).toMatch(/ssn\|text\|/);
      expect(await psql('\\l')).toMatch(new RegExp(DATABASE));
    });

    test('\\copy both ways', async () => {
      expect((await psql('\\copy (SELECT id, name FROM public.items) TO STDOUT')).trim().split('\n')).toHaveLength(
        ITEM_ROWS,
      );
      const copied = await runProgram('psql', ['-X', '-c', '\\copy public.scratch FROM STDIN'], {
        env: env(),
        input: '1\ta\n2\tb\n',
      });
      expect(copied).toMatchObject({ code: 0, stdout: 'COPY 2\n' });
    });

    test('COPY of the labelled table is masked', async () => {
      const lines = (await psql('COPY public.people TO STDOUT')).trim().split('\n');
      expect(lines[0]).toBe(`1\tperson 1\t${target().masks ? '\\N' : RAW_SSN}`);
    });

    test('an error keeps the session', async () => {
      const run = await runProgram('psql', ['-X', '-At', '-c', 'SELECT 1 / 0', '-c', 'SELECT 5'], { env: env() });
      expect(run.stderr).toMatch(/division by zero/);
      expect(run.stdout).toBe('5\n');
    });
  });

  test.runIf(isOnPath('pg_dump'))('pg_dump writes a dump that holds the rows', async () => {
    const dump = await outputOf('pg_dump', ['--no-owner', '--table', 'public.items', '--table', 'public.people'], {
      env: env(),
    });
    expect(dump).toMatch(/CREATE TABLE public\.items/);
    expect(dump.match(/^\d+\titem \d+/gm)).toHaveLength(ITEM_ROWS);
    expect(dump.includes(RAW_SSN)).toBe(!target().masks);
  });

  test.runIf(isOnPath('pgbench')).each(['extended', 'prepared'])(
    'pgbench in pipelines, %s protocol',
    async (protocol) => {
      using folder = temporaryFolder();
      const script = join(folder.path, 'pipeline.sql');
      writeFileSync(script, PIPELINE);
      const args = ['--protocol', protocol, '--client', '4', '--transactions', '10', '--no-vacuum', '--file', script];
      expect(await outputOf('pgbench', args, { env: env() })).toMatch(/actually processed: 40\/40/);
    },
  );

  test.runIf(isOnPath('pgbench')).each(['simple', 'extended', 'prepared'])('pgbench, %s protocol', async (protocol) => {
    const args = ['--protocol', protocol, '--client', '4', '--transactions', '25', '--no-vacuum'];
    expect(await outputOf('pgbench', [...args, '--select-only'], { env: env() })).toMatch(
      /actually processed: 100\/100/,
    );
    expect(await outputOf('pgbench', args, { env: env() })).toMatch(/failed transactions: 0 /);
  });

  test.runIf(isOnPath('psql'))('Ctrl-C in psql cancels the statement that runs', async () => {
    const query = 'SELECT count(*) FROM generate_series(1, 2000000000)';
    const running = spawn('psql', ['-X', '-c', query], {
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    running.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    await server.untilActive('%generate_series(1, 2000000000)%');
    running.kill('SIGINT');
    await once(running, 'close');
    expect(errors.join('')).toMatch(/canceling statement due to user request/);
  });

  // Directly, a server passes notifications on, as it should.
  if (name === 'gateway') {
    test('LISTEN hears nothing of what another session says, and the session lives', async () => {
      const client = new pg.Client(nodeConfigOf(target()));
      const heard: (string | undefined)[] = [];
      client.on('notification', ({ payload }) => heard.push(payload));
      await client.connect();
      await client.query('LISTEN anything').catch((error: unknown) => expect(error).toMatchObject({ code: '42501' }));
      await server.admin("NOTIFY anything, 'a value that nobody decided about'", DATABASE);
      expect((await client.query<{ answer: number }>('SELECT 1 AS answer')).rows).toEqual([{ answer: 1 }]);
      await client.end();
      expect(heard).toEqual([]);
    });
  }
});
