/** Findings in the words of the policies behind them, or in the engine's own. */
import type { LabelledColumn } from '@sluice/contract/vocabulary';
import type { ResourceFacts } from './decision.ts';
import type { Answer } from './permissions.ts';
import type { Policy } from './policy-set.ts';
import { type ApproverGroups, type Finding, highestOf, wording } from './reasons.ts';
import { visibleName } from './visible-name.ts';

/** The rule of reasons where Cedar could not answer. */
export const POLICY_ERROR = 'policy-error';

const BROKEN = 'An administrator has to correct the policies: `sluice-gateway check` names the place.';

export class FindingWords {
  readonly #approverGroups: ApproverGroups;

  constructor(approverGroups: ApproverGroups) {
    this.#approverGroups = approverGroups;
  }

  held(
    policies: readonly Policy[],
    resource: ResourceFacts,
    columns: readonly LabelledColumn[],
    subject: string | null,
    says: string,
  ): Finding {
    return {
      effect: 'hold',
      policyId: policies[0]?.id ?? 'default-deny',
      columns,
      subject,
      says: this.words(policies, 'message', says, resource, columns),
      remedy: this.words(policies, 'remedy', 'Wait for the approval of {approvers}.', resource, columns),
      maxRows: leastOf(policies),
    };
  }

  /** `where`: said behind whatever the policy says. */
  refusal(
    answer: Exclude<Answer, { kind: 'permitted' }>,
    resource: ResourceFacts,
    columns: readonly LabelledColumn[],
    subject: string | null,
    says: string,
    where = '',
  ): Finding {
    const policies = answer.kind === 'error' ? [] : answer.policies;
    return {
      effect: 'refuse',
      // What Cedar said of the error stays inside: it quotes policy text.
      policyId: answer.kind === 'error' ? POLICY_ERROR : (policies[0]?.id ?? 'default-deny'),
      columns,
      subject,
      says: `${this.words(policies, 'message', says, resource, columns)}${where}${ofWhom(answer)}`,
      remedy: answer.kind === 'error' ? BROKEN : this.words(policies, 'remedy', 'Ask {approvers}.', resource, columns),
    };
  }

  /** The annotation of a policy, or `otherwise`, with the approvers for these columns filled in. */
  words(
    policies: readonly Policy[],
    annotation: 'message' | 'remedy',
    otherwise: string,
    resource: ResourceFacts,
    columns: readonly LabelledColumn[],
  ): string {
    return wording(policies, annotation, otherwise, this.#approverGroups(resource.name, highestOf(columns)));
  }
}

/** Who in the chain may not, where that is not the principal itself: ` (refused for link 2 of the chain, planner)`. */
export function ofWhom(answer: Answer): string {
  if (answer.kind === 'permitted' || answer.of === undefined) return '';
  return ` (refused for link ${answer.of.position} of the chain, ${visibleName(answer.of.name)})`;
}

/** The lowest bound that one of the policies names; null: none does. */
function leastOf(policies: readonly Policy[]): number | null {
  const bounds = policies.flatMap(({ maxRows }) => maxRows ?? []);
  return bounds.length === 0 ? null : Math.min(...bounds);
}
