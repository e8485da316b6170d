import { highestLabel, type Label, type Principal } from '@sluice/contract/vocabulary';
import type { Recording } from '../evidence/entry.ts';
import type { SignIn } from '../identity/sign-in.ts';
import type { ResourceFacts } from '../policy/decision.ts';
import { RepeatedDecisions } from './repeated-decisions.ts';
import type { StatementSeal } from './seal-decided.ts';
import type { Work } from './work.ts';

/** How a client reached the gateway. */
export type Peer = {
  /** Address and port of the client, or `unix`. */
  readonly from: string;
  readonly via: 'native' | 'tunnel';
};

/**
 * One authorised connection of a principal to a resource, from login to close. Protocol-free: the proxies keep
 * their own state beside it.
 */
export class Session {
  readonly id: string;
  readonly principal: Principal;
  /** Of the token that it was opened with, or that its secret was minted with. */
  readonly signIn: SignIn;
  readonly resource: ResourceFacts;
  readonly peer: Peer;
  readonly application: string;
  /** The session secret that it was opened with; null for an access token. */
  readonly secretId: string | null;
  /** Grants of a time window that it was opened with: it ends with the first of them. */
  readonly grantIds: readonly string[];
  readonly openedAtMs: number;
  readonly recording: Recording;
  /** The workflow or plan that it is bound to; null for none. */
  readonly work: Work | null;
  /** Seals what its statements say; null when nobody could open it. */
  readonly seal: StatementSeal | null;
  /** What its record may name instead of saying it again. */
  readonly decisions = new RepeatedDecisions();
  readonly #ending = new AbortController();
  #statements = 0;
  #highest: Label = 'public';

  constructor(facts: {
    id: string;
    principal: Principal;
    signIn?: SignIn;
    resource: ResourceFacts;
    peer: Peer;
    application: string;
    secretId: string | null;
    grantIds?: readonly string[];
    openedAtMs: number;
    recording: Recording;
    work?: Work | null;
    seal?: StatementSeal | null;
  }) {
    this.id = facts.id;
    this.principal = facts.principal;
    this.signIn = facts.signIn ?? { id: null, issuedAtMs: 0 };
    this.resource = facts.resource;
    this.peer = facts.peer;
    this.application = facts.application;
    this.secretId = facts.secretId;
    this.grantIds = facts.grantIds ?? [];
    this.openedAtMs = facts.openedAtMs;
    this.recording = facts.recording;
    this.work = facts.work ?? null;
    this.seal = facts.seal ?? null;
  }

  /** Aborts when the session is to end; its reason is the words for the client. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Asks the proxy to end the session, telling the client why. Idempotent. */
  end(reason: string): void {
    if (!this.#ending.signal.aborted) this.#ending.abort(reason);
  }

  /** Statements seen so far. */
  get statements(): number {
    return this.#statements;
  }

  /** Number of the next statement, from 1. */
  nextStatementId(): number {
    this.#statements += 1;
    return this.#statements;
  }

  /** The highest label that any statement of this session touched: decides how long its record is kept. */
  get highestLabel(): Label {
    return this.#highest;
  }

  touched(label: Label): void {
    this.#highest = highestLabel(this.#highest, label);
  }
}
