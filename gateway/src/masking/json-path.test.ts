import { expect, it } from 'vitest';
import { parseJsonPath } from './json-path.ts';

it.each([
  ['$.ssn', ['ssn']],
  ['$.person.ssn', ['person', 'ssn']],
  ['$.cards[*].number', ['cards', null, 'number']],
  ['$[*]', [null]],
  ['$["a key"]["\\u0073sn"]', ['a key', 'ssn']],
  ['$.a-b$_1', ['a-b$_1']],
])('%s is a path', (text, steps) => expect(parseJsonPath(text)).toEqual(steps));

it.each([
  '',
  '$',
  'ssn',
  '$ssn',
  '$.',
  '$..a',
  '$.a b',
  '$[0]',
  "$['a']",
  '$["a]',
  '$["\\x"]',
  '$.a[*',
  `$${'.a'.repeat(17)}`,
])('"%s" is not a path', (text) => expect(parseJsonPath(text)).toBeNull());
