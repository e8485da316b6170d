import { describe, expect, it } from 'vitest';
import { baselineFlow, columnFlows, flowsUnder } from './column-flows.ts';
import { flowInWords } from './drift-words.ts';
import { COUNTRY, decision, EMAIL, flows, labels, NOTE, SSN, TEMPORARY } from './flows.fixture.ts';

const words = (
  made: Parameters<typeof flows>[0],
  { masked = [], known = labels() }: { masked?: readonly number[]; known?: ReturnType<typeof labels> } = {},
): readonly string[] =>
  flowsUnder(decision('allow', masked), columnFlows(flows(made), known, 'confidential', 'db'))
    .map(flowInWords)
    .toSorted();
const ids = (made: Parameters<typeof flows>[0], known = labels(), database = 'db'): readonly string[] =>
  flowsUnder(decision(), columnFlows(flows(made), known, 'confidential', database)).map(({ id }) => id);

describe('the flows of a statement', () => {
  it('go from each classified column to the answer, a use, or a written column', () => {
    const write = { target: NOTE, targetName: 'reporting.daily.note', sources: new Set([SSN, COUNTRY]) };
    expect(words({ outputs: [[EMAIL], [COUNTRY]], shaping: [SSN], faultable: [EMAIL], writes: [write] })).toEqual([
      'shop.customers.email (confidential) → an expression that can fail',
      'shop.customers.email (confidential) → the answer',
      'shop.customers.ssn (regulated, pii.ssn) → reporting.daily.note',
      'shop.customers.ssn (regulated, pii.ssn) → which rows are returned or changed',
    ]);
  });

  it('without a classified column are none', () => {
    expect(words({ outputs: [[COUNTRY]], shaping: [COUNTRY] })).toEqual([]);
  });

  it('go into a classified column from wherever, also from the statement itself', () => {
    const into = (sources: readonly (typeof COUNTRY)[]) => ({
      writes: [{ target: SSN, targetName: 'shop.customers.ssn', sources: new Set(sources) }],
    });
    expect(words(into([]))).toEqual(['a value of the statement → shop.customers.ssn']);
    expect(words(into([COUNTRY]))).toEqual(['shop.customers.country (internal) → shop.customers.ssn']);
  });

  it('tell what is masked from what is not, place by place', () => {
    const twice = { outputs: [[SSN], [EMAIL], [SSN]] };
    expect(words(twice, { masked: [0, 1] })).toEqual([
      'shop.customers.email (confidential) → the answer, masked',
      'shop.customers.ssn (regulated, pii.ssn) → the answer',
      'shop.customers.ssn (regulated, pii.ssn) → the answer, masked',
    ]);
  });

  it('are the same under another name, and others in another database or for another column', () => {
    const read = { outputs: [[SSN]] };
    const renamed = labels({ [SSN]: { table: 'people', column: 'number' } });
    expect(ids(read, renamed)).toEqual(ids(read));
    expect(ids(read, labels(), 'restored')).not.toEqual(ids(read));
    // Dropped and made again: another number, whatever it is called.
    const made = labels({ [EMAIL]: { column: 'ssn', label: 'regulated' } });
    expect(ids({ outputs: [[EMAIL]] }, made)).not.toEqual(ids(read));
  });

  it('of temporary tables are the same in every session, and not those of a lasting table', () => {
    const read = { outputs: [[TEMPORARY]] };
    expect(ids(read, labels({ [TEMPORARY]: { schema: 'pg_temp_99' } }))).toEqual(ids(read));
    expect(ids(read, labels({ [TEMPORARY]: { schema: 'public' } }))).not.toEqual(ids(read));
  });

  it('into a new column tell the schemas and tables apart, whatever dots are in their names', () => {
    const into = (...creates: readonly [string, string, string]) =>
      ids({ writes: [{ target: null, targetName: creates.join('.'), creates, sources: new Set([SSN]) }] });
    const all = [into('', 'a.b', 'c'), into('a', 'b', 'c'), into('', 'a', 'b.c'), into('pg_temp', 'b', 'c')];
    expect(new Set(all.flat()).size).toBe(4);
    expect(into('pg_temp_3', 'b', 'c')).toEqual(into('pg_temp', 'b', 'c'));
  });
});

it('a flow is named after what it is and not after what its columns are called or labelled', () => {
  const end = (name: string, label: 'internal' | 'regulated') => ({
    key: 'db:1.1',
    name,
    column: { schema: 's', table: 't', column: name, label, category: null },
  });
  const flow = (name: string, label: 'internal' | 'regulated', masked = false) =>
    baselineFlow({ kind: 'output', source: end(name, label), target: null }, masked);
  expect(flow('a', 'internal').id).toBe(flow('b', 'regulated').id);
  expect(flow('a', 'internal').id).not.toBe(flow('a', 'internal', true).id);
  expect(flow('a', 'internal').id).toMatch(/^f_[\w-]{22}$/);
});
