/**
 * One rule for each node that PostgreSQL 14 to 18 declare in primnodes.h and parsenodes.h, under the name that it is
 * printed with. A test holds the table against the list of nodes of each version. What is not in the table comes from
 * a later version: as an expression it is the sum of its children and may raise, because a new expression node has its
 * inputs as children; anywhere else it is a refusal.
 */
import type { TreeNode, TreeValue } from '../tree-text.ts';

export type NodeRule =
  /** No inputs, or inputs that its parent has as well: no column, cannot raise. */
  | 'value'
  /** The sum of its children; cannot raise by itself. */
  | 'sum'
  /** The sum of its children; may raise. */
  | 'raising'
  /** Computes some children only when others say so: whether one raises, or has effects, depends on all of them. */
  | 'conditional'
  /** Calls the function whose OID it holds (`funcid`, `opfuncid`, `aggfnoid`) with its `args`. */
  | 'function'
  /** Has inputs elsewhere than in its children: a function of its own in expression.ts. */
  | 'own'
  /** A part of a query level or of another node, read by whoever owns it; never an expression. */
  | 'part'
  /** Never in an analysed tree: the parser turned it into something else, or only the planner makes it. */
  | 'foreign';

const RULES: Readonly<Record<NodeRule, string>> = {
  value: 'CONST CASETESTEXPR COERCETODOMAINVALUE SETTODEFAULT SQLVALUEFUNCTION',
  sum: `ARRAYEXPR ROWEXPR NULLTEST BOOLEANTEST RELABELTYPE COLLATEEXPR NAMEDARGEXPR TARGETENTRY CASEWHEN GROUPINGFUNC
    FIELDSTORE CONVERTROWTYPEEXPR RETURNINGEXPR INFERENCEELEM JSONVALUEEXPR JSONFORMAT JSONRETURNING`,
  raising: `XMLEXPR JSONCONSTRUCTOREXPR JSONISPREDICATE JSONEXPR JSONBEHAVIOR TABLEFUNC TABLESAMPLECLAUSE
    JSONTABLEPATH JSONTABLEPATHSCAN JSONTABLESIBLINGJOIN`,
  conditional: 'CASEEXPR COALESCEEXPR BOOLEXPR ARRAYCOERCEEXPR',
  function: 'FUNCEXPR OPEXPR DISTINCTEXPR NULLIFEXPR SCALARARRAYOPEXPR AGGREF',
  own: `VAR PARAM SUBLINK WINDOWFUNC FIELDSELECT COERCEVIAIO COERCETODOMAIN SUBSCRIPTINGREF ROWCOMPAREEXPR MINMAXEXPR
    SORTGROUPCLAUSE CURRENTOFEXPR NEXTVALUEEXPR MERGESUPPORTFUNC`,
  part: `QUERY RANGETBLENTRY RANGETBLREF FROMEXPR JOINEXPR SETOPERATIONSTMT COMMONTABLEEXPR CTESEARCHCLAUSE CTECYCLECLAUSE
    ONCONFLICTEXPR MERGEACTION GROUPINGSET WINDOWCLAUSE ROWMARKCLAUSE WITHCHECKOPTION RANGETBLFUNCTION
    RTEPERMISSIONINFO RETURNINGCLAUSE ALIAS INTEGER FLOAT BOOLEAN STRING BITSTRING LIST INTLIST OIDLIST`,
  foreign: `A_ARRAYEXPR A_CONST A_EXPR A_INDICES A_INDIRECTION A_STAR ACCESSPRIV ALTERNATIVESUBPLAN ATALTERCONSTRAINT
    CALLCONTEXT COLLATECLAUSE COLUMNDEF COLUMNREF CONSTRAINT CREATEOPCLASSITEM DEFELEM FUNCCALL FUNCTIONPARAMETER
    INDEXELEM INFERCLAUSE INLINECODEBLOCK INTOCLAUSE JSONAGGCONSTRUCTOR JSONARGUMENT JSONARRAYAGG JSONARRAYCONSTRUCTOR
    JSONARRAYQUERYCONSTRUCTOR JSONFUNCEXPR JSONKEYVALUE JSONOBJECTAGG JSONOBJECTCONSTRUCTOR JSONOUTPUT JSONPARSEEXPR
    JSONSCALAREXPR JSONSERIALIZEEXPR JSONTABLE JSONTABLECOLUMN JSONTABLEPATHSPEC LOCKINGCLAUSE MERGEWHENCLAUSE
    MULTIASSIGNREF OBJECTWITHARGS ONCONFLICTCLAUSE PARAMREF PARTITIONBOUNDSPEC PARTITIONCMD PARTITIONELEM
    PARTITIONRANGEDATUM PARTITIONSPEC PLACEHOLDERVAR PUBLICATIONOBJSPEC PUBLICATIONTABLE RANGEFUNCTION RANGESUBSELECT
    RANGETABLEFUNC RANGETABLEFUNCCOL RANGETABLESAMPLE RANGEVAR RESTARGET RETURNINGOPTION ROLESPEC SINGLEPARTITIONSPEC
    SORTBY STATSELEM SUBPLAN TABLELIKECLAUSE TRIGGERTRANSITION TYPECAST TYPENAME VACUUMRELATION WINDOWDEF
    WINDOWFUNCRUNCONDITION WITHCLAUSE XMLSERIALIZE ALTERTABLECMD`,
};

