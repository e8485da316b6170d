import { randomBytes } from 'node:crypto';
import { clientCredentials, exchange, signInForDemo } from './identity-provider-client.ts';
import type { DemoPrincipals } from './identity-provider-principals.ts';

/** Everybody in the demo's story, in the order in which they are listed. */
export const DEMO_NAMES = ['analyst', 'nightly-planner', 'nightly-executor', 'data-protection', 'admin'] as const;
export type DemoName = (typeof DEMO_NAMES)[number];

/** Made anew at each start: passwords and client secrets that work nowhere else. */
export function makeDemoPrincipals(): DemoPrincipals {
  const secret = (): string => randomBytes(9).toString('base64url');
  const user = (username: string, name: string, groups: readonly string[]) => ({
    username,
    name,
    email: `${username}@demo.example`,
    password: secret(),
    groups,
  });
  return {
    users: [
      user('analyst', 'Ann Analyst', ['analysts']),
      user('data-protection', 'Dana Protection', ['data-protection']),
      user('admin', 'Ada Admin', ['admin']),
    ],
    agents: [
      {
        clientId: 'nightly-planner',
        groups: ['planners'],
        authentication: { kind: 'secret', clientSecret: secret() },
        mayActFor: ['analyst'],
      },
      {
        clientId: 'nightly-executor',
        groups: ['executors'],
        authentication: { kind: 'secret', clientSecret: secret() },
        mayActFor: ['analyst'],
      },
    ],
  };
}

/** Signs everybody in through the real flows; the executor gets a token on behalf of the analyst. */
export async function signInEverybody(
  issuer: string,
  principals: DemoPrincipals,
): Promise<Readonly<Record<DemoName, string>>> {
  const person = async (username: string): Promise<string> => {
    const found = principals.users.find((user) => user.username === username);
    return (await signInForDemo({ issuer, username, password: found?.password ?? '' })).accessToken;
  };
  const client = (clientId: string): { kind: 'secret'; clientId: string; clientSecret: string } => {
    const authentication = principals.agents.find((agent) => agent.clientId === clientId)?.authentication;
    return {
      kind: 'secret',
      clientId,
      clientSecret: authentication?.kind === 'secret' ? authentication.clientSecret : '',
    };
  };
  const analyst = await person('analyst');
  return {
    analyst,
    'data-protection': await person('data-protection'),
    admin: await person('admin'),
    'nightly-planner': (await clientCredentials({ issuer, client: client('nightly-planner') })).accessToken,
    'nightly-executor': (await exchange({ issuer, client: client('nightly-executor'), subjectToken: analyst }))
      .accessToken,
  };
}
