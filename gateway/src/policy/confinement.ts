/**
 * What the scopes of a token take away, before any policy is asked: they confine, and permit nothing (docs/scopes.md).
 */
import { covers, type ScopeVerb, scopeOf } from '@sluice/contract/scopes';
import type { Principal } from '@sluice/contract/vocabulary';
import type { StatementClass } from '../analysis/flows.ts';
import type { ResourceFacts } from './decision.ts';
import type { Finding } from './reasons.ts';

/** The rule of reasons where a scope is missing. */
export const SCOPE_RULE = 'engine:scope';

/** Null when the token's scopes cover one of the verbs on the resource. `says`: what may not be done, in words. */
export function scopeFinding(
  principal: Principal,
  verbs: readonly [ScopeVerb, ...ScopeVerb[]],
  resource: ResourceFacts,
  says: string,
): Finding | null {
  if (verbs.some((verb) => covers(principal, verb, resource.name))) return null;
  return {
    effect: 'refuse',
    policyId: SCOPE_RULE,
    columns: [],
    subject: null,
    says: `${says}: the access token is confined to ${(principal.scopes ?? []).join(' ')}`,
    remedy: `Sign in with the scope ${scopeOf(verbs[0], resource.name)}, if you may have it.`,
  };
}

/** The verb that statements of a class take. What is told of a statement tells which class it is. */
export function verbOf(statementClass: StatementClass): ScopeVerb {
  switch (statementClass) {
    case 'ddl':
    case 'maintenance':
      return 'change';
    case 'write':
      return 'write';
    default:
      // Reads, transactions and settings of the session.
      return 'read';
  }
}
