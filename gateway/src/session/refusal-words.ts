/** A refusal in words for the client: the strongest reason as the message, the rest as its detail. */
import { SluiceError } from '@sluice/contract/errors';
import type { Reason } from '@sluice/contract/vocabulary';
import type { Decision } from '../policy/decision.ts';
import type { Understanding } from './understanding.ts';

/** Reasons told beside the first. `sluice why` tells all. */
const MAX_FURTHER_REASONS = 5;

/** Engine rules that mean: not wrong, only too much. */
const TOO_LARGE: ReadonlySet<string> = new Set([
  'engine:statement-length',
  'engine:statement-nesting',
  'engine:statement-count',
]);

export function refusalOf(understanding: Understanding, decision: Decision): SluiceError {
  const speaking = decision.reasons.filter(({ effect }) => effect === 'refuse' || effect === 'hold');
  const [reason, ...others] = speaking.length === 0 ? decision.reasons : speaking;
  const code =
    understanding.kind === 'understood'
      ? 'REFUSED_BY_POLICY'
      : TOO_LARGE.has(understanding.reason.policyId)
        ? 'LIMIT_STATEMENT'
        : 'REFUSED_NOT_UNDERSTOOD';
  if (reason === undefined) return new SluiceError(code, 'refused by policy');
  const { place, why } = reason;
  const detail = [
    ...(why === undefined ? [] : [why]),
    ...(place === undefined ? [] : [placeInWords(place)]),
    ...furtherReasons(others),
  ].join(' ');
  return new SluiceError(code, reasonInWords(reason), {
    remedy: reason.remedy,
    facts: {
      policyId: reason.policyId,
      ...(detail === '' ? {} : { explanation: detail }),
      ...(place?.character === undefined ? {} : { position: place.character }),
    },
  });
}

/** Why a statement is held, in words: its first reasons, and how many are left. */
export function holdInWords({ reasons }: Decision): string {
  const holding = reasons.filter(({ effect }) => effect === 'hold');
  const told = holding.slice(0, MAX_FURTHER_REASONS + 1).map((reason) => `${reasonInWords(reason)}.`);
  const left = holding.length - told.length;
  return (left > 0 ? [...told, `And ${left} more: sluice why tells all.`] : told).join(' ');
}

/** `… (policy no-shaping-by-classified)` */
export function reasonInWords({ message, policyId }: Reason): string {
  return `${message} (policy ${policyId})`;
}

function placeInWords({ line, column, near }: NonNullable<Reason['place']>): string {
  return `It is about line ${line}, column ${column}${near === '' ? '' : `, near "${near}"`}.`;
}

function furtherReasons(others: readonly Reason[]): readonly string[] {
  const told = others.slice(0, MAX_FURTHER_REASONS).map((reason) => `Also: ${reasonInWords(reason)}.`);
  const left = others.length - told.length;
  return left > 0 ? [...told, `And ${left} more: sluice why tells all.`] : told;
}
