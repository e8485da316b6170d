import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { ERRORS, SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { Authenticator } from '../../identity/authenticate.ts';
import { isSameHolder } from '../../identity/binding/token-binding.ts';
import { joinTerms, type SessionTerms } from '../../policy/session-terms.ts';
import {
  encodeAuthentication,
  encodeBackendKeyData,
  encodeNegotiateProtocolVersion,
  encodeParameterStatus,
  encodeReadyForQuery,
} from '../../protocol/postgres/backend-encode.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OutputRegions } from '../../protocol/postgres/output-regions.ts';
import { encodeCancelRequest, PROTOCOL_3_2 } from '../../protocol/postgres/startup.ts';
import { closeSession, type OpenSessionPorts, openSession } from '../../session/open.ts';
import type { Peer, Session } from '../../session/session.ts';
import type { Authorization } from '../../upstream/authorization.ts';
import { connectPostgres, type PostgresTarget } from '../../upstream/connect-postgres.ts';
import { Deadline } from '../../upstream/deadline.ts';
import { dialPostgres } from '../../upstream/dial.ts';
import type { OracleChoice } from '../../upstream/oracle.ts';
import type { PostgresConnection } from '../../upstream/postgres-connection.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import type { CancelKeys } from './cancel-keys.ts';
import { type LoggedIn, loginClient } from './client-login.ts';
import { endStream } from './end-stream.ts';
import { type Opened, openHandshake, type StartTls, type StartupMessage } from './handshake.ts';
import { PostgresSession } from './postgres-session.ts';
import { errorResponse } from './reports.ts';
import { reportsParameter } from './server-messages.ts';
import type { PostgresPorts } from './session-context.ts';
import { checkStartupParameters, type StartupRequest } from './startup-parameters.ts';

/** One PostgreSQL database behind the gateway. */
export type PostgresResource = {
  readonly name: string;
  readonly target: PostgresTarget;
  readonly oracle: OracleChoice;
  readonly ports: PostgresPorts;
};

export type PostgresProxyOptions = {
  readonly resources: ReadonlyMap<string, PostgresResource>;
  readonly authenticator: Authenticator;
  readonly sessions: OpenSessionPorts;
  readonly cancelKeys: CancelKeys;
  readonly passwords: SaltedPasswords;
  readonly serverEndPoint: Buffer | null;
  readonly limits: {
    readonly maxFrameBytes: number;
    readonly maxPreLoginBytes: number;
    readonly loginTimeoutMs: number;
    readonly idleTimeoutMs: number;
  };
  readonly observe: { login(outcome: 'accepted' | 'refused'): void; error(code: string): void };
  readonly log: (event: {
    readonly event: string;
    readonly message: string;
    readonly resource?: string;
    readonly from?: string;
  }) => void;
};

/** Where a connection came from; a tunnel stream is bound to the resource and principal it was opened for. */
export type ClientConnection = {
  readonly stream: Duplex;
  readonly peer: Peer;
  /** True when the stream itself is TLS (direct TLS with ALPN `postgresql`). */
  readonly encrypted: boolean;
  readonly startTls: StartTls;
  readonly tunnel: { readonly resource: string; readonly principal: Pick<Principal, 'id' | 'binding'> } | null;
};

/** Takes client connections through login to a running session. */
export class PostgresProxy {
  readonly #options: PostgresProxyOptions;
  readonly #regions = new OutputRegions();

  constructor(options: PostgresProxyOptions) {
    this.#options = options;
  }

  /** How long a client may take from its first byte to its login, milliseconds. */
  get loginTimeoutMs(): number {
    return this.#options.limits.loginTimeoutMs;
  }

  /** Owns the stream from here on. Never rejects: whatever goes wrong is told to the client and to the log. */
  async accept(connection: ClientConnection): Promise<void> {
    let stream = connection.stream;
    stream.on('error', ignoreTransportErrors);
    const deadline = new Deadline(this.#options.limits.loginTimeoutMs);
    const { signal } = deadline;
    let claimed = '';
    const { startTls } = connection;
    // From the switch on, everything is told inside TLS: bytes in clear would break it, and be readable by anybody.
    const encrypt: StartTls =
      startTls === null
        ? null
        : async (raw) => {
            try {
              stream = await startTls(raw);
            } catch (error) {
              // Neither side can read what the other would send now.
              raw.destroy();
              throw error;
            }
            stream.on('error', ignoreTransportErrors);
            return stream;
          };
    try {
      const opened = await openHandshake(
        stream,
        connection.encrypted,
        encrypt,
        this.#options.limits.maxPreLoginBytes,
        signal,
      );
      if (opened.packet.kind === 'CancelRequest') {
        // The client takes the end of this connection for the end of the matter. Were it told earlier, its next statement
        // could be the one that is cancelled.
        await this.#options.cancelKeys.cancel(opened.packet.processId, opened.packet.secretKey);
        endStream(stream, NOTHING);
        return;
      }
      negotiateVersion(opened.packet, stream);
      const request = checkStartupParameters(opened.packet.parameters);
      claimed = request.user;
      await this.#serve(connection, opened, opened.packet, request, signal);
    } catch (error) {
      await this.#turnAway(stream, connection, claimed, error);
    } finally {
      deadline.clear();
    }
  }

  async #serve(
    connection: ClientConnection,
    opened: Opened,
    startup: StartupMessage,
    request: StartupRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const { stream } = opened;
    const login = await loginClient(
      request,
      {
        encrypted: opened.encrypted,
        serverEndPoint:
          opened.stream === connection.stream && connection.tunnel !== null ? null : this.#options.serverEndPoint,
      },
      {
        authenticator: this.#options.authenticator,
        next: () => opened.input.frame(),
        send: (bytes) => stream.write(bytes),
      },
    );
    const resource = this.#resourceOf(login, connection, request);
    const { session, connected } = await openSession(
      {
        principal: login.principal,
        signIn: login.signIn,
        resource: { name: resource.name, protocol: 'postgres' },
        peer: connection.peer,
        application: request.application,
        secretId: login.secretId,
        terms: termsOf(login, request),
      },
      this.#options.sessions,
      {
        connect: (authorization) => this.#connect(authorization, resource, request, signal),
        discard: ({ socket }) => socket.end(encodeFrontend({ kind: 'Terminate' })).destroySoon(),
      },
    );
    try {
      const upstream = await connected;
      if (upstream.socket.destroyed)
        throw new SluiceError('UPSTREAM_CLOSED', 'the database closed the connection before the session began');
      this.#run(stream, opened, { startup, request }, session, resource, upstream, login);
    } catch (error) {
      await closeSession(session, error instanceof Error ? error.message : String(error), this.#options.sessions);
      throw error;
    }
  }

  #resourceOf(login: LoggedIn, connection: ClientConnection, request: StartupRequest): PostgresResource {
    const { tunnel } = connection;
    if (tunnel === null && login.signIn.tunnelOnly === true)
      throw new SluiceError(
        'AUTH_TOKEN_BOUND',
        'The session secret was minted with an access token that is bound to a key or certificate; it is good in a tunnel only.',
        { remedy: 'Use the tunnel: `sluice connect RESOURCE`.' },
      );
    // A stream that was opened for one resource, person or key must not serve another one's secret.
    if (tunnel !== null && !(tunnel.resource === login.resource && isSameHolder(tunnel.principal, login.principal))) {
      throw new SluiceError('AUTH_FAILED', 'The session secret or token was not accepted.', {
        facts: { detail: 'the tunnel was opened for somebody or something else' },
      });
    }
    const resource = this.#options.resources.get(login.resource);
    if (resource === undefined)
      throw new SluiceError(
        'RESOURCE_UNKNOWN',
        `there is no PostgreSQL resource "${login.resource}", or you may not know of it`,
      );
    const { database } = request;
    if (database !== request.user && database !== resource.name && database !== resource.target.database) {
      throw new SluiceError(
        'RESOURCE_UNKNOWN',
        `the resource "${resource.name}" is the database "${resource.target.database}"; it offers no "${database}"`,
        { remedy: `connect to the database "${resource.name}"` },
      );
    }
    return resource;
  }

  async #connect(
    authorization: Authorization,
    resource: PostgresResource,
    request: StartupRequest,
    signal: AbortSignal,
  ): Promise<PostgresConnection> {
    await within(resource.ports.catalog.ready(), signal);
    const ports = { passwords: this.#options.passwords, signal };
    const { target, oracle } = resource;
    const connection = await connectPostgres(authorization, target, request.settings, ports, oracle.current);
    // It may wait for the session to be on record. Without a listener, an error meanwhile would end the process.
    connection.socket.on('error', ignoreTransportErrors);
    return connection;
  }

  #run(
    stream: Duplex,
    opened: Opened,
    { startup, request }: { readonly startup: StartupMessage; readonly request: StartupRequest },
    session: Session,
    resource: PostgresResource,
    upstream: PostgresConnection,
    login: LoggedIn,
  ): void {
    const { cancelKeys, limits, sessions } = this.#options;
    const stopped = new AbortController();
    const keys = cancelKeys.issue(startup.minorVersion >= 2 ? 32 : 4, () => {
      if (running.cancel() === 'held') return Promise.resolve();
      return this.#cancelUpstream(resource, upstream, stopped.signal);
    });
    const expiry = this.#whenExpired(login, () => session.end('the sign-in has expired'));
    const running: PostgresSession = new PostgresSession({
      client: stream,
      connection: upstream,
      session,
      draining: sessions.registry.draining,
      ports: resource.ports,
      upstream: {
        database: resource.target.database,
        role: resource.target.credential.username,
        serverMajor: Number.parseInt(upstream.parameters.get('server_version') ?? '0', 10),
        reported: upstream.parameters,
        oracle: upstream.oracle,
      },
      settings: request.settings,
      clientMinMessages: request.clientMinMessages,
      limits,
      processId: keys.processId,
      regions: this.#regions,
      onEnd: ({ reason, error, isBusy }) => {
        if (error !== null)
          this.#options.log({
            event: 'session-ended',
            message: `${reason}${error.code === 'INTERNAL' ? ` ${stackOf(error.cause)}` : ''}`,
            resource: resource.name,
            from: session.peer.from,
          });
        expiry.cancel();
        // A server notices only at the end of a statement that nobody waits for it any more: by then it has committed.
        if (isBusy && error !== null && !error.code.startsWith('UPSTREAM_'))
          void this.#cancelUpstream(resource, upstream, new AbortController().signal);
        // With a reason, or it makes an error with a stack.
        stopped.abort(reason);
        cancelKeys.revoke(keys.processId);
        closeSession(session, reason, sessions).catch((error: unknown) =>
          this.#options.log({ event: 'record-failed', message: String(error), resource: resource.name }),
        );
      },
    });
    this.#options.observe.login('accepted');
    const parameters = [...upstream.parameters]
      .filter(([name, value]) => reportsParameter(name, value))
      .map(([name, value]) => encodeParameterStatus(name, value));
    stream.write(
      Buffer.concat([
        encodeAuthentication({ kind: 'AuthenticationOk' }),
        ...parameters,
        encodeBackendKeyData(keys.processId, keys.key),
        encodeReadyForQuery('I'),
      ]),
    );
    running.start(opened.input.takeRest(), upstream.rest);
  }

  /** Runs `expired` once the login is good no longer. A session secret that is renewed meanwhile puts it off. */
  #whenExpired(login: LoggedIn, expired: () => void): { cancel(): void } {
    const now = this.#options.sessions.now;
    let timer: NodeJS.Timeout;
    const wait = (untilMs: number) => {
      timer = setTimeout(look, Math.min(Math.max(0, untilMs - now()), MAX_TIMER_MS)).unref();
    };
    const look = () => {
      const untilMs = login.secretId === null ? null : this.#options.authenticator.secretGoodUntil(login.secretId);
      if (untilMs !== null && untilMs > now()) wait(untilMs);
      else expired();
    };
    wait(login.expiresAtMs);
    return { cancel: () => clearTimeout(timer) };
  }

  /**
   * Passes a client's cancel on, with the server's own key, over a connection of its own (manual 55.2.8). Resolves when
   * the server has closed it, by which it says that the request is carried out; at the latest after the time that a
   * connection to it may take.
   */
  async #cancelUpstream(resource: PostgresResource, upstream: PostgresConnection, signal: AbortSignal): Promise<void> {
    const { address } = resource.target;
    try {
      const { socket } = await dialPostgres(address, signal);
      socket.on('error', ignoreTransportErrors);
      const closed = once(socket, 'close', {
        signal: AbortSignal.any([signal, AbortSignal.timeout(address.timeoutMs)]),
      });
      socket.write(encodeCancelRequest(upstream.processId, upstream.secretKey));
      socket.resume();
      await closed.finally(() => socket.destroy());
    } catch (error) {
      // The session that it was for is over, and with it all that could be cancelled.
      if (signal.aborted) return;
      this.#options.log({
        event: 'cancel-failed',
        message: error instanceof Error ? error.message : String(error),
        resource: resource.name,
      });
    }
  }

  async #turnAway(stream: Duplex, connection: ClientConnection, claimed: string, cause: unknown): Promise<void> {
    const error =
      cause instanceof SluiceError
        ? cause
        : new SluiceError('INTERNAL', 'the login met a defect of the gateway', { cause });
    this.#options.observe.login('refused');
    this.#options.observe.error(error.code);
    endStream(stream, errorResponse(error, 'FATAL'));
    const { log, sessions } = this.#options;
    const detail = typeof error.facts['detail'] === 'string' ? error.facts['detail'] : error.message;
    log({
      event: 'login-failed',
      message: `${error.code}: ${detail}${error.code === 'INTERNAL' ? ` ${stackOf(cause)}` : ''}`,
      from: connection.peer.from,
    });
    if (ERRORS[error.code].sqlState.startsWith('28') && sessions.evidence.healthy) {
      try {
        await sessions.evidence.append(
          {
            kind: 'login.failed',
            resource: connection.tunnel?.resource ?? claimed,
            from: connection.peer.from,
            code: error.code,
            claimed,
          },
          'write',
        );
      } catch (failure) {
        log({ event: 'record-failed', message: String(failure) });
      }
    }
  }
}

