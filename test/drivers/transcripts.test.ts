/** What drivers can do, step by step, is the same through the gateway: see transcript.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { DATABASE } from './data.ts';
import { gatewayTarget, type RunningGateway } from './gateway-target.ts';
import { directTarget, environmentOf, prepareDatabase, type Target } from './target.ts';
import { isMasked, TRANSCRIPT_PROGRAMS, type TranscriptProgram, temporaryFolder, transcriptOf } from './transcript.ts';

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

describe.each(TRANSCRIPT_PROGRAMS.filter(({ isSlow }) => isSlow !== true))('$name', (program) => {
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

/** `as expected`, or what is wrong with a step. */
function judge(program: TranscriptProgram, step: string, direct: string, there: string): string {
  if (isMasked(step))
    return RAW.test(direct) && !RAW.test(there) && !/error/i.test(there) ? 'as expected' : `not masked: ${there}`;
  const difference = program.differences[step];
  const fits = difference === undefined ? there === direct : difference.line.test(there);
  return fits ? 'as expected' : `directly ${direct}, through the gateway ${there}`;
}
