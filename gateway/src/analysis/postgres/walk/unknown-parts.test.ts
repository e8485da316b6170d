/** Trees as no server prints them, or as a later one might: what is not known is refused, or counts as raising. */
import { describe, expect, it } from 'vitest';
import { analyseTrees, type StatementAnalysis } from '../analyse.ts';
import type { RelationFacts, SchemaFacts } from '../facts.ts';

const TABLE: RelationFacts = {
  oid: 20_000,
  schema: 'public',
  name: 't',
  kind: 'r',
  columns: [
    { attribute: 1, name: 'a', typeOid: 23, dropped: false, notNull: false, generated: null, expression: null },
  ],
  ...{ ancestors: [], descendants: [], partitionKey: [], storedQuery: null, hasRules: false, rowSecurity: false },
  ...{ triggers: [], checks: [], uniques: [], uncheckedNotNulls: [], foreignKeys: [], referencedBy: [] },
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
const FACTS: SchemaFacts = {
  relation: (oid) => (oid === TABLE.oid ? TABLE : null),
  function: () => null,
  type: () => null,
  operator: () => null,
  text: () => null,
  body: () => null,
  relationNamed: () => null,
  userNames: () => false,
};

const VAR = '{VAR :varno 1 :varattno 1 :vartype 23 :varlevelsup 0}';
const ENTRY = '{RANGETBLENTRY :rtekind 0 :relid 20000 :inh false}';

function query(parts: { target?: string; entry?: string; command?: number; more?: string } = {}): string {
  const { target = VAR, entry = ENTRY, command = 1, more = '' } = parts;
  return `({QUERY :commandType ${command} :querySource 0 :canSetTag true :rtable (${entry}) :jointree {FROMEXPR :fromlist
    ({RANGETBLREF :rtindex 1}) :quals <>} :targetList ({TARGETENTRY :expr ${target} :resno 1 :resname x :ressortgroupref 0
    :resjunk false}) ${more}})`.replaceAll(/\s*\n\s*/g, '\n');
}

function analyse(tree: string, serverMajor = 18): StatementAnalysis {
  return analyseTrees({
    treeTexts: [tree],
    outputNames: ['x'],
    facts: FACTS,
    declarations: { function: () => undefined },
    serverMajor,
    statementKind: 'SelectStmt',
  });
}

const ruleOf = (analysis: StatementAnalysis): string =>
  analysis.kind === 'opaque' ? analysis.rule : `${analysis.kind} instead of a refusal`;

describe('what a tree may not hold', () => {
  it('the tree that the others are made from is understood', () => {
    expect(analyse(query())).toMatchObject({ kind: 'flows', flows: { faultable: new Set(), shaping: new Set() } });
  });

  // RTEKind: 7 is a transition table of a trigger, 9 the groups of 18, 10 and more are unknown.
  it.each([7, 10, 99, -1])('a FROM item of kind %i is refused', (kind) => {
    expect(ruleOf(analyse(query({ entry: `{RANGETBLENTRY :rtekind ${kind} :relid 20000 :inh false}` })))).toBe(
      'range-table-kind',
    );
  });

  // CmdType: 0 unknown, 6 utility, 7 nothing; in 14, 5 is utility.
  it.each([
    [0, 18],
    [6, 18],
    [7, 18],
    [8, 18],
    [5, 14],
  ])('a query of command type %i on %i is refused', (command, major) => {
    expect(ruleOf(analyse(query({ command }), major))).not.toMatch(/instead/);
  });

  it.each([7, 8, -1])('a sub-query of kind %i is refused', (kind) => {
    const inner = query().slice(1, -1);
    const target = `{SUBLINK :subLinkType ${kind} :subLinkId 0 :testexpr <> :operName <> :subselect ${inner}}`;
    expect(ruleOf(analyse(query({ target })))).toBe('sublink');
  });

  // ParamKind: 1 is made by the planner.
  it.each([1, 4, -1])('a parameter of kind %i is refused', (kind) => {
    expect(ruleOf(analyse(query({ target: `{PARAM :paramkind ${kind} :paramid 1 :paramtype 23}` })))).toBe(
      'parameter-kind',
    );
  });

  it.each(['A_EXPR', 'SUBPLAN', 'RANGETBLREF', 'QUERY', 'SELECTSTMT'])('a %s is no expression', (tag) => {
    expect(ruleOf(analyse(query({ target: `{${tag} :arg ${VAR}}` })))).toBe('misplaced-node');
  });

  it.each(['FUNCEXPR', 'OPEXPR', 'AGGREF'])('a %s that does not name its function is refused', (tag) => {
    expect(ruleOf(analyse(query({ target: `{${tag} :args (${VAR})}` })))).toBe('operator-unresolved');
  });

  it('an expression that no version has is the sum of its children and may raise', () => {
    const analysis = analyse(query({ target: `{SOMETHINGNEW :arg ${VAR} :more (${VAR})}` }));
    if (analysis.kind !== 'flows') throw new Error(JSON.stringify(analysis));
    expect([...(analysis.flows.outputs[0]?.sources ?? [])]).toEqual(['20000.1']);
    expect([...analysis.flows.faultable]).toEqual(['20000.1']);
  });

  it.each([
    ['a query', query({ more: `:somethingNew (${VAR})` })],
    ['a FROM item', query({ entry: `{RANGETBLENTRY :rtekind 0 :relid 20000 :inh false :somethingNew true}` })],
  ])('a field of %s that no version has, and that says something, is refused', (_, tree) => {
    expect(ruleOf(analyse(tree))).toBe('unknown-field');
  });

  it('a field that no version has and that says nothing is not in the way', () => {
    expect(analyse(query({ more: ':somethingNew <> :other false :third 0' })).kind).toBe('flows');
  });

  it.each([13, 19])('a server of version %i is refused', (major) => {
    expect(ruleOf(analyse(query(), major))).toBe('server-version');
  });
});