/** A secret for one workflow or plan opens no session of another. */
function termsOf(login: LoggedIn, request: StartupRequest): SessionTerms {
  const terms = joinTerms(login.terms, request.terms);
  if (terms !== null && terms.plan !== null && request.settings.some(([name]) => name === 'search_path'))
    // The names in a planned statement mean what they meant to the planner.
    throw new SluiceError('REFUSED_BY_POLICY', 'a session that is bound to a plan may not choose its search_path', {
      remedy: 'leave it out of the connection settings, and name schemas in the plan',
    });
  if (terms !== null) return terms;
  throw new SluiceError('REFUSED_BY_POLICY', 'the session secret was minted for another workflow or plan', {
    remedy: 'leave sluice.workflow and sluice.plan out of the connection settings, or mint a secret for them',
  });
}

const NOTHING: Buffer = Buffer.alloc(0);

/** For the gateway's own log only: where a defect arose. */
function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** Waits as long as a login may take; the work itself goes on, for the next who asks. */
async function within(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const late = Promise.withResolvers<never>();
  const onAbort = (): void =>
    late.reject(new SluiceError('UPSTREAM_UNREACHABLE', 'the database did not describe its tables in time'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** setTimeout's longest delay. */
const MAX_TIMER_MS = 2_147_483_647;

/** Tells a client that asks for more than we speak what we speak (manual 55.2.1, NegotiateProtocolVersion). */
function negotiateVersion(startup: StartupMessage, stream: Duplex): void {
  const unknownOptions = [...startup.protocolOptions.keys()];
  if (startup.minorVersion <= 2 && unknownOptions.length === 0) return;
  stream.write(
    encodeNegotiateProtocolVersion(
      startup.minorVersion > 2 ? PROTOCOL_3_2 : 0x0003_0000 | startup.minorVersion,
      unknownOptions,
    ),
  );
}

/** Transport errors end the reading and writing sides by themselves; their handlers there tell what happened. */
function ignoreTransportErrors(): void {
  return undefined;
}
