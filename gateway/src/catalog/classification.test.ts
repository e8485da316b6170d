import type { Label } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import { columnKey } from '../analysis/flows.ts';
import { type Binding, Classification, type IntrospectedColumn } from './classification.ts';
import type { LabelRule } from './labels.ts';

function rule(path: string, label: Label, category: string | null = null): LabelRule {
  const [schema = '', table = '', column = ''] = path.split('.');
  return { schema, table, column, label, category, path: null, origin: 'labels.csv:1' };
}

/** `crm.customers`, 100, ['id', 'ssn'] → attributes 1 and 2 of relation 100. */
function table(name: string, relationOid: number, columns: readonly string[], relkind = 'r'): IntrospectedColumn[] {
  const [schema = '', relation = ''] = name.split('.');
  return columns.map((column, index) => ({ relationOid, schema, table: relation, attnum: index + 1, column, relkind }));
}

function classification(
  rules: readonly LabelRule[],
  options: {
    readonly unclassified?: Label;
    readonly bindings?: readonly Binding[];
    readonly systemRules?: readonly LabelRule[];
  } = {},
): Classification {
  return new Classification({ rules, systemRules: [], unclassified: 'confidential', bindings: [], ...options });
}

const CUSTOMERS = table('crm.customers', 100, ['id', 'ssn', 'email']);
const RULES = [rule('crm.customers.ssn', 'regulated', 'pii.ssn'), rule('crm.customers.id', 'public')];

describe('labels of columns', () => {
  it('count where values are stored: not for a column of a view, nor for one that nobody has looked at', () => {
    const labels = classification(RULES);
    labels.learn([...CUSTOMERS, ...table('crm.v', 400, ['ssn'], 'v'), ...table('crm.m', 500, ['ssn'], 'm')], []);
    const stored = [columnKey(100, 2), columnKey(500, 1), columnKey(400, 1), columnKey(100, 9), columnKey(7, 1)];
    expect(stored.map((key) => labels.isStored(key))).toEqual([true, true, false, false, false]);
  });

  it('come from the rule of the name; a column without one counts as configured', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    expect(labels.describe(columnKey(100, 2))).toEqual({
      schema: 'crm',
      table: 'customers',
      column: 'ssn',
      label: 'regulated',
      category: 'pii.ssn',
    });
    expect(labels.describe(columnKey(100, 1)).label).toBe('public');
    expect(labels.describe(columnKey(100, 3))).toMatchObject({ label: 'confidential', category: null });
  });

  it('of an unknown relation or attribute are an error, not a guess', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    expect(() => labels.describe(columnKey(999, 1))).toThrow(/not known/);
    expect(() => labels.describe(columnKey(100, 9))).toThrow(/not known/);
  });

  it('are the highest of all rules for the column', () => {
    const labels = classification([rule('crm.customers.ssn', 'internal'), ...RULES]);
    labels.learn(CUSTOMERS, []);
    expect(labels.describe(columnKey(100, 2))).toMatchObject({ label: 'regulated', category: 'pii.ssn' });
  });

  it('with a path are those of a place, and of what is made from the whole column', () => {
    const inside = (path: string, label: Label, category: string) => ({
      ...rule('crm.customers.profile', label, category),
      path,
    });
    const rules = [inside('$.ssn', 'regulated', 'pii.ssn'), inside('$.mail', 'confidential', 'pii.email')];
    const profile = table('crm.customers', 100, ['id', 'profile']);
    const places = (...more: readonly LabelRule[]) => {
      const labels = classification([...rules, ...more]);
      labels.learn([...profile, ...table('crm.kids', 101, ['profile'])], [{ childOid: 101, parentOid: 100 }]);
      expect(labels.parts(columnKey(100, 1))).toBeNull();
      expect(labels.describe(columnKey(100, 2))).toMatchObject({ label: 'regulated', category: 'pii' });
      expect(labels.parts(columnKey(101, 1))?.rest).toBe(labels.parts(columnKey(100, 2))?.rest);
      return labels.parts(columnKey(100, 2));
    };
    expect(places()).toEqual({
      rest: 'confidential',
      places: [
        { path: '$.ssn', column: expect.objectContaining({ column: 'profile.ssn', label: 'regulated' }) as unknown },
        {
          path: '$.mail',
          column: expect.objectContaining({ column: 'profile.mail', label: 'confidential' }) as unknown,
        },
      ],
    });
    expect(places(rule('crm.customers.profile', 'internal'))?.rest).toBe('internal');
    expect(places(rule('crm.customers.*', 'public'))?.rest).toBe('public');
    expect(places(rule('crm.*.*', 'regulated', 'pii'))?.rest).toBe('regulated');
  });

  it('with a path do not let values out that were written to the column', () => {
    const labels = classification([{ ...rule('crm.customers.ssn', 'internal'), path: '$.ssn' }, ...RULES]);
    labels.learn(CUSTOMERS, []);
    expect(labels.parts(columnKey(100, 2))).not.toBeNull();
    labels.derive(columnKey(100, 2), [columnKey(100, 2)]);
    expect(labels.parts(columnKey(100, 2))).toBeNull();
  });

  it('may be given for a whole table or schema, and a rule that names more wins', () => {
    const labels = classification([
      rule('crm.*.*', 'regulated'),
      rule('crm.customers.*', 'internal'),
      rule('crm.customers.id', 'public'),
    ]);
    labels.learn([...CUSTOMERS, ...table('crm.other', 200, ['x'])], []);
    expect(labels.describe(columnKey(200, 1)).label).toBe('regulated');
    expect(labels.describe(columnKey(100, 2)).label).toBe('internal');
    expect(labels.describe(columnKey(100, 1)).label).toBe('public');
  });

  it('of the whole row are the highest of its columns, with the category that covers them', () => {
    const labels = classification([
      rule('crm.customers.*', 'public'),
      rule('crm.customers.ssn', 'regulated', 'pii.ssn'),
      rule('crm.customers.email', 'confidential', 'pii.email'),
    ]);
    labels.learn(CUSTOMERS, []);
    expect(labels.describe(columnKey(100, 0))).toMatchObject({ column: '*', label: 'regulated', category: 'pii' });
  });

  it('of system columns are public unless derived', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    expect(labels.describe(columnKey(100, -1))).toMatchObject({ column: 'ctid', label: 'public' });
    labels.derive(columnKey(100, -6), [columnKey(100, 2)]);
    expect(labels.describe(columnKey(100, -6))).toMatchObject({ column: 'tableoid', label: 'regulated' });
  });
});

