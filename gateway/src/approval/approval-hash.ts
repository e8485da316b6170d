/**
 * The approval hash: what was approved, by whom, for when, on which terms. docs/approvals.md has the bytes.
 *
 * ```text
 * "sluice approval v1\n"
 * 01 u32 length, bytes    request id: 128 random bits, the nonce
 * 02 u32 length, bytes    binding hash of the statement, hex
 * 03 u32 length, bytes    most rows, decimal; empty when there is no bound
 * 04 u32 length, bytes    not before, milliseconds since 1970, decimal
 * 05 u32 length, bytes    expires, milliseconds since 1970, decimal
 * 06 u32 count            approvers, sorted: each `issuer|subject`, as u32 length, bytes
 * ```
 * The binding hash says which statement; a client finds its request by it. This one adds what only the decision knows.
 */
import { createHash, type Hash } from 'node:crypto';

const DOMAIN = 'sluice approval v1\n';

export type ApprovalTerms = {
  readonly requestId: string;
  /** Of the bytes that are about to be sent. */
  readonly bindingHash: string;
  readonly rowBound: number | null;
  readonly notBeforeMs: number;
  readonly expiresMs: number;
  readonly approvers: readonly string[];
};

/** Hex. Pure. */
export function approvalHash(terms: ApprovalTerms): string {
  const digest = createHash('sha256').update(DOMAIN);
  const fields = [
    terms.requestId,
    terms.bindingHash,
    terms.rowBound === null ? '' : String(terms.rowBound),
    String(terms.notBeforeMs),
    String(terms.expiresMs),
  ];
  for (const [index, value] of fields.entries()) field(digest, index + 1, value);
  digest.update(Uint8Array.of(fields.length + 1)).update(u32(terms.approvers.length));
  for (const id of terms.approvers.toSorted()) bytes(digest, id);
  return digest.digest('hex');
}

function field(digest: Hash, tag: number, value: string): void {
  digest.update(Uint8Array.of(tag));
  bytes(digest, value);
}

function bytes(digest: Hash, value: string): void {
  const encoded = Buffer.from(value, 'utf8');
  digest.update(u32(encoded.length)).update(encoded);
}

function u32(value: number): Uint8Array {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(value);
  return encoded;
}
