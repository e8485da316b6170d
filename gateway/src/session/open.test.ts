import { setImmediate as nextTurn } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { beforeEach, expect, test } from 'vitest';
import type { Entry, EvidenceLog, Recording } from '../evidence/entry.ts';
import type { Revocation } from '../identity/revocation/revocation.ts';
import { Revocations } from '../identity/revocations.ts';
import type { Decision, PolicyEngine } from '../policy/decision.ts';
import { NO_TERMS } from '../policy/session-terms.ts';
import { type OpenSessionPorts, openSession, type Upstream } from './open.ts';
import { SessionRegistry } from './registry.ts';

const ana = { id: 'i|ana', kind: 'user', name: 'Ana' } as const;
const PRINCIPAL: Principal = { ...ana, groups: [], chain: [ana], onBehalfOfGroups: [] };
const REVOCATION: Revocation = { subject: 'i|ana', signIn: null, untilMs: 1_000, why: 'a test' };

let revocations: Revocations;
let registry: SessionRegistry;
let entries: Entry['kind'][];
/** Called before each entry is written. */
let onAppend: () => void;

beforeEach(() => {
  [revocations, registry, entries, onAppend] = [
    new Revocations(),
    new SessionRegistry({ maxSessions: 2 }),
    [],
    () => {},
  ];
  [dialed, discarded] = [[], Promise.withResolvers()];
});

const notAsked = (): never => {
  throw new Error('nobody asks this here');
};
const ALLOWED: Decision = { effect: 'allow', reasons: [], obligations: [], policyVersion: 'p1' };
const POLICY: PolicyEngine = {
  version: 'p1',
  decideConnect: () => ALLOWED,
  ...{ decidePropose: notAsked, decidePlanning: notAsked, decideStatement: notAsked },
  ...{ explainPermitted: notAsked, decideOpaque: notAsked },
};
const RECORDING: Recording = {
  ...{ resultStarted: notAsked, row: notAsked, plainRow: notAsked, wantsRow: notAsked, statementEnded: notAsked },
  close: async () => undefined,
};
const EVIDENCE: EvidenceLog = {
  ...{ nextSequence: 0, healthy: true, stage: notAsked, stageCompleted: notAsked, onceWritten: notAsked },
  append: async ({ kind }) => {
    onAppend();
    return entries.push(kind);
  },
  close: async () => undefined,
};

/** For whom the database was dialed. */
let dialed: string[];
/** The connection that no session came of. */
let discarded: PromiseWithResolvers<string>;
const UPSTREAM: Upstream<string> = {
  connect: async (authorization) => {
    dialed.push(authorization.principal.name);
    return 'the connection';
  },
  discard: (connection) => discarded.resolve(connection),
};

/** A key that is kept when the test says so. */
function slowSeal() {
  const [asked, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<null>()];
  const makeSeal = () => {
    asked.resolve();
    return kept.promise;
  };
  return { makeSeal, asked: asked.promise, keep: () => kept.resolve(null) };
}

async function open(issuedAtMs: number, changes: Partial<OpenSessionPorts> = {}, upstream = UPSTREAM) {
  return (await opening(issuedAtMs, changes, upstream)).session;
}

async function opening(issuedAtMs: number, changes: Partial<OpenSessionPorts> = {}, upstream = UPSTREAM) {
  const ports: OpenSessionPorts = {
    ...{ policy: POLICY, evidence: EVIDENCE, registry, now: () => 0, newSessionId: () => 'c_1' },
    ...{ workOf: () => null, makeSeal: async () => null, openRecording: () => RECORDING },
    grants: { granted: async (principal) => ({ principal, grantIds: [] }), areOpen: () => true },
    isRevoked: (signedIn) => revocations.isRevoked(signedIn),
    assertActive: async () => undefined,
    ...changes,
  };
  return await openSession(
    {
      ...{ principal: PRINCIPAL, signIn: { id: null, issuedAtMs }, terms: NO_TERMS, secretId: null, application: '' },
      resource: { name: 'r', protocol: 'postgres' },
      peer: { from: 'x', via: 'native' },
    },
    ports,
    upstream,
  );
}

test('a sign-in that is revoked while its session is opened ends it, though nobody could find it yet', async () => {
  onAppend = () => void revocations.remember(REVOCATION);
  expect((await open(1_000)).ending).toMatchObject({ aborted: true, reason: 'the sign-in was revoked' });
});

test('a later sign-in of the same person opens its session', async () => {
  revocations.remember(REVOCATION);
  expect((await open(1_001)).ending.aborted).toBe(false);
});

test('nothing opens, and nothing is recorded as open, when the issuer says that the sign-in counts no more', async () => {
  const assertActive = async () => {
    throw new SluiceError('AUTH_FAILED', 'The sign-in counts no more.');
  };
  await expect(open(1_000, { assertActive })).rejects.toMatchObject({ code: 'AUTH_FAILED' });
  expect([entries, registry.size, dialed]).toEqual([[], 0, []]);
});

test('the database is dialed while the key of the session is being kept', async () => {
  const { makeSeal, asked, keep } = slowSeal();
  const session = opening(1_000, { makeSeal });
  await asked;
  expect([dialed, entries, registry.size]).toEqual([['Ana'], [], 0]);
  keep();
  expect(await (await session).connected).toBe('the connection');
  expect([entries, registry.size]).toEqual([['session.opened'], 1]);
});

test('nothing is dialed for a principal whom policy does not let connect', async () => {
  const policy: PolicyEngine = { ...POLICY, decideConnect: () => ({ ...ALLOWED, effect: 'refuse' }) };
  await expect(open(1_000, { policy })).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
  expect([entries, dialed]).toEqual([['session.refused'], []]);
});

test.each<[string, Partial<OpenSessionPorts>]>([
  ['its key cannot be kept', { makeSeal: () => Promise.reject(new Error('the disk is full')) }],
  ['it cannot be recorded', { evidence: { ...EVIDENCE, append: () => Promise.reject(new Error('the disk is full')) } }],
])('what was dialed for a session is let go when %s, and its place is free', async (_name, changes) => {
  await expect(open(1_000, changes)).rejects.toThrow('the disk is full');
  expect(await discarded.promise).toBe('the connection');
  expect(registry.size).toBe(0);
  for (const _session of [1, 2]) registry.reserve();
});

test('that a database cannot be dialed is told once the session is on record', async () => {
  const { makeSeal, asked, keep } = slowSeal();
  const connect = () => Promise.reject(new Error('nobody is there'));
  const open = opening(1_000, { makeSeal }, { ...UPSTREAM, connect });
  await asked;
  // In this turn nobody has looked at the failure yet.
  await nextTurn();
  keep();
  const { session, connected } = await open;
  await expect(connected).rejects.toThrow('nobody is there');
  expect([entries, registry.get(session.id)]).toEqual([['session.opened'], session]);
});

test('sessions that are being opened count: over the bound nothing is dialed', async () => {
  const seals = [slowSeal(), slowSeal()];
  const both = seals.map(({ makeSeal }, id) => open(1_000, { makeSeal, newSessionId: () => `c_${id}` }));
  for (const { asked } of seals) await asked;
  await expect(open(1_000)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  for (const { keep } of seals) keep();
  await Promise.all(both);
  await expect(open(1_000)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  expect([dialed.length, registry.size]).toEqual([2, 2]);
});
