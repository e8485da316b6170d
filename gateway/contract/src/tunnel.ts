/**
 * The tunnel protocol `sluice/1`: one TLS 1.3 connection (ALPN `sluice/1`) per stream.
 *
 * ```text
 * client → gateway   u32 length | JSON OpenFrame
 * gateway → client   u32 length | JSON OpenReply
 * then, when ok: raw bytes of the resource's own protocol, both ways, until either side ends
 * ```
 * The length counts the JSON bytes only and is big-endian. Nothing on the client's side parses the bytes that follow.
 *
 * Where something in between ends TLS, and ALPN with it, the same stream travels in a WebSocket (RFC 6455) over HTTPS:
 * `GET /api/v1/tunnel`, sub-protocol `sluice.tunnel.v1`, no extensions.
 *
 * ```text
 * binary message   the next 0 … 65,536 bytes of the stream; where one ends means nothing
 * text message     `end`: this side's stream has ended, the other one's goes on (half-close)
 * ```
 * Nothing follows a side's `end`; the connection is closed with 1000 once both sides have said it. Closed before, the
 * stream broke off. A longer message is closed with 1009, any other text with 1002.
 */
import { z } from 'zod';

export const TUNNEL_ALPN = 'sluice/1';
/** Longest JSON of a frame, bytes. A longer one ends the connection. */
export const MAX_TUNNEL_FRAME_BYTES = 32_768;

export const TUNNEL_WEBSOCKET_PATH = '/api/v1/tunnel';
export const TUNNEL_WEBSOCKET_PROTOCOL = 'sluice.tunnel.v1';
/** Longest WebSocket message, bytes. */
export const MAX_TUNNEL_MESSAGE_BYTES = 65_536;
/** The text message that ends one side's stream. */
export const TUNNEL_END_MESSAGE = 'end';

export const OpenFrameSchema = z.strictObject({
  version: z.literal(1),
  resource: z.string().min(1).max(200),
  /** The session (from `POST /api/v1/sessions`) whose secret the program will present inside its own login. */
  sessionId: z.string().min(1).max(100),
  /** The principal's access token; must be the principal that the session was minted for. */
  token: z.string().min(1).max(16_384),
  /** A DPoP proof of the token's key (RFC 9449), with `htm` and `htu` as `streamProofTarget` says, where the token is bound to one. */
  proof: z.string().min(1).max(4_096).exactOptional(),
});
export type OpenFrame = z.infer<typeof OpenFrameSchema>;

/**
 * What the proof of a stream names: `htm` CONNECT, and as `htu` this path below the gateway's origin, whichever way the
 * stream travels. A proof for one session opens no stream of another.
 */
export function streamProofTarget({ resource, sessionId }: Pick<OpenFrame, 'resource' | 'sessionId'>): {
  readonly method: 'CONNECT';
  readonly path: string;
} {
  const path = [TUNNEL_WEBSOCKET_PATH, encodeURIComponent(resource), encodeURIComponent(sessionId)].join('/');
  return { method: 'CONNECT', path };
}

export const OpenReplySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true) }),
  z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string(), remedy: z.string() }),
]);
export type OpenReply = z.infer<typeof OpenReplySchema>;
