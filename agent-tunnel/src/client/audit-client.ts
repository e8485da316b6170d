import {
  type ColumnHistory,
  ColumnHistorySchema,
  type ColumnUse,
  type FirstSeen,
  FirstSeenListSchema,
  type HeldStatements,
  HeldStatementsSchema,
  type KeptSessions,
  KeptSessionsSchema,
  type SessionsOfParty,
  SessionsOfPartySchema,
} from '@sluice/contract/audit';
import type { ZodType } from 'zod';

/** Part of an answer, newest first: instants as ISO 8601, `before` from the `next` of the page before. */
export type PageOptions = {
  readonly since?: string;
  readonly until?: string;
  readonly before?: number;
  readonly limit?: number;
};

/** The questions of auditors, one call each (contract/audit.ts). */
export class AuditClient {
  readonly #get: <T>(path: string, schema: ZodType<T>) => Promise<T>;

  constructor(get: <T>(path: string, schema: ZodType<T>) => Promise<T>) {
    this.#get = get;
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
    return this.#get(
      pathOf('columns', { ...asked, use: uses.length === 0 ? undefined : uses.join(',') }),
      ColumnHistorySchema,
    );
  }

  /** What somebody did, for somebody; `seen`: with the rows that went out. */
  sessions(
    question: PageOptions & { readonly party: string; readonly onBehalfOf?: string; readonly seen?: boolean },
  ): Promise<SessionsOfParty> {
    const { seen, ...asked } = question;
    return this.#get(pathOf('sessions', { ...asked, seen: seen === true ? 'true' : undefined }), SessionsOfPartySchema);
  }

  /** Statements that were held. */
  holds(question: PageOptions & { readonly resource?: string }): Promise<HeldStatements> {
    return this.#get(pathOf('holds', { ...question }), HeldStatementsSchema);
  }

  /** Who first brought a column into a workflow; without a column, every flow. */
  async workflow(about: {
    readonly workflow: string;
    readonly resource: string;
    readonly column?: string;
  }): Promise<readonly FirstSeen[]> {
    return (await this.#get(pathOf('workflow', { ...about }), FirstSeenListSchema)).firstSeen;
  }

  /** What is kept how long, and why. */
  retention(question: PageOptions & { readonly session?: string; readonly resource?: string }): Promise<KeptSessions> {
    return this.#get(pathOf('retention', { ...question }), KeptSessionsSchema);
  }
}

function pathOf(question: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return `audit/${question}?${query.toString()}`;
}
