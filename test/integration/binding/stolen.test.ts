/** Somebody has an access token, and even proofs of its holder's, but not the key: nothing opens. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream';
import type { MintedSession } from '@sluice/contract/api';
import { type OpenFrame, streamProofTarget } from '@sluice/contract/tunnel';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessToken, BoundToken } from '../../../agent-tunnel/src/identity/access-token.ts';
import { ProofKey } from '../../../agent-tunnel/src/identity/proof-key.ts';
import { bindingOf } from '../../../agent-tunnel/src/identity/token-source.ts';
import { GatewayDialer, type Transport } from '../../../agent-tunnel/src/tunnel/gateway-dialer.ts';
import { openGatewayStream } from '../../../agent-tunnel/src/tunnel/gateway-stream.ts';
import { openFrame } from '../../../agent-tunnel/src/tunnel/open-frame.ts';
import { entriesOf } from '../../harness/evil-site.ts';
import { PERSON, type Site, startSite } from './site.ts';

const RESOURCE = 'orders-db';
const never = new AbortController().signal;

let site: Site;
let ca: string;
/** Of its holder. */
let token: BoundToken;
let sessionId: string;

beforeAll(async () => {
  site = await startSite();
  ca = await readFile(site.gateway.caFile, 'utf8');
  token = await site.bound();
  sessionId = (await site.gateway.apiWith(token).mintSession(RESOURCE, 'test')).sessionId;
});
afterAll(() => site?.stop());

type Answer = { readonly status: number; readonly challenge: string; readonly code: string };

/** One request to the API, with just these headers. */
function ask(
  headers: Readonly<Record<string, string | string[]>>,
  path = '/api/v1/whoami',
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      new URL(path, site.gateway.url),
      { ca, headers, method, agent: false, servername: 'localhost' },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
          const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
          resolve({ status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'] ?? '', code });
        });
      },
    );
    request.on('error', reject).end();
  });
}

const proofFor = (
  path = '/api/v1/whoami',
  { method = 'GET', origin = site.gateway.url, of = token, now = Date.now() } = {},
): Promise<string> => of.key.prove({ method, url: new URL(path, origin), token: of.value }, now);

const PROOF_REFUSED = {
  status: 401,
  code: 'AUTH_PROOF_INVALID',
  challenge: 'DPoP error="invalid_dpop_proof", algs="ES256 ES384 ES512 EdDSA Ed25519"',
};

