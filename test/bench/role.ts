import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROLES = join(import.meta.dirname, 'tunnel-roles.ts');

/** Starts a process of `tunnel-roles.ts`, which is the caller's to end; resolves with what it says once it listens. */
export async function startRole(
  running: ChildProcess[],
  ...args: readonly string[]
): Promise<{ readonly pid: number; readonly port: number; readonly ca?: string }> {
  const child = spawn(process.execPath, [ROLES, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { ...(JSON.parse(line) as { readonly port: number; readonly ca?: string }), pid: child.pid ?? 0 };
}
