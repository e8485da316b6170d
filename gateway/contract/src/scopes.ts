/**
 * OAuth scopes of Sluice: what a token is confined to, whatever its bearer may do besides (docs/scopes.md).
 *
 * ```text
 * scope = "sluice:" verb [ ":" resource ]
 * ```
 * Each scope adds to the others, so that leaving one out always narrows. Without a resource a scope is for all of them.
 */

/** `write` includes `read`, `change` includes both. */
export const SCOPE_VERBS = ['read', 'write', 'change', 'plan', 'approve', 'audit', 'manage'] as const;
export type ScopeVerb = (typeof SCOPE_VERBS)[number];

/** What a scope of ours begins with. `sluice` alone is none: identity providers use it to tell whom a token is for. */
export const SCOPE_PREFIX = 'sluice:';
/** Scopes of ours in one token; one with more is refused. */
export const MAX_SCOPES = 64;

/** Those that are about the whole gateway. */
const WITHOUT_RESOURCE: ReadonlySet<ScopeVerb> = new Set(['audit', 'manage']);
const INCLUDED_IN: Readonly<Record<ScopeVerb, readonly ScopeVerb[]>> = {
  read: ['read', 'write', 'change'],
  write: ['write', 'change'],
  change: ['change'],
  plan: ['plan'],
  approve: ['approve'],
  audit: ['audit'],
  manage: ['manage'],
};

/** Whether text is a scope of ours that has a meaning. Names of resources are as in the configuration. */
export function isScope(text: string): boolean {
  const [, verb, , resource] = /^sluice:([a-z]+)(:([A-Za-z0-9][A-Za-z0-9_-]{0,62}))?$/.exec(text) ?? [];
  const known = SCOPE_VERBS.find((each) => each === verb);
  return known !== undefined && (resource === undefined || !WITHOUT_RESOURCE.has(known));
}

/** What is confined by scopes; without any, by none. */
export type Scoped = { readonly scopes?: readonly string[] | undefined };

/** Whether the scopes cover this verb on this resource; null: on every resource. */
export function covers({ scopes }: Scoped, verb: ScopeVerb, resource: string | null): boolean {
  if (scopes === undefined) return true;
  return INCLUDED_IN[verb].some(
    (each) =>
      scopes.includes(`${SCOPE_PREFIX}${each}`) ||
      (resource !== null && scopes.includes(`${SCOPE_PREFIX}${each}:${resource}`)),
  );
}

/** Whether the scopes cover this verb on some resource. */
export function coversSomewhere({ scopes }: Scoped, verb: ScopeVerb): boolean {
  if (scopes === undefined) return true;
  return INCLUDED_IN[verb].some((each) =>
    scopes.some((scope) => scope === `${SCOPE_PREFIX}${each}` || scope.startsWith(`${SCOPE_PREFIX}${each}:`)),
  );
}

/** The scope that it would take. */
export function scopeOf(verb: ScopeVerb, resource: string | null): string {
  return resource === null || WITHOUT_RESOURCE.has(verb)
    ? `${SCOPE_PREFIX}${verb}`
    : `${SCOPE_PREFIX}${verb}:${resource}`;
}

/**
 * Whether a token with the scopes `asked` would give no more than one with `held`: what an identity provider asks before
 * it exchanges the one for the other. Leaving out all of ours would confine to nothing. Scopes of others are not looked at.
 */
export function isNarrower(asked: readonly string[], held: readonly string[]): boolean {
  const [ours, theirs] = [asked, held].map((scopes) => scopes.filter((scope) => scope.startsWith(SCOPE_PREFIX)));
  if (ours === undefined || theirs === undefined || !ours.every(isScope)) return false;
  if (theirs.length === 0) return true;
  return ours.length > 0 && ours.every((scope) => isCovered(scope, theirs));
}

function isCovered(scope: string, scopes: readonly string[]): boolean {
  const [, name, resource] = scope.split(':');
  const verb = SCOPE_VERBS.find((each) => each === name);
  return verb !== undefined && covers({ scopes }, verb, resource ?? null);
}
