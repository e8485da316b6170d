import type { Place } from '@sluice/contract/vocabulary';
import type { Examined } from './examine.ts';
import type { Interpretation } from './interpretation.ts';

/** Characters shown of a statement's text at a place. */
const NEAR_CHARACTERS = 40;

/** The same, saying where in the text the thing is that was not understood, as far as that is known. */
export function withPlace(interpretation: Interpretation, examined: Examined): Interpretation {
  const { understanding } = interpretation.understood;
  if (understanding.kind !== 'opaque' || examined.gate.kind !== 'statement') return interpretation;
  const { statement } = examined.gate;
  const isWhole = examined.text !== statement.text || statement.startByte === 0;
  const start = examined.text === statement.text ? 0 : statement.startByte;
  const byte = statement.verdict.handling === 'refuse' ? start : (understanding.byte ?? null);
  if (byte === null) return interpretation;
  const { character, ...place } = placeAt(examined.text, byte);
  const reason = { ...understanding.reason, place: isWhole ? { ...place, character } : place };
  return {
    ...interpretation,
    understood: { ...interpretation.understood, understanding: { ...understanding, reason } },
  };
}

/** `byte` counts from 0 in the UTF-8 of `text`; one beyond the end is the end. */
export function placeAt(text: string, byte: number): Place & { readonly character: number } {
  const bytes = Buffer.from(text, 'utf8');
  const at = Math.min(Math.max(0, byte), bytes.length);
  const before = bytes.toString('utf8', 0, at);
  const lines = before.split('\n');
  const after = [...bytes.toString('utf8', at).slice(0, NEAR_CHARACTERS * 2)];
  const near = after.slice(0, NEAR_CHARACTERS).join('').replace(/\s+/g, ' ').trim();
  return {
    byte: at,
    line: lines.length,
    column: [...(lines.at(-1) ?? '')].length + 1,
    character: [...before].length + 1,
    near: after.length > NEAR_CHARACTERS ? `${near}…` : near,
  };
}
