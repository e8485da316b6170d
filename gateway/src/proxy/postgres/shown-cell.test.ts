import { expect, it } from 'vitest';
import { shownCell } from './shown-cell.ts';

it('a recording shows text as it is, bytes that are no text in hexadecimal, and NULL as nothing', () => {
  for (const text of ['', 'Ada', 'Zoë 日本 🙂', '\ufeffx', 'a\ufffdb', 'a\u0000b'])
    expect(shownCell(Buffer.from(text))).toBe(text);
  expect(shownCell(Buffer.from([0x61, 0xff]))).toBe('\\x61ff');
  expect(shownCell(Buffer.from([0xef, 0xbf, 0xbd, 0xc0]))).toBe('\\xefbfbdc0');
  expect(shownCell(null)).toBeNull();
});
