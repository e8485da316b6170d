import type { Label, LabelledColumn, Principal } from '@sluice/contract/vocabulary';
import { expect, it } from 'vitest';
import { type ColumnKey, type ColumnLabels, columnKey, type Flows } from '../analysis/flows.ts';
import { flowViews, highestLabelOf, statementFacts } from './statement-facts.ts';

const ID = columnKey(1, 1);
const EMAIL = columnKey(1, 2);
const SSN = columnKey(1, 3);

const LABELS: Readonly<Record<ColumnKey, Label>> = { [ID]: 'public', [EMAIL]: 'confidential', [SSN]: 'regulated' };
const labels: ColumnLabels = {
  describe: (key): LabelledColumn => {
    const label = LABELS[key];
    if (label === undefined) throw new Error(`unknown ${key}`);
    return { schema: 'public', table: 't', column: key, label, category: null };
  },
};

const flows: Flows = {
  statementClass: 'write',
  statementKind: 'InsertStmt',
  outputs: [
    { name: 'id', sources: new Set([ID]) },
    { name: 'x', sources: new Set([SSN, EMAIL, ID]), unchanged: true },
  ],
  shaping: new Set([ID, EMAIL]),
  faultable: new Set(),
  writes: [
    { target: ID, targetName: 'public.t.id', sources: new Set([SSN]) },
    { target: null, targetName: 'public.n.x', sources: new Set([ID]) },
  ],
  relations: new Set([1]),
  holds: ['a hold'],
};

const actor = { id: 'i|s', kind: 'user', name: 's' } as const;
const principal: Principal = { ...actor, groups: [], chain: [actor], onBehalfOfGroups: [] };

it('policy is told of classified sources only, and outputs keep their positions', () => {
  const facts = statementFacts(principal, { name: 'r', protocol: 'postgres' }, flows, labels, 'confidential');
  const names = (columns: readonly LabelledColumn[]) => columns.map(({ column }) => column);
  expect(facts.outputs.map(({ sources }) => names(sources))).toEqual([[], [EMAIL, SSN]]);
  expect(facts.outputs.map(({ unchanged }) => unchanged)).toEqual([undefined, true]);
  expect(names(facts.shaping)).toEqual([EMAIL]);
  expect(facts.writes.map(({ targetName, target }) => [targetName, target?.label])).toEqual([
    ['public.t.id', 'public'],
  ]);
  expect(facts).toMatchObject({ statementClass: 'write', statementKind: 'InsertStmt', holds: ['a hold'] });
});

it('people are shown every source with its label, and no empty flow', () => {
  const views = flowViews(flows, labels);
  expect(views.map(({ kind, target, targetLabel, sources }) => [kind, target, targetLabel, sources.length])).toEqual([
    ['output', 'id', null, 1],
    ['output', 'x', null, 3],
    ['shaping', '', null, 2],
    ['write', 'public.t.id', 'public', 1],
    ['write', 'public.n.x', null, 1],
  ]);
  expect(highestLabelOf(views)).toBe('regulated');
  expect(highestLabelOf([])).toBe('public');
});

it('a column that the catalog does not know is an error, never "unclassified"', () => {
  const unknown: Flows = { ...flows, shaping: new Set([columnKey(9, 9)]) };
  expect(() => statementFacts(principal, { name: 'r', protocol: 'postgres' }, unknown, labels, 'confidential')).toThrow(
    'unknown 9.9',
  );
});
