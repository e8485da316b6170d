import { type EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { SluiceError } from '@sluice/contract/errors';
import { isScope, SCOPE_VERBS, scopeOf } from '@sluice/contract/scopes';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { providerConfiguration } from './identity-provider-configuration.ts';
import { registerTokenExchange } from './identity-provider-exchange.ts';
import { handleLogin, isLoginPath } from './identity-provider-login.ts';
import { messagePage, pageHeaders } from './identity-provider-pages.ts';
import type { DemoPrincipals } from './identity-provider-principals.ts';

const DEFAULT_ACCESS_TOKEN_SECONDS = 3_600;
/** RFC 8707 wants an absolute URI: stands for an audience that is none. */
const DEFAULT_RESOURCE = 'urn:sluice:gateway';

export type IdentityProviderOptions = {
  /** Loopback port; 0 for a free one. */
  readonly port: number;
  /** The `aud` of access tokens. */
  readonly audience: string;
  readonly principals: DemoPrincipals;
  /** Resources of which scopes of Sluice may be asked for one by one. */
  readonly resources?: readonly string[];
  /** Client id of the people's programs; `sluice` unless told. */
  readonly clientId?: string;
  /** Beside the loopback addresses of native programs, any port, path `/callback`. */
  readonly redirectUris?: readonly string[];
  /** Where the gateway takes back-channel logout tokens. */
  readonly backchannelLogoutUri?: string;
  /** How that address is called; the process's own `fetch` unless given. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly accessTokenSeconds?: number;
  /** DPoP proofs have to carry a nonce of the provider's (RFC 9449 §8). */
  readonly asksForNonces?: boolean;
  /** Speaks TLS instead of plain HTTP, and asks clients for certificates (RFC 8705). PEM each. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Told of defects of the provider itself, never of a visitor's mistakes. */
  readonly onError?: (error: Error) => void;
};

export type IdentityProvider = {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
  /** Scopes that a client asks for; the last one makes it a token for the gateway. */
  readonly scopes: readonly string[];
  close(): Promise<void>;
};

/**
 * An OpenID Connect provider on 127.0.0.1 for the demo and the tests: sign-in page, code + PKCE, device grant, client
 * credentials, token exchange (RFC 8693), rotating refresh tokens, back-channel logout. Throws SluiceError CONFIG_PORT_TAKEN.
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const server =
    options.tls === undefined
      ? createServer()
      : createTlsServer({ ...options.tls, requestCert: true, rejectUnauthorized: false });
  const port = await listen(server, options.port);
  const host = `127.0.0.1:${port}`;
  const issuer = `${options.tls === undefined ? 'http' : 'https'}://${host}`;
  const clientId = options.clientId ?? 'sluice';
  const accessTokenSeconds = options.accessTokenSeconds ?? DEFAULT_ACCESS_TOKEN_SECONDS;
  const resource = URL.canParse(options.audience) ? options.audience : DEFAULT_RESOURCE;
  const resourceServer = {
    scope: ['sluice', ...scopesOf(options.resources ?? [])].join(' '),
    audience: options.audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: accessTokenSeconds,
    jwt: { sign: { alg: 'ES256' } },
  } as const;
  const { privateJwk, publicJwk } = await createSigningKey();
  const provider = new Provider(
    issuer,
    providerConfiguration({
      principals: options.principals,
      clientId,
      redirectUris: options.redirectUris ?? [],
      backchannelLogoutUri: options.backchannelLogoutUri ?? null,
      fetch: options.fetch ?? fetch,
      resource,
      resourceServer,
      accessTokenSeconds,
      signingKey: privateJwk,
      asksForNonces: options.asksForNonces ?? false,
      speaksTls: options.tls !== undefined,
    }),
  );
  registerTokenExchange(provider, {
    publicKeys: { keys: [publicJwk] },
    resource,
    resourceServer,
    principals: options.principals,
    accessTokenSeconds,
  });
  const report = options.onError ?? (() => undefined);
  provider.on('server_error', (_ctx, error) => report(error));
  provider.on('backchannel.error', (_ctx, error) => report(error));

  const callback = provider.callback();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Another name that resolves to loopback would make us speak to a page of its owner (DNS rebinding).
    if (request.headers.host !== host) {
      response.writeHead(421, pageHeaders()).end(messagePage('Wrong address', `Open ${issuer} instead.`));
    } else if (isLoginPath(request.url ?? '')) {
      await handleLogin(provider, options.principals, request, response);
    } else {
      await callback(request, response);
    }
  };
  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      report(error instanceof Error ? error : new Error(String(error)));
      if (!response.headersSent) response.writeHead(500, pageHeaders());
      response.end();
    });
  });
  return {
    issuer,
    clientId,
    audience: options.audience,
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access', 'sluice'],
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** All that have a meaning for these resources. */
function scopesOf(resources: readonly string[]): readonly string[] {
  return [...new Set(SCOPE_VERBS.flatMap((verb) => [null, ...resources].map((name) => scopeOf(verb, name))))].filter(
    isScope,
  );
}

async function listen(server: Pick<Server, 'listen' | 'address'> & EventEmitter, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SluiceError('CONFIG_PORT_TAKEN', `The identity provider cannot listen on 127.0.0.1:${port}.`, {
      cause: error,
    });
  }
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new SluiceError('INTERNAL', 'The identity provider listens on no port.');
  return address.port;
}

async function createSigningKey(): Promise<{ readonly privateJwk: JWK; readonly publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const parameters = { alg: 'ES256', use: 'sig', kid: crypto.randomUUID() };
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...parameters },
    publicJwk: { ...(await exportJWK(publicKey)), ...parameters },
  };
}
