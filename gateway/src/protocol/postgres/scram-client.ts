import { timingSafeEqual } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import {
  CHANNEL_BINDING,
  hmac,
  isNonce,
  MAX_SCRAM_ITERATIONS,
  MIN_SCRAM_ITERATIONS,
  parseAttributes,
  type SaltPassword,
  SCRAM,
  SCRAM_PLUS,
  scramClientKey,
  scramVerifier,
  strictBase64,
  xor,
} from './scram.ts';

export type ScramClientOptions = {
  /** Mechanisms that the server offered. */
  readonly offered: readonly string[];
  /** Printable ASCII without a comma; 18 random bytes in base64 do. */
  readonly clientNonce: string;
  /** The hash of the server's certificate when the connection is TLS and it could be computed, else null. */
  readonly serverEndPoint: Buffer | null;
};

/** The first step: what to put into SASLInitialResponse. */
export type ScramClientFirst = {
  readonly mechanism: string;
  readonly initialResponse: string;
  readonly gs2Header: string;
  readonly clientFirstBare: string;
  readonly clientNonce: string;
  readonly bindingData: Buffer | null;
};

/** The second step: what to put into SASLResponse, and what the server must answer. */
export type ScramClientFinal = { readonly response: string; readonly serverSignature: Buffer };

/**
 * Starts SCRAM as the upstream's client (RFC 5802 §3). Channel binding is used when both sides can: flag `p`. When only
 * we can, `y` says so, and a server that does offer it sees that somebody in between took the offer away. Else `n`.
 * The user name stays empty: PostgreSQL takes it from the StartupMessage.
 * Errors: `UPSTREAM_AUTH` when neither mechanism is offered.
 */
export function startScramClient(options: ScramClientOptions): ScramClientFirst {
  const { offered, clientNonce, serverEndPoint } = options;
  if (!isNonce(clientNonce)) throw new RangeError('a SCRAM nonce is printable ASCII without a comma');
  const bind = serverEndPoint !== null && offered.includes(SCRAM_PLUS);
  if (!bind && !offered.includes(SCRAM)) {
    throw new SluiceError('UPSTREAM_AUTH', 'The database offers no SASL mechanism that the gateway speaks.');
  }
  const flag = bind ? `p=${CHANNEL_BINDING}` : serverEndPoint === null ? 'n' : 'y';
  const gs2Header = `${flag},,`;
  const clientFirstBare = `n=,r=${clientNonce}`;
  return Object.freeze({
    mechanism: bind ? SCRAM_PLUS : SCRAM,
    initialResponse: gs2Header + clientFirstBare,
    gs2Header,
    clientFirstBare,
    clientNonce,
    bindingData: bind ? serverEndPoint : null,
  });
}

/**
 * Answers the server's first message. Its nonce must begin with ours (else an old conversation could be replayed) and
 * its rounds lie within the bounds. Errors: `UPSTREAM_PROTOCOL`, `UPSTREAM_AUTH`.
 */
export async function continueScramClient(
  first: ScramClientFirst,
  serverFirst: string,
  saltPassword: SaltPassword,
): Promise<ScramClientFinal> {
  const { nonce, salt, iterations } = parseServerFirst(serverFirst, first.clientNonce);
  const salted = await saltPassword(salt, iterations);
  const { storedKey, serverKey } = scramVerifier(salted);
  const binding = Buffer.concat([Buffer.from(first.gs2Header), first.bindingData ?? Buffer.alloc(0)]);
  const withoutProof = `c=${binding.toString('base64')},r=${nonce}`;
  const authMessage = `${first.clientFirstBare},${serverFirst},${withoutProof}`;
  const proof = xor(scramClientKey(salted), hmac(storedKey, authMessage));
  return Object.freeze({
    response: `${withoutProof},p=${proof.toString('base64')}`,
    serverSignature: hmac(serverKey, authMessage),
  });
}

/**
 * Checks the server's final message: without it anybody who relays the exchange could pose as the database.
 * Errors: `UPSTREAM_AUTH` when the server says no or cannot prove that it knows the password, `UPSTREAM_PROTOCOL`.
 */
export function finishScramClient(final: ScramClientFinal, serverFinal: string): void {
  const [name, value] = parseAttributes(serverFinal)?.[0] ?? [];
  if (name === 'e') throw new SluiceError('UPSTREAM_AUTH', 'The database did not accept the password of the gateway.');
  const signature = name === 'v' && value !== undefined ? strictBase64(value) : null;
  if (signature === null) throw malformed();
  if (signature.length !== final.serverSignature.length || !timingSafeEqual(signature, final.serverSignature)) {
    throw new SluiceError('UPSTREAM_AUTH', 'The database could not prove that it knows the password of the gateway.');
  }
}

/** `r=nonce,s=salt,i=rounds` and extensions; `m=` (mandatory extensions) comes first and is not understood. */
function parseServerFirst(message: string, clientNonce: string): { nonce: string; salt: Buffer; iterations: number } {
  const [r, s, i] = parseAttributes(message) ?? [];
  if (r?.[0] !== 'r' || s?.[0] !== 's' || i?.[0] !== 'i') throw malformed();
  const nonce = r[1];
  const salt = strictBase64(s[1]);
  if (salt === null || salt.length === 0 || !isNonce(nonce) || !/^[1-9][0-9]{0,9}$/.test(i[1])) throw malformed();
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) {
    throw new SluiceError('UPSTREAM_AUTH', 'The database answered with a nonce that is not for this login.');
  }
  const iterations = Number(i[1]);
  if (iterations < MIN_SCRAM_ITERATIONS || iterations > MAX_SCRAM_ITERATIONS) {
    throw new SluiceError(
      'UPSTREAM_AUTH',
      `The database asks for ${iterations} rounds of hashing; ${MIN_SCRAM_ITERATIONS} to ${MAX_SCRAM_ITERATIONS} are accepted.`,
    );
  }
  return { nonce, salt, iterations };
}

function malformed(): SluiceError {
  return new SluiceError('UPSTREAM_PROTOCOL', 'The database sent a SCRAM message that is not well-formed.');
}
