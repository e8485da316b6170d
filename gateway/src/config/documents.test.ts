import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDocuments } from './documents.ts';

function problemsOf(text: string): string[] {
  return parseDocuments([{ file: 'f.yaml', text }]).problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

it('any text gives documents or problems with a place, never an exception', () => {
  const pieces = [
    'kind: ',
    'gateway',
    'issuer',
    'resource',
    '\n',
    '  ',
    '\t',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a ',
    '*a',
    '!!x ',
    '---',
    '#',
    'é',
    '\0',
    '|',
    '>',
    '? ',
    'name',
    'limits',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
      for (const { line, column, message, remedy } of parseDocuments([{ file: 'f', text: parts.join('') }]).problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message.length * remedy.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

it('aliases cannot multiply a small file into a big one', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  const text = ['kind: gateway', 'l0: &l0 x', ...levels].join('\n');
  expect(problemsOf(text).join()).toContain('alias');
});

it('an alias without an anchor is a problem with a place', () => {
  expect(problemsOf('kind: gateway\ndataDir: *none\n')).toEqual([expect.stringMatching(/^2:10 .*none/)]);
});

it.each(['__proto__', 'constructor', 'toString'])('a key named %s is unknown like any other', (key) => {
  expect(problemsOf(`kind: gateway\n${key}: { x: 1 }\n`)).toEqual([expect.stringContaining(`unknown key "${key}"`)]);
  expect(Object.prototype).not.toHaveProperty('x');
});

it('a value that YAML reads as another type says so', () => {
  expect(problemsOf('kind: issuer\nname: 12\nissuer: yes\naudience: null\nclientId: [a]\n')).toEqual([
    '2:7 name is a number',
    '3:9 issuer: must be an https URL',
    '4:11 audience is empty',
    '5:11 clientId is a list',
  ]);
});

it('several documents of a file are told apart, empty ones left out', () => {
  const approvers = (label: string) => `kind: approvers\nfor: { label: ${label} }\ngroups: [a]\n`;
  const { documents, problems } = parseDocuments([
    { file: 'f', text: `---\n---\n${approvers('public')}---\n# nothing\n---\n${approvers('internal')}` },
  ]);
  expect(problems).toEqual([]);
  expect(documents.approvers.map(({ value }) => value.for.label)).toEqual(['public', 'internal']);
});

it.each([
  ['a shipped category', '{ category: pii.ssn }', null],
  ['patterns of its own', "{ category: pii.badge, label: confidential, patterns: [badge, '*_badge'] }", null],
  ['a category without patterns', '{ category: pii.badge }', 'no patterns are shipped for pii.badge'],
  ['a pattern for everything', "{ category: pii.badge, patterns: ['*'] }", 'needs two letters or digits'],
  ['a regular expression', "{ category: pii.badge, patterns: ['^ssn$'] }", 'may hold letters, digits, _ and *'],
])('names of columns: %s', (_which, entry, problem) => {
  const found = problemsOf(`kind: resource\nnames:\n  - ${entry}\n`).filter((line) => line.startsWith('3:'));
  if (problem === null) expect(found).toEqual([]);
  else expect(found.join()).toContain(problem);
});
