import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@sluice/contract/errors';
import type { OpenFrame } from '@sluice/contract/tunnel';
import type { Principal } from '@sluice/contract/vocabulary';

/** Who is at the other end of a tunnel stream. The program still has to prove the session secret in its own login. */
export type TunnelPeer = {
  /** Address and port of the `sluice` process, e.g. `127.0.0.1:51234`. */
  readonly from: string;
  readonly via: 'tunnel';
  /** The minted session that the stream was opened for. */
  readonly sessionId: string;
  /** Whom the access token named; the session secret must belong to the same principal. */
  readonly principal: Principal;
};

/** One opened stream: raw bytes of the resource's own protocol, both ways. */
export type TunnelConnection = { readonly duplex: Duplex; readonly peer: TunnelPeer };

export type OpenVerdict =
  | { readonly ok: true; readonly sessionId: string; readonly principal: Principal }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly remedy: string };

/** What is known of a stream's connection. */
export type StreamCarrier = {
  /** Address and port of the client. */
  readonly from: string;
  /** `x5t#S256` of the client certificate of this very TLS connection (RFC 8705); null for none. */
  readonly certificate: string | null;
};

/** Checks token, session and resource of an open frame. Whatever it throws counts as a refusal. */
export type AuthorizeOpen = (frame: OpenFrame, carrier: StreamCarrier) => Promise<OpenVerdict>;

/** Hands an opened stream to the proxy of the resource. The proxy owns the stream from here and closes it. */
export type AcceptConnection = (resource: string, connection: TunnelConnection) => void | Promise<void>;

/** What the tunnel port reports to telemetry. Never holds a token. */
export type TunnelEvent =
  | { readonly kind: 'opened'; readonly from: string; readonly resource: string; readonly sessionId: string }
  | {
      readonly kind: 'refused';
      readonly from: string;
      readonly resource: string | null;
      readonly code: ErrorCode;
      readonly message: string;
    }
  | { readonly kind: 'handshake-failed'; readonly from: string; readonly message: string }
  | { readonly kind: 'port-failed'; readonly message: string }
  | { readonly kind: 'accept-failed'; readonly from: string; readonly resource: string; readonly error: unknown };
