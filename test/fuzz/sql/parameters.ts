/** Values that a client binds, of the types that drivers bind most. */

import { int16, int32 } from '../../harness/evil-client.ts';
import type { Random } from '../random.ts';
import type { Catalog } from './catalog.ts';
import { sampleOf } from './literals.ts';
import { expression, type Sql, sql } from './tree.ts';

export type Parameter = { readonly typeOid: number; readonly format: 0 | 1; readonly value: Buffer | null };

const TYPE_OIDS: Readonly<Record<string, number>> = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  json: 114,
  'double precision': 701,
  'character varying': 1043,
  'integer[]': 1007,
  'text[]': 1009,
  date: 1082,
  'timestamp with time zone': 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
};

/** Of constants, the share that is bound where that is possible. */
const SHARE = 0.4;
const MAX_PARAMETERS = 12;

export class Parameters {
  #open = false;
  #found: Parameter[] = [];

  /** From now on constants may become parameters. */
  open(): void {
    this.#open = true;
    this.#found = [];
  }

  /** Those of the statement that was just written. */
  close(): readonly Parameter[] {
    this.#open = false;
    return this.#found;
  }

  /** A parameter in the place of a literal of this type; null when a literal is wanted. */
  take(random: Random, catalog: Catalog, type: string): Sql | null {
    const typeOid = TYPE_OIDS[type];
    if (!this.#open || typeOid === undefined || this.#found.length >= MAX_PARAMETERS || !random.chance(SHARE))
      return null;
    const sample = sampleOf(random, catalog, type);
    const binary = sample === null ? null : binaryOf(type, sample);
    const isBinary = binary !== null && random.chance(0.4);
    this.#found.push({
      typeOid,
      format: isBinary ? 1 : 0,
      value: sample === null ? null : isBinary ? binary : Buffer.from(sample),
    });
    return expression(type, sql`${`$${this.#found.length}`}::${type}`);
  }
}

/** The binary form of the simplest types; null for the rest. */
function binaryOf(type: string, sample: string): Buffer | null {
  switch (type) {
    case 'text':
    case 'character varying':
      return Buffer.from(sample);
    case 'boolean':
      return Buffer.from([sample === 'true' ? 1 : 0]);
    case 'smallint':
      return int16(Number(sample));
    case 'integer':
      return int32(Number(sample));
    default:
      return null;
  }
}

/** `Int16 formats… · Int16 values… · Int16 result formats…` behind the names of Bind. */
export function boundValues(parameters: readonly Parameter[], resultFormat: 0 | 1): Buffer {
  return Buffer.concat([
    int16(parameters.length),
    ...parameters.map(({ format }) => int16(format)),
    int16(parameters.length),
    ...parameters.flatMap(({ value }) => (value === null ? [int32(-1)] : [int32(value.length), value])),
    int16(1),
    int16(resultFormat),
  ]);
}
