import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { MiddlewareHandler } from 'hono';
import type { SignIn } from '../identity/sign-in.ts';
import type { TokenCheck } from './dependencies.ts';

/** What a request knows after authentication. */
export type Caller = { readonly principal: Principal; readonly signIn: SignIn; readonly tokenExpiresAtMs: number };
export type ControlEnvironment = { Variables: { caller: Caller } };

export const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** Lets a request through only with a token that verifies (RFC 6750 §2.1: in the header alone, never in the address). */
export function requireBearer(
  verifyToken: (token: string) => Promise<TokenCheck>,
): MiddlewareHandler<ControlEnvironment> {
  return async (context, next) => {
    const header = context.req.header('authorization');
    if (header === undefined) throw new SluiceError('AUTH_REQUIRED', 'The request carried no access token.');
    const [, token] = BEARER.exec(header) ?? [];
    if (token === undefined)
      throw new SluiceError('AUTH_TOKEN_INVALID', 'The Authorization header holds no bearer token.');
    const check = await verifyToken(token);
    if (check.kind === 'refused') throw check.error;
    const { principal, signIn, expiresAtMs } = check;
    context.set('caller', { principal, signIn, tokenExpiresAtMs: expiresAtMs });
    await next();
  };
}
