/**
 * What the evidence log says of workflows and plans. Together these entries are the whole state: whoever reads them in
 * order knows what every baseline was at any time.
 */
import type { Effect, Label, Principal } from '@sluice/contract/vocabulary';
import type { SealedBox } from '../evidence/sealing/sealed-box.ts';
import type { BaselineFlow } from './column-flows.ts';

type OfWorkflow = {
  readonly workflow: string;
  readonly resource: string;
  /** When, ISO 8601; the same in the state that is rebuilt from the log. */
  readonly at: string;
};

export type Submitted = Extract<WorkflowEntry, { kind: 'plan.submitted' }>;

export type WorkflowEntry =
  /** Flows that no earlier run of the workflow had, before the statement that brings them runs. */
  | (OfWorkflow & {
      readonly kind: 'workflow.flows-first-seen';
      readonly sessionId: string;
      readonly statementId: number;
      readonly principal: Principal;
      /** The plan that the session was bound to, with the chain of who made it. */
      readonly plan?: { readonly id: string; readonly by: Principal };
      /** What became of the statement: held, by policy or for being outside of a plan or baseline, or not. */
      readonly effect: Effect;
      readonly flows: readonly BaselineFlow[];
    })
  /** A baseline that waits for its approvers: all of its flows, and what it was made from. */
  | (OfWorkflow & {
      readonly kind: 'workflow.proposed';
      readonly proposalId: string;
      /** The version in force then; 0 for none. */
      readonly base: number;
      readonly flows: readonly BaselineFlow[];
      readonly by: Principal;
      readonly note: string;
      readonly label: Label;
      /** Who may approve it, as configured then, and how many have to. */
      readonly groups: readonly string[];
      readonly count: number;
      readonly expiresAt: string;
    })
  | (OfWorkflow & {
      readonly kind: 'workflow.proposal-decided';
      readonly proposalId: string;
      readonly decision: 'approved' | 'denied';
      readonly by: Principal;
      readonly note: string;
      /** The number of the version that came into force with this; null when others have to approve as well. */
      readonly version: number | null;
    })
  /** No flow is approved any more; to approve some again takes a proposal. */
  | (OfWorkflow & {
      readonly kind: 'workflow.baseline-revoked';
      readonly version: number;
      readonly by: Principal;
      readonly note: string;
    })
  | {
      readonly kind: 'plan.submitted';
      readonly planId: string;
      readonly resource: string;
      readonly workflow: string | null;
      /** Without their literals, where `sealed` has the whole of them; gateways before 0.2 wrote them out. */
      readonly statements: readonly string[];
      /** The statements as they were submitted, evidence/sealing/own-texts.ts. */
      readonly sealed?: SealedBox;
      readonly by: Principal;
      readonly note: string;
      readonly at: string;
      readonly expiresAt: string;
    };
