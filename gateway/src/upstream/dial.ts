import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type Socket, connect as tcpConnect } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';
import { serverEndPoint } from '../protocol/postgres/server-end-point.ts';
import { encodeSslRequest } from '../protocol/postgres/startup.ts';
import { Deadline } from './deadline.ts';

/** How far the server's certificate is checked; libpq's words. */
export type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

export type PostgresAddress = {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  /** Bound on TCP connect and TLS handshake together, and again on the login, milliseconds (`limits.upstreamTimeoutSeconds`). */
  readonly timeoutMs: number;
  /** PEM texts. */
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
};

/** A socket to the server, and whether its certificate was verified (passwords in clear need that). */
export type Dialed = {
  readonly socket: Socket | TLSSocket;
  readonly verifiedTls: boolean;
  readonly serverCertificate: ServerCertificate | null;
  /**
   * From now on what is read goes to `take`, as a view that may be valid during the call alone: it works through it at
   * once. To be called once; the socket emits no `data` any more.
   */
  readonly readInPlace: (take: (chunk: Buffer) => void) => void;
};

/** Read at once from a server, bytes. */
const READ_BYTES = 128 * 1024;

/** For channel binding: the certificate and OpenSSL's name of its signature algorithm. */
export type ServerCertificate = { readonly der: Buffer; readonly signatureAlgorithm: string };

/**
 * Opens a connection up to the first byte of the PostgreSQL protocol, in TLS as the mode demands
 * (manual 55.2.11, SSLRequest). Errors: `UPSTREAM_UNREACHABLE`.
 */
export async function dialPostgres(address: PostgresAddress, signal: AbortSignal): Promise<Dialed> {
  const where = `${address.host}:${address.port}`;
  const deadline = new Deadline(address.timeoutMs, signal);
  const plain = address.tls === 'disable' ? connectPlain(address) : null;
  const socket = plain?.socket ?? tcpConnect({ host: address.host, port: address.port, noDelay: true });
  try {
    await once(socket, 'connect', { signal: deadline.signal });
    if (plain !== null) return { ...plain, verifiedTls: false, serverCertificate: null };
    return await startTls(socket, address, deadline.signal);
  } catch (error) {
    socket.destroy();
    if (error instanceof SluiceError) throw error;
    throw new SluiceError(
      'UPSTREAM_UNREACHABLE',
      `cannot reach the database at ${where}: ${reasonOf(error, address.timeoutMs)}`,
      { cause: error },
    );
  } finally {
    deadline.clear();
  }
}

/** Everything is read into this: a buffer of its own for each chunk costs more than all that is done with most chunks. */
const READ_BUFFER = Buffer.allocUnsafeSlow(READ_BYTES);

/** Views of short chunks in it, by their length, each made once: most answers are short. */
const SHORT_CHUNKS: (Buffer | undefined)[] = Array.from({ length: 1_024 });

function chunkOf(bytes: number): Buffer {
  if (bytes >= SHORT_CHUNKS.length) return READ_BUFFER.subarray(0, bytes);
  SHORT_CHUNKS[bytes] ??= READ_BUFFER.subarray(0, bytes);
  return SHORT_CHUNKS[bytes];
}

/** A connection in clear. Its chunks are copied for each event, until somebody says that a view suffices. */
function connectPlain({ host, port }: PostgresAddress): Pick<Dialed, 'socket' | 'readInPlace'> {
  let take = (chunk: Buffer): void => {
    socket.emit('data', Buffer.from(chunk));
  };
  const callback = (bytes: number): boolean => {
    take(chunkOf(bytes));
    return true;
  };
  const socket = tcpConnect({ host, port, noDelay: true, onread: { buffer: READ_BUFFER, callback } });
  return {
    socket,
    readInPlace: (takeInPlace) => {
      take = takeInPlace;
    },
  };
}

async function startTls(socket: Socket, address: PostgresAddress, signal: AbortSignal): Promise<Dialed> {
  socket.write(encodeSslRequest());
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  // Exactly one byte: more would be bytes in clear that a man in the middle wants read as if they were protected.
  if (answer.length !== 1 || answer.at(0) !== 0x53) {
    throw new SluiceError(
      'UPSTREAM_UNREACHABLE',
      `the database at ${address.host}:${address.port} does not offer TLS, which tls: ${address.tls} demands`,
    );
  }
  const secure = tlsConnect({
    socket,
    host: address.host,
    minVersion: 'TLSv1.2',
    servername: /^[\d.:]+$/.test(address.host) ? '' : address.host,
    rejectUnauthorized: address.tls !== 'require',
    ...(address.tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(address.ca === undefined ? {} : { ca: address.ca }),
    ...(address.clientCertificate === undefined ? {} : { cert: address.clientCertificate }),
    ...(address.clientKey === undefined ? {} : { key: address.clientKey }),
  });
  await once(secure, 'secureConnect', { signal });
  const certificate = secure.getPeerX509Certificate();
  return {
    socket: secure,
    verifiedTls: address.tls === 'verify-ca' || address.tls === 'verify-full',
    serverCertificate:
      certificate === undefined
        ? null
        : { der: certificate.raw, signatureAlgorithm: certificate.signatureAlgorithm ?? '' },
    readInPlace: (take) => void secure.on('data', take),
  };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof AggregateError) return error.errors.map((inner) => reasonOf(inner, timeoutMs)).join('; ');
  if (error instanceof Error)
    return error.name === 'AbortError' ? `no answer within ${timeoutMs / 1_000} s` : error.message;
  return String(error);
}

/**
 * Channel-binding data of our own certificate (PEM), for SCRAM-SHA-256-PLUS; null when its algorithm has none.
 * Errors: `CONFIG_INVALID` when it is no certificate.
 */
export function certificateEndPoint(pem: Buffer): Buffer | null {
  const certificate = certificateOf(pem);
  return serverEndPoint(certificate.raw, certificate.signatureAlgorithm ?? '');
}

function certificateOf(pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `the file of tls.cert holds no certificate: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, remedy: 'Give the certificate chain of the gateway in PEM, its own certificate first.' },
    );
  }
}
