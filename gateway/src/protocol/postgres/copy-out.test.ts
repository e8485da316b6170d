import { describe, expect, it } from 'vitest';
import { type MaskPlan, passAll, planMasks } from '../../masking/plan.ts';
import { decodeBackend } from './backend.ts';
import { type CaptureName, captured } from './captured-bytes.ts';
import { type CopyFormat, CSV_COPY, TEXT_COPY } from './copy-format.ts';
import { createCopyRewriter } from './copy-out.ts';
import { FrameReader } from './framing.ts';
import { OutputBuffer } from './output-buffer.ts';

const COLUMNS = Array.from({ length: 4 }, () => ({ typeOid: 25, format: 0 }) as const);
const LAST_SSN = planMasks(COLUMNS, [{ kind: 'mask', output: 2, mask: { kind: 'last', count: 4 } }]);
const NULL_NOTE = planMasks(COLUMNS, [{ kind: 'mask', output: 3, mask: { kind: 'null' } }]);
const FIXED_ALL = planMasks(
  COLUMNS,
  COLUMNS.map((_, output) => ({ kind: 'mask', output, mask: { kind: 'fixed', text: 'a"\t|;\'\\b' } }) as const),
);

/** Masks that look at tails of different lengths. */
const TAILS = planMasks(
  COLUMNS,
  [1, 6, 3, 0].map((count, output) =>
    count === 0
      ? ({ kind: 'mask', output, mask: { kind: 'null' } } as const)
      : ({ kind: 'mask', output, mask: { kind: 'last', count } } as const),
  ),
);

function payloads(bytes: Buffer): Buffer[] {
  const frames = new FrameReader({ maxFrameBytes: 1 << 20 });
  frames.push(bytes);
  return Array.from(frames).flatMap(({ type, body }) => {
    const message = decodeBackend(type, body);
    return message.kind === 'CopyData' ? [message.data] : [];
  });
}

/** The CopyData payloads that come out when these go in, cut into pieces of `step` bytes. */
function rewrite(format: CopyFormat, plan: MaskPlan, input: Buffer, step = input.length, maxRowBytes = 4096): Buffer[] {
  const rewriter = createCopyRewriter(format, plan, maxRowBytes);
  const out = new OutputBuffer(1 << 20, () => new Error('test output full'));
  for (let at = 0; at < input.length; at += step) rewriter.feed(input, at, Math.min(input.length, at + step), out);
  rewriter.finish();
  return payloads(out.take() ?? Buffer.alloc(0));
}

function text(pieces: readonly Buffer[]): readonly string[] {
  return pieces.map((piece) => piece.toString('utf8'));
}

const FORMATS: Readonly<Partial<Record<CaptureName, CopyFormat>>> = {
  copyText: TEXT_COPY,
  copyTextHeader: { ...TEXT_COPY, delimiter: '|', nullString: 'NIL', header: true },
  copyCsv: { ...CSV_COPY, header: true },
  copyCsvEscape: { ...CSV_COPY, quote: "'", escape: '\\', delimiter: ';' },
  copyBinary: { format: 'binary' },
};
const CASES = Object.entries(FORMATS).map(([name, format]) => [name as CaptureName, format] as const);

