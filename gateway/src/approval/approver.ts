/**
 * Who may decide about a request, and who may see it. Pure.
 */
import type { Principal } from '@sluice/contract/vocabulary';

/** Who decides about a request: what configuration says for its resource and label, remembered as it was when it was made. */
export type ApproverTerms = {
  readonly groups: readonly string[];
  /** How many different people have to approve, at least 1. */
  readonly count: number;
  /** How long a request lives, from asking to use, ms. */
  readonly expiresMs: number;
};

/** Where no approvers are configured nobody can approve: such a request can only expire. */
export const NO_APPROVERS: ApproverTerms = { groups: [], count: 1, expiresMs: 15 * 60 * 1000 };

export type MayDecide = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/**
 * A person, in one of the groups by their own membership, acting for themselves, who is nowhere in the asker's chain.
 * Identity is the stable `issuer|subject`; names are never compared. Administrators are held to the same rule.
 */
export function mayDecide(
  approver: Principal,
  asker: Principal,
  groups: readonly string[],
  kinOf: PartiesOf = partiesOf,
): MayDecide {
  if (approver.kind !== 'user' || approver.chain.some((actor) => actor.kind !== 'user')) {
    return { allowed: false, why: 'Only a person may decide, not a service or an agent.' };
  }
  const askers = kinOf(asker);
  // Both ends: a token that acts for the asker, and one with which the asker acts for somebody else.
  if ([...kinOf(approver)].some((id) => askers.has(id))) {
    return { allowed: false, why: 'The request was made by you or on your behalf.' };
  }
  if (partiesOf(approver).size > 1) {
    return { allowed: false, why: 'You have to decide with your own sign-in, not on behalf of another person.' };
  }
  if (!approver.groups.some((group) => groups.includes(group))) {
    const named =
      groups.length === 0
        ? 'no approvers are configured for this label'
        : `one of the groups ${groups.join(', ')} has to decide`;
    return { allowed: false, why: `You are not an approver here: ${named}.` };
  }
  return { allowed: true };
}

/** Those who asked see their request; so do those who may decide about it. */
export function mayView(
  viewer: Principal,
  asker: Principal,
  groups: readonly string[],
  kinOf: PartiesOf = partiesOf,
): boolean {
  return partiesOf(asker).has(viewer.id) || mayDecide(viewer, asker, groups, kinOf).allowed;
}

/** Who counts as having asked: `partiesOf`, or with their other accounts and owners (`Kinship`). */
export type PartiesOf = (principal: Principal) => ReadonlySet<string>;

/** Stable ids of everybody in a principal's chain, itself included. */
export function partiesOf(principal: Principal): ReadonlySet<string> {
  return new Set([principal.id, ...principal.chain.map((actor) => actor.id)]);
}
