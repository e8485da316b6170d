import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { SluiceError } from '@sluice/contract/errors';
import { type BackendMessage, decodeBackend } from '../protocol/postgres/backend.ts';
import { type Frame, FrameReader, MAX_LOGIN_FRAME_BYTES } from '../protocol/postgres/framing.ts';
import { encodePassword, encodeSaslInitialResponse, encodeSaslResponse } from '../protocol/postgres/frontend-encode.ts';
import { REPORTED_PARAMETERS } from '../protocol/postgres/manual-messages.ts';
import { md5Response } from '../protocol/postgres/md5-auth.ts';
import {
  continueScramClient,
  finishScramClient,
  type ScramClientFinal,
  type ScramClientFirst,
  startScramClient,
} from '../protocol/postgres/scram-client.ts';
import { serverEndPoint } from '../protocol/postgres/server-end-point.ts';
import { encodeStartupMessage, PROTOCOL_3_0 } from '../protocol/postgres/startup.ts';
import { Authorization } from './authorization.ts';
import { Deadline } from './deadline.ts';
import { type Dialed, dialPostgres, type PostgresAddress } from './dial.ts';
import type { Oracle, PostgresConnection } from './postgres-connection.ts';
import type { SaltedPasswords } from './salted-passwords.ts';

/**
 * Settings that make the server print the tree of every statement that it analyses (ENFORCEMENT: the oracle).
 * `client_min_messages=log` is what lets the trees through; the gateway filters notices for the client itself.
 * `standard_conforming_strings` is pinned against defaults of the role or database: the gate reads texts with it on.
 */
export const ORACLE_OPTIONS =
  '-c debug_print_rewritten=on -c debug_pretty_print=off -c client_min_messages=log -c standard_conforming_strings=on';

/** By oracle. Poolers that take no options take this one setting by its name. */
const START_UP: Readonly<Record<Oracle, readonly [name: string, value: string]>> = {
  notices: ['options', ORACLE_OPTIONS],
  stored: ['standard_conforming_strings', 'on'],
};

/** Notices and parameters that a server may send before it is ready; more is not a server. */
export const MAX_LOGIN_MESSAGES = 1_000;
/** The same in bytes: parameters are kept, and passed on to the client. */
export const MAX_LOGIN_BYTES = 1024 * 1024;

export type PostgresCredential = {
  readonly username: string;
  /** Read at each connection, so that a rotated secret is used; null when the client certificate has to do. */
  readonly password: () => Promise<string | null>;
};

export type PostgresTarget = {
  readonly address: PostgresAddress;
  readonly database: string;
  readonly credential: PostgresCredential;
};

/**
 * Dials and logs in for somebody whom policy has authorised. Password methods: SCRAM-SHA-256 (bound to the TLS
 * channel when the server offers it), md5, and clear text over verified TLS only.
 *
 * Errors: `UPSTREAM_UNREACHABLE`, `UPSTREAM_AUTH`, `UPSTREAM_PROTOCOL`; `INTERNAL` for a forged authorization.
 */
export async function connectPostgres(
  authorization: Authorization,
  target: PostgresTarget,
  settings: readonly (readonly [name: string, value: string])[],
  ports: { readonly passwords: SaltedPasswords; readonly signal: AbortSignal },
  oracle: Oracle = 'notices',
): Promise<PostgresConnection> {
  if (!Authorization.isGenuine(authorization))
    throw new SluiceError('INTERNAL', 'a connection was asked for without an authorization');
  const dialed = await dialPostgres(target.address, ports.signal);
  const { socket } = dialed;
  socket.write(
    encodeStartupMessage(PROTOCOL_3_0, [
      ['user', target.credential.username],
      ['database', target.database],
      ['client_encoding', 'UTF8'],
      START_UP[oracle],
      ...settings,
    ]),
  );
  const deadline = new Deadline(target.address.timeoutMs, ports.signal);
  try {
    return { ...(await new Login(dialed, target, ports.passwords).run(deadline.signal)), oracle };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    deadline.clear();
  }
}

