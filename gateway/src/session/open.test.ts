import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { beforeEach, expect, test } from 'vitest';
import type { Entry, EvidenceLog, Recording } from '../evidence/entry.ts';
import type { Revocation } from '../identity/revocation/revocation.ts';
import { Revocations } from '../identity/revocations.ts';
import type { PolicyEngine } from '../policy/decision.ts';
import { NO_TERMS } from '../policy/session-terms.ts';
import { type OpenSessionPorts, openSession } from './open.ts';
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
    new SessionRegistry({ maxSessions: 10 }),
    [],
    () => {},
  ];
});

const notAsked = (): never => {
  throw new Error('nobody asks this here');
};
const POLICY: PolicyEngine = {
  version: 'p1',
  decideConnect: () => ({ effect: 'allow', reasons: [], obligations: [], policyVersion: 'p1' }),
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

async function open(issuedAtMs: number, changes: Partial<OpenSessionPorts> = {}) {
  const ports: OpenSessionPorts = {
    ...{ policy: POLICY, evidence: EVIDENCE, registry, now: () => 0, newSessionId: () => 'c_1' },
    ...{ workOf: () => null, makeSeal: async () => null, openRecording: () => RECORDING },
    grants: { granted: async (principal) => ({ principal, grantIds: [] }), areOpen: () => true },
    isRevoked: (signedIn) => revocations.isRevoked(signedIn),
    assertActive: async () => undefined,
    ...changes,
  };
  const { session } = await openSession(
    {
      ...{ principal: PRINCIPAL, signIn: { id: null, issuedAtMs }, terms: NO_TERMS, secretId: null, application: '' },
      resource: { name: 'r', protocol: 'postgres' },
      peer: { from: 'x', via: 'native' },
    },
    ports,
  );
  return session;
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
  expect([entries, registry.size]).toEqual([[], 0]);
});
