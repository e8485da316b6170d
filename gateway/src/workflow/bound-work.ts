/**
 * A session's workflow and plan at the decision: what is new is noted, what is not approved or not planned is held.
 * Decided once for a statement and a revision of the workflow; a run of the same statement costs a look-up.
 */
import { type Label, labelRank, type Principal, type Reason } from '@sluice/contract/vocabulary';
import type { Decision } from '../policy/decision.ts';
import type { Understanding } from '../session/understanding.ts';
import type { StatementOfWork, Work } from '../session/work.ts';
import { driftOf, MAX_BASELINE_FLOWS } from './baseline.ts';
import { type BaselineFlow, flowsUnder } from './column-flows.ts';
import { driftReasons, heldBy } from './drift-words.ts';
import { needsNoPlan, type Plan, plannedText } from './plan.ts';
import type { WorkflowEntry } from './workflow-entry.ts';
import type { WorkflowState } from './workflow-state.ts';

export type BoundWorkOptions = {
  readonly sessionId: string;
  readonly principal: Principal;
  readonly resource: string;
  readonly workflow: {
    readonly state: WorkflowState;
    /** What becomes of flows before any baseline was approved. */
    readonly unapproved: 'learn' | 'hold';
  } | null;
  readonly plan: Plan | null;
  readonly approverGroups: (label: Label) => readonly string[];
  /** Writes the entry and applies it. */
  readonly record: (entry: Extract<WorkflowEntry, { kind: 'workflow.flows-first-seen' }>) => Promise<void>;
  readonly now: () => number;
};

type Considered = {
  readonly byPolicy: Decision;
  readonly text: string;
  readonly revision: number;
  readonly decision: Decision;
  /** Of the workflow, and not on record. */
  readonly unseen: readonly BaselineFlow[];
};

export class BoundWork implements Work {
  readonly workflow: string | null;
  readonly plan: Work['plan'];
  readonly #options: BoundWorkOptions;
  readonly #planned: ReadonlySet<string>;
  /** What a statement came to, as long as its understanding lives. */
  readonly #considered = new WeakMap<Understanding, Considered>();

  constructor(options: BoundWorkOptions) {
    this.#options = options;
    this.workflow = options.workflow?.state.workflow ?? null;
    this.plan = options.plan === null ? null : { id: options.plan.id, by: options.plan.by };
    this.#planned = new Set(options.plan?.statements.map(plannedText));
  }

  async decide(statement: StatementOfWork, byPolicy: Decision): Promise<Decision> {
    const { unseen, decision } = this.#consider(statement, byPolicy);
    if (unseen.length > 0) await this.#note(statement.statementId, decision, unseen);
    return this.#consider(statement, byPolicy).decision;
  }

  decideAtOnce(statement: Omit<StatementOfWork, 'statementId'>, byPolicy: Decision): Decision | null {
    const { unseen, decision } = this.#consider(statement, byPolicy);
    return unseen.length > 0 ? null : decision;
  }

  bound(): readonly (readonly [name: string, value: string])[] {
    const { workflow, plan } = this.#options;
    return [
      ...(plan === null ? [] : [['sluice.plan', plan.id] as const]),
      // With the version: an approval says "although the baseline does not have it", and means that baseline.
      ...(workflow === null
        ? []
        : [['sluice.workflow', `${workflow.state.workflow}@${workflow.state.latest?.version ?? 0}`] as const]),
    ];
  }

