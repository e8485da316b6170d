import { spawn } from 'node:child_process';
import path from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import { ApiClient, fetchMeta } from '../client/api-client.ts';
import type { AccessToken } from '../identity/access-token.ts';
import { chooseIssuer } from '../identity/choose-issuer.ts';
import { accessTokenOf, type IssuerFacts, type TokenSet } from '../identity/openid.ts';
import { revoke } from '../identity/renew.ts';
import { parseSignIn, type SignIn, storedFacts } from '../identity/sign-in.ts';
import { signInWithBrowser } from '../identity/sign-in-with-browser.ts';
import { signInWithDevice } from '../identity/sign-in-with-device.ts';
import { bindingOf, requestAgentToken } from '../identity/token-source.ts';
import { renderChain } from '../render/flows.ts';
import { visibleLine } from '../render/visible.ts';
import { rememberSettings } from '../settings.ts';
import type { Cli } from './cli.ts';
import { untilInterrupted } from './interruption.ts';
import { closeTunnelsOf } from './tunnel.ts';

export type LoginOptions = {
  readonly device?: boolean;
  readonly browser: boolean;
  readonly redirectPort: number;
  readonly issuer?: string;
  readonly asAgent?: string;
  readonly clientSecretFile?: string;
  readonly workloadTokenFile?: string;
  readonly onBehalfOfTokenFile?: string;
};

/** Signs in, asks the gateway whom it sees, and only then remembers the sign-in. */
export async function login(cli: Cli, options: LoginOptions): Promise<void> {
  const http = await cli.http();
  const facts = await issuerFacts(cli, options);
  const { signIn, accessToken } =
    options.asAgent === undefined ? await signInPerson(cli, facts, options) : await signInAgent(cli, facts, options);
  const { principal } = await new ApiClient(cli.gateway, http, async () => accessToken).whoami();

  const store = await cli.store();
  await store.write(cli.gateway.origin, JSON.stringify(signIn));
  const { caFile, configDirectory } = cli.settings;
  await rememberSettings(configDirectory, {
    gateway: cli.gateway.origin,
    ...(caFile !== null && { ca: path.resolve(caFile) }),
  });
  cli.note(`Signed in to ${cli.gateway.host} as ${renderChain(principal)}.\n`);
}

/** Forgets the sign-in here, and ends it at the issuer as far as the issuer can. */
export async function logout(cli: Cli): Promise<void> {
  const store = await cli.store();
  const account = cli.gateway.origin;
  await closeTunnelsOf(cli);
  await cli.locked(async () => {
    const stored = await store.read(account);
    if (stored === null) {
      cli.note(`You were not signed in to ${cli.gateway.host}.\n`);
      return;
    }
    await store.remove(account);
    await revokeIfPerson(cli, stored);
    cli.note(`Signed out of ${cli.gateway.host}.\n`);
  });
}

async function revokeIfPerson(cli: Cli, stored: string): Promise<void> {
  try {
    const signIn = parseSignIn(stored);
    if (signIn.kind === 'person') await revoke(signIn.facts, signIn.refreshToken, await cli.http());
  } catch (error) {
    // The sign-in is gone from here either way; the person should know that a copy would still work.
    const why = error instanceof Error ? error.message : String(error);
    cli.note(
      `sluice: warning: the issuer was not told, so the sign-in lives there until it expires: ${visibleLine(why)}\n`,
    );
  }
}

async function issuerFacts(cli: Cli, options: LoginOptions): Promise<IssuerFacts> {
  return chooseIssuer(await fetchMeta(cli.gateway, await cli.http()), options.issuer ?? null, options.asAgent ?? null);
}

async function signInPerson(
  cli: Cli,
  facts: IssuerFacts,
  options: LoginOptions,
): Promise<{ signIn: SignIn; accessToken: AccessToken }> {
  const interrupted = untilInterrupted();
  try {
    const tokens = await askPerson(cli, facts, options, interrupted.signal);
    if (tokens.refreshToken === null) {
      throw new SluiceError('AUTH_FAILED', `${facts.issuer} gave no refresh token, so the sign-in could not be kept`, {
        remedy: `Ask the administrator to allow the client ${facts.clientId} refresh tokens (scope offline_access).`,
      });
    }
    return {
      signIn: {
        kind: 'person',
        facts: storedFacts(facts),
        refreshToken: tokens.refreshToken,
        proofKey: tokens.key?.stored ?? null,
        name: tokens.name,
      },
      accessToken: accessTokenOf(tokens),
    };
  } catch (error) {
    // Told apart from a failure: the person ended it.
    throw interrupted.signal.aborted ? interrupted.signal.reason : error;
  } finally {
    interrupted.release();
  }
}

async function askPerson(cli: Cli, facts: IssuerFacts, options: LoginOptions, signal: AbortSignal): Promise<TokenSet> {
  const http = await cli.http();
  // A key of this sign-in alone.
  const binding = bindingOf(cli.settings.dpop);
  if (options.device === true) {
    return signInWithDevice(facts, http, {
      show: ({ address, completeAddress, userCode, expiresInSeconds }) => {
        cli.note(
          `Open ${visibleLine(completeAddress ?? address)}\non any device and confirm the code ${visibleLine(userCode)} within ${Math.round(expiresInSeconds / 60)} minutes.\n`,
        );
      },
      signal,
      now: Date.now,
      binding,
    });
  }
  return signInWithBrowser(facts, http, {
    redirectPort: options.redirectPort,
    show: (url) => {
      cli.note(`Sign in with your browser. If it does not open, go to\n${url.href}\n`);
      if (options.browser) openBrowser(url, cli.settings.environment['BROWSER']);
    },
    signal,
    now: Date.now,
    binding,
  });
}

async function signInAgent(
  cli: Cli,
  facts: IssuerFacts,
  options: LoginOptions,
): Promise<{ signIn: SignIn; accessToken: AccessToken }> {
  const { clientSecretFile, workloadTokenFile } = options;
  if ((clientSecretFile === undefined) === (workloadTokenFile === undefined)) {
    throw new SluiceError('USAGE', 'an agent signs in with the secret of its client, or the token of its platform', {
      remedy: 'Add either `--client-secret-file FILE` or `--workload-token-file FILE`.',
    });
  }
  const signIn = {
    kind: 'agent',
    facts: storedFacts(facts),
    clientSecretFile: clientSecretFile === undefined ? null : path.resolve(clientSecretFile),
    workloadTokenFile: workloadTokenFile === undefined ? null : path.resolve(workloadTokenFile),
    onBehalfOfTokenFile: options.onBehalfOfTokenFile === undefined ? null : path.resolve(options.onBehalfOfTokenFile),
  } as const satisfies SignIn;
  const means = { http: await cli.http(), now: Date.now };
  const tokens = await requestAgentToken(signIn, means, bindingOf(cli.settings.dpop));
  return { signIn, accessToken: accessTokenOf(tokens) };
}

/** The address is on the terminal as well, so a browser that does not start is no failure. */
function openBrowser(url: URL, preferred: string | undefined): void {
  const [command, ...rest] = preferred
    ? [preferred]
    : process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['explorer.exe']
        : ['xdg-open'];
  const browser = spawn(command ?? 'xdg-open', [...rest, url.href], { detached: true, stdio: 'ignore' });
  browser.on('error', () => undefined);
  browser.unref();
}
