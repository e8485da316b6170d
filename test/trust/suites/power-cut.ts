/**
 * The power fails at every system call of the log's writer. From one run's calls it is known at each of them what the disk
 * must have (what a completed sync covered), and what it may have: of the rest any beginning, and any beginning of the files
 * that were made since the directory was synced. A log made of each such state is opened again: all that was acknowledged
 * with a sync is there, and only its end is torn.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOnPath } from '../../harness/program.ts';
import { contradictionsIn } from '../log-writer/contradictions.ts';
import { type Acknowledged, acknowledgedIn, runWriter } from '../log-writer/run.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const powerCut: TrustSuite = {
  name: 'power-cut',
  claim: 'what was acknowledged with a sync is there when the power fails, at any system call',
  run: (context) => cutPower({ ...context, entries: 300, stride: 1, cuts: 10 }),
};

/** A file of the log as the calls left it. */
type File = {
  readonly name: string;
  /** Bytes written, and those that a completed sync covers. */
  written: number;
  durable: number;
};

type Disk = {
  /** In the order in which they were made. */
  readonly files: readonly Readonly<File>[];
  /** How many of them the directory is known to have. */
  readonly durableNames: number;
  /** With a sync. */
  readonly acknowledged: readonly Acknowledged[];
};

/** `stride` 10 takes every tenth call; at each, `cuts` states that the disk may be left in. */
export async function cutPower(
  context: TrustContext & { readonly entries: number; readonly stride: number; readonly cuts: number },
): Promise<TrustResult> {
  if (!isOnPath('strace')) return { attempts: 0, failures: ['strace is not installed'], isComplete: false };
  const { random, entries, stride } = context;
  const [directory, trace] = [join(context.directory, 'log'), join(context.directory, 'trace')];
  await runWriter({ directory, trace, entries, saidPath: join(context.directory, 'said') });
  const disks = disksOf(readFileSync(trace, 'utf8'), directory);
  const failures: string[] = [];
  let attempts = 0;
  for (let step = random.below(stride); step < disks.length; step += stride) {
    for (let cut = 0; cut < context.cuts; cut += 1) {
      if (context.isOver()) return { attempts, failures, isComplete: false };
      attempts += 1;
      const disk = disks[step];
      if (disk === undefined) continue;
      const left = join(context.directory, 'left');
      mkdirSync(left);
      const names = random.between(disk.durableNames, disk.files.length);
      for (const { name, durable, written } of disk.files.slice(0, names))
        writeFileSync(
          join(left, name),
          readFileSync(join(directory, name)).subarray(0, random.between(durable, written)),
        );
      const problems = await contradictionsIn(left, disk.acknowledged);
      failures.push(...problems.map((problem) => `call ${step} of ${disks.length}: ${problem}`));
      rmSync(left, { recursive: true });
    }
  }
  return { attempts, failures, isComplete: true };
}

/** The states of the disk, one after each call. */
function disksOf(trace: string, directory: string): readonly Disk[] {
  const files = new Map<string, File>();
  const syncing = new Map<string, { readonly path: string; readonly written: number; readonly names: number }>();
  let durableNames = 0;
  const acknowledged: Acknowledged[] = [];
  const disks: Disk[] = [];
  for (const line of trace.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const created = /^openat\([^"]*"([^"]+)", [^,]*O_CREAT\|O_EXCL/.exec(call)?.[1];
    if (created?.endsWith('.log'))
      files.set(created, { name: created.slice(directory.length + 1), written: 0, durable: 0 });
    const [, at = '', bytes, offset] = /^pwrite64\(\d+<([^>]*)>, ".*, (\d+), (\d+)(?:\)| <unfinished)/.exec(call) ?? [];
    const file = files.get(at);
    if (file !== undefined) file.written = Math.max(file.written, Number(offset) + Number(bytes));
    const path = /^f(?:data)?sync\(\d+<([^>]*)>/.exec(call)?.[1];
    // What was written while it ran may be left out by it.
    if (path !== undefined) syncing.set(thread, { path, written: files.get(path)?.written ?? 0, names: files.size });
    const synced = syncing.get(thread);
    if (synced !== undefined && /sync.*\) += 0$/.test(call)) {
      const target = files.get(synced.path);
      if (target !== undefined) target.durable = Math.max(target.durable, synced.written);
      if (synced.path === directory) durableNames = Math.max(durableNames, synced.names);
      syncing.delete(thread);
    }
    const said = /^write\(1<[^>]*>, "(fsync \d+ \d+)\\n"/.exec(call)?.[1];
    if (said !== undefined) acknowledged.push(...acknowledgedIn(said));
    if (call === '') continue;
    disks.push({
      files: [...files.values()].map((each) => ({ ...each })),
      durableNames,
      acknowledged: [...acknowledged],
    });
  }
  return disks;
}
