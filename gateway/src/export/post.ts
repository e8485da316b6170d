import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How long an answer may take, milliseconds. */
export const POST_TIMEOUT_MS = 30_000;
/** Longest answer that is read, bytes. */
const MAX_ANSWER_BYTES = 65_536;

export type PostSettings = {
  /** https, or http that stays on this machine. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** PEM of the authority; the public ones unless given. */
  readonly ca?: string;
};

export type Answer = { readonly status: number; readonly body: string };

/** POST without redirects: what is sent goes where the configuration says, or nowhere. Rejects when there is no answer. */
export async function post(
  { url, token, ca }: PostSettings,
  body: Buffer,
  contentType: string,
  signal: AbortSignal,
): Promise<Answer> {
  const target = new URL(url);
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const asked = request(
      target,
      {
        method: 'POST',
        signal: AbortSignal.any([signal, AbortSignal.timeout(POST_TIMEOUT_MS)]),
        headers: {
          'content-type': contentType,
          'content-length': body.length,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
