import { describe, expect, it } from 'vitest';
import { MAX_NESTING, nestsTooDeeply } from './nesting.ts';

const DEEP = '('.repeat(MAX_NESTING + 1);

describe('nesting', () => {
  it.each([
    ['parentheses', `SELECT ${DEEP}`, true],
    ['brackets', `SELECT ${'['.repeat(MAX_NESTING + 1)}`, true],
    ['as deep as allowed', `SELECT ${'('.repeat(MAX_NESTING)}`, false],
    ['inside a string', `SELECT '${DEEP}'`, false],
    ['behind a string that ends in a backslash', `SELECT '\\', ${DEEP}`, true],
    ['inside an escape string, behind its escaped quote', `SELECT E'\\'${DEEP}'`, false],
    ['behind a string that follows a name ending in e', `SELECT éE'\\', ${DEEP}`, true],
    ['inside a dollar-quoted string', `SELECT $a$${DEEP}$a$`, false],
    ['behind a dollar inside a name', `SELECT a$a$, ${DEEP}`, true],
    ['inside a nested comment', `SELECT /* /* */ ${DEEP} */ 1`, false],
    ['behind a nested comment', `SELECT /* /* */ */ ${DEEP}`, true],
  ])('%s', (_, text, deep) => {
    expect(nestsTooDeeply(text)).toBe(deep);
  });
});
