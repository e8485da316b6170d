/**
 * What the evidence log holds. Entries are appended before the thing happens that they announce.
 */
import type { Effect, FlowView, Label, Principal, Reason } from '@sluice/contract/vocabulary';
import type { WorkflowEntry } from '../workflow/workflow-entry.ts';
import type { Payload } from './block-buffer.ts';
import type { SealedText } from './sealing/session-seal.ts';

/** Values that a statement compared with a classified column, counted against one subject's budget. */
export type SpentProbe = {
  /** `issuer|subject` */
  readonly subject: string;
  /** `schema.table.column` */
  readonly column: string;
  readonly use: 'probe' | 'count';
  readonly values: number;
  /** The budget: this many values in a window of this many milliseconds. */
  readonly budget: number;
  readonly windowMs: number;
  readonly policyId: string;
};

export type Entry =
  | WorkflowEntry
  | {
      readonly kind: 'gateway.started';
      readonly version: string;
      readonly policyVersion: string;
      /** Name of the Merkle log. Entries before 0.2 have none. */
      readonly origin?: string;
      /** Verifier keys of its checkpoints. */
      readonly checkpointKeys?: readonly string[];
    }
  | { readonly kind: 'gateway.stopped' }
  | {
      readonly kind: 'login.failed';
      readonly resource: string;
      readonly from: string;
      readonly code: string;
      readonly claimed: string;
    }
  | {
      readonly kind: 'session.opened';
      readonly sessionId: string;
      readonly principal: Principal;
      readonly resource: string;
      readonly protocol: string;
      readonly from: string;
      readonly application: string;
      readonly via: 'native' | 'tunnel';
      /** Grants that it was opened with: it ends with the first of them. */
      readonly grants?: readonly string[];
      /** The workflow that it is a run of; absent for none. */
      readonly workflow?: string;
      /** The plan that it is bound to, and the chain of who made that; absent for none. */
      readonly plan?: { readonly id: string; readonly by: Principal };
      /** Its statements are sealed: commitment of their key. Absent when they are not. */
      readonly sealing?: { readonly key: string };
    }
  | {
      readonly kind: 'session.refused';
      readonly sessionId: string;
      readonly principal: Principal;
      readonly resource: string;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly kind: 'session.closed';
      readonly sessionId: string;
      readonly reason: string;
      readonly statements: number;
    }
  /** Somebody ends it for another. Before it ends. */
  | { readonly kind: 'session.killed'; readonly sessionId: string; readonly by: Principal; readonly reason: string }
  /** Somebody looks on from here on. */
  | { readonly kind: 'session.watched'; readonly sessionId: string; readonly by: Principal }
  | {
      readonly kind: 'statement.decided';
      readonly sessionId: string;
      readonly statementId: number;
      /** The statement as the client sent it; of a sealed one, without its literals or just its kind. */
      readonly text: string;
      /** What `text` does not say. Absent when nobody was named to open it. */
      readonly sealed?: SealedText;
      readonly fingerprint: string;
      readonly statementKind: string;
      readonly effect: Effect;
      readonly reasons: readonly Reason[];
      readonly flows: readonly FlowView[];
      /** Columns written with values that come from no column, or whose rows are removed, `schema.table.column`; absent for none. */
      readonly written?: readonly string[];
      readonly highestLabel: Label;
      readonly policyVersion: string;
      readonly requestId: string | null;
      /** Spent before this entry was written; absent when the statement costs nothing. */
      readonly probes?: readonly SpentProbe[];
      /**
       * The statement of this session whose decision this one repeats. The record says what differs, and nothing else. Of
       * `sealed`: that of the other statement, when the text is the same.
       */
      readonly as?: number;
    }
  | {
      readonly kind: 'statement.completed';
      readonly sessionId: string;
      readonly statementId: number;
      readonly tag: string;
      readonly rows: number;
      readonly maskedCells: number;
      readonly durationUs: number;
      readonly error: string | null;
    }
  | {
      readonly kind: 'request.created';
      readonly requestId: string;
      readonly sessionId: string;
      readonly statementId: number;
      readonly bindingHash: string;
      readonly expiresAt: string;
      /** Most rows that policy lets it change; absent: no bound. */
      readonly rowBound?: number;
      /** Of the effect that approvers are shown, as JSON, hex; absent where none was looked for. */
      readonly previewSha256?: string;
    }
  | {
      readonly kind: 'request.decided';
      readonly requestId: string;
      readonly decision: 'approved' | 'denied';
      readonly by: Principal;
      readonly note: string;
      /** Of an approval: most rows that this approver lets it change. */
      readonly maxRows?: number;
    }
  /** All approvals that it needs are there. */
  | {
      readonly kind: 'request.approved';
      readonly requestId: string;
      /** Most rows that it may change; null: no bound. */
      readonly rowBound: number | null;
      readonly notBefore: string;
      readonly expiresAt: string;
      /** `issuer|subject` each. */
      readonly approvers: readonly string[];
      /** Over all of this and the binding: docs/approvals.md. */
      readonly approvalHash: string;
    }
  | { readonly kind: 'request.expired'; readonly requestId: string }
  | {
      readonly kind: 'request.consumed';
      readonly requestId: string;
      readonly sessionId: string;
      readonly statementId: number;
    }
  /** Written columns take the labels of what an approved statement is about to write into them. */
  | {
      readonly kind: 'labels.followed';
      readonly changeId: string;
      readonly resource: string;
      readonly requestId: string;
      readonly sessionId: string;
      readonly statementId: number;
      readonly columns: readonly {
        /** `schema.table.column`; of a column that the statement makes, as it spells it. */
        readonly column: string;
        /** Null: the column is new. */
        readonly before: Label | null;
        readonly after: Label;
        readonly category: string | null;
        readonly sources: readonly string[];
        /** Set when its name proposed the label; else it is that of the sources. */
        readonly cause?: 'name' | undefined;
      }[];
    }
  /** They were taken back: by an administrator, or (`by` null) because the statement failed. */
  | {
      readonly kind: 'labels.reverted';
      readonly changeId: string;
      readonly resource: string;
      readonly by: Principal | null;
      readonly note: string;
    }
  | {
      readonly kind: 'grant.asked';
      readonly grantId: string;
      readonly name: string;
      /** Null: every resource. */
      readonly resource: string | null;
      readonly group: string;
      readonly by: Principal;
      readonly reason: string;
      readonly windowMs: number;
    }
  | {
      readonly kind: 'grant.decided';
      readonly grantId: string;
      readonly decision: 'granted' | 'refused';
      readonly by: Principal;
      readonly note: string;
      /** Of a yes: the window that this person grants. */
      readonly windowMs?: number;
    }
  /** All whom it needs have said yes: the window is open. */
  | {
      readonly kind: 'grant.given';
      readonly grantId: string;
      readonly granters: readonly string[];
      readonly from: string;
      readonly until: string;
    }
  | { readonly kind: 'grant.revoked'; readonly grantId: string; readonly by: Principal; readonly note: string }
  /** Nobody decided in time (`lapsed`), or the window is over (`ended`). */
  | { readonly kind: 'grant.over'; readonly grantId: string; readonly state: 'lapsed' | 'ended' }
  /** The wrapped key of a session is about to be handed to an auditor. */
  | { readonly kind: 'evidence.opened'; readonly sessionId: string; readonly by: Principal; readonly reason: string }
  /** Its retention is over. Written before anything is destroyed; nothing of the log is. */
  | {
      readonly kind: 'session.expired';
      readonly sessionId: string;
      readonly highestLabel: Label;
      readonly retentionMs: number;
      readonly closedAt: string;
      readonly destroyed: readonly ('session-key' | 'recording' | 'request-statements')[];
    }
  /** The same of a plan: nobody reads its statements any more. */
  | {
      readonly kind: 'plan.expired';
      readonly planId: string;
      readonly retentionMs: number;
      /** Until when it could be run. */
      readonly endedAt: string;
    }
  | {
      readonly kind: 'hold.placed';
      readonly holdId: string;
      /** Of a hold on a session. */
      readonly sessionId?: string;
      readonly on: { readonly kind: 'session' | 'principal' | 'resource'; readonly target: string };
      readonly by: Principal;
      readonly reason: string;
    }
  | {
      readonly kind: 'hold.lifted';
      readonly holdId: string;
      readonly sessionId?: string;
      readonly by: Principal;
      readonly reason: string;
    }
  /** An issuer took back what it had issued. Before what came of that ends. */
  | {
      readonly kind: 'identity.revoked';
      /** Name of the issuer in configuration. */
      readonly issuer: string;
      /** `backchannel-logout`, `introspection`, or the URIs of the security events. */
      readonly events: readonly string[];
      /** `jti`; null when no token told of it. */
      readonly eventId: string | null;
      /** `issuer|subject`; null when a sign-in alone was named. */
      readonly subject: string | null;
      /** `issuer|sid`; null: all sign-ins of the subject. */
      readonly signIn: string | null;
      /** Refused from now on: what was issued until then. */
      readonly issuedUntil: string;
      /** Sessions that end, the first thousand. */
      readonly sessions: readonly string[];
      readonly sessionCount: number;
      /** Session secrets that end. */
      readonly secretCount: number;
    }
  /** A security event that ends nothing here. */
  /** The first time that not all values that somebody was shown are remembered any more: they may be written back unnoticed. */
  | { readonly kind: 'shown-values.forgotten'; readonly subject: string }
  | {
      readonly kind: 'identity.event-ignored';
      readonly issuer: string;
      readonly events: readonly string[];
      readonly eventId: string;
    }
  | { readonly kind: 'tripwire'; readonly sessionId: string; readonly statementId: number; readonly message: string }
  /** So much was in the file of what the principal saw by then, where no end of a statement says it; SHA-256 of it, hex. */
  | {
      readonly kind: 'recording.grown';
      readonly sessionId: string;
      readonly recorded: { readonly bytes: number; readonly sha256: string };
    }
  /** The file of what the principal saw is complete; SHA-256 of its bytes, hex. */
  | { readonly kind: 'recording.closed'; readonly sessionId: string; readonly bytes: number; readonly sha256: string }
  /** A torn tail, left by a crash and never acknowledged, was moved aside when the log was opened. */
  | { readonly kind: 'log.recovered'; readonly tornBytes: number; readonly tornSha256: string }
  /** The last entry of a log that could not be written any more. */
  | { readonly kind: 'log.failed'; readonly reason: string };

