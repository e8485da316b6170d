import { describe, expect, it } from 'vitest';
import { type MaskPlan, passAll, planMasks } from '../../masking/plan.ts';
import { encodeCommandComplete, encodeNoticeResponse, encodeReadyForQuery } from './backend-encode.ts';
import { captured } from './captured-bytes.ts';
import { CSV_COPY } from './copy-format.ts';
import { createCopyRewriter } from './copy-out.ts';
import { FrameReader } from './framing.ts';
import { MAX_HELD_BYTES, type ResultRule, RowStream, type RowStreamOwner, STREAMED_FRAME_BYTES } from './rewrite.ts';

const TEXT = { typeOid: 25, format: 0 } as const;
const LAST_4 = { kind: 'last', count: 4 } as const;
const NOTICE = encodeNoticeResponse(new Map([['M', 'ours']]));
const READY = Buffer.from('5a0000000549', 'hex');
const DONE = encodeCommandComplete('SELECT 1');

/** A DataRow by hand. */
function row(...cells: readonly (string | Buffer | null)[]): Buffer {
  const parts: Buffer[] = [uint(cells.length, 2)];
  for (const cell of cells) {
    if (cell === null) parts.push(Buffer.from('ffffffff', 'hex'));
    else parts.push(uint(Buffer.byteLength(cell), 4), Buffer.from(cell));
  }
  return frame('D', Buffer.concat(parts));
}

function frame(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), uint(body.length + 4, 4), body]);
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function rows(plan: MaskPlan, deliver = true): ResultRule {
  return { kind: 'rows', plan, deliver };
}

/** A stream whose output is collected. What a test does not answer is answered as for plain forwarding of one column. */
function stream(owner: Partial<RowStreamOwner> = {}, limits: { maxMaskedRowBytes?: number } = {}) {
  const written: Buffer[] = [];
  const rowStream: RowStream = new RowStream({
    maxFrameBytes: 4096,
    maxMaskedRowBytes: limits.maxMaskedRowBytes ?? 1024 * 1024,
    owner: {
      onMessage: () => 'forward',
      onResult: () => rows(passAll(1)),
      wantsRow: () => false,
      onRow: () => undefined,
      write: (bytes) => void written.push(bytes),
      ...owner,
    },
  });
  return { rowStream, output: () => Buffer.concat(written), written };
}

const MASK_SSN = planMasks([TEXT, TEXT, TEXT, TEXT], [{ kind: 'mask', output: 2, mask: LAST_4 }]);

