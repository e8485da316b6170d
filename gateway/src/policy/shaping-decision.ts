/**
 * What becomes of classified columns that shape an answer: which rows, how many, in which order.
 *
 * | use of a column that may not `shape` | asked | yes | no |
 * |---|---|---|---|
 * | compared with values in WHERE | `probe` | allowed, each value costs one of the `@probe` budget | see count |
 * | the same, where rows of one table are only counted | `count` | allowed, costs the same, groups below `@count` held back | refuse |
 * | compared with a column of the same category | `join` | allowed, if ORDER BY settles the order | refuse |
 * | anything else | – | | refuse |
 */
import type { LabelledColumn, Principal } from '@sluice/contract/vocabulary';
import { budgetInWords, type ProbeBudget, strictestBudget } from './bound-annotations.ts';
import type { Obligation, ProbeCharge, StatementFacts } from './decision.ts';
import type { KeyedColumn, LabelledUses } from './labelled-uses.ts';
import { showsOfValue } from './mask-kind.ts';
import type { Answer } from './permissions.ts';
import type { Policy } from './policy-set.ts';
import { columnName, distinctColumns, type Finding, listed } from './reasons.ts';

type UseAction = 'probe' | 'count' | 'join';
type Denied = Exclude<Answer, { kind: 'permitted' }>;

/** What this part of a decision needs of the engine. */
export interface ShapingQuestions {
  readonly facts: StatementFacts;
  /** `shape`, for everybody whose permission it takes. */
  shape(column: LabelledColumn): Answer;
  /** For the principal first, then for the person on whose behalf it acts. */
  askEach(action: UseAction, column: LabelledColumn): readonly Answer[];
  /** Masks of the outputs, as decided. */
  readonly masks: readonly Obligation[];
  /** `where`: said behind whatever the policy says. */
  refusal(answer: Denied, column: LabelledColumn, says: string, where: string): Finding;
}

export type ShapingOutcome = { readonly findings: readonly Finding[]; readonly obligations: readonly Obligation[] };

export const NO_SHAPING: ShapingOutcome = { findings: [], obligations: [] };

const SHAPES = 'may not decide which rows are returned';

export function decideShaping(questions: ShapingQuestions): ShapingOutcome {
  const { facts } = questions;
  const denied = new Map<string, { readonly column: LabelledColumn; readonly answer: Denied }>();
  for (const column of distinctColumns(facts.shaping)) {
    const answer = questions.shape(column);
    if (answer.kind !== 'permitted') denied.set(columnName(column), { column, answer });
  }
  if (denied.size === 0) return NO_SHAPING;
  const { uses } = facts;
  const refuse = ({ column, answer }: { column: LabelledColumn; answer: Denied }): Finding =>
    questions.refusal(answer, column, SHAPES, placesInWords(facts, column));
  if (uses === undefined) return { findings: [...denied.values()].map(refuse), obligations: [] };

  const refused = new Set<string>(uses.other.map(columnName).filter((name) => denied.has(name)));
  const permitted: Permitted = { findings: [], charges: [], smallestGroup: 0 };
  for (const { columns, values } of uses.equalities) {
    for (const keyed of columns) {
      const name = columnName(keyed.column);
      if (denied.has(name) && !permitComparison(questions, uses, keyed, values, permitted)) refused.add(name);
    }
  }
  for (const join of uses.joins) {
    const sides = [...join.left, ...join.right];
    if (!sides.some((column) => denied.has(columnName(column)))) continue;
    if (!permitJoin(questions, uses, sides, permitted)) for (const column of sides) refused.add(columnName(column));
  }
  // A column of which no use was found among those told apart shapes in a way that nobody has looked at.
  const seen = new Set(
    [
      ...uses.equalities.flatMap(({ columns }) => columns.map(({ column }) => column)),
      ...uses.joins.flatMap(({ left, right }) => [...left, ...right]),
    ].map(columnName),
  );
  for (const name of denied.keys()) if (!seen.has(name)) refused.add(name);
  const refusals = [...denied].flatMap(([name, entry]) => (refused.has(name) ? [refuse(entry)] : []));
  return {
    findings: [...refusals, ...permitted.findings],
    obligations: refusals.length > 0 ? [] : obligationsOf(uses, permitted),
  };
}

/** ` (in WHERE and ORDER BY)`, or nothing. */
function placesInWords({ places }: StatementFacts, column: LabelledColumn): string {
  const clauses = places?.shaping.get(columnName(column)) ?? [];
  return clauses.length === 0 ? '' : ` (in ${listed(clauses)})`;
}

type Permitted = { findings: Finding[]; charges: ProbeCharge[]; smallestGroup: number };

