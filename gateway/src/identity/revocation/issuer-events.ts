import { SluiceError } from '@sluice/contract/errors';
import type { Issuer } from '../verify-token.ts';
import { EventRefused } from './event-refused.ts';
import { readLogoutToken } from './logout-token.ts';
import type { Revoker } from './revoke.ts';
import { SeenEvents } from './seen-events.ts';

/** An issuer that may tell of events. */
export type EventIssuer = Issuer & {
  /** The client that people sign in with: `aud` of logout tokens. */
  readonly clientId: string;
};

export type IssuerEventsOptions = {
  readonly issuers: readonly EventIssuer[];
  readonly revoker: Revoker;
  readonly observe: { issuerEvent(outcome: 'taken' | 'ignored' | 'refused'): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (event: { readonly event: string; readonly message: string; readonly issuer: string }) => void;
};

type Source = EventIssuer & { readonly seen: SeenEvents };

/** What issuers tell the gateway of by themselves. */
export class IssuerEvents {
  readonly #options: IssuerEventsOptions;
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(options: IssuerEventsOptions) {
    this.#options = options;
    this.#sources = new Map(
      options.issuers.map((issuer) => [issuer.settings.name, { ...issuer, seen: new SeenEvents() }]),
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
