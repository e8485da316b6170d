/**
 * Reasons in words: which columns, what about them, whom to ask. Never policy text.
 */
import type { Effect, Label, LabelledColumn, Reason } from '@sluice/contract/vocabulary';
import { highestLabel } from '@sluice/contract/vocabulary';
import type { Policy } from './policy-set.ts';
import { visibleName } from './visible-name.ts';

/** Columns named in one message; the rest are counted. All of them are in `Reason.columns`. */
export const MAX_COLUMNS_IN_MESSAGE = 8;

/** The groups that may approve something of this label on this resource; empty when nobody is configured. */
export type ApproverGroups = (resource: string, label: Label) => readonly string[];

/** A reason before its columns are merged with others of the same kind. */
export type Finding = {
  readonly effect: Effect;
  readonly policyId: string;
  readonly columns: readonly LabelledColumn[];
  /** What is said in front of `says`; by default the columns. */
  readonly subject: string | null;
  readonly says: string;
  readonly remedy: string;
  /** Of a hold: most rows that the statement may change once approved. */
  readonly maxRows?: number | null;
};

/** What a column is called, as a key. */
export function columnName({ schema, table, column }: LabelledColumn): string {
  return JSON.stringify([schema, table, column]);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `customers.ssn (regulated, pii.ssn)`; the schema in front unless it is `public`. */
export function columnInWords(column: LabelledColumn): string {
  const parts = [...(column.schema === 'public' ? [] : [column.schema]), column.table, column.column];
  const name = parts.map(visibleName).join('.');
  return `${name} (${[column.label, ...(column.category === null ? [] : [column.category])].join(', ')})`;
}

/** Findings of the same policy, effect and subject become one reason; refusals first, then holds, then masks. */
export function reasonsOf(findings: readonly Finding[]): Reason[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.effect, finding.policyId, finding.subject, finding.says, finding.remedy]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const order: readonly Effect[] = ['refuse', 'hold', 'mask', 'allow'];
  return [...groups.values()].map(reasonOf).sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect));
}

function reasonOf(group: readonly Finding[]): Reason {
  const [first] = group;
  if (first === undefined) throw new Error('a reason needs a finding');
  const columns = distinctColumns(group.flatMap((finding) => finding.columns));
  const subject = first.subject ?? columnsInWords(columns);
  return {
    effect: first.effect,
    policyId: first.policyId,
    message: subject === '' ? first.says : `${subject} ${first.says}`,
    remedy: first.remedy,
    columns: [...columns],
  };
}

function columnsInWords(columns: readonly LabelledColumn[]): string {
  const named = columns.slice(0, MAX_COLUMNS_IN_MESSAGE).map(columnInWords).join(', ');
  const others = columns.length - MAX_COLUMNS_IN_MESSAGE;
  return others > 0 ? `${named} and ${others} more` : named;
}

/** First of each column, in the order of appearance. */
export function distinctColumns(columns: readonly LabelledColumn[]): readonly LabelledColumn[] {
  if (columns.length < 2) return columns;
  const byName = new Map<string, LabelledColumn>();
  for (const column of columns) {
    const key = JSON.stringify([column.schema, column.table, column.column, column.label, column.category]);
    if (!byName.has(key)) byName.set(key, column);
  }
  return [...byName.values()];
}

/** The annotation of the first policy that has one, with `{approvers}` filled in; else the engine's own words. */
export function wording(
  policies: readonly Policy[],
  annotation: 'message' | 'remedy',
  otherwise: string,
  approvers: readonly string[],
): string {
  const text = policies.map((policy) => policy[annotation]).find((said) => said !== null) ?? otherwise;
  return text.replaceAll('{approvers}', () => groupsInWords(approvers));
}

/** "a", "a or b", "a, b or c", or the administrator when no approvers are configured. */
function groupsInWords(groups: readonly string[]): string {
  const last = groups.at(-1);
  if (last === undefined) return 'an administrator';
  return groups.length === 1 ? last : `${groups.slice(0, -1).join(', ')} or ${last}`;
}

/** Of no columns: the highest there is, so that an unknown weight is taken for a heavy one. */
export function highestOf(columns: readonly LabelledColumn[]): Label {
  const [first, ...others] = columns.map((column) => column.label);
  return first === undefined ? 'regulated' : others.reduce(highestLabel, first);
}
