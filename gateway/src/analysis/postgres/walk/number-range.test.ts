/** Which arithmetic on `numeric` can raise. Nodes as 15 prints them, the bytes of literals by hand (numeric.c, NumericShort). */
import { describe, expect, it } from 'vitest';
import type { SchemaFacts } from '../facts.ts';
import { isNode, parseTree, type TreeNode } from '../tree-text.ts';
import { canLeaveRange, keepsUsual, staysInRange } from './number-range.ts';
import { openWalker } from './open-walker.ts';
import { openStoredScope } from './stored-scope.ts';
import { NO_SOURCES, type Scope } from './walker.ts';

const NO_FACTS: SchemaFacts = {
  relation: () => null,
  function: () => null,
  type: () => null,
  operator: () => null,
  text: () => null,
  body: () => null,
  relationNamed: () => null,
  userNames: () => false,
};
const walker = () => openWalker(NO_FACTS, { function: () => undefined }, 15);

function node(text: string): TreeNode {
  const parsed = parseTree(text);
  if (parsed.kind === 'malformed' || !isNode(parsed.value)) throw new Error(`not a node: ${text}`);
  return parsed.value;
}

/** pg_proc.dat */
const [ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, CAST] = [1724, 1725, 1726, 1727, 1729, 1703];
const [TO_INT8, TO_INT4, TO_INT2, FROM_INT4, FROM_INT8] = [1779, 1744, 1783, 1740, 1781];
const [SUM, AVERAGE, ROUND] = [2114, 2103, 1707];

/** A column that is `numeric(precision, scale)`; of any precision without one. */
const column = (precision?: number, scale = 0): string => {
  const typmod = precision === undefined ? -1 : precision * 65_536 + scale + 4;
  return `{VAR :varno 1 :varattno 1 :vartype 1700 :vartypmod ${typmod} :varlevelsup 0}`;
};
/** A column of the sub-query in FROM. */
const derived = '{VAR :varno 2 :varattno 1 :vartype 1700 :vartypmod -1 :varlevelsup 0}';
const call = (oid: number, ...given: readonly string[]): string =>
  `{FUNCEXPR :funcid ${oid} :args (${given.join(' ')})}`;
const integer = (value: number): string => {
  const bytes = [0, 8, 16, 24].map((shift) => (value >> shift) & 0xff);
  return `{CONST :consttype 23 :constvalue 4 [ ${bytes.join(' ')} 0 0 0 0 ]}`;
};
const precision = (digits: number, scale: number): string => integer(digits * 65_536 + scale + 4);
/** Weight of the first group of four digits, and the groups. */
const literal = (weight: number, ...groups: readonly number[]): string => {
  const header = 0x8000 | (weight & 0x7f);
  const bytes = [0, 0, 0, 0, header & 0xff, header >> 8, ...groups.flatMap((group) => [group & 0xff, group >> 8])];
  return `{CONST :consttype 1700 :constvalue ${bytes.length} [ ${bytes.join(' ')} ]}`;
};
const special = (high: number): string => `{CONST :consttype 1700 :constvalue 6 [ 24 0 0 0 0 ${high} ]}`;
const ZERO = literal(0);
const HUNDRED = literal(0, 100);
const nullIf = (value: string, other: string): string => `{NULLIFEXPR :opfuncid 1718 :args (${value} ${other})}`;
const caseOf = (...results: readonly string[]): string =>
  `{CASEEXPR :casetype 1700 :arg <> :args (${results.map((result) => `{CASEWHEN :expr <> :result ${result}}`).join(' ')}) :defresult <>}`;

function scopeWith(inner: string): Scope {
  const query = `{QUERY :commandType 1 :rtable ({RANGETBLENTRY :rtekind 0 :relid 20000} {RANGETBLENTRY :rtekind 1 :subquery
    {QUERY :commandType 1 :rtable ({RANGETBLENTRY :rtekind 0 :relid 20000}) :targetList ({TARGETENTRY :expr ${inner} :resno 1})}})}`;
  return { ...openStoredScope(() => NO_SOURCES), query: node(query) };
}

