import { randomBytes, X509Certificate } from 'node:crypto';
import { assertNever } from '@sluice/contract/vocabulary';
import type { JWK } from 'jose';
import {
  type ClientMetadata,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import { TOKEN_EXCHANGE } from './identity-provider-exchange.ts';
import { loginPath } from './identity-provider-login.ts';
import { deviceCodePage, deviceConfirmPage, logoutPage, messagePage, pageHeaders } from './identity-provider-pages.ts';
import type { DemoAgent, DemoPrincipals } from './identity-provider-principals.ts';
import { certificateOf } from './identity-provider-proof.ts';
import { createProviderStore } from './identity-provider-store.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const INTERACTION_SECONDS = 600;

export type ProviderSettings = {
  readonly principals: DemoPrincipals;
  /** Client id of the people's programs: public, code + PKCE and device grant. */
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly backchannelLogoutUri: string | null;
  /** How the logout address is called. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly resource: string;
  readonly resourceServer: ResourceServer;
  readonly accessTokenSeconds: number;
  readonly signingKey: JWK;
  /** DPoP proofs have to carry a nonce of the provider's (RFC 9449 §8). */
  readonly asksForNonces: boolean;
  /** Clients may prove themselves, and bind their tokens, by certificates of their connections (RFC 8705). */
  readonly speaksTls: boolean;
};

/** The whole configuration of the demo's provider. Every default that oidc-provider asks to replace is replaced here. */
export function providerConfiguration(settings: ProviderSettings): Configuration {
  const { principals, accessTokenSeconds } = settings;
  return {
    adapter: createProviderStore(),
    jwks: { keys: [settings.signingKey] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [peopleClient(settings), ...principals.agents.map(agentClient)],
    responseTypes: ['code'],
    clientAuthMethods: [
      ...(['none', 'client_secret_basic', 'private_key_jwt'] as const),
      ...(settings.speaksTls ? (['self_signed_tls_client_auth'] as const) : []),
    ],
    discovery: { prompt_values_supported: ['none', 'login', 'consent'] },
    clientBasedCORS: () => false,
    scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'], groups: ['groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_ctx, username) => findAccount(principals, username),
    extraTokenClaims: (_ctx, token) => accessTokenClaims(principals, token),
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      AuthorizationCode: 60,
      DeviceCode: INTERACTION_SECONDS,
      Interaction: INTERACTION_SECONDS,
      RefreshToken: DAY_SECONDS,
      Grant: DAY_SECONDS,
      Session: DAY_SECONDS,
    },
    interactions: { url: (_ctx, interaction) => loginPath(interaction.uid), policy: askOnlyForLogin() },
    loadExistingGrant: grantWhatIsAsked,
    renderError: (ctx, out) =>
      sendPage(ctx, messagePage('That did not work', `${out.error}: ${out.error_description ?? ''}`)),
    // The library's own guard refuses loopback, where the demo's gateway listens; nothing else is ever called.
    fetch: (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      if (url !== settings.backchannelLogoutUri) throw new Error('the demo provider calls the logout address only');
      const { dispatcher: _guard, ...rest } = init ?? {};
      return settings.fetch(url, rest);
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      // Tokens are bound to the key of a client that proves one (RFC 9449); a client that proves none gets bearer tokens.
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: () => settings.asksForNonces,
      },
      ...(settings.speaksTls && {
        mTLS: {
          enabled: true,
          certificateBoundAccessTokens: true,
          selfSignedTlsClientAuth: true,
          getCertificate: (ctx) => certificateOf(ctx.req.socket),
        },
      }),
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => sendPage(ctx, logoutPage(form)),
        postLogoutSuccessSource: (ctx) => sendPage(ctx, messagePage('Signed out', 'You can close this page.')),
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, _out, error) =>
          sendPage(
            ctx,
            deviceCodePage(
              form,
              error === undefined ? null : 'That code is not known, or was already used. Enter it again.',
            ),
          ),
        userCodeConfirmSource: (ctx, form, client, _device, userCode) =>
          sendPage(ctx, deviceConfirmPage(form, client.clientId, userCode)),
        successSource: (ctx) =>
          sendPage(ctx, messagePage('Signed in', 'You can close this page and return to your terminal.')),
      },
      resourceIndicators: {
        enabled: true,
        // Clients need not know the indicator: there is one gateway, and every access token is for it.
        defaultResource: () => settings.resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== settings.resource) throw new errors.InvalidTarget();
          return settings.resourceServer;
        },
      },
    },
  };
}

