import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlain, LineBuffer } from './line-buffer.ts';

it('writes numbers and text as JSON and UTF-8 have them, past every growth', () => {
  const part = fc.oneof(
    fc.record({ number: fc.oneof(fc.nat(), fc.maxSafeNat()) }),
    fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 200 }) }),
    fc.record({ bytes: fc.uint8Array({ maxLength: 200 }) }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const lines = new LineBuffer();
      const expected: Buffer[] = [];
      for (const each of parts) {
        if ('number' in each) {
          lines.number(each.number);
          expected.push(Buffer.from(JSON.stringify(each.number)));
        } else if ('text' in each) {
          lines.text(each.text);
          expected.push(Buffer.from(each.text));
        } else {
          lines.bytes(Buffer.from(each.bytes));
          expected.push(Buffer.from(each.bytes));
        }
      }
      const whole = Buffer.concat(expected);
      expect(lines.length).toBe(whole.length);
      expect(lines.take().equals(whole)).toBe(true);
      expect(lines.length).toBe(0);
      expect(lines.take()).toHaveLength(0);
    }),
  );
});

it('calls plain only what JSON leaves as it is', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    const text = Buffer.from([0x61, byte, 0x62]);
    const lines = new LineBuffer();
    if (!isPlain(text)) continue;
    lines.plainString(text);
    expect(lines.take().toString('latin1')).toBe(JSON.stringify(text.toString('utf8')));
  }
  expect(isPlain(Buffer.from('name 12, at home: ~/x'))).toBe(true);
  expect(['"', '\\', '\n', 'é', '\x7f', '\0'].some((odd) => isPlain(Buffer.from(odd)))).toBe(false);
});