/**
 * The login conversation (manual 55.2.1), one message after the other: one method, AuthenticationOk once, keys at most
 * once, ReadyForQuery. Another order is a server that wants to be taken for one that has authenticated.
 */
class Login {
  readonly #dialed: Dialed;
  readonly #target: PostgresTarget;
  readonly #passwords: SaltedPasswords;
  readonly #reader = new FrameReader({ maxFrameBytes: MAX_LOGIN_FRAME_BYTES, violation: 'UPSTREAM_PROTOCOL' });
  readonly #parameters = new Map<string, string>();
  #scramFirst: ScramClientFirst | null = null;
  #scramFinal: ScramClientFinal | null = null;
  #proven = false;
  #asked = false;
  #authenticated = false;
  #hasKeys = false;
  #processId = 0;
  #secretKey: Buffer = Buffer.alloc(0);

  constructor(dialed: Dialed, target: PostgresTarget, passwords: SaltedPasswords) {
    this.#dialed = dialed;
    this.#target = target;
    this.#passwords = passwords;
  }

  async run(signal: AbortSignal): Promise<Omit<PostgresConnection, 'oracle'>> {
    let messages = 0;
    let bytes = 0;
    for (;;) {
      const frame = this.#nextFrame();
      if (frame === undefined) {
        this.#reader.push(await nextChunk(this.#dialed.socket, signal));
        continue;
      }
      messages += 1;
      bytes += frame.body.length;
      if (messages > MAX_LOGIN_MESSAGES || bytes > MAX_LOGIN_BYTES)
        throw new SluiceError('UPSTREAM_PROTOCOL', 'the database sends too much before it is ready');
      const message = decodeBackend(frame.type, frame.body);
      if (message.kind === 'ReadyForQuery') {
        if (!this.#authenticated) throw outOfOrder();
        return {
          socket: this.#dialed.socket,
          readInPlace: this.#dialed.readInPlace,
          parameters: this.#parameters,
          processId: this.#processId,
          secretKey: this.#secretKey,
          rest: this.#reader.takeRest(),
        };
      }
      await this.#handle(message);
    }
  }

  /** A message that is too long for a login is the database's fault, and no bound that a client could keep to. */
  #nextFrame(): Frame | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'LIMIT_FRAME_BYTES') throw error;
      throw new SluiceError('UPSTREAM_PROTOCOL', `the database sent what is no PostgreSQL login: ${error.message}`, {
        cause: error,
      });
    }
  }

  async #handle(message: BackendMessage): Promise<void> {
    switch (message.kind) {
      case 'AuthenticationOk':
        if (this.#authenticated) throw outOfOrder();
        // A server that answered our SCRAM first message with Ok never proved that it knows the password.
        if (this.#scramFirst !== null && !this.#proven)
          throw new SluiceError(
            'UPSTREAM_AUTH',
            'the database cut the login short, without proving that it knows the password',
          );
        this.#authenticated = true;
        return;
      case 'AuthenticationSASL':
        this.#askedOnce();
        return this.#startScram(message.mechanisms);
      case 'AuthenticationSASLContinue':
        return await this.#continueScram(message.data.toString('utf8'));
      case 'AuthenticationSASLFinal':
        if (this.#scramFinal === null || this.#proven) throw outOfOrder();
        finishScramClient(this.#scramFinal, message.data.toString('utf8'));
        this.#proven = true;
        return;
      case 'AuthenticationMD5Password':
        this.#askedOnce();
        this.#send(encodePassword(md5Response(this.#target.credential.username, await this.#password(), message.salt)));
        return;
      case 'AuthenticationCleartextPassword':
        if (!this.#dialed.verifiedTls) {
          throw new SluiceError(
            'UPSTREAM_AUTH',
            'the database asks for the password in clear, which is sent over verified TLS only',
            { remedy: 'use scram-sha-256 in pg_hba.conf, or tls: verify-full' },
          );
        }
        this.#askedOnce();
        this.#send(encodePassword(await this.#password()));
        return;
      case 'BackendKeyData':
        if (!this.#authenticated || this.#hasKeys) throw outOfOrder();
        this.#hasKeys = true;
        this.#processId = message.processId;
        this.#secretKey = Buffer.from(message.secretKey);
        return;
      case 'ParameterStatus':
        if (!this.#authenticated) throw outOfOrder();
        requireReadable(message.name, message.value);
        this.#parameters.set(message.name, message.value);
        return;
      case 'NoticeResponse':
        return;
      case 'ErrorResponse':
        throw new SluiceError(
          message.fields.get('C')?.startsWith('28') === true ? 'UPSTREAM_AUTH' : 'UPSTREAM_UNREACHABLE',
          `the database refused the gateway: ${message.fields.get('M') ?? 'no reason given'}`,
          {
            facts: { sqlState: message.fields.get('C') ?? '' },
          },
        );
      default:
        if (message.kind.startsWith('Authentication')) {
          throw new SluiceError(
            'UPSTREAM_AUTH',
            `the database asks for ${message.kind.slice('Authentication'.length)}, which the gateway does not speak`,
            { remedy: 'use scram-sha-256 in pg_hba.conf for the gateway’s role' },
          );
        }
        throw outOfOrder();
    }
  }

  /** A second request, or one after Ok, would have the password answered again. */
  #askedOnce(): void {
    if (this.#asked || this.#authenticated) throw outOfOrder();
    this.#asked = true;
  }

  #startScram(offered: readonly string[]): void {
    const certificate = this.#dialed.serverCertificate;
    this.#scramFirst = startScramClient({
      offered,
      clientNonce: randomBytes(18).toString('base64'),
      serverEndPoint: certificate === null ? null : serverEndPoint(certificate.der, certificate.signatureAlgorithm),
    });
    this.#send(encodeSaslInitialResponse(this.#scramFirst.mechanism, this.#scramFirst.initialResponse));
  }

  async #continueScram(serverFirst: string): Promise<void> {
    if (this.#scramFirst === null || this.#scramFinal !== null) throw outOfOrder();
    const password = await this.#password();
    this.#scramFinal = await continueScramClient(this.#scramFirst, serverFirst, (salt, iterations) =>
      this.#passwords.salt(password, salt, iterations),
    );
    this.#send(encodeSaslResponse(this.#scramFinal.response));
  }

  async #password(): Promise<string> {
    const password = await this.#target.credential.password();
    if (password === null)
      throw new SluiceError('UPSTREAM_AUTH', 'the database asks for a password and the resource has none configured');
    return password;
  }

  #send(bytes: Buffer): void {
    this.#dialed.socket.write(bytes);
  }
}

