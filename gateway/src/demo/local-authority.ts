/**
 * A certificate authority of one's own, for the demo and the tests: Node reads X.509 certificates but writes none, so
 * the few structures of RFC 5280 that a TLS certificate needs are encoded here in DER. ECDSA over P-256 with SHA-256.
 * Not for production: keys are plain PEM texts, and nothing is ever revoked.
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';

/** Certificates are valid from an hour before `now`: clocks of containers drift. */
const BACKDATED_MS = 3_600_000;
const DAY_MS = 86_400_000;

export type Certificate = { readonly certificatePem: string; readonly privateKeyPem: string };

export type LeafRequest = {
  readonly commonName: string;
  /** What a server's certificate is checked against: DNS names and IP addresses. Empty for clients. */
  readonly names?: readonly string[];
  readonly usage: 'server' | 'client';
  /** Days from now until it expires; negative for one that has expired already. Default 30. */
  readonly days?: number;
};

export type LocalAuthority = {
  /** Give this to clients as their trust anchor. */
  readonly certificatePem: string;
  /** Keep it 0600; `openAuthority` takes both back. */
  readonly privateKeyPem: string;
  issue(request: LeafRequest): Certificate;
};

/** Makes a new authority, valid for `days` (default 365) from `now` (epoch milliseconds). */
export function createAuthority(commonName: string, now: number, days = 365): LocalAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = keyIdentifier(publicKey);
  const certificatePem = signCertificate(privateKey, {
    issuer: commonName,
    subject: commonName,
    publicKey,
    validFrom: now - BACKDATED_MS,
    validUntil: now + days * DAY_MS,
    extensions: [
      extension(OID.basicConstraints, true, sequence(BOOLEAN_TRUE, integer(Uint8Array.of(0)))),
      extension(OID.keyUsage, true, bitString(Uint8Array.of(KEY_CERT_SIGN), 1)),
      extension(OID.subjectKeyIdentifier, false, octetString(keyId)),
    ],
  });
  return openAuthority({ certificatePem, privateKeyPem: toPem(privateKey) }, now);
}

/** An authority made earlier. */
export function openAuthority({ certificatePem, privateKeyPem }: Certificate, now: number): LocalAuthority {
  const authority = new X509Certificate(certificatePem);
  const authorityKey = createPrivateKey(privateKeyPem);
  const issuer = /^CN=(.*)$/m.exec(authority.subject)?.[1] ?? authority.subject;
  const authorityKeyId = keyIdentifier(authority.publicKey);
  return {
    certificatePem,
    privateKeyPem,
    issue({ commonName, names = [], usage, days = 30 }) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const leafPem = signCertificate(authorityKey, {
        issuer,
        subject: commonName,
        publicKey,
        validFrom: Math.min(now, now + days * DAY_MS) - BACKDATED_MS,
        validUntil: now + days * DAY_MS,
        extensions: [
          extension(OID.basicConstraints, true, sequence()),
          extension(OID.keyUsage, true, bitString(Uint8Array.of(DIGITAL_SIGNATURE), 7)),
          extension(OID.extendedKeyUsage, false, sequence(oid(usage === 'server' ? OID.serverAuth : OID.clientAuth))),
          extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(publicKey))),
          extension(OID.authorityKeyIdentifier, false, sequence(tagged(0x80, authorityKeyId))),
          ...(names.length > 0 ? [extension(OID.subjectAltName, false, sequence(...names.map(generalName)))] : []),
        ],
      });
      return { certificatePem: leafPem, privateKeyPem: toPem(privateKey) };
    },
  };
}

type ToBeSigned = {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly validFrom: number;
  readonly validUntil: number;
  readonly extensions: readonly Uint8Array[];
};

/**
 * RFC 5280, section 4.1:
 * ```text
 * Certificate     ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature BIT STRING }
 * TBSCertificate  ::= SEQUENCE { [0] version 2, serialNumber, signature, issuer, validity, subject,
 *                                subjectPublicKeyInfo, [3] extensions }
 * ```
 */
function signCertificate(issuerKey: KeyObject, certificate: ToBeSigned): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const tbs = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(serialNumber()),
    algorithm,
    distinguishedName(certificate.issuer),
    sequence(time(certificate.validFrom), time(certificate.validUntil)),
    distinguishedName(certificate.subject),
    certificate.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...certificate.extensions)),
  );
  const der = sequence(tbs, algorithm, bitString(sign('sha256', tbs, issuerKey), 0));
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const OID = {
  commonName: [2, 5, 4, 3],
  ecdsaWithSha256: [1, 2, 840, 10045, 4, 3, 2],
  subjectKeyIdentifier: [2, 5, 29, 14],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  basicConstraints: [2, 5, 29, 19],
  authorityKeyIdentifier: [2, 5, 29, 35],
  extendedKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
  clientAuth: [1, 3, 6, 1, 5, 5, 7, 3, 2],
} as const;

const BOOLEAN_TRUE = Uint8Array.of(0x01, 0x01, 0xff);
/** Bits of KeyUsage, counted from the left: 0 digitalSignature; 5 keyCertSign with 6 cRLSign. */
const DIGITAL_SIGNATURE = 0b1000_0000;
const KEY_CERT_SIGN = 0b0000_0110;

/** Positive, 127 random bits, never with a leading zero byte (DER wants the shortest form). */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

/** RFC 5280, section 4.2.1.2, method 1: SHA-1 of the public key's bits. A name, not a protection. */
function keyIdentifier(publicKey: KeyObject): Uint8Array {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // The uncompressed point of P-256, 65 bytes, ends the structure.
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

function extension(id: readonly number[], isCritical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(isCritical ? [BOOLEAN_TRUE] : []), octetString(value));
}

/** Context tag 2 is a DNS name, 7 an IP address in network order. */
function generalName(name: string): Uint8Array {
  return isIP(name) === 0 ? tagged(0x82, Buffer.from(name, 'ascii')) : tagged(0x87, addressBytes(name));
}

function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number);
  const [head = '', tail] = address.split('::');
  const words = (part: string | undefined) => (part ? part.split(':').map((word) => Number.parseInt(word, 16)) : []);
  const zeros = tail === undefined ? [] : Array<number>(8 - words(head).length - words(tail).length).fill(0);
  return Uint8Array.from([...words(head), ...zeros, ...words(tail)].flatMap((word) => [word >> 8, word & 0xff]));
}

function distinguishedName(commonName: string): Uint8Array {
  return sequence(tagged(0x31, sequence(oid(OID.commonName), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
}

/** UTCTime until 2049, GeneralizedTime after, both in seconds and Zulu. */
function time(epochMs: number): Uint8Array {
  const digits = `${new Date(epochMs).toISOString().replace(/\.\d+Z$|[-:T]/g, '')}Z`;
  const isShort = Number(digits.slice(0, 4)) < 2050;
  return tagged(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits, 'ascii'));
}

/** Arcs in base 128, high bit set on all bytes of an arc but its last; the first two arcs share a byte. */
function oid([first = 0, second = 0, ...rest]: readonly number[]): Uint8Array {
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

function integer(bytes: Uint8Array): Uint8Array {
  return tagged(0x02, bytes);
}

function octetString(bytes: Uint8Array): Uint8Array {
  return tagged(0x04, bytes);
}

function bitString(bytes: Uint8Array, unusedBits: number): Uint8Array {
  return tagged(0x03, Buffer.concat([Uint8Array.of(unusedBits), bytes]));
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return tagged(0x30, Buffer.concat(parts));
}

/** Tag, length (one byte below 128, else a count of length bytes and those), content. */
function tagged(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(header), content]);
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
