import { readFileSync, readlinkSync } from 'node:fs';

/** Milliseconds in a tick of /proc (USER_HZ is 100 on every Linux). */
const TICK_MS = 10;

/** The id of the thread that calls, for `threadTimeMs`; null where /proc does not tell. */
export function ownThreadId(): string | null {
  try {
    return /^\d+\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? null;
  } catch {
    // No Linux, or no /proc: the caller goes by the clock on the wall.
    return null;
  }
}

/** Processor time that a thread of this process has used, milliseconds, exact to a tick of 10; null when unknown (proc(5), /proc/pid/stat). */
export function threadTimeMs(threadId: string): number | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/self/task/${threadId}/stat`, 'latin1');
  } catch {
    // The thread has ended.
    return null;
  }
  // `tid (name) state ppid …`: the name may hold anything, so fields are counted from its end. utime is 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * TICK_MS : null;
}
