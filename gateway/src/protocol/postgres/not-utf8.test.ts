import { describe, expect, it } from 'vitest';
import { notUtf8 } from './not-utf8.ts';

describe('the error for a text that is not UTF-8 shows the bytes that the server shows', () => {
  it.each([
    ['a byte that begins nothing', "SELECT '\xff'", '0xff'],
    ['é of Latin-1 in a word', 'caf\xe9 cr\xe8me', '0xe9 0x20 0x63'],
    ['é of Latin-1 at the end', 'caf\xe9', '0xe9'],
    ['an overlong NUL', 'a\xc0\x80', '0xc0 0x80'],
    ['a surrogate, behind two characters', '\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80', '0xed 0xa0 0x80'],
    ['a character beyond Unicode', '\xf4\x90\x80\x80', '0xf4 0x90 0x80 0x80'],
    ['a following byte alone', 'a\x80b', '0x80'],
  ])('%s', (_name, text, shown) => {
    const error = notUtf8(Buffer.from(text, 'latin1'));
    expect([error.code, error.message]).toEqual([
      'TEXT_NOT_UTF8',
      `invalid byte sequence for encoding "UTF8": ${shown}`,
    ]);
  });
});
