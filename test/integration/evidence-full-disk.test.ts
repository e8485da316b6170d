/**
 * The disk is really full (a small tmpfs), or the file really at its limit (RLIMIT_FSIZE): access stops, nothing
 * acknowledged is lost, and the log says itself why it ended.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../gateway/src/evidence/entry.ts';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';
import { verifyLog } from '../../gateway/src/evidence/verify.ts';

const WRITER = fileURLToPath(new URL('./evidence-full-disk-writer.ts', import.meta.url));
const TMPFS_KIB = 1_024;
const FILE_LIMIT_KIB = 256;

type Outcome = { acknowledged: number; refusedWith: string; after: string; healthy: boolean; failures: unknown[] };

function outcomeOf(command: string, args: readonly string[]): Outcome {
  const child = spawnSync(command, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the writer ended with ${child.status ?? child.signal}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

function asRoot(command: string, args: readonly string[]): void {
  execFileSync(command, args);
}

async function entriesOf(directory: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const block of readBlocks(directory, { from: 0, until: Number.MAX_SAFE_INTEGER })) {
    entries.push(...block.entries.map((stored) => stored.entry));
  }
  return entries;
}

async function expectRecordedFailure(directory: string, outcome: Outcome, errno: string): Promise<void> {
  expect(outcome).toMatchObject({
    refusedWith: 'EVIDENCE_UNWRITABLE',
    after: 'EVIDENCE_UNWRITABLE',
    healthy: false,
    failures: [{ code: 'EVIDENCE_UNWRITABLE', errno, fatal: false }],
  });
  expect(verifyLog(directory)).toMatchObject({ ok: true, tornBytes: 0 });
  const entries = await entriesOf(directory);
  expect(entries.filter((entry) => entry.kind === 'statement.decided')).toHaveLength(outcome.acknowledged);
  expect(entries.at(-1)).toMatchObject({ kind: 'log.failed', reason: expect.stringContaining(errno) });
}

const isRoot = process.getuid?.() === 0;

describe('a record that cannot be written', () => {
  it.runIf(isRoot && process.platform === 'linux')('a full disk', async () => {
    using directory = temporaryDirectory();
    asRoot('mount', ['-t', 'tmpfs', '-o', `size=${TMPFS_KIB}k`, 'sluice-test', directory.path]);
    try {
      const log = join(directory.path, 'log');
      const outcome = outcomeOf(process.execPath, [WRITER, log]);
      expect(outcome.acknowledged).toBeGreaterThan(100);
      await expectRecordedFailure(log, outcome, 'ENOSPC');

      // Still full: the gateway does not start, rather than run unrecorded.
      await expect(openEvidenceLog({ directory: log, now: Date.now })).rejects.toMatchObject({
        code: 'EVIDENCE_UNWRITABLE',
      });
      // Once there is room it goes on behind what it has.
      asRoot('mount', ['-o', `remount,size=${4 * TMPFS_KIB}k`, directory.path]);
      const again = await openEvidenceLog({ directory: log, now: Date.now });
      expect(await again.append({ kind: 'gateway.stopped' }, 'fsync')).toBe(outcome.acknowledged + 1);
      await again.close();
      expect(verifyLog(log).ok).toBe(true);
    } finally {
      asRoot('umount', [directory.path]);
    }
  });

  it.runIf(process.platform === 'linux')('a file at the limit of its size', async () => {
    using directory = temporaryDirectory();
    const script = `ulimit -f ${FILE_LIMIT_KIB} && exec "$0" "$@"`;
    const outcome = outcomeOf('bash', ['-c', script, process.execPath, WRITER, directory.path]);
    expect(outcome.acknowledged).toBeGreaterThan(50);
    await expectRecordedFailure(directory.path, outcome, 'EFBIG');
    expect(readdirSync(directory.path)).not.toContain('reserve.bin');
  });

  it('a directory that cannot be made', async () => {
    await expect(openEvidenceLog({ directory: '/dev/null/log', now: Date.now })).rejects.toMatchObject({
      code: 'EVIDENCE_UNWRITABLE',
    });
  });
});
