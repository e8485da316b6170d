/** Statements as the server stores them, by hand: what is put in the place of views, and what is not served. */
import { describe, expect, it } from 'vitest';
import type { RelationFacts, SchemaFacts } from './facts.ts';
import { rewriteStored, type StoredStatement } from './stored-statement.ts';
import { nodesAt, numberAt } from './tree-node.ts';
import { parseTree, type TreeNode, type TreeValue } from './tree-text.ts';
import { openWalker } from './walk/open-walker.ts';
import { Opaque, type Walker } from './walk/walker.ts';

const TABLE = 20_000;
const VIEW = 21_000;
const GUARDED = 22_000;
const BROKEN = 23_000;
const UNKNOWN = 29_000;
/** Views from here on, each over the next one. */
const CHAIN = 30_000;
const CHAIN_END = 30_070;

const entry = (relid: number): string =>
  `{RANGETBLENTRY :rtekind 0 :relid ${relid} :relkind v :inh true :lateral false}`;
const value = (text: string): TreeValue => {
  const parsed = parseTree(text);
  if (parsed.kind === 'malformed') throw new Error(`${parsed.problem} in ${text}`);
  return parsed.value;
};

type Parts = { command?: number; entries?: readonly string[]; from?: string; target?: string; more?: string };

function query({ command = 1, entries = [entry(TABLE)], from, target = '<>', more = '' }: Parts = {}): string {
  const list = from ?? entries.map((_one, index) => `{RANGETBLREF :rtindex ${index + 1}}`).join(' ');
  return `{QUERY :commandType ${command} :rtable (${entries.join(' ')}) :jointree {FROMEXPR :fromlist (${list}) :quals <>} :targetList (${target}) ${more}}`;
}
const body = (...queries: readonly string[]): TreeValue => value(`((${queries.join(' ')}))`);

const OF_VIEW = `(${query({ target: '{TARGETENTRY :expr <> :resno 1 :resname of_view}' })})`;

