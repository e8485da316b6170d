import type { EffectPreview, RequestView } from '@sluice/contract/api';
import { renderChain, renderChainIds, renderFlows, renderReasons } from './flows.ts';
import { UNKNOWN_OUTCOME } from './outcome.ts';
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
    `Binding      ${visibleLine(request.bindingHash)}\n${renderTerms(request)}${decided}${note}${renderUse(request, style)}\n` +
    `${style.bold('Statement')}, exactly as it will run\n${renderStatement(request.statement, style)}\n` +
    `${style.bold('Flows')}\n${renderFlows(request.flows, style)}\n` +
    renderPreview(request.preview, style) +
    `${style.bold('Why it is held')}\n${renderReasons(request.reasons, style)}` +
    renderQuotation(request, style)
  );
}

function renderTerms({ approvalsNeeded, approvals, rowBound }: RequestView): string {
  const votes = approvalsNeeded === 1 ? '' : `Approvals    ${approvals} of ${approvalsNeeded}\n`;
  return `${votes}${rowBound === null ? '' : `Bound        at most ${rowBound} rows, else it is rolled back\n`}`;
}

function renderUse({ use }: RequestView, style: Style): string {
  if (use === undefined) return '';
  if (use === null) return 'Used         nothing on record says how, so nothing was sent\n';
  const outcome = use.outcome === 'unknown' ? style.red(UNKNOWN_OUTCOME) : use.outcome;
  return `Used         by statement ${use.statementId} of session ${visibleLine(use.sessionId)}: ${outcome}\n`;
}

/** What the gateway found out by itself about the effect. */
function renderPreview(preview: EffectPreview | null, style: Style): string {
  if (preview === null) return '';
  const rows = (count: number | null): string =>
    count === null ? '' : `, ${count} row${count === 1 ? '' : 's'} changed`;
  const tables = preview.tables.map(
    ({ schema, table, access, rowsChanged }) =>
      `  ${access === 'write' ? 'writes' : 'reads '} ${visibleLine(`${schema}.${table}`)}${access === 'write' ? rows(rowsChanged) : ''}\n`,
  );
  const estimate =
    preview.estimatedRows === null
      ? ''
      : `  about ${preview.estimatedRows} ${preview.estimatedRows === 1 ? 'row' : 'rows'} by the database's estimate\n`;
  const dry =
    preview.dryRunRows === null
      ? `  not tried: ${visibleLine(preview.whyNoDryRun ?? 'no reason given')}\n`
      : `  tried and rolled back: ${preview.dryRunRows} row${preview.dryRunRows === 1 ? '' : 's'}\n`;
  return `${style.bold('Effect')}, as the gateway found it\n${tables.join('')}${estimate}${dry}${renderSample(preview.sample, style)}\n`;
}

function renderSample(sample: EffectPreview['sample'], style: Style): string {
  if (sample === null || sample.rows.length === 0) return '';
  const lines = sample.rows.map((row) => {
    const cells = sample.columns.map(({ name, masked }, index) => {
      const value = row[index];
      const shown = masked
        ? style.dim('(masked)')
        : value === null || value === undefined
          ? 'NULL'
          : visibleLine(value);
      return `${visibleLine(name)}=${shown}`;
    });
    return `  │ ${cells.join('  ')}\n`;
  });
  return `  some of what would be in ${visibleLine(sample.table)}:\n${lines.join('')}${sample.truncated ? '  │ …\n' : ''}`;
}

/** Words of whoever asks, apart from what was found: they may say anything. */
function renderQuotation({ quotation, asker }: RequestView, style: Style): string {
  if (quotation === null || quotation === '') return '';
  const lines = visibleText(quotation).split('\n');
  const who = visibleLine(asker.name);
  return `\n${style.bold(`In the words of ${who}`)}, which nobody has checked\n${lines.map((line) => `  ❝ ${line}\n`).join('')}`;
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
