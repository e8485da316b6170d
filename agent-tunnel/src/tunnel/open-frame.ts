import { type OpenFrame, streamProofTarget } from '@sluice/contract/tunnel';
import { type AccessToken, tokenText } from '../identity/access-token.ts';

/** The first frame of a stream to a session's resource; with a fresh proof when the token is bound to a key. */
export async function openFrame(
  stream: Pick<OpenFrame, 'resource' | 'sessionId'>,
  token: AccessToken,
  gateway: URL,
): Promise<OpenFrame> {
  const frame = { version: 1, ...stream, token: tokenText(token) } as const;
  if (typeof token === 'string') return frame;
  const { method, path } = streamProofTarget(stream);
  return { ...frame, proof: await token.key.prove({ method, url: new URL(path, gateway), token: token.value }) };
}
