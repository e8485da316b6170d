/** `/api/v1/audit/…`: the questions of auditors (contract/audit.ts). */
import { ColumnUseSchema } from '@sluice/contract/audit';
import type { Hono, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { ControlEnvironment } from './authentication.ts';
import type { AuditDesk } from './dependencies.ts';

/** Answers of one page. */
const MAX_PAGE = 200;
const Name = z.string().min(1).max(400);
const Page = {
  since: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  until: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  before: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
};
const ColumnQuery = z.object({
  ...Page,
  resource: Name,
  column: Name,
  /** Several, apart by commas. */
  use: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(ColumnUseSchema))
    .optional(),
});

const SessionsQuery = z.object({
  ...{ ...Page, party: Name, onBehalfOf: Name.optional(), resource: Name.optional() },
  seen: z.stringbool().default(false),
});
const HeldQuery = z.object({ ...Page, resource: Name.optional() });
const WorkflowQuery = z.object({ workflow: Name, resource: Name, column: Name.optional() });
const RetentionQuery = z.object({ ...Page, session: Name.optional(), resource: Name.optional() });

export function addAuditRoutes(
  app: Hono<ControlEnvironment>,
  audit: AuditDesk,
  requireAuditor: MiddlewareHandler<ControlEnvironment>,
): void {
  app.use('/api/v1/audit/*', requireAuditor);
  app.get('/api/v1/audit/columns', async (context) => {
    const { resource, column, use, ...page } = ColumnQuery.parse(context.req.query());
    return context.json(await audit.column({ resource, column, uses: use ?? [], ...bounds(page) }));
  });
  app.get('/api/v1/audit/sessions', async (context) => {
    const { party, onBehalfOf = null, resource = null, seen, ...page } = SessionsQuery.parse(context.req.query());
    return context.json(await audit.sessionsOf({ party, onBehalfOf, resource, seen, ...bounds(page) }));
  });
  app.get('/api/v1/audit/holds', async (context) => {
    const { resource = null, ...page } = HeldQuery.parse(context.req.query());
    return context.json(await audit.held({ resource, ...bounds(page) }));
  });
  app.get('/api/v1/audit/workflow', async (context) => {
    const { workflow, resource, column = null } = WorkflowQuery.parse(context.req.query());
    return context.json({ firstSeen: await audit.firstSeen({ workflow, resource, column }) });
  });
  app.get('/api/v1/audit/retention', async (context) => {
    const { session = null, resource = null, ...page } = RetentionQuery.parse(context.req.query());
    return context.json(await audit.kept({ session, resource, ...bounds(page) }));
  });
}

function bounds({
  since,
  until,
  before,
  limit,
}: {
  since?: number | undefined;
  until?: number | undefined;
  before?: number | undefined;
  limit: number;
}) {
  return { sinceMs: since ?? null, untilMs: until ?? null, before: before ?? null, limit };
}
