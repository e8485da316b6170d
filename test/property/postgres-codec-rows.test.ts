import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MaskKeys } from '../../gateway/src/masking/mask-keys.ts';
import { type MaskPlan, planMasks } from '../../gateway/src/masking/plan.ts';
import type { MaskKind } from '../../gateway/src/policy/mask-kind.ts';
import {
  encodeCommandComplete,
  encodeCopyData,
  encodeDataRow,
  encodeNoticeResponse,
  encodeRowDescription,
} from '../../gateway/src/protocol/postgres/backend-encode.ts';
import { type CopyFormat, CSV_COPY, TEXT_COPY } from '../../gateway/src/protocol/postgres/copy-format.ts';
import { createCopyRewriter } from '../../gateway/src/protocol/postgres/copy-out.ts';
import { OutputBuffer } from '../../gateway/src/protocol/postgres/output-buffer.ts';
import { RowStream, STREAMED_FRAME_BYTES } from '../../gateway/src/protocol/postgres/rewrite.ts';
import { bytes, cut, cutPoints, succeedsOrRefuses } from './chunks.ts';

const SCOPE = { keys: new MaskKeys(Buffer.alloc(32, 3)), resource: 'orders' };
const cell = fc.option(bytes());

/** What a stream is fed with: results of one width each, and other messages between their rows. */
type Piece = { readonly columns: number; readonly rows: readonly (readonly (Buffer | null)[])[] };