/** Position of an entry in the log, from 0. */
export type EntrySequence = number;

export interface EvidenceLog {
  /** Sequence that the next entry gets. */
  readonly nextSequence: EntrySequence;
  /**
   * Appends an entry. Resolves when it is as durable as asked: `soon` = handed to the operating system together with
   * the next entries, within 20 ms (for what tells of something that has happened already), `write` = at once,
   * `fsync` = on the disk (group commit). `payload` is what the record says of it, unless that is the entry as JSON.
   * Throws SluiceError EVIDENCE_UNWRITABLE, after which the log stays closed.
   */
  append(entry: Entry, durability: 'soon' | 'write' | 'fsync', payload?: string): Promise<EntrySequence>;
  /**
   * The same at once, for a caller that does not wait. Nothing that the entry announces may happen before `onceWritten`
   * calls. Null when the entry was not taken: `append` it.
   */
  stage(entry: Entry, payload: Payload): EntrySequence | null;
  /**
   * The end of a statement, to be written within 20 ms, together with others of its session and before any entry of another
   * kind. False when it was not taken: `append` it.
   */
  stageCompleted(entry: Extract<Entry, { kind: 'statement.completed' }>): boolean;
  /**
   * Calls back when all that was staged or appended to be written at once has been handed to the operating system: right
   * away when it has. Never, when the log fails before.
   */
  onceWritten(callback: () => void): void;
  /** True while entries can be written. When false nothing new may run. */
  readonly healthy: boolean;
  close(): Promise<void>;
}

/** What the principal saw of one session, masked, bounded. One file a session. */
export interface Recording {
  /** Column names and type OIDs of a result that starts now. */
  resultStarted(
    statementId: number,
    columns: readonly { readonly name: string; readonly typeOid: number; readonly masked: boolean }[],
  ): void;
  /** A masked row as it goes out: text of each cell, null for NULL, `\\x…` for binary. Ignored beyond the bound of rows or bytes (the count still counts). */
  row(statementId: number, cells: readonly (string | null)[]): void;
  /** The same of cells that are plain ASCII, as they are on the wire. False when it was not taken: hand it to `row`. */
  plainRow(statementId: number, cells: readonly (Buffer | null)[]): boolean;
  /** Whether another row of this statement would still be kept; false saves the caller from decoding cells. */
  wantsRow(statementId: number): boolean;
  statementEnded(
    statementId: number,
    outcome: { readonly tag: string; readonly rows: number; readonly error: string | null },
  ): void;
  close(reason: string): Promise<void>;
}
