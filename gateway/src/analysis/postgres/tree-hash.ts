/**
 * The hash of a tree: what the statement means, without where its words stood.
 */
import { createHash } from 'node:crypto';

/** Fields that hold byte positions in the statement's text (`location`, `stmt_location`, 18: `list_start`, `list_end`). */
const POSITIONS = /:(location|stmt_location|stmt_len|list_start|list_end|rexpr_list_start|rexpr_list_end) -?\d+/g;

/** Values of literals. */
const LITERALS = /:constvalue \d+ \[[^\]]*\]/g;

/**
 * The same with literals blanked: equal for statements that differ in literals only. A key for flows that are
 * `constantFree`, and for nothing else: an approval or a decision that looks at literals must not use it.
 */
export function skeletonHash(texts: readonly string[]): string {
  return treeHash(texts.map((text) => text.replaceAll('\n', ' ').replace(LITERALS, ':constvalue 0 [ ]')));
}

/** SHA-256, hex, of the trees, as printed or with line breaks undone, with positions blanked. Length-prefixed, so that lists of trees differ. */
export function treeHash(texts: readonly string[]): string {
  const hash = createHash('sha256').update('sluice tree 1\n');
  for (const text of texts) {
    const blanked = text.replaceAll('\n', ' ').replace(POSITIONS, ':$1 0');
    hash.update(`${Buffer.byteLength(blanked)}\n`).update(blanked);
  }
  return hash.digest('hex');
}