describe('rows', () => {
  it('pass byte for byte when nothing is masked, in one write a chunk', () => {
    const { rowStream, output, written } = stream({ onResult: () => rows(passAll(4)) });
    rowStream.push(captured('simpleQuery'));
    expect(output()).toEqual(captured('simpleQuery'));
    expect(written).toHaveLength(1);
    expect(rowStream.takeCounts()).toEqual({ rows: 3, maskedCells: 0 });
    expect(rowStream.takeCounts()).toEqual({ rows: 0, maskedCells: 0 });
  });

  it('are masked by the plan, NULL too, and keep their other cells', () => {
    const { rowStream, output } = stream({ onResult: () => rows(MASK_SSN) });
    rowStream.push(Buffer.concat([row('1', 'Ada', '078-05-1120', null), row('2', '', null, 'x'), READY]));
    expect(output()).toEqual(Buffer.concat([row('1', 'Ada', '***1120', null), row('2', '', '***', 'x'), READY]));
    expect(rowStream.takeCounts()).toEqual({ rows: 2, maskedCells: 2 });
  });

  it('are masked in several columns, first and last included', () => {
    const plan = planMasks(
      [TEXT, TEXT, { typeOid: 23, format: 1 }],
      [
        { kind: 'mask', output: 0, mask: { kind: 'fixed', text: 'a longer text than the value' } },
        { kind: 'mask', output: 2, mask: LAST_4 },
      ],
    );
    const { rowStream, output } = stream({ onResult: () => rows(plan) });
    rowStream.push(Buffer.concat([row('x', 'y', '\0\0\0\x07'), row(null, 'z', null)]));
    const fixed = 'a longer text than the value';
    expect(output()).toEqual(Buffer.concat([row(fixed, 'y', null), row(fixed, 'z', null)]));
  });

  it('take another plan with each result of one chunk', () => {
    const plans = [MASK_SSN, passAll(1)];
    const { rowStream, output } = stream({ onResult: () => rows(plans.shift() ?? passAll(0)) });
    const [masked, open] = [row('1', '2', '12345', '4'), row('12345')];
    rowStream.push(Buffer.concat([masked, DONE, open, DONE, READY]));
    expect(output()).toEqual(Buffer.concat([row('1', '2', '***2345', '4'), DONE, open, DONE, READY]));
  });

  it.each(['C', 's', 'E', 'I', 'Z', 'T', 'H', 'c'])('need a new rule after a message of type %s', (type) => {
    let asked = 0;
    const { rowStream } = stream({
      onResult: () => {
        asked++;
        return rows(passAll(1));
      },
    });
    rowStream.push(Buffer.concat([row('1'), row('2'), frame(type, Buffer.alloc(0)), row('3')]));
    expect(asked).toBe(2);
  });

  it('go on under their rule past a notice', () => {
    let asked = 0;
    const { rowStream } = stream({
      onResult: () => {
        asked++;
        return rows(passAll(1));
      },
    });
    rowStream.push(Buffer.concat([row('1'), NOTICE, row('2')]));
    expect(asked).toBe(1);
  });

  it('are counted but not sent when they are to be dropped', () => {
    const { rowStream, output } = stream({ onResult: () => rows(passAll(1), false) });
    rowStream.push(Buffer.concat([row('1'), NOTICE, row('2'), DONE]));
    expect(output()).toEqual(Buffer.concat([NOTICE, DONE]));
    expect(rowStream.takeCounts().rows).toBe(2);
  });

  it('are shown to the recording as they go out, as long as it wants them', () => {
    const seen: (readonly (string | null)[])[] = [];
    const { rowStream, output } = stream({
      onResult: () => rows(MASK_SSN),
      wantsRow: () => seen.length < 2,
      onRow: (cells) => void seen.push(cells?.map((cell) => cell?.toString() ?? null) ?? []),
    });
    const one = row('1', 'Ada', '078-05-1120', null);
    rowStream.push(Buffer.concat([one, one, one]));
    const masked = row('1', 'Ada', '***1120', null);
    expect(seen).toEqual([
      ['1', 'Ada', '***1120', null],
      ['1', 'Ada', '***1120', null],
    ]);
    expect(output()).toEqual(Buffer.concat([masked, masked, masked]));
    expect(rowStream.takeCounts()).toEqual({ rows: 3, maskedCells: 3 });
  });
});

describe('rows that cannot be', () => {
  it.each([
    ['a row that nothing asked for', row('1'), null],
    ['a row when copy data was announced', row('1'), { kind: 'copy', rewriter: null, deliver: true } as const],
    ['too few columns', row(), rows(passAll(1))],
    ['too many columns', row('1', '2'), rows(passAll(1))],
    ['too many columns of a masked result', row('1', '2', '3', '4', '5'), rows(MASK_SSN)],
    ['a cell past the end', Buffer.from('440000000c00010000000361', 'hex'), rows(passAll(1))],
    ['a masked cell past the end', frame('D', Buffer.from('000400000000000000000000000f6161', 'hex')), rows(MASK_SSN)],
    ['a cell of length -2', frame('D', Buffer.from('0001fffffffe', 'hex')), rows(passAll(1))],
    ['a wrapping cell length', frame('D', Buffer.from('00018000000061', 'hex')), rows(passAll(1))],
    ['bytes after the last cell', frame('D', Buffer.from('0001ffffffff00', 'hex')), rows(passAll(1))],
    ['no room for the column count', Buffer.from('440000000500', 'hex'), rows(passAll(1))],
    ['a negative length', Buffer.from('44ffffffff00', 'hex'), rows(passAll(1))],
  ])('end the stream: %s', (_, bytes, rule) => {
    const { rowStream, output } = stream({ onResult: () => rule });
    expect(() => rowStream.push(Buffer.concat([NOTICE, bytes, READY]))).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }),
    );
    expect(output()).toHaveLength(0);
    expect(rowStream.midFrame).toBe(false);
    expect(() => rowStream.push(READY)).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }));
    expect(() => rowStream.resume()).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }));
  });
});

