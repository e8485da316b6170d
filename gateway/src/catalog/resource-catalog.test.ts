import { describe, expect, it } from 'vitest';
import { type ColumnKey, columnKey, type Flows } from '../analysis/flows.ts';
import type { RelationFacts } from '../analysis/postgres/facts.ts';
import { Classification } from './classification.ts';
import { MAX_EXPECTED_COLUMNS } from './expected-columns.ts';
import { NO_BINDINGS, ResourceCatalog } from './resource-catalog.ts';

const SSN = columnKey(1, 1);

function open(): ResourceCatalog {
  const rule = { schema: 'crm', table: 'people', column: 'ssn', label: 'regulated', category: 'pii.ssn' } as const;
  const catalog = new ResourceCatalog({
    bindings: NO_BINDINGS,
    classification: new Classification({
      rules: [{ ...rule, path: null, origin: 'test' }],
      systemRules: [],
      unclassified: 'public',
      bindings: [],
    }),
    classifiedFrom: 'confidential',
    declarationsOf: () => ({ function: () => undefined }),
    open: () => Promise.reject(new Error('no database is asked')),
    log: () => undefined,
  });
  catalog.learn([relation(1, 'crm', 'people', 'ssn')]);
  return catalog;
}

function relation(oid: number, schema: string, name: string, ...columns: readonly string[]): RelationFacts {
  return {
    ...{ oid, schema, name, kind: 'r', ancestors: [], descendants: [], partitionKey: [], storedQuery: null },
    columns: columns.map((column, index) => ({
      ...{ attribute: index + 1, name: column, typeOid: 25, dropped: false, notNull: false },
      ...{ generated: null, expression: null },
    })),
    ...{ hasRules: false, rowSecurity: false, triggers: [], checks: [], uniques: [] },
    uncheckedNotNulls: [],
    ...{
      foreignKeys: [],
      referencedBy: [],
      indexes: [],
      indexExpressions: [],
      unprovenExpressions: [],
      indexOf: null,
      longestRow: 0,
      statistics: [],
      indexFunctions: [],
    },
  };
}

/** An approved copy of ssn into a column that does not exist yet. */
function copyTo(targetName: string): Flows {
  return {
    statementClass: 'ddl',
    statementKind: 'CreateTableAsStmt',
    outputs: [],
    shaping: new Set(),
    writes: [{ target: null, targetName, sources: new Set([SSN]) }],
    faultable: new Set(),
    relations: new Set(),
    holds: [],
  };
}

describe('labels after an approved copy into a new column', () => {
  it.each([
    ['a plain name', 't.c', 'public', 't', 'c'],
    ['a name with its schema', 'out.t.c', 'out', 't', 'c'],
    ['a temporary table', 'pg_temp.t.c', 'pg_temp_3', 't', 'c'],
    ['a dot in the column', 't.x.y', 'public', 't', 'x.y'],
    ['a dot in the table', 'out.a.b.c', 'out', 'a.b', 'c'],
    ['a quote in the table', 'out.ab.c', 'out', 'a"b', 'c'],
  ])('follow whoever looks first: %s', (_name, targetName, schema, table, column) => {
    const catalog = open();
    catalog.labelsFollow(copyTo(targetName));
    catalog.learn([relation(2, schema, table, column)]);
    expect(catalog.classification.describe(columnKey(2, 1)).label).toBe('regulated');
  });

  it('leave other columns alone', () => {
    const catalog = open();
    catalog.labelsFollow(copyTo('t.c'));
    catalog.learn([relation(2, 'public', 't', 'other'), relation(3, 'public', 'other', 'c')]);
    expect([2, 3].map((oid) => catalog.classification.describe(columnKey(oid, 1)).label)).toEqual(['public', 'public']);
  });

  it('are not lost at the bound of expected columns', () => {
    const catalog = open();
    for (let index = 0; index <= MAX_EXPECTED_COLUMNS; index += 1) catalog.labelsFollow(copyTo(`t${index}.c`));
    catalog.learn([relation(2, 'public', 't0', 'c'), relation(3, 'public', `t${MAX_EXPECTED_COLUMNS}`, 'c')]);
    expect([2, 3].map((oid) => catalog.classification.describe(columnKey(oid, 1)).label)).toEqual([
      'regulated',
      'regulated',
    ]);
  });
});

describe('the label that an approved name proposes', () => {
  const proposal = (schema: string, table: string, column: string, target: ColumnKey | null = null): Flows => {
    const called = { schema, table, column, label: 'regulated', category: 'pii.ssn' } as const;
    return { ...copyTo(''), writes: [], named: [{ called, pattern: '*_ssn', target }] };
  };
  const labelOf = (catalog: ResourceCatalog, oid: number, attribute = 1) =>
    catalog.classification.describe(columnKey(oid, attribute)).label;

  it('is that of the column of a new relation', () => {
    const catalog = open();
    catalog.labelsFollow(proposal('out', 't', 'a_ssn'));
    catalog.learn([relation(2, 'out', 't', 'id', 'a_ssn'), relation(3, 'out', 'other', 'a_ssn')]);
    expect([labelOf(catalog, 2, 1), labelOf(catalog, 2, 2), labelOf(catalog, 3)]).toEqual([
      ...['public', 'regulated', 'public'],
    ]);
  });

  it('is that of a new column of a relation that is known, and not of one that was there', () => {
    const catalog = open();
    catalog.learn([relation(2, 'out', 't', 'id'), relation(3, 'old', 't', 'a_ssn')]);
    catalog.labelsFollow(proposal('out', 't', 'a_ssn'));
    catalog.learn([relation(2, 'out', 't', 'id', 'a_ssn'), relation(3, 'old', 't', 'a_ssn')]);
    expect([labelOf(catalog, 2, 2), labelOf(catalog, 3)]).toEqual(['regulated', 'public']);
  });

  it('is that of a column that is renamed, at once', () => {
    const catalog = open();
    catalog.learn([relation(2, 'out', 't', 'code')]);
    catalog.labelsFollow(proposal('out', 't', 'a_ssn', columnKey(2, 1)));
    expect(labelOf(catalog, 2)).toBe('regulated');
  });

  it('is taken with what is written there', () => {
    const catalog = open();
    catalog.labelsFollow(copyTo('out.t.a_ssn'));
    catalog.labelsFollow(proposal('out', 't', 'a_ssn'));
    catalog.learn([relation(2, 'out', 't', 'a_ssn')]);
    expect(catalog.classification.describe(columnKey(2, 1))).toMatchObject({ label: 'regulated', category: 'pii.ssn' });
  });

  it('is not lost at the bound of expected columns', () => {
    const catalog = open();
    for (let index = 0; index <= MAX_EXPECTED_COLUMNS; index += 1)
      catalog.labelsFollow(proposal('out', `t${index}`, 'c'));
    catalog.learn([relation(2, 'out', 't0', 'c'), relation(3, 'out', `t${MAX_EXPECTED_COLUMNS}`, 'c')]);
    expect([labelOf(catalog, 2), labelOf(catalog, 3)]).toEqual(['regulated', 'regulated']);
  });
});
