import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { Decision, ResourceFacts } from '../policy/decision.ts';

/**
 * Proof that policy let a principal open a session on a resource. Only `Authorization.from` makes one, and
 * only from a decision that allows; dialing a resource takes it, so no code path can reach a database unasked.
 */
export class Authorization {
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly #decision: Decision;

  private constructor(principal: Principal, resource: ResourceFacts, decision: Decision) {
    this.principal = principal;
    this.resource = resource;
    this.#decision = decision;
    Object.freeze(this);
  }

  /** Throws SluiceError `REFUSED_BY_POLICY` unless the decision's effect is `allow`. */
  static from(principal: Principal, resource: ResourceFacts, decision: Decision): Authorization {
    if (decision.effect !== 'allow') {
      const reason = decision.reasons[0];
      throw new SluiceError(
        'REFUSED_BY_POLICY',
        reason?.message ?? `${principal.name} may not connect to ${resource.name}`,
        {
          ...(reason ? { remedy: reason.remedy } : {}),
          facts: { policyId: reason?.policyId ?? 'default-deny' },
        },
      );
    }
    return new Authorization(principal, resource, decision);
  }

  /**
   * For the gateway's own questions to a resource's catalog (labels, definitions). Only `catalog/` asks for it; no
   * client's statement ever runs under it.
   */
  static forCatalog(resource: ResourceFacts): Authorization {
    const gateway: Principal = {
      id: 'sluice|gateway',
      kind: 'service',
      name: 'sluice-gateway',
      groups: [],
      chain: [{ id: 'sluice|gateway', kind: 'service', name: 'sluice-gateway' }],
      onBehalfOfGroups: [],
    };
    return new Authorization(gateway, resource, {
      effect: 'allow',
      obligations: [],
      reasons: [],
      policyVersion: 'none',
    });
  }

  /** The policy version that authorised, for the record. */
  get policyVersion(): string {
    return this.#decision.policyVersion;
  }

  /** True only for values made by `from`; a look-alike object fails. */
  static isGenuine(value: Authorization): boolean {
    return #decision in value;
  }
}
