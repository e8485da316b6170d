import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { agentToken, agentTokenOnBehalf } from '../../agent-tunnel/src/identity/agent-tokens.ts';
import { confinedTo } from '../../agent-tunnel/src/identity/asked-scopes.ts';
import type { Binding } from '../../agent-tunnel/src/identity/binding.ts';
import type { IssuerFacts } from '../../agent-tunnel/src/identity/openid.ts';
import { ProofKey, StoredProofKeySchema } from '../../agent-tunnel/src/identity/proof-key.ts';
import { renew, revoke } from '../../agent-tunnel/src/identity/renew.ts';
import { signInWithBrowser } from '../../agent-tunnel/src/identity/sign-in-with-browser.ts';
import { type DevicePrompt, signInWithDevice } from '../../agent-tunnel/src/identity/sign-in-with-device.ts';
import { bindingOf } from '../../agent-tunnel/src/identity/token-source.ts';
import { type IdentityProvider, startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { TokenVerifier } from '../../gateway/src/identity/verify-token.ts';
import { claimsOf } from '../harness/demo-identity.ts';

const PERSON = { username: 'analyst', password: 'correct horse' };
const HTTP = { ...DEFAULT_HTTP, ca: null };

const EXECUTOR_PROOF = { kind: 'secret', secret: 'executor-secret' } as const;
const PLATFORM = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What a platform gives its workload: a JWT for the issuer (RFC 7523, 3). */
function assertionOf(clientId: string, issuer: string, key: KeyObject): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, iat: now, exp: now + 60, jti: randomUUID() };
  const signed = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** What a token says that it is bound to. */
const confirmationOf = (token: string) => claimsOf(token)['cnf'];

/** The person's browser, which follows the last redirect to the program that waits for it. */
async function answerInBrowser(address: URL): Promise<void> {
  const browser = new FormBrowser();
  await browser.submit(await browser.open(address.href), PERSON);
}

