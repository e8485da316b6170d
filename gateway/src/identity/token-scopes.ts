/** The scopes of ours that a token is confined to (RFC 9068 §2.2.3, RFC 8693 §4.2). */
import { isScope, MAX_SCOPES, SCOPE_PREFIX } from '@sluice/contract/scopes';
import type { IssuerSettings } from './issuer.ts';

export type ScopesRead =
  /** Null: confined to nothing. Else sorted and unique, and not empty. */
  | { readonly kind: 'scopes'; readonly scopes: readonly string[] | null }
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * Reads `scope`, or `scp` as some issuers call it. A scope of ours that has no meaning makes the token unusable: it was
 * meant to confine, and nobody knows to what.
 */
export function readScopes(
  claims: Readonly<Record<string, unknown>>,
  settings: Pick<IssuerSettings, 'scopes' | 'tokenScopes'>,
): ScopesRead {
  const all = asList(claims['scope'] ?? claims['scp']);
  if (all === null) return { kind: 'unusable', why: 'its scopes are not a list of names' };
  const ours = [...new Set(all.filter((scope) => scope.startsWith(SCOPE_PREFIX)))].sort();
  if (ours.length > MAX_SCOPES) return { kind: 'unusable', why: `it has more than ${MAX_SCOPES} scopes` };
  if (!ours.every(isScope)) return { kind: 'unusable', why: 'one of its scopes is not known here' };
  if (ours.length > 0) return { kind: 'scopes', scopes: ours };
  return isRequired(settings)
    ? { kind: 'unusable', why: 'it has no scope of Sluice, and its issuer is to give one' }
    : { kind: 'scopes', scopes: null };
}

/** Where clients ask for scopes of ours a token without any would be one that somebody left them out of, to get more. */
function isRequired({ scopes = [], tokenScopes }: Pick<IssuerSettings, 'scopes' | 'tokenScopes'>): boolean {
  if (tokenScopes !== undefined) return tokenScopes === 'required';
  return scopes.some((scope) => scope.startsWith(SCOPE_PREFIX));
}

/** Null for what is no list of scopes. */
function asList(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return [];
  const list: unknown = typeof value === 'string' ? value.split(' ') : value;
  if (!Array.isArray(list) || !list.every((scope) => typeof scope === 'string')) return null;
  return list.filter((scope) => scope !== '');
}