/** Statements are read with these settings: a server that starts with others would understand them in another way. */
function requireReadable(name: string, value: string): void {
  const parameter = Object.hasOwn(REPORTED_PARAMETERS, name) ? REPORTED_PARAMETERS[name] : undefined;
  if (parameter?.kind !== 'pinned' || parameter.values.includes(value)) return;
  throw new SluiceError(
    'UPSTREAM_PROTOCOL',
    `the database starts sessions with ${name} = ${value}, and the gateway needs ${parameter.values[0]}`,
  );
}

function outOfOrder(): SluiceError {
  return new SluiceError('UPSTREAM_PROTOCOL', 'the database sent a message that does not belong into a login');
}

/** The next chunk; rejects when the peer ends, fails, or the signal aborts. Leaves the socket paused. */
async function nextChunk(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  return await new Promise<Buffer>((resolve, reject) => {
    const done = (): void => {
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
      socket.pause();
    };
    const fail = (message: string, cause?: unknown): void => {
      done();
      reject(new SluiceError('UPSTREAM_UNREACHABLE', message, cause === undefined ? {} : { cause }));
    };
    const onData = (chunk: Buffer): void => {
      done();
      resolve(chunk);
    };
    const onError = (error: Error): void => fail(`the connection to the database failed: ${error.message}`, error);
    const onEnd = (): void => fail('the database closed the connection during the login');
    const onAbort = (): void => fail('the database did not finish the login in time');
    if (signal.aborted) return onAbort();
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.resume();
    return undefined;
  });
}
