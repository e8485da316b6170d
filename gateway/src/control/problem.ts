import type { Problem } from '@sluice/contract/api';
import { ERRORS, type ErrorCode, SluiceError } from '@sluice/contract/errors';
import { HTTPException } from 'hono/http-exception';
import { ZodError } from 'zod';
import { PROOF_ALGORITHMS } from '../identity/binding/proof.ts';

/** Any error as one of ours. What is neither ours nor the asker's fault is INTERNAL, and its text stays inside. */
export function toSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    return new SluiceError('USAGE', `The request was not understood: ${where}${issue?.message ?? 'invalid'}`, {
      cause: error,
    });
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new SluiceError('USAGE', 'The request was not understood.', { cause: error });
  }
  return new SluiceError('INTERNAL', 'The gateway has a defect.', { cause: error });
}

/** Answers with a problem document (RFC 9457) of the error's code. */
export function problemResponse(error: SluiceError): Response {
  const { httpStatus, meaning } = ERRORS[error.code];
  const problem: Problem = {
    type: `https://sluice.dev/errors#${error.code}`,
    title: meaning,
    status: httpStatus,
    detail: error.message,
    code: error.code satisfies ErrorCode,
    remedy: error.remedy,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json; charset=utf-8' };
  if (httpStatus === 401) headers['www-authenticate'] = challengeOf(error.code);
  const { scope } = error.facts;
  // RFC 6750 §3.1. Scopes have no quotes in them.
  if (typeof scope === 'string') headers['www-authenticate'] = `Bearer error="insufficient_scope", scope="${scope}"`;
  if (httpStatus === 429 || httpStatus === 503) headers['retry-after'] = '1';
  return new Response(JSON.stringify(problem), { status: httpStatus, headers });
}

/** What would be accepted instead (RFC 6750 §3, RFC 9449 §7.1). */
function challengeOf(code: ErrorCode): string {
  const algorithms = `algs="${PROOF_ALGORITHMS.join(' ')}"`;
  if (code === 'AUTH_PROOF_INVALID') return `DPoP error="invalid_dpop_proof", ${algorithms}`;
  if (code === 'AUTH_TOKEN_BOUND' || code === 'AUTH_TOKEN_INVALID' || code === 'AUTH_TOKEN_EXPIRED')
    return `Bearer error="invalid_token", DPoP error="invalid_token", ${algorithms}`;
  return `Bearer, DPoP ${algorithms}`;
}
