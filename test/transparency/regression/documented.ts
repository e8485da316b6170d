/**
 * Differences that are meant: data with a reason a line. A difference is documented when every pattern of one entry
 * matches; the classes are explained in docs/transparency.md.
 */
import type { Difference } from './statements.ts';

export type Documented = {
  readonly class: string;
  readonly reason: string;
  /** Only in this file of the suite. */
  readonly file?: string;
  readonly statement?: RegExp;
  readonly direct?: RegExp;
  readonly gateway?: RegExp;
};

const DOCUMENTED: readonly Documented[] = [
  {
    class: 'guarded',
    reason: 'roles, the server’s configuration, tablespaces, loaded code and subscriptions keep the gateway whole',
    gateway: /policy engine:statement-guarded/,
  },
  {
    class: 'pinned',
    reason: 'the gateway reads text as the server does only with these settings',
    gateway: /policy engine:setting-guarded/,
  },
  {
    class: 'pinned',
    reason: 'COPY in another encoding, or with options that are no part of its grammar',
    gateway: /policy engine:copy-options/,
  },
  {
    class: 'server-file',
    reason: 'files and programs of the server',
    gateway: /policy engine:copy-file/,
  },
  {
    class: 'secret',
    reason: 'verifiers of passwords are masked for everybody',
    statement: /rolpassword|FROM pg_authid/,
  },
  {
    class: 'own-names',
    reason: 'statements and portals are held under names of the gateway; in some places they show',
    statement: /pg_cursors|pg_prepared_statements/,
  },
  {
    class: 'rule-rows',
    reason: 'the rows of a SELECT that a rule adds come in the simple protocol only',
    statement: /^\s*(insert|update|delete|with)\b/i,
    direct: /\(\d+ rows?\)$/,
    gateway: /^$/,
  },
  {
    class: 'several-at-once',
    reason: 'words of the server about implicit transactions and pipelines',
    statement: /\\;/,
    gateway: /within a pipeline|SET TRANSACTION can only be used|there is no transaction in progress/,
  },
  {
    class: 'read-early',
    reason: 'the query of a view is read when the view is made',
    gateway: /infinite recursion detected in/,
  },
  {
    class: 'copy-words',
    reason: 'errors about the columns of COPY come of the statement by which the gateway asks what it touches',
    statement: /^\s*copy\b/i,
    direct: /^ERROR: /,
    gateway: /^ERROR: {2}(?!sluice)/,
  },
  {
    class: 'own-names',
    reason: 'a prepared statement of pg_cursors',
    file: 'portals',
    direct: /is_holdable/,
  },
  {
    class: 'follows',
    reason: 'the role did not become a superuser, so it owns no event trigger',
    file: 'event_trigger',
    statement: /regress_evt_user/,
  },
  { class: 'follows', reason: 'no tablespace could be made', file: 'tablespace' },
  { class: 'follows', reason: 'no subscription could be made', file: 'subscription' },
  { class: 'follows', reason: 'the object is a subscription', file: 'object_address', gateway: /subscription/ },
  {
    class: 'follows',
    reason: 'roles keep the attributes that they were made with',
    file: 'foreign_data',
    statement: /foo|dew/,
  },
  {
    class: 'follows',
    reason: 'ALTER ROLE … NOINHERIT is refused inside a transaction',
    file: 'privileges',
    gateway: /current transaction is aborted/,
  },
  { class: 'follows', reason: 'ALTER GROUP is refused', file: 'privileges', statement: /enabled_roles|datdba_only/ },
  {
    class: 'follows',
    reason: 'strings are read with standard_conforming_strings on',
    file: 'strings',
    statement: /U&|\\\\|standard_conforming_strings|escape_string_warning/,
  },
  {
    class: 'follows',
    reason: 'strings are read with standard_conforming_strings on',
    file: 'plpgsql',
    direct: /nonstandard use of/,
  },
  {
    class: 'follows',
    reason: 'plpgsql is not loaded, so its settings are not known',
    file: 'guc',
    gateway: /extra_foo_warnings/,
  },
  {
    class: 'follows',
    reason: 'plpgsql is not loaded, so its settings are not known',
    file: 'guc',
    statement: /extra_foo_warnings/,
  },
  { class: 'follows', reason: 'the view over a recursive one was not made', file: 'lock', gateway: /lock_view7/ },
  {
    class: 'follows',
    reason: 'views over tables with recursive policies were not made, so policies do not use them',
    file: 'rowsecurity',
    statement: /rec[12]v|from v2|FROM s1|SCHEMA regress_rls_schema/i,
  },
  {
    class: 'follows',
    reason: 'COPY in another encoding is refused, so its rows are read as statements and are missing',
    file: 'copy2',
    statement: /^\d{4}:|^SELECT \* FROM x;|^COPY x /,
  },
  {
    class: 'follows',
    reason: 'COPY into a view is refused before its data are asked for, so they are read as statements',
    file: 'copy2',
    statement: /^test1|instead_of_insert|^\$\$ LANGUAGE plpgsql;/,
  },
];

/** The first entry that explains a difference; undefined when none does. */
export function documentedBy(file: string, difference: Difference): Documented | undefined {
  return DOCUMENTED.find(
    (known) =>
      (known.file === undefined || known.file === file) &&
      (known.statement?.test(difference.statement) ?? true) &&
      (known.direct?.test(difference.direct) ?? true) &&
      (known.gateway?.test(difference.gateway) ?? true),
  );
}
