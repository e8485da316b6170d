/** The way back: the row stream and COPY, against a slow reference and against themselves cut anywhere. */
import { MaskKeys } from '../../../gateway/src/masking/mask-keys.ts';
import { planMasks } from '../../../gateway/src/masking/plan.ts';
import { type CopyFormat, CSV_COPY, TEXT_COPY } from '../../../gateway/src/protocol/postgres/copy-format.ts';
import { createCopyRewriter } from '../../../gateway/src/protocol/postgres/copy-out.ts';
import { OutputBuffer } from '../../../gateway/src/protocol/postgres/output-buffer.ts';
import { RowStream } from '../../../gateway/src/protocol/postgres/rewrite.ts';
import { assertSame, cuts, type Target, unlessRefused } from '../target.ts';

const SCOPE = { keys: new MaskKeys(Buffer.alloc(32, 3)), resource: 'orders' };
const TEXT = { typeOid: 25, typeModifier: -1, format: 0 } as const;
/** Column 0 passes, column 1 is masked. */
const PLAN = planMasks([TEXT, TEXT], [{ kind: 'mask', output: 1, mask: { kind: 'fixed', text: 'gone' } }], SCOPE);
const MASK = Buffer.from('gone');
const MAX_ROW_BYTES = 1_024;
const MAX_FRAME_BYTES = 1_024;

type Outcome = { readonly output: string; readonly refused: boolean };

function streamed(chunks: readonly Buffer[]): Outcome {
  const output: Buffer[] = [];
  const stream = new RowStream({
    maxFrameBytes: MAX_FRAME_BYTES,
    maxMaskedRowBytes: MAX_ROW_BYTES,
    owner: {
      onMessage: () => 'forward',
      onResult: (kind) =>
        kind === 'rows' ? { kind: 'rows', plan: PLAN, deliver: true } : { kind: 'copy', rewriter: null, deliver: true },
      wantsRow: () => false,
      onRow: () => undefined,
      write: (bytes) => output.push(Buffer.from(bytes)),
    },
  });
  const finished = unlessRefused(() => {
    for (const chunk of chunks) stream.push(Buffer.from(chunk));
    return true;
  });
  return { output: Buffer.concat(output).toString('hex'), refused: finished === null };
}

/** What must come out of whole frames, read one by one; null where the frames end in something that is not one. */
function reference(input: Buffer): { readonly output: string; readonly whole: boolean } {
  const output: Buffer[] = [];
  let at = 0;
  while (input.length - at >= 5) {
    const end = at + 1 + input.readInt32BE(at + 1);
    if (input.readInt32BE(at + 1) < 4 || end > input.length) return { output: hex(output), whole: false };
    const frame = input.subarray(at, end);
    if (frame[0] === 0x44) {
      const masked = maskedRow(frame);
      if (masked === null) return { output: hex(output), whole: false };
      output.push(masked);
    } else {
      output.push(frame);
    }
    at = end;
  }
  return { output: hex(output), whole: at === input.length };
}

function hex(buffers: readonly Buffer[]): string {
  return Buffer.concat(buffers).toString('hex');
}

