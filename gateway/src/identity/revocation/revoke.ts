import type { Entry, EvidenceLog } from '../../evidence/entry.ts';
import type { Store } from '../../store/store.ts';
import type { Revocations } from '../revocations.ts';
import type { SignedIn } from '../sign-in.ts';
import { isEndedBy, type Revocation } from './revocation.ts';
import { writeMarks } from './revocation-rows.ts';

/** Sessions that one entry names. */
export const MAX_NAMED_SESSIONS = 1_000;

export type RevocationCause = {
  /** Name of the issuer in configuration. */
  readonly issuer: string;
  readonly events: readonly string[];
  readonly eventId: string | null;
};

export type RevokerOptions = {
  readonly revocations: Revocations;
  readonly store: Store;
  readonly log: Pick<EvidenceLog, 'append'>;
  readonly liveSessions: () => readonly (SignedIn & { readonly id: string })[];
  readonly countSecrets: (which: (holder: SignedIn) => boolean) => number;
  /** Ends the open grants of the principal and of those who act for it. */
  readonly voidGrants: (principalId: string, cause: RevocationCause, why: string) => Promise<void>;
  readonly observe: { revoked(sessions: number): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** Carries out what issuers take back. */
export class Revoker {
  readonly #options: RevokerOptions;

  constructor(options: RevokerOptions) {
    this.#options = options;
  }

  /**
   * Refuses at once what was issued until then, writes that down, and ends what lives of it. What lives ends also when
   * it cannot be written down. Throws then, so that the issuer tells of it again: EVIDENCE_UNWRITABLE, or what the store says.
   */
  async revoke(revocation: Revocation, cause: RevocationCause): Promise<void> {
    const { revocations, store, log, observe } = this.#options;
    const { subject, signIn, untilMs, why } = revocation;
    const changes = revocations.remember(revocation);
    const which = (of: SignedIn) => isEndedBy(revocation, of);
    const sessions = this.#options.liveSessions().filter(which);
    const entry: Entry = {
      ...{ kind: 'identity.revoked', ...cause, subject, signIn },
      issuedUntil: new Date(untilMs).toISOString(),
      sessions: sessions.slice(0, MAX_NAMED_SESSIONS).map(({ id }) => id),
      sessionCount: sessions.length,
      secretCount: this.#options.countSecrets(which),
    };
    try {
      await log.append(entry, 'write');
    } finally {
      try {
        revocations.tell(revocation);
      } finally {
        observe.revoked(sessions.length);
        await writeMarks(store, changes, Math.floor(this.#options.now()));
      }
    }
    // A grant is the principal's, not that of one of several sign-ins.
    if (subject !== null && signIn === null) await this.#options.voidGrants(subject, cause, why);
  }
}
