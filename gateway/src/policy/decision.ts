/**
 * What policy is asked and what it answers. Pure data.
 */
import type { Effect, LabelledColumn, Principal, Reason } from '@sluice/contract/vocabulary';
import type { ColumnKey, StatementClass } from '../analysis/flows.ts';
import type { ProbeBudget } from './bound-annotations.ts';
import type { LabelledUses } from './labelled-uses.ts';
import type { MaskedPart, MaskKind } from './mask-kind.ts';
import type { SessionTerms } from './session-terms.ts';

export type ResourceFacts = { readonly name: string; readonly protocol: 'postgres' | 'mysql' | 'http' | 'ssh' };

/** A place inside a JSON column, as a label's path names it, with the label that it has. */
export type LabelledPart = { readonly path: string; readonly column: LabelledColumn };

/** A statement as policy sees it: flows with labels instead of OIDs. Only classified columns are listed (rank ≥ confidential by default, see `classifiedFrom`). */
export type StatementFacts = {
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly statementClass: StatementClass;
  readonly statementKind: string;
  /** Per output column: its labelled sources. */
  readonly outputs: readonly {
    readonly name: string;
    readonly sources: readonly LabelledColumn[];
    /** See OutputFlow.unchanged: without it, a mask that shows something of the value becomes NULL. */
    readonly unchanged?: boolean;
    /** Set when the output is a JSON document of which only these places are classified. */
    readonly parts?: readonly LabelledPart[];
  }[];
  readonly shaping: readonly LabelledColumn[];
  /** How they shape it, where that could be told apart; without it all of them do in ways that policy cannot permit one by one. */
  readonly uses?: LabelledUses;
  readonly faultable: readonly LabelledColumn[];
  /** Where columns are used, by `columnName`, in words: the clauses, the operations that can fail. */
  readonly places?: {
    readonly shaping: ReadonlyMap<string, readonly string[]>;
    readonly faultable: ReadonlyMap<string, readonly string[]>;
  };
  /** Writes whose sources carry a label. `target` null: a column that does not exist yet. */
  readonly writes: readonly {
    readonly targetName: string;
    readonly target: LabelledColumn | null;
    readonly sources: readonly LabelledColumn[];
    /** Set when it is the statement itself that brings the value: how the gateway knows it for one of the sources. */
    readonly found?: FoundHow;
  }[];
  /** Columns that are made or renamed, and called like something classified. `target` null: the new column itself takes the label. */
  readonly named?: readonly { readonly called: LabelledColumn; readonly target: LabelledColumn | null }[];
  /** Engine-imposed holds in words (see Flows.holds). */
  readonly holds: readonly string[];
};

/** `shown`: somebody in the caller's chain was shown it; `detected`: it looks classified; `unread`: too long to be looked through. */
export type FoundHow = 'shown' | 'detected' | 'unread';

/** Values that a statement compares with a classified column, at the expense of one subject. */
export type ProbeCharge = {
  /** `issuer|subject` of a member of the delegation chain. */
  readonly subject: string;
  readonly resource: string;
  readonly key: ColumnKey;
  /** For words. */
  readonly column: LabelledColumn;
  readonly use: 'probe' | 'count';
  readonly values: number;
  readonly budget: ProbeBudget;
  readonly policyId: string;
};

export type Obligation =
  /** To be spent, all of them or none, before the statement runs; when that is not possible it may not run. */
  | { readonly kind: 'spend-probes'; readonly charges: readonly ProbeCharge[] }
  /** Rows whose output (a count) is below the bound are held back; nothing may tell that there were any. */
  | { readonly kind: 'hold-back-groups'; readonly output: number; readonly below: number }
  | {
      readonly kind: 'mask';
      readonly output: number;
      readonly mask: MaskKind;
      /** Set when only places of a JSON document are masked; `mask` is for the whole cell where that cannot be done. */
      readonly parts?: readonly MaskedPart[];
    }
  | {
      readonly kind: 'require-approval';
      readonly label: 'public' | 'internal' | 'confidential' | 'regulated';
      /** Most rows that it may change once approved, else it is rolled back; absent: policy names no bound. */
      readonly maxRows?: number;
    };

/** Policy's answer. `effect` is the strongest of what applies: refuse > hold > mask > allow. */
export type Decision = {
  readonly effect: Effect;
  readonly obligations: readonly Obligation[];
  readonly reasons: readonly Reason[];
  /** Epoch of the policy set that decided; part of cache keys and of approvals. */
  readonly policyVersion: string;
};

/** What planners do with a resource. */
export type PlanningAction = 'describe' | 'submitPlan';

export interface PolicyEngine {
  readonly version: string;
  /** Total and synchronous. May this principal open a session on this resource, and run this workflow there? */
  decideConnect(principal: Principal, resource: ResourceFacts, terms?: SessionTerms): Decision;
  /** Total and synchronous. May this principal say what belongs to a workflow on this resource? */
  decidePropose(principal: Principal, resource: ResourceFacts, workflow: string): Decision;
  /** Total and synchronous. May this principal see the schema and its labels, or hand in a plan? Neither shows data. */
  decidePlanning(principal: Principal, resource: ResourceFacts, action: PlanningAction): Decision;
  decideStatement(facts: StatementFacts): Decision;
  /** Total and synchronous. What of the statement is permitted, and by which policy: for people who ask. */
  explainPermitted(facts: StatementFacts): readonly Reason[];
  /** Total and synchronous. May this principal run statements that are not understood? Allow or refuse. */
  decideOpaque(principal: Principal, resource: ResourceFacts): Decision;
}