function peopleClient(settings: ProviderSettings): ClientMetadata {
  return {
    client_id: settings.clientId,
    client_name: 'Sluice',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    // RFC 8252 §7.3: on loopback any port fits.
    redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback', ...settings.redirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
    ...(settings.backchannelLogoutUri === null
      ? {}
      : { backchannel_logout_uri: settings.backchannelLogoutUri, backchannel_logout_session_required: true }),
  };
}

function agentClient(agent: DemoAgent): ClientMetadata {
  const authentication = agentAuthentication(agent.authentication);
  return {
    client_id: agent.clientId,
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials', TOKEN_EXCHANGE],
    ...authentication,
  };
}

function agentAuthentication(authentication: DemoAgent['authentication']): Partial<ClientMetadata> {
  switch (authentication.kind) {
    case 'secret':
      return { client_secret: authentication.clientSecret, token_endpoint_auth_method: 'client_secret_basic' };
    case 'private-key':
      return { jwks: { keys: [authentication.publicKey] }, token_endpoint_auth_method: 'private_key_jwt' };
    case 'certificate': {
      const { publicKey, raw } = new X509Certificate(authentication.certificatePem);
      return {
        jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), x5c: [raw.toString('base64')] }] },
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        tls_client_certificate_bound_access_tokens: true,
      };
    }
    default:
      return assertNever(authentication);
  }
}

function findAccount(principals: DemoPrincipals, username: string) {
  const user = principals.users.find((candidate) => candidate.username === username);
  if (user === undefined) return undefined;
  const claims = {
    sub: user.username,
    name: user.name,
    preferred_username: user.username,
    email: user.email,
    groups: [...user.groups],
  };
  return { accountId: user.username, claims: () => claims };
}

type IssuedToken = Parameters<NonNullable<Configuration['extraTokenClaims']>>[1];

/** The groups are the subject's: the person's, or the agent's own when it asks for itself. */
function accessTokenClaims(principals: DemoPrincipals, token: IssuedToken): Record<string, unknown> {
  const subject = token.kind === 'AccessToken' ? token.accountId : token.clientId;
  const user = principals.users.find(({ username }) => username === subject);
  const agent = principals.agents.find(({ clientId }) => clientId === subject);
  const act = token.extra?.['act'];
  return {
    ...(act === undefined ? {} : { act }),
    ...(user === undefined ? {} : { name: user.name }),
    // Lets the gateway tell the sign-ins of a person apart when one of them ends.
    ...(token.kind === 'AccessToken' && token.sid !== undefined ? { sid: token.sid } : {}),
    groups: [...(user?.groups ?? agent?.groups ?? [])],
  };
}

/** One question is asked, who you are. Consent is not, since the only client is our own; a client may still request the prompt. */
function askOnlyForLogin() {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.clear();
  return policy;
}

async function grantWhatIsAsked(ctx: KoaContextWithOIDC) {
  const { provider, session, client, params } = ctx.oidc;
  if (session?.accountId === undefined || client === undefined) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  const scope = typeof params?.['scope'] === 'string' ? params['scope'] : 'openid';
  grant.addOIDCScope(scope);
  for (const resource of Object.keys(ctx.oidc.resourceServers ?? {})) grant.addResourceScope(resource, scope);
  await grant.save();
  return grant;
}

function sendPage(ctx: KoaContextWithOIDC, html: string): void {
  ctx.set(pageHeaders());
  ctx.body = html;
}
