/**
 * The approval of one held statement: asked, decided by another person, used once. docs/approvals.md.
 *
 * ```text
 * pending ─▶ approved ─▶ consumed
 *    └─▶ denied   └─▶ expired ◀─ pending
 * ```
 */
import { createHash, randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Label, Principal } from '@sluice/contract/vocabulary';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { Store } from '../store/store.ts';
import { type ApprovalTerms, approvalHash } from './approval-hash.ts';
import { type ApproverTerms, mayDecide, mayView, NO_APPROVERS, type PartiesOf } from './approver.ts';
import { bindingHash } from './binding.ts';
import { assertMayDecide, notPending, type RequestDecision, unknownRequest } from './deciding.ts';
import { type HeldTexts, NO_TEXT } from './held-texts.ts';
import { KeyedLock } from './keyed-lock.ts';
import { type Kinship, NO_KIN } from './kinship.ts';
import type {
  Approvals,
  BoundStatement,
  Consumed,
  NewRequest,
  RequestState,
  RequestView,
  Resolution,
} from './request.ts';
import { RequestChanges, type RequestListener } from './request-changes.ts';
import {
  addVote,
  countPending,
  findLive,
  findRequest,
  insertRequest,
  listDue,
  listRequests,
  lowerRowBound,
  type StoredRequest,
  setConsumed,
  setDecided,
  setExpired,
  voterIds,
} from './request-rows.ts';

/** Requests of one principal that may wait at once; the next statement is refused with LIMIT_REACHED. */
export const DEFAULT_MAX_PENDING_PER_PRINCIPAL = 20;
/** Requests that may be pending at once, of everybody together, unless configured. */
export const DEFAULT_MAX_PENDING = 1_000;
/** A decision made by another gateway on the same store is seen within this time, ms. */
const POLL_MS = 1_000;
/** How often requests whose time is over are marked, ms. An overdue request counts as expired even before. */
const SWEEP_MS = 1_000;
/** Overdue requests marked in one sweep. */
const SWEEP_LIMIT = 100;
/** Newest requests that a list looks through. */
export const MAX_LISTED = 1_000;

export type ApproversFor = (resource: string, label: Label) => ApproverTerms | null;

export type ApprovalOptions = {
  readonly store: Store;
  readonly log: EvidenceLog;
  /** Seals what the store holds of a statement. */
  readonly texts: HeldTexts;
  /** Who approves something of this label on this resource; null when nobody is configured. */
  readonly approversFor: ApproversFor;
  /** Requests that may be pending at once, of everybody together. */
  readonly maxPending?: number;
  /** Requests of one principal that may be pending at once. */
  readonly maxPendingPerPrincipal?: number;
  /** Which accounts belong together, and who answers for an agent. */
  readonly kinship?: Kinship;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when the background sweep fails; a request that was not swept cannot be used all the same. */
  readonly onSweepError?: (error: unknown) => void;
};

export class ApprovalService implements Approvals {
  readonly #store: Store;
  readonly #log: EvidenceLog;
  readonly #texts: HeldTexts;
  readonly #approversFor: ApproversFor;
  readonly #maxPending: number;
  readonly #maxPendingPerPrincipal: number;
  readonly #kinship: Kinship;
  readonly #kinOf: PartiesOf;
  readonly #now: () => number;
  readonly #onSweepError: (error: unknown) => void;
  readonly #asking = new KeyedLock();
  readonly #deciding = new KeyedLock();
  readonly #changes = new RequestChanges();
  #sweepTimer: NodeJS.Timeout | null = null;

  constructor(options: ApprovalOptions) {
    this.#store = options.store;
    this.#log = options.log;
    this.#texts = options.texts;
    this.#approversFor = options.approversFor;
    this.#maxPending = options.maxPending ?? DEFAULT_MAX_PENDING;
    this.#maxPendingPerPrincipal = options.maxPendingPerPrincipal ?? DEFAULT_MAX_PENDING_PER_PRINCIPAL;
    this.#kinship = options.kinship ?? NO_KIN;
    this.#kinOf = (principal) => this.#kinship.partiesOf(principal);
    this.#now = options.now;
    this.#onSweepError = options.onSweepError ?? (() => undefined);
  }

