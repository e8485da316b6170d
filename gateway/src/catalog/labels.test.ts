import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabelCsv } from './labels-csv.ts';
import { parseDbtManifest } from './labels-dbt.ts';
import { readLabelRules } from './labels-read.ts';

describe('labels from CSV', () => {
  const rules = (text: string) => {
    const result = parseLabelCsv('labels.csv', text);
    expect(result.problems).toEqual([]);
    return result.rules.map(({ schema, table, column, label, category, path }) => [
      schema,
      table,
      column,
      label,
      category,
      path,
    ]);
  };

  it('have the columns of the header in any order; category and path may be absent', () => {
    expect(rules('schema,table,column,label\ncrm,customers,ssn,regulated\n')).toEqual([
      ['crm', 'customers', 'ssn', 'regulated', null, null],
    ]);
    expect(rules('label,column,table,schema,category\nregulated,ssn,customers,crm,pii.ssn')).toEqual([
      ['crm', 'customers', 'ssn', 'regulated', 'pii.ssn', null],
    ]);
    expect(rules('schema,table,column,label,path\ncrm,customers,profile,regulated,$.ssn\n')).toEqual([
      ['crm', 'customers', 'profile', 'regulated', null, '$.ssn'],
    ]);
  });

  it('may be quoted as RFC 4180 says: commas, quotation marks and line ends inside', () => {
    expect(rules('schema,table,column,label\r\n"my,schema","a ""b""","c\nd",Public\r\n')).toEqual([
      ['my,schema', 'a "b"', 'c\nd', 'public', null, null],
    ]);
  });

  it('skip empty lines, comments and a byte order mark', () => {
    expect(rules('\uFEFFschema,table,column,label\n\n# a, b\ncrm , t , c , internal \n')).toEqual([
      ['crm', 't', 'c', 'internal', null, null],
    ]);
  });

  it('say on which line they stand, also after a quoted line end', () => {
    const { rules: found } = parseLabelCsv('l.csv', 'schema,table,column,label\na,b,"c\nd",public\na,b,e,public\n');
    expect(found.map(({ origin }) => origin)).toEqual(['l.csv:2', 'l.csv:4']);
  });

  const table: readonly (readonly [string, string, number, string, string])[] = [
    ['an unknown label', 'schema,table,column,label\na,b,c,secret\n', 2, 'unknown label "secret"', 'Labels are public'],
    [
      'a path that is none',
      'schema,table,column,label,path\na,b,c,public,ssn\n',
      2,
      '"ssn" is not a path',
      'Write members and elements: $.ssn, $.cards[*].number, $["a key"].',
    ],
    [
      'a misspelled label',
      'schema,table,column,label\na,b,c,regulatd\n',
      2,
      'unknown label "regulatd"',
      'Did you mean "regulated"?',
    ],
    [
      'a missing field',
      'schema,table,column,label\na,b,c,public\na,b,public\n',
      3,
      '3 fields instead of 4',
      'Give every field',
    ],
    ['an empty field', 'schema,table,column,label\na,,c,public\n', 2, 'table is empty', 'Fill it in'],
    ['a header without label', 'schema,table,column\n', 1, 'the header has no column "label"', 'Start the file with'],
    [
      'a misspelled header',
      'schema,table,column,label,categorie\n',
      1,
      'unknown column "categorie"',
      'Did you mean "category"?',
    ],
    [
      'an open quotation mark',
      'schema,table,column,label\na,b,"c,public\n',
      2,
      'a quotation mark is not closed',
      'Close',
    ],
    ['text after a quotation mark', 'schema,table,column,label\na,b,"c"d,public\n', 2, 'text follows', 'Close'],
    [
      'a bad category',
      'schema,table,column,label,category\na,b,c,public,pii ssn\n',
      2,
      '"pii ssn" is not a category',
      'pii.ssn',
    ],
    ['an empty file', '', 1, 'the file is empty', 'Start it with'],
  ];
  it.each(table)('%s: an error with its line and what to do', (_, text, line, message, remedy) => {
    const [problem] = parseLabelCsv('labels.csv', text).problems;
    expect(problem).toMatchObject({ file: 'labels.csv', line });
    expect(problem?.message).toContain(message);
    expect(problem?.remedy).toContain(remedy);
  });

  it('come back as they were written, whatever the names', () => {
    const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name)), (names) => {
        const lines = names.map((each) => [...each.map(quote), 'regulated'].join(','));
        const result = parseLabelCsv('f', ['schema,table,column,label', ...lines].join('\n'));
        expect(result.problems).toEqual([]);
        expect(result.rules.map((rule) => [rule.schema, rule.table, rule.column])).toEqual(names);
      }),
    );
  });

  it('any text gives rules or problems, never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '#', 'a', ' ') }), (text) => {
        const result = parseLabelCsv('f', `schema,table,column,label\n${text}`);
        expect(result.rules.length + result.problems.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("labels from dbt's manifest", () => {
  const manifest = (columns: object, node: object = {}): string =>
    JSON.stringify({
      nodes: { 'model.shop.customers': { resource_type: 'model', schema: 'crm', name: 'customers', columns, ...node } },
    });
  const rules = (text: string) => {
    const result = parseDbtManifest('manifest.json', text);
    expect(result.problems).toEqual([]);
    return result.rules.map(({ schema, table, column, label, category }) =>
      [schema, table, column, label, category].join(' '),
    );
  };

  it.each([
    [
      'meta.classification',
      { meta: { classification: 'regulated', category: 'pii.ssn' } },
      'crm customers ssn regulated pii.ssn',
    ],
    ['meta.label', { meta: { label: 'Internal' } }, 'crm customers ssn internal '],
    [
      'meta.sluice',
      { meta: { sluice: { label: 'confidential', category: 'pii' } } },
      'crm customers ssn confidential pii',
    ],
    ['meta.contains_pii', { meta: { contains_pii: true } }, 'crm customers ssn regulated pii'],
    ['a tag that is a label', { tags: ['nightly', 'regulated'] }, 'crm customers ssn regulated '],
    ['tags with prefixes', { tags: ['label:public', 'category:hr.name'] }, 'crm customers ssn public hr.name'],
    ['a tag that is a category', { tags: ['pii.ssn'] }, 'crm customers ssn regulated pii.ssn'],
    [
      'config.meta and config.tags',
      { config: { meta: { label: 'internal' }, tags: ['pii'] } },
      'crm customers ssn internal pii',
    ],
    ['two labels that differ', { meta: { label: 'internal' }, tags: ['regulated'] }, 'crm customers ssn regulated '],
  ])('%s is understood', (_, column, expected) => {
    expect(rules(manifest({ ssn: { name: 'ssn', ...column } }))).toEqual([expected]);
  });

  it('tags that are not about classification are left alone', () => {
    expect(rules(manifest({ ssn: { name: 'ssn', tags: ['team.finance', 'nightly'] } }))).toEqual([]);
  });

  it('what a model says holds for its columns that say nothing', () => {
    expect(
      rules(manifest({ id: { name: 'id', meta: { label: 'public' } } }, { meta: { label: 'regulated' } })),
    ).toEqual(['crm customers * regulated ', 'crm customers id public ']);
  });

  it('an alias or a source identifier is the name of the table; tests are no tables', () => {
    const columns = { ssn: { name: 'ssn', tags: ['regulated'] } };
    const text = JSON.stringify({
      nodes: {
        'model.a': { resource_type: 'model', schema: 's', name: 'm', alias: 'real', columns },
        'test.b': { resource_type: 'test', schema: 's', name: 't', columns },
      },
      sources: { 'source.c': { resource_type: 'source', schema: 's', name: 'n', identifier: 'raw_n', columns } },
    });
    expect(rules(text)).toEqual(['s real ssn regulated ', 's raw_n ssn regulated ']);
  });

  it('an unknown label names the model, the column and its line', () => {
    const text = manifest({ ssn: { name: 'ssn', meta: { label: 'regulatd' } } }).replace('{"nodes":{', '{"nodes":{\n');
    expect(parseDbtManifest('manifest.json', text).problems).toEqual([
      {
        file: 'manifest.json',
        line: 2,
        column: 1,
        message: 'model.shop.customers: column ssn: unknown label "regulatd"',
        remedy: 'Did you mean "regulated"?',
      },
    ]);
  });

  it.each(['', '{', '[]', '{"nodes": 1}'])('%j is refused as not a manifest', (text) => {
    expect(parseDbtManifest('manifest.json', text).problems[0]?.message).toBe('this is not a dbt manifest');
  });
});

it('label files are read together, and all of their problems reported at once', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-labels-'));
  try {
    const csv = join(directory, 'labels.csv');
    const dbt = join(directory, 'manifest.json');
    writeFileSync(csv, 'schema,table,column,label\na,b,c,regulated\n');
    writeFileSync(dbt, '{"nodes":{}}');
    expect(await readLabelRules('orders-db', [{ csv }, { dbt }])).toHaveLength(1);
    writeFileSync(csv, 'schema,table,column,label\na,b,c,x\n');
    const missing = join(directory, 'none.json');
    await expect(readLabelRules('orders-db', [{ csv }, { dbt: missing }])).rejects.toThrow(
      /2 problems:[^]*unknown label[^]*none\.json:1:1 {2}does not exist/,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
