/** `/api/v1/workflows`, `/api/v1/plans` and `/api/v1/resources/:name/schema` (contract/workflows.ts). */
import {
  DecideProposalSchema,
  NewPlanSchema,
  NewProposalSchema,
  RevokeBaselineSchema,
} from '@sluice/contract/workflows';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Caller, ControlEnvironment } from './authentication.ts';
import type { WorkflowDesk } from './dependencies.ts';
import { readJson } from './guards.ts';

const Id = z.string().min(1).max(100);
const Name = z.string().min(1).max(200);

const DECISIONS = [
  ['approve', 'approved'],
  ['deny', 'denied'],
] as const;

export function addWorkflowRoutes(
  app: Hono<ControlEnvironment>,
  desk: WorkflowDesk,
  seesAll: (caller: Caller) => boolean,
): void {
  const viewer = (context: Context<ControlEnvironment>) => {
    const caller = context.get('caller');
    return { principal: caller.principal, seesAll: seesAll(caller) };
  };
  const about = (context: Context<ControlEnvironment>) => ({
    workflow: Name.parse(context.req.param('workflow')),
    resource: Name.parse(context.req.param('resource')),
  });

  app.get('/api/v1/workflows', (context) => context.json({ workflows: desk.list(viewer(context)) }));
  app.get('/api/v1/workflows/:workflow/:resource', async (context) =>
    context.json(await desk.show(viewer(context), about(context))),
  );
  app.post('/api/v1/workflows/:workflow/:resource/proposals', async (context) => {
    const wanted = NewProposalSchema.parse(await readJson(context.req.raw));
    return context.json(await desk.propose(viewer(context), about(context), wanted), 201);
  });
  for (const [path, decision] of DECISIONS) {
    app.post(`/api/v1/workflows/:workflow/:resource/proposals/:id/${path}`, async (context) => {
      const proposalId = Id.parse(context.req.param('id'));
      const body = DecideProposalSchema.parse(await readJson(context.req.raw));
      return context.json(await desk.decide(viewer(context), { ...about(context), proposalId }, { ...body, decision }));
    });
  }
  app.post('/api/v1/workflows/:workflow/:resource/revoke', async (context) => {
    const { note } = RevokeBaselineSchema.parse(await readJson(context.req.raw));
    return context.json(await desk.revoke(viewer(context), about(context), note));
  });

  app.post('/api/v1/plans', async (context) => {
    const wanted = NewPlanSchema.parse(await readJson(context.req.raw));
    return context.json(await desk.submitPlan(viewer(context), wanted), 201);
  });
  app.get('/api/v1/plans', (context) => context.json({ plans: desk.plans(viewer(context)) }));
  app.get('/api/v1/plans/:id', async (context) =>
    context.json(await desk.plan(viewer(context), Id.parse(context.req.param('id')))),
  );
  app.get('/api/v1/resources/:name/schema', async (context) =>
    context.json(await desk.describe(viewer(context), Name.parse(context.req.param('name')))),
  );
}
