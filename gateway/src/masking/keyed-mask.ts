import type { MaskKind } from '../policy/mask-kind.ts';
import { type CellMask, writeBytes } from './cell.ts';
import { canonicalIp, INET_OIDS, ipv4Cell } from './ip-value.ts';
import { endOfText } from './last-mask.ts';
import { MAX_DIGESTED_BYTES, type MaskKeys, TOKEN_BYTES, type ValueDigests } from './mask-keys.ts';
import type { PlannedColumn } from './planned-column.ts';
import { domainOf, ipBytes, MASKED_DOMAIN, MAX_DOMAIN_BYTES, SHAPE_CHARACTERS, shapeText } from './shapes.ts';
import { type TextColumn, textColumn } from './text-column.ts';
import { TOKEN_CHARACTERS, tokenText, uuidText } from './token-text.ts';

type KeyedKind = Extract<MaskKind, { kind: 'token' | 'shape' }>;

const UUID = 2950;
const UUID_CHARACTERS = 36;
const SPACE = 0x20;
/** Longest text of an inet or cidr; and of a masked one, with `/32`. */
const MAX_IP_BYTES = 64;
const MASKED_IP_BYTES = 20;

/**
 * A mask that is equal for equal values: a token, or a value of a shape. Null where it does not fit the column: in a
 * type that cannot hold it, or a width that would cut it.
 *
 * A NULL counts as the empty text. Text is digested as its bytes, without the blanks that fill up `char(n)`; a UUID as
 * its text, so that it is joinable with one that is kept as text.
 */
export function keyedMask(kind: KeyedKind, column: PlannedColumn, keys: MaskKeys, resource: string): CellMask | null {
  // A domain is kept beside the same local part that hides it.
  const name = kind.kind === 'token' ? 'token' : kind.shape === 'email-domain' ? 'email' : kind.shape;
  const digests = keys.digests(resource, name, kind.purpose);
  const text = textColumn(column);
  if (text !== null) return inText(kind, text, digests);
  const isToken = kind.kind === 'token' || kind.shape === 'uuid';
  if (column.typeOid === UUID && isToken) return uuidMask(column.format, digests);
  if (INET_OIDS.has(column.typeOid) && kind.kind === 'shape' && kind.shape === 'ip') return ipMask(column, digests);
  return null;
}

function inText(kind: KeyedKind, column: TextColumn, digests: ValueDigests): CellMask | null {
  if (kind.kind === 'token')
    return textMask(column, TOKEN_CHARACTERS, (...value) => tokenText(digests.token(...value)));
  switch (kind.shape) {
    case 'email':
    case 'email-domain':
      return emailMask(column, digests, kind.shape === 'email-domain');
    case 'uuid':
      return textMask(column, UUID_CHARACTERS, (...value) => uuidText(digests.uuid(...value)));
    case 'phone':
    case 'card':
    case 'ssn':
    case 'ip': {
      const { shape } = kind;
      return textMask(column, SHAPE_CHARACTERS[shape], (...value) => shapeText(shape, digests.digest(...value)));
    }
  }
}

type TextOf = (source: Buffer, start: number, end: number, cut: boolean) => string;

/** A text of ASCII made from a text. `characters`: its greatest length; null when the column is narrower. */
function textMask(column: TextColumn, characters: number, textOf: TextOf): CellMask | null {
  if (characters > Math.min(column.maxCharacters, column.maxBytes)) return null;
  const { padTo, ignoresBlanks } = column;
  return Object.freeze({
    maxBytes: Math.max(characters, padTo),
    tailBytes: MAX_DIGESTED_BYTES,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      // What is looked at is the same whether the value comes whole or its last bytes only.
      const from = Math.max(start, end - MAX_DIGESTED_BYTES);
      const last = ignoresBlanks ? endOfText(source, from, end) : end;
      let written = target.write(textOf(source, from, last, cut || from > start), at, 'latin1');
      while (written < padTo) target[at + written++] = SPACE;
      return written;
    },
  });
}

/** The token as local part, so that it is recognised when it is written back. */
function emailMask(column: TextColumn, digests: ValueDigests, keepsDomain: boolean): CellMask | null {
  const fixedCharacters = TOKEN_CHARACTERS + 1 + MASKED_DOMAIN.length;
  const widest = Math.min(column.maxCharacters, column.maxBytes);
  const longest = keepsDomain ? Math.min(TOKEN_CHARACTERS + 1 + MAX_DOMAIN_BYTES, widest) : fixedCharacters;
  if (fixedCharacters > widest) return null;
  return textMask(column, longest, (source, start, end, cut) => {
    const domain = keepsDomain ? domainOf(source, start, end) : null;
    const local = tokenText(digests.token(source, start, end, cut));
    const kept = domain !== null && local.length + 1 + domain.length <= longest ? domain : MASKED_DOMAIN;
    return `${local}@${kept}`;
  });
}

/** In both formats the digest is that of the UUID's text. */
function uuidMask(format: 0 | 1, digests: ValueDigests): CellMask {
  return Object.freeze({
    maxBytes: UUID_CHARACTERS,
    tailBytes: UUID_CHARACTERS,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      const from = Math.max(start, end - UUID_CHARACTERS);
      const isBinary = format === 1 && end - from === TOKEN_BYTES;
      const value = isBinary ? Buffer.from(uuidText(source.subarray(from, end)), 'latin1') : source.subarray(from, end);
      const token = digests.uuid(value, 0, value.length, cut || from > start);
      return format === 1 ? writeBytes(token, 0, TOKEN_BYTES, target, at) : target.write(uuidText(token), at, 'latin1');
    },
  });
}

/** An address of one family whatever the value's, in the form of its type. */
function ipMask({ typeOid, format }: PlannedColumn, digests: ValueDigests): CellMask {
  return Object.freeze({
    maxBytes: MASKED_IP_BYTES,
    tailBytes: MAX_IP_BYTES,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      const from = Math.max(start, end - MAX_IP_BYTES);
      const value = canonicalIp(source.subarray(from, end), format);
      const address = ipBytes(digests.digest(value, 0, value.length, cut || from > start));
      const cell = ipv4Cell(address, typeOid, format);
      return writeBytes(cell, 0, cell.length, target, at);
    },
  });
}
