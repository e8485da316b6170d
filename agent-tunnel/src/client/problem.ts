import { ProblemSchema } from '@sluice/contract/api';
import { ERRORS, type ErrorCode, SluiceError } from '@sluice/contract/errors';

/** A problem+json answer (RFC 9457) as the error that the gateway meant. What is no problem document becomes one of ours, by status. */
export function problemError(status: number, body: string): SluiceError {
  const parsed = ProblemSchema.safeParse(parseJson(body));
  if (parsed.success && isErrorCode(parsed.data.code)) {
    return new SluiceError(parsed.data.code, parsed.data.detail || parsed.data.title, { remedy: parsed.data.remedy });
  }
  const code =
    status === 401
      ? 'AUTH_REQUIRED'
      : status === 403
        ? 'REFUSED_BY_POLICY'
        : status === 404
          ? 'NOT_FOUND'
          : status >= 500
            ? 'GATEWAY_UNREACHABLE'
            : 'PROTOCOL_VIOLATION';
  return new SluiceError(code, `the gateway answered with status ${status} and no explanation`);
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an expected answer here (a proxy's HTML page): the caller goes by the status.
    return null;
  }
}
