/**
 * Literals of a statement as parameters of a prepared one. The server's own trees say whether both mean the same: the
 * tree of the one, with its constants replaced by parameters, has to be the tree of the other.
 */
import { withoutPositions } from './tree-hash.ts';

const CONSTANT =
  /\{CONST :consttype (\d+) :consttypmod -1 :constcollid (\d+) :constlen -?\d+ :constbyval (?:true|false) :constisnull false :location (\d+) :constvalue \d+ \[[^\]]*\]\}/g;

/** The types of the constants of a tree, by the position of their literals. A position of two types is left out. */
export function constantTypes(tree: string): ReadonlyMap<number, number> {
  const types = new Map<number, number>();
  const doubtful = new Set<number>();
  for (const [, type, , location] of oneLine(tree).matchAll(CONSTANT)) {
    const at = Number(location);
    const known = types.get(at);
    if (known !== undefined && known !== Number(type)) doubtful.add(at);
    types.set(at, Number(type));
  }
  for (const at of doubtful) types.delete(at);
  return types;
}

/** Whether `lifted` is `tree` with the literals at these positions as parameters 1, 2, … */
export function isLiftedTree(tree: string, lifted: string, positions: readonly number[]): boolean {
  const numbers = new Map(positions.map((at, index) => [at, index + 1]));
  const expected = oneLine(tree).replace(CONSTANT, (constant: string, type: string, collation: string, at: string) => {
    const number = numbers.get(Number(at));
    if (number === undefined) return constant;
    return `{PARAM :paramkind 0 :paramid ${number} :paramtype ${type} :paramtypmod -1 :paramcollid ${collation} :location ${at}}`;
  });
  return withoutPositions(expected) === withoutPositions(lifted);
}

/** The printer of notices breaks lines at spaces. */
function oneLine(tree: string): string {
  return tree.replaceAll('\n', ' ');
}

/** Calls that could tell the text of a statement from another: current_query(), and what pg_stat_activity shows. */
const TELLS_TEXT = new Set([817, 1940, 2022]);
/** Objects with smaller OIDs are the server's own (`FirstNormalObjectId`). */
const FIRST_OF_USERS = 16_384;

/**
 * Whether nothing in the tree could notice that its text has become another: no catalog, no function of users, no
 * function that tells the text of a statement, no domain, whose checks may call one.
 */
export function isBlindToText(tree: string): boolean {
  const text = oneLine(tree);
  if (text.includes('{COERCETODOMAIN ')) return false;
  for (const [, field, oid] of text.matchAll(/:(relid|funcid|opfuncid|aggfnoid|winfnoid) (\d+)/g)) {
    const number = Number(oid);
    if (number === 0) continue;
    if (field === 'relid' ? number < FIRST_OF_USERS : number >= FIRST_OF_USERS || TELLS_TEXT.has(number)) return false;
  }
  return true;
}
