import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import type { SessionTerms } from '../client/api-client.ts';
import { visibleLine } from '../render/visible.ts';
import { connectionUri, libpqEnvironment } from '../tunnel/connection-settings.ts';
import { type OpenResource, openResource } from '../tunnel/open-resource.ts';
import type { Tunnel } from '../tunnel/tunnel.ts';
import type { Cli } from './cli.ts';
import { untilInterrupted } from './interruption.ts';

export type ConnectOptions = { readonly port?: number; readonly print?: 'env' | 'uri' | 'json' };

/** Opens a tunnel, says how to use it, and keeps it until Ctrl-C. */
export async function connect(cli: Cli, resource: string, options: ConnectOptions): Promise<void> {
  const interrupted = untilInterrupted();
  const opened = await open(cli, resource, { application: 'sluice connect', tcpPort: options.port ?? null });
  try {
    cli.out(describe(opened, options.print));
    cli.progress(`Open until ${opened.session.expiresAt}; Ctrl-C closes it.\n`);
    await untilOver(opened, interrupted.signal);
  } finally {
    await opened.close();
    interrupted.release();
  }
}

/**
 * Refusals after which no connection through this tunnel will be opened any more. An expired token is not among them:
 * the file that it came from may be about to rotate.
 */
const FINAL: ReadonlySet<ErrorCode> = new Set(['AUTH_FAILED', 'AUTH_REQUIRED', 'AUTH_TOKEN_INVALID', 'SESSION_ENDED']);
/** Longest that a timer can wait; a session that lives longer ends when the gateway says so. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Resolves when the person ends it; throws when the session is over: expired, revoked, or signed out. */
function untilOver({ tunnel, session }: OpenResource, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const expiry = setTimeout(
      () => reject(new SluiceError('SESSION_ENDED', `the session secret of ${session.resource} has expired`)),
      Math.min(MAX_TIMER_MS, Math.max(0, Date.parse(session.expiresAt) - Date.now())),
    );
    const end = () => {
      clearTimeout(expiry);
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    tunnel.on('refused', ({ error }) => {
      if (!FINAL.has(error.code)) return;
      clearTimeout(expiry);
      reject(error);
    });
  });
}

/** Opens a resource with this command's settings, and tells a person what happens to its connections. */
export async function open(
  cli: Cli,
  resource: string,
  options: { readonly application: string; readonly tcpPort: number | null; readonly terms?: SessionTerms },
): Promise<OpenResource> {
  const { runtimeDirectory, uid } = cli.settings;
  const opened = await openResource({
    gateway: cli.gateway,
    ca: await cli.ca(),
    proxy: cli.settings.proxy,
    certificate: await cli.certificate(),
    transport: cli.settings.transport,
    api: await cli.api(),
    token: await cli.token(),
    resource,
    runtimeDirectory,
    uid,
    ...options,
  });
  tellAbout(cli, opened.tunnel);
  return opened;
}

function tellAbout(cli: Cli, tunnel: Tunnel): void {
  tunnel.on('connected', ({ id }) => cli.progress(`${tunnel.resource}: connection ${id} opened\n`));
  tunnel.on('disconnected', ({ id, bytesUp, bytesDown }) =>
    cli.progress(`${tunnel.resource}: connection ${id} closed, ${bytesUp} bytes up, ${bytesDown} down\n`),
  );
  tunnel.on('refused', ({ id, error }) =>
    cli.note(
      `sluice: ${tunnel.resource}: connection ${id} was not opened: ${visibleLine(error.message)} [${error.code}]\n`,
    ),
  );
  tunnel.on('dropped', ({ id, reason }) =>
    cli.note(`sluice: ${tunnel.resource}: connection ${id} was dropped: ${reason}\n`),
  );
}

function describe(opened: OpenResource, print: ConnectOptions['print']): string {
  const { settings, passFile, session } = opened;
  switch (print) {
    case 'env':
      return Object.entries({
        ...libpqEnvironment(settings),
        PGPASSWORD: settings.password,
        DATABASE_URL: connectionUri(settings),
      })
        .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
        .join('');
    case 'uri':
      return `${connectionUri(settings)}\n`;
    case 'json':
      return `${JSON.stringify({ resource: session.resource, sessionId: session.sessionId, ...settings, uri: connectionUri(settings), passFile, expiresAt: session.expiresAt })}\n`;
    case undefined: {
      const { host, port, user, database } = settings;
      return (
        `${visibleLine(session.resource)} is open at ${opened.endpoint.kind === 'unix' ? opened.endpoint.path : `${opened.endpoint.hosts.join(' and ')}, port ${port}`}\n\n` +
        `  PGPASSFILE=${shellQuote(passFile)} psql ${shellQuote(`host=${host} port=${port} user=${user} dbname=${database}`)}\n\n` +
        'The password is in that file; `--print env`, `uri` or `json` show it.\n'
      );
    }
    default:
      throw new SluiceError('USAGE', `--print knows env, uri and json, not "${String(print)}"`);
  }
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