describe('a label stays with its column', () => {
  it('when the column or its table is renamed', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.learn(table('public.people', 100, ['id', 'harmless', 'email']), []);
    expect(labels.describe(columnKey(100, 2))).toMatchObject({
      column: 'harmless',
      table: 'people',
      label: 'regulated',
    });
  });

  it('when the gateway restarts after a rename', () => {
    const before = classification(RULES);
    before.learn(CUSTOMERS, []);
    const stored: unknown = JSON.parse(JSON.stringify(before.bindings()));
    expect(stored).toEqual(before.bindings());
    const after = classification(RULES, { bindings: before.bindings() });
    after.learn(table('crm.customers', 100, ['id', 'harmless', 'email']), []);
    expect(after.describe(columnKey(100, 2)).label).toBe('regulated');
  });

  it('unless the administrator changes the rule that it was bound by', () => {
    const before = classification(RULES);
    before.learn(CUSTOMERS, []);
    const after = classification([rule('crm.customers.ssn', 'internal')], { bindings: before.bindings() });
    after.learn(CUSTOMERS, []);
    expect(after.describe(columnKey(100, 2)).label).toBe('internal');
  });

  it('but a new column of the labelled name is labelled too', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.learn(table('crm.customers', 100, ['id', 'ssn_old', 'email', 'ssn']), []);
    expect(labels.describe(columnKey(100, 2)).label).toBe('regulated');
    expect(labels.describe(columnKey(100, 4)).label).toBe('regulated');
  });

  it('even if it takes the name of a column with a lower label', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.learn(table('crm.customers', 100, ['id_old', 'id', 'email']), []);
    expect(labels.describe(columnKey(100, 2)).label).toBe('regulated');
  });
});

