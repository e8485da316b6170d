import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { calculateJwkThumbprint, EmbeddedJWK, errors as joseErrors, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import { errors, type TokenEndpointGrantContext } from 'oidc-provider';

const PROOF_SECONDS = 60;

/**
 * Thumbprint of the key that the agent proves at the token endpoint (RFC 9449 §5), null when it proves none. The library
 * does this for its own grants and offers it to no other.
 */
export async function readActorKey(ctx: TokenEndpointGrantContext, provider: Provider): Promise<string | null> {
  const proof = ctx.get('DPoP');
  if (proof === '') return null;
  const { payload, protectedHeader } = await verify(proof);
  if (payload['htm'] !== ctx.method || payload['htu'] !== provider.urlFor('token'))
    throw new errors.InvalidDpopProof('DPoP proof htm or htu mismatch');
  const { jti } = payload;
  const expiresAt = Math.floor(Date.now() / 1_000) + 2 * PROOF_SECONDS;
  if (jti === undefined || !(await provider.ReplayDetection.unique(ctx.oidc.client.clientId, jti, expiresAt)))
    throw new errors.InvalidDpopProof('DPoP proof was used before');
  return await calculateJwkThumbprint(protectedHeader.jwk ?? {});
}

async function verify(proof: string) {
  try {
    return await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256', 'Ed25519', 'EdDSA'],
      maxTokenAge: PROOF_SECONDS,
      clockTolerance: PROOF_SECONDS,
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
    });
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) throw new errors.InvalidDpopProof(`DPoP proof: ${error.code}`);
    throw error;
  }
}

/** The certificate that the client showed in this very connection; undefined for none. */
export function certificateOf(socket: Socket): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}
