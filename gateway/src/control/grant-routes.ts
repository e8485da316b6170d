import { AskGrantSchema, DecideGrantSchema, GRANT_STATES } from '@sluice/contract/api';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Caller, ControlEnvironment } from './authentication.ts';
import type { GrantDesk } from './dependencies.ts';
import type { EventStreams } from './event-streams.ts';
import { readJson } from './guards.ts';

const Id = z.string().min(1).max(100);
const ListQuery = z.object({
  state: z.enum(GRANT_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const DECISIONS = [
  ['grant', 'granted'],
  ['refuse', 'refused'],
] as const;

/** `/api/v1/grants`: access for a window of time. Authenticated before. `now`: milliseconds since 1970. */
export function grantRoutes(
  grants: GrantDesk,
  {
    seesAll,
    streams,
    now,
  }: {
    readonly seesAll: (caller: Caller) => boolean;
    readonly streams: EventStreams;
    readonly now: () => number;
  },
): Hono<ControlEnvironment> {
  const app = new Hono<ControlEnvironment>();
  app.get('/', async (context) => {
    const caller = context.get('caller');
    const { state, limit } = ListQuery.parse(context.req.query());
    const filter = { state: state ?? null, limit, seesAll: seesAll(caller) };
    return context.json({ grants: await grants.list(caller.principal, filter) });
  });
  app.post('/', async (context) => {
    const wanted = AskGrantSchema.parse(await readJson(context.req.raw));
    return context.json(await grants.ask(context.get('caller').principal, wanted), 201);
  });
  app.get('/offers', (context) => context.json({ offers: grants.offersTo(context.get('caller').principal) }));
  app.get('/events', (context) => {
    const caller = context.get('caller');
    const isOverseer = seesAll(caller);
    return streams.stream(caller, now(), ({ send }) =>
      grants.subscribe((view, mayView) => {
        if (isOverseer || mayView(caller.principal)) send('grant', view);
      }),
    );
  });
  app.get('/:id', async (context) => {
    const caller = context.get('caller');
    const id = Id.parse(context.req.param('id'));
    return context.json(await grants.show(caller.principal, id, { seesAll: seesAll(caller) }));
  });
  for (const [path, decision] of DECISIONS)
    app.post(`/:id/${path}`, async (context) => {
      const id = Id.parse(context.req.param('id'));
      const body = DecideGrantSchema.parse(await readJson(context.req.raw));
      return context.json(await grants.decide(context.get('caller').principal, id, { ...body, decision }));
    });
  app.post('/:id/revoke', async (context) => {
    const id = Id.parse(context.req.param('id'));
    const { note } = DecideGrantSchema.parse(await readJson(context.req.raw));
    return context.json(await grants.revoke(context.get('caller').principal, id, note));
  });
  return app;
}
