/**
 * The signing thread's work is killed at every syscall that makes something durable: whatever is left, nothing that was
 * signed is lost or contradicted, the verifier accuses nobody, and signing goes on.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyLogDirectory } from '../../../agent-tunnel/src/evidence/verify-merkle.ts';
import { isOnPath, runProgram } from '../../harness/program.ts';
import { type EvidenceSite, writeEvidenceSite } from '../evidence-site.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

const SIGNER = fileURLToPath(new URL('./signing-crash-signer.ts', import.meta.url));
const ENTRIES = 600;
/** Nothing else of a run calls them: the start of Node neither syncs nor renames nor makes directories. */
const SYSCALLS = 'fsync,rename,mkdir,ftruncate';

export const signingCrash: TrustSuite = {
  name: 'signing-crash',
  claim: 'killed at any step of signing, the gateway contradicts nothing that it signed, and goes on',
  run: (context) => crashSigning(context, 1),
};

/** `stride` 10 kills at every tenth step. Needs strace, whose absence is a failure. */
export async function crashSigning(context: TrustContext, stride: number): Promise<TrustResult> {
  if (!isOnPath('strace')) return { attempts: 0, failures: ['strace is not installed'], isComplete: false };
  const site = await writeEvidenceSite(join(context.directory, 'site'), { entries: ENTRIES });
  const steps = countSteps(site, context.directory);
  const failures: string[] = [];
  let attempts = 0;
  for (let step = 1 + context.random.below(stride); step <= steps; step += stride) {
    if (context.isOver()) return { attempts, failures, isComplete: false };
    attempts += 1;
    const directory = unsigned(site, join(context.directory, `step-${step}`));
    await runSigner(directory, ['-e', `inject=${SYSCALLS}:signal=KILL:when=${step}`]);
    const before = lastSigned(directory);
    const left = await problemsOf(site, directory, before);
    if (left !== null) failures.push(`step ${step}, as it was left: ${left}`);
    const restarted = await runSigner(directory, []);
    if (restarted !== 0) failures.push(`step ${step}: signing did not go on`);
    const after = await problemsOf(site, directory, before);
    if (after !== null) failures.push(`step ${step}, signed on: ${after}`);
    rmSync(directory, { recursive: true });
  }
  return { attempts, failures, isComplete: true };
}

/** The records of the site, without anything that was signed. */
function unsigned(site: EvidenceSite, directory: string): string {
  cpSync(site.logDirectory, directory, { recursive: true, filter: (path) => !/\/(tile|checkpoint)/.test(path) });
  return directory;
}

function countSteps(site: EvidenceSite, directory: string): number {
  const copy = unsigned(site, join(directory, 'count'));
  const trace = join(directory, 'trace');
  execFileSync('strace', [...traced(trace), process.execPath, SIGNER, copy, site.logId]);
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /^\d+ +(fsync|rename|mkdir|ftruncate)\(/.test(line)).length;
}

function traced(output: string): readonly string[] {
  return ['-f', '-qq', '-o', output, '-e', `trace=${SYSCALLS}`];
}

async function runSigner(directory: string, inject: readonly string[]): Promise<number | null> {
  const logId = readFileSync(join(directory, 'segment-00000000.log')).toString('hex', 8, 24);
  const { code } = await runProgram('strace', [
    ...traced('/dev/null'),
    ...inject,
    process.execPath,
    SIGNER,
    directory,
    logId,
  ]);
  return code;
}

/** Every note of the history: what somebody may have seen. A torn last one is not whole, so nobody has seen it. */
function lastSigned(directory: string): readonly string[] {
  const history = join(directory, 'checkpoints.log');
  if (!existsSync(history)) return [];
  return readFileSync(history, 'utf8')
    .split(/(?<=\n)\n(?!—)/)
    .filter((note) => note.includes('\n\n'));
}

/** What a verifier finds, or which signed note is gone; null when all is well. */
async function problemsOf(site: EvidenceSite, directory: string, signed: readonly string[]): Promise<string | null> {
  const history = lastSigned(directory).join('\n');
  const lost = signed.find((note) => !history.includes(note));
  if (lost !== undefined) return `a signed checkpoint is gone: ${lost.split('\n', 2).join(' ')}`;
  const trust = { keys: site.trust.keys, witnesses: 0 };
  const { merkle } = await verifyLogDirectory(directory, { head: null, trust, anchors: [] });
  return merkle === null || merkle.findings.length === 0 ? null : merkle.findings.join('; ');
}
