/** Tests that end otherwise through the gateway, and are meant to: data with a reason a line. */
import type { Difference } from './outcomes.ts';

export type Documented = {
  readonly reason: string;
  /** Only in this suite. */
  readonly suite?: string;
  readonly test?: RegExp;
  /** What the test told through the gateway. */
  readonly detail?: RegExp;
};

const DOCUMENTED: readonly Documented[] = [
  {
    reason: 'a resource is one database: others do not exist',
    detail: /RESOURCE_UNKNOWN/,
  },
  {
    reason: 'a resource is one database: others do not exist',
    suite: 'django',
    test: /\.test_nodb_cursor$/,
  },
  {
    reason:
      'the gateway takes what the server has not read yet, so the driver has sent everything when the error comes',
    suite: 'asyncpg',
    test: /::test_executemany_server_failure_during_writes$/,
  },
  {
    reason: 'the server that the test itself plays speaks no TLS, which the variables ask of it',
    suite: 'node-postgres',
    test: /^pg\/(client\/connection-timeout|gh-issues\/(2627|3174))-tests\.js$/,
    detail: /does not support SSL connections|establishing an SSL connection|invalid response/,
  },
  {
    reason: 'a message in clear behind SSLRequest is refused, as by a server with TLS',
    suite: 'node-postgres',
    test: /^pg\/client\/quick-disconnect-tests\.js$/,
    detail: /establishing an SSL connection/,
  },
  {
    reason: 'large objects bear no labels: refused',
    test: /lobject|large_?obj|_lo_|LargeObject/i,
    detail: /call the function with SELECT|lo_\w+|large object/i,
  },
  {
    reason: 'texts are read as UTF-8',
    detail:
      /setting client_encoding may not be changed|client_encoding "[^"]*" is not offered|client_encoding=SQL_ASCII/,
  },
  {
    reason: 'texts are read with standard_conforming_strings on',
    detail: /standard_conforming_strings/,
  },
  {
    reason: 'debug messages are withheld: the gateway keeps client_min_messages of the server where it needs it',
    suite: 'psycopg2',
    test: /::test_notices(_consistent_order)?$/,
  },
  {
    reason: 'debug messages are withheld: the gateway keeps client_min_messages of the server where it needs it',
    suite: 'dbd-pg',
    test: /"PrintWarn" shows warnings when on$/,
  },
  {
    reason: 'notifications are withheld: a payload is whatever somebody put there',
    test: /notif|listen/i,
    detail: /No notification received/,
  },
  {
    reason:
      'the process ID of a notification is that of BackendKeyData, the gateway’s own; pg_backend_pid() is the server’s',
    suite: 'dbd-pg',
    test: /"pg_notifies" (\(func\) )?returns the correct values$/,
  },
  {
    reason:
      'the process ID by which a session is cancelled is the gateway’s own: the server knows none to terminate by it',
    suite: 'go-pgx-v4',
    test: /\/TestFatal(Rx|Tx)Error$/,
  },
  {
    reason: 'the user of a connection is the person’s session, current_user the role with which the gateway logs in',
    suite: 'go-pgx-v4',
    test: /\/TestConnect$/,
  },
  {
    reason: 'the process ID by which a session is cancelled is the gateway’s own',
    suite: 'psycopg2',
    test: /::test_backend_pid$/,
  },
  {
    reason: 'the user is the one who signs in to the gateway, not the database’s role',
    suite: 'psycopg2',
    test: /::test_user$/,
  },
];

/** The first entry that explains a difference; undefined when none does. */
export function documentedBy(suite: string, { test, detail }: Difference): Documented | undefined {
  return DOCUMENTED.find(
    (known) =>
      (known.suite === undefined || known.suite === suite) &&
      (known.test?.test(test) ?? true) &&
      (known.detail?.test(detail) ?? true),
  );
}
