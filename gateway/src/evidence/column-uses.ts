/**
 * What an entry says about columns: which statement used which column, and how. Pure.
 *
 * ```text
 * each use, 21 bytes, big-endian:  u64 sequence | u32 segment | u64 offset of the record in the segment | u8 uses
 * uses: bit 0 raw, 1 masked, 2 tested, 3 copied, 4 written
 * ```
 */
import { COLUMN_USES, type ColumnUse } from '@sluice/contract/audit';
import { type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import { readU64, writeU64 } from './format.ts';
import type { Decided } from './recorded-entry.ts';

/** One use of one column by one statement. `uses` is a set of bits: {@link COLUMN_USES} in order. */
export type UsePlace = {
  readonly sequence: number;
  readonly segment: number;
  readonly offset: number;
  readonly uses: number;
};

/** Stands for every column of a resource: the statement was not understood, and ran all the same. */
export const ANY_COLUMN = '*';

const BIT = Object.fromEntries(COLUMN_USES.map((use, index) => [use, 1 << index])) as Readonly<
  Record<ColumnUse, number>
>;
const ALL_BITS = (1 << COLUMN_USES.length) - 1;
const USE_BYTES = 21;

/** By the flows of an entry: the same array as long as the statement and its labels are the same. */
const KNOWN = new WeakMap<object, { readonly reasons: object; readonly uses: ReadonlyMap<string, number> }>();

/** Columns that a statement uses, as `schema.table.column`, each with its bits. */
export function columnUsesOf(entry: Decided): ReadonlyMap<string, number> {
  const known = KNOWN.get(entry.flows);
  // What is written without a source has no flow: one that does is worth looking at each time.
  if (known?.reasons === entry.reasons && entry.written === undefined) return known.uses;
  const uses = read(entry);
  if (entry.written === undefined) KNOWN.set(entry.flows, { reasons: entry.reasons, uses });
  return uses;
}

function read(entry: Decided): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const add = (name: string, use: ColumnUse): void => {
    uses.set(name, (uses.get(name) ?? 0) | BIT[use]);
  };
  const masked = new Set(
    entry.reasons.filter(({ effect }) => effect === 'mask').flatMap(({ columns }) => columns.map(columnText)),
  );
  for (const flow of entry.flows) {
    const sources = flow.sources.map(columnText);
    // One masked source masks the whole output, whatever else flows into it.
    const outputUse = sources.some((name) => masked.has(name)) ? 'masked' : 'raw';
    const use = ({ output: outputUse, shaping: 'tested', faultable: 'tested', write: 'copied' } as const)[flow.kind];
    for (const name of sources) add(name, use);
    if (flow.kind === 'write') add(flow.target, 'written');
  }
  for (const name of entry.written ?? []) add(name, 'written');
  if (mayTouchAnything(entry)) uses.set(ANY_COLUMN, ALL_BITS);
  return uses;
}

/** It ran or may run without anybody knowing what it reads: policy trusts its principal. */
function mayTouchAnything({ flows, written, effect, highestLabel }: Decided): boolean {
  return flows.length === 0 && written === undefined && effect !== 'refuse' && labelRank(highestLabel) > 0;
}

export function columnText({ schema, table, column }: Pick<LabelledColumn, 'schema' | 'table' | 'column'>): string {
  return `${schema}.${table}.${column}`;
}

export function usesOf(bits: number): ColumnUse[] {
  return COLUMN_USES.filter((use) => (bits & BIT[use]) !== 0);
}

export function bitsOf(uses: readonly ColumnUse[]): number {
  return uses.reduce((bits, use) => bits | BIT[use], 0);
}

export function encodeUses(places: readonly UsePlace[]): Buffer {
  const bytes = Buffer.allocUnsafe(places.length * USE_BYTES);
  for (const [index, { sequence, segment, offset, uses }] of places.entries()) {
    const start = index * USE_BYTES;
    writeU64(bytes, sequence, start);
    bytes.writeUInt32BE(segment, start + 8);
    writeU64(bytes, offset, start + 12);
    bytes.writeUInt8(uses, start + 20);
  }
  return bytes;
}

export function decodeUses(packed: Uint8Array): readonly UsePlace[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: Math.floor(bytes.length / USE_BYTES) }, (_, index) => {
    const start = index * USE_BYTES;
    return {
      sequence: readU64(bytes, start),
      segment: bytes.readUInt32BE(start + 8),
      offset: readU64(bytes, start + 12),
      uses: bytes.readUInt8(start + 20),
    };
  });
}