const given = (texts: readonly string[]): readonly TreeNode[] => texts.map(node);
const canLeave = (oid: number, texts: readonly string[], inner = column(8, 2)): boolean =>
  canLeaveRange(walker(), oid, given(texts), scopeWith(inner));

describe('arithmetic that cannot fail', () => {
  it.each([
    ['numeric(8,2) as an integer', TO_INT4, [column(8, 2)]],
    ['numeric(20,2) as a bigint', TO_INT8, [column(20, 2)]],
    ['numeric(6,2) as a smallint', TO_INT2, [column(6, 2)]],
    ['a sum of columns', ADD, [column(8, 2), column()]],
    ['a difference', SUBTRACT, [column(), integer(3)].map((one, index) => (index === 1 ? call(FROM_INT4, one) : one))],
    ['a product of columns', MULTIPLY, [column(), column()]],
    ['a quotient by a literal', DIVIDE, [column(), HUNDRED]],
    ['a quotient by NULLIF(x, 0)', DIVIDE, [column(8, 2), nullIf(column(8, 2), call(FROM_INT4, integer(0)))]],
    ['a quotient by NULLIF(x, 0.0)', DIVIDE, [column(8, 2), nullIf(column(8, 2), ZERO)]],
    ['a remainder of a literal', MODULO, [column(), HUNDRED]],
    ['a cast to more digits', CAST, [column(4, 2), integer(5 * 65_536 + 2 + 4)]],
    ['a cast to as many digits, with nothing to round up', CAST, [column(8, 2), precision(8, 2)]],
    ['such a cast to more digits behind the point', CAST, [column(8, 2), precision(9, 3)]],
    ['such a cast of an average, which is not above the largest', CAST, [call(AVERAGE, column(8, 2)), precision(8, 2)]],
    ['such a cast of a column of a sub-query', CAST, [derived, precision(8, 2)]],
    [
      'a product with a count',
      MULTIPLY,
      [column(), call(FROM_INT8, '{VAR :varno 1 :varattno 2 :vartype 20 :varlevelsup 0}')],
    ],
    ['a choice of such', TO_INT4, [caseOf(column(8, 2), column(9, 2))]],
    ['COALESCE of such', TO_INT4, [`{COALESCEEXPR :args (${column(8, 2)} ${ZERO})}`]],
    ['a column of a sub-query over such', TO_INT4, [derived]],
    ['zero', TO_INT2, [ZERO]],
  ])('%s', (_name, oid, texts) => {
    expect(canLeave(oid, texts)).toBe(false);
  });
});

describe('arithmetic that can fail', () => {
  it.each([
    ['numeric(12,2) as an integer', TO_INT4, [column(12, 2)]],
    ['numeric(21,2) as a bigint', TO_INT8, [column(21, 2)]],
    ['numeric of any precision as a bigint', TO_INT8, [column()]],
    ['a quotient by a column', DIVIDE, [column(8, 2), column(8, 2)]],
    ['a quotient by zero', DIVIDE, [column(8, 2), ZERO]],
    ['a quotient by NULLIF(x, 1)', DIVIDE, [column(8, 2), nullIf(column(8, 2), call(FROM_INT4, integer(1)))]],
    ['a remainder of a column', MODULO, [column(), column()]],
    ['a cast to as many digits, which rounding can exceed', CAST, [column(9, 3), precision(8, 2)]],
    ['such a cast of an average', CAST, [call(AVERAGE, column(9, 3)), precision(8, 2)]],
    ['such a cast of what was computed', CAST, [call(ADD, column(5, 2), column(7, 4)), precision(6, 2)]],
    ['such a cast of a literal', CAST, [HUNDRED, precision(5, 2)]],
    ['a cast to fewer digits', CAST, [column(8, 2), integer(5 * 65_536 + 2 + 4)]],
    ['NaN', ADD, [column(8, 2), special(0xc0)]],
    ['infinity', ADD, [column(8, 2), special(0xd0)]],
    ['a literal of the long format', ADD, [column(8, 2), special(0x00)]],
    ['a choice of which one is large', TO_INT4, [caseOf(column(8, 2), column(12, 2))]],
    ['a value of another type', ADD, [column(8, 2), '{VAR :varno 1 :varattno 2 :vartype 20 :varlevelsup 0}']],
    ['a parameter', ADD, [column(8, 2), '{PARAM :paramkind 0 :paramid 1 :paramtype 1700}']],
    ['nothing that could be looked at', ADD, []],
  ])('%s', (_name, oid, texts) => {
    expect(canLeave(oid, texts)).toBe(true);
  });

  it('a column of a sub-query that can be large', () => {
    expect(canLeave(TO_INT4, [derived], column(12, 2))).toBe(true);
  });

  it('a column of a sub-query that is computed out of range', () => {
    expect(canLeave(TO_INT4, [derived], call(MULTIPLY, column(8, 2), column(8, 2)))).toBe(true);
  });

  it('functions that are not about how large a number is are no matter of this file', () => {
    expect(canLeave(1, [column()])).toBe(false);
  });
});

