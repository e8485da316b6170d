/**
 * The hash of a tree: what the statement means, without where its words stood.
 */
import { hash } from 'node:crypto';

/** Fields that hold byte positions in the statement's text (`location`, `stmt_location`, 18: `list_start`, `list_end`). */
const POSITIONS = /:(location|stmt_location|stmt_len|list_start|list_end|rexpr_list_start|rexpr_list_end) -?\d+/g;

/** Values of literals. */
const LITERALS = /:constvalue \d+ \[[^\]]*\]/g;

/**
 * The hash of trees (`treeHash`), and their skeleton, with literals blanked: equal for statements that differ in literals
 * only. A key for flows that are `constantFree`, and for nothing else: an approval or a decision that looks at literals
 * must not use it.
 */
export function treeHashes(texts: readonly string[]): { readonly tree: string; readonly skeleton: string } {
  const blanked = texts.map(withoutPositions);
  const skeleton = blanked.map((text) => text.replace(LITERALS, ':constvalue 0 [ ]'));
  return { tree: hashOf(blanked), skeleton: hashOf(skeleton) };
}

/** SHA-256, hex, of the trees, as printed or with line breaks undone, with positions blanked. Length-prefixed, so that lists of trees differ. */
export function treeHash(texts: readonly string[]): string {
  return hashOf(texts.map(withoutPositions));
}

/** A tree as one line, with positions in the text blanked. */
export function withoutPositions(text: string): string {
  return text.replaceAll('\n', ' ').replace(POSITIONS, ':$1 0');
}

function hashOf(blanked: readonly string[]): string {
  const parts = blanked.map((text) => `${Buffer.byteLength(text)}\n${text}`);
  return hash('sha256', `sluice tree 1\n${parts.join('')}`, 'hex');
}
