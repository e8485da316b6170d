/** What drivers can do, step by step, is the same through the gateway: see transcript.ts. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { isOnPath, runProgram } from '../harness/program.ts';
import { DATABASE } from './data.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { directTarget, environmentOf, prepareDatabase, type Target } from './target.ts';
import {
  isMasked,
  TRANSCRIPT_PROGRAMS,
  TRANSCRIPTS,
  type TranscriptProgram,
  temporaryFolder,
  transcriptOf,
} from './transcript.ts';

/** Those that take long to compile: `npm run drivers -- --suite go`. */
const WITH_SLOW = process.env['SLUICE_SLOW_DRIVERS'] !== undefined;
const RAW = /\d{3}-\d\d-\d{4}/;

let server: PostgresServer;
let gateway: RunningGateway;
let direct: Target;

beforeAll(async () => {
  server = await startPostgres();
  const password = await prepareDatabase(server);
  direct = directTarget(server, password);
  gateway = await gatewayTarget(server, password);
});
afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

describe.each(TRANSCRIPT_PROGRAMS.filter(({ isSlow }) => isSlow !== true || WITH_SLOW))('$name', (program) => {
  test.runIf(program.isInstalled())('does the same through the gateway', async () => {
    using folder = temporaryFolder();
    const command = await program.prepare(folder.path);
    const run = async (target: Target) => {
      await server.admin('TRUNCATE public.scratch', DATABASE);
      return await transcriptOf(command, environmentOf(target));
    };
    const expected = await run(direct);
    const found = await run(gateway.target);
    expect([...found.keys()]).toEqual([...expected.keys()]);
    expect(found.size).toBeGreaterThan(10);
    const judged = [...expected].map(([step, printed]) => [step, judge(program, step, printed, found.get(step) ?? '')]);
    expect(judged).toEqual([...expected.keys()].map((step) => [step, 'as expected']));
  });
});

describe.runIf(isOnPath('psql'))('psql', () => {
  const run = async (target: Target, ...args: string[]) => {
    await server.admin('TRUNCATE public.scratch', DATABASE);
    const { code, stdout, stderr } = await runProgram('psql', ['-X', ...args], { env: environmentOf(target) });
    // Each as lines, so that a difference is easy to find. Places in the server's source differ between Parse and Query.
    const errors = stderr.split('\n').filter((line) => !line.startsWith('LOCATION:'));
    return { code, output: stdout.split('\n'), errors };
  };
  const both = async (...args: string[]) => ({
    gateway: await run(gateway.target, ...args),
    direct: await run(direct, ...args),
  });

  test('prints the same for a script of formats, meta-commands and errors', async () => {
    const found = await both('-f', join(TRANSCRIPTS, 'psql_transcript.sql'));
    expect(found.gateway).toEqual(found.direct);
  });

  test.each([
    [['--single-transaction', '--set', 'ON_ERROR_STOP=1', '-f', join(TRANSCRIPTS, 'psql_transcript.sql')]],
    [['--single-transaction', '-c', 'SELECT 1; SELECT 2', '-c', 'SELECT 1 / 0', '-c', 'SELECT 3']],
    [['--set', 'ON_ERROR_STOP=1', '-c', 'SELECT nothing', '-c', 'SELECT 3']],
    [['--echo-all', '--echo-errors', '-c', "SELECT 'é'; SELECT nothing; SELECT 3"]],
  ])('ends the same with %j', async (args) => {
    const found = await both(...args);
    expect(found.gateway).toEqual(found.direct);
  });
});

/** `as expected`, or what is wrong with a step. */
function judge(program: TranscriptProgram, step: string, direct: string, there: string): string {
  if (isMasked(step))
    return RAW.test(direct) && !RAW.test(there) && !/error/i.test(there) ? 'as expected' : `not masked: ${there}`;
  const difference = program.differences[step];
  const fits = difference === undefined ? there === direct : difference.line.test(there);
  return fits ? 'as expected' : `directly ${direct}, through the gateway ${there}`;
}
