import http from 'node:http';
import { SluiceError } from '@sluice/contract/errors';

export type LoopbackRedirect = {
  readonly redirectUri: string;
  /** Resolves with the whole redirect URL that the browser brought. Throws the signal's reason. */
  wait(signal: AbortSignal): Promise<URL>;
  close(): Promise<void>;
};

const PAGE = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sluice</title>
<body style="font: 16px/1.5 system-ui; margin: 15vh auto; max-width: 24rem"><h1>Back to your terminal</h1><p>You can close this window.</p></body></html>`;

/**
 * Listens on 127.0.0.1 for the redirect of one sign-in (RFC 8252, 7.3). Only a request with this sign-in's `state`
 * counts: any web page can reach the port, and must not be able to end the sign-in or plant its own code.
 *
 * `port` 0 takes any; some providers demand a fixed one. Throws `CONFIG_PORT_TAKEN`.
 */
export async function openLoopbackRedirect(port: number, state: string): Promise<LoopbackRedirect> {
  const server = http.createServer({ maxHeaderSize: 16_384, headersTimeout: 5_000 });
  const address = await listen(server, port);
  const redirectUri = `http://127.0.0.1:${address}/callback`;
  const arrived = new Promise<URL>((resolve) => {
    server.on('request', (request, response) => {
      response.setHeader('connection', 'close');
      const url = URL.parse(request.url ?? '', redirectUri);
      const ours =
        request.headers.host === `127.0.0.1:${address}` &&
        url?.pathname === '/callback' &&
        url.searchParams.get('state') === state;
      if (request.method !== 'GET' || url === null || !ours) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('This is not the sign-in that is waited for.\n');
        return;
      }
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      response.end(PAGE, () => resolve(new URL(`${redirectUri}${url.search}`)));
    });
  });
  return {
    redirectUri,
    wait: (signal) =>
      new Promise((resolve, reject) => {
        const stop = () => reject(signal.reason);
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        arrived.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = () =>
        new SluiceError('CONFIG_PORT_TAKEN', `the sign-in cannot listen on 127.0.0.1:${port}`, { cause: error });
      reject(error.code === 'EADDRINUSE' ? taken() : error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new SluiceError('INTERNAL', 'the sign-in listens on no port'));
    });
  });
}
