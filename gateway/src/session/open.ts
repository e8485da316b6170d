import { SluiceError } from '@sluice/contract/errors';
import type { Principal, Reason } from '@sluice/contract/vocabulary';
import type { EvidenceLog, Recording } from '../evidence/entry.ts';
import type { SignedIn, SignIn } from '../identity/sign-in.ts';
import type { PolicyEngine, ResourceFacts } from '../policy/decision.ts';
import type { SessionTerms } from '../policy/session-terms.ts';
import { Authorization } from '../upstream/authorization.ts';
import type { SessionRegistry } from './registry.ts';
import type { StatementSeal } from './seal-decided.ts';
import { type Peer, Session } from './session.ts';
import type { Work } from './work.ts';

export type OpenSessionPorts = {
  readonly policy: PolicyEngine;
  readonly evidence: EvidenceLog;
  /** Throws EVIDENCE_UNWITNESSED when no session may open because nobody outside confirms the record. */
  readonly assertRecordFollowed?: () => void;
  readonly registry: SessionRegistry;
  readonly grants: SessionGrants;
  /** Whether the sign-in was revoked since. */
  readonly isRevoked: (signedIn: SignedIn) => boolean;
  /** Asks its issuer, where that is configured. Throws AUTH_FAILED when the sign-in counts no more. */
  readonly assertActive: (signIn: SignIn) => Promise<void>;
  /** What a session is to be bound to; null for nothing. Throws `REFUSED_BY_POLICY` for a plan that may not be run. */
  readonly workOf: (request: SessionRequest, sessionId: string) => Work | null;
  /** Null when nobody was named to open what is sealed. Throws EVIDENCE_UNWRITABLE. */
  readonly makeSeal: (sessionId: string) => Promise<StatementSeal | null>;
  readonly openRecording: (sessionId: string) => Recording;
  readonly newSessionId: () => string;
  readonly now: () => number;
};

/** Access for a window of time, as `GrantService` keeps it. */
export interface SessionGrants {
  /** The principal as policy sees it on the resource now, and by which grants. */
  granted(
    principal: Principal,
    resource: string,
  ): Promise<{ readonly principal: Principal; readonly grantIds: readonly string[] }>;
  areOpen(grantIds: readonly string[]): boolean;
}

export type SessionRequest = {
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly terms: SessionTerms;
};

type OpeningRequest = SessionRequest & {
  readonly signIn: SignIn;
  readonly peer: Peer;
  readonly application: string;
  readonly secretId: string | null;
};

/** What a session is opened to: the database's side of it, as its protocol's proxy has it. */
export type Upstream<Connection> = {
  readonly connect: (authorization: Authorization) => Promise<Connection>;
  /** Ends a connection that no session came of. */
  readonly discard: (connection: Connection) => void;
};

/**
 * Written once for every protocol: policy first, then the record, then the session. The order matters: nothing is dialed
 * for a principal who may not connect, and no session exists that the evidence log does not know.
 *
 * Keeping the session's key costs two waits for the disk, and dialing some round trips: they run side by side. What is
 * dialed is nobody's until the session is on record, and is let go when it cannot be. `connected` may reject; by then the
 * session is open, and the caller's to close.
 *
 * Throws `REFUSED_BY_POLICY`, `EVIDENCE_UNWRITABLE`, `EVIDENCE_UNWITNESSED`, `LIMIT_REACHED` or `SESSION_ENDED`.
 */
