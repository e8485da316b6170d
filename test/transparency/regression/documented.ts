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
    statement:
      /\b(ALTER (ROLE|USER|GROUP|SYSTEM|DATABASE|TABLESPACE|SUBSCRIPTION|INDEX|MATERIALIZED|TABLE)|(CREATE|DROP) (TABLESPACE|SUBSCRIPTION|ROLE|USER)|COMMENT ON|LOAD|SECURITY LABEL)\b/i,
    gateway: /^ERROR: {2}sluice: .*\(policy engine:statement-guarded\)$/m,
  },
  {
    class: 'pinned',
    reason: 'the gateway reads text as the server does only with these settings',
    statement: /standard_conforming_strings|client_encoding/i,
    gateway: /^ERROR: {2}sluice: The setting .*\(policy engine:setting-guarded\)$/m,
  },
  {
    class: 'pinned',
    reason: 'COPY in another encoding, or with options that are no part of its grammar',
    statement: /^\s*copy\b/im,
    gateway: /^ERROR: {2}sluice: .*\(policy engine:copy-options\)$/m,
  },
  {
    class: 'server-file',
    reason: 'files and programs of the server',
    statement: /\bcopy\b/i,
    gateway: /^ERROR: {2}sluice: .*\(policy engine:copy-file\)$/m,
  },
  {
    class: 'follows',
    reason: 'ALTER ROLE is refused: roles keep the attributes that they were made with',
    file: 'roleattributes',
    statement: /FROM pg_authid WHERE rolname = 'regress_test_/,
  },
  {
    class: 'secret',
    reason: 'verifiers of passwords are masked for everybody',
    file: 'password',
    statement: /rolpassword|FROM pg_authid/,
    direct: /rolpassword/,
  },
  {
    class: 'secret',
    reason: 'options of user mappings hold passwords, and expressions over them are refused',
    file: 'foreign_data',
    statement: /^\\deu\+$|FROM information_schema\.user_mapping_options/m,
    gateway: /pg_user_mapping\.umoptions \(regulated, system\.secret\)/,
  },
  {
    class: 'secret',
    reason: 'a GRANT on pg_authid is judged by all of its columns',
    file: 'init_privs',
    statement: /^GRANT SELECT \(rolname, rolsuper\) ON pg_authid TO CURRENT_USER;$/m,
    gateway: /pg_authid\.rolpassword \(regulated, system\.secret\)/,
  },
  {
    class: 'function-call',
    reason: 'the message FunctionCall is for functions that only compute, and large objects bear no labels',
    file: 'largeobject',
    statement: /^\\lo_(unlink|export|import)\b/m,
    gateway: /this function is not offered by the FunctionCall message/,
  },
  {
    class: 'follows',
    reason: 'the large object was not unlinked',
    file: 'largeobject',
    statement: /^\\dl$|^DROP ROLE regress_lo_user;$/m,
    gateway: /large object 42|^ 42 \| regress_lo_user/m,
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
    gateway: /within a pipeline|SET TRANSACTION can only be used/,
  },
  {
    class: 'several-at-once',
    reason: 'VACUUM behind a COMMIT is the first of its transaction in a pipeline, and runs',
    file: 'transactions',
    statement: /COMMIT\\; VACUUM;$/,
  },
  {
    class: 'read-early',
    reason: 'the query of a view is read when the view is made',
    statement: /^CREATE (OR REPLACE )?VIEW\b|rec[12]v/im,
    gateway: /^ERROR: {2}infinite recursion detected in (rules|policy) for relation/m,
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
    reason: 'a prepared statement that reads pg_cursors sees the portal in which it runs',
    file: 'portals',
    statement: /^EXECUTE cprep;$/m,
    gateway: /EXECUTE cprep;/,
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
