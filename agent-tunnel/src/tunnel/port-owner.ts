/** Which program listens on a port, as far as this system tells: a name and process id, or null. Never throws. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export type PortOwner = {
  /** Null when the program is another user's: the system does not say. */
  readonly pid: number | null;
  readonly program: string | null;
  readonly uid: number | null;
};

/** `00000000:1F90`: of /proc/net/tcp. Listening sockets have state 0A. */
const LISTENING = '0A';
const LOOKUP_TIMEOUT_MS = 3_000;

export async function portOwner(port: number, platform: NodeJS.Platform): Promise<PortOwner | null> {
  try {
    if (platform === 'linux') return await linuxOwner(port);
    return platform === 'win32' ? await windowsOwner(port) : await lsofOwner(port);
  } catch {
    // The name is a help for the person and decides nothing: without it the port is only said to be taken.
    return null;
  }
}

/** ` (python3, process 4711)`, or nothing. */
export function ownerWords(owner: PortOwner | null): string {
  if (owner === null) return '';
  if (owner.pid !== null) return ` (${owner.program ?? 'a program'}, process ${owner.pid})`;
  return owner.uid === null ? '' : ` (a program of user ${owner.uid})`;
}

async function linuxOwner(port: number): Promise<PortOwner | null> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const row of rows) {
      const [, local = '', , state, , , , uid, , inode = ''] = row.trim().split(/\s+/);
      if (state !== LISTENING || !local.endsWith(suffix)) continue;
      const pid = await holderOfSocket(inode);
      if (pid === null) return { pid: null, program: null, uid: Number(uid) };
      const program = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
      return { pid, program, uid: Number(uid) };
    }
  }
  return null;
}

async function holderOfSocket(inode: string): Promise<number | null> {
  const wanted = `socket:[${inode}]`;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    // Not ours to look into, or gone by now: some other process, then.
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    if (targets.includes(wanted)) return Number(pid);
  }
  return null;
}

/** macOS and the BSDs: `-Fpc` prints `pPID` and `cCOMMAND`, a field a line. */
async function lsofOwner(port: number): Promise<PortOwner | null> {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const { stdout } = await promisify(execFile)('lsof', args, { timeout: LOOKUP_TIMEOUT_MS });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid === undefined ? null : { pid: Number(pid), program: /^c(.+)$/m.exec(stdout)?.[1] ?? null, uid: null };
}

async function windowsOwner(port: number): Promise<PortOwner | null> {
  const { stdout } = await promisify(execFile)('netstat', ['-ano', '-p', 'TCP'], { timeout: LOOKUP_TIMEOUT_MS });
  const pid = new RegExp(String.raw`:${port}\s+\S+\s+LISTENING\s+(\d+)`).exec(stdout)?.[1];
  return pid === undefined ? null : { pid: Number(pid), program: null, uid: null };
}