describe('other messages', () => {
  it('come in order and whole, and go out or not as decided', () => {
    const seen: string[] = [];
    const { rowStream, output } = stream({
      onMessage: (type, _source, start, end) => {
        seen.push(`${String.fromCharCode(type)}${end - start}`);
        return type === 0x4e ? 'withhold' : 'forward';
      },
    });
    const bytes = Buffer.concat([NOTICE, row('1'), NOTICE, DONE, READY]);
    for (const byte of bytes) rowStream.push(Buffer.of(byte));
    expect(seen).toEqual(['N7', 'N7', 'C9', 'Z1']);
    expect(output()).toEqual(Buffer.concat([row('1'), DONE, READY]));
  });

  it('can be preceded or replaced by ours', () => {
    const { rowStream, output } = stream({
      onMessage: (type) => {
        if (type === 0x43) rowStream.insert(NOTICE);
        if (type !== 0x5a) return 'forward';
        rowStream.insert(encodeReadyForQuery('E'));
        return 'withhold';
      },
    });
    rowStream.push(Buffer.concat([row('1'), DONE, READY, row('2')]));
    expect(output()).toEqual(Buffer.concat([row('1'), NOTICE, DONE, encodeReadyForQuery('E'), row('2')]));
  });

  it('are bounded before they are buffered', () => {
    const { rowStream } = stream();
    rowStream.push(Buffer.concat([Buffer.from('4e', 'hex'), uint(4095, 4)]));
    const over = stream();
    expect(() => over.rowStream.push(Buffer.concat([Buffer.from('4e', 'hex'), uint(4096, 4)]))).toThrow(
      expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }),
    );
  });

  it('end the stream when the owner throws, and nothing of that chunk goes out', () => {
    const { rowStream, output } = stream({
      onMessage: () => {
        throw new Error('tripwire');
      },
    });
    expect(() => rowStream.push(Buffer.concat([row('1'), DONE]))).toThrow('tripwire');
    expect(() => rowStream.push(row('1'))).toThrow('tripwire');
    expect(output()).toHaveLength(0);
  });
});

describe('a pause', () => {
  it('stops after the message that asked for it and goes on in order', () => {
    const seen: number[] = [];
    const { rowStream, output } = stream({
      onMessage: (type) => {
        seen.push(type);
        if (type === 0x4e) rowStream.pause();
        return 'withhold';
      },
    });
    rowStream.push(Buffer.concat([row('1'), NOTICE, row('2'), DONE]));
    rowStream.push(READY);
    expect(output()).toEqual(row('1'));
    expect(seen).toEqual([0x4e]);
    expect(rowStream.paused).toBe(true);
    rowStream.insert(DONE);
    expect(output()).toEqual(Buffer.concat([row('1'), DONE]));
    rowStream.resume();
    expect(output()).toEqual(Buffer.concat([row('1'), DONE, row('2')]));
    expect(seen).toEqual([0x4e, 0x43, 0x5a]);
  });

  it('may come again while going on, also on a split message', () => {
    let notices = 0;
    const { rowStream, output } = stream({
      onMessage: (type) => {
        if (type === 0x4e) {
          notices++;
          rowStream.pause();
        }
        return 'forward';
      },
    });
    const bytes = Buffer.concat([NOTICE, NOTICE, row('1'), NOTICE, READY]);
    for (let at = 0; at < bytes.length; at += 7) rowStream.push(bytes.subarray(at, at + 7));
    for (let i = 1; i <= 3; i++) {
      expect(notices).toBe(i);
      rowStream.resume();
    }
    expect(output()).toEqual(bytes);
  });

  it('that is lifted at once changes nothing', () => {
    const { rowStream, output } = stream({
      onMessage: () => {
        rowStream.pause();
        rowStream.resume();
        return 'forward';
      },
    });
    rowStream.push(Buffer.concat([NOTICE, DONE, READY]));
    expect(output()).toEqual(Buffer.concat([NOTICE, DONE, READY]));
  });

  it('keeps its own copy of what it holds, up to a bound', () => {
    const { rowStream, output } = stream();
    rowStream.pause();
    const chunk = Buffer.from(NOTICE);
    rowStream.push(chunk);
    chunk.fill(0);
    expect(rowStream.bufferedBytes).toBe(NOTICE.length);
    rowStream.resume();
    expect(output()).toEqual(NOTICE);
    rowStream.pause();
    rowStream.push(Buffer.alloc(MAX_HELD_BYTES));
    expect(() => rowStream.push(Buffer.alloc(1))).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  });

  it('does not allow a chunk from within a callback', () => {
    const { rowStream } = stream({
      onMessage: () => {
        rowStream.push(NOTICE);
        return 'forward';
      },
    });
    expect(() => rowStream.push(NOTICE)).toThrow('within a callback');
  });
});

