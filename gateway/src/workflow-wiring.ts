/** Workflows and plans, as the API's handlers are given them: policy asked, then the work, then the view. */
import { SluiceError } from '@sluice/contract/errors';
import { LABELS, type Principal } from '@sluice/contract/vocabulary';
import { MAX_PLAN_STATEMENTS, type SchemaView } from '@sluice/contract/workflows';
import type { ApproversFor } from './approval/approvals.ts';
import { partiesOf } from './approval/approver.ts';
import type { Viewer, WorkflowDesk } from './control/dependencies.ts';
import type { Decision, PolicyEngine, ResourceFacts } from './policy/decision.ts';
import type { PostgresResource } from './proxy/postgres/postgres-proxy.ts';
import { plannedText } from './workflow/plan.ts';
import type { Plans } from './workflow/plans.ts';
import type { WorkflowState } from './workflow/workflow-state.ts';
import { planView, proposalView, type ViewContext, workflowDetail, workflowView } from './workflow/workflow-views.ts';
import type { Workflows } from './workflow/workflows.ts';

/** The grammar that plans are split by; each statement is read again, with the server's own, when it runs. */
const PLAN_GRAMMAR = 17;

export type WorkflowDeskParts = {
  readonly workflows: Workflows;
  readonly plans: Plans;
  readonly policy: PolicyEngine;
  readonly resources: ReadonlyMap<string, PostgresResource>;
  readonly approversFor: ApproversFor;
  readonly now: () => number;
};

export function createWorkflowDesk(parts: WorkflowDeskParts): WorkflowDesk {
  const { workflows, plans, policy, now } = parts;
  const contextOf = ({ workflow, resource }: WorkflowState): ViewContext => ({
    unapproved: workflows.unapproved(workflow),
    nowMs: now(),
    flowNow: (flow) => workflows.flowNow(resource, flow),
  });
  const mayPropose = ({ principal }: Viewer, { workflow, resource }: WorkflowState): Decision =>
    policy.decidePropose(principal, factsOf(resource), workflow);
  const mayView = (viewer: Viewer, state: WorkflowState): boolean =>
    viewer.seesAll || isApprover(parts, viewer.principal, state.resource) || allows(mayPropose(viewer, state));
  const visible = (viewer: Viewer, { workflow, resource }: { workflow: string; resource: string }): WorkflowState => {
    const state = workflows.state(workflow, resource);
    if (mayView(viewer, state)) return state;
    throw new SluiceError('NOT_FOUND', `there is no workflow ${workflow} on ${resource}, or you may not know of it`);
  };

  return {
    list: (viewer) =>
      workflows
        .all()
        .filter((state) => mayView(viewer, state))
        .map((state) => workflowView(state, contextOf(state))),
    show: async (viewer, about) => {
      const state = visible(viewer, about);
      // Names and labels of now; while the database cannot be asked, those that were written down have to do.
      await resourceOf(parts, about.resource).ports.catalog.ready().catch(unlessUnreachable);
      return workflowDetail(state, contextOf(state));
    },
    propose: async (viewer, about, { note, ...content }) => {
      const state = visible(viewer, about);
      // Those who approve may propose as well: another of them then approves.
      if (!isApprover(parts, viewer.principal, state.resource)) assertAllowed(mayPropose(viewer, state));
      await resourceOf(parts, about.resource).ports.catalog.ready();
      const proposal = await workflows.propose(viewer.principal, { ...about, note }, content);
      return proposalView(proposal, state, contextOf(state));
    },
    decide: async (viewer, about, decision) => {
      const state = visible(viewer, about);
      return proposalView(await workflows.decide(viewer.principal, about, decision), state, contextOf(state));
    },
    revoke: async (viewer, about, note) => {
      const state = visible(viewer, about);
      if (!isApprover(parts, viewer.principal, state.resource))
        throw new SluiceError('REQUEST_NOT_YOURS', 'Only an approver may revoke a baseline.');
      await workflows.revoke(viewer.principal, { ...about, note });
      return workflowView(state, contextOf(state));
    },
    submitPlan: async ({ principal }, { text, ...wanted }) => {
      const resource = resourceOf(parts, wanted.resource);
      assertAllowed(policy.decidePlanning(principal, factsOf(resource.name), 'submitPlan'));
      if (wanted.workflow !== null) workflows.state(wanted.workflow, wanted.resource);
      return planView(await plans.submit(principal, { ...wanted, statements: await statementsOf(resource, text) }));
    },
    plans: ({ principal, seesAll }) => plans.list(principal, seesAll).map(planView),
    plan: async ({ principal, seesAll }, id) => planView(await plans.show(principal, id, seesAll)),
    describe: async ({ principal, seesAll }, name) => {
      const resource = resourceOf(parts, name);
      if (!seesAll) assertAllowed(policy.decidePlanning(principal, factsOf(name), 'describe'));
      return await schemaOf(resource);
    },
  };
}

