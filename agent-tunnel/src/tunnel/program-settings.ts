/**
 * Ready-made connection settings for programs. None holds the secret where the program can read it from the password
 * file, which each renewal replaces; where it cannot, the text says so.
 */
import { type ConnectionSettings, connectionUri, libpqEnvironment } from './connection-settings.ts';

export const PROGRAMS = [
  'psql',
  'env',
  'uri',
  'jdbc',
  'sqlalchemy',
  'dbeaver',
  'datagrip',
  'pgadmin',
  'tableplus',
  'json',
] as const;
export type Program = (typeof PROGRAMS)[number];

/** An open tunnel as programs see it. */
export type ProgramTarget = {
  readonly resource: string;
  readonly settings: ConnectionSettings;
  readonly passFile: string;
};

/** Programs that speak TCP only: Java's drivers and what is built on them, and most with windows. */
export const NEEDS_TCP: ReadonlySet<Program> = new Set(['jdbc', 'dbeaver', 'datagrip', 'tableplus']);

/** Text for a file or a dialog of the program. Several targets make one text. */
export function programSettings(program: Program, targets: readonly ProgramTarget[]): string {
  switch (program) {
    case 'pgadmin':
      return pgAdminServers(targets);
    case 'json':
      return `${JSON.stringify(targets.map(withoutSecret), null, 2)}\n`;
    case 'env':
      return targets.map((target) => dotEnv(target, targets.length > 1)).join('');
    default:
      return targets.map((target) => WRITERS[program](target)).join('\n');
  }
}

const WRITERS: Readonly<Record<Exclude<Program, 'pgadmin' | 'json' | 'env'>, (target: ProgramTarget) => string>> = {
  // PostgreSQL manual, 34.17: ~/.pg_service.conf, or the file that PGSERVICEFILE names. Then: psql service=NAME
  psql: ({ resource, settings, passFile }) =>
    section(resource, {
      ...where(settings),
      ...(settings.host.startsWith('/') ? {} : { sslmode: 'disable' }),
      gssencmode: 'disable',
      passfile: passFile,
      // No require_auth: libpq before 16 refuses a service file that has it. PGREQUIREAUTH in the environment does no harm.
      ...(settings.requirePeer === undefined ? {} : { requirepeer: settings.requirePeer }),
    }),
  uri: ({ settings }) => `${connectionUri(settings)}\n`,
  jdbc: (target) => `${jdbcUrl(target)}\n`,
  sqlalchemy: ({ settings: { host, port, user, database }, passFile }) =>
    `postgresql+psycopg://${encodeURIComponent(user)}@/${encodeURIComponent(database)}?${new URLSearchParams({
      host,
      port: String(port),
      passfile: passFile,
      sslmode: 'disable',
    }).toString()}\n`,
  dbeaver: (target) =>
    `${target.resource}: Database > New Connection > PostgreSQL\n` +
    `  Connect by      URL\n` +
    `  URL             ${jdbcUrl(target)}\n` +
    `  Authentication  PostgreSQL Pgpass, user ${target.settings.user}\n` +
    `  Driver properties: pgpassfile is in the URL; SSL stays off, the tunnel is encrypted\n`,
  datagrip: (target) =>
    `#DataSourceSettings#\n#LocalDataSource: ${xml(target.resource)}\n` +
    `<data-source source="LOCAL" name="${xml(target.resource)}">\n` +
    `  <driver-ref>postgresql</driver-ref>\n` +
    `  <jdbc-driver>org.postgresql.Driver</jdbc-driver>\n` +
    `  <jdbc-url>${xml(jdbcUrl(target))}</jdbc-url>\n` +
    `  <auth-provider>pgpass</auth-provider>\n` +
    `  <user-name>${xml(target.settings.user)}</user-name>\n` +
    `</data-source>\n#END#\n`,
  // Reads no password file: the link holds the secret, good until the session's end.
  tableplus: ({ resource, settings }) =>
    `${connectionUri(settings)}&statusColor=007F3D&name=${encodeURIComponent(resource)}\n`,
};

/** Servers to import: Tools > Import/Export Servers (pgAdmin's manual, "JSON format"). */
function pgAdminServers(targets: readonly ProgramTarget[]): string {
  const servers = targets.map(({ resource, settings, passFile }, index) => [
    String(index + 1),
    {
      Name: resource,
      Group: 'Sluice',
      Host: settings.host,
      Port: settings.port,
      MaintenanceDB: settings.database,
      Username: settings.user,
      PassFile: passFile,
      ConnectionParameters: { sslmode: 'disable', passfile: passFile },
    },
  ]);
  return `${JSON.stringify({ Servers: Object.fromEntries(servers) }, null, 2)}\n`;
}

function dotEnv({ resource, settings, passFile }: ProgramTarget, isOneOfMany: boolean): string {
  const prefix = isOneOfMany ? `${resource.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_` : '';
  const variables = { ...libpqEnvironment(settings), PGPASSFILE: passFile };
  return Object.entries(variables)
    .map(([name, value]) => `${prefix}${name}=${JSON.stringify(value)}\n`)
    .join('');
}

/** pgjdbc reads a password file from its property; it has no Unix sockets. */
function jdbcUrl({ settings: { host, port, database, user }, passFile }: ProgramTarget): string {
  const query = new URLSearchParams({ user, sslmode: 'disable', pgpassfile: passFile });
  return `jdbc:postgresql://${host}:${port}/${encodeURIComponent(database)}?${query.toString()}`;
}

function withoutSecret({ resource, settings: { host, port, database, user }, passFile }: ProgramTarget): object {
  return { resource, host, port, database, user, passFile };
}

function where({ host, port, database, user }: ConnectionSettings): Record<string, string> {
  return { host, port: String(port), dbname: database, user };
}

function section(name: string, entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `${key}=${value}\n`);
  return `[${name}]\n${lines.join('')}`;
}

function xml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
