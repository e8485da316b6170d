/** What issuers send by themselves. No bearer token of ours: what they send is signed, and that is the proof. */
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type EventRefusal, EventRefused } from '../identity/revocation/event-refused.ts';
import { BEARER, type ControlEnvironment } from './authentication.ts';
import type { ControlDependencies } from './dependencies.ts';

/** Longest body, bytes: no token is longer. */
export const MAX_EVENT_BODY_BYTES = 64 * 1024;

export function addIssuerRoutes(app: Hono<ControlEnvironment>, dependencies: ControlDependencies): void {
  const short = bodyLimit({ maxSize: MAX_EVENT_BODY_BYTES, onError: () => refusal('the body is too long') });

  // OpenID Connect Back-Channel Logout 1.0 §2.5 and §2.8.
  app.post('/api/v1/issuers/:name/backchannel-logout', short, async (context) => {
    if (mediaType(context.req.raw) !== 'application/x-www-form-urlencoded')
      return refusal('the body has to be application/x-www-form-urlencoded');
    const tokens = new URLSearchParams(await context.req.raw.text()).getAll('logout_token');
    const [token] = tokens;
    if (token === undefined || tokens.length > 1) return refusal('there has to be one logout_token');
    try {
      await dependencies.issuerEvents.logout(context.req.param('name'), token);
    } catch (error) {
      if (error instanceof EventRefused) return refusal(error.message);
      throw error;
    }
    return new Response(null, { status: 200 });
  });

  // RFC 8935 §2.
  app.post('/api/v1/issuers/:name/events', short, async (context) => {
    if (mediaType(context.req.raw) !== 'application/secevent+jwt')
      return eventRefusal('invalid_request', 'the body has to be application/secevent+jwt');
    const [, bearer] = BEARER.exec(context.req.header('authorization') ?? '') ?? [];
    try {
      await dependencies.issuerEvents.push(context.req.param('name'), bearer ?? null, await context.req.raw.text());
    } catch (error) {
      if (error instanceof EventRefused) return eventRefusal(error.refusal, error.message);
      throw error;
    }
    return new Response(null, { status: 202 });
  });
}

/** RFC 8935 §2.3. */
function eventRefusal(err: EventRefusal, description: string): Response {
  const isUnknown = err === 'authentication_failed';
  return Response.json(
    { err, description },
    {
      status: isUnknown ? 401 : 400,
      headers: { 'content-language': 'en', ...(isUnknown ? { 'www-authenticate': 'Bearer' } : {}) },
    },
  );
}

function refusal(description: string): Response {
  return Response.json({ error: 'invalid_request', error_description: description }, { status: 400 });
}

function mediaType(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
}
