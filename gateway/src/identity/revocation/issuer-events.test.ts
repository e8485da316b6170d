import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../config/secret.ts';
import type { Entry } from '../../evidence/entry.ts';
import { openStore, type Store } from '../../store/store.ts';
import { FakeIssuer } from '../fake-issuer.ts';
import { Revocations } from '../revocations.ts';
import { SigningKeys } from '../signing-keys.ts';
import { IssuerEvents } from './issuer-events.ts';
import { BACKCHANNEL_LOGOUT } from './logout-token.ts';
import { readMarks } from './revocation-rows.ts';
import { Revoker } from './revoke.ts';
import { MAX_SEEN_EVENTS, SeenEvents } from './seen-events.ts';

let directory: string;
let store: Store;
let issuer: FakeIssuer;
let revocations: Revocations;
let entries: Entry[];
let outcomes: string[];
let isWritable: boolean;
let events: IssuerEvents;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-events-'));
  store = await openStore({ sqlite: join(directory, 'store.db') });
  issuer = await FakeIssuer.create();
  revocations = new Revocations();
  [entries, outcomes, isWritable] = [[], [], true];
  const log = {
    append: async (entry: Entry) => {
      if (!isWritable) throw new SluiceError('EVIDENCE_UNWRITABLE', 'the disk is full');
      return entries.push(entry);
    },
  };
  const revoker = new Revoker({
    ...{ revocations, store, log, now: issuer.now },
    liveSessions: () => [],
    countSecrets: () => 0,
    voidGrants: async () => undefined,
    observe: { revoked: () => undefined },
  });
  const keys = new SigningKeys({ issuer: issuer.url, fetch: issuer.fetch, now: issuer.now });
  const transmitter = { issuer: issuer.url, audience: 'sluice', algorithms: ['ES256'], keys };
  events = new IssuerEvents({
    ...{ revoker, now: issuer.now, record: log, log: () => undefined },
    issuers: [
      {
        ...{ settings: issuer.settings(), keys, clientId: 'client' },
        transmitter: { ...transmitter, bearer: () => Promise.resolve(new Secret('push-secret')) },
      },
    ],
    observe: { issuerEvent: (outcome) => outcomes.push(outcome) },
  });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const logoutToken = (jti = 'e1') =>
  issuer.sign(
    {
      ...{ aud: 'client', client_id: undefined, jti, exp: Math.floor(issuer.nowMs / 1000) + 60 },
      events: { [BACKCHANNEL_LOGOUT]: {} },
    },
    { typ: 'logout+jwt' },
  );
const eventToken = (uri: string) =>
  issuer.sign(
    {
      ...{ jti: 'e1', events: { [uri]: {} }, sub_id: { format: 'iss_sub', iss: issuer.url, sub: 'analyst' } },
      ...{ exp: undefined, sub: undefined, client_id: undefined },
    } as Record<string, unknown>,
    { typ: 'secevent+jwt' },
  );
const isRevoked = () =>
  revocations.isRevoked({
    principal: { chain: [{ id: `${issuer.url}|analyst` }] },
    signIn: { id: null, issuedAtMs: issuer.nowMs },
  });

test('a logout token is taken once', async () => {
  const token = await logoutToken();
  await events.logout('company', token);
  await expect(events.logout('company', token)).rejects.toMatchObject({ refusal: 'invalid_request' });
  expect(isRevoked()).toBe(true);
  expect(entries).toHaveLength(1);
  expect(outcomes).toEqual(['taken', 'refused']);
});

test('a logout that cannot be recorded counts all the same, and can be told again', async () => {
  const token = await logoutToken();
  isWritable = false;
  await expect(events.logout('company', token)).rejects.toMatchObject({ code: 'EVIDENCE_UNWRITABLE' });
  expect(isRevoked()).toBe(true);
  expect(await readMarks(store)).toHaveLength(1);
  isWritable = true;
  await events.logout('company', token);
  expect(entries).toHaveLength(1);
});

test('a security event is acknowledged again, and does nothing again', async () => {
  const token = await eventToken('https://schemas.openid.net/secevent/risc/event-type/account-disabled');
  await events.push('company', 'push-secret', token);
  await events.push('company', 'push-secret', token);
  expect(entries).toMatchObject([{ kind: 'identity.revoked', subject: `${issuer.url}|analyst`, eventId: 'e1' }]);
  expect(outcomes).toEqual(['taken', 'ignored']);
});

test('an event for others ends nothing and is on record', async () => {
  await events.push('company', 'push-secret', await eventToken('https://example.test/event'));
  expect(isRevoked()).toBe(false);
  expect(entries).toEqual([
    { kind: 'identity.event-ignored', issuer: 'company', events: ['https://example.test/event'], eventId: 'e1' },
  ]);
});

test.each([null, '', 'push-secre', 'push-secret2'])('nothing is taken from a transmitter with %j', async (bearer) => {
  const token = await eventToken('https://schemas.openid.net/secevent/risc/event-type/account-disabled');
  await expect(events.push('company', bearer, token)).rejects.toMatchObject({ refusal: 'authentication_failed' });
  expect(isRevoked()).toBe(false);
});

test('an issuer that there is not tells of nothing', async () => {
  await expect(events.logout('other', await logoutToken())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(events.push('other', 'push-secret', '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('no more events are remembered than the bound, the newest', () => {
  const seen = new SeenEvents();
  for (let id = 0; id <= MAX_SEEN_EVENTS; id += 1) expect(seen.take(String(id))).toBe(true);
  expect(seen.take('1')).toBe(false);
  expect(seen.take('0')).toBe(true);
});
