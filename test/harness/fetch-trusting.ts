import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** As `fetch`, over a connection of its own to a server whose certificate is of this authority (PEM). */
export async function fetchTrusting(ca: string, url: string, init: RequestInit = {}): Promise<Response> {
  // Reads headers and body as `fetch` would send them.
  const meant = new Request(url, init);
  const sent = request(url, {
    ...{ ca, method: meant.method, agent: false },
    headers: Object.fromEntries(meant.headers),
  });
  sent.end(Buffer.from(await meant.arrayBuffer()));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await buffer(answer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers.set(name, value);
  return new Response(body.length === 0 ? null : new Uint8Array(body), { status: answer.statusCode ?? 0, headers });
}
