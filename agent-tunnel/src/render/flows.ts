import type { WhyColumn } from '@sluice/contract/api';
import {
  assertNever,
  type FlowView,
  type LabelledColumn,
  labelRank,
  type Place,
  type Principal,
  type Reason,
} from '@sluice/contract/vocabulary';
import { paintEffect, paintLabel, type Style } from './style.ts';
import { visibleLine } from './visible.ts';

/**
 * `▼ customers.ssn [regulated pii.ssn] → written to reporting.daily.note [internal]`, one line a flow. What loses its
 * label comes first and bears the mark: it is what an approver decides about.
 */
export function renderFlows(flows: readonly FlowView[], style: Style): string {
  const ordered = [...flows.filter(losesLabel), ...flows.filter((flow) => !losesLabel(flow))];
  return ordered
    .map(
      (flow) =>
        `${losesLabel(flow) ? style.red('▼') : ' '} ${renderSources(flow.sources, style)} ${renderTarget(flow, style)}\n`,
    )
    .join('');
}

/** The same of those with a confidential or regulated column; how many others there are. */
export function renderClassifiedFlows(flows: readonly FlowView[], style: Style): string {
  const classified = flows.filter(({ sources }) => sources.some(isClassified));
  const others = flows.length - classified.length;
  if (classified.length === 0 || others === 0) return renderFlows(flows, style);
  const rest = `  and ${others} flow${others === 1 ? '' : 's'} of columns that are not classified`;
  return `${renderFlows(classified, style)}${style.dim(rest)}\n`;
}

function losesLabel({ kind, sources, targetLabel }: FlowView): boolean {
  if (kind !== 'write') return false;
  // A column that does not exist yet has no label to follow the data with.
  const target = targetLabel === null ? 0 : labelRank(targetLabel);
  return sources.some((source) => labelRank(source.label) > target && isClassified(source));
}

function isClassified({ label }: LabelledColumn): boolean {
  return labelRank(label) >= labelRank('confidential');
}

/** Why, one line a reason and one for its remedy. */
export function renderReasons(reasons: readonly Reason[], style: Style): string {
  return reasons
    .map((reason) => {
      const why = reason.why === undefined ? '' : `\n    ${visibleLine(reason.why)}`;
      const place = reason.place === undefined ? '' : `\n    ${renderPlace(reason.place)}`;
      const remedy = reason.remedy === '' ? '' : `\n    ${style.dim(`→ ${visibleLine(reason.remedy)}`)}`;
      return `  ${paintEffect(style, reason.effect)}  ${visibleLine(reason.message)} ${style.dim(`[${visibleLine(reason.policyId)}]`)}${why}${place}${remedy}\n`;
    })
    .join('');
}

function renderPlace({ line, column, byte, near }: Place): string {
  return `line ${line}, column ${column} (byte ${byte})${near === '' ? '' : `: ${visibleLine(near)}`}`;
}

/** Each column with its label and where that is from: `customers.ssn [regulated pii.ssn]  labels.csv:2`. */
export function renderColumns(columns: readonly WhyColumn[], style: Style): string {
  return columns
    .map((column) => `  ${renderSources([column], style)}  ${style.dim(visibleLine(column.origins.join(', ')))}\n`)
    .join('');
}

/** The delegation chain, the human first: `Ada (user) → nightly-executor (agent)`. */
export function renderChain(principal: Principal): string {
  return principal.chain.map((actor) => `${visibleLine(actor.name)} (${actor.kind})`).join(' → ');
}

/** The chain's stable identities; names can be chosen by their owners, these cannot. */
export function renderChainIds(principal: Principal): string {
  return principal.chain.map((actor) => visibleLine(actor.id)).join(' → ');
}

function renderSources(sources: readonly LabelledColumn[], style: Style): string {
  if (sources.length === 0) return '(no column)';
  return sources
    .map(
      (source) => `${visibleLine(`${source.schema}.${source.table}.${source.column}`)} ${renderLabel(source, style)}`,
    )
    .join(', ');
}

function renderLabel(column: LabelledColumn, style: Style): string {
  const category = column.category === null ? '' : ` ${visibleLine(column.category)}`;
  return `[${paintLabel(style, column.label)}${category}]`;
}

function renderTarget(flow: FlowView, style: Style): string {
  const label = flow.targetLabel === null ? '' : ` [${paintLabel(style, flow.targetLabel)}]`;
  switch (flow.kind) {
    case 'output':
      return `→ the answer's column ${visibleLine(flow.target)}${label}`;
    case 'write':
      return `→ ${flow.use === undefined ? '' : `${visibleLine(flow.use)}, `}written to ${visibleLine(flow.target)}${label}`;
    case 'shaping':
      return `→ decides which rows are in the answer${flow.use === undefined ? '' : `, in ${visibleLine(flow.use)}`}`;
    case 'faultable':
      return `→ an expression that can fail and so tell about the value${flow.use === undefined ? '' : `: ${visibleLine(flow.use)}`}`;
    default:
      return assertNever(flow.kind);
  }
}