describe('what PostgreSQL copies out', () => {
  it.each(CASES)('comes out unchanged, message for message, when nothing is masked: %s', (name, format) => {
    const sent = payloads(captured(name));
    for (const step of [1, 2, 3, 5, 1000]) expect(rewrite(format, passAll(4), Buffer.concat(sent), step)).toEqual(sent);
  });

  it.each(CASES)('is masked alike however it is cut: %s', (name, format) => {
    const sent = Buffer.concat(payloads(captured(name)));
    for (const plan of [LAST_SSN, NULL_NOTE, FIXED_ALL]) {
      const whole = rewrite(format, plan, sent);
      for (const step of [1, 2, 3, 7]) expect(rewrite(format, plan, sent, step)).toEqual(whole);
    }
  });

  it.each(CASES)('is masked alike when each row comes in a message of its own: %s', (name, format) => {
    const sent = payloads(captured(name));
    for (const plan of [LAST_SSN, NULL_NOTE, FIXED_ALL, TAILS]) {
      const rewriter = createCopyRewriter(format, plan, 4096);
      const out = new OutputBuffer(1 << 20, () => new Error('test output full'));
      for (const payload of sent) rewriter.feed(payload, 0, payload.length, out);
      rewriter.finish();
      const bytewise = createCopyRewriter(format, plan, 4096);
      const expected = new OutputBuffer(1 << 20, () => new Error('test output full'));
      for (const byte of Buffer.concat(sent)) bytewise.feed(Buffer.of(byte), 0, 1, expected);
      bytewise.finish();
      expect(out.take()).toEqual(expected.take());
      expect([rewriter.rows, rewriter.maskedCells]).toEqual([bytewise.rows, bytewise.maskedCells]);
    }
  });

  it('is masked alike whole and in pieces around escapes, NULL strings and line ends', () => {
    const cells = ['a', '', '\\N', '\\\\N', 'x\\ty', 'end\\\\', '\\\n', '\\\t', 'a value of some length', '\\NN'];
    const lines = cells.flatMap((one) => cells.map((other) => `${one}\tb\t${other}\t${one}\n`));
    for (const plan of [LAST_SSN, NULL_NOTE, FIXED_ALL, TAILS]) {
      for (const line of lines) {
        const input = Buffer.from(`1\t2\t3\t4\n${line}5\t6\t7\t8\n`);
        expect(text(rewrite(TEXT_COPY, plan, input))).toEqual(text(rewrite(TEXT_COPY, plan, input, 1)));
      }
    }
  });

  it.each<[string, CopyFormat, Buffer, Buffer]>([
    ['text', TEXT_COPY, Buffer.from('1\t2\t3\t4\n'), Buffer.from('1\t2\t3\n')],
    ['text with a column more', TEXT_COPY, Buffer.from('1\t2\t3\t4\n'), Buffer.from('1\t2\t3\t4\t5\n')],
  ])('ends at a row of another number of columns: %s', (_, format, good, bad) => {
    const rewriter = createCopyRewriter(format, LAST_SSN, 4096);
    const out = new OutputBuffer(1 << 20, () => new Error('test output full'));
    rewriter.feed(good, 0, good.length, out);
    expect(() => rewriter.feed(bad, 0, bad.length, out)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }),
    );
  });

  it.each(CASES)('is refused beyond the bound of a row, whole or in pieces: %s', (name, format) => {
    const sent = payloads(captured(name));
    const longest = Math.max(...rewrite(format, FIXED_ALL, Buffer.concat(sent)).map((row) => row.length));
    const fits = (bytes: number, step?: number) => rewrite(format, FIXED_ALL, Buffer.concat(sent), step, bytes);
    expect(fits(longest)).toEqual(fits(longest, 1));
    for (const step of [undefined, 1])
      expect(() => fits(longest - 1, step)).toThrow(expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }));
  });

  it('is masked in text', () => {
    expect(text(rewrite(TEXT_COPY, LAST_SSN, Buffer.concat(payloads(captured('copyText')))))).toEqual([
      '1\tAda\t***1120\t\\N\n',
      '2\tZoë\t***4329\ttab\\there \\\\ and\\nline, "q"\n',
      '3\t\t***\t\n',
    ]);
  });

  it('keeps its header line, and does not count it', () => {
    const format = { ...TEXT_COPY, delimiter: '|', nullString: 'NIL', header: true };
    const sent = Buffer.concat(payloads(captured('copyTextHeader')));
    expect(text(rewrite(format, NULL_NOTE, sent))).toEqual([
      'id|name|ssn|note\n',
      '1|Ada|078-05-1120|NIL\n',
      '2|Zoë|987-65-4329|NIL\n',
      '3||NIL|NIL\n',
    ]);
    const rewriter = createCopyRewriter(format, NULL_NOTE, 4096);
    rewriter.feed(sent, 0, sent.length, new OutputBuffer(4096, () => new Error('full')));
    expect(rewriter).toMatchObject({ rows: 3, maskedCells: 3 });
  });

  it('is masked in csv', () => {
    expect(
      text(rewrite({ ...CSV_COPY, header: true }, LAST_SSN, Buffer.concat(payloads(captured('copyCsv'))))),
    ).toEqual([
      'id,name,ssn,note\n',
      '1,Ada,"***1120",\n',
      '2,Zoë,"***4329","tab\there \\ and\nline, ""q"""\n',
      '3,"","***",""\n',
    ]);
  });

  it('is masked in csv with other characters', () => {
    const format = { ...CSV_COPY, quote: "'", escape: '\\', delimiter: ';' };
    expect(text(rewrite(format, FIXED_ALL, Buffer.concat(payloads(captured('copyCsvEscape')))))[0]).toBe(
      `${["'a\"\t|;\\'\\\\b'"].concat(Array.from({ length: 3 }, () => "'a\"\t|;\\'\\\\b'")).join(';')}\n`,
    );
  });

  it('is masked in binary, header and trailer as they were', () => {
    const sent = payloads(captured('copyBinary'));
    const masked = rewrite({ format: 'binary' }, LAST_SSN, Buffer.concat(sent));
    expect(masked).toHaveLength(sent.length);
    expect(masked[0]?.toString('latin1')).toBe(
      'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\x04\0\0\0\x01\0\0\0\x03Ada\0\0\0\x07***1120\xff\xff\xff\xff',
    );
    expect(masked.at(-1)).toEqual(Buffer.from('ffff', 'hex'));
  });

  it('may have rows without columns', () => {
    const sent = payloads(captured('copyNoColumns'));
    expect(rewrite(TEXT_COPY, passAll(0), Buffer.concat(sent))).toEqual(sent);
    expect(() => rewrite(TEXT_COPY, passAll(0), Buffer.from('x\n'))).toThrow('number of columns');
  });
});

