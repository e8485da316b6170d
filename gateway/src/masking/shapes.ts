/**
 * Values of common shapes, made from a digest: valid for whoever checks their form, and nobody's. Each has one length.
 */
import type { MaskShape } from '../policy/mask-kind.ts';

/** Domain of the addresses that hide theirs. Reserved: no mail goes there (RFC 2606). */
export const MASKED_DOMAIN = 'masked.invalid';
/** Longest domain that `email-domain` keeps, bytes. */
export const MAX_DOMAIN_BYTES = 253;

/** The shapes that are made of digits. */
export type DigitShape = Exclude<MaskShape, 'email' | 'email-domain' | 'uuid'>;

/** Characters of each. */
export const SHAPE_CHARACTERS: Readonly<Record<DigitShape, number>> = { phone: 15, card: 16, ssn: 11, ip: 15 };

export function shapeText(shape: DigitShape, digest: Buffer): string {
  switch (shape) {
    case 'phone':
      // ITU-T E.164, in a country code that is nobody's.
      return `+999${decimals(digest, 11)}`;
    case 'card': {
      // ISO/IEC 7812: industry 9 is for national use; no card scheme has these.
      const digits = `9${decimals(digest, 14)}`;
      return digits + luhn(digits);
    }
    case 'ssn':
      // Areas from 900 are never given out; the groups are not those of taxpayer numbers either.
      return `9${decimals(digest, 2)}-${pad(1 + (digest.readUInt16BE(8) % 49), 2)}-${pad(1 + (digest.readUInt32BE(12) % 9_999), 4)}`;
    case 'ip':
      return ipText(ipBytes(digest));
  }
}

/** An address of 240.0.0.0/4, which nobody routes (RFC 1112); at least 100 in each part, so that all are equally long. */
export function ipBytes(digest: Buffer): Buffer {
  const part = (at: number): number => 100 + (digest.readUInt16BE(at) % 156);
  return Buffer.from([240 + ((digest[6] ?? 0) & 0x0f), part(0), part(2), part(4)]);
}

function ipText(bytes: Buffer): string {
  return [...bytes].join('.');
}

/** The first 8 bytes of the digest as `count` decimal digits, at most 15. */
function decimals(digest: Buffer, count: number): string {
  return (digest.readBigUInt64BE(0) % 10n ** BigInt(count)).toString().padStart(count, '0');
}

function pad(value: number, digits: number): string {
  return value.toString().padStart(digits, '0');
}

/** The check digit of ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): string {
  let sum = 0;
  for (const [i, digit] of Array.from(digits).reverse().entries()) {
    const doubled = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

const AT = 0x40;

/** The domain of a mail address; null when there is none, or one that is no host name. */
export function domainOf(source: Buffer, start: number, end: number): string | null {
  const at = source.lastIndexOf(AT, end - 1);
  if (at < start || end - at - 1 > MAX_DOMAIN_BYTES) return null;
  const domain = source.toString('latin1', at + 1, end).toLowerCase();
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/.test(domain) ? domain : null;
}
