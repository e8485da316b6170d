/**
 * What the gateway and the thread of the Merkle log say to each other.
 */
import type { AnchorSettings } from './anchor.ts';
import type { WitnessState } from './witnessing.ts';

export type MerkleThreadData = {
  readonly directory: string;
  readonly logId: string;
  readonly durable: number;
  /** Seeds of the signing keys. */
  readonly seeds: readonly Uint8Array[];
  readonly witnesses: readonly { readonly name: string; readonly url: string; readonly vkey: string }[];
  readonly anchors: readonly (AnchorSettings & { readonly name: string })[];
};

export type MerkleStatus = {
  /** `broken`: the log is not the one that was signed; nothing is signed any more. `failing`: tried again. */
  readonly state: 'signing' | 'failing' | 'broken';
  readonly message: string;
  /** Of the newest checkpoint; 0 before the first. */
  readonly size: number;
  /** When it was signed, by this process; 0 before. Milliseconds since 1970. */
  readonly atMs: number;
  readonly witnesses: readonly WitnessState[];
};

export type MerkleQuestion = {
  readonly id: number;
  /** Entries that are on the disk. */
  readonly until: number;
  /** Wait for the witnesses, also those that just failed. */
  readonly witness: boolean;
};

export type MerkleAnswer =
  | { readonly kind: 'opened'; readonly status: MerkleStatus }
  | { readonly kind: 'refused'; readonly code: 'EVIDENCE_BROKEN' | 'EVIDENCE_UNWRITABLE'; readonly message: string }
  | { readonly kind: 'status'; readonly status: MerkleStatus }
  | { readonly kind: 'advanced'; readonly id: number; readonly status: MerkleStatus };
