import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import { type Authentication, type Authenticator, parseUsername } from '../../identity/authenticate.ts';
import type { SignIn } from '../../identity/sign-in.ts';
import type { SessionTerms } from '../../policy/session-terms.ts';
import { encodeAuthentication } from '../../protocol/postgres/backend-encode.ts';
import type { Frame } from '../../protocol/postgres/framing.ts';
import { decodePassword, decodeSaslInitialResponse, decodeSaslResponse } from '../../protocol/postgres/frontend.ts';
import { SCRAM, SCRAM_PLUS } from '../../protocol/postgres/scram.ts';
import { finishScramServer, startScramServer } from '../../protocol/postgres/scram-server.ts';
import type { StartupRequest } from './startup-parameters.ts';

const PASSWORD_MESSAGE = 0x70;

/** The transport under the login, as far as the choice of a method depends on it. */
export type LoginTransport = {
  readonly encrypted: boolean;
  /** Channel-binding data of our own certificate, when there is one to bind to. */
  readonly serverEndPoint: Buffer | null;
};

export type LoggedIn = {
  readonly principal: Principal;
  readonly signIn: SignIn;
  readonly resource: string;
  readonly secretId: string | null;
  readonly expiresAtMs: number;
  /** What the secret was minted for. */
  readonly terms: SessionTerms;
};

/**
 * The server's side of a login. Which method is asked for depends on what the client can hold:
 * without TLS, or with a user name `resource.sessionId`, SCRAM-SHA-256 with the session secret; over TLS with the
 * plain resource name the password in clear, because it may be an access token, which SCRAM cannot carry.
 *
 * `next` gives the client's next message, `send` writes to it. Errors: `AUTH_FAILED`, `AUTH_TOKEN_EXPIRED`,
 * `PROTOCOL_VIOLATION`. AuthenticationOk is not sent here: that is the caller's, once.
 */
export async function loginClient(
  request: StartupRequest,
  transport: LoginTransport,
  ports: {
    readonly authenticator: Authenticator;
    readonly next: () => Promise<Frame>;
    readonly send: (bytes: Buffer) => void;
  },
): Promise<LoggedIn> {
  const { resource, sessionId } = parseUsername(request.user);
  const authentication =
    transport.encrypted && sessionId === null
      ? await askPassword(request, resource, ports)
      : await askScram(request, resource, transport, ports);
  if (authentication.kind === 'refused')
    throw new SluiceError(authentication.code, authentication.message, {
      ...(authentication.remedy === undefined ? {} : { remedy: authentication.remedy }),
      facts: { detail: authentication.detail },
    });
  return {
    principal: authentication.principal,
    signIn: authentication.signIn,
    resource,
    secretId: authentication.sessionId,
    expiresAtMs: authentication.expiresAtMs,
    terms: authentication.terms,
  };
}

type Ports = Parameters<typeof loginClient>[2];

async function askPassword(request: StartupRequest, resource: string, ports: Ports): Promise<Authentication> {
  ports.send(encodeAuthentication({ kind: 'AuthenticationCleartextPassword' }));
  const password = decodePassword(await passwordMessage(ports));
  return await ports.authenticator.authenticatePassword({ resource, username: request.user, password });
}

async function askScram(
  request: StartupRequest,
  resource: string,
  transport: LoginTransport,
  ports: Ports,
): Promise<Authentication> {
  const { authenticator } = ports;
  const binding = transport.encrypted ? transport.serverEndPoint : null;
  const { salt, iterations, candidates } = authenticator.scramCandidates(resource, request.user);
  ports.send(
    encodeAuthentication({ kind: 'AuthenticationSASL', mechanisms: binding === null ? [SCRAM] : [SCRAM_PLUS, SCRAM] }),
  );
  const first = decodeSaslInitialResponse(await passwordMessage(ports));
  const started = startScramServer({
    mechanism: first.mechanism,
    clientFirst: (first.response ?? Buffer.alloc(0)).toString('utf8'),
    serverNonce: randomBytes(18).toString('base64'),
    salt,
    iterations,
    serverEndPoint: binding,
  });
  if (!started.ok) return failed(`SCRAM: ${started.failure}`);
  ports.send(
    encodeAuthentication({ kind: 'AuthenticationSASLContinue', data: Buffer.from(started.state.serverFirst) }),
  );
  const final = decodeSaslResponse(await passwordMessage(ports)).toString('utf8');
  const finished = finishScramServer(started.state, final, candidates);
  if (!finished.ok) return failed(`SCRAM: ${finished.failure}`);
  const accepted = authenticator.acceptScram(resource, finished.id);
  if (accepted.kind === 'authenticated')
    ports.send(encodeAuthentication({ kind: 'AuthenticationSASLFinal', data: Buffer.from(finished.serverFinal) }));
  return accepted;
}

async function passwordMessage(ports: Ports): Promise<Buffer> {
  const frame = await ports.next();
  if (frame.type !== PASSWORD_MESSAGE)
    throw new SluiceError('PROTOCOL_VIOLATION', 'the client sent another message when its password was due');
  return frame.body;
}

function failed(detail: string): Authentication {
  return { kind: 'refused', code: 'AUTH_FAILED', message: 'The session secret or token was not accepted.', detail };
}
