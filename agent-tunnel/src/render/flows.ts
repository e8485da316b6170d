import {
  assertNever,
  type FlowView,
  type LabelledColumn,
  type Principal,
  type Reason,
} from '@sluice/contract/vocabulary';
import { paintEffect, paintLabel, type Style } from './style.ts';
import { visibleLine } from './visible.ts';

/** `customers.ssn [regulated pii.ssn] → reporting.daily.ssn [internal]`, one line a flow. */
export function renderFlows(flows: readonly FlowView[], style: Style): string {
  return flows.map((flow) => `  ${renderSources(flow.sources, style)} ${renderTarget(flow, style)}\n`).join('');
}

/** Why, one line a reason and one for its remedy. */
export function renderReasons(reasons: readonly Reason[], style: Style): string {
  return reasons
    .map((reason) => {
      const remedy = reason.remedy === '' ? '' : `\n    ${style.dim(`→ ${visibleLine(reason.remedy)}`)}`;
      return `  ${paintEffect(style, reason.effect)}  ${visibleLine(reason.message)} ${style.dim(`[${visibleLine(reason.policyId)}]`)}${remedy}\n`;
    })
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
      return `→ written to ${visibleLine(flow.target)}${label}`;
    case 'shaping':
      return '→ decides which rows are in the answer';
    case 'faultable':
      return '→ an expression that can fail and so tell about the value';
    default:
      return assertNever(flow.kind);
  }
}
