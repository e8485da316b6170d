/**
 * The desks of the API for callers whose token is confined by scopes: what is about a resource is asked for with a scope
 * for that resource. They only take away; whoever is not confined has the desks as they are.
 */
import { SluiceError } from '@sluice/contract/errors';
import { covers, type Scoped, type ScopeVerb } from '@sluice/contract/scopes';
import type { Principal } from '@sluice/contract/vocabulary';
import type { GrantDesk, RequestDesk, WorkflowDesk } from './dependencies.ts';
import { missingScope } from './scope-rules.ts';

const SEES: readonly ScopeVerb[] = ['read', 'approve', 'audit'];
const SEES_WORK: readonly ScopeVerb[] = ['read', 'plan', 'approve', 'audit'];

/** Whether a session of this resource may be shown. */
export function seesSession(who: Scoped, session: { readonly resource: string }): boolean {
  return coversOne(who, ['read', 'audit'], session.resource);
}

export function confineRequests(desk: RequestDesk): RequestDesk {
  const isShown = (who: Scoped, { resource }: { readonly resource: string }) => coversOne(who, SEES, resource);
  return {
    list: async (viewer, filter) => (await desk.list(viewer, filter)).filter((view) => isShown(viewer, view)),
    show: async (viewer, id, options) => shown(await desk.show(viewer, id, options), (view) => isShown(viewer, view)),
    decide: async (by, id, decision) => {
      if (by.scopes !== undefined) {
        const { resource } = await desk.show(by, id, {});
        assertCovers(by, 'approve', resource);
      }
      return await desk.decide(by, id, decision);
    },
    subscribe: (listener) =>
      desk.subscribe((view, mayView) => listener(view, (viewer) => isShown(viewer, view) && mayView(viewer))),
  };
}

export function confineGrants(desk: GrantDesk): GrantDesk {
  const isShown = (who: Scoped, { resource }: { readonly resource: string | null }) => coversOne(who, SEES, resource);
  const decided = async (by: Principal, id: string) => {
    if (by.scopes !== undefined) assertCovers(by, 'approve', (await desk.show(by, id, { seesAll: false })).resource);
  };
  return {
    offersTo: (principal) => desk.offersTo(principal).filter(({ resource }) => covers(principal, 'read', resource)),
    ask: async (asker, wanted) => {
      const offer = desk.offersTo(asker).find(({ name }) => name === wanted.name);
      if (offer !== undefined) assertCovers(asker, 'read', offer.resource);
      return await desk.ask(asker, wanted);
    },
    decide: async (by, id, decision) => {
      await decided(by, id);
      return await desk.decide(by, id, decision);
    },
    revoke: async (by, id, note) => {
      if (by.scopes !== undefined) {
        const { asker, resource } = await desk.show(by, id, { seesAll: false });
        // Giving up what is one's own takes no more than having it.
        const isOwn = asker.id === by.id || asker.chain.some((actor) => actor.id === by.id);
        const mayEnd = covers(by, 'manage', null) || (isOwn && covers(by, 'read', resource));
        if (!mayEnd) assertCovers(by, 'approve', resource);
      }
      return await desk.revoke(by, id, note);
    },
    show: async (viewer, id, options) => shown(await desk.show(viewer, id, options), (view) => isShown(viewer, view)),
    list: async (viewer, filter) => (await desk.list(viewer, filter)).filter((view) => isShown(viewer, view)),
    subscribe: (listener) =>
      desk.subscribe((view, mayView) => listener(view, (viewer) => isShown(viewer, view) && mayView(viewer))),
  };
}

/** Proposals and plans are handed in as policy permits; it asks for the scope by itself, but not of those who approve. */
export function confineWorkflows(desk: WorkflowDesk): WorkflowDesk {
  const isShown = (who: Scoped, { resource }: { readonly resource: string }) => coversOne(who, SEES_WORK, resource);
  const isPlanShown = (who: Scoped, { resource }: { readonly resource: string }) =>
    coversOne(who, ['plan', 'read', 'audit'], resource);
  return {
    list: (viewer) => desk.list(viewer).filter((view) => isShown(viewer.principal, view)),
    show: async (viewer, about) => {
      if (!isShown(viewer.principal, about)) throw missingScope('read', about.resource);
      return await desk.show(viewer, about);
    },
    propose: async (viewer, about, wanted) => {
      if (!coversOne(viewer.principal, ['plan', 'approve'], about.resource)) throw missingScope('plan', about.resource);
      return await desk.propose(viewer, about, wanted);
    },
    decide: async (viewer, about, decision) => {
      assertCovers(viewer.principal, 'approve', about.resource);
      return await desk.decide(viewer, about, decision);
    },
    revoke: async (viewer, about, note) => {
      assertCovers(viewer.principal, 'approve', about.resource);
      return await desk.revoke(viewer, about, note);
    },
    submitPlan: (viewer, wanted) => desk.submitPlan(viewer, wanted),
    plans: (viewer) => desk.plans(viewer).filter((plan) => isPlanShown(viewer.principal, plan)),
    plan: async (viewer, id) => shown(await desk.plan(viewer, id), (plan) => isPlanShown(viewer.principal, plan)),
    describe: (viewer, resource) => desk.describe(viewer, resource),
  };
}

function coversOne(who: Scoped, verbs: readonly ScopeVerb[], resource: string | null): boolean {
  return verbs.some((verb) => covers(who, verb, resource));
}

function assertCovers(who: Scoped, verb: ScopeVerb, resource: string | null): void {
  if (!covers(who, verb, resource)) throw missingScope(verb, resource);
}

function shown<View extends { readonly id: string }>(view: View, isShown: (view: View) => boolean): View {
  if (isShown(view)) return view;
  throw new SluiceError('NOT_FOUND', `The access token has no scope for the resource of ${view.id}.`);
}
