import { describe, expect, it } from 'vitest';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { type PolicyProblem, parsePolicySet } from './policy-set.ts';

const schema = readPolicySchema();

function problems(...texts: readonly string[]): readonly PolicyProblem[] {
  const result = parsePolicySet(
    schema,
    texts.map((text, index) => ({ file: `p${index}.cedar`, text })),
  );
  return result.ok ? [] : result.problems;
}

const CONNECT = 'permit (principal, action == Sluice::Action::"connect", resource)';

describe('a set of policies', () => {
  it('is found by the @id of each, with what its annotations say', () => {
    const result = parsePolicySet(schema, [
      {
        file: 'a.cedar',
        text: `@id("x") @message("m") @remedy("r") @description("d") ${CONNECT};\n@id("y") ${CONNECT};`,
      },
    ]);
    expect(
      result.ok &&
        [...result.set.policies.values()].map(({ id, message, remedy, mask }) => ({ id, message, remedy, mask })),
    ).toEqual([
      { id: 'x', message: 'm', remedy: 'r', mask: null },
      { id: 'y', message: null, remedy: null, mask: null },
    ]);
  });

  it('has a version that follows its content, not the names or order of its files', () => {
    const versionOf = (...texts: readonly string[]): string => {
      const result = parsePolicySet(
        schema,
        texts.map((text, index) => ({ file: `${index}`, text })),
      );
      return result.ok ? result.set.version : 'bad';
    };
    const [x, y] = [`@id("x") ${CONNECT};`, `@id("y") ${CONNECT};`];
    expect(versionOf(x, y)).toBe(versionOf(y, x));
    expect(versionOf(`${x}\n${y}`)).toBe(versionOf(x, y));
    expect(versionOf(x)).not.toBe(versionOf(y));
  });

  it('as shipped names a message and a remedy wherever somebody is told no or masked', () => {
    const result = parsePolicySet(schema, readDefaultPolicies());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const mute = [...result.set.policies.values()]
      .filter(({ text }) => text.includes('forbid (') || /Action::"(mask|hold)"/.test(text))
      .filter(({ message, remedy }) => message === null || remedy === null);
    expect(mute).toEqual([]);
  });
});

describe('a problem names its place', () => {
  const table: readonly (readonly [string, string, number, number, string, string])[] = [
    ['bad syntax', 'permit (principal, action, resource) when { = };', 1, 45, 'unexpected token', ''],
    [
      'an unknown attribute',
      `// ü\n@id("x")\n${CONNECT}\nwhen { resource.protocl == "postgres" };`,
      4,
      8,
      'attribute `protocl`',
      'protocol',
    ],
    [
      'an unknown group type',
      '@id("x") permit (principal in Sluice::Grup::"a", action, resource);',
      1,
      31,
      'unrecognized entity type',
      'Group',
    ],
    [
      'an unknown action',
      '@id("x")\npermit (principal, action == Sluice::Action::"reed", resource);',
      2,
      30,
      'unrecognized action',
      'read',
    ],
    ['a policy that can never apply', `@id("x")\n${CONNECT} when { false };`, 1, 1, 'impossible', ''],
    ['no @id', `// first\n${CONNECT};`, 2, 1, 'no @id', '@id('],
    ['a reserved @id', `@id("default-deny") ${CONNECT};`, 1, 1, 'reserved', 'another name'],
    ['an unknown annotation', `@id("x") @masc("null") ${CONNECT};`, 1, 1, 'unknown annotation @masc', '@mask'],
    ['an unknown mask', `@id("x") @mask("last:0") ${CONNECT};`, 1, 1, '@mask("last:0") is not a mask', 'last:COUNT'],
    ['a template', '@id("x") permit (principal in ?principal, action, resource);', 1, 1, 'template', ''],
  ];
  it.each(table)('%s', (_, text, line, column, message, remedy) => {
    const [problem] = problems(text);
    expect(problem).toMatchObject({ file: 'p0.cedar', line, column });
    expect(problem?.message).toContain(message);
    expect(problem?.remedy).toContain(remedy);
  });

  it('for the second of two policies with one @id, across files', () => {
    expect(problems(`@id("x") ${CONNECT};`, `\n  @id("x") ${CONNECT};`)).toMatchObject([
      { file: 'p1.cedar', line: 2, column: 3 },
    ]);
  });

  it('for all files at once', () => {
    expect(problems('permit', `${CONNECT};`).map(({ file }) => file)).toEqual(['p0.cedar', 'p1.cedar']);
  });
});
