/** Who asks: tokens, session secrets, and what ends with them. */
import { randomBytes } from 'node:crypto';
import type { Opened } from './closers.ts';
import type { GatewayConfig } from './config/config.ts';
import { Authenticator } from './identity/authenticate.ts';
import { HolderCheck } from './identity/binding/holder-check.ts';
import { OwnOrigins } from './identity/binding/own-origins.ts';
import { SeenProofs } from './identity/binding/seen-proofs.ts';
import { isEndedBy } from './identity/revocation/revocation.ts';
import { readMarks } from './identity/revocation/revocation-rows.ts';
import { Revocations } from './identity/revocations.ts';
import { MAX_SECRETS, SessionSecrets } from './identity/session-secrets.ts';
import { TokenVerifier } from './identity/verify-token.ts';
import type { SessionRegistry } from './session/registry.ts';
import type { Store } from './store/store.ts';

export type IdentityParts = {
  readonly registry: SessionRegistry;
  readonly store: Store;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly opened: Opened;
};

export type Identity = {
  readonly revocations: Revocations;
  readonly tokens: TokenVerifier;
  readonly secrets: SessionSecrets;
  readonly authenticator: Authenticator;
  /** Learns where the gateway listens when it does. */
  readonly origins: OwnOrigins;
};

export async function openIdentity(
  config: GatewayConfig,
  { registry, store, fetch, now, opened }: IdentityParts,
): Promise<Identity> {
  const revocations = new Revocations(await readMarks(store));
  // Before that of the secrets, whose end tells less.
  revocations.onRevoked((revocation) =>
    registry.end((session) => isEndedBy(revocation, session), `the sign-in was revoked: ${revocation.why}`),
  );
  const origins = new OwnOrigins(config.gateway.origins ?? null);
  const holders = new HolderCheck({ origins, seen: new SeenProofs(store, now), now });
  const tokens = new TokenVerifier({ issuers: config.issuers, fetch, now, revocations, holders });
  const secrets = opened(
    'session secrets',
    new SessionSecrets({
      now,
      randomBytes,
      revocations,
      schedule: (delayMs, run) => {
        const timer = setTimeout(run, delayMs).unref();
        return () => clearTimeout(timer);
      },
      settings: {
        lifetimeMs: config.gateway.limits.sessionSeconds * 1_000,
        graceMs: 0,
        maxSecrets: MAX_SECRETS,
      },
    }),
    (part) => part.close(),
  );
  secrets.onEnded((ended) =>
    registry.end((session) => session.secretId === ended.sessionId, 'the session secret has ended'),
  );
  return { revocations, tokens, secrets, origins, authenticator: new Authenticator({ tokens, secrets }) };
}
