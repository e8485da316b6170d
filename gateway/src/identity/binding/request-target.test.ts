import { expect, it } from 'vitest';
import { normalisedPath, parseTarget } from './request-target.ts';

it.each([
  ['/a/b', '/a/b'],
  ['/%61/%7E%2d', '/a/~-'],
  ['/%2f%c3%a9', '/%2F%C3%A9'],
  ['/%', '/%'],
  ['/%zz', '/%zz'],
])('%s is spelled %s', (path, spelled) => {
  expect(normalisedPath(path)).toBe(spelled);
});

it('an encoded slash is no slash', () => {
  expect(normalisedPath('/a%2Fb')).not.toBe(normalisedPath('/a/b'));
});

it.each(['', 'x', 'http://a/', 'https://u@a/', 'https://u:p@a/', 'ftp://a/', 'https:///'])(
  '"%s" is no target',
  (htu) => {
    expect(parseTarget(htu)).toBeNull();
  },
);
