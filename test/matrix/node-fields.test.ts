/**
 * The walker beside primnodes.h and parsenodes.h: every field of every node that can be in an analysed tree is visited,
 * or is listed here with why it need not be.
 */
import { describe, expect, it } from 'vitest';
import { nodeRule, partFields } from '../../gateway/src/analysis/postgres/walk/node-rules.ts';
import fields from './node-fields.json' with { type: 'json' };

type Change = { readonly added?: string; readonly removed?: string };
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** All fields that a node has in any version. */
const FIELDS: ReadonlyMap<string, ReadonlySet<string>> = allFields();

function allFields(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (node: string, more: string): void => {
    found.set(node, new Set([...(found.get(node) ?? []), ...words(more)]));
  };
  for (const [node, text] of Object.entries(fields['15'])) add(node, text);
  for (const version of [fields['16'], fields['17'], fields['18']])
    for (const [node, change] of Object.entries<Change>(version)) add(node, change.added ?? '');
  return found;
}

/** Query levels and FROM items, whose fields are read by name: what is not known of them is refused while it is walked. */
const CHECKED_WHEN_WALKED = [
  'Query',
  'RangeTblEntry',
  'OnConflictExpr',
  'MergeAction',
  'CommonTableExpr',
  'WindowClause',
];

/** Parts that their owners read: each field with nodes that is read, and by whom. */
const READ_BY_OWNER: Readonly<Record<string, string>> = {
  Alias: 'colnames', // names, for words only
  FromExpr: 'fromlist quals', // joinRows
  JoinExpr: 'larg rarg quals usingClause join_using_alias alias', // joinRows; the rest are names
  RangeTblFunction: 'funcexpr funccolnames funccoltypes funccoltypmods funccolcollations', // functionsInFrom; types and names
  SetOperationStmt: 'larg rarg colTypes colTypmods colCollations groupClauses', // walkSetOperation
  CTESearchClause: 'search_col_list', // the rewriter has put it into the query
  CTECycleClause: 'cycle_col_list cycle_mark_value cycle_mark_default', // the same
  GroupingSet: 'content', // numbers of groupClause
  WithCheckOption: 'qual', // levelRows
  RowMarkClause: '',
  RangeTblRef: '',
  RTEPermissionInfo: '',
  ReturningClause: 'options exprs', // of the raw grammar: a list in analysed trees
  List: '',
  IntList: '',
  OidList: '',
};

/** Nodes with a function of their own in the walker: the fields that it visits. Others have all of theirs visited. */
const VISITED_BY_NAME: Readonly<Record<string, string>> = {
  CaseExpr: 'arg args defresult',
  CaseWhen: 'expr result',
  CoalesceExpr: 'args',
  SubLink: 'testexpr subselect operName', // names of the operator, which testexpr has resolved
  FieldSelect: 'arg',
  CoerceViaIO: 'arg',
  CoerceToDomain: 'arg',
};

