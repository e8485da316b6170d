import type { RequestView } from '@sluice/contract/api';
import { renderChain, renderChainIds, renderFlows, renderReasons } from './flows.ts';
import { paintLabel, type Style } from './style.ts';
import { countHidden, mixesAlphabets, visibleLine, visibleText } from './visible.ts';

/** Everything that an approver decides upon. What others wrote is shown as it is, with hidden characters visible. */
export function renderRequest(request: RequestView, style: Style): string {
  const decided =
    request.decidedBy === null ? '' : `Decided by   ${renderChain(request.decidedBy)} at ${request.decidedAt ?? ''}\n`;
  const note = request.note === '' ? '' : `Note         “${visibleLine(request.note)}”\n`;
  return (
    `${style.bold(`Request ${visibleLine(request.id)}`)}  ${paintState(request.state, style)}\n` +
    `Asked by     ${renderChain(request.asker)}\n` +
    `             ${style.dim(renderChainIds(request.asker))}\n` +
    `Resource     ${visibleLine(request.resource)}, session ${visibleLine(request.sessionId)}\n` +
    `Touches      ${paintLabel(style, request.label)} data\n` +
    `Created      ${request.createdAt}, expires ${request.expiresAt}\n` +
    `Binding      ${visibleLine(request.bindingHash)}\n${decided}${note}\n` +
    `${style.bold('Statement')}, exactly as it will run\n${renderStatement(request.statement, style)}\n` +
    `${style.bold('Flows')}\n${renderFlows(request.flows, style)}\n` +
    `${style.bold('Why it is held')}\n${renderReasons(request.reasons, style)}`
  );
}

/** The statement between bars, with a warning when it holds what an eye would not see. */
export function renderStatement(statement: string, style: Style): string {
  const lines = visibleText(statement).split('\n');
  const hidden = countHidden(statement);
  const warnings = [
    ...(hidden > 0 ? [`${hidden} hidden character${hidden === 1 ? '' : 's'}, shown as ‹U+…›`] : []),
    ...(mixesAlphabets(statement) ? ['a word mixes alphabets: letters may not be what they look like'] : []),
  ];
  return `${lines.map((line) => `  │ ${line}\n`).join('')}${warnings.map((warning) => style.red(`  ! ${warning}\n`)).join('')}`;
}

export function paintState(state: RequestView['state'], style: Style): string {
  const paint = {
    pending: style.yellow,
    approved: style.green,
    denied: style.red,
    expired: style.dim,
    consumed: style.dim,
  }[state];
  return paint(state);
}