describe('parents and children', () => {
  const parent = table('crm.patients', 300, ['id', 'diagnosis']);
  const child = table('crm.patients_2022', 301, ['diagnosis', 'id']);
  const grandchild = table('crm.patients_2022_q1', 302, ['id', 'diagnosis']);
  const inheritance = [
    { childOid: 301, parentOid: 300 },
    { childOid: 302, parentOid: 301 },
  ];

  it('share the labels of columns of the same name, whatever their numbers, over every level', () => {
    const labels = classification([rule('crm.patients.diagnosis', 'regulated')]);
    labels.learn([...parent, ...child, ...grandchild], inheritance);
    expect(labels.describe(columnKey(301, 1)).label).toBe('regulated');
    expect(labels.describe(columnKey(302, 2)).label).toBe('regulated');
    expect(labels.describe(columnKey(302, 1)).label).toBe('confidential');
  });

  it('a parent shows the rows of its children, so their labels are its own; siblings are apart', () => {
    const labels = classification([rule('crm.patients_2022.diagnosis', 'regulated')], { unclassified: 'public' });
    const sibling = table('crm.patients_2023', 303, ['id', 'diagnosis']);
    labels.learn([...parent, ...child, ...sibling], [...inheritance, { childOid: 303, parentOid: 300 }]);
    expect(labels.describe(columnKey(300, 2)).label).toBe('regulated');
    expect(labels.describe(columnKey(303, 2)).label).toBe('public');
  });

  it('a child whose parent was not looked at yet is not known, rather than unlabelled', () => {
    const labels = classification([rule('crm.patients.diagnosis', 'regulated')], { unclassified: 'public' });
    labels.learn(child, inheritance);
    expect(() => labels.describe(columnKey(301, 1))).toThrow(/not known/);
    labels.learn(parent, []);
    expect(labels.describe(columnKey(301, 1)).label).toBe('regulated');
  });

  it('a child that leaves its parent keeps the labels that it had through it, also over a restart', () => {
    const rules = [rule('crm.people.ssn', 'regulated', 'pii.ssn')];
    const kept: Binding[] = [];
    const labels = new Classification({
      rules,
      systemRules: [],
      unclassified: 'public',
      bindings: [],
      onBinding: (binding) => kept.push(binding),
    });
    const child = table('crm.staff', 301, ['desk', 'ssn', 'note']);
    labels.learn(child, [{ childOid: 301, parentOid: 300 }]);
    labels.learn([...table('crm.people', 300, ['ssn', 'note']), ...table('crm.source', 302, ['ssn'])], []);
    labels.derive(columnKey(300, 2), [columnKey(300, 1)]);
    labels.learn(child, []);
    expect(labels.describe(columnKey(301, 1)).label).toBe('public');
    expect(labels.describe(columnKey(301, 2)).label).toBe('regulated');
    expect(labels.describe(columnKey(301, 3)).label).toBe('regulated');
    const after = classification(rules, { bindings: kept, unclassified: 'public' });
    after.learn(child, []);
    expect([1, 2, 3].map((attribute) => after.describe(columnKey(301, attribute)).label)).toEqual([
      'public',
      'regulated',
      'regulated',
    ]);
  });

  it('a circle in the catalog ends', () => {
    const labels = classification([rule('crm.patients.diagnosis', 'regulated')]);
    labels.learn([...parent, ...child], [...inheritance.slice(0, 1), { childOid: 300, parentOid: 301 }]);
    expect(labels.describe(columnKey(301, 1)).label).toBe('regulated');
  });
});

