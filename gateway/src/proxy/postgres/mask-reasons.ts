import type { Reason } from '@sluice/contract/vocabulary';
import { type MaskScope, masksThatDoNotFit } from '../../masking/plan.ts';
import type { Decision } from '../../policy/decision.ts';
import { spellMask } from '../../policy/mask-annotation.ts';
import type { Plan } from './plan.ts';

/** Why outputs are NULL although policy named another mask: one reason for each mask that does not fit. */
export function misfits({ facts }: Plan, decision: Decision, scope: MaskScope): readonly Reason[] {
  const columns = facts.copyOut?.columns ?? facts.columns ?? [];
  const planned = columns.map(({ typeOid, typeModifier }) => ({ typeOid, typeModifier, format: 0 }) as const);
  const names = Map.groupBy(masksThatDoNotFit(planned, decision.obligations, scope), ({ mask }) => spellMask(mask));
  return [...names].map(([mask, outputs]) => ({
    effect: 'mask',
    policyId: 'engine:mask-does-not-fit',
    message: `${outputs.map(({ output }) => columns[output]?.name ?? '?column?').join(', ')} is shown as NULL: the mask "${mask}" does not fit the type`,
    remedy: 'An administrator can give columns of that type a category and mask of their own: docs/masks.md.',
    columns: [],
  }));
}
