import { createServer, type Server } from 'node:http';
import type { Metrics } from './metrics.ts';

/** A scrape answers within this or is cut, ms. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Scrapers at once. */
const MAX_CONNECTIONS = 16;

/** Serves `GET /metrics`, and `GET /healthz` as 200 or 503. The caller listens and closes. */
export function createMetricsServer(metrics: Metrics, isHealthy: () => boolean): Server {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: 8_192 }, (request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' || (path !== '/metrics' && path !== '/healthz')) {
      response.writeHead(404).end();
      return;
    }
    if (path === '/healthz') {
      response
        .writeHead(isHealthy() ? 200 : 503, { 'content-type': 'text/plain' })
        .end(isHealthy() ? 'ok\n' : 'the record cannot be written\n');
      return;
    }
    metrics.render().then(
      ({ contentType, body }) => response.writeHead(200, { 'content-type': contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}
