import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statementCompleted, temporaryDirectory } from '../log.fixture.ts';
import { openEvidenceLog } from '../log.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { MerkleLog } from './merkle-log.ts';
import { MerkleSigner } from './merkle-signer.ts';
import { LOG_KEY, signerKey } from './signed-note.ts';

async function signerIn(directory: string, entries: number): Promise<MerkleSigner> {
  const log = await openEvidenceLog({ directory, now: () => 1_700_000_000_000 });
  for (let id = 0; id < entries; id += 1) await log.append(statementCompleted('s1', id), 'write');
  await log.close();
  const signers = [signerKey(`sluice/${log.logId}`, LOG_KEY, Buffer.alloc(32, 4))];
  const open = (durable: number) => MerkleLog.open({ directory, logId: log.logId, durable, signers });
  return new MerkleSigner({
    ...{ directory, log: open(entries), reopen: open, now: Date.now, fetch, witnesses: [], anchors: [] },
    onChange: () => undefined,
  });
}

describe('signing', () => {
  it('fails while a tile cannot be written, says so, and goes on afterwards', async () => {
    using directory = temporaryDirectory();
    const signer = await signerIn(directory.path, 10);
    writeFileSync(join(directory.path, 'tile'), 'in the way');
    expect(await signer.advance(5, false)).toMatchObject({ state: 'failing', size: 0 });
    rmSync(join(directory.path, 'tile'));
    expect(await signer.advance(10, false)).toMatchObject({ state: 'signing', message: '', size: 10 });
    expect(parseCheckpoint(readFileSync(join(directory.path, 'checkpoint'), 'utf8')).size).toBe(10);
  });

  it('ends for good when a record was changed under it', async () => {
    using directory = temporaryDirectory();
    const signer = await signerIn(directory.path, 10);
    expect(await signer.advance(5, false)).toMatchObject({ state: 'signing', size: 5 });
    const segment = join(directory.path, 'segment-00000000.log');
    const bytes = readFileSync(segment);
    const changed = Buffer.from(bytes);
    changed[bytes.length - 40] = (changed[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(segment, changed);
    expect(await signer.advance(10, false)).toMatchObject({ state: 'broken', size: 5 });
    writeFileSync(segment, bytes);
    expect(await signer.advance(10, false)).toMatchObject({ state: 'broken', size: 5 });
  });

  it('several at once follow each other', async () => {
    using directory = temporaryDirectory();
    const signer = await signerIn(directory.path, 30);
    const sizes = await Promise.all([3, 30, 12].map((until) => signer.advance(until, false)));
    expect(sizes.every(({ state }) => state === 'signing')).toBe(true);
    expect(signer.status.size).toBe(30);
  });
});
