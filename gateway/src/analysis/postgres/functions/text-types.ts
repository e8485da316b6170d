/** Types that every value can be printed into: text, varchar, bpchar, name, cstring, unknown. */
const TEXT_LIKE: ReadonlySet<number> = new Set([25, 1043, 1042, 19, 2275, 705]);

export function isTextLike(typeOid: number): boolean {
  return TEXT_LIKE.has(typeOid);
}