describe('cells of a COPY', () => {
  const one = (mask: 'last' | 'fixed', fixed = '***'): MaskPlan =>
    planMasks(
      [{ typeOid: 25, format: 0 }],
      [
        {
          kind: 'mask',
          output: 0,
          mask: mask === 'last' ? { kind: 'last', count: 2 } : { kind: 'fixed', text: fixed },
        },
      ],
    );

  it.each([
    ['an escaped newline counts as one character', 'abc\\n\n', '***c\\n\n'],
    ['an escaped delimiter, written as the server writes it', 'abc\\\td\n', '***\\td\n'],
    ['an escaped backslash at the end', 'abc\\\\\n', '***c\\\\\n'],
    ['NULL, which looks like two characters', '\\N\n', '***\n'],
    ['the letters of NULL, escaped', '\\\\N\n', '***\n'],
    ['three characters that begin like NULL', '\\\\Nx\n', '***Nx\n'],
  ])('are unescaped before the mask looks at them: %s', (_, line, masked) => {
    expect(text(rewrite(TEXT_COPY, one('last'), Buffer.from(line)))).toEqual([masked]);
  });

  it('hide whether they were NULL', () => {
    expect(
      text(rewrite({ ...TEXT_COPY, nullString: 'NOTHING' }, one('last'), Buffer.from('NOTHING\nNOTHIN\n'))),
    ).toEqual(['***\n', '***IN\n']);
    expect(text(rewrite(CSV_COPY, one('fixed'), Buffer.from('\n""\nx\n')))).toEqual(['"***"\n', '"***"\n', '"***"\n']);
  });

  it('quote a csv mask, so that it is neither NULL nor two cells', () => {
    expect(text(rewrite(CSV_COPY, one('fixed', 'a,"b"\nc'), Buffer.from('x\n')))).toEqual(['"a,""b""\nc"\n']);
    expect(text(rewrite({ ...CSV_COPY, nullString: '***' }, one('fixed'), Buffer.from('x\n')))).toEqual(['"***"\n']);
  });

  it.each<readonly [string, CopyFormat, string]>([
    ['too few columns', TEXT_COPY, 'a\tb\tc\n'],
    ['too many columns', TEXT_COPY, 'a\tb\tc\td\te\n'],
    ['a row without its end', TEXT_COPY, 'a\tb\tc\td'],
    ['an end inside an escape', TEXT_COPY, 'a\tb\tc\td\\'],
    ['too few csv columns', CSV_COPY, 'a,b,c\n'],
    ['too many csv columns', CSV_COPY, 'a,b,c,d,e\n'],
    ['a quote inside an unquoted cell', CSV_COPY, 'a,b"c",d,e\n'],
    ['bytes after a closing quote', CSV_COPY, 'a,"b"c,d,e\n'],
    ['a quoted cell without its end', CSV_COPY, 'a,b,c,"d\n'],
    ['an escape before another byte', { ...CSV_COPY, escape: '\\' }, 'a,b,c,"\\d"\n'],
    ['another signature', { format: 'binary' }, 'PGCOPY\n\xfe\r\n\0\0\0\0\0\0\0\0\0'],
    ['no trailer', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0'],
    ['unknown flags', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\x01\0\0\0\0\0\0\xff\xff'],
    ['an extension', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\x01x\xff\xff'],
    ['bytes after the trailer', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\xff\xffx'],
    ['too many binary columns', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\x05\xff\xff'],
    ['a negative cell length', { format: 'binary' }, 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\x04\xff\xff\xff\xfe'],
  ])('are refused with %s', (_, format, input) => {
    for (const plan of [passAll(4), LAST_SSN]) {
      expect(() => rewrite(format, plan, Buffer.from(input, 'latin1'))).toThrow(
        expect.objectContaining({ code: 'UPSTREAM_PROTOCOL' }),
      );
    }
  });

  it('bound the row that goes out, not the cells that are masked', () => {
    const row = (ssn: string, note: string): Buffer => Buffer.from(`1\tAda\t${ssn}\t${note}\n`);
    const bound = '1\tAda\t***2345\t\n'.length + 10;
    expect(rewrite(TEXT_COPY, LAST_SSN, row('12345'.repeat(1000), 'n'.repeat(10)), 64, bound)).toHaveLength(1);
    expect(() => rewrite(TEXT_COPY, LAST_SSN, row('12345', 'n'.repeat(11)), 64, bound)).toThrow(
      expect.objectContaining({ code: 'LIMIT_FRAME_BYTES' }),
    );
  });
});

describe('options of a COPY that PostgreSQL would refuse', () => {
  it.each<readonly [string, CopyFormat]>([
    ['a delimiter of two characters', { ...TEXT_COPY, delimiter: '||' }],
    ['a delimiter that is not ASCII', { ...TEXT_COPY, delimiter: 'é' }],
    ['a newline as delimiter', { ...TEXT_COPY, delimiter: '\n' }],
    ['a backslash as delimiter', { ...TEXT_COPY, delimiter: '\\' }],
    ['the delimiter in the NULL string', { ...TEXT_COPY, nullString: 'a\tb' }],
    ['a newline in the NULL string', { ...CSV_COPY, nullString: '\n' }],
    ['the quote in the NULL string', { ...CSV_COPY, nullString: '"' }],
    ['quote and delimiter alike', { ...CSV_COPY, quote: ',' }],
    ['no quote', { ...CSV_COPY, quote: '' }],
  ])('are refused here too: %s', (_, format) => {
    expect(() => createCopyRewriter(format, passAll(1), 4096)).toThrow(RangeError);
  });
});
