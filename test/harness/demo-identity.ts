import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type IdentityProvider, startIdentityProvider } from '../../gateway/src/demo/identity-provider.ts';
import {
  type ClientAuthentication,
  signInForDemo,
  type TokenSet,
} from '../../gateway/src/demo/identity-provider-client.ts';
import { Revocations } from '../../gateway/src/identity/revocations.ts';
import { TokenVerifier, type VerifiedToken } from '../../gateway/src/identity/verify-token.ts';

/** The secret holds characters that a Basic header must escape (RFC 6749 §2.3.1). */
export const PLANNER = { kind: 'secret', clientId: 'nightly-planner', clientSecret: 'planner secret:%' } as const;
export const EXECUTOR = { kind: 'secret', clientId: 'nightly-executor', clientSecret: 'executor-secret' } as const;

const AUDIENCE = 'sluice';

/** The demo's identity provider with the people and agents of the story, and a verifier that trusts it. */
export class DemoIdentity {
  readonly idp: IdentityProvider;
  readonly verifier: TokenVerifier;
  readonly revocations = new Revocations();
  /** An agent that proves itself with its own key. */
  readonly backup: ClientAuthentication;
  /** Where the provider sends logout tokens, and those that arrived. */
  readonly logoutServer: Server;
  readonly logoutTokens: readonly string[];
  /** Defects that the provider reported. */
  readonly errors: readonly Error[];
  readonly #console: ConsoleRecord;

  static async start(): Promise<DemoIdentity> {
    // Before the provider is made, which prints its complaints at once.
    const record = recordConsole();
    const logoutTokens: string[] = [];
    const errors: Error[] = [];
    const logoutServer = receiveLogoutTokens(logoutTokens);
    logoutServer.listen(0, '127.0.0.1');
    await once(logoutServer, 'listening');
    const address = logoutServer.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = { ...keys.publicKey.export({ format: 'jwk' }), alg: 'ES256' };
    const idp = await startIdentityProvider({
      port: 0,
      audience: AUDIENCE,
      backchannelLogoutUri: `http://127.0.0.1:${port}/logout`,
      onError: (error) => errors.push(error),
      principals: {
        users: [
          {
            username: 'analyst',
            name: 'Ana Lyst',
            email: 'ana@corp.test',
            password: 'correct horse',
            groups: ['analysts'],
          },
          {
            username: 'admin',
            name: 'Ada Min',
            email: 'ada@corp.test',
            password: 'battery staple',
            groups: ['admins'],
          },
        ],
        agents: [
          { clientId: 'nightly-planner', groups: ['planners'], authentication: PLANNER, mayActFor: ['analyst'] },
          {
            clientId: 'nightly-executor',
            groups: ['executors'],
            authentication: EXECUTOR,
            mayActFor: ['analyst', 'nightly-planner'],
          },
          { clientId: 'backup', groups: [], authentication: { kind: 'private-key', publicKey }, mayActFor: [] },
        ],
      },
    });
    const backup = {
      kind: 'private-key',
      clientId: 'backup',
      privateKey: keys.privateKey,
      algorithm: 'ES256',
    } as const;
    return new DemoIdentity({ idp, backup, logoutServer, logoutTokens, errors }, record);
  }

  private constructor(
    parts: Pick<DemoIdentity, 'idp' | 'backup' | 'logoutServer' | 'logoutTokens' | 'errors'>,
    record: ConsoleRecord,
  ) {
    this.#console = record;
    this.idp = parts.idp;
    this.backup = parts.backup;
    this.logoutServer = parts.logoutServer;
    this.logoutTokens = parts.logoutTokens;
    this.errors = parts.errors;
    this.verifier = new TokenVerifier({
      issuers: [
        {
          name: 'demo',
          issuer: this.idp.issuer,
          audience: AUDIENCE,
          claims: { groups: 'groups', agent: 'act' },
          algorithms: ['ES256'],
          tokenType: 'required',
          agents: [
            { clientId: 'nightly-planner', kind: 'agent' },
            { clientId: 'nightly-executor', kind: 'agent' },
            { clientId: 'backup', kind: 'service' },
          ],
        },
      ],
      fetch,
      now: Date.now,
      revocations: this.revocations,
    });
  }

  signIn(username = 'analyst', password = 'correct horse'): Promise<TokenSet> {
    return signInForDemo({ issuer: this.idp.issuer, username, password });
  }

  /** What the gateway makes of a token; throws when it refuses. */
  async verified(accessToken: string): Promise<VerifiedToken> {
    const verification = await this.verifier.verify(accessToken);
    if (verification.kind === 'refused') throw verification.error;
    return verification.token;
  }

  /** Subjects of the chain, the person first. */
  async chainNames(accessToken: string): Promise<readonly (string | undefined)[]> {
    return (await this.verified(accessToken)).principal.chain.map(({ id }) => id.split('|')[1]);
  }

  /** All that was printed since the start. */
  printed(): readonly unknown[] {
    return this.#console.printed;
  }

  async stop(): Promise<void> {
    this.#console.stop();
    await this.idp.close();
    const closed = once(this.logoutServer, 'close');
    this.logoutServer.close();
    this.logoutServer.closeAllConnections();
    await closed;
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

function receiveLogoutTokens(received: string[]): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '');
      response.end();
    });
  });
}

type ConsoleRecord = { readonly printed: readonly unknown[]; readonly stop: () => void };

/** Not a spy of the test runner: those forget their calls between tests. */
function recordConsole(): ConsoleRecord {
  const printed: unknown[] = [];
  const methods = ['info', 'warn', 'error'] as const;
  const originals = methods.map((method) => [method, console[method]] as const);
  for (const method of methods) console[method] = (...words: unknown[]) => printed.push(...words);
  return {
    printed,
    stop: () => {
      for (const [method, original] of originals) console[method] = original;
    },
  };
}
