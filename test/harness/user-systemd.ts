/** A real systemd for one user, in a mount namespace of its own, where this machine was started by something else. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProgramResult, runProgram } from './program.ts';

const SYSTEMD = '/lib/systemd/systemd';
/** What says that a system was started by systemd, which is asked for before anything else. */
const AS_IF_BOOTED = 'mount -t tmpfs none /run/systemd && mkdir /run/systemd/system';
const START_LIMIT_MS = 60_000;

export class UserSystemd {
  /** `$XDG_RUNTIME_DIR`: `%t` of its units. */
  readonly runtime: string;
  readonly #home: string;
  readonly #child: ChildProcess;

  private constructor(home: string, child: ChildProcess) {
    this.#home = home;
    this.runtime = path.join(home, 'run');
    this.#child = child;
  }

  /** Null where there is none, or where it does not start: that takes root, namespaces and writable control groups. */
  static async start(): Promise<UserSystemd | null> {
    if (process.getuid?.() !== 0 || !existsSync(SYSTEMD) || !existsSync('/run/systemd')) return null;
    const wrapped = ['--mount', '--propagation', 'private', 'bash', '-c'];
    if (spawnSync('unshare', [...wrapped, AS_IF_BOOTED]).status !== 0) return null;
    const home = await mkdtemp(path.join(tmpdir(), 'sluice-systemd-'));
    await mkdir(path.join(home, 'run'), { mode: 0o700 });
    await mkdir(path.join(home, '.config/systemd/user'), { recursive: true });
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run') };
    const line = `${AS_IF_BOOTED} && exec ${SYSTEMD} --user --log-target=null`;
    const child = spawn('unshare', [...wrapped, line], { env, stdio: 'ignore' });
    const systemd = new UserSystemd(home, child);
    const deadline = performance.now() + START_LIMIT_MS;
    while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
      if ((await systemd.systemctl('show', '--property=Version')).code === 0) return systemd;
      await delay(50);
    }
    await systemd.stop();
    return null;
  }

  /** Where units are put. */
  get units(): string {
    return path.join(this.#home, '.config/systemd/user');
  }

  systemctl(...args: readonly string[]): Promise<ProgramResult> {
    return runProgram('systemctl', ['--user', ...args], {
      env: { HOME: this.#home, XDG_RUNTIME_DIR: this.runtime, DBUS_SESSION_BUS_ADDRESS: '' },
    });
  }

  /** Ends it with everything that it started. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, 'close');
      // SIGRTMIN+24: exit at once, after the units were stopped (systemd(1), Signals).
      spawnSync('kill', ['-s', 'RTMIN+24', String(this.#child.pid)]);
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), START_LIMIT_MS);
      await closed;
      clearTimeout(timer);
    }
    await rm(this.#home, { recursive: true, force: true });
  }
}
