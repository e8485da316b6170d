/** How a command finds the resources that were opened for it: environment variables, and files that they name. */
import { SluiceError } from '@sluice/contract/errors';
import { type ConnectionSettings, connectionUri, libpqEnvironment } from '../tunnel/connection-settings.ts';

export type Wired = {
  readonly resource: string;
  readonly settings: ConnectionSettings;
};

/** Where the session secrets are: in the environment, or only in a password file (PostgreSQL manual, 34.16). */
export type SecretPlace = 'environment' | 'file';

/**
 * The first resource under the names that every PostgreSQL program knows, and each under its own: `ORDERS_DB_PGHOST`,
 * `DATABASE_URL_ORDERS_DB` and the service `orders-db`.
 */
export function childEnvironment(
  wired: readonly Wired[],
  files: { readonly passFile: string; readonly serviceFile: string },
  secrets: SecretPlace,
): Record<string, string> {
  const [first] = wired;
  if (first === undefined) return {};
  const variablesOf = ({ settings }: Wired): Record<string, string> => ({
    ...libpqEnvironment(settings),
    ...(secrets === 'environment' && { PGPASSWORD: settings.password }),
  });
  const urlOf = ({ settings }: Wired) => connectionUri(settings, secrets === 'environment');
  return {
    ...variablesOf(first),
    DATABASE_URL: urlOf(first),
    PGSERVICEFILE: files.serviceFile,
    ...(secrets === 'file' && { PGPASSFILE: files.passFile }),
    ...Object.fromEntries(
      wired.flatMap((one) => {
        const name = variableName(one.resource);
        const own = Object.entries(variablesOf(one)).map(([variable, value]) => [`${name}_${variable}`, value]);
        return [...own, [`DATABASE_URL_${name}`, urlOf(one)]];
      }),
    ),
  };
}

/** Throws `USAGE` when two resources would get the same variables: the command could not tell them apart. */
export function assertDistinct(resources: readonly string[]): void {
  const known = new Map<string, string>();
  for (const resource of resources) {
    const name = variableName(resource);
    const other = known.get(name);
    if (other !== undefined) {
      throw new SluiceError(
        'USAGE',
        other === resource ? `${resource} is named twice` : `${other} and ${resource} would both be ${name}_PGHOST`,
        { remedy: 'Name each once, or run two commands.' },
      );
    }
    known.set(name, resource);
  }
}

/** Upper case, other characters as `_`; never with a digit first, which no shell takes. */
export function variableName(resource: string): string {
  return resource
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** A password file with a line for each; the host is left open, since it is a path for some drivers. */
export function passFileText(wired: readonly Wired[]): string {
  const escape = (field: string) => field.replace(/[\\:]/g, '\\$&');
  return wired
    .map(({ settings: { port, user, password } }) => `*:${port}:*:${escape(user)}:${escape(password)}\n`)
    .join('');
}

/**
 * A connection service file (PostgreSQL manual, 34.17): `psql service=orders-db`. It has the secrets itself: libpq asks
 * PGPASSWORD before a password file, and that is the first resource's.
 */
export function serviceFileText(wired: readonly Wired[]): string {
  return wired
    .map(
      ({ resource, settings: { host, port, user, database, password } }) =>
        `[${resource}]\nhost=${host}\nport=${port}\nuser=${user}\ndbname=${database}\npassword=${password}\nsslmode=disable\n`,
    )
    .join('\n');
}
