import type { MaskedPart, MaskKind } from '../policy/mask-kind.ts';
import { type CellMask, writeBytes } from './cell.ts';
import { type JsonStep, parseJsonPath } from './json-path.ts';
import { type CellMaskOf, JsonRewriter, type Place } from './json-rewriter.ts';
import type { PlannedColumn } from './planned-column.ts';

const JSON_OID = 114;
const JSONB_OID = 3802;
/** What binary jsonb begins with. */
const JSONB_VERSION = 1;

/** Longest document that is looked into, bytes; a longer one is masked whole. */
export const MAX_JSON_BYTES = 65_536;
/** Longest one that comes out: places that a document lacks are added. */
export const MAX_MASKED_JSON_BYTES = 2 * MAX_JSON_BYTES;

/**
 * Masks places of a JSON document and leaves the rest as it stands, byte for byte. Null for columns of other types,
 * and for paths that cannot be read: then the cell is to be masked whole.
 *
 * A masked member stands at the end of its object whether or not it was there, so neither its value nor that it was
 * there shows. A document becomes NULL whole when it is too long or too deep, or when it is not built as a path
 * expects it: a text where an object should be could hold what the label means.
 */
export function jsonMask(
  parts: readonly MaskedPart[],
  { typeOid, format }: PlannedColumn,
  maskOf: (mask: MaskKind) => CellMask | null,
): CellMask | null {
  if (typeOid !== JSON_OID && typeOid !== JSONB_OID) return null;
  const root = placesOf(parts, maskOf);
  if (root === null) return null;
  const versionBytes = typeOid === JSONB_OID && format === 1 ? 1 : 0;
  return Object.freeze({
    maxBytes: MAX_MASKED_JSON_BYTES + versionBytes,
    tailBytes: MAX_JSON_BYTES + versionBytes,
    write(source: Buffer, start: number, end: number, cut: boolean, target: Buffer, at: number): number {
      const from = start + versionBytes;
      if (cut || end - from > MAX_JSON_BYTES || end <= from) return -1;
      if (versionBytes === 1 && source[start] !== JSONB_VERSION) return -1;
      const rewritten = new JsonRewriter(source.toString('utf8', from, end)).rewrite(root);
      const bytes = rewritten === null ? null : Buffer.from(rewritten, 'utf8');
      if (bytes === null || bytes.length > MAX_MASKED_JSON_BYTES) return -1;
      if (versionBytes === 1) target[at] = JSONB_VERSION;
      return versionBytes + writeBytes(bytes, 0, bytes.length, target, at + versionBytes);
    },
  });
}

type Building = { mask: CellMaskOf | null; readonly members: Map<string, Building>; every: Building | null };

/** The places as a tree. A place inside another masked one is masked with it. */
function placesOf(parts: readonly MaskedPart[], maskOf: (mask: MaskKind) => CellMask | null): Place | null {
  const root: Building = { mask: null, members: new Map(), every: null };
  for (const { path, mask } of parts) {
    const steps = parseJsonPath(path);
    if (steps === null) return null;
    const cell = maskOf(mask);
    descend(root, steps).mask = (value) => (cell === null ? null : maskedText(cell, value));
  }
  return root;
}

function descend(from: Building, steps: readonly JsonStep[]): Building {
  let at = from;
  for (const step of steps) {
    const next: Building = (step === null ? at.every : at.members.get(step)) ?? {
      mask: null,
      members: new Map(),
      every: null,
    };
    if (step === null) at.every = next;
    else at.members.set(step, next);
    at = next;
  }
  return at;
}

function maskedText(mask: CellMask, value: string): string | null {
  const source = Buffer.from(value, 'utf8');
  const target = Buffer.alloc(mask.maxBytes);
  const written = mask.write(source, 0, source.length, false, target, 0);
  return written === -1 ? null : target.toString('utf8', 0, written);
}