// An audience that is a URI travels as a resource indicator (RFC 8707), a plain word does not.
// The second provider asks for nonces in proofs (RFC 9449, 8).
describe.each([
  ['sluice', false],
  ['https://gateway.example.test/', true],
] as const)('the clients’ sign-in, the provider and the gateway agree on audience %s', (audience, asksForNonces) => {
  let idp: IdentityProvider;
  let facts: IssuerFacts;
  let verifier: TokenVerifier;
  const signal = AbortSignal.timeout(60_000);

  beforeAll(async () => {
    idp = await startIdentityProvider({
      port: 0,
      audience,
      asksForNonces,
      principals: {
        users: [{ ...PERSON, name: 'Ana Lyst', email: 'ana@corp.test', groups: ['analysts'] }],
        agents: [
          {
            clientId: 'nightly-executor',
            groups: ['executors'],
            authentication: { kind: 'secret', clientSecret: 'executor-secret' },
            mayActFor: ['analyst'],
          },
          {
            clientId: 'pod',
            groups: [],
            authentication: {
              kind: 'private-key',
              publicKey: { ...PLATFORM.publicKey.export({ format: 'jwk' }), alg: 'ES256' },
            },
            mayActFor: [],
          },
        ],
      },
    });
    facts = { issuer: idp.issuer, clientId: idp.clientId, audience, scopes: idp.scopes };
    const revocations = new Revocations();
    const agents = [
      { clientId: 'nightly-executor', kind: 'agent' },
      { clientId: 'pod', kind: 'agent' },
    ] as const;
    const settings = {
      name: 'demo',
      issuer: idp.issuer,
      audience,
      claims: { groups: 'groups', agent: 'act' },
      algorithms: ['ES256'],
      tokenType: 'required',
      agents,
    } as const;
    verifier = new TokenVerifier({ issuers: [settings], fetch, now: Date.now, revocations });
  });
  afterAll(() => idp.close());

  const chain = async (accessToken: string) => {
    const verification = await verifier.verify(accessToken);
    return verification.kind === 'verified'
      ? verification.token.principal.chain.map(({ id }) => id.split('|')[1])
      : verification.error.message;
  };

  const bindable = (): IssuerFacts => ({ ...facts, binding: 'accepted' });
  const executor = (): IssuerFacts => ({ ...facts, clientId: 'nightly-executor' });

  const scopesOf = async (accessToken: string) => {
    const verification = await verifier.verify(accessToken);
    return verification.kind === 'verified' ? verification.token.principal.scopes : verification.error.message;
  };

  const signIn = async (binding?: Binding, asking = facts) => {
    let answered: Promise<void> = Promise.resolve();
    const show = (address: URL) => {
      answered = answerInBrowser(address);
    };
    const means = { redirectPort: 0, show, signal, now: Date.now };
    const tokens = await (binding === undefined
      ? signInWithBrowser(asking, HTTP, means)
      : signInWithBrowser(bindable(), HTTP, { ...means, binding }));
    await answered;
    return tokens;
  };

  test('in a browser', async () => {
    const tokens = await signIn();
    expect(tokens.name).toBe('Ana Lyst');
    expect(await chain(tokens.accessToken)).toEqual(['analyst']);
  });

  test('bound to a key, which the refresh token is bound to as well', async () => {
    const binding = bindingOf('required');
    const { accessToken, key, refreshToken } = await signIn(binding);
    const { thumbprint } = await binding.key();
    expect([key?.thumbprint, confirmationOf(accessToken)]).toEqual([thumbprint, { jkt: thumbprint }]);
    for (const other of [null, await ProofKey.make()])
      await expect(renew(bindable(), refreshToken ?? '', HTTP, Date.now, other)).rejects.toMatchObject({
        code: 'AUTH_TOKEN_EXPIRED',
      });
  });

  test('bound to a key and renewed', async () => {
    const { key, refreshToken } = await signIn(bindingOf('required'));
    const stored = await ProofKey.from(StoredProofKeySchema.parse(JSON.parse(JSON.stringify(key?.stored))));
    const renewed = await renew(bindable(), refreshToken ?? '', HTTP, Date.now, stored);
    expect(confirmationOf(renewed.accessToken)).toEqual({ jkt: key?.thumbprint });
    expect(renewed.key).toBe(stored);
  });

  test('with bearer tokens where the gateway takes no others, or they are turned off', async () => {
    const { accessToken, key } = await signIn(bindingOf('off'));
    expect([key, confirmationOf(accessToken)]).toEqual([null, undefined]);
    const request = { facts: executor(), proof: EXECUTOR_PROOF, now: Date.now };
    const plain = await agentToken({ ...request, binding: bindingOf('auto') }, HTTP);
    expect([plain.key, confirmationOf(plain.accessToken)]).toEqual([null, undefined]);
    await expect(agentToken({ ...request, binding: bindingOf('required') }, HTTP)).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('the gateway accepts no tokens'),
    });
  });

  test('renewed, and ended by revocation', async () => {
    const { refreshToken } = await signIn();
    const renewed = await renew(facts, refreshToken ?? '', HTTP, Date.now);
    expect(await chain(renewed.accessToken)).toEqual(['analyst']);
    await revoke(facts, renewed.refreshToken ?? '', HTTP);
    await expect(renew(facts, renewed.refreshToken ?? '', HTTP, Date.now)).rejects.toMatchObject({
      code: 'AUTH_TOKEN_EXPIRED',
    });
  });

  // Seconds between two questions: bound where it is the harder, with nonces.
  test('confined to less than was signed in for, and to no more', async () => {
    const wide = { ...facts, scopes: [...facts.scopes, 'sluice:read', 'sluice:plan'] };
    const tokens = await signIn(undefined, wide);
    expect(await scopesOf(tokens.accessToken)).toEqual(['sluice:plan', 'sluice:read']);
    const less = await renew(wide, tokens.refreshToken ?? '', HTTP, Date.now, null, ['sluice:read']);
    expect(await scopesOf(less.accessToken)).toEqual(['sluice:read']);
    // The sign-in itself is as wide as it was.
    const again = await renew(wide, less.refreshToken ?? '', HTTP, Date.now);
    expect(await scopesOf(again.accessToken)).toEqual(['sluice:plan', 'sluice:read']);
    await expect(renew(wide, again.refreshToken ?? '', HTTP, Date.now, null, ['sluice:change'])).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining('invalid_scope'),
    });
  });

  test('an agent on behalf of somebody gets no more than they have', async () => {
    const person = await signIn(undefined, { ...facts, scopes: [...facts.scopes, 'sluice:write'] });
    const asking = async (...scopes: string[]) => {
      const request = {
        facts: confinedTo(executor(), scopes),
        proof: { kind: 'secret', secret: 'executor-secret' } as const,
        now: Date.now,
      };
      return await scopesOf((await agentTokenOnBehalf(request, person.accessToken, HTTP)).accessToken);
    };
    expect(await asking('sluice:read')).toEqual(['sluice:read']);
    for (const scopes of [['sluice:change'], ['sluice:read', 'sluice:approve'], []])
      await expect(asking(...scopes)).rejects.toMatchObject({ message: expect.stringContaining('invalid_scope') });
  });

  test('on a device', async () => {
    const binding = asksForNonces ? bindingOf('required') : undefined;
    const shown = Promise.withResolvers<DevicePrompt>();
    const means = { show: shown.resolve, signal, now: Date.now };
    const signedIn = signInWithDevice(bindable(), HTTP, binding === undefined ? means : { ...means, binding });
    const { completeAddress } = await shown.promise;
    const browser = new FormBrowser();
    const confirm = await browser.submit(await browser.open(completeAddress ?? ''), {});
    await browser.submit(await browser.submit(confirm, {}), PERSON);
    const { accessToken, key } = await signedIn;
    if (binding === undefined) expect(await chain(accessToken)).toEqual(['analyst']);
    expect(confirmationOf(accessToken)).toEqual(key === null ? undefined : { jkt: key.thumbprint });
    expect(key?.thumbprint).toBe((await binding?.key())?.thumbprint);
  });

  test('an agent with the token of its platform, and no secret', async () => {
    const request = (assertion: string) => ({
      facts: { ...facts, clientId: 'pod' },
      proof: { kind: 'assertion', assertion } as const,
      now: Date.now,
    });
    const { accessToken } = await agentToken(request(assertionOf('pod', facts.issuer, PLATFORM.privateKey)), HTTP);
    expect(await chain(accessToken)).toEqual(['pod']);
    const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await expect(agentToken(request(assertionOf('pod', facts.issuer, foreign)), HTTP)).rejects.toMatchObject({
      code: 'AUTH_FAILED',
    });
    const binding = bindingOf('required');
    const bound = async () => {
      const asked = request(assertionOf('pod', facts.issuer, PLATFORM.privateKey));
      return await agentToken({ ...asked, facts: { ...bindable(), clientId: 'pod' }, binding }, HTTP);
    };
    // The library asks again with the nonce, and this issuer takes an assertion once. The platform's next one is taken.
    if (asksForNonces) await expect(bound()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    const { key, accessToken: own } = await bound();
    expect(confirmationOf(own)).toEqual({ jkt: key?.thumbprint });
  });

  test('an agent for itself and on behalf of a person', async () => {
    const request = { facts: executor(), proof: EXECUTOR_PROOF, now: Date.now };
    expect(await chain((await agentToken(request, HTTP)).accessToken)).toEqual(['nightly-executor']);
    const { accessToken } = await signIn();
    expect(await chain((await agentTokenOnBehalf(request, accessToken, HTTP)).accessToken)).toEqual([
      'analyst',
      'nightly-executor',
    ]);
    // The person's token is bound to the person's key; what the agent gets for it, to the agent's.
    const person = await signIn(bindingOf('required'));
    const binding = bindingOf('required');
    const bound = { ...request, facts: { ...bindable(), clientId: 'nightly-executor' }, binding };
    const exchanged = await agentTokenOnBehalf(bound, person.accessToken, HTTP);
    expect(confirmationOf(exchanged.accessToken)).toEqual({ jkt: (await binding.key()).thumbprint });
    expect(confirmationOf(person.accessToken)).not.toEqual(confirmationOf(exchanged.accessToken));
    const more = { ...request, facts: { ...request.facts, scopes: ['sluice', 'admin'] } };
    await expect(agentTokenOnBehalf(more, accessToken, HTTP)).rejects.toMatchObject({
      message: expect.stringContaining('invalid_scope'),
    });
  });
});