describe('a derived label', () => {
  it('is that of the sources when it comes before the column is known', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.derive(columnKey(500, 1), [columnKey(100, 1)]);
    labels.derive(columnKey(500, 2), [columnKey(100, 1), columnKey(100, 2)]);
    labels.learn(table('pg_temp_3.copy', 500, ['id', 'x']), []);
    expect(labels.describe(columnKey(500, 1)).label).toBe('public');
    expect(labels.describe(columnKey(500, 2))).toMatchObject({ label: 'regulated', category: 'pii.ssn' });
  });

  it('only ever raises the label of a known column', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.derive(columnKey(100, 3), [columnKey(100, 1)]);
    expect(labels.describe(columnKey(100, 3)).label).toBe('confidential');
    labels.derive(columnKey(100, 3), [columnKey(100, 2)]);
    expect(labels.describe(columnKey(100, 3)).label).toBe('regulated');
    labels.derive(columnKey(100, 2), []);
    expect(labels.describe(columnKey(100, 2)).label).toBe('regulated');
  });

  it('of sources with different categories belongs to none of them, so that no permit for one opens the other', () => {
    const labels = classification([...RULES, rule('crm.customers.email', 'regulated', 'phi.note')]);
    labels.learn(CUSTOMERS, []);
    labels.derive(columnKey(500, 1), [columnKey(100, 2), columnKey(100, 3)]);
    labels.learn(table('public.copy', 500, ['x']), []);
    expect(labels.describe(columnKey(500, 1))).toMatchObject({ label: 'regulated', category: null });
  });

  it('is forgotten with its relation', () => {
    const labels = classification(RULES);
    labels.learn([...CUSTOMERS, ...table('pg_temp_3.copy', 500, ['x'])], []);
    labels.derive(columnKey(500, 1), [columnKey(100, 2)]);
    labels.describe(columnKey(500, 1));
    const { version } = labels;
    labels.forget(500);
    expect(labels.version).toBe(version);
    expect(() => labels.describe(columnKey(500, 1))).toThrow(/not known/);
    expect(labels.knows(500)).toBe(false);
    expect(labels.bindings().some((binding) => binding.key === columnKey(500, 1))).toBe(false);
  });
});

describe('the version', () => {
  it('stays when columns are learned again or new ones appear', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.describe(columnKey(100, 2));
    const { version } = labels;
    labels.learn(CUSTOMERS, []);
    labels.learn(table('crm.new', 700, ['a']), []);
    expect(labels.version).toBe(version);
  });

  it.each([
    ['a label is derived', (labels: Classification) => labels.derive(columnKey(100, 3), [columnKey(100, 2)])],
    [
      'a column is renamed',
      (labels: Classification) => labels.learn(table('crm.customers', 100, ['id', 'ssn', 'mail']), []),
    ],
    [
      'a labelled child is attached',
      (labels: Classification) =>
        labels.learn(table('crm.secrets', 101, ['email', 'ssn']), [{ childOid: 101, parentOid: 100 }]),
    ],
  ])('changes when %s and an earlier answer is another one now', (_, change) => {
    const labels = classification([...RULES, rule('crm.secrets.email', 'regulated')]);
    labels.learn(CUSTOMERS, []);
    labels.describe(columnKey(100, 3));
    const { version } = labels;
    change(labels);
    expect(labels.version).not.toBe(version);
  });

  it('changes with the second of two changes, though nobody asked in between', () => {
    const labels = classification(RULES);
    labels.learn(CUSTOMERS, []);
    labels.describe(columnKey(100, 3));
    const { version } = labels;
    labels.learn(table('crm.new', 700, ['a']), []);
    labels.derive(columnKey(100, 3), [columnKey(100, 2)]);
    expect(labels.version).not.toBe(version);
  });

  it('is another one for other rules, and the same for the same rules from another place', () => {
    const moved = RULES.map((each) => ({ ...each, origin: 'elsewhere.csv:9' }));
    expect(classification(moved).version).toBe(classification(RULES).version);
    expect(classification(RULES.slice(1)).version).not.toBe(classification(RULES).version);
    expect(classification(RULES, { unclassified: 'public' }).version).not.toBe(classification(RULES).version);
  });
});

describe('what check reports', () => {
  const labels = classification([...RULES, rule('crm.customers.snn', 'regulated'), rule('crm.v.ssn', 'regulated')], {
    systemRules: [rule('pg_catalog.*.*', 'public')],
  });
  labels.learn(
    [...CUSTOMERS, ...table('crm.v', 400, ['ssn'], 'v'), ...table('pg_catalog.pg_class', 1259, ['oid'])],
    [],
  );

  it('rules without a column', () => {
    expect(labels.rulesWithoutColumn().map(({ column }) => column)).toEqual(['snn']);
  });

  it('columns of tables without a label, system catalogs not among them', () => {
    expect(labels.columnsWithoutLabel().map(({ table: name, column }) => `${name}.${column}`)).toEqual([
      'customers.email',
    ]);
  });

  it('rules on views, which have no effect', () => {
    expect(labels.rulesOnViews().map(({ table: name }) => name)).toEqual(['v']);
  });
});
