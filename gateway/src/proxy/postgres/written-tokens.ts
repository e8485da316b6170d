import { SluiceError } from '@sluice/contract/errors';
import type { Reason } from '@sluice/contract/vocabulary';
import type { MaskKeys } from '../../masking/mask-keys.ts';
import { holdsToken } from '../../masking/token-text.ts';
import type { Understanding } from '../../session/understanding.ts';
import type { Opened } from './names.ts';

const MESSAGE = 'The statement would write a mask token in place of the value that it stands for.';
const REMEDY = 'Leave masked columns out of what you write, or ask for the permission to see them.';

/**
 * A statement that writes and holds a token, in its text or its parameters, is refused: somebody writes back a row as
 * they were shown it, and the value under the mask would be lost. Null for every other one.
 */
export function refuseTokens({ plan, bind }: Opened, keys: MaskKeys): Understanding | null {
  if (!writesSomething(plan)) return null;
  const texts = [plan.text, ...(bind?.parameters ?? []).map((value) => value?.toString('latin1') ?? '')];
  const uuids = (bind?.parameters ?? []).filter((value) => value !== null && value.length === TOKEN_LENGTH);
  if (!texts.some((text) => holdsToken(text, keys)) && !uuids.some((value) => value !== null && keys.isToken(value)))
    return null;
  const { understanding } = plan.understood;
  const reason: Reason = {
    effect: 'refuse',
    policyId: 'engine:mask-token',
    message: MESSAGE,
    remedy: REMEDY,
    columns: [],
  };
  return {
    kind: 'opaque',
    reason,
    statementKind: understanding.kind === 'opaque' ? understanding.statementKind : understanding.facts.statementKind,
    fingerprint: understanding.fingerprint,
    // Who may see the value need not write its token; nobody is trusted with that.
    trust: null,
  };
}

/** What COPY FROM STDIN is told when a token stands in its data. */
export function tokenInCopy(): SluiceError {
  return new SluiceError('REFUSED_BY_POLICY', MESSAGE, { remedy: REMEDY });
}

/** A UUID in binary format has as many bytes as a token. */
const TOKEN_LENGTH = 16;

/** Or prepares a statement that does: what EXECUTE runs later has its literals here. */
function writesSomething(plan: Opened['plan']): boolean {
  const { names } = plan.facts.effects;
  return plan.facts.writes || (names?.kind === 'prepare' && names.plan.facts.writes);
}
