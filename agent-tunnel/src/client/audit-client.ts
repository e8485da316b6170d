import type {
  ColumnHistory,
  ColumnUse,
  FirstSeen,
  HeldStatements,
  KeptSessions,
  SessionsOfParty,
} from '@sluice/contract/audit';
import type { ContractCalls } from './contract-calls.ts';

/** Part of an answer, newest first: instants as ISO 8601, `before` from the `next` of the page before. */
export type PageOptions = {
  readonly since?: string;
  readonly until?: string;
  readonly before?: number;
  readonly limit?: number;
};

/** The questions of auditors, one call each (contract/audit.ts). */
export class AuditClient {
  readonly #calls: ContractCalls;

  constructor(calls: ContractCalls) {
    this.#calls = calls;
  }

  /** Who used a column, and how; `column` is `schema.table.column`. */
  column(
    question: PageOptions & {
      readonly resource: string;
      readonly column: string;
      readonly uses?: readonly ColumnUse[];
    },
  ): Promise<ColumnHistory> {
    const { uses = [], ...asked } = question;
    return this.#calls.auditColumns({ ...asked, use: uses.length === 0 ? undefined : uses.join(',') });
  }

  /** What somebody did, for somebody; `seen`: with the rows that went out. */
  sessions(
    question: PageOptions & { readonly party: string; readonly onBehalfOf?: string; readonly seen?: boolean },
  ): Promise<SessionsOfParty> {
    const { seen, ...asked } = question;
    return this.#calls.auditSessions({ ...asked, seen: seen === true ? true : undefined });
  }

  /** Statements that were held. */
  holds(question: PageOptions & { readonly resource?: string }): Promise<HeldStatements> {
    return this.#calls.auditHolds(question);
  }

  /** Who first brought a column into a workflow; without a column, every flow. */
  async workflow(about: {
    readonly workflow: string;
    readonly resource: string;
    readonly column?: string;
  }): Promise<readonly FirstSeen[]> {
    return (await this.#calls.auditWorkflow(about)).firstSeen;
  }

  /** What is kept how long, and why. */
  retention(question: PageOptions & { readonly session?: string; readonly resource?: string }): Promise<KeptSessions> {
    return this.#calls.auditRetention(question);
  }
}
