/**
 * What every request passes before a handler sees it.
 */
import { SluiceError } from '@sluice/contract/errors';
import type { MiddlewareHandler } from 'hono';
import { GATEWAY_VERSION, OLDEST_CLIENT } from '../version.ts';

/** JSON for programs, never cached, never framed, never run: an answer may quote a statement somebody else wrote. */
export const secureHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  headers.set('x-content-type-options', 'nosniff');
  headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-resource-policy', 'same-origin');
  headers.set('strict-transport-security', 'max-age=31536000');
  headers.set('cache-control', 'no-store');
};

/** Our version, and the oldest client that we like: a client that is too old says so to whoever runs it. */
export const tellVersions: MiddlewareHandler = async (context, next) => {
  await next();
  context.res.headers.set('sluice-version', GATEWAY_VERSION);
  context.res.headers.set('sluice-oldest-client', OLDEST_CLIENT);
};

/** A page that rebinds its own name to our address sends its own Host: it is not served. */
export function requireHost(allowed: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host')?.toLowerCase();
    if (host === undefined || !allowed.includes(host)) {
      throw new SluiceError('USAGE', 'This gateway does not serve the name in the Host header.', {
        remedy: 'Use the address that the gateway printed, or add the name to its configuration.',
      });
    }
    await next();
  };
}

/** The body as JSON. Throws USAGE for another content type (a form that a foreign page can post) or for bytes that are no JSON. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new SluiceError('USAGE', 'The body has to be application/json.');
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SluiceError('USAGE', 'The body is not JSON.', { cause: error });
  }
}
