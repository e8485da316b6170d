import type { Why } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { Recording } from '../../evidence/entry.ts';
import type { PolicyEngine } from '../../policy/decision.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { DEFAULT_MAX_MASKED_ROW_BYTES } from '../../protocol/postgres/rewrite.ts';
import { decide } from '../../session/pipeline.ts';
import { Session } from '../../session/session.ts';
import { Authorization } from '../../upstream/authorization.ts';
import { connectPostgres } from '../../upstream/connect-postgres.ts';
import type { SaltedPasswords } from '../../upstream/salted-passwords.ts';
import type { PostgresResource } from './postgres-proxy.ts';
import { Preparer } from './preparer.ts';
import { SessionContext } from './session-context.ts';
import { UpstreamLink } from './upstream-link.ts';

const MAX_EXPLAIN_FRAME_BYTES = 16 * 1024 * 1024;
const EXPLAIN_TIMEOUT_MS = 20_000;

/** A session that only ever parses keeps no recording. */
const NO_RECORDING: Recording = {
  resultStarted: () => undefined,
  row: () => undefined,
  wantsRow: () => false,
  statementEnded: () => undefined,
  close: async () => undefined,
};

/**
 * What would be decided about a statement, and why, without running it: `sluice why`. The server parses it on a
 * connection of its own; nothing is bound or executed.
 *
 * Errors: `REFUSED_BY_POLICY` when the principal may not connect, `USAGE` with the server's words when it does not
 * accept the statement, `UPSTREAM_…`.
 */
export async function explainStatement(
  resource: PostgresResource,
  principal: Principal,
  text: string,
  ports: { readonly policy: PolicyEngine; readonly passwords: SaltedPasswords },
): Promise<Why> {
  const facts = { name: resource.name, protocol: 'postgres' as const };
  const authorization = Authorization.from(principal, facts, ports.policy.decideConnect(principal, facts));
  await resource.ports.catalog.ready();
  const signal = AbortSignal.timeout(EXPLAIN_TIMEOUT_MS);
  const connection = await connectPostgres(authorization, resource.target, [['application_name', 'sluice why']], {
    passwords: ports.passwords,
    signal,
  });
  const { socket } = connection;
  let told = '';
  const link = new UpstreamLink(
    {
      toClient: (bytes) => {
        told += bytes.toString('utf8');
      },
      toServer: (bytes) => socket.write(bytes),
      flushToServer: () => undefined,
      wantsRow: () => false,
      onRow: () => undefined,
      clientMinMessages: () => 'error',
      onNestedTree: () => undefined,
    },
    { maxFrameBytes: MAX_EXPLAIN_FRAME_BYTES, maxMaskedRowBytes: DEFAULT_MAX_MASKED_ROW_BYTES },
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
      id: 'why',
      principal,
      resource: facts,
      peer: { from: 'api', via: 'native' },
      application: 'sluice why',
      secretId: null,
      openedAtMs: 0,
      recording: NO_RECORDING,
    });
    const context = new SessionContext(session, link, resource.ports, {
      database: resource.target.database,
      role: resource.target.credential.username,
      serverMajor: Number.parseInt(connection.parameters.get('server_version') ?? '0', 10),
    });
    const preparer = new Preparer(context);
    const statements = await preparer.split(text);
    const [statement] = statements;
    if (statement === undefined || statements.length > 1) throw new SluiceError('USAGE', 'give exactly one statement');
    const prepared = await preparer.prepare(statement, [], { keep: false });
    if (prepared.kind === 'failed')
      throw new SluiceError(
        'USAGE',
        `the database does not accept the statement: ${/(?:^|\0)M([^\0]*)/.exec(told)?.[1] ?? 'no reason given'}`,
      );
    const { understanding } = prepared.plan.understood;
    const decision = decide(understanding, ports.policy);
    return {
      effect: decision.effect,
      reasons: [...decision.reasons],
      flows: understanding.kind === 'understood' ? [...understanding.flows] : [],
      policyVersion: decision.policyVersion,
    };
  } finally {
    link.end(new SluiceError('SESSION_ENDED', 'the question is answered'));
    socket.end(encodeFrontend({ kind: 'Terminate' }));
    socket.destroySoon();
  }
}
