/**
 * The witness over HTTP. Needs no TLS for its answers, which are signed; put it behind a proxy where addresses demand it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Witness, WitnessResponse } from './witness.ts';

/** Longest request, bytes: a proof of 63 hashes and a checkpoint. */
export const MAX_REQUEST_BYTES = 65_536;
const MAX_CONNECTIONS = 128;
/** A request has to be whole after this long, milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

export function createWitnessServer(
  witness: Pick<Witness, 'addCheckpoint'>,
  log: (event: { readonly status: number; readonly body: string }) => void,
): Server {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      void answer(request, witness).then((told) => {
        log({ status: told.status, body: told.body });
        send(response, told);
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function answer(request: IncomingMessage, witness: Pick<Witness, 'addCheckpoint'>): Promise<WitnessResponse> {
  const isKnown = new URL(request.url ?? '/', 'http://witness').pathname.endsWith('/add-checkpoint');
  if (!isKnown) return { status: 404, type: 'text/plain', body: 'there is only add-checkpoint\n' };
  if (request.method !== 'POST') return { status: 405, type: 'text/plain', body: 'POST\n' };
  try {
    const body = await readBody(request);
    if (body === null) return { status: 413, type: 'text/plain', body: `at most ${MAX_REQUEST_BYTES} bytes\n` };
    return witness.addCheckpoint(body);
  } catch (error) {
    // Nothing was cosigned: whatever the file system or the peer did, the log asks again.
    return { status: 500, type: 'text/plain', body: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, told: WitnessResponse): void {
  // A request that is too long is not read to its end.
  const headers = { 'content-type': told.type, ...(told.status === 413 && { connection: 'close' }) };
  response.writeHead(told.status, headers);
  response.end(told.body);
}
