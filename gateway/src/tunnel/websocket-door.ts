/** Tunnel streams in WebSockets, for clients that something between them and us keeps from ALPN. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_TUNNEL_MESSAGE_BYTES, TUNNEL_WEBSOCKET_PATH, TUNNEL_WEBSOCKET_PROTOCOL } from '@sluice/contract/tunnel';
import { WebSocketServer } from 'ws';
import { WebSocketStream } from './websocket-stream.ts';

/** For `shouldUpgradeCallback` of the HTTP server: other requests to upgrade are answered as if they had not asked. */
export function isTunnelUpgrade(request: IncomingMessage): boolean {
  return request.url === TUNNEL_WEBSOCKET_PATH && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Turns requests to upgrade into streams. Decides nothing but the form: who may open what, the open frame tells. */
export class WebSocketDoor {
  readonly #open: (stream: WebSocketStream, request: IncomingMessage) => void;
  readonly #refused: (request: IncomingMessage, message: string) => void;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_TUNNEL_MESSAGE_BYTES,
    handleProtocols: () => TUNNEL_WEBSOCKET_PROTOCOL,
  });

  constructor(
    open: (stream: WebSocketStream, request: IncomingMessage) => void,
    refused: (request: IncomingMessage, message: string) => void,
  ) {
    this.#open = open;
    this.#refused = refused;
    this.#server.on('wsClientError', (error, socket, request) => {
      refused(request, error.message);
      answer(socket, 400);
    });
  }

  /** For `upgrade` of the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!isTunnelUpgrade(request)) return this.#refuse(request, socket, 404, 'a WebSocket to somewhere else');
    // Every browser says for whom it asks, and no other program has to: no page opens a stream, whatever it knows.
    if (request.headers.origin !== undefined) return this.#refuse(request, socket, 403, 'a WebSocket of a web page');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(TUNNEL_WEBSOCKET_PROTOCOL))
      return this.#refuse(request, socket, 400, `a WebSocket without ${TUNNEL_WEBSOCKET_PROTOCOL}`);
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(new WebSocketStream(opened), request));
  }

  #refuse(request: IncomingMessage, socket: Duplex, status: number, message: string): void {
    this.#refused(request, message);
    answer(socket, status);
  }
}

function answer(socket: Duplex, status: number): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