export async function openSession<Connection>(
  request: OpeningRequest,
  ports: OpenSessionPorts,
  upstream: Upstream<Connection>,
): Promise<{ readonly session: Session; readonly connected: Promise<Connection> }> {
  const { resource, signIn } = request;
  const { principal, grantIds } = await ports.grants.granted(request.principal, resource.name);
  await ports.assertActive(signIn);
  const sessionId = ports.newSessionId();
  const decision = ports.policy.decideConnect(principal, resource, request.terms);
  if (decision.effect !== 'allow') {
    await ports.evidence.append(
      { kind: 'session.refused', sessionId, principal, resource: resource.name, reasons: decision.reasons },
      'write',
    );
  }
  const authorization = Authorization.from(principal, resource, decision);
  const work = await bindWork(request, sessionId, ports);
  if (!ports.evidence.healthy)
    throw new SluiceError('EVIDENCE_UNWRITABLE', 'the evidence log cannot be written; no session may open');
  ports.assertRecordFollowed?.();

  // A flood that is refused leaves no keys behind, and dials nothing.
  const giveBack = ports.registry.reserve();
  const connected = upstream.connect(authorization);
  // Whoever gets it hears of a failure, which may come before: nobody has it yet.
  connected.catch(() => undefined);
  let session: Session;
  try {
    const seal = await ports.makeSeal(sessionId);
    // To the session, in the same turn.
    giveBack();
    session = await recorded({ request, sessionId, principal, grantIds, work, seal }, ports);
  } catch (error) {
    giveBack();
    connected.then(upstream.discard, () => undefined);
    throw error;
  }
  // Revoked while it was being opened: whoever ends such sessions could not find it yet.
  if (!ports.grants.areOpen(grantIds)) session.end('the access is over');
  if (ports.isRevoked(session)) session.end('the sign-in was revoked');
  return { session, connected };
}

/** The session, once it is on record. */
async function recorded(
  {
    request: { resource, signIn, peer, application, secretId },
    ...opened
  }: {
    readonly request: OpeningRequest;
    readonly sessionId: string;
    readonly principal: Principal;
    readonly grantIds: readonly string[];
    readonly work: Work | null;
    readonly seal: StatementSeal | null;
  },
  ports: OpenSessionPorts,
): Promise<Session> {
  const { sessionId, principal, grantIds, work, seal } = opened;
  // Before the recording: one that belongs to no session would be closed by nobody.
  ports.registry.assertRoom();
  const session = new Session({
    id: sessionId,
    principal,
    signIn,
    resource,
    peer,
    application,
    secretId,
    grantIds,
    openedAtMs: ports.now(),
    recording: ports.openRecording(sessionId),
    work,
    seal,
  });
  ports.registry.add(session);
  try {
    await ports.evidence.append(
      {
        kind: 'session.opened',
        sessionId,
        principal,
        resource: resource.name,
        protocol: resource.protocol,
        from: peer.from,
        application,
        via: peer.via,
        ...(grantIds.length === 0 ? {} : { grants: grantIds }),
        ...(work?.workflow == null ? {} : { workflow: work.workflow }),
        ...(work?.plan == null ? {} : { plan: work.plan }),
        ...(seal === null ? {} : { sealing: { key: seal.commitment } }),
      },
      'write',
    );
  } catch (error) {
    ports.registry.remove(session);
    await session.recording.close('the evidence log cannot be written');
    throw error;
  }
  return session;
}

/** The plan may be for others, or gone: a refusal like that of policy, and recorded like it. */
async function bindWork(request: SessionRequest, sessionId: string, ports: OpenSessionPorts): Promise<Work | null> {
  try {
    return ports.workOf(request, sessionId);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'REFUSED_BY_POLICY') throw error;
    const { message, remedy } = error;
    const reason: Reason = { effect: 'refuse', policyId: 'engine:plan', message, remedy, columns: [] };
    const { principal, resource } = request;
    await ports.evidence.append(
      { kind: 'session.refused', sessionId, principal, resource: resource.name, reasons: [reason] },
      'write',
    );
    throw error;
  }
}

/**
 * Ends the session's record, then the session. It leaves the registry last, because a gateway that stops waits for an
 * empty registry before it closes the log; and it leaves it also when the evidence log has failed.
 */
export async function closeSession(
  session: Session,
  reason: string,
  ports: Pick<OpenSessionPorts, 'evidence' | 'registry'>,
): Promise<void> {
  try {
    await session.recording.close(reason);
    if (!ports.evidence.healthy) return;
    await ports.evidence.append(
      { kind: 'session.closed', sessionId: session.id, reason, statements: session.statements },
      'write',
    );
  } finally {
    ports.registry.remove(session);
  }
}
