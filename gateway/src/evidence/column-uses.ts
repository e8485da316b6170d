/**
 * What an entry says about columns: which statement used which column, and how. Pure.
 *
 * ```text
 * uses of a column: runs, back to back, of statements that use it in the same way
 * run:   u8 uses | u32 bytes of the places, big-endian | places: of each sequence, segment, offset of the record in the
 *        segment (packed-triples.ts)
 * uses:  bit 0 raw, 1 masked, 2 tested, 3 copied, 4 written
 * ```
 */
import { COLUMN_USES, type ColumnUse } from '@sluice/contract/audit';
import { type LabelledColumn, labelRank } from '@sluice/contract/vocabulary';
import { DETECTED } from '../detection/detectors.ts';
import { FormatError } from './format.ts';
import { PackedTriples, unpackTriples } from './packed-triples.ts';
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
const RUN_HEADER_BYTES = 5;

/** By the flows of an entry: the same array as long as the statement and its labels are the same. */
const KNOWN = new WeakMap<object, Known>();
type Known = Pick<Decided, 'reasons' | 'effect' | 'highestLabel'> & {
  readonly written: Decided['written'] | undefined;
  readonly uses: ReadonlyMap<string, number>;
};

/** Columns that a statement uses, as `schema.table.column`, each with its bits. */
export function columnUsesOf(entry: Decided): ReadonlyMap<string, number> {
  const { flows, reasons, written, effect, highestLabel } = entry;
  const known = KNOWN.get(flows);
  const isKnown =
    known?.reasons === reasons &&
    known.written === written &&
    known.effect === effect &&
    known.highestLabel === highestLabel;
  if (isKnown) return known.uses;
  const uses = read(entry);
  KNOWN.set(flows, { reasons, written, effect, highestLabel, uses });
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
    for (const name of sources) add(name, flow.decides?.includes(name) === true ? 'tested' : use);
    if (flow.kind === 'write') add(flow.target, 'written');
  }
  for (const name of entry.written ?? []) add(name, 'written');
  if (mayTouchAnything(entry)) uses.set(ANY_COLUMN, ALL_BITS);
  return uses;
}

/**
 * How values that a statement brings itself are known, and where they go or what they are known for, when it does that
 * with this column; empty when it brings none.
 */
export function bringsOf({ flows }: Pick<Decided, 'flows'>, column: string): readonly string[] {
  const brought = flows.flatMap(({ kind, use, target, sources }) => {
    if (kind !== 'write' || use === undefined) return [];
    if (target === column) return sources.map((source) => `${use}: ${originText(source)}`);
    return sources.some((source) => columnText(source) === column) ? [`${use} → ${target}`] : [];
  });
  return [...new Set(brought)];
}

/** A detector stands in the place of a column. */
function originText(source: LabelledColumn): string {
  return source.schema === DETECTED ? source.column : columnText(source);
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

/** Places of statements that use columns in the same ways. */
export class PackedUses {
  readonly #packed = new PackedTriples();
  firstSequence = Number.POSITIVE_INFINITY;
  lastSequence = 0;
  firstAtUs = Number.POSITIVE_INFINITY;
  lastAtUs = 0;

  add(sequence: number, atUs: number, place: { readonly segment: number; readonly offset: number }): void {
    this.#packed.add(sequence, place.segment, place.offset);
    this.firstSequence = Math.min(this.firstSequence, sequence);
    this.lastSequence = Math.max(this.lastSequence, sequence);
    this.firstAtUs = Math.min(this.firstAtUs, atUs);
    this.lastAtUs = Math.max(this.lastAtUs, atUs);
  }

  /** Of a column that all of them use so. */
  run(uses: number): readonly Buffer[] {
    const { bytes } = this.#packed;
    const header = Buffer.allocUnsafe(RUN_HEADER_BYTES);
    header[0] = uses;
    header.writeUInt32BE(bytes.length, 1);
    return [header, bytes];
  }
}

/** In no order. Throws FormatError. */
export function decodeUses(packed: Uint8Array): readonly UsePlace[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const places: UsePlace[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < RUN_HEADER_BYTES) throw new FormatError('a run of uses is cut off');
    const uses = bytes.readUInt8(at);
    const start = at + RUN_HEADER_BYTES;
    at = start + bytes.readUInt32BE(at + 1);
    if (at > bytes.length) throw new FormatError('a run of uses is cut off');
    unpackTriples(bytes.subarray(start, at), (sequence, segment, offset) => {
      places.push({ sequence, segment, offset, uses });
    });
  }
  return places;
}
