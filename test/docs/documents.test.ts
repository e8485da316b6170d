import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ERRORS } from '@sluice/contract/errors';
import { LABELS } from '@sluice/contract/vocabulary';
import { describe, expect, test } from 'vitest';
import { REFUSAL_RULES, type Rule } from '../../gateway/src/analysis/postgres/refusal-rules.ts';
import { ERROR_CODES, renderErrors } from './errors-document.ts';
import { MAN_PAGE, renderManPage } from './man-page.ts';
import { REFUSAL_RULE_NAMES, renderRefusals, saidInSources } from './refusals-document.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const SAID = saidInSources();
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

test('docs/errors.md is what `npm run docs` writes', () => {
  expect(read('docs/errors.md')).toBe(renderErrors());
});

test('docs/refusals.md is what `npm run docs` writes', () => {
  expect(read('docs/refusals.md')).toBe(renderRefusals());
});

test('the manual page of `sluice` is what `npm run docs` writes', () => {
  expect(readFileSync(MAN_PAGE, 'utf8')).toBe(renderManPage());
});

test.each(REFUSAL_RULE_NAMES)(
  'the rule %s says why, and its refusals say what and what to do, in whole sentences',
  (rule) => {
    const entry: Rule = REFUSAL_RULES[rule];
    expect(entry.why).toMatch(/^[A-Z].*\.$/);
    const said = SAID.filter((one) => one.rule === rule);
    expect(said).not.toEqual([]);
    for (const { message, remedy } of said.filter((one) => one.message !== '')) {
      expect(message).toMatch(/^([A-Z…]|\w+\(\)).*\.$/);
      if (entry.gap !== true) expect(remedy).toMatch(/^[A-Z].*\.$/);
      // Of something that is not his, nobody can be told to report it and left alone with that.
      if (entry.gap !== true) expect(remedy).not.toMatch(/^Report/);
    }
  },
);

test('no refusal has a rule that the table does not explain', () => {
  const rules = new Set<string>(REFUSAL_RULE_NAMES);
  expect(SAID.filter(({ rule, message }) => message !== '' && !rules.has(rule))).toEqual([]);
});

test.each(ERROR_CODES)('%s says what happened and what to do, in whole sentences', (code) => {
  const { meaning, remedy, sqlState, httpStatus, exitCode } = ERRORS[code];
  expect(meaning).toMatch(/^[A-Z`].*\.$/);
  expect(remedy).toMatch(/^[A-Z`].*\.$/);
  expect(sqlState).toMatch(/^[0-9A-Z]{5}$/);
  expect(httpStatus).toBeGreaterThanOrEqual(400);
  expect(exitCode).toBeGreaterThanOrEqual(64);
  expect(exitCode).toBeLessThanOrEqual(78);
});

test('the vocabulary explains every label', () => {
  const vocabulary = read('docs/vocabulary.md');
  expect(LABELS.filter((label) => !vocabulary.includes(`\`${label}\``))).toEqual([]);
});

describe.each(DOCUMENTS)('%s', (path) => {
  test('links only to files that exist', () => {
    const targets = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const missing = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(resolve(ROOT, dirname(path), target)));
    expect(missing).toEqual([]);
  });

  test('names only source files that exist', () => {
    const named = [
      ...read(path).matchAll(/`((?:gateway|agent-tunnel|test|docs)\/[\w./-]+\.(?:ts|md|cedar|json|sh))`/g),
    ];
    const missing = named.map(([, name]) => name ?? '').filter((name) => !existsSync(join(ROOT, name)));
    expect(missing).toEqual([]);
  });

  test('tells no command that package.json does not have', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...read(path).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name]) => name ?? '');
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

test('every ADR is listed by the index, in order', () => {
  const adrs = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
  const index = read('docs/adr/README.md');
  expect([...index.matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(([, name]) => name)).toEqual(adrs.toSorted());
});
