import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_HTTP } from '../client/https.ts';
import { type AgentRequest, agentToken } from './agent-tokens.ts';
import type { ProofSetting } from './binding.ts';
import { bindingOf } from './token-source.ts';

const HTTP = { ...DEFAULT_HTTP, ca: null };

/** An issuer that does what the test says; proofs as they came, undefined for a request without. */
let issuer: Server;
let origin: string;
let offers: readonly string[] | undefined;
let answer: (response: ServerResponse) => object;
let proofs: (string | undefined)[];

beforeEach(async () => {
  offers = ['RS256', 'ES256'];
  proofs = [];
  answer = () => ({ access_token: 'access', token_type: 'DPoP', expires_in: 60 });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/.well-known/') === true) {
      const metadata = { issuer: origin, token_endpoint: `${origin}/token`, dpop_signing_alg_values_supported: offers };
      response.end(JSON.stringify(metadata));
      return;
    }
    const { dpop } = request.headers;
    proofs.push(typeof dpop === 'string' ? dpop : undefined);
    response.end(JSON.stringify(answer(response)));
  };
  issuer = createServer(serve);
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const address = issuer.address();
  origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterEach(async () => {
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
});

function ask(setting: ProofSetting, binding: 'none' | 'accepted' | 'required' = 'accepted') {
  const request: AgentRequest = {
    facts: { issuer: origin, clientId: 'pod', audience: 'sluice', scopes: [], binding },
    proof: { kind: 'secret', secret: 'secret' },
    now: Date.now,
    binding: bindingOf(setting),
  };
  return agentToken(request, HTTP);
}

it.each<[ProofSetting, 'none' | 'accepted' | 'required', boolean, boolean]>([
  ['auto', 'accepted', true, true],
  ['auto', 'required', true, true],
  ['auto', 'none', true, false],
  ['auto', 'accepted', false, false],
  ['required', 'accepted', true, true],
  ['off', 'required', true, false],
])(
  '%s, a gateway that says %s, an issuer that offers it %s: bound %s',
  async (setting, binding, isOffered, isBound) => {
    if (!isOffered) offers = undefined;
    answer = () => ({ access_token: 'access', token_type: isBound ? 'DPoP' : 'Bearer', expires_in: 60 });
    expect((await ask(setting, binding)).key === null).toBe(!isBound);
    expect(proofs.map((proof) => proof !== undefined)).toEqual([isBound]);
  },
);

it.each<[string, () => void, 'none' | 'accepted', RegExp]>([
  ['the issuer does not offer it', () => void (offers = undefined), 'accepted', /does not offer DPoP/],
  ['the issuer offers other algorithms', () => void (offers = ['RS256']), 'accepted', /does not offer DPoP/],
  ['the gateway takes none', () => undefined, 'none', /the gateway accepts no tokens/],
  [
    'the issuer answers with a bearer token all the same',
    () => void (answer = () => ({ access_token: 'access', token_type: 'Bearer' })),
    'accepted',
    /answered a proof with a bearer token/,
  ],
])('required, and %s: there is no token', async (_name, change, binding, why) => {
  change();
  await expect(ask('required', binding)).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringMatching(why),
  });
});

it('an issuer that answers a proof with a bearer token gave a bearer token', async () => {
  answer = () => ({ access_token: 'access', token_type: 'Bearer' });
  expect(await ask('auto')).toMatchObject({ accessToken: 'access', key: null });
});

it('a nonce that is asked for is given, once: an issuer that asks again and again is not followed', async () => {
  answer = (response) => {
    response.statusCode = 400;
    response.setHeader('dpop-nonce', `nonce-${proofs.length}`);
    return { error: 'use_dpop_nonce' };
  };
  await expect(ask('required')).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  const nonces = proofs.map((proof) => {
    const claims: unknown = JSON.parse(Buffer.from(proof?.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'nonce' in claims ? claims.nonce : null;
  });
  expect(nonces).toEqual([null, 'nonce-1']);
});
