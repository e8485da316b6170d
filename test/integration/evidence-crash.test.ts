/**
 * The writer is killed with SIGKILL in the middle of appends: nothing acknowledged is lost, at most one block is torn.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';
import { verifyLog } from '../../gateway/src/evidence/verify.ts';

const WRITER = fileURLToPath(new URL('./evidence-crash-writer.ts', import.meta.url));
/** Acknowledgements after which the writer is killed: at the very start, inside a segment, over several segments. */
const KILL_AFTER = [1, 2, 9, 40, 150, 400, 900, 1_500] as const;

type Acknowledged = { readonly sequence: number; readonly lane: number; readonly id: number };

async function runUntilKilled(
  directory: string,
  durability: string,
  killAfter: number,
): Promise<readonly Acknowledged[]> {
  const child: ChildProcess = spawn(process.execPath, [WRITER, directory, durability], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the writer has no stdout');
  let output = '';
  let lines = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    output += chunk;
    lines += chunk.split('\n').length - 1;
    if (lines >= killAfter) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // A line that was cut off in the pipe was acknowledged all the same, but cannot be read.
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [sequence = Number.NaN, lane = Number.NaN, id = Number.NaN] = line.split(' ').map(Number);
      return { sequence, lane, id };
    });
}

describe.each(['write', 'fsync'])('killed while appending with %s', (durability) => {
  it.each(KILL_AFTER)('after %d acknowledgements, twice in a row', async (killAfter) => {
    using directory = temporaryDirectory();
    const acknowledged: Acknowledged[] = [];
    // The second round recovers what the first left, and is killed too.
    for (let round = 0; round < 2; round += 1)
      acknowledged.push(...(await runUntilKilled(directory.path, durability, killAfter)));
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * killAfter);

    const before = verifyLog(directory.path);
    // At most the tail is torn; everything before it verifies.
    expect(
      before.problems.filter(
        (problem) => !problem.message.includes('incomplete') && !problem.message.includes('cut off'),
      ),
    ).toEqual([]);
    const log = await openEvidenceLog({ directory: directory.path, now: Date.now });
    await log.close();
    expect(verifyLog(directory.path)).toMatchObject({ ok: true, tornBytes: 0 });

    const texts = new Map<number, string>();
    for await (const block of readBlocks(directory.path, { from: 0, until: Number.MAX_SAFE_INTEGER })) {
      for (const { sequence, entry } of block.entries)
        if (entry.kind === 'statement.decided') texts.set(sequence, entry.text);
    }
    const lost = acknowledged.filter(
      ({ sequence, lane, id }) => !texts.get(sequence)?.startsWith(`lane ${lane} statement ${id} `),
    );
    expect(lost).toEqual([]);
  });
});
