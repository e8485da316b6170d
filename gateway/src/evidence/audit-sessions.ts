/** Sessions as auditors ask for them: what somebody did or saw, and what is kept how long. */
import type { AuditedSession, KeptSession, KeptSessions, SessionsOfParty } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import type { Label, Principal } from '@sluice/contract/vocabulary';
import { findSessions, principalsCalled } from '../store/found-sessions.ts';
import { holdsOn } from '../store/held-sessions.ts';
import type { HoldRow, SessionRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { type SessionHistory, toSessionView } from './session-history.ts';

/** Sessions of one page, statements of each, and characters of rows of all: at the bound the page ends. */
export const MAX_SESSIONS_A_PAGE = 20;
const STATEMENTS_OF_EACH = 100;
const MAX_PAGE_CHARACTERS = 16 * 1024 * 1024;
/** Sessions of one page without statements. */
export const MAX_KEPT_A_PAGE = 200;
/** Statements read for the one that gave a session its label. */
const MAX_SEARCHED = 10_000;
const SEARCHED_AT_ONCE = 1_000;
/** Principals of one subject that a refusal names. */
const MAX_NAMESAKES = 5;
/** Legal holds shown of one session. */
const MAX_HOLDS_SHOWN = 20;

export type SessionsPage = {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** Only sessions opened before this entry. */
  readonly before: number | null;
  readonly limit: number;
};

export type AuditSessionsOptions = {
  readonly store: Store;
  readonly index: EvidenceIndex;
  readonly history: SessionHistory;
  readonly retention: Readonly<Record<Label, number>>;
  readonly now: () => number;
};

export class AuditSessions {
  readonly #options: AuditSessionsOptions;

  constructor(options: AuditSessionsOptions) {
    this.#options = options;
  }

  /** Newest first. Throws NOT_FOUND for somebody who is in no session, USAGE for a subject that is several. */
  async of(
    question: SessionsPage & {
      readonly party: string;
      readonly onBehalfOf: string | null;
      readonly resource: string | null;
      readonly seen: boolean;
    },
  ): Promise<SessionsOfParty> {
    await this.#options.index.flush();
    const party = await this.#resolve(question.party);
    const onBehalfOf = question.onBehalfOf === null ? null : await this.#resolve(question.onBehalfOf);
    const limit = Math.min(question.limit, MAX_SESSIONS_A_PAGE);
    const rows = await this.#rows(question, limit + 1, [party, ...(onBehalfOf === null ? [] : [onBehalfOf])]);
    const sessions: AuditedSession[] = [];
    let characters = 0;
    let last: SessionRow | undefined;
    for (const row of rows.slice(0, limit)) {
      if (characters > MAX_PAGE_CHARACTERS) break;
      last = row;
      const session = toSessionView(row);
      if (onBehalfOf !== null && !actedFor(session.principal, party, onBehalfOf)) continue;
      const page = { partyId: null, limit: STATEMENTS_OF_EACH };
      const shown = (await this.#options.history.show(row.session_id, page))?.statements ?? [];
      const statements = question.seen ? shown : shown.map((statement) => ({ ...statement, seen: [] }));
      for (const { text, seen } of statements)
        characters += text.length + seen.reduce((sum, cells) => sum + cells.join().length, 0);
      sessions.push({ session, statements, more: session.statements > STATEMENTS_OF_EACH });
    }
    const isWhole = last === undefined || last === rows.at(-1);
    return { party, onBehalfOf, sessions, next: isWhole ? null : (last?.opened_sequence ?? null) };
  }

  /** Newest first. */
  async kept(
    question: SessionsPage & { readonly session: string | null; readonly resource: string | null },
  ): Promise<KeptSessions> {
    await this.#options.index.flush();
    const limit = Math.min(question.limit, MAX_KEPT_A_PAGE);
    const rows = await this.#rows(question, limit + 1, []);
    const sessions: KeptSession[] = [];
    for (const row of rows.slice(0, limit)) sessions.push(await this.#keptView(row, question.session !== null));
    return { sessions, next: rows.length > limit ? (sessions.at(-1)?.session.openedEntry ?? null) : null };
  }

  async #keptView(row: SessionRow, explains: boolean): Promise<KeptSession> {
    const { store, retention, now } = this.#options;
    const session = toSessionView(row);
    const retentionMs = retention[session.highestLabel];
    const untilMs = session.closedAt === null ? null : Date.parse(session.closedAt) + retentionMs;
    const holds = await holdsOn(store, row.session_id, MAX_HOLDS_SHOWN);
    return {
      session,
      state: stateOf(row, { untilMs, isHeld: holds.length > 0, nowMs: now() }),
      retentionMs,
      keptUntil: untilMs === null ? null : new Date(untilMs).toISOString(),
      because: explains ? await this.#because(row, session.highestLabel) : null,
      holds: holds.map(holdView),
      expiredAt: row.expired_at_us === null ? null : instantOf(row.expired_at_us),
      expiredEntry: row.expired_sequence,
    };
  }

  /** The first statement with a column of the label, as far as it is looked for. */
  async #because({ session_id: id }: SessionRow, label: Label): Promise<KeptSession['because']> {
    for (let after = 0; after < MAX_SEARCHED; after += SEARCHED_AT_ONCE) {
      const page = { partyId: null, after, limit: SEARCHED_AT_ONCE };
      const statements = (await this.#options.history.show(id, page))?.statements ?? [];
      const found = statements.find(({ flows }) =>
        flows.some(({ sources, targetLabel }) => targetLabel === label || sources.some((one) => one.label === label)),
      );
      if (found?.decidedEntry != null) return { sequence: found.decidedEntry, statementId: found.statementId };
      if (statements.length === 0) return null;
    }
    return null;
  }

  async #rows(
    question: SessionsPage & { readonly session?: string | null; readonly resource: string | null },
    limit: number,
    parties: readonly string[],
  ): Promise<readonly SessionRow[]> {
    const { session = null, resource, sinceMs, untilMs, before } = question;
    return await findSessions(this.#options.store, { session, resource, sinceMs, untilMs, before, parties, limit });
  }

  /** A principal by `issuer|subject`, or by its subject where that means one. */
  async #resolve(name: string): Promise<string> {
    const found = await principalsCalled(this.#options.store, name, MAX_NAMESAKES);
    const [first, ...others] = found;
    if (first === undefined) throw new SluiceError('NOT_FOUND', `Nobody called ${name} was in any session.`);
    if (found.includes(name)) return name;
    if (others.length === 0) return first;
    throw new SluiceError('USAGE', `${name} is several principals: ${found.join(', ')}.`, {
      remedy: 'Say which, as issuer|subject.',
    });
  }
}

/** Later in the chain is who acts for who is earlier. */
function actedFor({ chain }: Principal, party: string, onBehalfOf: string): boolean {
  return chain.findLastIndex(({ id }) => id === party) > chain.findIndex(({ id }) => id === onBehalfOf);
}

function stateOf(
  { expired_at_us: expired, closed_at_us: closed }: SessionRow,
  facts: { readonly untilMs: number | null; readonly isHeld: boolean; readonly nowMs: number },
): KeptSession['state'] {
  if (expired !== null) return 'expired';
  if (facts.isHeld) return 'held';
  if (closed === null || facts.untilMs === null) return 'open';
  return facts.untilMs > facts.nowMs ? 'kept' : 'due';
}

function holdView(row: HoldRow): KeptSession['holds'][number] {
  return {
    ...{ holdId: row.hold_id, sequence: row.placed_sequence, placedAt: instantOf(row.placed_at_us) },
    ...{ by: JSON.parse(row.by_json), reason: row.reason },
  };
}

function instantOf(microseconds: number): string {
  return new Date(Math.floor(Number(microseconds) / 1000)).toISOString();
}
