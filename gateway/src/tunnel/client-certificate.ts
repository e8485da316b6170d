import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * `x5t#S256` of the client certificate of a connection (RFC 8705 §3.1): SHA-256 of its DER, base64url. Null when it is no
 * TLS connection or the client showed none. That it has the key is what the handshake has proved.
 */
export function clientCertificateOf(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? null : createHash('sha256').update(certificate.raw).digest('base64url');
}
