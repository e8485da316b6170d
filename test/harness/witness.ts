/**
 * A witness in a process of its own, as `sluice-gateway witness` runs it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');

export type TestWitness = {
  readonly vkey: string;
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
};

/** Its verifier key: made when `state` has none. */
export function witnessKey(state: string, name: string): string {
  const args = [MAIN, 'witness', '--state', state, '--name', name, '--print-key'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

/** Resolves once it listens. `logs` are verifier keys. */
export async function startWitness(options: {
  readonly state: string;
  readonly name: string;
  readonly logs: readonly string[];
  readonly port?: number;
}): Promise<TestWitness> {
  const { state, name, logs, port = 0 } = options;
  const args = ['--state', state, '--name', name, '--listen', `127.0.0.1:${port}`];
  const child = spawn(process.execPath, [MAIN, 'witness', ...args, ...logs.flatMap((vkey) => ['--log', vkey])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  const [vkey = '', listening = ''] = lines;
  const url = listening.replace('listening on ', '');
  if (!url.startsWith('http://')) throw new Error(`the witness did not start: ${lines.join(' ')}`);
  return { vkey, url, port: Number(new URL(url).port), stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  await closed;
}
