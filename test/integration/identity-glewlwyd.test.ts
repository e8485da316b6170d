import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { IssuerSettings } from '../../gateway/src/identity/issuer.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { TokenVerifier } from '../../gateway/src/identity/verify-token.ts';
import { Glewlwyd, isGlewlwydInstalled } from '../harness/glewlwyd.ts';

describe.skipIf(!isGlewlwydInstalled())('tokens of an OpenID Connect server that is not ours', () => {
  let server: Glewlwyd;
  let agentToken: string;

  beforeAll(async () => {
    server = await Glewlwyd.start();
    agentToken = await server.clientCredentials();
  });
  afterAll(() => server.stop());

  const verify = async (token: string, changes: Partial<IssuerSettings> = {}, laterMs = 0) => {
    const settings: IssuerSettings = {
      name: 'glewlwyd',
      issuer: server.issuer,
      audience: server.audience,
      claims: { groups: 'groups', agent: 'act' },
      algorithms: ['ES256'],
      tokenType: 'required',
      agents: [{ clientId: server.agentClientId, kind: 'agent', groups: ['executors'] }],
      ...changes,
    };
    const now = () => Date.now() + laterMs;
    const verifier = new TokenVerifier({ issuers: [settings], fetch, now, revocations: new Revocations() });
    const verification = await verifier.verify(token);
    return verification.kind === 'verified' ? verification.token : verification.error.code;
  };

  test('client credentials become the declared agent', async () => {
    const verified = await verify(agentToken);
    expect(verified).toMatchObject({
      principal: {
        id: `${server.issuer}|nightly-executor`,
        kind: 'agent',
        groups: ['executors'],
        onBehalfOfGroups: [],
      },
    });
    // Its scope, `sluice`, is not one of ours: they all have the prefix `sluice:`.
    expect(verified).not.toHaveProperty('principal.scopes');
  });

  test('code and PKCE become a person', async () => {
    expect(await verify(await server.authorizationCode())).toMatchObject({
      principal: { kind: 'user', chain: [{ kind: 'user' }] },
    });
  });

  const refusals: [string, Partial<IssuerSettings>, number, string][] = [
    ['for another audience', { audience: 'sluice-2' }, 0, 'AUTH_TOKEN_INVALID'],
    ['by another algorithm', { algorithms: ['RS256', 'ES384'] }, 0, 'AUTH_TOKEN_INVALID'],
    ['after its time', {}, 3_600_000, 'AUTH_TOKEN_EXPIRED'],
    ['before its time', {}, -3_600_000, 'AUTH_TOKEN_INVALID'],
  ];
  it.each(refusals)('a genuine token is refused %s', async (_name, changes, laterMs, code) => {
    expect(await verify(agentToken, changes, laterMs)).toBe(code);
  });

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const read = (text: string | undefined) =>
    JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  const mutations: [string, (header: Record<string, unknown>, claims: Record<string, unknown>) => object[]][] = [
    ['another subject', (header, claims) => [header, { ...claims, sub: 'admin' }]],
    ['a later expiry', (header, claims) => [header, { ...claims, exp: Number(claims['exp']) + 3_600 }]],
    ['an actor added', (header, claims) => [header, { ...claims, act: { sub: 'admin' } }]],
    ['alg none', (header, claims) => [{ ...header, alg: 'none' }, claims]],
    ['another kid', (header, claims) => [{ ...header, kid: 'other' }, claims]],
    ['no kid and another type', (header, claims) => [{ alg: header['alg'], typ: 'JWT' }, claims]],
    ['a jku header', (header, claims) => [{ ...header, jku: 'https://evil.example.test/jwks' }, claims]],
  ];
  it.each(mutations)('a genuine token is refused with %s', async (_name, mutate) => {
    const [header, payload, signature] = agentToken.split('.');
    const [newHeader, newClaims] = mutate(read(header), read(payload));
    expect(await verify(`${part(newHeader ?? {})}.${part(newClaims ?? {})}.${signature}`)).toBe('AUTH_TOKEN_INVALID');
  });
});
