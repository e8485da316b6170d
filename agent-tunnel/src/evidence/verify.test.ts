import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyEvidence } from './verify.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sluice-evidence-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const u32 = (value: number) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
const u64 = (value: number) => Buffer.concat([u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32)]);

/** Segments of blocks of entries, written after docs/evidence-format.md by hand. */
function makeLog(segments: readonly (readonly (readonly object[])[])[], logId = Buffer.alloc(16, 7)): Buffer[] {
  let previous: Buffer = Buffer.alloc(32);
  let sequence = 0;
  return segments.map((blocks, number) => {
    const head = Buffer.concat([
      Buffer.from('SLUICE\0\x01', 'latin1'),
      logId,
      u64(number),
      u64(sequence),
      u64(1_700_000_000_000_000),
      previous,
    ]);
    let file: Buffer = Buffer.concat([head, sha256(head)]);
    for (const entries of blocks) {
      const first = sequence;
      const records = entries.map((entry) => {
        const payload = Buffer.from(JSON.stringify(entry));
        const record = Buffer.concat([
          u32(payload.length),
          u64(sequence),
          u64(1_700_000_000_000_001),
          Buffer.from([1]),
          payload,
        ]);
        sequence += 1;
        return record;
      });
      const body = Buffer.concat(records);
      const block = Buffer.concat([
        u32(body.length),
        u32((body.length ^ 0x534c4345) >>> 0),
        u32(entries.length),
        u64(first),
        body,
      ]);
      file = Buffer.concat([file, block, sha256(Buffer.concat([file.subarray(-32), block]))]);
    }
    previous = Buffer.from(file.subarray(-32));
    return file;
  });
}

const LOG = makeLog([
  [[{ kind: 'gateway.started' }], [{ kind: 'session.opened' }, { kind: 'statement.decided', text: 'select 1' }]],
  [],
  [[{ kind: 'statement.completed' }], [{ kind: 'session.closed' }, { kind: 'gateway.stopped' }]],
]);

const nameOf = (number: number) => path.join(directory, `segment-${String(number).padStart(8, '0')}.log`);

async function writeLog(files: readonly Buffer[] = LOG): Promise<void> {
  await Promise.all(files.map((bytes, number) => writeFile(nameOf(number), bytes)));
}

describe('a whole log', () => {
  it('is intact, with the head of its last block', async () => {
    await writeLog();
    await writeFile(path.join(directory, 'reserve.bin'), 'anything');
    expect(await verifyEvidence(directory)).toEqual({
      state: 'intact',
      head: { entries: 6, hash: LOG[2]?.subarray(-32).toString('hex') },
      segments: 3,
      finding: null,
      holdsNotedHead: null,
      isPart: false,
    });
  });

  it('holds every head that it went through, and no other', async () => {
    await writeLog();
    const block = LOG[0]?.subarray(-32).toString('hex') ?? '';
    expect((await verifyEvidence(directory, { entries: 3, hash: block.toUpperCase() })).holdsNotedHead).toBe(true);
    expect((await verifyEvidence(directory, { entries: 0, hash: '00' })).holdsNotedHead).toBe(true);
    expect((await verifyEvidence(directory, { entries: 2, hash: block })).holdsNotedHead).toBe(false);
    expect((await verifyEvidence(directory, { entries: 9, hash: block })).holdsNotedHead).toBe(false);
  });

  it('can be checked one segment at a time', async () => {
    await writeLog();
    expect(await verifyEvidence(nameOf(2))).toMatchObject({ state: 'intact', head: { entries: 6 }, isPart: true });
  });
});

