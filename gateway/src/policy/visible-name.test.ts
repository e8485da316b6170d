import { describe, expect, it } from 'vitest';
import { visibleName } from './visible-name.ts';

describe('a name in a message', () => {
  it.each([
    ['customers', 'customers'],
    ['Größe €', 'Größe €'],
    ['two\nlines', 'two\\u{a}lines'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['turned\u202eback', 'turned\\u{202e}back'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
  ])('%j is shown as %j', (name, shown) => {
    expect(visibleName(name)).toBe(shown);
  });

  it('is cut at 80 characters', () => {
    expect(visibleName('x'.repeat(80))).toBe('x'.repeat(80));
    expect(visibleName('x'.repeat(81))).toBe(`${'x'.repeat(80)}…`);
  });
});