describe('a row that is too large to be buffered', () => {
  const LARGE = 'v'.repeat(STREAMED_FRAME_BYTES);

  function pushIn(rowStream: RowStream, bytes: Buffer, step: number): void {
    for (let at = 0; at < bytes.length; at += step) rowStream.push(bytes.subarray(at, at + step));
  }

  it('streams through with nothing held back', () => {
    const { rowStream, output } = stream({ onResult: () => rows(passAll(2)) });
    const bytes = row('a', LARGE);
    rowStream.push(bytes.subarray(0, 1000));
    expect(output()).toEqual(bytes.subarray(0, 1000));
    expect(rowStream.midFrame).toBe(true);
    expect(() => rowStream.insert(NOTICE)).toThrow('inside another');
    pushIn(rowStream, bytes.subarray(1000), 9_999);
    expect(rowStream.midFrame).toBe(false);
    expect(output()).toEqual(bytes);
    expect(rowStream.bufferedBytes).toBe(0);
    expect(rowStream.takeCounts()).toEqual({ rows: 1, maskedCells: 0 });
  });

  it('is dropped without being held', () => {
    const { rowStream, output } = stream({ onResult: () => rows(passAll(1), false) });
    pushIn(rowStream, Buffer.concat([row(LARGE), DONE]), 65_536);
    expect(output()).toEqual(DONE);
  });

  it('is masked, keeping only the last bytes of the masked cell', () => {
    const { rowStream, output } = stream({ onResult: () => rows(MASK_SSN) }, { maxMaskedRowBytes: 64 });
    pushIn(rowStream, Buffer.concat([row('1', 'Ada', `${LARGE}1120`, null), READY]), 1_021);
    expect(output()).toEqual(Buffer.concat([row('1', 'Ada', '***1120', null), READY]));
    expect(rowStream.takeCounts()).toEqual({ rows: 1, maskedCells: 1 });
  });

  it('fails with a clear error when the cells beside a masked one are over the bound', () => {
    const body = 2 + 4 + 4 + 4 + LARGE.length + 4 + '***1120'.length;
    const bytes = row('', '', '12345-1120', LARGE);
    const { rowStream, output } = stream({ onResult: () => rows(MASK_SSN) }, { maxMaskedRowBytes: body + 4 });
    pushIn(rowStream, bytes, 65_536);
    expect(output()).toEqual(row('', '', '***1120', LARGE));
    const tight = stream({ onResult: () => rows(MASK_SSN) }, { maxMaskedRowBytes: body - 1 });
    expect(() => pushIn(tight.rowStream, bytes, 65_536)).toThrow(
      expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }),
    );
    expect(tight.output()).toHaveLength(0);
  });

  it.each([
    ['a cell past its end', Buffer.concat([Buffer.from('0001', 'hex'), uint(LARGE.length + 1, 4), Buffer.from(LARGE)])],
    ['bytes after its last cell', Buffer.concat([Buffer.from('0001ffffffff', 'hex'), Buffer.from(LARGE)])],
    ['another number of columns', Buffer.concat([Buffer.from('0002ffffffffffffffff', 'hex'), Buffer.from(LARGE)])],
    ['a cell of length -2', Buffer.concat([Buffer.from('0001fffffffe', 'hex'), Buffer.from(LARGE)])],
  ])('ends the stream with %s', (_, body) => {
    const { rowStream } = stream();
    expect(() => pushIn(rowStream, frame('D', body), 65_536)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }),
    );
  });

  it('is announced to the recording without its cells', () => {
    const seen: unknown[] = [];
    const { rowStream } = stream({
      wantsRow: () => true,
      onRow: (cells) => void seen.push(cells === null ? null : 'cells'),
    });
    pushIn(rowStream, Buffer.concat([row('a'), row(LARGE), row('b')]), 65_536);
    expect(seen).toEqual(['cells', null, 'cells']);
  });
});

