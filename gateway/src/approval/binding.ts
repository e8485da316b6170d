/**
 * The binding hash: SHA-256 over everything that decides what a statement does and for whom. docs/approvals.md has the bytes.
 *
 * ```text
 * "sluice approval binding v1\n"
 * then each field: u8 tag | u32 length | bytes        (big-endian)
 * lists: tag | u32 count in place of the length, then each member as u32 length | bytes
 * ```
 * Length-prefixed, so that no two statements have the same bytes; tagged, so that a field cannot slide into the next.
 * `sessionId` stays out: a job that reconnects and sends the same statement again must find its approval.
 */
import { createHash, type Hash } from 'node:crypto';
import type { BoundStatement } from './request.ts';

const DOMAIN = 'sluice approval binding v1\n';

const TAG = {
  protocol: 1,
  resource: 2,
  database: 3,
  upstreamRole: 4,
  chain: 5,
  text: 6,
  parameters: 7,
  resultFormats: 8,
  settings: 9,
  treeHash: 10,
  policyVersion: 11,
  labelsVersion: 12,
} as const;

/** The binding hash of a statement, hex. Pure. */
export function bindingHash(bound: BoundStatement): string {
  const digest = createHash('sha256').update(DOMAIN);
  field(digest, TAG.protocol, bound.protocol);
  field(digest, TAG.resource, bound.resource);
  field(digest, TAG.database, bound.database);
  field(digest, TAG.upstreamRole, bound.upstreamRole);
  list(digest, TAG.chain, bound.chain, (id) => bytes(digest, id));
  field(digest, TAG.text, bound.text);
  list(digest, TAG.parameters, bound.parameters, (parameter) => {
    digest.update(u32(parameter.typeOid)).update(u8(parameter.format));
    // NULL is not the empty value.
    digest.update(u8(parameter.value === null ? 0 : 1));
    bytes(digest, parameter.value ?? '');
  });
  list(digest, TAG.resultFormats, bound.resultFormats, (format) => digest.update(u8(format)));
  list(digest, TAG.settings, bound.settings, ([name, value]) => {
    bytes(digest, name);
    bytes(digest, value);
  });
  field(digest, TAG.treeHash, bound.treeHash);
  field(digest, TAG.policyVersion, bound.policyVersion);
  field(digest, TAG.labelsVersion, bound.labelsVersion);
  return digest.digest('hex');
}

function field(digest: Hash, tag: number, value: string | Uint8Array): void {
  digest.update(u8(tag));
  bytes(digest, value);
}

function list<T>(digest: Hash, tag: number, members: readonly T[], encode: (member: T) => void): void {
  digest.update(u8(tag)).update(u32(members.length));
  for (const member of members) encode(member);
}

function bytes(digest: Hash, value: string | Uint8Array): void {
  const encoded = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  digest.update(u32(encoded.length)).update(encoded);
}

function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

function u32(value: number): Uint8Array {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(value);
  return encoded;
}