/** A person who may decide about something on this resource, with their own sign-in. */
function isApprover({ approversFor }: WorkflowDeskParts, principal: Principal, resource: string): boolean {
  if (principal.kind !== 'user' || partiesOf(principal).size > 1) return false;
  return LABELS.some((label) =>
    approversFor(resource, label)?.groups.some((group) => principal.groups.includes(group)),
  );
}

function factsOf(name: string): ResourceFacts {
  return { name, protocol: 'postgres' };
}

function resourceOf({ resources }: WorkflowDeskParts, name: string): PostgresResource {
  const resource = resources.get(name);
  if (resource === undefined)
    throw new SluiceError('RESOURCE_UNKNOWN', `there is no resource "${name}", or you may not know of it`);
  return resource;
}

function unlessUnreachable(error: unknown): void {
  if (error instanceof SluiceError && error.code.startsWith('UPSTREAM_')) return;
  throw error;
}

function allows({ effect }: Decision): boolean {
  return effect === 'allow';
}

function assertAllowed(decision: Decision): void {
  if (allows(decision)) return;
  const [reason] = decision.reasons;
  throw new SluiceError('REFUSED_BY_POLICY', reason?.message ?? 'policy does not permit it', {
    ...(reason === undefined ? {} : { remedy: reason.remedy, facts: { policyId: reason.policyId } }),
  });
}

async function statementsOf(resource: PostgresResource, text: string): Promise<readonly string[]> {
  const judged = await resource.ports.gate.judge(text, PLAN_GRAMMAR);
  if (judged.kind === 'refused') throw new SluiceError('USAGE', `the plan cannot be read: ${judged.message}`);
  if (judged.kind === 'syntax-error')
    throw new SluiceError('USAGE', 'the plan is not SQL that the database would accept');
  const statements = judged.statements.map((statement) => plannedText(statement.text));
  if (statements.length === 0 || statements.length > MAX_PLAN_STATEMENTS)
    throw new SluiceError('USAGE', `a plan has 1 to ${MAX_PLAN_STATEMENTS} statements; this has ${statements.length}`);
  return statements;
}

const KINDS = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
} as const satisfies Record<string, SchemaView['tables'][number]['kind']>;

async function schemaOf({ name, ports }: PostgresResource): Promise<SchemaView> {
  const { catalog } = ports;
  const present = await catalog.presentRelations();
  const tables = new Map<number, SchemaView['tables'][number]>();
  for (const { relationOid, schema, table, relkind, column, label, category } of catalog.classification.columns()) {
    const kind = Object.entries(KINDS).find(([letter]) => letter === relkind)?.[1];
    if (kind === undefined || !present.has(relationOid)) continue;
    const found = tables.get(relationOid) ?? { schema, table, kind, columns: [] };
    // A view has no labels of its own: what is read through it has those of the tables below.
    found.columns.push(
      kind === 'view' ? { name: column, label: null, category: null } : { name: column, label, category },
    );
    tables.set(relationOid, found);
  }
  const byName = (a: { schema: string; table: string }, b: { schema: string; table: string }): number =>
    `${a.schema}.${a.table}` < `${b.schema}.${b.table}` ? -1 : 1;
  return { resource: name, tables: [...tables.values()].sort(byName) };
}