/** By `probe`; else, where rows are only counted, by `count`. */
function permitComparison(
  questions: ShapingQuestions,
  uses: LabelledUses,
  keyed: KeyedColumn,
  values: number,
  permitted: Permitted,
): boolean {
  if (charge(questions, 'probe', keyed, values, permitted)) return true;
  if (uses.count === null) return false;
  const answers = questions.askEach('count', keyed.column);
  const sizes = answers.map((answer) => smallestGroupOf(answer));
  if (sizes.some((size) => size === null)) return false;
  if (!charge(questions, 'count', keyed, values, permitted)) return false;
  permitted.smallestGroup = Math.max(permitted.smallestGroup, ...sizes.flatMap((size) => size ?? []));
  return true;
}

/** The largest of what the permits say; null without any. */
function smallestGroupOf(answer: Answer): number | null {
  if (answer.kind !== 'permitted') return null;
  const sizes = answer.policies.flatMap((policy) => policy.smallestGroup ?? []);
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** Notes what the comparison costs whom. False when it is not permitted, or without a budget. */
function charge(
  questions: ShapingQuestions,
  use: 'probe' | 'count',
  { key, column }: KeyedColumn,
  values: number,
  permitted: Permitted,
): boolean {
  const answers = questions.askEach(use, column);
  const grants = answers.map((answer) => (answer.kind === 'permitted' ? budgetOf(answer.policies) : null));
  const [own] = grants;
  if (own === undefined || own === null || grants.includes(null)) return false;
  const { principal, resource } = questions.facts;
  const head = grants.at(-1) ?? own;
  for (const subject of subjectsOf(principal)) {
    const { budget, policy } = subject === principal.chain[0]?.id ? head : own;
    permitted.charges.push({
      subject,
      resource: resource.name,
      column,
      key,
      use,
      values,
      budget,
      policyId: policy.id,
    });
  }
  const times = values === 1 ? 'one value' : `${values} values`;
  permitted.findings.push({
    effect: 'allow',
    policyId: own.policy.id,
    columns: [column],
    subject: null,
    says: `is compared with ${times}, which costs ${values} of ${budgetInWords(own.budget)}`,
    remedy: '',
  });
  return true;
}

/** Everybody in the chain: sessions, programs and agents of one person spend the same budget. */
export function subjectsOf(principal: Principal): readonly string[] {
  return [...new Set([...principal.chain.map((actor) => actor.id), principal.id])];
}

function budgetOf(policies: readonly Policy[]): { readonly budget: ProbeBudget; readonly policy: Policy } | null {
  const budget = strictestBudget(policies.flatMap((policy) => policy.probe ?? []));
  const policy = policies.find((candidate) => candidate.probe !== null && candidate.probe === budget);
  return budget === null || policy === undefined ? null : { budget, policy };
}

function permitJoin(
  questions: ShapingQuestions,
  uses: LabelledUses,
  sides: readonly LabelledColumn[],
  permitted: Permitted,
): boolean {
  const [first] = sides;
  if (first === undefined || first.category === null) return false;
  if (!sides.every((column) => column.category === first.category)) return false;
  const answers = sides.flatMap((column) => questions.askEach('join', column));
  if (answers.some((answer) => answer.kind !== 'permitted')) return false;
  const [policy] = answers.flatMap((answer) => (answer.kind === 'permitted' ? answer.policies : []));
  const columns = distinctColumns(sides);
  const policyId = policy?.id ?? 'default-deny';
  if (uses.unordered.some((output) => !isConstant(questions.masks, output))) {
    permitted.findings.push({
      effect: 'refuse',
      policyId: 'engine:join-order',
      columns,
      subject: null,
      says: 'may be joined, but the order in which the rows come could tell how the values are ordered',
      remedy: 'Add ORDER BY with every column that is returned and not masked, or return one aggregated row.',
    });
    return true;
  }
  permitted.findings.push({
    effect: 'allow',
    policyId,
    columns,
    subject: null,
    says: `may be joined with each other, being of the category ${first.category}`,
    remedy: '',
  });
  return true;
}

/** Whether every row shows the same in this output. */
function isConstant(masks: readonly Obligation[], output: number): boolean {
  return masks.some(
    (mask) => mask.kind === 'mask' && mask.output === output && mask.parts === undefined && !showsOfValue(mask.mask),
  );
}

function obligationsOf(uses: LabelledUses, { charges, smallestGroup }: Permitted): Obligation[] {
  const merged = new Map<string, ProbeCharge>();
  for (const one of charges) {
    const key = JSON.stringify([one.subject, one.key, one.use]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? one : { ...one, values: known.values + one.values });
  }
  return [
    ...(merged.size === 0 ? [] : [{ kind: 'spend-probes' as const, charges: [...merged.values()] }]),
    ...(smallestGroup === 0 || uses.count === null
      ? []
      : [{ kind: 'hold-back-groups' as const, output: uses.count.output, below: smallestGroup }]),
  ];
}
