import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Principal } from '@sluice/contract/vocabulary';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { Secret } from '../config/secret.ts';
import { revoke } from './revocation/revoke.fixture.ts';
import { Revocations } from './revocations.ts';
import {
  isSessionId,
  MAX_CANDIDATES,
  MAX_GRACE_MS,
  MAX_LIFETIME_MS,
  MAX_SECRETS,
  MAX_SECRETS_PER_PRINCIPAL,
  type SecretEnded,
  type SessionSecretSettings,
  SessionSecrets,
  SWEEP_INTERVAL_MS,
} from './session-secrets.ts';
import type { VerifiedToken } from './verify-token.ts';

const HOUR_MS = 3_600_000;
let nowMs: number;
let due: { run: () => void; delayMs: number }[];
let revocations: Revocations;
let secrets: SessionSecrets;
let ended: SecretEnded[];

const SETTINGS = { lifetimeMs: 8 * HOUR_MS, graceMs: 60_000, maxSecrets: MAX_SECRETS };

function make(settings: SessionSecretSettings = SETTINGS): SessionSecrets {
  return new SessionSecrets({
    now: () => nowMs,
    randomBytes,
    schedule: (delayMs, run) => {
      const timer = { run, delayMs };
      due.push(timer);
      return () => {
        due = due.filter((other) => other !== timer);
      };
    },
    revocations,
    settings,
  });
}

/** Lets the sweep run that is due after the interval. */
function passSweepInterval(): void {
  nowMs += SWEEP_INTERVAL_MS;
  for (const { run } of due.splice(0)) run();
}

function token(subject = 'ana', ...actors: string[]): VerifiedToken {
  const chain = [subject, ...actors].map((name) => ({ id: `i|${name}`, kind: 'user' as const, name }));
  const principal: Principal = {
    ...(chain.at(-1) ?? { id: '', kind: 'user', name: '' }),
    groups: [],
    chain,
    onBehalfOfGroups: [],
  };
  return {
    principal,
    issuer: 'company',
    signIn: { id: null, issuedAtMs: nowMs },
    expiresAtMs: nowMs + HOUR_MS,
  };
}

beforeEach(() => {
  nowMs = 1_000_000;
  due = [];
  ended = [];
  revocations = new Revocations();
  secrets = make();
  secrets.onEnded((event) => ended.push(event));
});

test('a secret has 128 bits and a session id that fits into a user name', async () => {
  const { sessionId, secret } = await secrets.mint({ token: token(), resource: 'orders-db' });
  expect(Buffer.from(secret, 'base64url')).toHaveLength(16);
  expect(sessionId).toMatch(/^s_[a-z2-7]{16}$/);
  expect(isSessionId(sessionId)).toBe(true);
});

