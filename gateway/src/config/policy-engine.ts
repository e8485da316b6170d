import { CedarPolicyEngine } from '../policy/cedar-engine.ts';
import { approversFor, type GatewayConfig } from './config.ts';

/** The policy engine that a configuration describes. */
export function policyEngineOf(
  config: Pick<GatewayConfig, 'approvers' | 'resources' | 'policies'> & Partial<Pick<GatewayConfig, 'workflows'>>,
): CedarPolicyEngine {
  return new CedarPolicyEngine({
    policies: config.policies.set,
    resourceGroups: new Map(config.resources.map(({ name, groups }) => [name, groups ?? null])),
    workflows: new Map(
      (config.workflows ?? []).map(({ name, resources, groups }) => [name, { resources, groups: groups ?? null }]),
    ),
    approverGroups: (resource, label) => approversFor(config, resource, label)?.groups ?? [],
  });
}
