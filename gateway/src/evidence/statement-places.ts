/**
 * Where the entries of statements lie, packed for the index: of each place statement id, segment, offset of the record in
 * the segment (packed-triples.ts). Ends that share a record have one place each.
 */
import { PackedTriples, unpackTriples } from './packed-triples.ts';

export type StatementPlace = { readonly statementId: number; readonly segment: number; readonly offset: number };

export class PackedPlaces {
  readonly #packed = new PackedTriples();
  /** Smallest and largest statement id. */
  first = Number.POSITIVE_INFINITY;
  last = 0;

  get bytes(): Buffer {
    return this.#packed.bytes;
  }

  add(statementId: number, segment: number, offset: number): void {
    this.#packed.add(statementId, segment, offset);
    if (statementId < this.first) this.first = statementId;
    if (statementId > this.last) this.last = statementId;
  }
}

export function decodePlaces(packed: Uint8Array): readonly StatementPlace[] {
  const places: StatementPlace[] = [];
  unpackTriples(packed, (statementId, segment, offset) => places.push({ statementId, segment, offset }));
  return places;
}
