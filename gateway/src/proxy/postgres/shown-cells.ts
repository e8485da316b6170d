import type { LabelledColumn } from '@sluice/contract/vocabulary';
import { MAX_SHOWN_CHARACTERS, type ShownFrom } from '../../detection/shown-values.ts';
import type { Decision } from '../../policy/decision.ts';
import { columnName } from '../../policy/reasons.ts';
import { subjectsOf } from '../../policy/shaping-decision.ts';
import { readCopyCells } from '../../protocol/postgres/copy-cells.ts';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import { readInt32 } from '../../protocol/postgres/output-buffer.ts';
import type { ResultRule } from '../../protocol/postgres/rewrite.ts';
import { cellText } from './cell-text.ts';
import { formatOf, type Plan, type Understood } from './plan.ts';
import type { SessionContext } from './session-context.ts';

/** An output of classified sources that goes out as it is. */
type ShownOutput = { readonly output: number; readonly from: ShownFrom };

/** Found once per decision: of most there is nothing. */
const SHOWN = new WeakMap<Decision, readonly ShownOutput[]>();

/** `Byte1 'D' · Int32 length · Int16 columns`: what comes before the first cell of a DataRow. */
const ROW_HEADER_BYTES = 7;

type RowRule = Extract<ResultRule, { kind: 'rows' }>;
type CopyRule = Extract<ResultRule, { kind: 'copy' }>;

/**
 * The same rule; where classified values go out as they are, the first of them (as many as are kept of one person) are
 * remembered as rows pass. Costs nothing for other answers.
 */
export function withShownCells(
  context: SessionContext,
  { facts }: Plan,
  understood: Understood,
  decision: Decision,
  bind: BindMessage | null,
  rule: RowRule,
): RowRule {
  const outputs = shownOutputs(context, understood, decision);
  const last = outputs.at(-1);
  if (last === undefined) return rule;
  const { shown } = context.ports;
  const subjects = subjectsOf(context.session.principal);
  const byOutput = new Map(outputs.map(({ output, from }) => [output, from]));
  const formats = bind?.resultFormats ?? [];
  let left = shown.maxValues;
  const onShown = (source: Buffer, start: number): void => {
    if (left <= 0) return;
    let at = start + ROW_HEADER_BYTES;
    for (let output = 0; output <= last.output; output++) {
      const length = readInt32(source, at);
      const from = byOutput.get(output);
      if (from !== undefined && length > 0) {
        const cell = source.subarray(at + 4, at + 4 + length);
        const text = cellText(cell, facts.columns?.[output]?.typeOid ?? 0, formatOf(formats, output));
        if (text !== null) {
          shown.remember(subjects, text, from);
          left -= 1;
        }
      }
      at += length > 0 ? 4 + length : 4;
    }
  };
  return { ...rule, onShown };
}

/** The same for data of COPY TO STDOUT. */
export function withShownCopy(
  context: SessionContext,
  { facts }: Plan,
  understood: Understood,
  decision: Decision,
  rule: CopyRule,
): CopyRule {
  const outputs = shownOutputs(context, understood, decision);
  const { copyOut } = facts;
  if (outputs.length === 0 || copyOut === null) return rule;
  const { shown } = context.ports;
  const subjects = subjectsOf(context.session.principal);
  const byOutput = new Map(outputs.map(({ output, from }) => [output, from]));
  const format = copyOut.format.format === 'binary' ? 1 : 0;
  let left = shown.maxValues;
  const cells = readCopyCells(copyOut.format, MAX_SHOWN_CHARACTERS * MAX_CHARACTER_BYTES, (output, cell) => {
    const from = byOutput.get(output);
    if (from === undefined || cell === null) return;
    const text = cellText(cell, copyOut.columns[output]?.typeOid ?? 0, format);
    if (text === null) return;
    shown.remember(subjects, text, from);
    left -= 1;
  });
  return {
    ...rule,
    onShown: (payload) => {
      if (left > 0) cells.feed(payload);
    },
  };
}

const MAX_CHARACTER_BYTES = 4;

function shownOutputs(context: SessionContext, understood: Understood, decision: Decision): readonly ShownOutput[] {
  const known = SHOWN.get(decision);
  const outputs = known ?? findOutputs(context, understood, decision);
  if (known === undefined) SHOWN.set(decision, outputs);
  return outputs;
}

function findOutputs(
  { ports, session }: SessionContext,
  { understanding, flows }: Understood,
  decision: Decision,
): readonly ShownOutput[] {
  if (understanding.kind !== 'understood') return [];
  const masked = new Set(decision.obligations.flatMap((each) => (each.kind === 'mask' ? [each.output] : [])));
  const { classification } = ports.catalog;
  return understanding.facts.outputs.flatMap(({ sources }, output) => {
    if (sources.length === 0 || masked.has(output)) return [];
    const keys = [...(flows?.outputs[output]?.sources ?? [])].filter((key) =>
      isAmong(classification.describe(key), sources),
    );
    return [{ output, from: { resource: session.resource.name, columns: sources, keys } }];
  });
}

function isAmong(column: LabelledColumn, columns: readonly LabelledColumn[]): boolean {
  return columns.some((each) => columnName(each) === columnName(column));
}
