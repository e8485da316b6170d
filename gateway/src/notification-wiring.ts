/** Who is told of requests and grants, from the configuration. */
import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { NotificationConfig } from './config/config.ts';
import { isNotifiable } from './config/documents/notification.ts';
import type { SecretSource } from './config/documents/secret-source.ts';
import type { Environment } from './config/environment.ts';
import { readSecret } from './config/secret-value.ts';
import { Notifier, type Place } from './notification/notifier.ts';
import type { Logger } from './telemetry/logger.ts';

export function createNotifier(
  configs: readonly NotificationConfig[],
  ports: {
    readonly environment: Environment;
    readonly fetch: typeof fetch;
    readonly now: () => number;
    readonly log: Logger;
  },
): Notifier {
  const { environment, now, log } = ports;
  return new Notifier(
    configs.map((config) => placeOf(config, environment)),
    {
      ...{ now, fetch: ports.fetch },
      pause: async (ms, signal) => await pause(ms, undefined, { signal, ref: false }),
      onDropped: (facts) => log.warn(facts, 'a notification could not be delivered'),
    },
  );
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
