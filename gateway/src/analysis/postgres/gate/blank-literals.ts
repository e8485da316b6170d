/**
 * A statement's text for eyes that may not see its values: every literal and parameter is a `?`. Null when it is not
 * certain where the literals are; the rules are those of `withoutLiterals`, with parameters besides.
 */
import { withoutLiterals } from './literals.ts';

const PARAMETER = /(?<![\w$])\$\d+(?![\w$])/g;
const STAND_IN = /[\u0001-\u0003]/g;
/** What `withoutLiterals` leaves in a shape because its type depends on its value: long numbers, exponents, other bases. */
const ANY_NUMBER = /(?<!\w)\.?\d[\w.]*/g;

export function blankLiterals(text: string): string | null {
  const shaped = withoutLiterals(text.replace(PARAMETER, '?'));
  return shaped === null ? null : shaped.shape.replace(STAND_IN, '?').replace(ANY_NUMBER, '?');
}
