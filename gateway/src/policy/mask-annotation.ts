/**
 * The `@mask("…")` annotation of a policy, and which of several masks wins.
 */
import type { MaskKind } from './decision.ts';

/** Longest text of `fixed:`, in characters. */
export const MAX_FIXED_MASK_CHARACTERS = 64;
/** Most characters that `last:` may keep. */
export const MAX_LAST_MASK_CHARACTERS = 16;

/** `null`, `fixed:TEXT` (1 to 64 characters) or `last:COUNT` (1 to 16). */
export function parseMask(text: string): MaskKind | 'invalid' {
  if (text === 'null') return { kind: 'null' };
  const [, kind, argument = ''] = /^(fixed|last):(.*)$/s.exec(text) ?? [];
  if (kind === 'fixed' && argument.length > 0 && argument.length <= MAX_FIXED_MASK_CHARACTERS) {
    return { kind: 'fixed', text: argument };
  }
  if (kind === 'last' && /^[1-9]\d?$/.test(argument) && Number(argument) <= MAX_LAST_MASK_CHARACTERS) {
    return { kind: 'last', count: Number(argument) };
  }
  return 'invalid';
}

/**
 * The mask that says least: NULL, then a fixed text, then the fewest last characters. Two different fixed texts
 * become NULL, so that the answer does not depend on the order of policies.
 */
export function strictestMask(masks: readonly MaskKind[]): MaskKind {
  const [first, ...others] = masks;
  if (first === undefined) return { kind: 'null' };
  return others.reduce<MaskKind>(stricter, first);
}

function stricter(a: MaskKind, b: MaskKind): MaskKind {
  if (a.kind === 'null' || b.kind === 'null') return { kind: 'null' };
  if (a.kind === 'fixed' && b.kind === 'fixed') return a.text === b.text ? a : { kind: 'null' };
  if (a.kind === 'last' && b.kind === 'last') return a.count <= b.count ? a : b;
  return a.kind === 'fixed' ? a : b;
}