describe('the row stream', () => {
  const cellOfAnySize = fc.oneof(
    { weight: 40, arbitrary: cell },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(STREAMED_FRAME_BYTES + 7, 'x')) },
  );
  const piece: fc.Arbitrary<Piece> = fc
    .nat(5)
    .chain((columns) =>
      fc
        .array(fc.array(cellOfAnySize, { minLength: columns, maxLength: columns }), { maxLength: 5 })
        .map((rows) => ({ columns, rows })),
    );
  const masks = fc.array(
    fc.option(
      fc.constantFrom(
        { kind: 'null' } as const,
        { kind: 'fixed', text: 'gone' } as const,
        { kind: 'last', count: 3 } as const,
        { kind: 'token', purpose: '' } as const,
        { kind: 'placeholder' } as const,
      ),
    ),
    { minLength: 5, maxLength: 5 },
  );

  it('gives what masking row by row gives, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 4 }),
        masks,
        cutPoints,
        fc.boolean(),
        (pieces, kinds, points, captures) => {
          const plans = pieces.map(({ columns }) => planFor(columns, kinds));
          const input = Buffer.concat(pieces.map(({ rows }) => result(rows)));
          const expected = Buffer.concat(
            pieces.map(({ rows }, i) => result(rows.map((row) => maskedRow(row, plans[i])))),
          );

          let results = -1;
          const output: Buffer[] = [];
          const stream = new RowStream({
            maxFrameBytes: 1 << 16,
            maxMaskedRowBytes: 1 << 22,
            owner: {
              onMessage: (type) => {
                if (type === 0x54) results++;
                return 'forward';
              },
              onResult: () => ({ kind: 'rows', plan: plans[results] ?? planFor(0, []), deliver: true }),
              wantsRow: () => captures,
              onRow: () => undefined,
              write: (chunk) => void output.push(chunk),
            },
          });
          for (const chunk of cut(input, points)) stream.push(chunk);
          expect(Buffer.concat(output).equals(expected)).toBe(true);
          const counted = pieces.map(({ rows }, i) => rows.length * (plans[i]?.maskedColumns ?? 0));
          expect(stream.takeCounts()).toEqual({
            rows: pieces.reduce((sum, { rows }) => sum + rows.length, 0),
            maskedCells: counted.reduce((sum, cells) => sum + cells, 0),
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('fed with random bytes goes on or ends in one of our errors', () => {
    const frames = fc
      .tuple(fc.constantFrom(...Array.from('DdCcTEZNxS')), fc.oneof(fc.nat(40), fc.integer()), bytes(40))
      .map(([type, length, body]) => {
        const header = Buffer.from(`${type}....`);
        header.writeInt32BE(length, 1);
        return Buffer.concat([header, body]);
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(frames, bytes()), { maxLength: 6 }), fc.boolean(), (chunks, isCopy) => {
        const plan = planFor(1, [{ kind: 'last', count: 3 }]);
        const stream = new RowStream({
          maxFrameBytes: 256,
          maxMaskedRowBytes: 256,
          owner: {
            onMessage: () => 'forward',
            onResult: () =>
              isCopy
                ? { kind: 'copy', rewriter: createCopyRewriter(TEXT_COPY, plan, 256), deliver: true }
                : { kind: 'rows', plan, deliver: true },
            wantsRow: () => true,
            onRow: () => undefined,
            write: () => undefined,
          },
        });
        const run = (): void => {
          for (const chunk of chunks) stream.push(chunk);
        };
        expect(succeedsOrRefuses(run)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('COPY', () => {
  const value = fc.option(fc.string({ unit: fc.constantFrom(...Array.from('abN\\\t\n\r,;"\'| é😀')), maxLength: 12 }));
  const table = fc.array(fc.tuple(value, value, value), { maxLength: 6 });
  const masks = fc.constantFrom<MaskKind>(
    { kind: 'null' },
    { kind: 'fixed', text: 'a"\t|;\'\\b' },
    { kind: 'last', count: 2 },
    { kind: 'token', purpose: '' },
    { kind: 'shape', shape: 'email-domain', purpose: '' },
  );
  const planOf = (mask: MaskKind): MaskPlan => planFor(3, [null, mask, null]);
  const PLAN = planOf({ kind: 'last', count: 2 });

  it.each<readonly [string, CopyFormat, (cells: readonly (string | null)[], masked: number) => string]>([
    ['text', TEXT_COPY, (cells) => `${cells.map(textCell).join('\t')}\n`],
    ['csv', CSV_COPY, (cells, masked) => `${cells.map((one, i) => csvCell(one, i === masked)).join(',')}\n`],
  ])('in %s is masked as each cell would be, however it is cut', (_, copyFormat, line) => {
    fc.assert(
      fc.property(table, masks, cutPoints, (rows, kind, points) => {
        const plan = planOf(kind);
        const input = Buffer.from(rows.map((cells) => line(cells, -1)).join(''));
        const rewriter = createCopyRewriter(copyFormat, plan, 4096);
        const out = new OutputBuffer(1 << 20, () => new Error('full'));
        for (const chunk of cut(input, points)) rewriter.feed(chunk, 0, chunk.length, out);
        rewriter.finish();
        const expected = rows.map(([a, b, c]) => encodeCopyData(Buffer.from(line([a, maskText(plan, b), c], 1))));
        expect(out.take() ?? Buffer.alloc(0)).toEqual(Buffer.concat(expected));
        expect(rewriter).toMatchObject({ rows: rows.length, maskedCells: rows.length });
      }),
    );
  });

  it('in binary is masked as each cell would be, however it is cut', () => {
    const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
    const trailer = Buffer.from('ffff', 'hex');
    const tuple = (cells: readonly (string | null)[]): Buffer =>
      encodeDataRow(cells.map((one) => (one === null ? null : Buffer.from(one)))).subarray(5);
    fc.assert(
      fc.property(table, masks, cutPoints, (rows, kind, points) => {
        const plan = planOf(kind);
        const input = Buffer.concat([header, ...rows.map(tuple), trailer]);
        const rewriter = createCopyRewriter({ format: 'binary' }, plan, 4096);
        const out = new OutputBuffer(1 << 20, () => new Error('full'));
        for (const chunk of cut(input, points)) rewriter.feed(chunk, 0, chunk.length, out);
        rewriter.finish();
        const masked = [...rows.map(([a, b, c]) => tuple([a, maskText(plan, b), c])), trailer];
        const [first = trailer, ...others] = masked;
        const expected = [Buffer.concat([header, first]), ...others].map(encodeCopyData);
        expect(out.take() ?? Buffer.alloc(0)).toEqual(Buffer.concat(expected));
      }),
    );
  });

  it('in any format takes random bytes or refuses them', () => {
    const formats: readonly CopyFormat[] = [TEXT_COPY, CSV_COPY, { format: 'binary' }];
    const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
    fc.assert(
      fc.property(fc.constantFrom(...formats), bytes(60), fc.boolean(), (copyFormat, tail, signed) => {
        const input = signed ? Buffer.concat([signature, tail]) : tail;
        const run = (): void => {
          const rewriter = createCopyRewriter(copyFormat, PLAN, 64);
          rewriter.feed(input, 0, input.length, new OutputBuffer(1 << 20, () => new Error('full')));
          rewriter.finish();
        };
        expect(succeedsOrRefuses(run)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  function maskText({ masks: [, mask] }: MaskPlan, plain: string | null): string | null {
    if (mask === null || mask === undefined) return plain;
    const target = Buffer.alloc(mask.maxBytes);
    const source = Buffer.from(plain ?? '');
    const written = mask.write(source, 0, source.length, false, target, 0);
    return written === -1 ? null : target.toString('utf8', 0, written);
  }
});

/** As PostgreSQL's CopyAttributeOutText. */
function textCell(plain: string | null): string {
  if (plain === null) return '\\N';
  const letters: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
  return plain.replace(/[\n\r\t\\]/g, (character) => letters[character] ?? character);
}

/** As PostgreSQL's CopyAttributeOutCSV; a mask is always quoted. */
function csvCell(plain: string | null, isMask: boolean): string {
  if (plain === null) return '';
  return isMask || plain === '' || /[,"\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function planFor(columns: number, kinds: readonly (MaskKind | null)[]): MaskPlan {
  const planned = Array.from({ length: columns }, () => ({ typeOid: 25, format: 0 }) as const);
  const obligations = kinds.flatMap((mask, output) =>
    mask === null || output >= columns ? [] : [{ kind: 'mask', output, mask } as const],
  );
  return planMasks(planned, obligations, SCOPE);
}

/** The slow and simple way of masking, as the oracle. */
function maskedRow(cells: readonly (Buffer | null)[], plan: MaskPlan | undefined): readonly (Buffer | null)[] {
  return cells.map((value, i) => {
    const mask = plan?.masks[i] ?? null;
    if (mask === null) return value;
    const target = Buffer.alloc(mask.maxBytes);
    const source = value ?? Buffer.alloc(0);
    const written = mask.write(source, 0, source.length, false, target, 0);
    return written === -1 ? null : target.subarray(0, written);
  });
}

function result(rows: readonly (readonly (Buffer | null)[])[]): Buffer {
  const notice = encodeNoticeResponse(new Map([['M', 'between']]));
  const messages = rows.flatMap((cells, i) => (i % 2 === 0 ? [encodeDataRow(cells)] : [notice, encodeDataRow(cells)]));
  return Buffer.concat([encodeRowDescription([]), ...messages, encodeCommandComplete(`SELECT ${rows.length}`)]);
}
