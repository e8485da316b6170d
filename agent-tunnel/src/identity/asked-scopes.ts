/** Which scopes of Sluice a client asks for, when it wants to be confined to less than it may have (docs/scopes.md). */
import { SluiceError } from '@sluice/contract/errors';
import { isScope, SCOPE_PREFIX } from '@sluice/contract/scopes';
import type { IssuerFacts } from './openid.ts';

/** The scopes in a text, separated by spaces. Throws `USAGE` for one that has no meaning; `from` says where it stands. */
export function parseScopes(text: string, from: string): readonly string[] {
  const scopes = text.split(/\s+/).filter((scope) => scope !== '');
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown === undefined && scopes.length > 0) return scopes;
  throw new SluiceError(
    'USAGE',
    unknown === undefined ? `${from} names no scope` : `${from}: "${unknown}" is no scope of Sluice`,
    { remedy: 'A scope is sluice:read, or sluice:read:RESOURCE; docs/scopes.md lists the verbs.' },
  );
}

/** The issuer's facts with these scopes of ours in place of those that are asked for otherwise; null: as they are. */
export function confinedTo(facts: IssuerFacts, scopes: readonly string[] | null): IssuerFacts {
  if (scopes === null) return facts;
  return { ...facts, scopes: [...facts.scopes.filter((scope) => !scope.startsWith(SCOPE_PREFIX)), ...scopes] };
}