  /** Begins to mark overdue requests as expired. */
  start(): void {
    this.#sweepTimer ??= setInterval(() => void this.expireDue().catch(this.#onSweepError), SWEEP_MS).unref();
  }

  stop(): void {
    if (this.#sweepTimer !== null) clearInterval(this.#sweepTimer);
    this.#sweepTimer = null;
  }

  request(request: NewRequest): Promise<RequestView> {
    // One at a time for one asker, so that two sessions share a request and the bound on pending ones holds.
    return this.#asking.run(request.asker.id, () => this.#open(request));
  }

  async wait(requestId: string, untilMs: number, signal: AbortSignal): Promise<Resolution> {
    for (;;) {
      // Listen first, look second: a decision in between is not missed.
      const change = this.#changes.next(requestId, Math.max(0, Math.min(POLL_MS, untilMs - this.#now())), signal);
      try {
        const { state } = (await this.#find(requestId)).view;
        if (state === 'approved' || state === 'denied') return state;
        // Consumed by another session of the same asker: for this one it is gone.
        if (state === 'expired' || state === 'consumed') return 'expired';
        if (signal.aborted || this.#now() >= untilMs) return 'still-pending';
        await change.happened;
      } finally {
        change.forget();
      }
    }
  }

  async consume(requestId: string, bound: BoundStatement, statementId: number): Promise<Consumed | null> {
    const stored = await findRequest(this.#store, requestId);
    if (stored === null) return null;
    const { rowBound, notBefore, expiresAt } = stored.view;
    const use = {
      id: requestId,
      bindingHash: bindingHash(bound),
      nowMs: this.#now(),
      // Of what is about to be sent and of the terms under which it will run: a store that was changed behind the
      // gateway's back, or a decision that came in between, has another hash.
      approvalHash: approvalHash({
        requestId,
        bindingHash: bindingHash(bound),
        rowBound,
        notBeforeMs: Date.parse(notBefore ?? ''),
        expiresMs: Date.parse(expiresAt),
        approvers: stored.approvers,
      }),
    };
    // The store first: of a thousand that try, only the one that won may write that it did. The caller sends nothing
    // before the entry is on the disk; a crash in between leaves a used approval whose statement never ran.
    if (!(await setConsumed(this.#store, use))) return null;
    await this.#log.append({ kind: 'request.consumed', requestId, sessionId: bound.sessionId, statementId }, 'fsync');
    await this.#tell(requestId);
    return { rowBound };
  }

  /**
   * Approves or denies. Throws REQUEST_UNKNOWN when the principal may not know of it, REQUEST_NOT_YOURS when they may
   * not decide, REQUEST_STATE when it is not pending any more. With several approvals needed it stays pending until the last.
   */
  decide(principal: Principal, requestId: string, decision: RequestDecision): Promise<RequestView> {
    return this.#deciding.run(requestId, () => this.#decide(principal, requestId, decision));
  }

  /** Throws REQUEST_UNKNOWN when there is none or the viewer may not know of it. */
  async show(viewer: Principal, requestId: string, options: { readonly seesAll?: boolean } = {}): Promise<RequestView> {
    const stored = await this.#find(requestId);
    if (!options.seesAll && !mayView(viewer, stored.view.asker, stored.approverGroups, this.#kinOf))
      throw unknownRequest(requestId);
    return shownTo(viewer, stored, options.seesAll === true, this.#kinOf);
  }

  /** How many wait for a decision now. */
  async pendingCount(): Promise<number> {
    return (await countPending(this.#store, { askerId: '', nowMs: this.#now() })).all;
  }

  /** Newest first: the viewer's own, and those that they may decide about. */
  async list(
    viewer: Principal,
    filter: { readonly state: RequestState | null; readonly limit: number; readonly seesAll?: boolean },
  ): Promise<readonly RequestView[]> {
    const stored = await listRequests(this.#store, MAX_LISTED);
    const shown = stored
      .map((request) => this.#asOfNow(request))
      .filter(({ view }) => filter.state === null || view.state === filter.state)
      .filter(({ view, approverGroups }) => filter.seesAll || mayView(viewer, view.asker, approverGroups, this.#kinOf))
      .slice(0, filter.limit);
    const opened = await Promise.all(shown.map((request) => this.#opened(request)));
    return opened.map((request) => shownTo(viewer, request, filter.seesAll === true, this.#kinOf));
  }

  /** Marks and records the requests whose time is over. */
  async expireDue(only: { readonly bindingHash?: string } = {}): Promise<void> {
    for (const id of await listDue(this.#store, { ...only, nowMs: this.#now(), limit: SWEEP_LIMIT })) {
      await this.#deciding.run(id, () => this.#expire(id));
    }
  }

  /** Calls back after each recorded change, with who may see it. Returns how to stop. */
  subscribe(listener: RequestListener): () => void {
    return this.#changes.subscribe(listener);
  }

  async #open(request: NewRequest): Promise<RequestView> {
    const hash = bindingHash(request.bound);
    const live = await findLive(this.#store, hash, this.#now());
    if (live !== null) return (await this.#opened(live)).view;
    // An overdue one of the same binding would stand in the way of the new one.
    await this.expireDue({ bindingHash: hash });
    await this.#checkBounds(request.asker);
    const terms = this.#approversFor(request.bound.resource, request.label) ?? NO_APPROVERS;
    const preview = (await request.preview?.()) ?? null;
    const createdAtMs = Math.floor(this.#now());
    const expiresAtMs = createdAtMs + terms.expiresMs;
    const id = `req_${randomBytes(16).toString('base64url')}`;
    // First of all: what cannot be sealed is not asked about. Of a crash behind this line stays a key that opens nothing.
    const sealed = await this.#texts.seal(
      { id, bindingHash: hash },
      {
        statement: Buffer.from(request.bound.text).toString('utf8'),
        ...{ reasons: request.reasons, quotation: request.quotation ?? null, preview },
      },
    );
    await this.#log.append(
      {
        kind: 'request.created',
        requestId: id,
        sessionId: request.bound.sessionId,
        statementId: request.statementId,
        bindingHash: hash,
        expiresAt: new Date(expiresAtMs).toISOString(),
        // The strictest bound that policy names; approvers may lower it.
        ...(request.rowBound === undefined ? {} : { rowBound: request.rowBound }),
        ...(preview === null ? {} : { previewSha256: sha256(JSON.stringify(preview)) }),
      },
      'fsync',
    );
    const { groups, count } = terms;
    const row = { id, request, sealed, bindingHash: hash, groups, count, createdAtMs, expiresAtMs };
    if (!(await insertRequest(this.#store, row))) {
      await this.#texts.destroy(id);
      // Another gateway on this store was first. Ours was announced, so its end is recorded too.
      await this.#log.append({ kind: 'request.expired', requestId: id }, 'fsync');
      const other = await findLive(this.#store, hash, this.#now());
      if (other === null)
        throw new SluiceError('REQUEST_STATE', 'The request was decided and used while it was being made.');
      return (await this.#opened(other)).view;
    }
    await this.#tell(id);
    return (await this.#find(id)).view;
  }

  async #checkBounds(asker: Principal): Promise<void> {
    const pending = await countPending(this.#store, { askerId: asker.id, nowMs: this.#now() });
    if (pending.ofAsker >= this.#maxPendingPerPrincipal) {
      throw new SluiceError(
        'LIMIT_REACHED',
        `${pending.ofAsker} statements of ${asker.name} already wait for approval.`,
      );
    }
    if (pending.all >= this.#maxPending) {
      throw new SluiceError('LIMIT_REACHED', `${pending.all} statements already wait for approval.`);
    }
  }

  async #decide(
    principal: Principal,
    requestId: string,
    { decision, note, bindingHash: seen, maxRows }: RequestDecision,
  ): Promise<RequestView> {
    const stored = await this.#find(requestId);
    assertMayDecide(principal, stored, { decision, bindingHash: seen, maxRows }, this.#kinOf);
    const voters = await voterIds(this.#store, requestId);
    if (voters.some((id) => this.#kinship.isSamePerson(id, principal.id)) && decision === 'approved') {
      throw new SluiceError(
        'REQUEST_STATE',
        'You have approved this request already; another person has to approve as well.',
      );
    }
    const bound = decision === 'approved' && maxRows !== undefined ? { maxRows } : {};
    await this.#log.append({ kind: 'request.decided', requestId, decision, by: principal, note, ...bound }, 'fsync');
    const atMs = Math.floor(this.#now());
    let terms: ApprovalTerms | null = null;
    if (decision === 'approved') {
      if (maxRows !== undefined) await lowerRowBound(this.#store, requestId, maxRows);
      await addVote(this.#store, { requestId, approver: principal, atMs });
      const approvers = await voterIds(this.#store, requestId);
      if (approvers.length < stored.approvalsNeeded) {
        await this.#tell(requestId);
        return (await this.#find(requestId)).view;
      }
      terms = await this.#approvalOf(requestId, approvers, atMs);
    }
    const decided = await setDecided(this.#store, {
      ...{ id: requestId, state: decision, by: principal, atMs, note },
      approval: terms === null ? null : { approvers: terms.approvers, hash: approvalHash(terms) },
    });
    const after = (await this.#find(requestId)).view;
    if (!decided) throw notPending(after);
    await this.#tell(requestId);
    return after;
  }

  /** What its last approver has completed, on the record before anybody can use it. */
  async #approvalOf(requestId: string, approvers: readonly string[], notBeforeMs: number): Promise<ApprovalTerms> {
    const { bindingHash: hash, rowBound, expiresAt } = (await this.#find(requestId)).view;
    const terms = { requestId, bindingHash: hash, rowBound, notBeforeMs, expiresMs: Date.parse(expiresAt), approvers };
    await this.#log.append(
      {
        kind: 'request.approved',
        ...{ requestId, rowBound, approvers, expiresAt },
        notBefore: new Date(notBeforeMs).toISOString(),
        approvalHash: approvalHash(terms),
      },
      'fsync',
    );
    return terms;
  }

  async #expire(id: string): Promise<void> {
    const stored = await findRequest(this.#store, id);
    if (stored === null || (stored.view.state !== 'pending' && stored.view.state !== 'approved')) return;
    await this.#log.append({ kind: 'request.expired', requestId: id }, 'fsync');
    if (await setExpired(this.#store, id, this.#now())) await this.#tell(id);
  }

  async #find(requestId: string): Promise<StoredRequest> {
    const stored = await findRequest(this.#store, requestId);
    if (stored === null) throw unknownRequest(requestId);
    return this.#asOfNow(await this.#opened(stored));
  }

  async #opened(stored: StoredRequest): Promise<StoredRequest> {
    const text = await this.#texts.open(stored.view, stored.sealed);
    return { ...stored, view: { ...stored.view, ...(text ?? NO_TEXT) } };
  }

  /** Expiry means no from the first moment, not from the next sweep. */
  #asOfNow(stored: StoredRequest): StoredRequest {
    const { view } = stored;
    const isLive = view.state === 'pending' || view.state === 'approved';
    if (!isLive || Date.parse(view.expiresAt) > this.#now()) return stored;
    return { ...stored, view: { ...view, state: 'expired' } };
  }

  async #tell(requestId: string): Promise<void> {
    const { view: whole, approverGroups } = await this.#find(requestId);
    // A preview is for those who decide: they ask for it.
    const view = { ...whole, preview: null };
    this.#changes.tell(view, (viewer) => mayView(viewer, view.asker, approverGroups, this.#kinOf));
  }
}

/** What was found about the effect tells of rows: not for those whose statement it is. */
function shownTo(
  viewer: Principal,
  { view, approverGroups }: StoredRequest,
  seesAll: boolean,
  kinOf: PartiesOf,
): RequestView {
  const sees = seesAll
    ? !kinOf(view.asker).has(viewer.id)
    : mayDecide(viewer, view.asker, approverGroups, kinOf).allowed;
  return sees ? view : { ...view, preview: null };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
