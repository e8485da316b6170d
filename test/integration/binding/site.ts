/** A gateway whose issuer binds tokens to the keys of their holders, a database behind it, and somebody who has a key. */

import { DEFAULT_HTTP } from '../../../agent-tunnel/src/client/https.ts';
import type { AccessToken, BoundToken } from '../../../agent-tunnel/src/identity/access-token.ts';
import type { Binding } from '../../../agent-tunnel/src/identity/binding.ts';
import { accessTokenOf, type IssuerFacts } from '../../../agent-tunnel/src/identity/openid.ts';
import { signInWithBrowser } from '../../../agent-tunnel/src/identity/sign-in-with-browser.ts';
import { bindingOf } from '../../../agent-tunnel/src/identity/token-source.ts';
import { FormBrowser } from '../../../gateway/src/demo/identity-provider-browser.ts';
import { type GatewayOptions, startGateway, type TestGateway } from '../../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../../harness/postgres-server.ts';

export const PERSON = { username: 'ann', password: 'correct horse' };
export const EXECUTOR = {
  clientId: 'nightly-executor',
  groups: ['executors'],
  authentication: { kind: 'secret', clientSecret: 'executor-secret' },
  mayActFor: ['ann'],
} as const;

export type Site = {
  readonly gateway: TestGateway;
  readonly facts: IssuerFacts;
  /** Signs the person in as a program of theirs does, with a key of its own unless given. */
  signIn(binding?: Binding): Promise<AccessToken>;
  /** The same, of a token that has to be bound. */
  bound(binding?: Binding): Promise<BoundToken>;
  stop(): Promise<void>;
};

type Database = Pick<PostgresServer, 'host' | 'port' | 'stop'>;
/** For tests that open no session. */
export const NOWHERE: Database = { host: '127.0.0.1', port: 1, stop: async () => undefined };

async function startDatabase(): Promise<Database> {
  const server = await startPostgres();
  await server.admin('CREATE DATABASE orders');
  await server.admin("CREATE ROLE app LOGIN PASSWORD 'app-password'");
  return server;
}

export async function startSite(options: Partial<GatewayOptions> = {}, database?: Database): Promise<Site> {
  const server = database ?? (await startDatabase());
  const gateway = await startGateway({
    resources: [
      {
        name: 'orders-db',
        upstream: { host: server.host, port: server.port, database: 'orders' },
        credential: { username: 'app', password: 'app-password' },
        labelsCsv: 'schema,table,column,label\n',
        unclassified: 'public',
      },
    ],
    users: [{ ...PERSON, name: 'Ann', email: 'ann@corp.test', groups: ['analysts', 'admin'] }],
    agents: [EXECUTOR],
    ...options,
  });
  const facts: IssuerFacts = {
    ...{ issuer: gateway.issuer, clientId: 'sluice', audience: 'sluice', binding: 'accepted' },
    scopes: ['openid', 'profile', 'groups', 'offline_access', 'sluice'],
  };
  const signIn = async (binding = bindingOf('auto')) => accessTokenOf(await signInOf(facts, binding));
  return {
    ...{ gateway, facts, signIn },
    bound: async (binding) => {
      const token = await signIn(binding);
      if (typeof token === 'string') throw new Error('the token is not bound');
      return token;
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}

async function signInOf(facts: IssuerFacts, binding: Binding) {
  let answered: Promise<unknown> = Promise.resolve();
  const show = (address: URL) => {
    const browser = new FormBrowser();
    answered = browser.open(address.href).then((page) => browser.submit(page, PERSON));
  };
  const http = { ...DEFAULT_HTTP, ca: null };
  const signal = AbortSignal.timeout(120_000);
  const tokens = await signInWithBrowser(facts, http, { redirectPort: 0, show, signal, now: Date.now, binding });
  await answered;
  return tokens;
}
