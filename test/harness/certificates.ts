/** Certificates for TLS tests: an authority and a server certificate for the loopback names, made in memory. */
import { type Certificate, createAuthority, type LocalAuthority } from '../../gateway/src/demo/local-authority.ts';

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];

export type TestCertificates = { readonly authority: LocalAuthority; readonly server: Certificate };

export function makeCertificates(names: readonly string[] = LOOPBACK_NAMES): TestCertificates {
  const authority = createAuthority('Sluice test authority', Date.now());
  return { authority, server: authority.issue({ commonName: names[0] ?? 'server', names, usage: 'server' }) };
}
