/**
 * The log's writer in a process of its own, under strace: every system call on the log's files is seen, and any of them can be
 * made to fail, or to be the last.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { segmentPath } from '../../../gateway/src/evidence/segment-files.ts';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));
/** What changes files or makes them durable, and what opens and closes them. */
export const SYSCALLS = [
  ...['mkdir', 'openat', 'write', 'pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename', 'unlink', 'close'],
] as const;
export type Syscall = (typeof SYSCALLS)[number];
/** Segments whose files are watched: more than a run makes. */
const MAX_SEGMENTS = 400;
/** Other names in the directory that are written. */
const OTHER_NAMES = ['', 'reserve.bin', 'writer.lock', 'torn.partial'];

/** An entry that the writer was told is safe. */
export type Acknowledged = {
  readonly durability: 'write' | 'fsync';
  readonly sequence: number;
  /** Number in the entry's text. */
  readonly id: number;
};

export type WriterRun = {
  /** Exit status: that of the writer, or 128 and the signal's number. */
  readonly status: number;
  /** What it said, line by line; a torn last one is left out. */
  readonly said: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
  readonly stderr: string;
};

export type WriterJob = {
  /** Of the log. */
  readonly directory: string;
  /** Where to write what the writer says; it is among the watched files. */
  readonly saidPath: string;
  readonly entries: number;
  /** strace's own words, e.g. `fdatasync:error=EIO:when=3`. */
  readonly inject?: string;
  /** Where to write the calls. */
  readonly trace?: string;
};

/** Runs the writer to its end. */
export async function runWriter({ directory, saidPath, entries, inject, trace }: WriterJob): Promise<WriterRun> {
  const segments = Array.from({ length: MAX_SEGMENTS }, (_, segment) => segmentPath(directory, segment));
  const watched = [...OTHER_NAMES.map((name) => join(directory, name)), ...segments, saidPath];
  const said = openSync(saidPath, 'w');
  const child = spawn(
    'strace',
    [
      ...['-f', '-qq', '-y', '-o', trace ?? '/dev/null', '-e', `trace=${SYSCALLS.join(',')}`],
      ...(inject === undefined ? [] : ['-e', `inject=${inject}`]),
      ...watched.flatMap((path) => ['-P', path.replace(/\/$/, '')]),
      ...[process.execPath, WRITER, directory, String(entries)],
    ],
    // One thread that syncs: strace counts the calls of each thread by itself.
    { stdio: ['ignore', said, 'pipe'], env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
  );
  closeSync(said);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // Strace ends itself by the signal that ended the program.
  const [code, signal]: unknown[] = await once(child, 'close');
  const status = typeof code === 'number' ? code : signal === 'SIGKILL' ? 137 : 128;
  const lines = readFileSync(saidPath, 'utf8').split('\n').slice(0, -1);
  return { status, said: lines, acknowledged: lines.flatMap(acknowledgedIn), stderr };
}

/** How often the writer called each, in the thread that did it most. */
export function countCalls(trace: string): ReadonlyMap<string, number> {
  const byThread = new Map<string, number>();
  for (const [, thread = '', name = ''] of readFileSync(trace, 'utf8').matchAll(/^(\d+) +(\w+)\(/gm)) {
    const key = `${name} ${thread}`;
    byThread.set(key, (byThread.get(key) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const [key, count] of byThread) {
    const [name = ''] = key.split(' ');
    counts.set(name, Math.max(counts.get(name) ?? 0, count));
  }
  return counts;
}

/** `fsync 7 3`: the entry of number 3 has sequence 7. */
export function acknowledgedIn(line: string): readonly Acknowledged[] {
  const [, durability, sequence, id] = /^(write|fsync) (\d+) (\d+)$/.exec(line) ?? [];
  if (durability !== 'write' && durability !== 'fsync') return [];
  return [{ durability, sequence: Number(sequence), id: Number(id) }];
}
