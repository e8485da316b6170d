import type { Duplex } from 'node:stream';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import { MAX_TUNNEL_FRAME_BYTES, type OpenFrame, OpenReplySchema } from '@sluice/contract/tunnel';
import { unreachable } from '../client/https.ts';
import { isErrorCode } from '../client/problem.ts';
import type { GatewayAddress, GatewayDialer } from './gateway-dialer.ts';

/** What a connection may hear before anything was asked over it: the gateway stops, or waited too long, or is gone. */
const SAID_TO_A_SPARE: ReadonlySet<ErrorCode> = new Set(['GATEWAY_UNREACHABLE', 'SESSION_ENDED', 'PROTOCOL_VIOLATION']);
/** From the first packet to the gateway's reply. */
export const OPEN_TIMEOUT_MS = 20_000;
/** How long a connection that was kept ready may take to reply: it may lead nowhere by now, and a new one would tell. */
const SPARE_REPLY_MS = 3_000;

/**
 * Opens one stream to a resource: a connection of the dialer's, open frame, reply. What the program has `said` already
 * travels with the frame, so that the gateway answers both at once. What the gateway sends after its reply stays in the
 * socket. The caller owns the socket and its errors.
 *
 * `makeFrame` is asked once for each connection that the frame travels on: a proof in it counts once.
 *
 * Throws the gateway's own refusal, `GATEWAY_UNREACHABLE`, or `PROTOCOL_VIOLATION` when the port speaks something else.
 */
export async function openGatewayStream(
  dialer: GatewayDialer,
  address: GatewayAddress,
  makeFrame: () => Promise<OpenFrame>,
  signal: AbortSignal,
  said: Buffer = Buffer.alloc(0),
): Promise<Duplex> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(OPEN_TIMEOUT_MS)]);
  const ask = async () => Buffer.concat([encodeOpenFrame(await makeFrame()), said]);
  try {
    const asked = await ask();
    const { socket, wasSpare } = await dialer.dial(deadline);
    const late = wasSpare ? AbortSignal.timeout(SPARE_REPLY_MS) : null;
    try {
      return await askOver(socket, asked, address, late === null ? deadline : AbortSignal.any([deadline, late]));
    } catch (error) {
      // One that was kept ready may have been closed or cut off by then; nothing runs on it.
      const isStale = wasSpare && error instanceof SluiceError && SAID_TO_A_SPARE.has(error.code);
      if (!isStale || deadline.aborted) throw error;
      const again = await ask();
      return await askOver((await dialer.dial(deadline, true)).socket, again, address, deadline);
    }
  } catch (error) {
    throw deadline.aborted ? asError(deadline.reason, address) : error;
  }
}

async function askOver(socket: Duplex, asked: Buffer, address: GatewayAddress, deadline: AbortSignal): Promise<Duplex> {
  const stop = () => socket.destroy(asError(deadline.reason, address));
  deadline.addEventListener('abort', stop, { once: true });
  try {
    if (deadline.aborted) throw asError(deadline.reason, address);
    socket.write(asked);
    await readReply(socket, address);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    deadline.removeEventListener('abort', stop);
  }
}

/** `u32 length, big-endian | JSON`; see the contract. Throws `LIMIT_FRAME_BYTES`. */
function encodeOpenFrame(frame: OpenFrame): Buffer {
  const json = Buffer.from(JSON.stringify(frame));
  if (json.length > MAX_TUNNEL_FRAME_BYTES)
    throw new SluiceError('LIMIT_FRAME_BYTES', 'the access token is too long for the open frame');
  const header = Buffer.alloc(4);
  header.writeUInt32BE(json.length, 0);
  return Buffer.concat([header, json]);
}

async function readReply(socket: Duplex, address: GatewayAddress): Promise<void> {
  const length = (await take(socket, 4, address)).readUInt32BE(0);
  if (length > MAX_TUNNEL_FRAME_BYTES)
    throw new SluiceError('LIMIT_FRAME_BYTES', `the reply announces ${length} bytes`);
  const reply = OpenReplySchema.safeParse(parseJson(await take(socket, length, address)));
  if (!reply.success)
    throw new SluiceError('PROTOCOL_VIOLATION', `${address.gateway.host} sent no valid reply to the open frame`);
  if (reply.data.ok) return;
  const { code, message, remedy } = reply.data;
  throw new SluiceError(isErrorCode(code) ? code : 'REFUSED_BY_POLICY', message, { remedy });
}

function take(socket: Duplex, bytes: number, address: GatewayAddress): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      socket.off('readable', attempt).off('end', left).off('close', left).off('error', failed);
      finish();
    };
    const attempt = () => {
      const chunk: unknown = socket.read(bytes);
      if (chunk === null) return;
      if (Buffer.isBuffer(chunk) && chunk.length === bytes) settle(() => resolve(chunk));
      else left();
    };
    const left = () =>
      settle(() =>
        reject(
          new SluiceError('GATEWAY_UNREACHABLE', `${address.gateway.host} closed the connection before it replied`),
        ),
      );
    const failed = (error: Error) =>
      settle(() => reject(error instanceof SluiceError ? error : unreachable(address.gateway, error)));
    if (socket.destroyed) return left();
    socket.on('readable', attempt).on('end', left).on('close', left).on('error', failed);
    attempt();
  });
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    // The schema refuses null, so that what is no JSON is refused there.
    return null;
  }
}

function asError(reason: unknown, { gateway }: GatewayAddress): Error {
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new SluiceError(
      'GATEWAY_UNREACHABLE',
      `${gateway.host} did not open the stream within ${OPEN_TIMEOUT_MS / 1_000} s`,
    );
  }
  return reason instanceof Error ? reason : new SluiceError('SESSION_ENDED', 'the tunnel was closed');
}
