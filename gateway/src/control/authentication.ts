import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { Context, MiddlewareHandler } from 'hono';
import type { Presentation } from '../identity/binding/holder-check.ts';
import type { SignIn } from '../identity/sign-in.ts';
import type { TokenCheck } from './dependencies.ts';

/** What a request knows after authentication. */
export type Caller = { readonly principal: Principal; readonly signIn: SignIn; readonly tokenExpiresAtMs: number };
export type ControlEnvironment = {
  /** Of the connection: `x5t#S256` of its client certificate, null for none. */
  Bindings: { readonly clientCertificate?: string | null };
  Variables: { caller: Caller };
};

export const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;
const PRESENTED = /^(Bearer|DPoP) +([A-Za-z0-9._~+/=-]+)$/i;

/**
 * Lets a request through only with a token that verifies, in the hands of its holder when it is bound (RFC 6750 §2.1,
 * RFC 9449 §7.1: in the headers alone, never in the address).
 */
export function requireToken(
  verifyToken: (token: string, presentation: Presentation) => Promise<TokenCheck>,
): MiddlewareHandler<ControlEnvironment> {
  return async (context, next) => {
    const header = context.req.header('authorization');
    if (header === undefined) throw new SluiceError('AUTH_REQUIRED', 'The request carried no access token.');
    const [, scheme, token] = PRESENTED.exec(header) ?? [];
    if (scheme === undefined || token === undefined)
      throw new SluiceError('AUTH_TOKEN_INVALID', 'The Authorization header holds no access token.');
    const check = await verifyToken(token, presentationOf(context, scheme.toLowerCase() === 'dpop'));
    if (check.kind === 'refused') throw check.error;
    const { principal, signIn, expiresAtMs } = check;
    context.set('caller', { principal, signIn, tokenExpiresAtMs: expiresAtMs });
    await next();
  };
}

function presentationOf(context: Context<ControlEnvironment>, isDpop: boolean): Presentation {
  // Several headers arrive as one with commas, which no proof has: it is refused where the proof is read.
  const proof = context.req.header('dpop');
  if (isDpop && proof === undefined) throw proofError('The request carried no DPoP proof.');
  if (!isDpop && proof !== undefined) throw proofError('A DPoP proof came with a bearer token.');
  if (proof === undefined) return { scheme: 'bearer', certificate: context.env?.clientCertificate ?? null };
  const { method, url } = context.req;
  return { scheme: 'dpop', proof, target: { method, path: new URL(url).pathname } };
}

function proofError(message: string): SluiceError {
  return new SluiceError('AUTH_PROOF_INVALID', message, {
    remedy: 'Send a bound token as `Authorization: DPoP` with one `DPoP` header, any other as `Authorization: Bearer`.',
  });
}
