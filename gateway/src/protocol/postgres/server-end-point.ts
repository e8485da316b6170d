import { createHash } from 'node:crypto';

/**
 * Channel-binding data `tls-server-end-point` (RFC 5929 §4.1): the hash of the server's certificate, by the hash of its
 * signature algorithm, SHA-256 for MD5 and SHA-1. Null where none is defined (Ed25519, RSA-PSS): then nothing is bound.
 * `signatureAlgorithm` is OpenSSL's long name, e.g. `sha256WithRSAEncryption` or `ecdsa-with-SHA384`.
 */
export function serverEndPoint(certificateDer: Buffer, signatureAlgorithm: string): Buffer | null {
  const hash = /(?:^|-)(md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512)(?![0-9])/i.exec(signatureAlgorithm)?.[1];
  if (hash === undefined) return null;
  const name = hash.toLowerCase().replace('-', '');
  return createHash(name === 'md5' || name === 'sha1' ? 'sha256' : name)
    .update(certificateDer)
    .digest();
}
