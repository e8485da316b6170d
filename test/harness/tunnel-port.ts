import { createServer, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OpenFrame } from '@sluice/contract/tunnel';
import type { Principal } from '@sluice/contract/vocabulary';
import type { AcceptConnection, AuthorizeOpen, TunnelEvent, TunnelPeer } from '../../gateway/src/tunnel/connection.ts';
import { DEFAULT_TUNNEL_LIMITS, type TunnelLimits, TunnelServer } from '../../gateway/src/tunnel/server.ts';
import { isTunnelUpgrade } from '../../gateway/src/tunnel/websocket-door.ts';
import { makeCertificate } from './certificate.ts';

export const ANALYST: Principal = {
  id: 'https://idp.test|analyst',
  kind: 'user',
  name: 'Ada Analyst',
  groups: ['analysts'],
  chain: [{ id: 'https://idp.test|analyst', kind: 'user', name: 'Ada Analyst' }],
  onBehalfOfGroups: [],
};

export type TunnelPort = {
  readonly server: TunnelServer;
  readonly gateway: URL;
  readonly port: number;
  readonly ca: string;
  readonly events: readonly TunnelEvent[];
  readonly opened: readonly { readonly resource: string; readonly peer: TunnelPeer }[];
  /** Cuts every API connection, as a gateway that dies does. */
  dropApi(): void;
  close(): Promise<void>;
};

/** The real tunnel server on a free loopback port. By default the token `good` opens any resource. */
export async function startTunnelPort(options: {
  readonly serve: (stream: Duplex) => void;
  readonly api?: RequestListener;
  readonly authorize?: AuthorizeOpen;
  readonly accept?: AcceptConnection;
  readonly limits?: Partial<TunnelLimits>;
  readonly headersTimeoutMs?: number;
}): Promise<TunnelPort> {
  const certificate = await makeCertificate();
  const events: TunnelEvent[] = [];
  const opened: { resource: string; peer: TunnelPeer }[] = [];
  const headersTimeout = options.headersTimeoutMs ?? 60_000;
  const http = createServer(
    {
      shouldUpgradeCallback: isTunnelUpgrade,
      headersTimeout,
      connectionsCheckingInterval: Math.min(headersTimeout, 30_000),
    },
    options.api ?? ((_request, response) => response.end('api')),
  );
  const server = new TunnelServer({
    tls: certificate,
    http,
    authorize: options.authorize ?? authorizeGoodToken,
    accept:
      options.accept ??
      ((resource, { duplex, peer }) => {
        opened.push({ resource, peer });
        options.serve(duplex);
      }),
    observe: (event) => events.push(event),
    limits: { ...DEFAULT_TUNNEL_LIMITS, ...options.limits },
    now: Date.now,
  });
  const { port } = await server.listen('127.0.0.1', 0);
  const gateway = new URL(`https://127.0.0.1:${port}`);
  return {
    server,
    gateway,
    port,
    ca: certificate.cert,
    events,
    opened,
    dropApi: () => http.closeAllConnections(),
    close: () => server.close(0),
  };
}

async function authorizeGoodToken(frame: OpenFrame): ReturnType<AuthorizeOpen> {
  if (frame.token === 'good') return { ok: true, sessionId: frame.sessionId, principal: ANALYST };
  return {
    ok: false,
    code: 'AUTH_TOKEN_INVALID',
    message: 'the token is not one of ours',
    remedy: 'Run `sluice login`.',
  };
}
