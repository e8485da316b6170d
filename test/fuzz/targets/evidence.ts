/** Readers of evidence: whatever is on the disk, they answer or say that it is broken. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  FormatError,
  NO_PREVIOUS_HASH,
  SEGMENT_HEADER_BYTES,
} from '../../../gateway/src/evidence/format.ts';
import { readBlocks } from '../../../gateway/src/evidence/read-log.ts';
import { readRecording } from '../../../gateway/src/evidence/read-recording.ts';
import { scanSegment } from '../../../gateway/src/evidence/scan-segment.ts';
import { segmentPath } from '../../../gateway/src/evidence/segment-files.ts';
import type { Target } from '../target.ts';

const HEADER = encodeSegmentHeader({
  logId: '00'.repeat(16),
  segment: 1,
  firstSequence: 1,
  createdAtUs: 1,
  previousHash: NO_PREVIOUS_HASH,
});
const PAYLOAD = Buffer.from('{"kind":"gateway.started"}');

/** `u32 length · u32 length xor "SLCE" · u32 records · u64 sequence · body · sha256`, from docs/formats. */
function block(
  body: Buffer,
  records = 1,
  sequence = 1,
  previous: Buffer = HEADER.subarray(SEGMENT_HEADER_BYTES - 32),
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt32BE(body.length, 0);
  header.writeUInt32BE((body.length ^ 0x534c4345) >>> 0, 4);
  header.writeUInt32BE(records, 8);
  header.writeUInt32BE(sequence, 16);
  const hash = createHash('sha256').update(previous).update(header).update(body).digest();
  return Buffer.concat([header, body, hash]);
}

/** Whole segments whose hash is right, whatever their body says: the input is the body. */
function segmentOf(body: Buffer): Buffer {
  return Buffer.concat([HEADER, block(body)]);
}

export const scanSegments: Target = {
  name: 'scan-segment',
  seeds: [
    PAYLOAD,
    Buffer.concat([Buffer.alloc(21), PAYLOAD]),
    segmentOf(Buffer.concat([Buffer.alloc(21, 1), PAYLOAD])),
  ],
  tokens: ['SLUICE\0\x01', '\0\0\0\0\0\0\0\x01', '{"kind":'],
  maxBytes: 600,
  check: (input) => {
    for (const bytes of [segmentOf(input), Buffer.concat([HEADER, input]), input]) {
      try {
        decodeSegmentHeader(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        continue;
      }
      const seen: number[] = [];
      const result = scanSegment(bytes, 1, ({ records }) => seen.push(...records.map(({ sequence }) => sequence)));
      if (result.endOffset > bytes.length) throw new Error('the scan went past the end');
      if (seen.some((sequence, index) => sequence !== index + 1)) throw new Error('a sequence was skipped or repeated');
    }
  },
};

/** Only the product's own errors are lawful. */
async function unlessBroken(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
  }
}

/** Readers of files: what is read is put into this folder first. */
export function fileTargets(folder: string): readonly Target[] {
  return [
    {
      name: 'read-log',
      seeds: scanSegments.seeds,
      tokens: scanSegments.tokens,
      maxBytes: 600,
      check: async (input) =>
        await unlessBroken(async () => {
          writeFileSync(segmentPath(folder, 1), segmentOf(input));
          for await (const one of readBlocks(folder, { from: 0, until: 100 }))
            if (one.entries.length > 100) throw new Error('more entries than records');
        }),
    },
    {
      name: 'read-recording',
      seeds: [
        '{"recording":1,"sessionId":"s"}\n["c",1,[["a",25,false]]]\n["r",1,["x",null]]\n["e",1,"SELECT 1",1,null,false]\n["x","end"]\n',
      ],
      tokens: ['["c",1,', '["r",1,', '["e",1,', '["x",', '\n', 'null', '"', ']', '1e309', '__proto__'],
      maxBytes: 600,
      check: async (input) =>
        await unlessBroken(async () => {
          const path = join(folder, 'recording');
          writeFileSync(path, input);
          await readRecording(path, { after: 0, last: 100 });
        }),
    },
  ];
}
