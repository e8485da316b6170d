import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import {
  type ClientAuthentication,
  clientCredentials,
  exchange,
  type TokenSet,
} from '../../gateway/src/demo/identity-provider-client.ts';
import { claimsOf, DemoIdentity, EXECUTOR, PLANNER } from '../harness/demo-identity.ts';

let demo: DemoIdentity;
beforeAll(async () => {
  demo = await DemoIdentity.start();
});
afterAll(() => demo.stop());

test('an agent gets a token for itself, with a secret or with its key', async () => {
  const own = await demo.verified((await clientCredentials({ issuer: demo.idp.issuer, client: PLANNER })).accessToken);
  expect(own.principal).toMatchObject({
    id: `${demo.idp.issuer}|nightly-planner`,
    kind: 'agent',
    groups: ['planners'],
    onBehalfOfGroups: [],
  });
  const service = await demo.verified(
    (await clientCredentials({ issuer: demo.idp.issuer, client: demo.backup })).accessToken,
  );
  expect(service.principal).toMatchObject({ kind: 'service', groups: [] });
});

test('a wrong secret or another key gets nothing', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const wrong: ClientAuthentication[] = [
    { kind: 'secret', clientId: 'nightly-planner', clientSecret: 'wrong' },
    { kind: 'secret', clientId: 'sluice', clientSecret: 'x' },
    { kind: 'private-key', clientId: 'backup', privateKey, algorithm: 'ES256' },
  ];
  for (const client of wrong) {
    await expect(clientCredentials({ issuer: demo.idp.issuer, client })).rejects.toMatchObject({
      error: 'invalid_client',
    });
  }
});

test('exchange makes the agent act for the person, and a second hop keeps the first', async () => {
  const analyst = await demo.signIn();
  const direct = await exchange({
    issuer: demo.idp.issuer,
    client: EXECUTOR,
    subjectToken: analyst.accessToken,
    audience: 'sluice',
  });
  expect(await demo.chainNames(direct.accessToken)).toEqual(['analyst', 'nightly-executor']);
  const first = await exchange({ issuer: demo.idp.issuer, client: PLANNER, subjectToken: analyst.accessToken });
  const second = await exchange({ issuer: demo.idp.issuer, client: EXECUTOR, subjectToken: first.accessToken });
  expect(await demo.chainNames(second.accessToken)).toEqual(['analyst', 'nightly-planner', 'nightly-executor']);
  expect((await demo.verified(second.accessToken)).principal).toMatchObject({
    id: `${demo.idp.issuer}|nightly-executor`,
    onBehalfOfGroups: ['analysts'],
  });
});

test('a planner’s own token can be carried on by the executor', async () => {
  const own = await clientCredentials({ issuer: demo.idp.issuer, client: PLANNER });
  const carried = await exchange({ issuer: demo.idp.issuer, client: EXECUTOR, subjectToken: own.accessToken });
  expect(await demo.chainNames(carried.accessToken)).toEqual(['nightly-planner', 'nightly-executor']);
  expect((await demo.verified(carried.accessToken)).principal.onBehalfOfGroups).toEqual([]);
});

test('a chain that grew longer than the gateway accepts is refused by the gateway', async () => {
  let token = (await demo.signIn()).accessToken;
  for (const client of [PLANNER, EXECUTOR, PLANNER])
    token = (await exchange({ issuer: demo.idp.issuer, client, subjectToken: token })).accessToken;
  expect(await demo.chainNames(token)).toHaveLength(4);
  token = (await exchange({ issuer: demo.idp.issuer, client: EXECUTOR, subjectToken: token })).accessToken;
  expect(await demo.verifier.verify(token)).toMatchObject({ kind: 'refused' });
});

test('a delegated token ends no later than the one it comes from', async () => {
  const analyst = await demo.signIn();
  const delegated = await exchange({ issuer: demo.idp.issuer, client: EXECUTOR, subjectToken: analyst.accessToken });
  expect(claimsOf(delegated.accessToken)['exp']).toBeLessThanOrEqual(Number(claimsOf(analyst.accessToken)['exp']));
});

const refusals: [string, () => Promise<TokenSet>, string][] = [
  [
    'for a person it may not act for',
    async () =>
      exchange({
        issuer: demo.idp.issuer,
        client: EXECUTOR,
        subjectToken: (await demo.signIn('admin', 'battery staple')).accessToken,
      }),
    'invalid_grant',
  ],
  [
    'by an agent that may act for nobody',
    async () =>
      exchange({ issuer: demo.idp.issuer, client: demo.backup, subjectToken: (await demo.signIn()).accessToken }),
    'invalid_grant',
  ],
  [
    'of an ID token',
    async () =>
      exchange({ issuer: demo.idp.issuer, client: EXECUTOR, subjectToken: (await demo.signIn()).idToken ?? '' }),
    'invalid_grant',
  ],
  [
    'of a forged token',
    async () =>
      exchange({
        issuer: demo.idp.issuer,
        client: EXECUTOR,
        subjectToken: `${(await demo.signIn()).accessToken.slice(0, -20)}${'A'.repeat(20)}`,
      }),
    'invalid_grant',
  ],
  [
    'for another audience',
    async () =>
      exchange({
        issuer: demo.idp.issuer,
        client: EXECUTOR,
        subjectToken: (await demo.signIn()).accessToken,
        audience: 'other',
      }),
    'invalid_target',
  ],
];
it.each(refusals)('exchange is refused %s', async (_name, attempt, error) => {
  await expect(attempt()).rejects.toMatchObject({ error });
});

test('nothing of all this was printed, and the provider met no defect of its own', () => {
  expect(demo.printed()).toEqual([]);
  expect(demo.errors).toEqual([]);
});
