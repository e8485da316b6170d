/** Who is told of requests and grants, from the configuration. */
import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';
import { findGrant } from './approval/grant-rows.ts';
import { findRequest } from './approval/request-rows.ts';
import type { NotificationConfig } from './config/config.ts';
import { isNotifiable } from './config/documents/notification.ts';
import type { SecretSource } from './config/documents/secret-source.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret-value.ts';
import { type Notice, noticeOfGrant, noticeOfRequest } from './notification/messages.ts';
import { Notifier, type Place } from './notification/notifier.ts';
import { type Letter, Outbox } from './notification/outbox.ts';
import type { Store } from './store/store.ts';
import type { Logger } from './telemetry/logger.ts';

export function createNotifier(
  configs: readonly NotificationConfig[],
  ports: {
    readonly store: Store;
    readonly environment: Environment;
    readonly fetch: typeof fetch;
    readonly now: () => number;
    readonly log: Logger;
  },
): Notifier {
  const { store, environment, now, log } = ports;
  return new Notifier(
    configs.map((config) => placeOf(config, environment)),
    {
      ...{ now, fetch: ports.fetch, outbox: new Outbox(store) },
      noticeOf: (letter, link) => noticeOf(store, letter, link),
      pause: async (ms, signal) => await pause(ms, undefined, { signal, ref: false }),
      onDropped: (facts) => log.warn(facts, 'a notification could not be delivered'),
      onError: (error) => log.error({ err: error }, 'notifications wait: the store failed'),
    },
  );
}

/** As it is now, in the state that is told of: a decision may have come since. */
async function noticeOf(
  store: Store,
  { about, subject, state }: Letter,
  link: string | undefined,
): Promise<Notice | null> {
  if (about === 'grants') {
    const grant = await findGrant(store, subject);
    return grant === null ? null : { ...noticeOfGrant(grant.view, link), state };
  }
  const request = await findRequest(store, subject);
  return request === null ? null : { ...noticeOfRequest(request.view, link), state };
}

function placeOf(config: NotificationConfig, environment: Environment): Place {
  const { name, format, about, link, url, urlFrom, secret } = config;
  const reveal = async (source: SecretSource | undefined): Promise<string> =>
    source === undefined ? '' : (await readSecret(source, environment)).reveal();
  return {
    ...{ name, format, about, link },
    url: async () => {
      const address = url ?? (await reveal(urlFrom));
      if (!isNotifiable(address))
        throw new SluiceError('CONFIG_INVALID', `the URL of notification ${name} is not an https URL`);
      return address;
    },
    secret: async () => await reveal(secret),
  };
}
