/** What is permitted, and by which policy: the other half of an explanation, for people who ask. */
import { type LabelledColumn, labelRank, type Reason } from '@sluice/contract/vocabulary';
import { statementInWords } from '../analysis/statement-words.ts';
import type { ColumnQuestions } from './column-questions.ts';
import type { StatementFacts } from './decision.ts';
import type { Answer } from './permissions.ts';
import { columnInWords, distinctColumns, type Finding, reasonsOf } from './reasons.ts';

/** @param run the answer to whether the statement may run at all */
export function permissionReasons(facts: StatementFacts, columns: ColumnQuestions, run: Answer): readonly Reason[] {
  const findings: Finding[] = [];
  const permit = (answer: Answer, about: readonly LabelledColumn[], subject: string | null, says: string): void => {
    if (answer.kind !== 'permitted') return;
    const policyId = answer.policies[0]?.id ?? 'default-deny';
    findings.push({ effect: 'allow', policyId, columns: about, subject, says, remedy: '' });
  };
  permit(run, [], '', `${statementInWords(facts.statementKind)} may run on ${facts.resource.name}`);
  for (const output of facts.outputs) {
    for (const source of distinctColumns(output.sources))
      permit(columns.ask('reveal', source), [source], null, 'is shown as it is');
  }
  for (const [action, used, says] of [
    ['shape', facts.shaping, 'may decide which rows are returned'],
    ['fault', facts.faultable, 'may be used in an expression that can fail'],
  ] as const) {
    for (const column of distinctColumns(used))
      permit(columns.ask(action, column, { mayReveal: columns.mayReveal(column) }), [column], null, says);
  }
  for (const { target, targetName, sources } of facts.writes) {
    const targetRank = target === null ? -1 : labelRank(target.label);
    for (const source of distinctColumns(sources)) {
      const subject = `${columnInWords(source)} → ${target === null ? targetName : columnInWords(target)}`;
      if (labelRank(source.label) <= targetRank)
        findings.push({
          effect: 'allow',
          policyId: 'engine:label-follows',
          columns: [source],
          subject,
          says: 'may be copied: the label there is as high',
          remedy: '',
        });
      else {
        const context = { mayReveal: columns.mayReveal(source), targetExists: target !== null, targetRank };
        permit(columns.ask('writeDown', source, context), [source], subject, 'may be copied');
      }
    }
  }
  return reasonsOf(findings);
}
