import { SluiceError } from '@sluice/contract/errors';
import { describe, expect, it } from 'vitest';
import { errorResponse, MAX_REPORT_CHARACTERS, notice } from './reports.ts';

/** ErrorResponse: type, length, fields of a letter and a text that ends in NUL, NUL. */
function fieldsOf(bytes: Buffer): Readonly<Record<string, string>> {
  expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
  return Object.fromEntries(
    bytes
      .toString('utf8', 5)
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
}

describe('an error of ours', () => {
  it('has SQLSTATE, message, code and explanation, remedy, and position', () => {
    const error = new SluiceError('REFUSED_NOT_UNDERSTOOD', 'no', {
      remedy: 'Ask.',
      facts: { explanation: 'Because.', position: 8, detail: 'for the log only' },
    });
    expect(fieldsOf(errorResponse(error))).toEqual({
      S: 'ERROR',
      V: 'ERROR',
      C: '42501',
      M: 'sluice: no',
      D: 'REFUSED_NOT_UNDERSTOOD. Because.',
      H: 'Ask.',
      P: '8',
    });
  });

  it('keeps each field on one line, within the bound', () => {
    const error = new SluiceError('REFUSED_BY_POLICY', `one\ntwo\u2028${'x'.repeat(MAX_REPORT_CHARACTERS)}`, {
      remedy: 'a\r\nb',
    });
    const { M = '', H } = fieldsOf(errorResponse(error));
    expect(M.startsWith('sluice: one two x')).toBe(true);
    expect(M).toHaveLength(MAX_REPORT_CHARACTERS + 1);
    expect(H).toBe('a b');
  });
});

describe('a notice of ours', () => {
  it('has no hint when there is nothing to do', () => {
    expect(fieldsOf(notice('said', ''))).toEqual({ S: 'NOTICE', V: 'NOTICE', C: '00000', M: 'sluice: said' });
  });
});
