/** Asks an issuer whether a token still counts (RFC 7662). */
import type { Secret } from '../../config/secret.ts';

const TIMEOUT_MS = 5_000;
/** Bytes of an answer. */
export const MAX_ANSWER_BYTES = 64 * 1024;

export type IntrospectionEndpoint = {
  readonly url: string;
  readonly clientId: string;
  /** As it is now. */
  readonly clientSecret: () => Promise<Secret>;
  readonly fetch: typeof fetch;
};

/** `unknown`: it did not answer, or not the question. */
export async function introspect(
  token: Secret,
  endpoint: IntrospectionEndpoint,
): Promise<'active' | 'inactive' | 'unknown'> {
  try {
    const secret = (await endpoint.clientSecret()).reveal();
    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    const pair = [endpoint.clientId, secret].map((part) => new URLSearchParams({ part }).toString().slice(5)).join(':');
    const response = await endpoint.fetch(endpoint.url, {
      method: 'POST',
      // A redirect could carry the token to somebody else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token: token.reveal(), token_type_hint: 'access_token' }).toString(),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return 'unknown';
    }
    const answer: unknown = JSON.parse(await readBounded(response));
    if (typeof answer !== 'object' || answer === null || !('active' in answer)) return 'unknown';
    if (answer.active === true) return 'active';
    return answer.active === false ? 'inactive' : 'unknown';
  } catch {
    // Whatever went wrong, nobody said that the token counts. The grace decides what follows, not the error.
    return 'unknown';
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by throwing cancels the body.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