/** Fields without nodes, by what they say. A function that is named in none of the first three runs unseen. */
const SCALARS: Readonly<Record<string, string>> = {
  'a function, an operator or a method that is judged': 'funcid opfuncid aggfnoid winfnoid eqop sortop tsmhandler opno',
  'a column, a query level or an entry that is followed':
    'varno varattno varlevelsup varreturningtype retlevelsup retold paramid paramkind subLinkType subLinkId ' +
    'tleSortGroupRef winref resno ressortgroupref resjunk fieldnum cursor_name cursor_param agglevelsup seqid',
  'a type whose checks or handler are looked at': 'resulttype paramtype consttype minmaxtype refcontainertype vartype',
  'filled in by the planner only': 'hashfuncid negfuncid aggtransno aggno aggsplit cvarno',
  'a type, of which nothing runs here':
    'opresulttype funcresulttype aggtype aggtranstype wintype casetype coalescetype array_typeid element_typeid refelemtype ' +
    'refrestype row_typeid typeId type functype msftype typid',
  'a modifier of a type, a size':
    'vartypmod consttypmod paramtypmod resulttypmod reftypmod typmod typeMod constlen constbyval',
  'a collation':
    'varcollid constcollid paramcollid funccollid inputcollid opcollid aggcollid wincollid casecollid coalescecollid ' +
    'array_collid resultcollid collOid refcollid minmaxcollid collation infercollid msfcollid',
  'a value': 'constvalue constisnull',
  'a place in the text': 'location list_start list_end',
  'a name or an origin, for words': 'name resname resorigtbl resorigcol varnosyn varattnosyn column_name',
  'how it is written': 'funcformat relabelformat convertformat coerceformat coercionformat row_format',
  'which of several forms it is, all of them treated alike':
    'boolop booltesttype nulltesttype op rctype cmptype useOr aggkind xmloption indent item_type unique_keys btype wrapper ' +
    'omit_quotes use_io_coercion use_json_coercion coerce format_type encoding unique absent_on_null argnumber errorOnError ' +
    'colMin colMax ordinalitycol notnulls',
  'a flag that the walker reads': 'opretset funcretset funcvariadic aggvariadic multidims argisrow',
  'a flag that changes no source':
    'aggstar winstar winagg nulls_first hashable reverse_sort inferopclass varnullingrels',
};
const KNOWN_SCALARS: ReadonlySet<string> = new Set(Object.values(SCALARS).flatMap(words));

const withNodes = (node: string): readonly string[] =>
  [...(FIELDS.get(node) ?? [])].filter((field) => field.endsWith('*')).map((field) => field.slice(0, -1));
const withoutNodes = (node: string): readonly string[] =>
  [...(FIELDS.get(node) ?? [])].filter((field) => !field.endsWith('*'));

describe('fields of nodes', () => {
  const nodes = [...FIELDS.keys()];
  const parts = nodes.filter((node) => nodeRule(node.toUpperCase()) === 'part');
  const expressions = nodes.filter((node) => nodeRule(node.toUpperCase()) !== 'part');

  it.each(CHECKED_WHEN_WALKED)('the walker knows all fields of a %s, and none that there is not', (node) => {
    // 14 and 15 keep numbers in fields of their own, which later versions moved.
    const known = [...(partFields(node.toUpperCase()) ?? [])];
    const declared = [...(FIELDS.get(node) ?? [])].map((field) => field.replace('*', ''));
    expect(declared.filter((field) => !known.includes(field) && !HASHED.has(field))).toEqual([]);
    expect(known.filter((field) => !declared.includes(field) && !LATER.has(field))).toEqual([]);
  });

  it('every other part is read by its owner', () => {
    const others = parts.filter((node) => !CHECKED_WHEN_WALKED.includes(node) && withNodes(node).length > 0);
    const unread = others.flatMap((node) =>
      withNodes(node)
        .filter((field) => !words(READ_BY_OWNER[node] ?? '').includes(field))
        .map((field) => `${node}.${field}`),
    );
    expect(unread).toEqual([]);
  });

  it('expressions that are visited field by field have no other fields with nodes', () => {
    for (const [node, visited] of Object.entries(VISITED_BY_NAME))
      expect([node, withNodes(node).toSorted()]).toEqual([node, words(visited).toSorted()]);
  });

  it.each(expressions)('what a %s says without nodes is judged, or known not to matter', (node) => {
    expect(withoutNodes(node).filter((field) => !KNOWN_SCALARS.has(field))).toEqual([]);
  });

  it('nothing is listed that no version has', () => {
    const all = new Set(expressions.flatMap(withoutNodes));
    expect([...KNOWN_SCALARS].filter((field) => !all.has(field))).toEqual([]);
  });
});

/** Of a Query: a number for statistics, not printed. */
const HASHED: ReadonlySet<string> = new Set(['queryId']);
/** Printed, and in the headers of 16 and later, but not in libpg_query's description of them; or the other way round. */
const LATER: ReadonlySet<string> = new Set(['inFromCl']);
