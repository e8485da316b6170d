/**
 * inet and cidr in text and binary format.
 *
 * ```text
 * Byte1  family: 2 IPv4, 3 IPv6
 * Byte1  bits of the network mask
 * Byte1  1 for cidr, 0 for inet
 * Byte1  bytes of the address: 4 or 16
 * Byten  the address
 * ```
 */
const INET = 869;
const CIDR = 650;
export const INET_OIDS: ReadonlySet<number> = new Set([INET, CIDR]);

const FAMILY_4 = 2;
const FAMILY_6 = 3;
const HEADER_BYTES = 4;

/**
 * The same bytes for the same address in both formats: family, mask, address. What cannot be read is returned as it
 * stands, which is as good for a digest.
 */
export function canonicalIp(cell: Buffer, format: 0 | 1): Buffer {
  if (format === 1) {
    if (cell.length <= HEADER_BYTES) return cell;
    return Buffer.concat([cell.subarray(0, 2), cell.subarray(HEADER_BYTES)]);
  }
  const [address = '', mask] = cell.toString('latin1').split('/');
  const bytes = address.includes(':') ? ipv6(address) : ipv4(address);
  if (bytes === null) return cell;
  const bits = mask === undefined ? bytes.length * 8 : Number(mask);
  return Buffer.concat([Buffer.from([bytes.length === 4 ? FAMILY_4 : FAMILY_6, bits]), bytes]);
}

/** One IPv4 address as a cell of its type. */
export function ipv4Cell(address: Buffer, typeOid: number, format: 0 | 1): Buffer {
  const isCidr = typeOid === CIDR;
  if (format === 0) return Buffer.from(`${[...address].join('.')}${isCidr ? '/32' : ''}`, 'latin1');
  return Buffer.concat([Buffer.from([FAMILY_4, 32, isCidr ? 1 : 0, 4]), address]);
}

/** Four decimal numbers with dots; null for another text. */
export function ipv4(text: string): Buffer | null {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && parts.every((part) => part < 256) ? Buffer.from(parts) : null;
}

/** RFC 4291, 2.2: groups of hexadecimal digits, one run of zeros as `::`, the last 32 bits perhaps as IPv4. */
function ipv6(text: string): Buffer | null {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const last = tail.includes('.') ? ipv4(tail) : null;
  if (tail.includes('.') && last === null) return null;
  const plain =
    last === null ? text : `${text.slice(0, -tail.length)}${last.toString('hex', 0, 2)}:${last.toString('hex', 2, 4)}`;
  const [before = '', after] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head, rest] = [groups(before), after === undefined ? [] : groups(after)];
  const zeros = after === undefined ? 0 : 8 - head.length - rest.length;
  if (zeros < 0) return null;
  const all = [...head, ...Array.from({ length: zeros }, () => '0'), ...rest];
  if (all.length !== 8 || !all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
