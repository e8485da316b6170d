/**
 * Grants: access for a window of time. Asked for with a reason, granted by another person, over at its end or when it is
 * revoked. docs/grants.md.
 *
 * ```text
 * asked ─▶ granted ─▶ ended
 *   ├─▶ refused └─▶ revoked
 *   └─▶ lapsed
 * ```
 * While the window is open, policy sees the grantee in one more group on the resource. It counts for the chain that asked,
 * and for no other; it makes nobody an approver, since approvers count by their tokens alone.
 */
import { randomBytes } from 'node:crypto';
import type { GrantOffer, GrantView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { EvidenceLog } from '../evidence/entry.ts';
import type { Store } from '../store/store.ts';
import { mayDecide, mayView, type PartiesOf, partiesOf } from './approver.ts';
import {
  addGrantVote,
  chainJson,
  countLiveGrants,
  dueGrants,
  findGrant,
  granterIds,
  insertGrant,
  listGrants,
  openGrants,
  type StoredGrant,
  setGrantDecided,
  setOver,
  setRevoked,
  shortenWindow,
} from './grant-rows.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { Kinship } from './kinship.ts';

/** Grants asked for or open: of one asker, and of all. */
export const MAX_LIVE_GRANTS_PER_PRINCIPAL = 10;
export const MAX_LIVE_GRANTS = 1_000;
/** Newest grants that a list looks through. */
export const MAX_LISTED_GRANTS = 1_000;
/** How often those whose time is over are marked, ms. They do not count from the first moment. */
const SWEEP_MS = 1_000;
/** Marked in one sweep. */
const SWEEP_LIMIT = 100;
/** The longest that a timer of Node takes, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What may be asked for, as the configuration offers it. */
export type Offer = {
  readonly name: string;
  readonly resource?: string | undefined;
  readonly group: string;
  readonly askers?: readonly string[] | undefined;
  readonly groups: readonly string[];
  readonly count: number;
  readonly longestMs: number;
  readonly expiresMs: number;
};

/** A principal with what it was granted for now. */
export type Granted = { readonly principal: Principal; readonly grantIds: readonly string[] };

export type GrantOptions = {
  readonly store: Store;
  readonly log: EvidenceLog;
  readonly offers: readonly Offer[];
  readonly kinship: Kinship;
  /** Whose members may revoke any grant. */
  readonly adminGroups: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A window is over: whoever was let in by it is to be ended. */
  readonly onOver: (grantId: string, why: string) => void;
  readonly onSweepError: (error: unknown) => void;
};

export type GrantListener = (view: GrantView, mayView: (viewer: Principal) => boolean) => void;

export class GrantService {
  readonly #options: GrantOptions;
  readonly #kinOf: PartiesOf;
  readonly #asking = new KeyedLock();
  readonly #deciding = new KeyedLock();
  readonly #listeners = new Set<GrantListener>();
  /** Grants by which somebody was let in, each with the timer of its end. At most MAX_LIVE_GRANTS. */
  readonly #watched = new Map<string, NodeJS.Timeout>();
  #sweepTimer: NodeJS.Timeout | null = null;

  constructor(options: GrantOptions) {
    this.#options = options;
    this.#kinOf = (principal) => options.kinship.partiesOf(principal);
  }

  start(): void {
    this.#sweepTimer ??= setInterval(() => void this.sweep().catch(this.#options.onSweepError), SWEEP_MS).unref();
  }

  stop(): void {
    if (this.#sweepTimer !== null) clearInterval(this.#sweepTimer);
    for (const timer of this.#watched.values()) clearTimeout(timer);
    this.#watched.clear();
    this.#sweepTimer = null;
  }

  /** Calls back after each recorded change, with who may see it. Returns how to stop. */
  subscribe(listener: GrantListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What this principal may ask for. */
  offersTo(principal: Principal): readonly GrantOffer[] {
    return this.#options.offers
      .filter((offer) => mayAsk(principal, offer))
      .map(({ name, resource, group, groups, longestMs }) => ({
        ...{ name, group },
        resource: resource ?? null,
        granterGroups: [...groups],
        longestSeconds: Math.floor(longestMs / 1_000),
      }));
  }

  /** Throws NOT_FOUND for what is not offered, USAGE for a window that is too long, LIMIT_REACHED. */
  ask(
    asker: Principal,
    wanted: { readonly name: string; readonly reason: string; readonly windowSeconds?: number | undefined },
  ): Promise<GrantView> {
    return this.#asking.run('all', () => this.#ask(asker, wanted));
  }

  /** Grants, or refuses. Throws NOT_FOUND, REQUEST_NOT_YOURS, REQUEST_STATE, USAGE for a longer window. */
  decide(
    by: Principal,
    id: string,
    decision: {
      readonly decision: 'granted' | 'refused';
      readonly note: string;
      readonly windowSeconds?: number | undefined;
    },
  ): Promise<GrantView> {
    return this.#deciding.run(id, () => this.#decide(by, id, decision));
  }

  /** Ends an open window: whoever may grant it, an administrator, or the grantee. Throws as `decide`. */
  revoke(by: Principal, id: string, note: string): Promise<GrantView> {
    return this.#deciding.run(id, async () => {
      const stored = await this.#seenBy(by, id);
      const { view } = stored;
      const isParty = partiesOf(view.asker).has(by.id);
      const isAdmin = mayDecide(by, view.asker, this.#options.adminGroups, this.#kinOf).allowed;
      if (!isParty && !isAdmin && !mayDecide(by, view.asker, view.granterGroups, this.#kinOf).allowed)
        throw new SluiceError('REQUEST_NOT_YOURS', 'You may not revoke this grant.', { facts: { grantId: id } });
      if (view.state !== 'granted') throw notThatState(view);
      if (!(await this.#revoke(by, id, note))) throw notThatState((await this.#find(id)).view);
      return await this.#changed(id);
    });
  }

  /** Ends the open windows of a principal (`issuer|subject`) and of all who act for it: its issuer withdrew it. */
  async revokeAllOf(principalId: string, by: Principal, note: string): Promise<void> {
    const open = await openGrants(this.#options.store, { nowMs: this.#nowMs() });
    for (const { view } of open.filter(({ view: { asker } }) => asker.chain.some(({ id }) => id === principalId)))
      await this.#deciding.run(view.id, async () => {
        if ((await this.#find(view.id)).view.state === 'granted' && (await this.#revoke(by, view.id, note)))
          await this.#changed(view.id);
      });
  }

  async show(viewer: Principal, id: string, options: { readonly seesAll: boolean }): Promise<GrantView> {
    return (options.seesAll ? await this.#find(id) : await this.#seenBy(viewer, id)).view;
  }

  /** Newest first: the viewer's own, and those that they may decide about. */
  async list(
    viewer: Principal,
    filter: { readonly state: GrantView['state'] | null; readonly limit: number; readonly seesAll: boolean },
  ): Promise<readonly GrantView[]> {
    return (await listGrants(this.#options.store, MAX_LISTED_GRANTS))
      .map((grant) => this.#asOfNow(grant).view)
      .filter((view) => filter.state === null || view.state === filter.state)
      .filter((view) => filter.seesAll || mayView(viewer, view.asker, view.granterGroups, this.#kinOf))
      .slice(0, filter.limit);
  }

  /** The principal as policy sees it on a resource at this moment. */
  async granted(principal: Principal, resource: string): Promise<Granted> {
    const open = (
      await openGrants(this.#options.store, { nowMs: this.#nowMs(), chainJson: chainJson(principal) })
    ).filter(({ view }) => view.resource === null || view.resource === resource);
    if (open.length === 0) return { principal, grantIds: [] };
    for (const grant of open) this.#watch(grant);
    return {
      principal: inGroups(
        principal,
        open.map(({ view }) => view.group),
      ),
      grantIds: open.map(({ view }) => view.id),
    };
  }

  /** Whether all of these are still open: to be asked when whoever was let in can be found and ended. */
  areOpen(grantIds: readonly string[]): boolean {
    return grantIds.every((id) => this.#watched.has(id));
  }

  /** Marks and records what is over, and ends what another gateway on the same store has revoked. */
  async sweep(): Promise<void> {
    const { store } = this.#options;
    for (const { id } of await dueGrants(store, this.#nowMs(), SWEEP_LIMIT))
      await this.#deciding.run(id, () => this.#mark(id));
    if (this.#watched.size === 0) return;
    const open = new Set((await openGrants(store, { nowMs: this.#nowMs() })).map(({ view }) => view.id));
    for (const id of this.#watched.keys()) if (!open.has(id)) this.#over(id, 'the access is over');
  }

  /** False when it was over already. */
  async #revoke(by: Principal, id: string, note: string): Promise<boolean> {
    await this.#options.log.append({ kind: 'grant.revoked', grantId: id, by, note }, 'fsync');
    const isRevoked = await setRevoked(this.#options.store, { id, by, atMs: this.#nowMs(), note });
    this.#over(id, 'the access was revoked');
    return isRevoked;
  }

  async #ask(
    asker: Principal,
    wanted: { readonly name: string; readonly reason: string; readonly windowSeconds?: number | undefined },
  ): Promise<GrantView> {
    const { store, log } = this.#options;
    const offer = this.#options.offers.find(({ name }) => name === wanted.name);
    if (offer === undefined || !mayAsk(asker, offer))
      throw new SluiceError('NOT_FOUND', `No access of the name "${wanted.name}" is offered to you.`, {
        remedy: '`sluice access offers` lists what you may ask for.',
      });
    const windowMs = wanted.windowSeconds === undefined ? offer.longestMs : wanted.windowSeconds * 1_000;
    if (windowMs > offer.longestMs)
      throw new SluiceError('USAGE', `The longest window of ${offer.name} is ${offer.longestMs / 1_000} s.`);
    const askedAtMs = this.#nowMs();
    const live = await countLiveGrants(store, { askerId: asker.id, nowMs: askedAtMs });
    if (live.ofAsker >= MAX_LIVE_GRANTS_PER_PRINCIPAL || live.all >= MAX_LIVE_GRANTS)
      throw new SluiceError('LIMIT_REACHED', 'Too many grants are asked for or open already.');
    const id = `grant_${randomBytes(12).toString('base64url')}`;
    const { name, group } = offer;
    const resource = offer.resource ?? null;
    await log.append(
      { kind: 'grant.asked', grantId: id, name, resource, group, by: asker, reason: wanted.reason, windowMs },
      'fsync',
    );
    await insertGrant(store, {
      ...{ id, name, resource, group, asker, windowMs, askedAtMs },
      reason: wanted.reason,
      granterGroups: offer.groups,
      grantsNeeded: offer.count,
      askExpiresAtMs: askedAtMs + offer.expiresMs,
    });
    return await this.#changed(id);
  }

  async #decide(
    by: Principal,
    id: string,
    {
      decision,
      note,
      windowSeconds,
    }: { readonly decision: 'granted' | 'refused'; readonly note: string; readonly windowSeconds?: number | undefined },
  ): Promise<GrantView> {
    const { store, log, kinship } = this.#options;
    const stored = await this.#seenBy(by, id);
    const { view } = stored;
    const verdict = mayDecide(by, view.asker, view.granterGroups, this.#kinOf);
    if (!verdict.allowed) throw new SluiceError('REQUEST_NOT_YOURS', verdict.why, { facts: { grantId: id } });
    if (view.state !== 'asked') throw notThatState(view);
    const windowMs = windowSeconds === undefined ? stored.windowMs : windowSeconds * 1_000;
    if (windowMs > stored.windowMs)
      throw new SluiceError(
        'USAGE',
        `The window that was asked for is ${view.windowSeconds} s; it can only be shortened.`,
      );
    const before = await granterIds(store, id);
    if (decision === 'granted' && before.some((granter) => kinship.isSamePerson(granter, by.id)))
      throw new SluiceError('REQUEST_STATE', 'You have granted this already; another person has to as well.');
    const window = decision === 'granted' ? { windowMs } : {};
    await log.append({ kind: 'grant.decided', grantId: id, decision, by, note, ...window }, 'fsync');
    const atMs = this.#nowMs();
    let endsAtMs: number | null = null;
    if (decision === 'granted') {
      await shortenWindow(store, id, windowMs);
      await addGrantVote(store, { grantId: id, granter: by, atMs });
      const granters = await granterIds(store, id);
      if (granters.length < view.grantsNeeded) return await this.#changed(id);
      endsAtMs = atMs + (await this.#find(id)).windowMs;
      const [from, until] = [new Date(atMs).toISOString(), new Date(endsAtMs).toISOString()];
      await log.append({ kind: 'grant.given', grantId: id, granters, from, until }, 'fsync');
    }
    const isDecided = await setGrantDecided(store, { id, by, atMs, note, endsAtMs });
    if (!isDecided) throw notThatState((await this.#find(id)).view);
    return await this.#changed(id);
  }

  async #changed(id: string): Promise<GrantView> {
    const { view } = await this.#find(id);
    for (const listener of this.#listeners) listener(view, (viewer) => this.#maySee(viewer, view));
    return view;
  }

  async #mark(id: string): Promise<void> {
    const { store, log } = this.#options;
    const stored = await findGrant(store, id);
    if (stored === null || (stored.view.state !== 'asked' && stored.view.state !== 'granted')) return;
    const state = stored.view.state === 'asked' ? 'lapsed' : 'ended';
    await log.append({ kind: 'grant.over', grantId: id, state }, 'fsync');
    await setOver(store, id, this.#nowMs());
    await this.#changed(id);
    this.#over(id, 'the window of the access is over');
  }

  /** Its end is watched to the millisecond: a session must not outlive its window until the next sweep. */
  #watch({ view: { id }, endsAtMs }: StoredGrant): void {
    if (this.#watched.has(id) || endsAtMs === null) return;
    const leftMs = Math.min(Math.max(0, endsAtMs - this.#nowMs()), MAX_TIMER_MS);
    const timer = setTimeout(() => this.#over(id, 'the window of the access is over'), leftMs);
    this.#watched.set(id, timer.unref());
  }

  #over(id: string, why: string): void {
    const timer = this.#watched.get(id);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#watched.delete(id);
    this.#options.onOver(id, `${why} (${id})`);
  }

  async #seenBy(viewer: Principal, id: string): Promise<StoredGrant> {
    const stored = await this.#find(id);
    if (this.#maySee(viewer, stored.view)) return stored;
    throw unknownGrant(id);
  }

  #maySee(viewer: Principal, { asker, granterGroups }: GrantView): boolean {
    const isKin = [...this.#kinOf(viewer)].some((each) => this.#kinOf(asker).has(each));
    const isAdmin = mayDecide(viewer, asker, this.#options.adminGroups, this.#kinOf).allowed;
    return isKin || isAdmin || mayView(viewer, asker, granterGroups, this.#kinOf);
  }

  async #find(id: string): Promise<StoredGrant> {
    const stored = await findGrant(this.#options.store, id);
    if (stored === null) throw unknownGrant(id);
    return this.#asOfNow(stored);
  }

  /** Over means over from the first moment, not from the next sweep. */
  #asOfNow(stored: StoredGrant): StoredGrant {
    const { view, askExpiresAtMs, endsAtMs } = stored;
    const nowMs = this.#options.now();
    if (view.state === 'asked' && askExpiresAtMs <= nowMs) return { ...stored, view: { ...view, state: 'lapsed' } };
    if (view.state === 'granted' && (endsAtMs ?? 0) <= nowMs) return { ...stored, view: { ...view, state: 'ended' } };
    return stored;
  }

  #nowMs(): number {
    return Math.floor(this.#options.now());
  }
}

function mayAsk(principal: Principal, { askers }: Offer): boolean {
  if (askers === undefined) return true;
  return [...principal.groups, ...principal.onBehalfOfGroups].some((group) => askers.includes(group));
}

/** Everybody in the chain whom policy asks about is in the groups: one of them alone would not be permitted either. */
function inGroups(principal: Principal, groups: readonly string[]): Principal {
  const withThem = (own: readonly string[]): string[] => [...new Set([...own, ...groups])].sort();
  const isDelegated = principal.chain.length > 1;
  return {
    ...principal,
    groups: withThem(principal.groups),
    onBehalfOfGroups: isDelegated ? withThem(principal.onBehalfOfGroups) : principal.onBehalfOfGroups,
    ...(principal.linkGroups !== undefined && { linkGroups: principal.linkGroups.map(withThem) }),
  };
}

function unknownGrant(id: string): SluiceError {
  return new SluiceError('NOT_FOUND', `There is no grant ${id}, or you may not know of it.`);
}

function notThatState(view: GrantView): SluiceError {
  return new SluiceError('REQUEST_STATE', `The grant ${view.id} is ${view.state}.`, { facts: { grantId: view.id } });
}
