/**
 * The real tunnel port, the real API and the real token check over a stand-in for the rest: sessions and requests in
 * memory, and a resource that is a PostgreSQL server reached directly. For tests of the client.
 */

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import net from 'node:net';
import { Readable } from 'node:stream';
import type { FunctionView, MintedSession, RequestView, SessionDetail, Why } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { OfferedProfile } from '@sluice/contract/profiles';
import type { Principal } from '@sluice/contract/vocabulary';
import { createControlApp } from '../../gateway/src/control/app.ts';
import type { RequestDesk, RequestRecord } from '../../gateway/src/control/dependencies.ts';
import { NO_AUDIT, NOTHING_LIVE } from '../../gateway/src/control/no-audit.fixture.ts';
import { NO_EVIDENCE, NOTHING_HELD, NOTHING_SEALED } from '../../gateway/src/control/no-evidence.fixture.ts';
import { NO_ISSUER_EVENTS } from '../../gateway/src/control/no-issuer-events.fixture.ts';
import { NO_WORKFLOWS } from '../../gateway/src/control/no-workflows.fixture.ts';
import { startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import type { DemoPrincipals } from '../../gateway/src/demo/identity-provider-principals.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { TokenVerifier } from '../../gateway/src/identity/verify-token.ts';
import { startTunnelPort, type TunnelPort } from './tunnel-port.ts';

export const AUDIENCE = 'sluice';

export type Database = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Runs SQL as the superuser. */
  admin(sql: string): Promise<unknown>;
};

export type StubGateway = {
  readonly port: TunnelPort;
  readonly issuer: string;
  readonly desk: StubDesk;
  /** Ends every minted session, as a sign-out does. */
  revokeSessions(): void;
  close(): Promise<void>;
};

