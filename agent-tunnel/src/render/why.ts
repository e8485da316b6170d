import type { WhyStatement } from '@sluice/contract/api';
import { renderColumns, renderFlows, renderReasons } from './flows.ts';
import { renderStatement } from './request.ts';
import { paintEffect, type Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** What would become of one statement, and why; parts without anything to say are left out. */
export function renderWhy(statement: WhyStatement, where: string, style: Style): string {
  const part = (heading: string, text: string): string => (text === '' ? '' : `${style.bold(heading)}\n${text}`);
  const parameters = statement.parameters.map((type, index) => `  $${index + 1}: ${visibleLine(type)}\n`).join('');
  return (
    `${paintEffect(style, statement.effect)}  ${where}\n${renderStatement(statement.text, style)}` +
    part('Parameters', parameters) +
    part('Flows', renderFlows(statement.flows, style)) +
    part('Why', renderReasons(statement.reasons, style)) +
    part('Permitted', renderReasons(statement.permitted, style)) +
    part('Labels', renderColumns(statement.columns, style))
  );
}
