/**
 * What the scopes of a token have to be for, endpoint by endpoint (docs/scopes.md). A caller whose token has none of ours
 * is not asked. Where a resource is meant, the policy engine or `confineDesks` ask again, for that one.
 */
import { ENDPOINTS } from '@sluice/contract/endpoints';
import { SluiceError } from '@sluice/contract/errors';
import { coversSomewhere, type ScopeVerb, scopeOf } from '@sluice/contract/scopes';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ControlEnvironment } from './authentication.ts';

/** One of these verbs is needed; null: none, since it tells nothing but who the caller is and what there is. */
type Rule = readonly [ScopeVerb, ...ScopeVerb[]] | null;

const RULES: Readonly<Record<keyof typeof ENDPOINTS, Rule>> = {
  meta: null,
  whoami: null,
  listResources: null,
  listProfiles: null,
  listFunctions: ['audit'],
  listLabelChanges: ['audit'],
  revertLabels: ['manage'],
  describeSchema: ['plan', 'read', 'audit'],
  why: ['read'],

  mintSession: ['read'],
  renewSession: ['read'],
  listSessions: ['read', 'audit'],
  showSession: ['read', 'audit'],
  watchSession: ['read', 'audit'],
  killSession: ['manage'],
  openSession: ['audit'],
  exportSession: ['read', 'audit'],

  listRequests: ['read', 'approve', 'audit'],
  watchRequests: ['read', 'approve', 'audit'],
  showRequest: ['read', 'approve', 'audit'],
  approveRequest: ['approve'],
  denyRequest: ['approve'],

  listGrants: ['read', 'approve', 'audit'],
  watchGrants: ['read', 'approve', 'audit'],
  askGrant: ['read'],
  listGrantOffers: ['read'],
  showGrant: ['read', 'approve', 'audit'],
  giveGrant: ['approve'],
  refuseGrant: ['approve'],
  revokeGrant: ['approve', 'manage', 'read'],

  listHolds: ['audit'],
  placeHold: ['manage'],
  liftHold: ['manage'],

  evidenceStatus: ['audit'],
  evidenceCheckpoint: null,
  evidenceInclusion: ['audit'],
  evidenceConsistency: ['audit'],
  auditColumns: ['audit'],
  auditSessions: ['audit'],
  auditHolds: ['audit'],
  auditWorkflow: ['audit'],
  auditRetention: ['audit'],

  listWorkflows: ['read', 'plan', 'approve', 'audit'],
  showWorkflow: ['read', 'plan', 'approve', 'audit'],
  proposeBaseline: ['plan', 'approve'],
  approveProposal: ['approve'],
  denyProposal: ['approve'],
  revokeBaseline: ['approve'],
  submitPlan: ['plan'],
  listPlans: ['plan', 'read', 'audit'],
  showPlan: ['plan', 'read', 'audit'],
};

/** Throws REFUSED_BY_POLICY for what the scopes are not for, and for what no rule is about. After `requireBearer`. */
export function requireScopes(): MiddlewareHandler<ControlEnvironment> {
  const rules = new Map<string, Rule>([['GET /api/v1/evidence/tile/*', ['audit']]]);
  for (const [name, { method, path }] of Object.entries(ENDPOINTS))
    rules.set(`${method} /api/v1/${path}`, isEndpoint(name) ? RULES[name] : ['manage']);
  return async (context, next) => {
    const { principal } = context.get('caller');
    const route = principal.scopes === undefined ? null : routeOf(context);
    if (route !== null) {
      // One that nobody thought of: what everything else is not enough for.
      const rule = rules.get(route);
      if (rule === undefined) throw missingScope('manage', null);
      if (rule !== null && !rule.some((verb) => coversSomewhere(principal, verb))) throw missingScope(rule[0], null);
    }
    await next();
  };
}

/** RFC 6750 §3.1: `insufficient_scope`, and which it would take. */
export function missingScope(verb: ScopeVerb, resource: string | null): SluiceError {
  const scope = scopeOf(verb, resource);
  return new SluiceError('REFUSED_BY_POLICY', `The access token does not have the scope ${scope}.`, {
    facts: { policyId: 'engine:scope', scope },
    remedy: 'Sign in with this scope, if you may have it.',
  });
}

/** As the endpoints are named: `GET /api/v1/sessions/{id}`. Null when nobody answers there. */
function routeOf(context: Context): string | null {
  const route = matchedRoutes(context).find(({ method }) => method !== 'ALL');
  return route === undefined ? null : `${route.method} ${route.path.replace(/:(\w+)/g, '{$1}')}`;
}

function isEndpoint(name: string): name is keyof typeof ENDPOINTS {
  return Object.hasOwn(RULES, name);
}
