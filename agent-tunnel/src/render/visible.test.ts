import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countHidden, mixesAlphabets, visibleLine, visibleText } from './visible.ts';

it.each([
  ['a bidirectional override', 'a\u202Eb', 'a‹U+202E›b'],
  ['an isolate', 'a\u2066b', 'a‹U+2066›b'],
  ['a zero-width space', 'a\u200Bb', 'a‹U+200B›b'],
  ['a no-break space', 'a\u00A0b', 'a‹U+00A0›b'],
  ['an escape sequence', 'a\x1b[2Jb', 'a‹U+001B›[2Jb'],
  ['a C1 control', 'a\x9bb', 'a‹U+009B›b'],
  ['a carriage return', 'a\rb', 'a‹U+000D›b'],
  ['a tag character', 'a\u{E0041}b', 'a‹U+E0041›b'],
  ['a variation selector', 'a\uFE0Fb', 'a‹U+FE0F›b'],
  ['a Hangul filler', 'a\u3164b', 'a‹U+3164›b'],
  ['a line separator', 'a\u2028b', 'a‹U+2028›b'],
  ['a lone surrogate', 'a\uD800b', 'a‹U+D800›b'],
])('%s is shown', (_name, text, shown) => {
  expect(visibleLine(text)).toBe(shown);
  expect(countHidden(text)).toBe(1);
});

it('ordinary text of any language stays as it is', () => {
  const text = "SELECT 'Zoë', 'Ελένη', 'Ольга', '李' -- 5 €";
  expect(visibleText(text)).toBe(text);
  expect(mixesAlphabets(text)).toBe(false);
});

it('lines stay lines in a text, and not in a line', () => {
  expect(visibleText('a\r\n\tb')).toBe('a\n\tb');
  expect(visibleLine('a\n\tb')).toBe('a‹U+000A›‹U+0009›b');
});

it('nothing that comes out can move the cursor, whatever goes in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleLine(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});

it('a look-alike letter inside a Latin word is found', () => {
  expect(mixesAlphabets('SELECT * FROM p\u0430yments')).toBe(true);
});
