/**
 * Names of nodes. Since 15 a node is printed under the name of its struct (primnodes.h, parsenodes.h) in capitals;
 * 14 has shorter names for some. Everything behind the reader of trees sees the newer names only.
 */
const NAMES_OF_14: ReadonlyMap<string, string> = new Map([
  ['RTE', 'RANGETBLENTRY'],
  ['ARRAY', 'ARRAYEXPR'],
  ['ROW', 'ROWEXPR'],
  ['ROWCOMPARE', 'ROWCOMPAREEXPR'],
  ['COALESCE', 'COALESCEEXPR'],
  ['CASE', 'CASEEXPR'],
  ['WHEN', 'CASEWHEN'],
  ['COLLATE', 'COLLATEEXPR'],
  ['MINMAX', 'MINMAXEXPR'],
]);

/** The name that 15 and later print. */
export function currentTag(printed: string): string {
  return NAMES_OF_14.get(printed) ?? printed;
}
