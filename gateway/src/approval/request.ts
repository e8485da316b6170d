/**
 * Approval requests: one held statement, bound to its exact bytes. See docs/approvals.md.
 */
import type { EffectPreview } from '@sluice/contract/api';
import type { FlowView, Label, Principal, Reason } from '@sluice/contract/vocabulary';

export type RequestState = 'pending' | 'approved' | 'denied' | 'expired' | 'consumed';

/** What is bound. Every field enters the binding hash, length-prefixed, under a domain separator. */
export type BoundStatement = {
  readonly protocol: 'postgres';
  readonly resource: string;
  readonly database: string;
  readonly upstreamRole: string;
  readonly sessionId: string;
  /** `issuer|subject` of every member of the asker's chain, the human first. */
  readonly chain: readonly string[];
  /** The statement exactly as it will be sent. */
  readonly text: Uint8Array;
  /** Parameter type OIDs, formats and raw values as they will be sent; null for a NULL value. */
  readonly parameters: readonly {
    readonly typeOid: number;
    readonly format: 0 | 1;
    readonly value: Uint8Array | null;
  }[];
  readonly resultFormats: readonly (0 | 1)[];
  /** Settings that change meaning: search_path, DateStyle, … sorted by name. */
  readonly settings: readonly (readonly [string, string])[];
  /** SHA-256 of the analysed tree, hex. */
  readonly treeHash: string;
  readonly policyVersion: string;
  readonly labelsVersion: string;
};

export type NewRequest = {
  readonly bound: BoundStatement;
  readonly statementId: number;
  readonly asker: Principal;
  readonly label: Label;
  readonly flows: readonly FlowView[];
  readonly reasons: readonly Reason[];
  /** Most rows that policy lets it change; absent: policy names no bound. */
  readonly rowBound?: number | undefined;
  /** Whether the rows that it changes can be counted, and so bounded. */
  readonly countsRows?: boolean;
  /** What the asker says about it, in its own words. */
  readonly quotation?: string | null;
  /** Looks at what it would do; asked once, when the request is new. Never rejects. */
  readonly preview?: () => Promise<EffectPreview>;
};

export type RequestView = {
  readonly id: string;
  readonly state: RequestState;
  readonly bindingHash: string;
  readonly resource: string;
  readonly sessionId: string;
  readonly asker: Principal;
  readonly statement: string;
  readonly flows: readonly FlowView[];
  readonly reasons: readonly Reason[];
  readonly label: Label;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly decidedBy: Principal | null;
  readonly decidedAt: string | null;
  readonly note: string;
  readonly quotation: string | null;
  readonly countsRows: boolean;
  readonly rowBound: number | null;
  readonly approvalsNeeded: number;
  readonly approvals: number;
  readonly notBefore: string | null;
  readonly approvalHash: string | null;
  readonly preview: EffectPreview | null;
};

/** What an approval that was used demands of the execution. */
export type Consumed = {
  /** Most rows that it may change, else it is rolled back. */
  readonly rowBound: number | null;
};

export type Resolution = 'approved' | 'denied' | 'expired' | 'still-pending';

export interface Approvals {
  /**
   * Opens a request, or finds the live one (pending or approved) of the same asker for the same statement
   * (same binding apart from the session). Recorded before it is visible to approvers.
   */
  request(request: NewRequest): Promise<RequestView>;
  /** Waits for a decision, at most until `untilMs` (epoch milliseconds) or the signal. */
  wait(requestId: string, untilMs: number, signal: AbortSignal): Promise<Resolution>;
  /**
   * approved → consumed by one compare-and-set, only when the approval hash recomputed from `bound` and the terms that are
   * returned equals the approved one. Not null exactly once: the caller sends the statement only then, and on these terms.
   */
  consume(requestId: string, bound: BoundStatement, statementId: number): Promise<Consumed | null>;
}
