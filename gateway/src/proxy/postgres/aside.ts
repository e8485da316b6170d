import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { Recording } from '../../evidence/entry.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { DEFAULT_MAX_MASKED_ROW_BYTES } from '../../protocol/postgres/rewrite.ts';
import { Session } from '../../session/session.ts';
import type { Authorization } from '../../upstream/authorization.ts';
import { connectPostgres } from '../../upstream/connect-postgres.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import { SessionContext } from './session-context.ts';
import { UpstreamLink } from './upstream-link.ts';

const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** A session that only ever parses keeps no recording. */
const NO_RECORDING: Recording = {
  resultStarted: () => undefined,
  row: () => undefined,
  plainRow: () => false,
  wantsRow: () => false,
  statementEnded: () => undefined,
  close: async () => undefined,
};

export type AsideOptions = {
  readonly authorization: Authorization;
  readonly principal: Principal;
  /** What the session is for; its application_name on the server. */
  readonly purpose: string;
  readonly timeoutMs: number;
  readonly passwords: SaltedPasswords;
};

/**
 * Work beside all sessions of clients, on a connection of its own on which statements are parsed and catalogs asked,
 * and nothing of anybody's is run. `told` is what a client would have been sent: errors of the server.
 * Errors: `UPSTREAM_…`, and what `work` throws.
 */
export async function aside<T>(
  resource: PostgresResource,
  options: AsideOptions,
  work: (context: SessionContext, told: () => string) => Promise<T>,
): Promise<T> {
  await resource.ports.catalog.ready();
  const signal = AbortSignal.timeout(options.timeoutMs);
  const connection = await connectPostgres(
    options.authorization,
    resource.target,
    [['application_name', options.purpose]],
    { passwords: options.passwords, signal },
    resource.oracle.current,
  );
  const { socket } = connection;
  let told = '';
  const link = new UpstreamLink(
    {
      toClient: (bytes) => {
        told += bytes.toString('utf8');
      },
      toServer: (bytes) => socket.write(bytes),
      send: (message) => socket.write(encodeFrontend(message)),
      flushToServer: () => undefined,
      wantsRow: () => false,
      onRow: () => undefined,
      clientMinMessages: () => 'error',
      // Nothing is bound here, so nothing is held back.
      pauseServer: () => undefined,
      occupy: () => false,
      resumeServer: () => undefined,
      failed: (error) => end(error instanceof Error ? error.message : String(error)),
      onNestedTree: () => undefined,
      notification: () => null,
    },
    { maxFrameBytes: MAX_FRAME_BYTES, maxMaskedRowBytes: DEFAULT_MAX_MASKED_ROW_BYTES },
  );
  const end = (message: string): void => link.end(new SluiceError('UPSTREAM_CLOSED', message));
  socket.on('data', (chunk: Buffer) => {
    try {
      link.receive(chunk);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
      socket.destroy();
    }
  });
  socket.on('error', (error) => end(error.message)).on('close', () => end('the database closed the connection'));
  signal.addEventListener('abort', () => end('the database took too long'), { once: true });
  socket.resume();
  try {
    const session = new Session({
      id: options.purpose,
      principal: options.principal,
      resource: { name: resource.name, protocol: 'postgres' },
      peer: { from: 'api', via: 'native' },
      application: options.purpose,
      secretId: null,
      openedAtMs: 0,
      recording: NO_RECORDING,
    });
    const context = new SessionContext(session, link, resource.ports, {
      database: resource.target.database,
      role: resource.target.credential.username,
      serverMajor: Number.parseInt(connection.parameters.get('server_version') ?? '0', 10),
      reported: connection.parameters,
      oracle: connection.oracle,
    });
    return await work(context, () => told);
  } finally {
    link.end(new SluiceError('SESSION_ENDED', 'the question is answered'));
    socket.end(encodeFrontend({ kind: 'Terminate' }));
    socket.destroySoon();
  }
}
