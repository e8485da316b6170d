import { readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { HttpOptions } from '../client/https.ts';
import type { AccessToken, TokenSource } from './access-token.ts';
import { type AgentProof, agentToken, agentTokenOnBehalf } from './agent-tokens.ts';
import { confinedTo } from './asked-scopes.ts';
import type { Binding, ProofSetting } from './binding.ts';
import type { CredentialStore } from './credential-store.ts';
import { accessTokenOf, type TokenSet } from './openid.ts';
import { ProofKey } from './proof-key.ts';
import { renew } from './renew.ts';
import { parseSignIn, type SignIn } from './sign-in.ts';

/** Renewed when less than this is left, so that a token does not expire on its way. */
export const RENEW_BEFORE_MS = 60_000;
/** Longest file that is taken for a token or secret, characters. */
const MAX_SECRET_LENGTH = 16_384;

/** The access token in a file, read anew each time: such files rotate. */
export function tokenFromFile(file: string): TokenSource {
  return () => readSecretFile(file, 'access token');
}

export type StoredTokenOptions = {
  readonly account: string;
  readonly store: CredentialStore;
  readonly http: HttpOptions;
  readonly now: () => number;
  /** Runs a refresh while no other process does (see `withFileLock`). */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whom an agent acts for now, instead of what its sign-in says; null for that. */
  readonly onBehalfOfTokenFile?: string | null;
  /** Whether an agent's tokens are to be bound to a key; bearer tokens unless given. A person's are as they signed in. */
  readonly proofs?: ProofSetting;
  /** Scopes of Sluice that are asked for; what the sign-in has, unless given. */
  readonly scopes?: readonly string[] | null;
};

/**
 * Access tokens for the stored sign-in, kept in memory only and renewed before they expire. Many callers at once
 * cause one renewal. Throws `AUTH_REQUIRED` when nobody is signed in.
 */
export function tokenFromSignIn(options: StoredTokenOptions): TokenSource {
  const binding = bindingOf(options.proofs);
  return renewing(() => options.locked(() => requestToken(options, binding)), options.now);
}

/** Access tokens of an agent that signs in by itself; its files are read anew for each. */
export function tokenFromAgent(
  signIn: () => Promise<Extract<SignIn, { kind: 'agent' }>>,
  options: Pick<StoredTokenOptions, 'http' | 'now' | 'proofs' | 'scopes'>,
): TokenSource {
  const binding = bindingOf(options.proofs);
  return renewing(async () => requestAgentToken(await signIn(), options, binding), options.now);
}

/** The key of an agent's tokens is this process's alone: it is in memory, and gone with it. */
export function bindingOf(setting: ProofSetting = 'off'): Binding {
  let key: Promise<ProofKey> | null = null;
  return {
    setting,
    key: () => {
      key ??= ProofKey.make();
      return key;
    },
  };
}

function renewing(request: () => Promise<TokenSet>, now: () => number): TokenSource {
  let current: { readonly token: AccessToken; readonly expiresAtMs: number } | null = null;
  let renewal: Promise<AccessToken> | null = null;

  const renewed = async (): Promise<AccessToken> => {
    const set = await request();
    // An issuer that names no lifetime gets asked each time the process needs a token after a minute.
    const token = accessTokenOf(set);
    current = { token, expiresAtMs: set.expiresAtMs ?? now() + 2 * RENEW_BEFORE_MS };
    return token;
  };
  return async () => {
    if (current !== null && current.expiresAtMs - now() > RENEW_BEFORE_MS) return current.token;
    renewal ??= renewed().finally(() => {
      renewal = null;
    });
    return renewal;
  };
}

async function requestToken(options: StoredTokenOptions, binding: Binding): Promise<TokenSet> {
  const stored = await options.store.read(options.account);
  if (stored === null) throw new SluiceError('AUTH_REQUIRED', `you are not signed in to ${options.account}`);
  const signIn = parseSignIn(stored);
  const onBehalfOf = options.onBehalfOfTokenFile ?? null;
  if (signIn.kind === 'agent')
    return requestAgentToken(
      onBehalfOf === null ? signIn : { ...signIn, onBehalfOfTokenFile: onBehalfOf },
      options,
      binding,
    );
  if (onBehalfOf !== null)
    throw new SluiceError('USAGE', 'a person acts for nobody else', {
      remedy: 'Sign in as an agent: `sluice login --as-agent ID …`, or SLUICE_AGENT.',
    });
  return requestPersonToken(signIn, options);
}

async function requestPersonToken(
  signIn: Extract<SignIn, { kind: 'person' }>,
  options: StoredTokenOptions,
): Promise<TokenSet> {
  const key = signIn.proofKey === null ? null : await ProofKey.from(signIn.proofKey);
  const set = await renew(signIn.facts, signIn.refreshToken, options.http, options.now, key, options.scopes);
  // Stored before the access token is used: a rotated token that is lost ends the sign-in.
  if (set.refreshToken !== null && set.refreshToken !== signIn.refreshToken) {
    await options.store.write(
      options.account,
      JSON.stringify({ ...signIn, refreshToken: set.refreshToken } satisfies SignIn),
    );
  }
  return set;
}

/** Asks the issuer as the agent; its secret and the token of whom it acts for come from their files, now. */
export async function requestAgentToken(
  signIn: Extract<SignIn, { kind: 'agent' }>,
  options: Pick<StoredTokenOptions, 'http' | 'now' | 'scopes'>,
  binding: Binding,
): Promise<TokenSet> {
  const facts = confinedTo(signIn.facts, options.scopes ?? null);
  const request = { facts, proof: await readProof(signIn, options.http), now: options.now, binding };
  if (signIn.onBehalfOfTokenFile === null) return agentToken(request, options.http);
  return agentTokenOnBehalf(request, await readSecretFile(signIn.onBehalfOfTokenFile, 'access token'), options.http);
}

async function readProof(
  { clientSecretFile, workloadTokenFile }: Extract<SignIn, { kind: 'agent' }>,
  { certificate = null }: HttpOptions,
): Promise<AgentProof> {
  if (workloadTokenFile !== null)
    return { kind: 'assertion', assertion: await readSecretFile(workloadTokenFile, 'workload token') };
  if (clientSecretFile !== null)
    return { kind: 'secret', secret: await readSecretFile(clientSecretFile, 'client secret') };
  if (certificate !== null) return { kind: 'certificate' };
  throw new SluiceError(
    'AUTH_CREDENTIAL_STORE',
    'the stored sign-in names neither a client secret nor a workload token',
  );
}

async function readSecretFile(file: string, what: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new SluiceError('CONFIG_INVALID', `the ${what} cannot be read from ${file}`, {
      cause: error,
      remedy: 'Check the path and that you may read the file.',
    });
  }
  if (text !== '' && text.length <= MAX_SECRET_LENGTH && !/\s/.test(text)) return text;
  throw new SluiceError('CONFIG_INVALID', `${file} holds no ${what}`, {
    remedy: `It has to hold the ${what} and nothing else.`,
  });
}
