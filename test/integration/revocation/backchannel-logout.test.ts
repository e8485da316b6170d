/** Signing out at the identity provider ends what came of it at the gateway, with a real provider and real clients. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf, RESOURCE, RevocationSite, until } from './site.ts';

const REVOKED = { severity: 'FATAL', code: '57P01', message: expect.stringContaining('the sign-in was revoked') };
const HELD = 'INSERT INTO shop.notes SELECT ssn FROM shop.customers';

let site: RevocationSite;
beforeAll(async () => {
  site = await RevocationSite.start();
});
afterAll(() => site.stop());

test('whatever somebody does ends when they sign out, and others go on', async () => {
  const { gateway } = site;
  const bob = await site.connect(await gateway.apiFor('bob'));
  const { accessToken, browser } = await gateway.signIn('analyst');
  const api = gateway.apiWith(accessToken);
  const idle = await site.connect(api);
  const byToken = await site.connectAs(RESOURCE, accessToken);
  const busy = await site.connect(api);
  const asleep = errorOf(busy.client.query('SELECT pg_sleep(600)'));
  await until(async () => (await site.running('pg_sleep(600)')) === 1);
  const waiting = await site.connect(api);
  const held = errorOf(waiting.client.query(HELD));
  const dana = await gateway.apiFor('dana');
  await until(async () => (await dana.requests('pending')).length === 1);
  const minted = await api.mintSession(RESOURCE, 'later');

  await gateway.signOut(browser);

  for (const error of [await idle.ended, await byToken.ended, await asleep, await held])
    expect(error).toMatchObject(REVOKED);
  await until(async () => (await site.running('pg_sleep(600)')) === 0);
  expect(await site.server.admin('SELECT * FROM shop.notes', 'shop')).toEqual([]);
  await expect(api.whoami()).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  await expect(site.connectAs(RESOURCE, accessToken)).rejects.toMatchObject({ code: '28P01' });
  await expect(site.connectAs(minted.username, minted.secret)).rejects.toMatchObject({ code: '28P01' });
  expect((await bob.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await bob.client.end();

  const [revoked] = await site.entries('identity.revoked');
  expect(revoked).toMatchObject({
    ...{ issuer: 'test', events: ['backchannel-logout'], subject: `${gateway.issuer}|analyst` },
    ...{ sessionCount: 4, secretCount: 4, eventId: expect.any(String) },
  });
  // A client is told before its end is on record.
  const ended = async () =>
    (await site.entries('session.closed'))
      .filter(({ reason }) => reason.includes('the sign-in was revoked: signed out'))
      .map(({ sessionId }) => sessionId);
  await until(async () => (await ended()).length === 4);
  expect(new Set(await ended())).toEqual(new Set(revoked?.sessions));
});

test('agents end with the person for whom they act, however long the chain', async () => {
  const { gateway } = site;
  const { accessToken, browser } = await gateway.signIn('carol');
  const executor = await site.connect(await site.agents(accessToken, 'planner', 'executor'));
  await gateway.signOut(browser);
  expect(await executor.ended).toMatchObject(REVOKED);
});

test('the other sign-ins of the same person go on', async () => {
  const { gateway } = site;
  const [first, second] = [await gateway.signIn('dave'), await gateway.signIn('dave')];
  const ending = await site.connect(gateway.apiWith(first.accessToken));
  const staying = await site.connect(gateway.apiWith(second.accessToken));
  await gateway.signOut(first.browser);
  expect(await ending.ended).toMatchObject(REVOKED);
  expect((await staying.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await staying.client.end();
});

test('a restart forgets nothing, and a new sign-in is good', async () => {
  const { gateway } = site;
  const { accessToken, browser } = await gateway.signIn('erin');
  const agents = await site.agents(accessToken, 'executor');
  await gateway.signOut(browser);
  await gateway.end('SIGKILL');
  await gateway.restart();
  for (const api of [gateway.apiWith(accessToken), agents])
    await expect(api.whoami()).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID' });
  const again = await site.connect(await gateway.apiFor('erin'));
  expect((await again.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await again.client.end();
});
