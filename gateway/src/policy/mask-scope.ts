/**
 * Which columns a policy with `@mask` may mean, as far as its head tells: for reports, never for a decision.
 */
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { LabelledColumn } from '@sluice/contract/vocabulary';
import type { MaskKind } from './mask-kind.ts';
import type { PolicySet } from './policy-set.ts';

/** A mask with the columns that its policy may apply to. */
export type ScopedMask = {
  readonly policyId: string;
  readonly mask: MaskKind;
  readonly covers: (column: LabelledColumn, resource: string) => boolean;
};

/** The masks that policies name. What stands in `when` and `unless` is not looked at: a policy may cover less. */
export function scopedMasks(policies: PolicySet): ScopedMask[] {
  return [...policies.policies.values()].flatMap(({ id, text, mask }) =>
    mask === null ? [] : [{ policyId: id, mask, covers: coverOf(text) }],
  );
}

function coverOf(text: string): ScopedMask['covers'] {
  const json = policyToJson(text);
  if (json.type === 'failure') return () => false;
  const { resource } = json.json;
  if (resource.op === 'All' || resource.op === 'is' || !('entity' in resource)) return () => true;
  const entity = '__entity' in resource.entity ? resource.entity.__entity : resource.entity;
  const { type, id } = entity;
  switch (type) {
    case 'Sluice::Category':
      return ({ category }) => category === id || category?.startsWith(`${id}.`) === true;
    case 'Sluice::Label':
      return ({ label }) => label === id;
    case 'Sluice::Resource':
      return (_, name) => name === id;
    default:
      return () => true;
  }
}
