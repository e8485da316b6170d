import type { Decision } from '../../policy/decision.ts';
import { reasonInWords } from '../../session/refusal-words.ts';
import { notice, wantsNotice } from './reports.ts';
import type { SessionContext } from './session-context.ts';

/** `SET sluice.explain = on`: what is decided about each statement, and why, is told in NOTICEs. Off by default. */
export const EXPLAIN_SETTING = 'sluice.explain';

/** NOTICEs of one statement. */
const MAX_NOTICES = 20;

const ON: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1']);

/**
 * Tells a client that asked for it every mask, hold and refusal, and what was spent, before the statement's answer. The
 * first mask's detail says which columns of the answer are masked: programs read it (agent-tunnel/src/mcp).
 */
export function explain(context: SessionContext, { reasons, obligations }: Decision): void {
  if (!isOn(context) || !wantsNotice('NOTICE', context.clientMinMessages.value)) return;
  let masked = maskedColumns(obligations);
  for (const reason of reasons.slice(0, MAX_NOTICES)) {
    const isMask = reason.effect === 'mask';
    context.link.answer(notice(`${reason.effect}: ${reasonInWords(reason)}`, reason.remedy, isMask ? masked : ''));
    if (isMask) masked = '';
  }
  const left = reasons.length - MAX_NOTICES;
  if (left > 0) context.link.answer(notice(`${left} more reasons`, 'sluice why tells all of them'));
}

/** EXPLAIN ANALYZE was answered as EXPLAIN: told whether or not it is asked for, since another statement was run. */
export function tellNotMeasured(context: SessionContext, { reasons }: Decision): void {
  if (!wantsNotice('NOTICE', context.clientMinMessages.value)) return;
  const refused = reasons.find(({ effect }) => effect === 'refuse');
  context.link.answer(
    notice(
      'EXPLAIN ANALYZE is answered as EXPLAIN: nothing was run or measured',
      'Measure it without the tables that have classified columns, or as somebody who may see them.',
      refused === undefined ? '' : reasonInWords(refused),
    ),
  );
}

/** Positions in the answer, from 1; nothing where none is masked. */
function maskedColumns(obligations: Decision['obligations']): string {
  const outputs = obligations.flatMap((obligation) => (obligation.kind === 'mask' ? [obligation.output + 1] : []));
  const positions = [...new Set(outputs)].sort((left, right) => left - right);
  return positions.length === 0 ? '' : `Masked columns of the answer: ${positions.join(', ')}.`;
}

function isOn({ changedSettings, startUpSettings }: SessionContext): boolean {
  const value = changedSettings.get(EXPLAIN_SETTING) ?? startUpSettings.get(EXPLAIN_SETTING);
  return value !== undefined && ON.has(value.toLowerCase());
}
