import { type OracleChoice, showsTrees } from './upstream/oracle.ts';
import type { QueryConnection } from './upstream/query-connection.ts';

/** What `check` says of how a database tells what statements mean. */
export type OracleFindings = {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly note: string;
};

/** `role`: under which the gateway logs in. */
export async function checkOracle(
  connection: QueryConnection,
  choice: OracleChoice,
  role: string,
): Promise<OracleFindings> {
  const note = `oracle: ${choice.current}, since ${choice.reason}`;
  const found = choice.current === 'notices' ? await ofNotices(connection, role) : await ofStored(connection, role);
  return { ...found, note };
}

async function ofNotices(connection: QueryConnection, role: string): Promise<Omit<OracleFindings, 'note'>> {
  const [[logged = null] = []] = await connection.query("SELECT pg_catalog.current_setting('log_min_messages')");
  const warnings =
    logged === 'fatal' || logged === 'panic'
      ? []
      : [
          `log_min_messages is "${logged ?? ''}": the trees of statements, with their literals, go to the server's log. Run once as superuser: ALTER ROLE ${role} SET log_min_messages = 'fatal'`,
        ];
  const errors = (await showsTrees(connection))
    ? []
    : ['the server sends no tree for a statement, so none can be analysed: leave out oracle: notices'];
  return { errors, warnings };
}

async function ofStored(connection: QueryConnection, role: string): Promise<Omit<OracleFindings, 'note'>> {
  const [[standby = null, readOnly = null, temporary = null, logged = null] = []] = await connection.query(
    `SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only'),
      pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY'), pg_catalog.current_setting('log_statement')`,
  );
  const errors: string[] = [];
  if (standby !== 'f')
    errors.push('the server is a standby, on which nothing can be stored, so no statement can be analysed');
  else if (readOnly !== 'off')
    errors.push('default_transaction_read_only is on: nothing can be stored, so no statement can be analysed');
  if (temporary !== 't')
    errors.push(
      `the role ${role} may make nothing temporary, so no statement can be analysed: GRANT TEMPORARY ON DATABASE … TO ${role}`,
    );
  const warnings = [
    'only reads are served: no writes, functions of users, tables with row security, COPY, cursors, EXPLAIN, PREPARE (docs/oracles.md)',
  ];
  if (logged !== 'none')
    warnings.push(`log_statement is "${logged ?? ''}": statements, with their literals, go to the server's log`);
  return { errors, warnings };
}
