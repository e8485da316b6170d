import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { ProofKey } from '../identity/proof-key.ts';
import { DEFAULT_HTTP } from './https.ts';
import { HttpsTransport } from './https-transport.ts';

const CALL = { method: 'POST', path: 'sessions', body: {} } as const;
const SKEW_MS = 60_000;

let server: Server;
let origin: URL;
let listener: RequestListener;
/** How far the gateway's clock is ahead. */
let aheadMs: number;
let asked: number;
beforeEach(async () => {
  aheadMs = 0;
  asked = 0;
  // Takes proofs as a gateway does, by its own clock; the rest of them is not its subject here.
  listener = (request, response) => {
    asked += 1;
    const now = Date.now() + aheadMs;
    const { dpop } = request.headers;
    const claims = typeof dpop === 'string' ? dpop.split('.')[1] : undefined;
    const { iat } = z.object({ iat: z.number() }).parse(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()));
    const isTaken = Math.abs(now - iat * 1_000) <= SKEW_MS;
    response.writeHead(isTaken ? 200 : 401, { 'content-type': 'application/json', date: new Date(now).toUTCString() });
    const problem = { type: 'x', title: 'x', status: 401, detail: 'late', code: 'AUTH_PROOF_INVALID', remedy: 'x' };
    response.end(JSON.stringify(isTaken ? { done: true } : problem));
  };
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = new URL(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function transport(): Promise<HttpsTransport> {
  const key = await ProofKey.make();
  return new HttpsTransport(origin, { ...DEFAULT_HTTP, ca: null }, async () => ({ value: 'access', key }));
}

const ask = (by: HttpsTransport) => by.json(CALL, z.object({ done: z.literal(true) }));

it.each([600_000, -600_000])(
  'proofs go by the gateway’s clock where ours is off by %i ms, from then on',
  async (offset) => {
    aheadMs = offset;
    const gateway = await transport();
    await ask(gateway);
    expect(asked).toBe(2);
    await ask(gateway);
    expect(asked).toBe(3);
  },
);

it('a gateway whose clock is further off than an hour is not followed', async () => {
  aheadMs = 2 * 3_600_000;
  await expect(ask(await transport())).rejects.toMatchObject({ code: 'AUTH_PROOF_INVALID' });
  expect(asked).toBe(1);
});

it('a refused proof is not made again when the clock is right', async () => {
  listener = (_request, response) => {
    asked += 1;
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ type: 'x', title: 'x', status: 401, detail: 'no', code: 'AUTH_PROOF_INVALID', remedy: 'x' }),
    );
  };
  await expect(ask(await transport())).rejects.toMatchObject({ code: 'AUTH_PROOF_INVALID' });
  expect(asked).toBe(1);
});

it('a gateway that refuses by its own clock as well is asked twice and no more', async () => {
  listener = (_request, response) => {
    asked += 1;
    response.writeHead(401, { date: new Date(Date.now() + asked * 600_000).toUTCString() });
    response.end(
      JSON.stringify({ type: 'x', title: 'x', status: 401, detail: 'no', code: 'AUTH_PROOF_INVALID', remedy: 'x' }),
    );
  };
  await expect(ask(await transport())).rejects.toMatchObject({ code: 'AUTH_PROOF_INVALID' });
  expect(asked).toBe(2);
});