describe('the bounds', () => {
  const product = (factors: number): readonly string[] => {
    let text = column(1000);
    for (let count = 1; count < factors - 1; count += 1) text = call(MULTIPLY, text, column(1000));
    return [text, column(1000)];
  };

  it('100,000 digits count as few enough, more do not', () => {
    expect(canLeave(MULTIPLY, product(100))).toBe(false);
    expect(canLeave(MULTIPLY, product(101))).toBe(true);
  });

  it('an expression of more parts than are looked at can be anything', () => {
    const sum = (parts: number): string =>
      Array.from({ length: parts }, () => HUNDRED).reduce((left, right) => call(SUBTRACT, left, right));
    expect(canLeave(TO_INT8, [`{COALESCEEXPR :args (${Array.from({ length: 999 }, () => HUNDRED).join(' ')})}`])).toBe(
      false,
    );
    expect(canLeave(TO_INT8, [`{COALESCEEXPR :args (${Array.from({ length: 1000 }, () => HUNDRED).join(' ')})}`])).toBe(
      true,
    );
    expect(canLeave(ADD, [sum(400), sum(100)])).toBe(false);
    expect(canLeave(ADD, [sum(400), sum(102)])).toBe(true);
  });
});

describe('aggregates, rounding, and what stays usual', () => {
  it.each([
    ['a sum', SUM, true],
    ['an average', AVERAGE, true],
    ['rounding', ROUND, true],
    ['arithmetic, which is asked about otherwise', ADD, false],
  ])('%s of a bounded column cannot fail', (_name, oid, expected) => {
    expect(staysInRange(walker(), oid, given([column(12, 2), integer(2)]), scopeWith(column()))).toBe(expected);
  });

  it('a sum of what may be a special value can', () => {
    expect(staysInRange(walker(), SUM, given([special(0xc0)]), scopeWith(column()))).toBe(false);
  });

  it('a product of two large columns is no longer below 1e308, one of small columns is', () => {
    expect(keepsUsual(walker(), MULTIPLY, given([column(12, 2), column(12, 2)]), scopeWith(column()))).toBe(true);
    expect(keepsUsual(walker(), MULTIPLY, given([column(), column(12, 2)]), scopeWith(column()))).toBe(false);
    expect(keepsUsual(walker(), ROUND, given([column(12, 2)]), scopeWith(column()))).toBe(false);
  });

  it('looking at a literal binds the analysis to it, looking at a column does not', () => {
    const [bound, free] = [walker(), walker()];
    canLeaveRange(bound, ADD, given([column(), HUNDRED]), scopeWith(column()));
    canLeaveRange(free, ADD, given([column(), column()]), scopeWith(column()));
    expect([bound.findings.readConstant, free.findings.readConstant]).toEqual([true, false]);
  });
});
