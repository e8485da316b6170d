import type { TLSSocket } from 'node:tls';
import { SluiceError } from '@sluice/contract/errors';
import { MAX_TUNNEL_MESSAGE_BYTES, TUNNEL_WEBSOCKET_PATH, TUNNEL_WEBSOCKET_PROTOCOL } from '@sluice/contract/tunnel';
import { WebSocket } from 'ws';
import { unreachable } from '../client/https.ts';
import { WebSocketStream } from './websocket-stream.ts';

/**
 * Makes a tunnel's stream of a TLS connection that speaks HTTP/1.1, which it owns from here. Throws
 * `GATEWAY_UNREACHABLE`, `PROTOCOL_VIOLATION` when the other side opens no such WebSocket, or the signal's reason.
 */
export function openWebSocket(gateway: URL, carrier: TLSSocket, signal: AbortSignal): Promise<WebSocketStream> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL(TUNNEL_WEBSOCKET_PATH, `wss://${gateway.host}`), [TUNNEL_WEBSOCKET_PROTOCOL], {
      createConnection: () => carrier,
      perMessageDeflate: false,
      maxPayload: MAX_TUNNEL_MESSAGE_BYTES,
    });
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', stop);
      finish();
    };
    const fail = (error: unknown) =>
      settle(() => {
        carrier.destroy();
        reject(error);
      });
    const stop = () => fail(signal.reason);
    // Before `unexpected-response`, which destroys what this would complain about. Stays: a WebSocket without a listener
    // would end the process.
    socket.on('error', (error) => fail(unreachable(gateway, error)));
    socket.once('unexpected-response', (_request, { statusCode }) =>
      fail(
        (statusCode ?? 0) >= 500
          ? unreachable(gateway, new Error(`status ${statusCode}, as from a load balancer that finds no gateway`))
          : new SluiceError(
              'PROTOCOL_VIOLATION',
              `${gateway.host} opens no tunnel, by TLS or by WebSocket (status ${statusCode}); it is not the tunnel port of a gateway`,
              { remedy: 'Check the address. A load balancer in between has to pass WebSockets on, or TLS as it is.' },
            ),
      ),
    );
    // Made at once: the first message may come with the answer.
    socket.once('open', () => settle(() => resolve(new WebSocketStream(socket))));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