describe('a call of the API', () => {
  it('is answered to the holder of the key', async () => {
    const dpop = await proofFor();
    expect(await ask({ authorization: `DPoP ${token.value}`, dpop })).toMatchObject({ status: 200 });
  });

  it('is refused to a bearer of the token alone, and told how it would be accepted', async () => {
    expect(await ask({ authorization: `Bearer ${token.value}` })).toEqual({
      status: 401,
      code: 'AUTH_TOKEN_BOUND',
      challenge: 'Bearer error="invalid_token", DPoP error="invalid_token", algs="ES256 ES384 ES512 EdDSA Ed25519"',
    });
    expect(await ask({ authorization: `DPoP ${token.value}` })).toEqual(PROOF_REFUSED);
  });

  it('is refused with a proof by another key', async () => {
    const thief = { value: token.value, key: await ProofKey.make() };
    const dpop = await proofFor('/api/v1/whoami', { of: thief });
    expect(await ask({ authorization: `DPoP ${token.value}`, dpop })).toEqual(PROOF_REFUSED);
  });

  it('is refused with a proof that was used', async () => {
    const dpop = await proofFor();
    const headers = { authorization: `DPoP ${token.value}`, dpop };
    expect(await ask(headers)).toMatchObject({ status: 200 });
    expect(await ask(headers)).toEqual(PROOF_REFUSED);
  });

  it('is refused with a proof for something else', async () => {
    const other = await site.bound();
    const proofs = await Promise.all([
      proofFor('/api/v1/resources'),
      proofFor('/api/v1/whoami', { method: 'POST' }),
      proofFor('/api/v1/whoami', { origin: new URL('https://gateway.other.test:7443') }),
      proofFor('/api/v1/whoami', { origin: new URL(`https://127.0.0.1:${Number(site.gateway.url.port) + 1}`) }),
      proofFor('/api/v1/whoami', { now: Date.now() - 180_000 }),
      proofFor('/api/v1/whoami', { now: Date.now() + 180_000 }),
      // Of the same person, by another of their keys.
      proofFor('/api/v1/whoami', { of: other }),
    ]);
    for (const dpop of proofs) expect(await ask({ authorization: `DPoP ${token.value}`, dpop })).toEqual(PROOF_REFUSED);
  });

  it('is refused with the proof for another gateway, also to whoever writes that one’s name into the request', async () => {
    const dpop = await proofFor('/api/v1/whoami', { origin: new URL('https://gateway.other.test:7443') });
    const headers = { authorization: `DPoP ${token.value}`, dpop, host: 'gateway.other.test:7443' };
    expect(await ask(headers)).toEqual(PROOF_REFUSED);
  });

  it('is refused with two proofs, and with a proof beside a bearer token', async () => {
    const twice = [await proofFor(), await proofFor()];
    expect(await ask({ authorization: `DPoP ${token.value}`, dpop: twice })).toEqual(PROOF_REFUSED);
    const unbound = await site.gateway.tokenOf('ann');
    expect(await ask({ authorization: `Bearer ${unbound}`, dpop: await proofFor() })).toEqual(PROOF_REFUSED);
    const own = await proofFor('/api/v1/whoami', { of: { value: unbound, key: token.key } });
    expect(await ask({ authorization: `DPoP ${unbound}`, dpop: own })).toEqual(PROOF_REFUSED);
  });

  it('without a token is told what is accepted', async () => {
    expect(await ask({})).toMatchObject({
      code: 'AUTH_REQUIRED',
      challenge: 'Bearer, DPoP algs="ES256 ES384 ES512 EdDSA Ed25519"',
    });
  });

  it('is refused on an event stream, too', async () => {
    const path = '/api/v1/requests/events';
    expect(await ask({ authorization: `Bearer ${token.value}` }, path)).toMatchObject({ code: 'AUTH_TOKEN_BOUND' });
    expect(await ask({ authorization: `DPoP ${token.value}`, dpop: await proofFor() }, path)).toEqual(PROOF_REFUSED);
  });

  it('is refused with a proof that was used before the gateway was started again', async () => {
    const dpop = await proofFor();
    const headers = { authorization: `DPoP ${token.value}`, dpop };
    expect(await ask(headers)).toMatchObject({ status: 200 });
    await site.gateway.end('SIGKILL');
    await site.gateway.restart();
    sessionId = (await site.gateway.apiWith(token).mintSession(RESOURCE, 'test')).sessionId;
    expect(await ask(headers)).toEqual(PROOF_REFUSED);
  });
});

const stream = () => ({ resource: RESOURCE, sessionId });
const goodFrame = () => openFrame(stream(), token, site.gateway.url);

async function open(transport: Transport, makeFrame: () => Promise<OpenFrame>): Promise<void> {
  const address = { gateway: site.gateway.url, ca, transport };
  const dialer = new GatewayDialer(address, 0);
  try {
    (await openGatewayStream(dialer, address, makeFrame, never)).destroy();
  } finally {
    dialer.close();
  }
}

describe.each<Transport>(['tls', 'websocket'])('a stream over %s', (transport) => {
  it('opens for the holder of the key, once by each proof', async () => {
    const frame = await goodFrame();
    await open(transport, async () => frame);
    const again = open(transport, async () => frame);
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('used before') });
    await open(transport, goodFrame);
  });

  it('does not open for the token alone', async () => {
    const alone = open(transport, () => openFrame(stream(), token.value, site.gateway.url));
    await expect(alone).rejects.toMatchObject({ code: 'AUTH_TOKEN_BOUND' });
  });
});

