/**
 * How large a `numeric` can get. Arithmetic on it raises only beyond 10^131072, a division by zero, and a cast where
 * the value does not fit. What a column holds is bounded by its type (`numeric(12,2)`), or is usual when it is stored;
 * so `salary * 12 / 100`, `round(sum(total) * 1.1, 2)` and `salary::integer` of `numeric(8,2)` cannot fail, whatever
 * the values are.
 */
import { constantBytes, neededNode, nodeAt, nodesAt, numberAt, numberOr } from '../tree-node.ts';
import type { TreeNode } from '../tree-text.ts';
import { COUNTED_DIGITS, COUNTERS } from './counters.ts';
import { fieldDigits } from './date-field.ts';
import { columnOf, definitionOf, type Level } from './definition.ts';
import { literalInteger } from './literals.ts';
import type { Scope, Walker } from './walker.ts';

/** Decimal digits before the point that count as too many; the server's bound is 131,072. */
const MOST_DIGITS = 100_000;
/** Digits of a stored number without a declared precision: below 1e308, like everything that counts as usual. */
const STORED_DIGITS = 308;
/** A `numeric` other than zero is not nearer to zero than 10^-16383. */
const LEAST_EXPONENT = -16_384;
/** A sum over as many rows as there can be. */
const ROWS_DIGITS = 19;
/** Expressions looked at for one question. */
const MAX_STEPS = 1_000;
const NUMERIC = 1700;

/** pg_proc.dat */
const ADD = 1724;
const SUBTRACT = 1725;
const MULTIPLY = 1726;
const DIVISIONS: ReadonlySet<number> = new Set([1727, 1973, 1980]);
const REMAINDERS: ReadonlySet<number> = new Set([1728, 1729]);
const TO_PRECISION = 1703;
/** int8(numeric), int4(numeric), int2(numeric), and the digits that surely fit. */
const TO_INTEGER: ReadonlyMap<number, number> = new Map([
  [1779, 18],
  [1744, 9],
  [1783, 4],
]);
/** numeric(int8), numeric(int4), numeric(int2). */
const FROM_INTEGER: ReadonlyMap<number, number> = new Map([
  [1781, 19],
  [1740, 10],
  [1782, 5],
]);
/** round, trunc, ceil, ceiling, floor: at most one digit more. abs and minus: none. */
const ROUNDINGS: ReadonlySet<number> = new Set([1707, 1708, 1709, 1710, 1711, 2167, 1712, 1705, 1704, 1771]);
const SUM = 2114;
const SUM_OF_BIGINTS = 2107;
/** Sums and differences of bigint. */
const BIGINT_STEPS: ReadonlySet<number> = new Set([463, 464]);
const AVERAGE = 2103;
/** min, max, avg, lag, lead, first_value, last_value, nth_value: not above what goes in. */
const CHOICES: ReadonlySet<number> = new Set([2130, 2146, AVERAGE, 3106, 3107, 3109, 3110, 3112, 3113, 3114]);

const ARITHMETIC: ReadonlySet<number> = new Set([ADD, SUBTRACT, MULTIPLY, ...DIVISIONS, ...REMAINDERS, TO_PRECISION]);

/** The functions that raise only by how large a number is. */
const NEED_RANGE: ReadonlySet<number> = new Set([...ARITHMETIC, ...TO_INTEGER.keys()]);

/** Whether a call of one of `NEED_RANGE` can raise. */
export function canLeaveRange(walker: Walker, oid: number, given: readonly TreeNode[], scope: Scope): boolean {
  if (!NEED_RANGE.has(oid)) return false;
  const numbers = new Numbers(walker);
  const most = TO_INTEGER.get(oid) ?? MOST_DIGITS;
  return numbers.digitsOfCall(oid, given, scope) > most;
}

/** Whether rounding, a sum or an average cannot raise, because what goes in is bounded. */
export function staysInRange(walker: Walker, oid: number, given: readonly TreeNode[], scope: Scope): boolean {
  if (oid !== SUM && oid !== AVERAGE && !ROUNDINGS.has(oid)) return false;
  return new Numbers(walker).digitsOfCall(oid, given, scope) <= MOST_DIGITS;
}

/** Digits before the point that a value has at most; infinite when that is not known. */
export function numericDigits(walker: Walker, node: TreeNode, level: Level): number {
  return new Numbers(walker).of(node, level);
}

/** Whether the result of arithmetic on usual numbers is one, too: below 1e308. */
export function keepsUsual(walker: Walker, oid: number, given: readonly TreeNode[], level: Level): boolean {
  return ARITHMETIC.has(oid) && new Numbers(walker).digitsOfCall(oid, given, level) <= STORED_DIGITS;
}

class Numbers {
  readonly #walker: Walker;
  #steps = 0;

