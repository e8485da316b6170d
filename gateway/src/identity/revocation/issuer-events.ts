import { createHash, timingSafeEqual } from 'node:crypto';
import { SluiceError } from '@sluice/contract/errors';
import type { Secret } from '../../config/secret.ts';
import type { EvidenceLog } from '../../evidence/entry.ts';
import type { Issuer } from '../verify-token.ts';
import { EventRefused } from './event-refused.ts';
import type { EventSource, EventToken } from './event-token.ts';
import { readLogoutToken } from './logout-token.ts';
import type { Revoker } from './revoke.ts';
import { readSecurityEvent } from './security-event.ts';
import { SeenEvents } from './seen-events.ts';

/** An issuer that may tell of events. */
export type EventIssuer = Issuer & {
  /** The client that people sign in with: `aud` of logout tokens. */
  readonly clientId: string;
  /** Who pushes security events; null: nobody. */
  readonly transmitter: Transmitter | null;
};

export type Transmitter = EventSource & {
  /** The bearer token that it presents, as it is now. */
  readonly bearer: () => Promise<Secret>;
};

export type IssuerEventsOptions = {
  readonly issuers: readonly EventIssuer[];
  readonly revoker: Revoker;
  readonly record: Pick<EvidenceLog, 'append'>;
  readonly observe: { issuerEvent(outcome: 'taken' | 'ignored' | 'refused'): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (event: { readonly event: string; readonly message: string; readonly issuer: string }) => void;
};

/** Ids of logout tokens and of security events are no kin. */
type Source = EventIssuer & { readonly seen: SeenEvents; readonly pushed: SeenEvents };

/** What issuers tell the gateway of by themselves. */
export class IssuerEvents {
  readonly #options: IssuerEventsOptions;
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(options: IssuerEventsOptions) {
    this.#options = options;
    this.#sources = new Map(
      options.issuers.map((issuer) => [
        issuer.settings.name,
        { ...issuer, seen: new SeenEvents(), pushed: new SeenEvents() },
      ]),
    );
  }

  /** A logout token. Throws NOT_FOUND for an issuer that there is not, EventRefused, and what `Revoker.revoke` does. */
  async logout(issuerName: string, logoutToken: string): Promise<void> {
    const source = this.#source(issuerName);
    await this.#observed(source, async () => {
      const { issuer, algorithms } = source.settings;
      const from = { issuer, algorithms, audience: source.clientId, keys: source.keys };
      const { token, revocation } = await readLogoutToken(logoutToken, from, this.#options.now());
      // §2.6: a token is taken once.
      if (!source.seen.take(token.id)) throw new EventRefused('invalid_request', 'it was taken before');
      const cause = { issuer: issuerName, events: ['backchannel-logout'], eventId: token.id };
      try {
        await this.#options.revoker.revoke(revocation, cause);
      } catch (error) {
        source.seen.giveBack(token.id);
        throw error;
      }
      return 'taken';
    });
  }

  /**
   * A security event token, pushed (RFC 8935). One that was taken before is taken again and does nothing, as are events for
   * others. Throws as `logout` does.
   */
  async push(issuerName: string, bearer: string | null, eventToken: string): Promise<void> {
    const source = this.#source(issuerName);
    const { transmitter } = source;
    if (transmitter === null) throw new SluiceError('NOT_FOUND', `Nobody pushes events of issuer "${issuerName}".`);
    await this.#observed(source, async () => {
      if (bearer === null || !isSame(bearer, (await transmitter.bearer()).reveal()))
        throw new EventRefused('authentication_failed', 'the bearer token is missing or not the one');
      const { issuer } = source.settings;
      const { token, revocations } = await readSecurityEvent(eventToken, transmitter, issuer, this.#options.now());
      if (!source.pushed.take(token.id)) return 'ignored';
      const cause = { issuer: issuerName, events: namesOf(token), eventId: token.id };
      try {
        for (const revocation of revocations) await this.#options.revoker.revoke(revocation, cause);
        if (revocations.length > 0) return 'taken';
        await this.#options.record.append({ kind: 'identity.event-ignored', ...cause }, 'soon');
        return 'ignored';
      } catch (error) {
        source.pushed.giveBack(token.id);
        throw error;
      }
    });
  }

  #source(issuerName: string): Source {
    const source = this.#sources.get(issuerName);
    if (source === undefined) throw new SluiceError('NOT_FOUND', `There is no issuer "${issuerName}".`);
    return source;
  }

  async #observed({ settings }: Source, take: () => Promise<'taken' | 'ignored'>): Promise<void> {
    const { observe, log } = this.#options;
    try {
      observe.issuerEvent(await take());
    } catch (error) {
      observe.issuerEvent('refused');
      const message = error instanceof Error ? error.message : String(error);
      log({ event: 'issuer-event-refused', message, issuer: settings.name });
      throw error;
    }
  }
}

/** Events that an entry names, and how much of each name. */
const MAX_NAMED_EVENTS = 16;
const MAX_EVENT_NAME_CHARS = 256;

function namesOf({ events }: EventToken): readonly string[] {
  return [...events.keys()].slice(0, MAX_NAMED_EVENTS).map((uri) => uri.slice(0, MAX_EVENT_NAME_CHARS));
}

/** In a time that tells nothing of where they differ. */
function isSame(presented: string, expected: string): boolean {
  const [one, other] = [presented, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
