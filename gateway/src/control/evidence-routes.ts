/**
 * Reads of the record itself (contract/api.ts, EvidenceStatusSchema).
 */
import { LiftHoldSchema, NewHoldSchema, OpenSessionSchema } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Hono, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Caller, ControlEnvironment } from './authentication.ts';
import { seesSession } from './confined-desks.ts';
import type { ControlDependencies } from './dependencies.ts';
import { readJson } from './guards.ts';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const BYTES = { 'content-type': 'application/octet-stream' };
const TILE_PREFIX = '/api/v1/evidence/tile/';

const Id = z.string().min(1).max(100);
const Sequence = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const InclusionQuery = z.object({ index: Sequence });
const ConsistencyQuery = z.object({ old: Sequence });

export type EvidenceRules = {
  /** Whether the caller sees everybody's sessions. */
  readonly seesAll: (caller: Caller) => boolean;
  /** Whom the caller is confined to; null: nobody. */
  readonly partyOf: (caller: Caller) => string | null;
};

export function addEvidenceRoutes(
  app: Hono<ControlEnvironment>,
  { evidence, sessions, sealed, holds }: Pick<ControlDependencies, 'evidence' | 'sessions' | 'sealed' | 'holds'>,
  { seesAll, partyOf }: EvidenceRules,
): void {
  // Says how many entries there are and nothing of them: whoever is signed in may keep it, to hold the gateway to it.
  app.get('/api/v1/evidence/checkpoint', () => new Response(evidence.checkpoint(), { headers: TEXT }));
  app.get('/api/v1/sessions/:id/bundle', async (context) => {
    const id = Id.parse(context.req.param('id'));
    const caller = context.get('caller');
    const detail = await sessions.show(id, { partyId: partyOf(caller), limit: 1 });
    if (detail === null || !seesSession(caller.principal, detail.session))
      throw new SluiceError('NOT_FOUND', `There is no session ${id}, or you may not know of it.`);
    const headers = {
      ...BYTES,
      'content-disposition': `attachment; filename="${encodeURIComponent(id)}.sluice-bundle"`,
    };
    return new Response(await evidence.bundle(detail.session), { headers });
  });

  // Leaf hashes let somebody confirm a guess about an entry, so tiles and proofs have the rule of the entries.
  const requireAuditor: MiddlewareHandler<ControlEnvironment> = (context, next) => {
    if (seesAll(context.get('caller'))) return next();
    throw new SluiceError('REFUSED_BY_POLICY', 'Only administrators and auditors may read the record itself.', {
      remedy: 'Export a session of your own: `sluice evidence export SESSION`.',
    });
  };
  app.use('/api/v1/evidence', requireAuditor);
  app.use('/api/v1/sessions/:id/open', requireAuditor);
  app.use('/api/v1/holds', requireAuditor);
  app.use('/api/v1/holds/*', requireAuditor);
  app.use('/api/v1/evidence/*', requireAuditor);
  app.post('/api/v1/sessions/:id/open', async (context) => {
    const id = Id.parse(context.req.param('id'));
    const { reason } = OpenSessionSchema.parse(await readJson(context.req.raw));
    if ((await sessions.show(id, { partyId: null, limit: 1 })) === null)
      throw new SluiceError('NOT_FOUND', `There is no session ${id}.`);
    return context.json(await sealed.open(context.get('caller').principal, id, reason));
  });
  app.get('/api/v1/holds', async (context) => context.json({ holds: await holds.list() }));
  app.post('/api/v1/holds', async (context) => {
    const { on, reason } = NewHoldSchema.parse(await readJson(context.req.raw));
    return context.json(await holds.place(context.get('caller').principal, on, reason), 201);
  });
  app.post('/api/v1/holds/:id/lift', async (context) => {
    const id = Id.parse(context.req.param('id'));
    const { reason } = LiftHoldSchema.parse(await readJson(context.req.raw));
    return context.json(await holds.lift(context.get('caller').principal, id, reason));
  });
  app.get('/api/v1/evidence', (context) => context.json(evidence.status()));
  app.get('/api/v1/evidence/inclusion', (context) => {
    const { index } = InclusionQuery.parse(context.req.query());
    return new Response(evidence.inclusion(index), { headers: TEXT });
  });
  app.get('/api/v1/evidence/consistency', (context) => {
    const { old } = ConsistencyQuery.parse(context.req.query());
    return new Response(evidence.consistency(old), { headers: TEXT });
  });
  app.get(`${TILE_PREFIX}*`, async (context) => {
    const tile = await evidence.tile(context.req.path.slice(TILE_PREFIX.length));
    return new Response(tile instanceof Uint8Array ? Uint8Array.from(tile) : tile, { headers: BYTES });
  });
}
