import { timingSafeEqual } from 'node:crypto';
import {
  CHANNEL_BINDING,
  hmac,
  isNonce,
  MAX_SCRAM_MESSAGE,
  parseAttributes,
  SCRAM,
  SCRAM_KEY_BYTES,
  SCRAM_PLUS,
  type ScramVerifier,
  sha256,
  strictBase64,
  xor,
} from './scram.ts';

/** Why a login did not succeed, for the log. The client is only told that it failed. */
export type ScramFailure =
  | 'malformed'
  | 'mechanism'
  | 'channel-binding'
  | 'authorization-identity'
  | 'nonce'
  | 'no-match';

export type ScramServerOptions = {
  /** As in SASLInitialResponse. */
  readonly mechanism: string;
  readonly clientFirst: string;
  /** Printable ASCII without a comma, fresh and random. */
  readonly serverNonce: string;
  /** Shared by all candidates, so that what we answer does not tell which of them exist. */
  readonly salt: Buffer;
  readonly iterations: number;
  /** The hash of our certificate when the connection is TLS and SCRAM-SHA-256-PLUS was offered, else null. */
  readonly serverEndPoint: Buffer | null;
};

export type ScramServerState = {
  /** What to put into AuthenticationSASLContinue. */
  readonly serverFirst: string;
  readonly clientFirstBare: string;
  readonly nonce: string;
  /** What the client must repeat in `c=`, base64. */
  readonly binding: string;
};

/** A secret that the client may know. */
export type ScramCandidate = ScramVerifier & { readonly id: string };

export type ScramServerStart = { readonly ok: true; readonly state: ScramServerState } | ScramRefusal;
export type ScramServerResult = { readonly ok: true; readonly id: string; readonly serverFinal: string } | ScramRefusal;
type ScramRefusal = { readonly ok: false; readonly failure: ScramFailure };

/**
 * Answers a client's first message (RFC 5802 §5, §7): `gs2-flag,[a=authzid],n=user,r=nonce[,extensions]`.
 * The user name is not looked at, as in PostgreSQL: the StartupMessage named the user.
 */
export function startScramServer(options: ScramServerOptions): ScramServerStart {
  if (!isNonce(options.serverNonce)) throw new RangeError('a SCRAM nonce is printable ASCII without a comma');
  if (options.clientFirst.length > MAX_SCRAM_MESSAGE) return refuse('malformed');
  const parts = /^([^,]*),([^,]*),(.*)$/s.exec(options.clientFirst);
  if (parts === null) return refuse('malformed');
  const [, flag = '', authorizationIdentity = '', clientFirstBare = ''] = parts;
  const failure = flagFailure(flag, options.mechanism, options.serverEndPoint !== null);
  if (failure !== null) return refuse(failure);
  // Acting as somebody else is not part of this protocol: who one is, the principal says.
  if (authorizationIdentity !== '') return refuse('authorization-identity');
  const [user, clientNonce] = parseAttributes(clientFirstBare) ?? [];
  if (user?.[0] !== 'n' || clientNonce?.[0] !== 'r' || !isNonce(clientNonce[1])) return refuse('malformed');

  const nonce = clientNonce[1] + options.serverNonce;
  const bindingData = flag.startsWith('p') ? options.serverEndPoint : null;
  const binding = Buffer.concat([Buffer.from(`${flag},,`), bindingData ?? Buffer.alloc(0)]).toString('base64');
  const serverFirst = `r=${nonce},s=${options.salt.toString('base64')},i=${options.iterations}`;
  return { ok: true, state: Object.freeze({ serverFirst, clientFirstBare, nonce, binding }) };
}

/**
 * Checks a client's final message, `c=binding,r=nonce[,extensions],p=proof`, against every candidate, always all of
 * them, so that the time tells nothing. The first match wins; ids are expected to have distinct secrets.
 */
export function finishScramServer(
  state: ScramServerState,
  clientFinal: string,
  candidates: readonly ScramCandidate[],
): ScramServerResult {
  const attributes = parseAttributes(clientFinal) ?? [];
  const [binding, nonce] = attributes;
  const proofAttribute = attributes.at(-1);
  if (binding?.[0] !== 'c' || nonce?.[0] !== 'r' || proofAttribute?.[0] !== 'p') return refuse('malformed');
  const proof = strictBase64(proofAttribute[1]);
  if (proof === null || proof.length !== SCRAM_KEY_BYTES) return refuse('malformed');
  // Another flag or certificate than at the start: somebody in between changed the first message, or relays.
  if (binding[1] !== state.binding) return refuse('channel-binding');
  if (nonce[1] !== state.nonce) return refuse('nonce');

  const withoutProof = clientFinal.slice(0, clientFinal.length - ',p='.length - proofAttribute[1].length);
  const authMessage = `${state.clientFirstBare},${state.serverFirst},${withoutProof}`;
  let match: ScramCandidate | null = null;
  for (const candidate of candidates) {
    const clientKey = xor(proof, hmac(candidate.storedKey, authMessage));
    const matches = timingSafeEqual(sha256(clientKey), candidate.storedKey);
    if (matches && match === null) match = candidate;
  }
  if (match === null) return refuse('no-match');
  return { ok: true, id: match.id, serverFinal: `v=${hmac(match.serverKey, authMessage).toString('base64')}` };
}

/** `n`: no binding · `y`: could, thinks we cannot · `p=name`: bound. They must fit what was offered (RFC 5802 §6). */
function flagFailure(flag: string, mechanism: string, offersBinding: boolean): ScramFailure | null {
  if (mechanism === SCRAM_PLUS) {
    if (!offersBinding) return 'mechanism';
    return flag === `p=${CHANNEL_BINDING}` ? null : 'channel-binding';
  }
  if (mechanism !== SCRAM) return 'mechanism';
  if (flag === 'n') return null;
  // We did offer it: whoever says otherwise to the client took the offer away.
  if (flag === 'y') return offersBinding ? 'channel-binding' : null;
  return flag.startsWith('p=') ? 'channel-binding' : 'malformed';
}

function refuse(failure: ScramFailure): ScramRefusal {
  return { ok: false, failure };
}