describe('COPY', () => {
  it('passes unchanged without a rewriter', () => {
    const rule: ResultRule = { kind: 'copy', rewriter: null, deliver: true };
    const { rowStream, output } = stream({ onResult: () => rule });
    rowStream.push(captured('copyBinary'));
    expect(output()).toEqual(captured('copyBinary'));
  });

  it('is masked through its rewriter, counted, and shown to the recording', () => {
    const seen: string[] = [];
    const { rowStream, output } = stream({
      onResult: () => ({
        kind: 'copy',
        rewriter: createCopyRewriter({ ...CSV_COPY, header: true }, MASK_SSN, 4096),
        deliver: true,
      }),
      wantsRow: () => true,
      onRow: (cells) => void seen.push(String(cells?.[0])),
    });
    rowStream.push(captured('copyCsv'));
    const frames = new FrameReader({ maxFrameBytes: 4096 });
    frames.push(output());
    const lines = Array.from(frames).flatMap(({ type, body }) => (type === 0x64 ? [body.toString()] : []));
    expect(lines[1]).toBe('1,Ada,"***1120",\n');
    expect(seen).toEqual(lines);
    expect(rowStream.takeCounts()).toEqual({ rows: 3, maskedCells: 3 });
  });

  it('must end with a whole row', () => {
    const { rowStream } = stream({
      onResult: () => ({ kind: 'copy', rewriter: createCopyRewriter(CSV_COPY, MASK_SSN, 4096), deliver: true }),
    });
    expect(() =>
      rowStream.push(Buffer.concat([frame('d', Buffer.from('1,2,3')), frame('c', Buffer.alloc(0))])),
    ).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }));
  });

  it('streams CopyData that is too large to be buffered, masked or not', () => {
    const large = Buffer.from(`${'x,'.repeat(2)}${'y'.repeat(STREAMED_FRAME_BYTES)}12345,z\n`);
    for (const isMasked of [true, false]) {
      const rewriter = isMasked ? createCopyRewriter(CSV_COPY, MASK_SSN, 4096) : null;
      const { rowStream, output } = stream({ onResult: () => ({ kind: 'copy', rewriter, deliver: true }) });
      const bytes = Buffer.concat([frame('d', large), DONE]);
      for (let at = 0; at < bytes.length; at += 10_007) rowStream.push(bytes.subarray(at, at + 10_007));
      expect(output()).toEqual(isMasked ? Buffer.concat([frame('d', Buffer.from('x,x,"***2345",z\n')), DONE]) : bytes);
      expect(rowStream.takeCounts()).toEqual({ rows: 1, maskedCells: isMasked ? 1 : 0 });
    }
  });

  it.each([true, false])('is dropped when it is not to be delivered', (isMasked) => {
    const rewriter = isMasked ? createCopyRewriter(CSV_COPY, MASK_SSN, 4096) : null;
    const { rowStream, output } = stream({ onResult: () => ({ kind: 'copy', rewriter, deliver: false }) });
    rowStream.push(Buffer.concat([frame('d', Buffer.from('1,2,3,4\n')), DONE]));
    expect(output()).toEqual(DONE);
    expect(rowStream.takeCounts().rows).toBe(1);
  });

  it('refuses copy data that nothing asked for', () => {
    const { rowStream } = stream({ onResult: () => null });
    expect(() => rowStream.push(frame('d', Buffer.alloc(0)))).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }),
    );
  });
});
