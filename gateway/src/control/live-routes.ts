/** `/api/v1/sessions/:id/events` and `/kill`: sessions while they last (contract/audit.ts). */
import { KillSessionSchema } from '@sluice/contract/audit';
import { SluiceError } from '@sluice/contract/errors';
import type { Hono } from 'hono';
import { z } from 'zod';
import type { Caller, ControlEnvironment } from './authentication.ts';
import { seesSession } from './confined-desks.ts';
import type { ControlDependencies } from './dependencies.ts';
import type { EventStreams } from './event-streams.ts';
import { readJson } from './guards.ts';

const Id = z.string().min(1).max(100);

export function addLiveRoutes(
  app: Hono<ControlEnvironment>,
  { live, sessions, now }: Pick<ControlDependencies, 'live' | 'sessions' | 'now'>,
  rules: { readonly partyOf: (caller: Caller) => string | null; readonly streams: EventStreams },
): void {
  app.get('/api/v1/sessions/:id/events', async (context) => {
    const caller = context.get('caller');
    const id = Id.parse(context.req.param('id'));
    // Whoever may read what was seen may also look on.
    const detail = await sessions.show(id, { partyId: rules.partyOf(caller), limit: 1 });
    if (detail === null || !seesSession(caller.principal, detail.session))
      throw new SluiceError('NOT_FOUND', `There is no session ${id}, or you may not know of it.`);
    rules.streams.assertRoom(caller);
    const watch = await live.watch(caller.principal, id);
    return rules.streams.stream(caller, now(), ({ send, hasRoom, end }) =>
      watch({
        hasRoom,
        over: end,
        event: ({ kind, ...rest }) => {
          send(kind, rest);
          if (kind === 'closed') end();
        },
      }),
    );
  });
  app.post('/api/v1/sessions/:id/kill', async (context) => {
    const { reason } = KillSessionSchema.parse(await readJson(context.req.raw));
    const id = Id.parse(context.req.param('id'));
    return context.json(await live.kill(context.get('caller').principal, id, reason));
  });
}
