import { connect } from 'node:net';
import type { ConnectionSettings } from '../tunnel/connection-settings.ts';

/** As the server told at login (BackendKeyData). */
export type BackendKey = { readonly processId: number; readonly secretKey: number };

const CANCEL_REQUEST = 80_877_102;
/** Whoever gave the call up does not wait longer for the cancellation to be taken. */
const CANCEL_WITHIN_MS = 5_000;

/**
 * Asks for the end of whatever runs on a connection, and resolves when the request was taken, or could not be made: the
 * connection is closed either way, but a database notices that only when it next writes to it.
 *
 * ```text
 * i32 length (16)   i32 80877102   i32 process   i32 secret key       (PostgreSQL manual, "Message Formats", CancelRequest)
 * ```
 */
export function cancelStatement({ host, port }: ConnectionSettings, key: BackendKey): Promise<void> {
  const request = Buffer.alloc(16);
  for (const [index, value] of [16, CANCEL_REQUEST, key.processId, key.secretKey].entries())
    request.writeInt32BE(value, index * 4);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  return new Promise((resolve) => {
    socket.setTimeout(CANCEL_WITHIN_MS, () => socket.destroy());
    // Too late or not possible: the bound on a statement's time ends it.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
    socket.on('connect', () => socket.end(request));
    socket.resume();
  });
}