/** `D · Int32 length · Int16 cells · (Int32 length · bytes)…` with the second cell replaced. */
function maskedRow(frame: Buffer): Buffer | null {
  if (frame.length < 7 || frame.readInt16BE(5) !== 2) return null;
  const cells: Buffer[] = [];
  let at = 7;
  for (let column = 0; column < 2; column++) {
    if (at + 4 > frame.length) return null;
    const length = frame.readInt32BE(at);
    const end = at + 4 + Math.max(length, 0);
    if (length < -1 || end > frame.length) return null;
    cells.push(frame.subarray(at, end));
    at = end;
  }
  if (at !== frame.length) return null;
  const mask = Buffer.concat([lengthOf(MASK.length), MASK]);
  const body = Buffer.concat([Buffer.from([0, 2]), cells[0] ?? Buffer.alloc(0), mask]);
  return Buffer.concat([Buffer.from('D'), lengthOf(4 + body.length), body]);
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const ROW = 'D\0\0\0\x10\0\x02\0\0\0\x011\0\0\0\x01s';
const NULL_ROW = 'D\0\0\0\x0e\0\x02\xff\xff\xff\xff\xff\xff\xff\xff';
const DESCRIPTION = 'T\0\0\0\x06\0\0';
const DONE = 'C\0\0\0\x0dSELECT 1\0';
const READY = 'Z\0\0\0\x05I';

export const rewrite: Target = {
  name: 'rewrite',
  seeds: [
    DESCRIPTION + ROW + NULL_ROW + DONE + READY,
    ROW + ROW + DONE,
    'H\0\0\0\x07\0\0\0d\0\0\0\x071\t2c\0\0\0\x04',
  ].map((seed) => Buffer.from(seed, 'latin1')),
  tokens: [DESCRIPTION, ROW, DONE, READY, 'N\0\0\0\x05\0', 'd\0\0\0\x06ab', 's\0\0\0\x04'],
  maxBytes: 900,
  check: (input) => {
    const whole = streamed([input]);
    for (const chunks of cuts(input)) {
      const parts = streamed(chunks);
      assertSame(parts.refused, whole.refused, 'a stream is refused or not by where it is cut');
      if (!whole.refused && wholeFrames(input))
        assertSame(parts.output, whole.output, 'rows depend on where the stream is cut');
    }
    const expected = reference(input);
    if (expected.whole && !whole.refused)
      assertSame(whole.output, expected.output, 'rows are not masked as one by one');
    if (!whole.refused && !expected.whole && !whole.output.startsWith(expected.output.slice(0, whole.output.length)))
      throw new Error('what came out is no beginning of what must come out');
  },
};

function wholeFrames(input: Buffer): boolean {
  return reference(input).whole;
}

type Copied = { readonly output: string; readonly rows: number; readonly maskedCells: number } | null;

function copied(format: CopyFormat, chunks: readonly Buffer[]): Copied {
  return unlessRefused(() => {
    const rewriter = createCopyRewriter(format, PLAN, MAX_ROW_BYTES);
    const out = new OutputBuffer(1 << 20, () => new Error('full'));
    for (const chunk of chunks) rewriter.feed(Buffer.from(chunk), 0, chunk.length, out);
    rewriter.finish();
    return {
      output: (out.take() ?? Buffer.alloc(0)).toString('hex'),
      rows: rewriter.rows,
      maskedCells: rewriter.maskedCells,
    };
  });
}

function copyTarget(name: string, format: CopyFormat, seeds: readonly string[], tokens: readonly string[]): Target {
  return {
    name,
    seeds: seeds.map((seed) => Buffer.from(seed, 'latin1')),
    tokens,
    maxBytes: 500,
    check: (input) => {
      const whole = copied(format, [input]);
      for (const chunks of cuts(input))
        assertSame(copied(format, chunks), whole, 'copied rows depend on where they are cut');
      if (whole !== null && whole.maskedCells !== whole.rows)
        throw new Error('a row went out with its second cell as it was');
    },
  };
}

const SIGNATURE = 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0';

export const copyText = copyTarget(
  'copy-text',
  TEXT_COPY,
  ['1\tsecret\n2\t\\N\n', 'a\\tb\tc\\\\\n', '\\.\n'],
  ['\t', '\n', '\\', '\\N', '\\.', '\r', '\\n'],
);
export const copyCsv = copyTarget(
  'copy-csv',
  CSV_COPY,
  ['1,secret\n2,"a ""b"""\n', '"x\ny",z\r\n', ',\n'],
  [',', '"', '""', '\n', '\r\n', '\\.'],
);
export const copyBinary = copyTarget(
  'copy-binary',
  { format: 'binary' },
  [`${SIGNATURE}\0\x02\0\0\0\x011\0\0\0\x01s\xff\xff`, `${SIGNATURE}\0\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff`],
  [SIGNATURE, '\xff\xff', '\0\x02'],
);
