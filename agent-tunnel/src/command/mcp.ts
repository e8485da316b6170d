import { once } from 'node:events';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { SessionTerms } from '../client/api-client.ts';
import { MAX_MESSAGE_BYTES } from '../mcp/bounds.ts';
import { Databases, type OpenDatabase } from '../mcp/databases.ts';
import { toolFingerprint } from '../mcp/fingerprint.ts';
import { makeServer } from '../mcp/make-server.ts';
import { Toolbox } from '../mcp/toolbox.ts';
import { VERSION } from '../version.ts';
import type { Cli } from './cli.ts';
import { open } from './connect.ts';
import { untilInterrupted } from './interruption.ts';

/** Serves agents over standard input and output (MCP, stdio) until the client leaves or Ctrl-C. */
export async function mcp(cli: Cli, resources: readonly string[], terms: SessionTerms): Promise<void> {
  const interrupted = untilInterrupted();
  const openDatabase = async (resource: string): Promise<OpenDatabase> => {
    const { settings, session, close } = await open(cli, resource, { application: 'sluice mcp', tcpPort: null, terms });
    return { settings, expiresAtMs: Date.parse(session.expiresAt), close };
  };
  const databases = new Databases(resources, openDatabase, Date.now);
  const { stdin, stdout } = cli.surroundings;
  const server = makeServer(new Toolbox({ api: await cli.api(), databases, now: Date.now }), VERSION);
  // The library does not notice that the client has closed its end.
  const left = once(stdin, 'end');
  try {
    await server.connect(new StdioServerTransport(stdin, stdout, { maxBufferSize: MAX_MESSAGE_BYTES }));
    cli.progress(`Serving MCP for ${resources.join(', ')}; Ctrl-C ends it.\n`);
    await Promise.race([left, untilAborted(interrupted.signal)]);
  } finally {
    await server.close();
    await databases.close();
    interrupted.release();
  }
}

export function printFingerprint(cli: Cli): Promise<void> {
  cli.out(`${toolFingerprint()}\n`);
  return Promise.resolve();
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
