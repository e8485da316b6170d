import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECORDED_LINE, MAX_SEEN_CHARACTERS, RecordingReader } from './read-recording.ts';

const LINES = [
  { recording: 1, sessionId: 's' },
  [
    'c',
    1,
    [
      ['näme', 25, false],
      ['ssn', 25, true],
    ],
  ],
  ['r', 1, ['Änne', null]],
  ['e', 1, 'SELECT 1', 1, null, false],
  ['c', 2, [['x', 23, false]]],
  ['r', 2, ['1']],
];
const TEXT = Buffer.from(LINES.map((line) => `${JSON.stringify(line)}\n`).join(''));

describe('a recording', () => {
  it('reads alike wherever its pieces end', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: TEXT.length })).map((places) => places.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, (places) => {
        const reader = new RecordingReader();
        for (const [index, start] of [0, ...places].entries()) reader.take(TEXT.subarray(start, places[index]));
        expect([...reader.finish()]).toEqual([
          [
            1,
            {
              columns: [
                { name: 'näme', masked: false },
                { name: 'ssn', masked: true },
              ],
              rows: [['Änne', null]],
              ...{ truncated: false, ended: true },
            },
          ],
          [2, { columns: [{ name: 'x', masked: false }], rows: [['1']], truncated: false, ended: false }],
        ]);
      }),
    );
  });

  it('that was torn by a crash reads up to there', () => {
    const reader = new RecordingReader();
    reader.take(TEXT.subarray(0, -3));
    expect(reader.finish().get(2)?.rows).toEqual([]);
  });

  it.each(['["r",1]\n', '["q",1,[]]\n', 'no JSON\n', '{"recording":2,"sessionId":"s"}\n'])('%j is none', (line) => {
    expect(() => new RecordingReader().take(Buffer.from(line))).toThrow('does not read');
  });

  it('keeps rows up to its bound, and says that there were more', () => {
    const cell = 'x'.repeat(MAX_SEEN_CHARACTERS / 4 - '["r",1,[""]]'.length);
    const reader = new RecordingReader();
    for (let row = 0; row < 5; row += 1) reader.take(Buffer.from(`["r",1,["${cell}"]]\n`));
    expect(reader.finish().get(1)).toMatchObject({ rows: { length: 4 }, truncated: true });
  });

  it('with a line beyond its bound is refused before the line ends', () => {
    const reader = new RecordingReader();
    reader.take(Buffer.alloc(MAX_RECORDED_LINE, 'x'));
    expect(() => reader.take(Buffer.from('x'))).toThrow('too long');
  });
});
