/**
 * The log's writer is killed at every system call on the log's files, and each of them fails in turn, once or from then on.
 * No acknowledged entry is lost, at most one end is torn and the log tells of it, a failed sync ends the process, and a full
 * disk is on the record.
 */
import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listSegments, segmentPath } from '../../../gateway/src/evidence/segment-files.ts';
import { isOnPath } from '../../harness/program.ts';
import { contradictionsIn, entriesOf } from '../log-writer/contradictions.ts';
import { type Acknowledged, countCalls, runWriter, SYSCALLS, type Syscall, type WriterRun } from '../log-writer/run.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const writerCrash: TrustSuite = {
  name: 'writer-crash',
  claim: 'killed or failed at any system call, the log loses nothing that it acknowledged',
  run: (context) => crashWriting({ ...context, entries: 150, points: Number.POSITIVE_INFINITY }),
};

const EXIT_RECORD_LOST = 74;
/** How each call may fail. */
const FAILURES: Readonly<Partial<Record<Syscall, readonly string[]>>> = {
  openat: ['ENOSPC', 'EIO', 'EMFILE'],
  pwrite64: ['ENOSPC', 'EIO', 'EDQUOT', 'EROFS'],
  fdatasync: ['EIO', 'ENOSPC', 'EDQUOT'],
  fsync: ['EIO'],
  ftruncate: ['EIO'],
  rename: ['EIO'],
  unlink: ['EIO'],
};
/** A torn end as some file systems leave it after a power cut. */
const TORN = Buffer.alloc(700);

/** A log from which a run begins, and what it holds. */
type Beginning = {
  readonly name: 'no log' | 'a log' | 'a torn log';
  readonly directory: string;
  readonly acknowledged: readonly Acknowledged[];
  /** Calls of an undisturbed run. */
  readonly calls: ReadonlyMap<string, number>;
};

type Point = {
  readonly beginning: Beginning;
  readonly syscall: Syscall;
  /** `signal=KILL`, or `error=EIO`. */
  readonly fault: string;
  readonly when: string;
};

/** Tries `points` of all, chosen at random. Needs strace, whose absence is a failure. */
export async function crashWriting(
  context: TrustContext & { readonly entries: number; readonly points: number },
): Promise<TrustResult> {
  if (!isOnPath('strace')) return { attempts: 0, failures: ['strace is not installed'], isComplete: false };
  const all = (await beginningsIn(context)).flatMap(pointsOf);
  const chosen = shuffled(all, context).slice(0, context.points);
  context.print(`  ${all.length} points`);
  const failures: string[] = [];
  let attempts = 0;
  for (const point of chosen) {
    if (context.isOver()) return { attempts, failures, isComplete: false };
    attempts += 1;
    failures.push(...(await problemsAt(point, context)));
  }
  return { attempts, failures, isComplete: true };
}

async function beginningsIn({ directory, entries }: Pick<Context, 'directory' | 'entries'>): Promise<Beginning[]> {
  const [none, used, torn] = [join(directory, 'none'), join(directory, 'used'), join(directory, 'torn')];
  mkdirSync(none);
  const { acknowledged } = await runWriter({ directory: used, saidPath: join(directory, 'said'), entries: 12 });
  cpSync(used, torn, { recursive: true });
  appendFileSync(segmentPath(torn, listSegments(torn).at(-1) ?? 0), TORN);
  const beginnings: Beginning[] = [];
  for (const beginning of [
    { name: 'no log', directory: none, acknowledged: [] },
    { name: 'a log', directory: used, acknowledged },
    { name: 'a torn log', directory: torn, acknowledged },
  ] as const) {
    const [copy, trace] = [join(directory, 'count'), join(directory, 'trace')];
    cpSync(beginning.directory, copy, { recursive: true });
    await runWriter({ directory: copy, saidPath: join(directory, 'said'), entries, trace });
    beginnings.push({ ...beginning, calls: countCalls(trace) });
    rmSync(copy, { recursive: true });
  }
  return beginnings;
}

type Context = Parameters<typeof crashWriting>[0];

function pointsOf(beginning: Beginning): readonly Point[] {
  return SYSCALLS.flatMap((syscall) => {
    const count = beginning.calls.get(syscall) ?? 0;
    const steps = Array.from({ length: count }, (_, index) => index + 1);
    const kills = steps.map((step) => ({ beginning, syscall, fault: 'signal=KILL', when: String(step) }));
    const failures = (FAILURES[syscall] ?? []).flatMap((errno) =>
      steps.flatMap((step) =>
        [String(step), `${step}+`].map((when) => ({ beginning, syscall, fault: `error=${errno}`, when })),
      ),
    );
    return [...kills, ...failures];
  });
}

function shuffled(points: readonly Point[], { random }: Context): readonly Point[] {
  return points
    .map((point) => ({ point, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ point }) => point);
}

async function problemsAt({ beginning, syscall, fault, when }: Point, context: Context): Promise<readonly string[]> {
  const directory = join(context.directory, 'point');
  cpSync(beginning.directory, directory, { recursive: true });
  const inject = `${syscall}:${fault}:when=${when}`;
  const run = await runWriter({
    ...{ directory, inject, entries: context.entries },
    saidPath: join(context.directory, 'said'),
  });
  const problems = [
    ...(fault === 'signal=KILL' ? [] : problemsOfFailure(run, syscall)),
    ...(await unrecordedFailure(directory, run, when)),
    ...(await contradictionsIn(directory, [...beginning.acknowledged, ...run.acknowledged])),
    ...(beginning.name === 'a torn log' ? await untoldEnd(directory) : []),
  ];
  rmSync(directory, { recursive: true });
  return problems.map((problem) => `${beginning.name}, ${inject}: ${problem}`);
}

/** The torn end from which the run began is told of, once. */
async function untoldEnd(directory: string): Promise<readonly string[]> {
  const told = (await entriesOf(directory)).flatMap(({ entry }) => (entry.kind === 'log.recovered' ? [entry] : []));
  const count = told.filter(({ tornBytes }) => tornBytes === TORN.length).length;
  return count === 1 ? [] : [`its torn end is told of ${count} times`];
}

/** A failed sync ends the process; after any other failure nothing more is taken. */
function problemsOfFailure({ said, status, stderr }: WriterRun, syscall: Syscall): readonly string[] {
  if (status > EXIT_RECORD_LOST) return [`it ended with ${status}: ${stderr}`];
  const failed = said.findIndex((line) => line.startsWith('failed '));
  if (failed === -1) return [];
  // A sync may fail after a write did; that ends the process as well.
  const isFatal = said.some((line) => /^failed .* fatal$/.test(line));
  const isRefused = said.slice(failed + 1).includes('refused EVIDENCE_UNWRITABLE');
  return [
    ...(isFatal && status !== EXIT_RECORD_LOST ? [`a sync failed, and it ended with ${status}`] : []),
    ...(syscall === 'fdatasync' && !isFatal ? ['a failed sync was taken for less'] : []),
    ...(isFatal || isRefused ? [] : ['it went on after the failure']),
  ];
}

/** What fails once leaves room for the entry that says so. */
async function unrecordedFailure(directory: string, { said }: WriterRun, when: string): Promise<readonly string[]> {
  const [, errno = ''] = /^failed (\w+) stopped$/m.exec(said.join('\n')) ?? [];
  if (errno === '' || when.endsWith('+')) return [];
  const last = (await entriesOf(directory)).at(-1)?.entry;
  const isTold = last?.kind === 'log.failed' && last.reason.includes(errno);
  return isTold ? [] : [`${errno} stopped it, and its last entry is ${last?.kind ?? 'none'}`];
}
