/** What a planner hands to an executor: the statements that may run. Pure. */
import type { Principal } from '@sluice/contract/vocabulary';

export type Plan = {
  readonly id: string;
  readonly resource: string;
  /** The workflow that its sessions have to be runs of; null for none. */
  readonly workflow: string | null;
  readonly statements: readonly string[];
  readonly by: Principal;
  readonly note: string;
  readonly submittedAt: string;
  readonly expiresAt: string;
};

/** Statements of a session that a plan need not list, by the grammar's names: none of them changes what a planned text means. */
const UNPLANNED_KINDS: ReadonlySet<string> = new Set([
  'EmptyStatement',
  'VariableShowStmt',
  'DeallocateStmt',
  'ClosePortalStmt',
]);

/**
 * Whether a statement runs under any plan. Not SET, which can lead the names of a planned text to other tables, nor
 * PREPARE, behind which a planned EXECUTE would run anything.
 */
export function needsNoPlan(facts: { readonly statementClass: string; readonly statementKind: string }): boolean {
  return facts.statementClass === 'transaction' || UNPLANNED_KINDS.has(facts.statementKind);
}

/**
 * The text without blanks, semicolons and comments around it: two texts that are equal without these mean the same.
 * Comments nest (PostgreSQL, "Comments"); behind the statement they are left as they are.
 */
export function plannedText(text: string): string {
  return text.slice(startOf(text)).replace(/[ \t\n\r\f\v;]+$/, '');
}

/** What PostgreSQL's grammar takes for blanks; other blanks of Unicode are letters of names to it. */
const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r', '\f', '\v']);

function startOf(text: string): number {
  let at = 0;
  for (;;) {
    if (BLANKS.has(text.charAt(at))) at += 1;
    else if (text.startsWith('--', at)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) at = endOfComment(text, at);
    else return at;
  }
}

function endOfLine(text: string, at: number): number {
  const found = text.slice(at).search(/[\n\r]/);
  return found === -1 ? text.length : at + found;
}

function endOfComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '/*') depth += 1;
    if (two === '*/') depth -= 1;
    at += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/**
 * Why this principal may not run a session under the plan; null when it may. The planner does not carry out its own
 * plan, and a plan made for one person is not run for another.
 */
export function mayNotRun(
  plan: Plan,
  run: { readonly principal: Principal; readonly resource: string; readonly workflow: string | null },
): string | null {
  const { principal, resource, workflow } = run;
  if (plan.resource !== resource) return `the plan ${plan.id} is for ${plan.resource}`;
  if (plan.workflow !== workflow)
    return plan.workflow === null
      ? `the plan ${plan.id} belongs to no workflow`
      : `the plan ${plan.id} belongs to the workflow ${plan.workflow}`;
  if (plan.by.id === principal.id) return `the plan ${plan.id} is your own; another principal has to run it`;
  const [planned, runs] = [plan.by.chain[0], principal.chain[0]];
  if (planned?.kind === 'user' && runs?.kind === 'user' && planned.id !== runs.id)
    return `the plan ${plan.id} was made on behalf of another person`;
  return null;
}