/**
 * Fields of query levels and FROM items. Their parts are read by name, so a field that is not listed, and holds
 * something, is a refusal: a later version may say there what must not be missed.
 */
const FIELDS: Readonly<Record<string, string>> = {
  QUERY: `commandType querySource canSetTag utilityStmt resultRelation hasAggs hasWindowFuncs hasTargetSRFs hasSubLinks
    hasDistinctOn hasRecursive hasModifyingCTE hasForUpdate hasRowSecurity hasGroupRTE isReturn cteList rtable
    rteperminfos jointree mergeActionList mergeTargetRelation mergeJoinCondition mergeUseOuterJoin targetList override
    onConflict returningOldAlias returningNewAlias returningList groupClause groupDistinct groupingSets havingQual
    windowClause distinctClause sortClause limitOffset limitCount limitOption rowMarks setOperations constraintDeps
    withCheckOptions stmt_location stmt_len`,
  RANGETBLENTRY: `alias eref rtekind relid relkind rellockmode tablesample perminfoindex inh lateral inFromCl
    requiredPerms checkAsUser selectedCols insertedCols updatedCols extraUpdatedCols securityQuals subquery
    security_barrier jointype joinmergedcols joinaliasvars joinleftcols joinrightcols join_using_alias functions
    funcordinality tablefunc values_lists ctename ctelevelsup self_reference coltypes coltypmods colcollations enrname
    enrtuples groupexprs`,
  ONCONFLICTEXPR: `action arbiterElems arbiterWhere constraint onConflictSet onConflictWhere exclRelIndex
    exclRelTlist`,
  MERGEACTION: 'matched matchKind commandType override qual targetList updateColnos',
  COMMONTABLEEXPR: `ctename aliascolnames ctematerialized ctequery search_clause cycle_clause location cterecursive
    cterefcount ctecolnames ctecoltypes ctecoltypmods ctecolcollations`,
  WINDOWCLAUSE: `name refname partitionClause orderClause frameOptions startOffset endOffset startInRangeFunc
    endInRangeFunc inRangeColl inRangeAsc inRangeNullsFirst winref copiedOrder runCondition`,
};

const KNOWN_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(FIELDS).map(([tag, fields]) => [tag, new Set(fields.split(/\s+/))] as const),
);

/** Values that say nothing: absent, false, zero. */
const NOTHING: ReadonlySet<TreeValue> = new Set([null, 'false', '0']);

/** Names of the fields of a query level or FROM item that are known; undefined for other nodes. */
export function partFields(tag: string): ReadonlySet<string> | undefined {
  return KNOWN_FIELDS.get(tag);
}

/** A field of a query level or FROM item that no version to 18 has and that holds something; null for none. */
export function unknownField(node: TreeNode): string | null {
  const known = KNOWN_FIELDS.get(node.tag);
  if (known === undefined) return null;
  for (const [field, value] of node.fields) if (!known.has(field) && !NOTHING.has(value)) return field;
  return null;
}

const BY_TAG: ReadonlyMap<string, NodeRule> = new Map(
  Object.entries(RULES).flatMap(([rule, tags]) => tags.split(/\s+/).map((tag) => [tag, rule as NodeRule] as const)),
);

/** The rule of a node; undefined for one that no version to 18 has. Statements of the grammar are `foreign`. */
export function nodeRule(tag: string): NodeRule | undefined {
  return BY_TAG.get(tag) ?? (tag.endsWith('STMT') ? 'foreign' : undefined);
}