export async function startStubGateway(options: {
  readonly principals: DemoPrincipals;
  /** Null for a resource that nobody connects to. */
  readonly database: Database | null;
  readonly sessions?: readonly SessionDetail[];
  readonly why?: Why;
  readonly functions?: readonly FunctionView[];
  readonly accessTokenSeconds?: number;
  readonly profiles?: readonly OfferedProfile[];
}): Promise<StubGateway> {
  const provider = await startIdentityProvider({
    port: 0,
    audience: AUDIENCE,
    principals: options.principals,
    ...(options.accessTokenSeconds !== undefined && { accessTokenSeconds: options.accessTokenSeconds }),
  });
  const tokens = new TokenVerifier({
    issuers: [
      {
        name: 'demo',
        issuer: provider.issuer,
        audience: AUDIENCE,
        claims: { groups: 'groups', agent: 'act' },
        algorithms: ['ES256'],
        tokenType: 'required',
        agents: options.principals.agents.map(({ clientId }) => ({ clientId, kind: 'agent' })),
      },
    ],
    fetch,
    now: Date.now,
    revocations: new Revocations(),
  });
  const check = async (token: string) => {
    const result = await tokens.verify(token);
    return result.kind === 'refused' ? result : ({ ...result.token, kind: 'verified' } as const);
  };
  const minted = new Map<string, string>();
  const desk = new StubDesk();
  const app = createControlApp({
    meta: {
      version: '0.1.0',
      issuers: [
        {
          name: 'demo',
          issuer: provider.issuer,
          clientId: provider.clientId,
          audience: AUDIENCE,
          scopes: [...provider.scopes],
          binding: 'none',
        },
      ],
      tunnel: { alpn: 'sluice/1' },
    },
    audit: NO_AUDIT,
    issuerEvents: NO_ISSUER_EVENTS,
    live: NOTHING_LIVE,
    workflows: NO_WORKFLOWS,
    verifyToken: check,
    listResources: () => [
      { name: 'orders-db', protocol: 'postgres', database: 'orders', connect: 'allow' },
      { name: 'payroll', protocol: 'postgres', database: 'payroll', connect: 'refuse' },
    ],
    mintSession: async (principal, { resource }) => {
      if (resource === 'payroll') throw new SluiceError('REFUSED_BY_POLICY', 'analysts may not connect to payroll');
      if (resource !== 'orders-db') throw new SluiceError('RESOURCE_UNKNOWN', `there is no resource ${resource}`);
      const session = await mint(options.database, resource);
      minted.set(session.sessionId, principal.id);
      return session;
    },
    listProfiles: async () => options.profiles ?? [],
    renewSession: async (principal, { sessionId }) => {
      if (minted.get(sessionId) !== principal.id) throw new SluiceError('SESSION_ENDED', 'there is no such session');
      return { sessionId, expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    },
    listFunctions: async () => options.functions ?? [],
    explain: async () => options.why ?? { effect: 'allow', reasons: [], flows: [], policyVersion: 'p1' },
    grants: {
      offersTo: () => [],
      ask: noGrant,
      decide: noGrant,
      revoke: noGrant,
      show: noGrant,
      list: async () => [],
      subscribe: () => () => undefined,
    },
    labelChanges: {
      list: async () => [],
      revert: async (_, id) => {
        throw new SluiceError('NOT_FOUND', `there is no change of labels ${id}`);
      },
    },
    requests: desk,
    evidence: NO_EVIDENCE,
    sealed: NOTHING_SEALED,
    holds: NOTHING_HELD,
    sessions: {
      list: async () => (options.sessions ?? []).map(({ session }) => session),
      show: async (id, { after = -1, limit = 1_000 }) => {
        const detail = options.sessions?.find(({ session }) => session.sessionId === id);
        if (detail === undefined) return null;
        return {
          session: detail.session,
          statements: detail.statements.filter(({ statementId }) => statementId > after).slice(0, limit),
        };
      },
      useOf: async () => null,
    },
    now: Date.now,
    onDefect: (error) => {
      throw error;
    },
  });
  const port = await startTunnelPort({
    api: (request, response) => void answer(app.fetch, request, response),
    authorize: async ({ token, sessionId }) => {
      const result = await check(token);
      if (result.kind === 'refused')
        return { ok: false, code: result.error.code, message: result.error.message, remedy: result.error.remedy };
      const isTheirs = minted.get(sessionId) === result.principal.id;
      return isTheirs
        ? { ok: true, sessionId, principal: result.principal }
        : { ok: false, code: 'AUTH_FAILED', message: 'the session belongs to somebody else', remedy: 'Get your own.' };
    },
    serve: (stream) => {
      if (options.database === null) return stream.destroy();
      const upstream = net.connect(options.database.port, options.database.host);
      stream.pipe(upstream).pipe(stream);
      stream.on('error', () => upstream.destroy());
      upstream.on('error', () => stream.destroy());
    },
  });
  const close = async () => {
    desk.end();
    await port.close();
    await provider.close();
  };
  return { port, issuer: provider.issuer, desk, revokeSessions: () => minted.clear(), close };
}

/** Requests in memory; everybody sees and decides them. */
export class StubDesk implements RequestDesk {
  readonly #requests = new Map<string, RequestRecord>();
  readonly #listeners = new Set<Parameters<RequestDesk['subscribe']>[0]>();

  put(request: RequestView): void {
    this.#requests.set(request.id, request);
    for (const listener of this.#listeners) listener(request, () => true);
  }

  async list(
    _viewer: Principal,
    { state }: { readonly state: RequestView['state'] | null },
  ): Promise<readonly RequestRecord[]> {
    return [...this.#requests.values()].filter((request) => state === null || request.state === state);
  }

  async show(_viewer: Principal, id: string): Promise<RequestRecord> {
    const request = this.#requests.get(id);
    if (request === undefined) throw new SluiceError('REQUEST_UNKNOWN', `there is no request ${id}`);
    return request;
  }

  async decide(principal: Principal, id: string, wanted: Parameters<RequestDesk['decide']>[2]): Promise<RequestRecord> {
    const request = await this.show(principal, id);
    if (wanted.bindingHash !== request.bindingHash)
      throw new SluiceError('REQUEST_STATE', 'the request is not the one that was shown');
    const decided = {
      ...request,
      state: wanted.decision,
      decidedBy: principal,
      decidedAt: new Date().toISOString(),
      note: wanted.note,
    };
    this.put(decided as RequestView);
    return decided;
  }

  subscribe(listener: Parameters<RequestDesk['subscribe']>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#listeners.clear();
  }
}

/** The session secret is the password of a role of its own: SCRAM then runs between the program and PostgreSQL. */
async function mint(database: Database | null, resource: string): Promise<MintedSession> {
  const sessionId = `s${randomBytes(8).toString('hex')}`;
  const username = `${resource}.${sessionId}`;
  const secret = randomBytes(16).toString('base64url');
  await database?.admin(`CREATE ROLE "${username}" LOGIN PASSWORD '${secret}'`);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return {
    sessionId,
    resource,
    protocol: 'postgres',
    username,
    database: database?.database ?? 'orders',
    secret,
    expiresAt,
    native: null,
  };
}

async function answer(
  handle: (request: Request) => Response | Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const hasBody = incoming.method === 'POST';
  const request = new Request(`https://gateway.test${incoming.url ?? '/'}`, {
    method: incoming.method ?? 'GET',
    headers: Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    ),
    body: hasBody ? Buffer.concat(await incoming.toArray()) : null,
  });
  const response = await handle(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  const body = Readable.fromWeb(response.body);
  body.on('error', () => outgoing.destroy()).pipe(outgoing);
  outgoing.on('close', () => body.destroy());
}

async function noGrant(): Promise<never> {
  throw new SluiceError('NOT_FOUND', 'there is no such grant');
}