function relation(oid: number): RelationFacts {
  const isView = oid === VIEW || oid === BROKEN || oid >= CHAIN;
  const next = oid >= CHAIN_END ? TABLE : oid + 1;
  const stored = oid === BROKEN ? null : oid >= CHAIN ? `(${query({ entries: [entry(next)] })})` : OF_VIEW;
  return {
    oid,
    schema: 'public',
    name: `r${oid}`,
    kind: isView ? 'v' : 'r',
    columns: [],
    ...{ ancestors: [], descendants: [], partitionKey: [], storedQuery: isView ? stored : null, hasRules: false },
    ...{
      rowSecurity: oid === GUARDED,
      triggers: [],
      checks: [],
      uniques: [],
      uncheckedNotNulls: [],
      foreignKeys: [],
      referencedBy: [],
    },
    ...{
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

function walker(): Walker {
  const facts: SchemaFacts = {
    relation: (oid) => (oid === UNKNOWN ? undefined : relation(oid)),
    function: () => null,
    type: () => null,
    operator: () => null,
    text: () => null,
    body: () => null,
    relationNamed: () => null,
    userNames: () => false,
  };
  return openWalker(facts, { function: () => undefined }, 15);
}

const rewrite = (stored: TreeValue): StoredStatement => rewriteStored(walker(), stored);
const entriesOf = ({ query: rewritten }: { readonly query: TreeNode }): readonly TreeNode[] =>
  nodesAt(rewritten, 'rtable');

function ruleOf(stored: TreeValue): string {
  try {
    rewrite(stored);
  } catch (error) {
    if (error instanceof Opaque) return error.rule;
    throw error;
  }
  return 'served';
}

describe('a stored statement', () => {
  it('over tables stays as it is', () => {
    const stored = rewrite(body(query()));
    expect(stored).toEqual({ query: value(query()), views: [] });
  });

  it('over a view reads the query of the view, and says which it was', () => {
    const stored = rewrite(body(query({ entries: [entry(VIEW)] })));
    const [only] = entriesOf(stored);
    expect(stored.views).toEqual([OF_VIEW]);
    expect(only?.fields.get('rtekind')).toBe('1');
    expect(only?.fields.get('subquery')).toEqual(value(OF_VIEW.slice(1, -1)));
    for (const field of ['relid', 'relkind', 'inh']) expect(only?.fields.has(field)).toBe(false);
  });

  it('reads views below joins, sub-queries, WITH and expressions', () => {
    const inner = query({ entries: [entry(VIEW)] });
    const places = [
      query({
        entries: [entry(TABLE), entry(VIEW)],
        from: '{JOINEXPR :jointype 0 :larg {RANGETBLREF :rtindex 1} :rarg {RANGETBLREF :rtindex 2} :quals <>}',
      }),
      query({ entries: [`{RANGETBLENTRY :rtekind 1 :subquery ${inner}}`] }),
      query({ more: `:cteList ({COMMONTABLEEXPR :ctename c :ctequery ${inner}})` }),
      query({ target: `{TARGETENTRY :expr {SUBLINK :subLinkType 4 :subselect ${inner}} :resno 1}` }),
    ];
    expect(places.map((place) => rewrite(body(place)).views)).toEqual(places.map(() => [OF_VIEW]));
  });

  it('does not read entries that nothing in FROM names: OLD and NEW of a view before 16', () => {
    const stored = rewrite(body(query({ entries: [entry(VIEW), entry(TABLE)], from: '{RANGETBLREF :rtindex 2}' })));
    expect(stored.views).toEqual([]);
    expect(entriesOf(stored).map((one) => numberAt(one, 'rtekind'))).toEqual([0, 0]);
  });

  it('asks for relations that are not known yet', () => {
    const asking = walker();
    rewriteStored(asking, body(query({ entries: [entry(UNKNOWN), entry(TABLE)] })));
    expect(asking.facts.needed().relations).toEqual([UNKNOWN]);
  });
});

describe('what is not served', () => {
  it.each([
    ['an INSERT', body(query({ command: 3 })), 'reads-only'],
    [
      'a data change in WITH',
      body(query({ more: `:cteList ({COMMONTABLEEXPR :ctename c :ctequery ${query({ command: 4 })}})` })),
      'reads-only',
    ],
    ['FOR UPDATE', body(query({ more: ':rowMarks ({ROWMARKCLAUSE :rti 1})' })), 'reads-only'],
    ['a table with row security', body(query({ entries: [entry(GUARDED)] })), 'row-security-unseen'],
    ['a view whose query is not there', body(query({ entries: [entry(BROKEN)] })), 'view-query'],
    ['two statements', body(query(), query()), 'tree-malformed'],
    ['no statement', value('(())'), 'tree-malformed'],
    ['a list of lists', value(`((${query()})(${query()}))`), 'tree-malformed'],
    ['something else than a query', value('(({CONST :consttype 23}))'), 'tree-malformed'],
    ['FROM of something else', body(query({ from: '{SOMETHING :rtindex 1}' })), 'join-tree'],
  ])('%s', (_name, stored, rule) => {
    expect(ruleOf(stored)).toBe(rule);
  });
});

describe('the bounds', () => {
  it('64 views within each other are read, 65 are not', () => {
    const over = (depth: number): TreeValue => body(query({ entries: [entry(CHAIN_END - depth + 1)] }));
    expect(rewrite(over(64)).views).toHaveLength(64);
    expect(ruleOf(over(65))).toBe('too-large');
  });

  it('a statement may become 2,000 queries and no more', () => {
    const many = (views: number): TreeValue =>
      body(query({ entries: Array.from({ length: views }, () => entry(VIEW)) }));
    expect(rewrite(many(1_999)).views).toHaveLength(1_999);
    expect(ruleOf(many(2_000))).toBe('too-large');
  });
});
