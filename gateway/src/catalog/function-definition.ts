import { createHash } from 'node:crypto';
import type { FunctionFacts } from '../analysis/postgres/facts.ts';

/**
 * `sha256:…` over everything that CREATE FUNCTION says: a declaration in the configuration holds for this definition
 * only. Not over comments, privileges, costs, or OIDs, save those inside a body that is stored as a tree.
 */
export function definitionHash(facts: FunctionFacts): string {
  const definition = [
    facts.signature,
    facts.kind,
    facts.result,
    facts.returnsSet,
    facts.language,
    facts.argumentNames,
    facts.argumentDefaults,
    facts.volatility,
    facts.strict,
    facts.securityDefiner,
    facts.securityDefiner ? facts.owner : null,
    facts.settings,
    facts.hasSupport,
    facts.library,
    facts.body,
    facts.bodyTree,
  ];
  return `sha256:${createHash('sha256').update(JSON.stringify(definition)).digest('hex')}`;
}
