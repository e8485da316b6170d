import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * Under which addresses clients reach this gateway. Not asked of the request: whoever replays a proof that was made for
 * another gateway writes that one's name into `Host`.
 */
export class OwnOrigins {
  readonly #configured: ReadonlySet<string> | null;
  #listening: { readonly certificate: X509Certificate; readonly port: number } | null = null;

  /** `configured`: origins, `https://host:port`; null when the certificate is to say it. */
  constructor(configured: readonly string[] | null) {
    this.#configured = configured === null ? null : new Set(configured.map((origin) => new URL(origin).origin));
  }

  /** `certificatePem`: what clients are shown on `port`. */
  listensOn(port: number, certificatePem: string | Buffer): void {
    this.#listening = { certificate: new X509Certificate(certificatePem), port };
  }

  /** Whether a URL is of this gateway: one of the configured origins, else any name of its certificate on its own port. */
  includes(url: URL): boolean {
    if (this.#configured !== null) return this.#configured.has(url.origin);
    if (this.#listening === null || Number(url.port || 443) !== this.#listening.port) return false;
    const { certificate } = this.#listening;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const name = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
    return name !== undefined;
  }
}
