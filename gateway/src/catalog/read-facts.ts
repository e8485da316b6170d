import { SluiceError } from '@sluice/contract/errors';

/** Rows of a catalog question, in text format. */
export type FactRows = readonly (readonly (string | null)[])[];

/** Facts of rows of one JSON text. Throws `UPSTREAM_PROTOCOL` when the server answers in another shape than asked. */
export function readFacts<T>(rows: FactRows, parse: (json: string) => T): readonly T[] {
  return rows.map(([json]) => {
    if (json === null || json === undefined)
      throw new SluiceError('UPSTREAM_PROTOCOL', 'The catalog query answered an empty row.');
    try {
      return parse(json);
    } catch (cause) {
      throw new SluiceError('UPSTREAM_PROTOCOL', 'The catalog query answered in an unknown shape.', { cause });
    }
  });
}