test('a verifier is what RFC 5802 computes from the secret, and the secret itself is kept nowhere', async () => {
  const { sessionId, secret } = await secrets.mint({ token: token(), resource: 'orders-db' });
  const { salt, iterations, candidates } = secrets.candidates('orders-db', sessionId);
  const salted = pbkdf2Sync(secret, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  expect(iterations).toBe(4096);
  expect(candidates).toEqual([
    {
      id: sessionId,
      storedKey: createHash('sha256').update(clientKey).digest(),
      serverKey: createHmac('sha256', salted).update('Server Key').digest(),
    },
  ]);
  expect(JSON.stringify([secrets.find(sessionId), candidates])).not.toContain(secret);
});

test('a secret opens its own resource only', async () => {
  const { sessionId, secret } = await secrets.mint({ token: token(), resource: 'orders-db' });
  expect(await secrets.verifyCleartext('orders-db', sessionId, secret)).toMatchObject({
    sessionId,
    resource: 'orders-db',
  });
  expect(await secrets.verifyCleartext('orders-db', null, secret)).toMatchObject({ sessionId });
  expect(await secrets.verifyCleartext('other-db', sessionId, secret)).toBeNull();
  expect(secrets.candidates('other-db', sessionId).candidates).toEqual([]);
});

test('a secret is not accepted under the session id of another', async () => {
  const one = await secrets.mint({ token: token('ana'), resource: 'orders-db' });
  const two = await secrets.mint({ token: token('bob'), resource: 'orders-db' });
  expect(await secrets.verifyCleartext('orders-db', two.sessionId, one.secret)).toBeNull();
  expect(await secrets.verifyCleartext('orders-db', null, one.secret)).toMatchObject({ principal: { id: 'i|ana' } });
});

test('unknown resources and sessions get the same salt as known ones', async () => {
  await secrets.mint({ token: token(), resource: 'orders-db' });
  expect(secrets.candidates('nothing', null).salt).toEqual(secrets.candidates('orders-db', null).salt);
});

describe('expiry', () => {
  const rows: [string, Partial<SessionSecretSettings>, number][] = [
    ['its own lifetime', { lifetimeMs: 1_000, graceMs: 0 }, 1_000],
    ['the token and the grace', { lifetimeMs: 8 * HOUR_MS, graceMs: 60_000 }, HOUR_MS + 60_000],
    ['the token alone', { lifetimeMs: 8 * HOUR_MS, graceMs: 0 }, HOUR_MS],
  ];
  it.each(rows)('bounded by %s', async (_name, settings, lifeMs) => {
    expect((await make({ ...SETTINGS, ...settings }).mint({ token: token(), resource: 'r' })).expiresAtMs).toBe(
      nowMs + lifeMs,
    );
  });

  test('an expired secret is refused at once and its sessions hear of it at the next sweep', async () => {
    const { sessionId, secret, expiresAtMs } = await secrets.mint({ token: token(), resource: 'orders-db' });
    nowMs = expiresAtMs - 1;
    expect(await secrets.verifyCleartext('orders-db', sessionId, secret)).not.toBeNull();
    nowMs = expiresAtMs;
    expect(await secrets.verifyCleartext('orders-db', sessionId, secret)).toBeNull();
    expect(secrets.find(sessionId)).toBeNull();
    expect(secrets.candidates('orders-db', null).candidates).toEqual([]);
    passSweepInterval();
    expect(ended).toMatchObject([{ sessionId, reason: 'expired' }]);
    expect(secrets.size).toBe(0);
  });

  test('there is a timer only while there are secrets, and none after closing', async () => {
    expect(due).toEqual([]);
    await secrets.mint({ token: token(), resource: 'r' });
    await secrets.mint({ token: token(), resource: 'r' });
    expect(due).toHaveLength(1);
    passSweepInterval();
    expect(due).toHaveLength(1);
    secrets.close();
    expect(due).toEqual([]);
  });

  test('a life beyond the bound cannot be configured', () => {
    make({ ...SETTINGS, lifetimeMs: MAX_LIFETIME_MS, graceMs: MAX_GRACE_MS });
    expect(() => make({ ...SETTINGS, lifetimeMs: MAX_LIFETIME_MS + 1, graceMs: 0 })).toThrow(/at most/);
    expect(() => make({ ...SETTINGS, lifetimeMs: 1, graceMs: MAX_GRACE_MS + 1 })).toThrow(/at most/);
    expect(() => make({ ...SETTINGS, maxSecrets: MAX_SECRETS + 1 })).toThrow(/at most/);
    expect(() => make({ ...SETTINGS, lifetimeMs: Number.NaN, graceMs: 0 })).toThrow(/at most/);
  });
});

describe('renewal', () => {
  test('a newer token of the same principal lets the same secret live on, up to its lifetime', async () => {
    const { sessionId, secret, expiresAtMs } = await secrets.mint({ token: token(), resource: 'orders-db' });
    nowMs = expiresAtMs - 1;
    expect(secrets.renew(sessionId, token())).toBe(nowMs + HOUR_MS + 60_000);
    nowMs = expiresAtMs + 1;
    passSweepInterval();
    expect(ended).toEqual([]);
    expect(await secrets.verifyCleartext('orders-db', sessionId, secret)).not.toBeNull();
    const { endsAtMs } = { endsAtMs: 1_000_000 + 8 * HOUR_MS };
    for (let hour = 0; hour < 9; hour += 1) {
      nowMs = Math.min(nowMs + HOUR_MS, endsAtMs - 1);
      expect(secrets.renew(sessionId, token())).toBeLessThanOrEqual(endsAtMs);
    }
    nowMs = endsAtMs;
    expect(() => secrets.renew(sessionId, token())).toThrow(expect.objectContaining({ code: 'SESSION_ENDED' }));
  });

  test('a shorter token takes nothing away', async () => {
    const { sessionId, expiresAtMs } = await secrets.mint({ token: token(), resource: 'r' });
    expect(secrets.renew(sessionId, { ...token(), expiresAtMs: nowMs + 1 })).toBe(expiresAtMs);
  });

  test('of somebody else, of another chain, of other groups, of an ended or unknown one is refused', async () => {
    const { sessionId } = await secrets.mint({ token: token('ana', 'executor'), resource: 'r' });
    const own = token('ana', 'executor');
    const others = [
      token('bob', 'executor'),
      token('executor'),
      token('ana'),
      { ...own, principal: { ...own.principal, groups: ['admins'] } },
      { ...own, principal: { ...own.principal, onBehalfOfGroups: ['admins'] } },
    ];
    for (const other of others)
      expect(() => secrets.renew(sessionId, other)).toThrow(expect.objectContaining({ code: 'SESSION_ENDED' }));
    secrets.revoke(sessionId);
    expect(() => secrets.renew(sessionId, own)).toThrow(expect.objectContaining({ code: 'SESSION_ENDED' }));
    expect(() => secrets.renew('s_unknown', own)).toThrow(expect.objectContaining({ code: 'SESSION_ENDED' }));
  });
});

describe('revocation', () => {
  test('a revoked secret is refused and reported once', async () => {
    const { sessionId, secret } = await secrets.mint({ token: token(), resource: 'orders-db' });
    expect(secrets.revoke(sessionId)).toBe(true);
    expect(secrets.revoke(sessionId)).toBe(false);
    expect(await secrets.verifyCleartext('orders-db', null, secret)).toBeNull();
    expect(ended).toMatchObject([{ sessionId, reason: 'revoked' }]);
  });

  test('revoking a person ends the secrets of the agents that act for them, and no others', async () => {
    const direct = await secrets.mint({ token: token('ana'), resource: 'r' });
    const delegated = await secrets.mint({ token: token('ana', 'executor'), resource: 'r' });
    const other = await secrets.mint({ token: token('bob', 'executor'), resource: 'r' });
    revoke(revocations, 'i|ana', nowMs);
    expect(ended.map(({ sessionId }) => sessionId)).toEqual([direct.sessionId, delegated.sessionId]);
    expect(secrets.find(other.sessionId)).not.toBeNull();
  });

  test('a revocation that arrives while a secret is being minted is not missed', async () => {
    const minting = secrets.mint({ token: token('ana'), resource: 'r' });
    revoke(revocations, 'i|ana', nowMs);
    await expect(minting).rejects.toMatchObject({ code: 'SESSION_ENDED' });
    expect(secrets.size).toBe(0);
  });

  test('nothing is minted by a closed store', async () => {
    const minting = secrets.mint({ token: token(), resource: 'r' });
    secrets.close();
    await expect(minting).rejects.toMatchObject({ code: 'SESSION_ENDED' });
  });
});

describe('sign-ins', () => {
  const named = (id: string | null, issuedAtMs = nowMs): VerifiedToken => ({ ...token(), signIn: { id, issuedAtMs } });

  test('a secret is renewed with a token of its own sign-in alone', async () => {
    const { sessionId } = await secrets.mint({ token: named('i|s1'), resource: 'r' });
    for (const id of ['i|s2', null])
      expect(() => secrets.renew(sessionId, named(id))).toThrow(expect.objectContaining({ code: 'SESSION_ENDED' }));
    expect(secrets.renew(sessionId, named('i|s1'))).toBeGreaterThan(nowMs);
  });

  test('renewed, it still ends with what it began with, and lives by the newer token', async () => {
    const holding = (name: string, issuedAtMs: number): VerifiedToken => ({
      ...token(),
      expiresAtMs: nowMs + issuedAtMs,
      signIn: { id: null, issuedAtMs, token: { id: `i|${name}`, value: new Secret(name) } },
    });
    const { sessionId } = await secrets.mint({ token: holding('old', 1_000), resource: 'r' });
    secrets.renew(sessionId, holding('new', 2_000));
    expect(secrets.heldTokens().map(({ id }) => id)).toEqual(['i|new']);
    revoke(revocations, 'i|ana', 1_500);
    expect(ended).toMatchObject([{ sessionId, reason: 'revoked' }]);
  });
});

describe('bounds', () => {
  const mintMany = async (count: number, subject: (index: number) => string) => {
    const minted = [];
    for (let start = 0; start < count; start += 256) {
      const indices = Array.from({ length: Math.min(256, count - start) }, (_, i) => start + i);
      minted.push(
        ...(await Promise.all(indices.map((i) => secrets.mint({ token: token(subject(i)), resource: 'r' })))),
      );
    }
    return minted;
  };

  test('one principal cannot take the room of others', async () => {
    await mintMany(MAX_SECRETS_PER_PRINCIPAL - 1, () => 'ana');
    // Two race for the last place: one gets it.
    const race = await Promise.allSettled([
      secrets.mint({ token: token('ana'), resource: 'r' }),
      secrets.mint({ token: token('ana'), resource: 'r' }),
    ]);
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(secrets.mint({ token: token('ana'), resource: 'other' })).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
    const other = await secrets.mint({ token: token('bob'), resource: 'r' });
    secrets.revoke(secrets.candidates('r', null).candidates.at(-1)?.id ?? '');
    await secrets.mint({ token: token('ana'), resource: 'r' });
    expect(secrets.find(other.sessionId)).not.toBeNull();
  });

  test('a plain resource name tries the newest secrets up to the bound; a named session is always found', async () => {
    const minted = await mintMany(MAX_CANDIDATES + 1, (i) => `user-${i}`);
    const { candidates } = secrets.candidates('r', null);
    const ids = new Set(candidates.map(({ id }) => id));
    const missing = minted.filter(({ sessionId }) => !ids.has(sessionId));
    expect(candidates).toHaveLength(MAX_CANDIDATES);
    expect(missing).toHaveLength(1);
    expect(secrets.candidates('r', missing[0]?.sessionId ?? null).candidates).toHaveLength(1);
  });

  test('the whole store is bounded, and room that becomes free is used', async () => {
    const small = make({ ...SETTINGS, maxSecrets: 2 });
    const { sessionId } = await small.mint({ token: token('ana'), resource: 'r' });
    await small.mint({ token: token('bob'), resource: 'r' });
    await expect(small.mint({ token: token('eve'), resource: 'r' })).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    small.revoke(sessionId);
    await small.mint({ token: token('eve'), resource: 'r' });
    expect(small.size).toBe(2);
  });
});

test('what does not look like a secret is refused without computing anything', async () => {
  const { sessionId } = await secrets.mint({ token: token(), resource: 'r' });
  for (const password of ['', 'x', 'x'.repeat(23), 'ä'.repeat(22), '\0'.repeat(22)]) {
    expect(await secrets.verifyCleartext('r', sessionId, password)).toBeNull();
  }
});
