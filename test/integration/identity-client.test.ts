import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_HTTP } from '../../agent-tunnel/src/client/https.ts';
import { agentToken, agentTokenOnBehalf } from '../../agent-tunnel/src/identity/agent-tokens.ts';
import type { IssuerFacts } from '../../agent-tunnel/src/identity/openid.ts';
import { renew, revoke } from '../../agent-tunnel/src/identity/renew.ts';
import { signInWithBrowser } from '../../agent-tunnel/src/identity/sign-in-with-browser.ts';
import { type DevicePrompt, signInWithDevice } from '../../agent-tunnel/src/identity/sign-in-with-device.ts';
import { type IdentityProvider, startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import { FormBrowser } from '../../gateway/src/demo/identity-provider-browser.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { TokenVerifier } from '../../gateway/src/identity/verify-token.ts';

const PERSON = { username: 'analyst', password: 'correct horse' };
const HTTP = { ...DEFAULT_HTTP, ca: null };

const PLATFORM = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What a platform gives its workload: a JWT for the issuer (RFC 7523, 3). */
function assertionOf(clientId: string, issuer: string, key: KeyObject): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, iat: now, exp: now + 60, jti: randomUUID() };
  const signed = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The person's browser, which follows the last redirect to the program that waits for it. */
async function answerInBrowser(address: URL): Promise<void> {
  const browser = new FormBrowser();
  await browser.submit(await browser.open(address.href), PERSON);
}

// An audience that is a URI travels as a resource indicator (RFC 8707), a plain word does not.
describe.each(['sluice', 'https://gateway.example.test/'])(
  'the clients’ sign-in, the provider and the gateway agree on audience %s',
  (audience) => {
    let idp: IdentityProvider;
    let facts: IssuerFacts;
    let verifier: TokenVerifier;
    const signal = AbortSignal.timeout(60_000);

    beforeAll(async () => {
      idp = await startIdentityProvider({
        port: 0,
        audience,
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

    const signIn = async () => {
      let answered: Promise<void> = Promise.resolve();
      const show = (address: URL) => {
        answered = answerInBrowser(address);
      };
      const tokens = await signInWithBrowser(facts, HTTP, { redirectPort: 0, show, signal, now: Date.now });
      await answered;
      return tokens;
    };

    test('in a browser', async () => {
      const tokens = await signIn();
      expect(tokens.name).toBe('Ana Lyst');
      expect(await chain(tokens.accessToken)).toEqual(['analyst']);
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

    test('on a device', async () => {
      const shown = Promise.withResolvers<DevicePrompt>();
      const signedIn = signInWithDevice(facts, HTTP, { show: shown.resolve, signal, now: Date.now });
      const { completeAddress } = await shown.promise;
      const browser = new FormBrowser();
      const confirm = await browser.submit(await browser.open(completeAddress ?? ''), {});
      await browser.submit(await browser.submit(confirm, {}), PERSON);
      expect(await chain((await signedIn).accessToken)).toEqual(['analyst']);
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
    });

    test('an agent for itself and on behalf of a person', async () => {
      const request = {
        facts: { ...facts, clientId: 'nightly-executor' },
        proof: { kind: 'secret', secret: 'executor-secret' } as const,
        now: Date.now,
      };
      expect(await chain((await agentToken(request, HTTP)).accessToken)).toEqual(['nightly-executor']);
      const { accessToken } = await signIn();
      expect(await chain((await agentTokenOnBehalf(request, accessToken, HTTP)).accessToken)).toEqual([
        'analyst',
        'nightly-executor',
      ]);
      const more = { ...request, facts: { ...request.facts, scopes: ['sluice', 'admin'] } };
      await expect(agentTokenOnBehalf(more, accessToken, HTTP)).rejects.toMatchObject({
        message: expect.stringContaining('invalid_scope'),
      });
    });
  },
);
