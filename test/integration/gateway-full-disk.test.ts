/** The disk of the record is really full (a small tmpfs): access stops with clear words, and what was recorded stays. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvilClient, reportOf } from '../harness/evil-client.ts';
import { type EvilSite, entriesOf, startEvilSite, verifyRecord } from '../harness/evil-site.ts';

const DISK_MIB = 24;
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Writes until there is no room at all. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 1));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

describe.runIf(canMount)('a full disk (needs root, for a small tmpfs)', () => {
  let dataDir: string;
  let site: EvilSite;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sluice-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'sluice-test', dataDir]);
    site = await startEvilSite({ dataDir, limits: { drainSeconds: 2 } });
  });
  afterAll(async () => {
    await site.stop();
    execFileSync('umount', [dataDir]);
    rmdirSync(dataDir);
  });

  it('ends the running sessions, refuses new ones with 53100, and goes on once there is room', async () => {
    const [busy, idle] = [await site.session(), await site.session()];
    const login = await site.loginTo('shop');
    expect(await idle.value('SELECT 1')).toBe('1');
    fill(join(dataDir, 'junk'));

    // Each statement makes an entry, until one does not fit any more.
    let answered = 0;
    const statement = `SELECT '${'x'.repeat(20_000)}'`;
    for (; !busy.closed && answered < 2_000; answered += 1) {
      const answers = await busy.query(statement).catch(() => []);
      if (!answers.some(({ type }) => type === 'Z')) break;
    }
    expect(answered).toBeLessThan(2_000);
    expect(await idle.refusal()).toMatchObject({ S: 'FATAL', M: expect.stringMatching(/cannot be written/) });

    const late = await EvilClient.connect(site.gateway.postgresPort);
    const refused = reportOf(await late.authenticate(login));
    expect(refused).toMatchObject({
      S: 'FATAL',
      C: '53100',
      D: 'EVIDENCE_UNWRITABLE',
      H: expect.stringContaining('free space'),
    });

    // Nothing that was answered is missing, and the log says itself why it ended.
    expect(verifyRecord(dataDir)).toContain('intact');
    const entries = await entriesOf(dataDir);
    const decided = entries.filter((entry) => entry.kind === 'statement.decided' && entry.text === statement);
    expect(decided.length).toBeGreaterThanOrEqual(answered);
    expect(entries.at(-1)).toMatchObject({ kind: 'log.failed', reason: expect.stringContaining('ENOSPC') });
    for (const client of [busy, idle, late]) await client.close();

    await site.gateway.end('SIGTERM');
    rmSync(join(dataDir, 'junk'));
    await site.gateway.restart();
    const again = await site.session();
    expect(await again.value('SELECT 1')).toBe('1');
    await again.close();
    expect(verifyRecord(dataDir)).toContain('intact');
    expect((await entriesOf(dataDir)).slice(0, entries.length)).toEqual(entries);
  });
});
