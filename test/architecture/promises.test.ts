import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/promises.md'), 'utf8');

const read = (path: string): string | null =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null;

/** A file in code marks, and the names of tests in it, in quotation marks. */
const FILE = /`([^`]+\.ts)`((?:,? ?“[^”]+”)*)/g;

/** What is wrong with the rows of the page's tables. */
function faultsOf(page: string, textOf: (path: string) => string | null): readonly string[] {
  const rows = page.split('\n').filter((line) => /^\| (?!Promise \|)/.test(line));
  return rows.flatMap((row) => {
    const cells = row.split('|').slice(1, -1);
    const [promise = '', held = '', weaker = ''] = cells.map((cell) => cell.trim());
    if (cells.length !== 3) return [`"${promise}" has ${cells.length} cells`];
    const named = [...held.matchAll(FILE)].map(([, path = '', names = '']) => ({ path, names: namesIn(names) }));
    if (named.length === 0 && !weaker.startsWith('No test')) return [`"${promise}" names no test, and does not say so`];
    return named.flatMap(({ path, names }) => {
      const text = textOf(path);
      if (text === null) return [`${path} is not there`];
      if (names.length === 0) return [`of ${path} no test is named`];
      return names.filter((name) => !isTestIn(text, name)).map((name) => `${path} has no test "${name}"`);
    });
  });
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name);
}

/** As a whole text between quotation marks, and not behind a `.skip` or `.todo`. */
function isTestIn(text: string, name: string): boolean {
  return ["'", '"', '`'].some((mark) =>
    text.split(`${mark}${name}${mark}`).some((before, index, parts) => {
      return index < parts.length - 1 && !/\.(skip|todo)\($/.test(before);
    }),
  );
}

test('every test that docs/promises.md names is there, and every promise has one or says that it has none', () => {
  expect(faultsOf(PAGE, read)).toEqual([]);
  // Three sections, none of them empty.
  expect(PAGE.match(/^\| Promise \|/gm)).toHaveLength(3);
  expect(PAGE.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(50);
});

test.each([
  ['a file that is not there', '| it | `gone.ts` “a” | |', ['gone.ts is not there']],
  ['a test that is not there', '| it | `here.ts` “b” | |', ['here.ts has no test "b"']],
  ['the second of two that is not there', '| it | `here.ts` “a”, “b” | |', ['here.ts has no test "b"']],
  ['what is there', '| it | `here.ts` “a”, “a and b” | no more |', []],
  ['a part of a name', '| it | `here.ts` “and b” | |', ['here.ts has no test "and b"']],
  ['a test that is skipped', '| it | `here.ts` “left out” | |', ['here.ts has no test "left out"']],
  ['no test', '| it | | |', ['"it" names no test, and does not say so']],
  ['no test, said', '| it | | No test: nobody can ask. |', []],
  ['no name', '| it | `here.ts` | |', ['of here.ts no test is named']],
  ['a cell too many', '| it | `here.ts` “a” | | |', ['"it" has 4 cells']],
])('of a page that names %s', (_, row, faults) => {
  const text = `it('a', () => {}); it('a and b', () => {}); it.skip('left out', () => {});`;
  expect(faultsOf(row, (path) => (path === 'here.ts' ? text : null))).toEqual(faults);
});
