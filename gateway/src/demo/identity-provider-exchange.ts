import { isNarrower, SCOPE_PREFIX } from '@sluice/contract/scopes';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import { errors, type ResourceServer, type TokenEndpointGrantContext } from 'oidc-provider';
import type { DemoPrincipals } from './identity-provider-principals.ts';
import { certificateOf, readActorKey } from './identity-provider-proof.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

type ExchangeParameters = {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly actor_token?: string;
  readonly requested_token_type?: string;
  readonly audience?: string;
  readonly resource?: string | string[];
  readonly scope?: string;
};

type ExchangeSettings = {
  readonly publicKeys: JSONWebKeySet;
  readonly resource: string;
  readonly resourceServer: ResourceServer & { readonly audience: string };
  readonly principals: DemoPrincipals;
  readonly accessTokenSeconds: number;
};

/**
 * RFC 8693: the authenticated agent brings the token of a person (or of an earlier actor) and gets one whose subject
 * stays the person and whose outermost actor is itself. The chain only grows: no hop can be left out.
 */
export function registerTokenExchange(provider: Provider, settings: ExchangeSettings): void {
  const keys = createLocalJWKSet(settings.publicKeys);
  provider.registerGrantType<ExchangeParameters>(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      assertSupported(params, settings);
      const subject = await verifySubjectToken(params.subject_token ?? '', keys, provider.issuer, settings);
      const agent = settings.principals.agents.find(({ clientId }) => clientId === client.clientId);
      if (agent === undefined || !agent.mayActFor.includes(subject.accountId)) {
        throw new errors.InvalidGrant(`${client.clientId} may not act for this subject`);
      }
      await issue(ctx, provider, settings, subject, await readActorKey(ctx, provider));
    },
    [
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      'audience',
      'scope',
    ],
  );
}

function assertSupported(params: ExchangeParameters, settings: ExchangeSettings): void {
  if (params.subject_token_type !== ACCESS_TOKEN_TYPE)
    throw new errors.InvalidRequest('subject_token_type must be an access token');
  if (params.actor_token !== undefined)
    throw new errors.InvalidRequest('actor_token is not supported: the authenticated client is the actor');
  if (params.requested_token_type !== undefined && params.requested_token_type !== ACCESS_TOKEN_TYPE) {
    throw new errors.InvalidRequest('requested_token_type must be an access token');
  }
  if (params.audience !== undefined && params.audience !== settings.resourceServer.audience)
    throw new errors.InvalidTarget();
  if (params.resource !== undefined && params.resource !== settings.resource) throw new errors.InvalidTarget();
}

type Subject = { readonly accountId: string; readonly claims: JWTPayload; readonly expiresAtSeconds: number };

async function verifySubjectToken(
  token: string,
  keys: ReturnType<typeof createLocalJWKSet>,
  issuer: string,
  settings: ExchangeSettings,
): Promise<Subject> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: settings.resourceServer.audience,
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp'],
    });
    return { accountId: payload.sub ?? '', claims: payload, expiresAtSeconds: payload.exp ?? 0 };
  } catch (error) {
    if (error instanceof joseErrors.JOSEError)
      throw new errors.InvalidGrant(`subject_token is not valid (${error.code})`);
    throw error;
  }
}

async function issue(
  ctx: TokenEndpointGrantContext,
  provider: Provider,
  settings: ExchangeSettings,
  subject: Subject,
  actorKey: string | null,
): Promise<void> {
  const { client } = ctx.oidc;
  const scope = narrowScope(subject.claims['scope'], ctx.oidc.params.scope);
  const earlierActors = subject.claims['act'];
  const grant = new provider.Grant({ clientId: client.clientId, accountId: subject.accountId });
  grant.addResourceScope(settings.resource, scope);
  // A delegated token never outlives the one that it comes from.
  const remainingSeconds = subject.expiresAtSeconds - Math.floor(Date.now() / 1000);
  const token = new provider.AccessToken({
    client,
    accountId: subject.accountId,
    resourceServer: new provider.ResourceServer(settings.resource, settings.resourceServer),
    scope,
    grantId: await grant.save(),
    gty: 'token_exchange',
    expiresIn: Math.max(1, Math.min(settings.accessTokenSeconds, remainingSeconds)),
    extra: { act: { sub: client.clientId, ...(earlierActors === undefined ? {} : { act: earlierActors }) } },
  });
  if (actorKey !== null) token.setThumbprint('jkt', actorKey);
  const certificate = certificateOf(ctx.req.socket);
  if (client.tlsClientCertificateBoundAccessTokens === true && certificate !== undefined)
    token.setThumbprint('x5t', certificate);
  ctx.oidc.entity('AccessToken', token);
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: ACCESS_TOKEN_TYPE,
    token_type: token.tokenType,
    expires_in: token.expiration,
    scope,
  };
}

/** What was asked, or all of the subject's; never more than the subject's, by name or, of Sluice's own, by what they give. */
function narrowScope(held: unknown, asked: string | undefined): string {
  const heldScopes = typeof held === 'string' ? held.split(' ') : [];
  const askedScopes = asked?.split(' ') ?? heldScopes;
  const isHeld = (scope: string) => scope.startsWith(SCOPE_PREFIX) || heldScopes.includes(scope);
  if (!askedScopes.every(isHeld) || !isNarrower(askedScopes, heldScopes)) {
    throw new errors.InvalidScope('the subject token does not hold this scope', asked ?? '');
  }
  return askedScopes.join(' ');
}
