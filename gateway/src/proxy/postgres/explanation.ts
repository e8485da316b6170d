import type { Reason } from '@sluice/contract/vocabulary';
import { reasonInWords } from '../../session/refusal-words.ts';
import { notice, wantsNotice } from './reports.ts';
import type { SessionContext } from './session-context.ts';

/** `SET sluice.explain = on`: what is decided about each statement, and why, is told in NOTICEs. Off by default. */
export const EXPLAIN_SETTING = 'sluice.explain';

/** NOTICEs of one statement. */
const MAX_NOTICES = 20;

const ON: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1']);

/** Tells a client that asked for it every mask, hold and refusal, and what was spent, before the statement's answer. */
export function explain(context: SessionContext, reasons: readonly Reason[]): void {
  if (!isOn(context) || !wantsNotice('NOTICE', context.clientMinMessages.value)) return;
  for (const reason of reasons.slice(0, MAX_NOTICES))
    context.link.answer(notice(`${reason.effect}: ${reasonInWords(reason)}`, reason.remedy));
  const left = reasons.length - MAX_NOTICES;
  if (left > 0) context.link.answer(notice(`${left} more reasons`, 'sluice why tells all of them'));
}

function isOn({ changedSettings, startUpSettings }: SessionContext): boolean {
  const value = changedSettings.get(EXPLAIN_SETTING) ?? startUpSettings.get(EXPLAIN_SETTING);
  return value !== undefined && ON.has(value.toLowerCase());
}