/** What the database answers to `select 40 + 2` through a stream, or why it is refused. */
async function throughStream(makeFrame: () => Promise<OpenFrame>, login: pg.ClientConfig): Promise<string> {
  const address = { gateway: site.gateway.url, ca, transport: 'tls' } as const;
  const dialer = new GatewayDialer(address, 0);
  const stream = await openGatewayStream(dialer, address, makeFrame, never);
  const listener = createServer((socket) => void pipeline(socket, stream, socket, () => socket.destroy()));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const client = new pg.Client({ ...login, host: '127.0.0.1', port: portOf(listener), database: RESOURCE });
  try {
    await client.connect();
    return String((await client.query('select 40 + 2 as answer')).rows[0].answer);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return error.message;
  } finally {
    await client.end();
    stream.destroy();
    listener.close();
    dialer.close();
  }
}

function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen on a port');
  return address.port;
}

// By one way: each refusal makes the next one of the same address wait longer.
describe('a stream does not open', () => {
  it('by another sign-in of the same person, with a key of its own', async () => {
    const rotated = await site.bound(bindingOf('required'));
    const other = open('tls', () => openFrame(stream(), rotated, site.gateway.url));
    await expect(other).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    const renewed = site.gateway.apiWith(rotated).renewSession(sessionId);
    await expect(renewed).rejects.toMatchObject({ code: 'SESSION_ENDED' });
  });

  it('with another key, or by a proof for another session, another gateway, a call of the API, or of long ago', async () => {
    const { method, path } = streamProofTarget(stream());
    const thief = { value: token.value, key: await ProofKey.make() };
    const proofs = await Promise.all([
      proofFor(path, { method, of: thief }),
      proofFor(streamProofTarget({ resource: RESOURCE, sessionId: randomUUID() }).path, { method }),
      proofFor(path, { method, origin: new URL('https://gateway.other.test:7443') }),
      proofFor('/api/v1/tunnel'),
      proofFor(path, { method, now: Date.now() - 180_000 }),
    ]);
    // At once: each waits for its own answer only.
    const opening = proofs.map((proof) => open('tls', async () => ({ ...(await goodFrame()), proof })));
    for (const opened of await Promise.allSettled(opening))
      expect(opened).toMatchObject({ status: 'rejected', reason: { code: 'AUTH_PROOF_INVALID' } });
  });
});

describe('a session secret that was minted with a token of a key', () => {
  it('is no password in a stream that another key of the same person opened, nor that of a bearer token in its own', async () => {
    const own = await site.gateway.apiWith(token).mintSession(RESOURCE, 'test');
    const unbound = await site.gateway.mintSession(PERSON.username, RESOURCE, 'test');
    const other = await site.bound();
    const others = await site.gateway.apiWith(other).mintSession(RESOURCE, 'test');
    const answer = async (of: AccessToken, opened: MintedSession, used: MintedSession) => {
      const make = () => openFrame({ resource: RESOURCE, sessionId: opened.sessionId }, of, site.gateway.url);
      return await throughStream(make, { user: used.username, password: used.secret });
    };
    expect(await answer(token, own, own)).toBe('42');
    expect(await answer(other, others, others)).toBe('42');
    for (const used of [unbound, others]) expect(await answer(token, own, used)).toMatch(/was not accepted/);
    const bearer = await site.gateway.tokenOf(PERSON.username);
    expect(await answer(bearer, unbound, own)).toMatch(/was not accepted/);
  });
});

it('what is decided by the API is on record with the key that was proved for it', async () => {
  const api = site.gateway.apiWith(token);
  const { holdId } = await api.placeHold({ kind: 'resource', target: RESOURCE }, 'an audit');
  await (await site.gateway.apiFor(PERSON.username)).liftHold(holdId, 'over');
  const entries = await entriesOf(path.join(site.gateway.directory, 'data'));
  const [placed, lifted] = ['hold.placed', 'hold.lifted'].map((kind) => entries.find((entry) => entry.kind === kind));
  expect(placed).toMatchObject({ by: { binding: { kind: 'dpop', thumbprint: token.key.thumbprint } } });
  expect(lifted).toMatchObject({ by: { name: 'Ann' } });
  expect(lifted).not.toHaveProperty('by.binding');
});

it('a token of a key is no database password, and the client is told what to use', async () => {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: site.gateway.postgresPort,
    user: RESOURCE,
    database: RESOURCE,
    password: token.value,
    ssl: { ca },
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: '28000',
    message: expect.stringContaining('cannot be a database password'),
    hint: expect.stringContaining('sluice connect'),
  });
});