describe('a log that was changed', () => {
  it.each([0, 1, 2])('is found out for every single byte of segment %i', async (number) => {
    await writeLog();
    const original = LOG[number] ?? Buffer.alloc(0);
    for (let offset = 0; offset < original.length; offset += 1) {
      const changed = Buffer.from(original);
      changed[offset] = (changed[offset] ?? 0) ^ 0x01;
      await writeFile(nameOf(number), changed);
      const { state } = await verifyEvidence(directory);
      expect(state, `byte ${offset}`).toBe('broken');
    }
  });

  it.each([
    ['a segment is missing', async () => rm(nameOf(1))],
    ['the first segment is missing', async () => rm(nameOf(0))],
    [
      'two segments are exchanged',
      async () => (
        await rename(nameOf(1), nameOf(9)), await rename(nameOf(2), nameOf(1)), rename(nameOf(9), nameOf(2))
      ),
    ],
    ['a segment is there twice', async () => copyFile(nameOf(2), nameOf(3))],
    [
      'a segment of another log is between',
      async () => writeFile(nameOf(1), makeLog([[[{}, {}, {}]], []], Buffer.alloc(16, 8))[1] ?? ''),
    ],
    ['an earlier segment is cut off', async () => truncate(nameOf(0), 130)],
    ['an earlier segment is cut off inside its header', async () => truncate(nameOf(1), 100)],
    [
      'an earlier segment is cut off at a block',
      async () => writeFile(nameOf(0), makeLog([[[{ kind: 'gateway.started' }]]])[0] ?? ''),
    ],
    [
      'an earlier segment has zeros at its end',
      async () => writeFile(nameOf(0), Buffer.concat([LOG[0] ?? Buffer.alloc(0), Buffer.alloc(64)])),
    ],
    [
      'bytes follow that begin no block',
      async () => writeFile(nameOf(2), Buffer.concat([LOG[2] ?? Buffer.alloc(0), Buffer.alloc(40, 0x41)])),
    ],
  ])('is found out when %s', async (_name, change) => {
    await writeLog();
    await change();
    expect(await verifyEvidence(directory)).toMatchObject({
      state: 'broken',
      finding: { message: expect.any(String) },
    });
  });

  it('is found out by a noted head when it was cut off at a block, or written anew', async () => {
    await writeLog();
    const { head } = await verifyEvidence(directory);
    await rm(nameOf(2));
    expect(await verifyEvidence(directory, head)).toMatchObject({ state: 'intact', holdsNotedHead: false });
    await writeLog(
      makeLog([[[{ kind: 'a' }, { kind: 'b' }, { kind: 'c' }, { kind: 'd' }, { kind: 'e' }, { kind: 'f' }]]]),
    );
    await rm(nameOf(1));
    expect(await verifyEvidence(directory, head)).toMatchObject({
      state: 'intact',
      head: { entries: 6 },
      holdsNotedHead: false,
    });
  });
});

describe('a last write that a crash cut short', () => {
  it('is called torn at every length, and never intact or forged', async () => {
    await writeLog();
    const whole = LOG[2] ?? Buffer.alloc(0);
    const first = makeLog([[], [], [[{ kind: 'statement.completed' }]]])[2]?.length ?? 0;
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(nameOf(2), whole.subarray(0, length));
      const { state, finding } = await verifyEvidence(directory);
      // At the end of the header, and of the first block, nothing is missing.
      const boundary = length === 112 || length === first;
      expect(state, `length ${length}`).toBe(boundary ? 'intact' : 'torn');
      if (!boundary) expect(finding?.file).toBe(nameOf(2));
    }
  });

  it('is called torn when zeros follow, as some file systems leave', async () => {
    await writeLog([...LOG.slice(0, 2), Buffer.concat([LOG[2] ?? Buffer.alloc(0), Buffer.alloc(4_096)])]);
    expect(await verifyEvidence(directory)).toMatchObject({ state: 'torn', head: { entries: 6 } });
  });
});

it('a wrong sequence, count or payload is found out even when its hashes are right', async () => {
  const cases: readonly (readonly [string, (block: Buffer) => void])[] = [
    ['the block begins with entry', (block) => void block.writeUInt32BE(5, 16)],
    ['the block says 2 entries and holds 1', (block) => void block.writeUInt32BE(2, 8)],
    ['entry 9 stands where 0 belongs', (block) => void block.writeUInt32BE(9, 28)],
    ['unknown kind 2', (block) => void block.writeUInt8(2, 40)],
    ['longer than its block', (block) => void block.writeUInt32BE(2_000, 20)],
    ['is not a JSON object', (block) => void block.write('[', 41)],
  ];
  const [file] = makeLog([[[{ kind: 'gateway.started' }]]]);
  for (const [message, change] of cases) {
    const forged = Buffer.from(file ?? Buffer.alloc(0));
    change(forged.subarray(112));
    sha256(forged.subarray(80, forged.length - 32)).copy(forged, forged.length - 32);
    await writeFile(nameOf(0), forged);
    expect(await verifyEvidence(directory)).toMatchObject({
      state: 'broken',
      finding: { message: expect.stringContaining(message) },
    });
  }
});

it('a directory without a log is an error, not an intact log', async () => {
  await expect(verifyEvidence(directory)).rejects.toThrow('holds no segment');
  await expect(readFile(nameOf(0))).rejects.toThrow();
});
