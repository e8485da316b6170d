import { FIRST_USER_OID } from '../facts.ts';
import type { Walker } from './walker.ts';

const FUNCTION = /:(?:funcid|opfuncid) (\d+)/g;

/**
 * Whether an expression of the catalog, as node text, calls a function that somebody made, or casts to a domain: such an
 * expression may say something else than when a row was stored. Functions of extensions count as the server's own.
 */
export function callsUsers(walker: Walker, text: string): boolean {
  if (text.includes('{COERCETODOMAIN ')) return true;
  return [...text.matchAll(FUNCTION)].some(
    ([, oid]) => Number(oid) >= FIRST_USER_OID && walker.facts.function(Number(oid))?.extension === null,
  );
}