  constructor(walker: Walker) {
    this.#walker = walker;
  }

  of(node: TreeNode, level: Level): number {
    return this.#digits(node, level);
  }

  /** Digits before the point that the result has at most; infinite when the call may raise. */
  digitsOfCall(oid: number, given: readonly TreeNode[], level: Level): number {
    const [left, right] = given;
    if (left === undefined) return Number.POSITIVE_INFINITY;
    if (oid === SUM_OF_BIGINTS) return this.#isCounted(left, level) ? COUNTED_DIGITS : Number.POSITIVE_INFINITY;
    const digits = this.#digits(left, level);
    if (TO_INTEGER.has(oid)) return digits;
    if (oid === SUM) return digits + ROWS_DIGITS;
    if (CHOICES.has(oid)) return digits;
    if (ROUNDINGS.has(oid)) return digits + 1;
    if (right === undefined) return Number.POSITIVE_INFINITY;
    if (oid === TO_PRECISION) return this.#digitsOfCast(digits, this.#scale(left, level), right);
    if (oid === ADD || oid === SUBTRACT) return Math.max(digits, this.#digits(right, level)) + 1;
    if (oid === MULTIPLY) return digits + this.#digits(right, level);
    if (DIVISIONS.has(oid)) return digits - this.#leastExponent(right) + 1;
    if (REMAINDERS.has(oid)) return Number.isFinite(this.#leastExponent(right)) ? digits : Number.POSITIVE_INFINITY;
    return Number.POSITIVE_INFINITY;
  }

  #digits(node: TreeNode, level: Level): number {
    if (++this.#steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
    switch (node.tag) {
      case 'CONST':
        return this.#digitsOfLiteral(node);
      case 'VAR':
        return this.#digitsOfColumn(node, level);
      case 'CASEEXPR':
        return this.#most(
          [...nodesAt(node, 'args').map((arm) => neededNode(arm, 'result')), nodeAt(node, 'defresult')],
          level,
        );
      case 'COALESCEEXPR':
      case 'MINMAXEXPR':
        return this.#most(nodesAt(node, 'args'), level);
      case 'NULLIFEXPR':
        return this.#most(nodesAt(node, 'args').slice(0, 1), level);
      case 'SUBLINK': {
        const found = columnOf(neededNode(node, 'subselect'), 1, level);
        if (found.kind !== 'computed') return Number.POSITIVE_INFINITY;
        return Math.max(0, ...found.by.map((one) => this.#digits(one.node, one.level)));
      }
      default: {
        const oid = functionOf(node);
        const given = nodesAt(node, 'args').map((argument) =>
          argument.tag === 'TARGETENTRY' ? neededNode(argument, 'expr') : argument,
        );
        return FROM_INTEGER.get(oid) ?? fieldDigits(this.#walker, node, level) ?? this.digitsOfCall(oid, given, level);
      }
    }
  }

  #isCounted(node: TreeNode, level: Level): boolean {
    if (++this.#steps > MAX_STEPS) return false;
    if (node.tag === 'VAR') {
      const definition = definitionOf(node, level);
      return definition.kind === 'computed' && definition.by.every((one) => this.#isCounted(one.node, one.level));
    }
    const oid = functionOf(node);
    return (
      COUNTERS.has(oid) || (BIGINT_STEPS.has(oid) && nodesAt(node, 'args').every((one) => this.#isCounted(one, level)))
    );
  }

  #most(nodes: readonly (TreeNode | null)[], level: Level): number {
    return Math.max(0, ...nodes.map((node) => (node === null ? 0 : this.#digits(node, level))));
  }

  #digitsOfColumn(node: TreeNode, level: Level): number {
    if (numberAt(node, 'vartype') !== NUMERIC) return Number.POSITIVE_INFINITY;
    const definition = definitionOf(node, level);
    if (definition.kind === 'computed')
      return Math.max(0, ...definition.by.map((one) => this.#digits(one.node, one.level)));
    if (definition.kind !== 'stored') return Number.POSITIVE_INFINITY;
    return precisionOf(numberOr(node, 'vartypmod', -1))?.whole ?? STORED_DIGITS;
  }

  /**
   * `numeric(p,s)` raises for a number that has more digits before the point after it was rounded: 9.99 has one digit,
   * and two as `numeric(3,1)`. One of a scale that is not greater is not rounded up.
   */
  #digitsOfCast(digits: number, scale: number, modifier: TreeNode): number {
    const target = precisionOf(literalInteger(this.#walker, modifier) ?? -1);
    if (target === null) return Number.POSITIVE_INFINITY;
    const most = scale <= target.scale ? digits : digits + 1;
    return most > target.whole ? Number.POSITIVE_INFINITY : target.whole;
  }

  /** Digits behind the point of the largest value there can be; infinite when that is not known. */
  #scale(node: TreeNode, level: Level): number {
    if (++this.#steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
    if (CHOICES.has(functionOf(node))) {
      const [first] = nodesAt(node, 'args');
      if (first === undefined) return Number.POSITIVE_INFINITY;
      return this.#scale(first.tag === 'TARGETENTRY' ? neededNode(first, 'expr') : first, level);
    }
    if (node.tag !== 'VAR' || numberAt(node, 'vartype') !== NUMERIC) return Number.POSITIVE_INFINITY;
    const definition = definitionOf(node, level);
    if (definition.kind === 'computed')
      return Math.max(0, ...definition.by.map((one) => this.#scale(one.node, one.level)));
    const stored = definition.kind === 'stored' ? precisionOf(numberOr(node, 'vartypmod', -1)) : null;
    return stored?.scale ?? Number.POSITIVE_INFINITY;
  }

  #digitsOfLiteral(node: TreeNode): number {
    if (numberAt(node, 'consttype') !== NUMERIC) return Number.POSITIVE_INFINITY;
    this.#walker.findings.readConstant = true;
    const bytes = constantBytes(node);
    if (bytes === null) return 0;
    const exponent = exponentOf(bytes);
    return exponent === null ? Number.POSITIVE_INFINITY : Math.max(0, exponent + 1);
  }

  /** The value is not nearer to zero than 10 to this; minus infinity when it may be zero. */
  #leastExponent(node: TreeNode): number {
    if (node.tag === 'CONST') return this.#leastExponentOfLiteral(node);
    const inside = FROM_INTEGER.has(functionOf(node)) ? nodesAt(node, 'args')[0] : undefined;
    if (inside !== undefined) {
      const value = literalInteger(this.#walker, inside);
      if (value !== null && value !== 0) return Math.floor(Math.log10(Math.abs(value)));
      return this.#isNullIfZero(inside) ? 0 : Number.NEGATIVE_INFINITY;
    }
    return this.#isNullIfZero(node) ? LEAST_EXPONENT : Number.NEGATIVE_INFINITY;
  }

  #leastExponentOfLiteral(node: TreeNode): number {
    if (numberAt(node, 'consttype') !== NUMERIC) return Number.NEGATIVE_INFINITY;
    this.#walker.findings.readConstant = true;
    const bytes = constantBytes(node);
    const exponent = bytes === null || bytes.length <= HEADER_BYTES ? null : exponentOf(bytes);
    return exponent ?? Number.NEGATIVE_INFINITY;
  }

  /** `NULLIF(x, 0)` */
  #isNullIfZero(node: TreeNode): boolean {
    if (node.tag !== 'NULLIFEXPR') return false;
    const zero = nodesAt(node, 'args')[1];
    const inner = zero !== undefined && FROM_INTEGER.has(functionOf(zero)) ? nodesAt(zero, 'args')[0] : zero;
    if (inner?.tag !== 'CONST') return false;
    if (numberAt(inner, 'consttype') !== NUMERIC) return literalInteger(this.#walker, inner) === 0;
    this.#walker.findings.readConstant = true;
    const bytes = constantBytes(inner);
    return bytes?.length === HEADER_BYTES && exponentOf(bytes) !== null;
  }
}

function functionOf(node: TreeNode): number {
  for (const field of ['funcid', 'opfuncid', 'aggfnoid', 'winfnoid'])
    if (node.fields.has(field) && node.tag !== 'NULLIFEXPR') return numberAt(node, field);
  return 0;
}

/** numeric.c: precision in the upper half, scale in the lower eleven bits, signed since 15; 4 is added. */
function precisionOf(typmod: number): { readonly whole: number; readonly scale: number } | null {
  if (typmod < 4) return null;
  const packed = typmod - 4;
  const scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
  return { whole: Math.max(0, (packed >> 16) - scale), scale };
}

/**
 * numeric.c, NumericShort: a length word of 4 bytes, then 2 bytes `10sddddd dwwwwwww` (sign, decimals, weight of the
 * first group of four digits, signed), then the groups; none for zero.
 */
const HEADER_BYTES = 6;
const DIGITS_A_GROUP = 4;

/**
 * The power of ten of the first digit, 0 for zero; null for what is not a number of the short format: NaN, infinity,
 * beyond 1e256.
 */
function exponentOf(bytes: readonly number[]): number | null {
  const header = (bytes[4] ?? 0) | ((bytes[5] ?? 0) << 8);
  if ((header & 0xc000) !== 0x8000) return null;
  const first = (bytes[HEADER_BYTES] ?? 0) | ((bytes[HEADER_BYTES + 1] ?? 0) << 8);
  if (first === 0) return 0;
  return (((header & 0x7f) ^ 0x40) - 0x40) * DIGITS_A_GROUP + Math.floor(Math.log10(first));
}
