import { describe, expect, it } from 'vitest';
import { type ColumnKey, columnKey, placeIn, placeKey } from '../analysis/flows.ts';
import { Classification } from './classification.ts';

const PROFILE = columnKey(7, 1);

function classification(paths: readonly (string | null)[], unclassified: 'public' | 'regulated' = 'public') {
  const rules = paths.map((path) => ({
    ...{ schema: 'crm', table: 'customers', column: 'profile', path, category: 'pii' },
    ...{ label: path === null ? ('confidential' as const) : ('regulated' as const), origin: 'labels.csv:2' },
  }));
  const made = new Classification({ rules, systemRules: [], unclassified, bindings: [] });
  made.learn([{ relationOid: 7, schema: 'crm', table: 'customers', attnum: 1, column: 'profile', relkind: 'r' }], []);
  return made;
}

const labelAt = (made: Classification, ...place: (string | null)[]) => made.describe(placeKey(PROFILE, place)).label;

describe('a place inside a JSON column', () => {
  const made = classification(['$.ssn', '$.person.phone', '$.cards[*].number']);

  it.each<[string, (string | null)[]]>([
    ['the place of a label', ['ssn']],
    ['what is in it', ['ssn', 'area']],
    ['what is around it', ['person']],
    ['an element, which may be any', [null]],
    ['an array that holds one', ['cards']],
    ['an element of it', ['cards', null]],
    ['what may be an element of it', ['cards', 'x']],
  ])('has the label of the column: %s', (_name, place) => {
    expect(labelAt(made, ...place)).toBe('regulated');
  });

  it.each<[string, (string | null)[]]>([
    ['another member', ['lang']],
    ['one of an element beside the label', ['cards', null, 'kind']],
    ['one of the same name elsewhere', ['home', 'ssn']],
    ['one with another case', ['SSN']],
    ['one beside', ['person', 'name']],
  ])('has the label of the rest: %s', (_name, place) => {
    expect(labelAt(made, ...place)).toBe('public');
  });

  it('counts as the whole column when a label speaks of that, or the rest is as high', () => {
    expect(labelAt(classification([null, '$.ssn']), 'lang')).toBe('confidential');
    expect(labelAt(classification([null]), 'lang')).toBe('confidential');
    expect(labelAt(classification(['$.ssn'], 'regulated'), 'lang')).toBe('regulated');
  });

  it('counts as the whole column once values were written there, and verdicts before are void', () => {
    const changing = classification(['$.ssn']);
    expect(labelAt(changing, 'lang')).toBe('public');
    const before = changing.version;
    changing.setDerived(PROFILE, { label: 'regulated', category: null });
    expect(labelAt(changing, 'lang')).toBe('regulated');
    expect(changing.version).not.toBe(before);
  });

  it('voids verdicts when another place is labelled, though the label of the column stays', () => {
    const changing = classification(['$.ssn']);
    expect(labelAt(changing, 'lang')).toBe('public');
    const before = changing.version;
    changing.setDerived(PROFILE, { label: 'public', category: null });
    expect(labelAt(changing, 'lang')).toBe('regulated');
    expect(changing.version).not.toBe(before);
  });

  it('is read back from its key, whatever the member is called', () => {
    const key = placeKey(PROFILE, ['a/"b"', null, '7.2']);
    expect(placeIn(key)).toEqual({ column: PROFILE, place: ['a/"b"', null, '7.2'] });
    expect(placeIn(PROFILE)).toBeNull();
    expect(Number.parseInt(key satisfies ColumnKey, 10)).toBe(7);
  });
});
