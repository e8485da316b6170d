/**
 * Reviewed functions that the server takes for volatile (`pg_proc.provolatile`). It keeps a column of a sub-query in
 * which one stands, although nobody reads the column, and computes the rest of that column with it.
 */
import { BUILT_INS } from './built-in.ts';

const VOLATILE: ReadonlySet<string> = new Set(BUILT_INS.filter((one) => one.volatile).map((one) => one.name));

export function isVolatileBuiltIn(name: string): boolean {
  return VOLATILE.has(name);
}