  #consider({ text, understanding }: Omit<StatementOfWork, 'statementId'>, byPolicy: Decision): Considered {
    const revision = this.#options.workflow?.state.revision ?? 0;
    const known = this.#considered.get(understanding);
    // The text matters to a plan alone; one understanding may stand for texts that differ in their literals.
    const isSameText = this.plan === null || known?.text === text;
    if (known?.byPolicy === byPolicy && isSameText && known.revision === revision) return known;
    const flows = understanding.kind === 'understood' ? flowsUnder(byPolicy, understanding.columnFlows ?? []) : [];
    const considered: Considered = {
      ...{ byPolicy, text, revision },
      decision: byPolicy.effect === 'refuse' ? byPolicy : this.#confine(text, understanding, flows, byPolicy),
      // What is refused brings nothing in.
      unseen: byPolicy.effect === 'refuse' ? [] : this.#unseen(flows),
    };
    this.#considered.set(understanding, considered);
    return considered;
  }

  #unseen(flows: readonly BaselineFlow[]): readonly BaselineFlow[] {
    const { workflow } = this.#options;
    if (workflow === null || workflow.state.seen.size >= MAX_BASELINE_FLOWS) return [];
    return flows.filter(({ id }) => !workflow.state.seen.has(id));
  }

  async #note(statementId: number, { effect }: Decision, flows: readonly BaselineFlow[]): Promise<void> {
    const { workflow, sessionId, principal, resource, now } = this.#options;
    if (workflow === null) return;
    await this.#options.record({
      kind: 'workflow.flows-first-seen',
      workflow: workflow.state.workflow,
      at: new Date(now()).toISOString(),
      ...{ resource, sessionId, statementId, principal, effect, flows },
      ...(this.plan === null ? {} : { plan: this.plan }),
    });
  }

  /** Stricter than policy, or the same. */
  #confine(text: string, understanding: Understanding, flows: readonly BaselineFlow[], byPolicy: Decision): Decision {
    const unplanned = this.#isUnplanned(text, understanding);
    if (understanding.kind === 'opaque') {
      // Its flows are not known, so no baseline can have them, and nobody could be asked about them.
      if (!unplanned && !this.#isEnforced) return byPolicy;
      return refused(byPolicy, unplanned ? 'the plan' : 'a baseline');
    }
    const drifted = this.#drifted(flows);
    const { state } = this.#options.workflow ?? { state: null };
    const label = highest([...drifted.map((flow) => flow.label), ...(unplanned ? [understanding.highestLabel] : [])]);
    if (label === null) return byPolicy;
    const approvers = this.#options.approverGroups(label);
    const reasons = [
      ...(unplanned
        ? [heldBy('engine:plan', this.#unplannedInWords(understanding.facts.statementKind), approvers)]
        : []),
      ...(state === null ? [] : driftReasons(state, drifted, approvers)),
    ];
    return held(byPolicy, reasons, label);
  }

  get #isEnforced(): boolean {
    const { workflow } = this.#options;
    return workflow !== null && (workflow.state.latest !== null || workflow.unapproved === 'hold');
  }

  #drifted(flows: readonly BaselineFlow[]): readonly BaselineFlow[] {
    const { workflow } = this.#options;
    return workflow === null || !this.#isEnforced ? [] : driftOf(workflow.state.baseline, flows);
  }

  #isUnplanned(text: string, understanding: Understanding): boolean {
    if (this.plan === null || this.#planned.has(plannedText(text))) return false;
    return understanding.kind === 'opaque' || !needsNoPlan(understanding.facts);
  }

  #unplannedInWords(statementKind: string): string {
    const { plan } = this.#options;
    return `this ${statementKind} is not in the plan ${plan?.id ?? ''} that the session is bound to`;
  }
}

function refused(byPolicy: Decision, outside: string): Decision {
  const reason: Reason = {
    effect: 'refuse',
    policyId: outside === 'the plan' ? 'engine:plan' : 'engine:workflow-drift',
    message: `the statement was not understood, so it cannot be within ${outside}`,
    remedy: 'Write it as statements that are understood, or run it outside of the workflow, as policy permits.',
    columns: [],
  };
  return { ...byPolicy, effect: 'refuse', obligations: [], reasons: [reason] };
}

function held(byPolicy: Decision, reasons: readonly Reason[], label: Label): Decision {
  const asked = byPolicy.obligations.flatMap((each) => (each.kind === 'require-approval' ? [each.label] : []));
  return {
    ...byPolicy,
    effect: 'hold',
    obligations: [
      ...byPolicy.obligations.filter(({ kind }) => kind !== 'require-approval'),
      { kind: 'require-approval', label: highest([label, ...asked]) ?? label },
    ],
    reasons: [...reasons, ...byPolicy.reasons],
  };
}

function highest(labels: readonly Label[]): Label | null {
  return labels.reduce<Label | null>(
    (high, label) => (high === null || labelRank(label) > labelRank(high) ? label : high),
    null,
  );
}
