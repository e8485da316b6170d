/** The endpoints that the gateway listens on, opened by the composition root. */
import { createServer } from 'node:http';
import { createSecureContext, type SecureContext } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import { SluiceError } from '@sluice/contract/errors';
import { type OpenFrame, streamProofTarget } from '@sluice/contract/tunnel';
import type { Opened } from './closers.ts';
import type { OwnOrigins } from './identity/binding/own-origins.ts';
import { isSameHolder } from './identity/binding/token-binding.ts';
import type { SessionSecrets } from './identity/session-secrets.ts';
import type { TokenVerifier } from './identity/verify-token.ts';
import { NativeListener } from './proxy/postgres/native-listener.ts';
import type { PostgresProxy } from './proxy/postgres/postgres-proxy.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { createMetricsServer } from './telemetry/metrics-server.ts';
import { clientCertificateOf } from './tunnel/client-certificate.ts';
import type { OpenVerdict } from './tunnel/connection.ts';
import { DEFAULT_TUNNEL_LIMITS, TunnelServer } from './tunnel/server.ts';
import { isTunnelUpgrade } from './tunnel/websocket-door.ts';

/** How long streams may take to finish what is under way when the port closes, milliseconds. */
const TUNNEL_CLOSE_GRACE_MS = 1_000;

export type Endpoint = { readonly host: string; readonly port: number };
export type TlsFiles = { readonly cert: Buffer; readonly key: Buffer };
type FetchHandler = {
  readonly fetch: (
    request: Request,
    connection: { readonly clientCertificate: string | null },
  ) => Response | Promise<Response>;
};

function secureContextOf(tls: TlsFiles): SecureContext {
  try {
    return createSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('CONFIG_INVALID', `tls.cert and tls.key cannot be used together: ${message}`, {
      cause,
      remedy:
        'Give the chain and the private key that belongs to its first certificate, both in PEM, the key without a passphrase.',
    });
  }
}

/** PostgreSQL clients without a tunnel. */
export async function openNative(
  endpoint: Endpoint,
  parts: { proxy: PostgresProxy; tls: TlsFiles | null; maxConnections: number },
  opened: Opened,
): Promise<Endpoint> {
  const tls = parts.tls === null ? null : secureContextOf(parts.tls);
  const listener = new NativeListener({ proxy: parts.proxy, tls, maxConnections: parts.maxConnections });
  const port = await listener.listen(endpoint);
  opened('native endpoint', listener, (part) => part.close());
  return { host: endpoint.host, port };
}

/** Client tunnels and the API, on one TLS port. */
export async function openTunnel(
  endpoint: Endpoint,
  parts: {
    proxy: PostgresProxy;
    control: FetchHandler;
    tokens: TokenVerifier;
    secrets: SessionSecrets;
    origins: OwnOrigins;
    asksForCertificate: boolean;
    tls: TlsFiles;
    maxConnections: number;
    now: () => number;
    log: Logger;
  },
  opened: Opened,
): Promise<Endpoint> {
  const { proxy, control, secrets, tokens, log } = parts;
  // The tunnel's server makes its own; here for the error, while it can still be told in words.
  secureContextOf(parts.tls);
  const listener = getRequestListener((request, { incoming }) =>
    control.fetch(request, { clientCertificate: clientCertificateOf(incoming.socket) }),
  );
  const http = createServer(
    { shouldUpgradeCallback: isTunnelUpgrade },
    (request, response) => void listener(request, response),
  );
  const server = new TunnelServer({
    tls: parts.tls,
    http,
    now: parts.now,
    limits: { ...DEFAULT_TUNNEL_LIMITS, maxConnections: parts.maxConnections },
    asksForCertificate: parts.asksForCertificate,
    authorize: async (frame, { certificate }) => await authorizeStream(frame, certificate, tokens, secrets),
    accept: async (resource, { duplex, peer }) =>
      await proxy.accept({
        stream: duplex,
        peer: { from: peer.from, via: 'tunnel' },
        encrypted: false,
        startTls: null,
        tunnel: { resource, principal: peer.principal },
      }),
    observe: (event) => {
      if (event.kind === 'opened') log.info(event, 'tunnel');
      else log.warn(event, 'tunnel');
    },
  });
  opened('tunnel endpoint', server, (part) => part.close(TUNNEL_CLOSE_GRACE_MS));
  const { port } = await server.listen(endpoint.host, endpoint.port);
  parts.origins.listensOn(port, parts.tls.cert);
  return { host: endpoint.host, port };
}

/**
 * The stream's token must be the principal's that the session was minted for, bound to the same key when that one was
 * bound, and the session for this resource.
 */
async function authorizeStream(
  frame: OpenFrame,
  certificate: string | null,
  tokens: TokenVerifier,
  secrets: SessionSecrets,
): Promise<OpenVerdict> {
  const { proof } = frame;
  const verification = await tokens.verify(
    frame.token,
    proof === undefined
      ? { scheme: 'bearer', certificate }
      : { scheme: 'dpop', proof, target: streamProofTarget(frame) },
  );
  if (verification.kind === 'refused') {
    const { code, message, remedy } = verification.error;
    return { ok: false, code, message, remedy };
  }
  const { principal } = verification.token;
  const holder = secrets.find(frame.sessionId);
  const isTheirs = holder?.resource === frame.resource && isSameHolder(holder.principal, principal);
  if (!isTheirs) {
    const error = new SluiceError('AUTH_FAILED', 'this session is not open for you on this resource');
    return { ok: false, code: error.code, message: error.message, remedy: error.remedy };
  }
  return { ok: true, sessionId: frame.sessionId, principal };
}

/** Prometheus metrics. */
export async function openMetrics(
  endpoint: Endpoint,
  parts: { metrics: Metrics; isHealthy: () => boolean },
  opened: Opened,
): Promise<Endpoint> {
  const server = createMetricsServer(parts.metrics, parts.isHealthy);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new SluiceError(
          'CONFIG_PORT_TAKEN',
          `cannot serve metrics on ${endpoint.host}:${endpoint.port}: ${cause.message}`,
          { cause },
        ),
      ),
    );
    server.listen(endpoint.port, endpoint.host, resolve);
  });
  opened('metrics endpoint', server, async (part) => {
    part.closeAllConnections();
    await new Promise<void>((resolve) => part.close(() => resolve()));
  });
  const address = server.address();
  return { host: endpoint.host, port: typeof address === 'object' && address !== null ? address.port : endpoint.port };
}
