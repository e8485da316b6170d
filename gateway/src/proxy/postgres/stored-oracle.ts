/**
 * The oracle for databases that print no trees: the server analyses the statement as the body of a temporary function,
 * `CREATE FUNCTION pg_temp.… (types of $1, $2, …) … BEGIN ATOMIC statement; END`, and stores what it understood in
 * `pg_proc.prosqlbody`, where everybody may read it. The function is dropped in the same transaction and never called.
 * The locks that its analysis has taken stay until that transaction ends.
 */
import { SluiceError } from '@sluice/contract/errors';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { Examined } from './examine.ts';
import type { ServerError } from './exchange.ts';
import type { SessionContext } from './session-context.ts';

const OWN_FUNCTION = `pg_temp."${OWN_PREFIX}statement"`;
const OWN_STORER = `${OWN_PREFIX}storer`;

const READ_BACK = `SELECT p.prosqlbody::pg_catalog.text FROM pg_catalog.pg_proc p
  WHERE p.proname OPERATOR(pg_catalog.=) '${OWN_PREFIX}statement'::pg_catalog.name AND p.pronamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()`;

/** Whether a statement is one that this oracle reads: a query, run as itself. */
export function isStored({ upstream }: SessionContext, { gate }: Examined): boolean {
  return (
    upstream.oracle === 'stored' &&
    gate.kind === 'statement' &&
    gate.statement.verdict.handling === 'analyse' &&
    gate.statement.kind === 'SelectStmt'
  );
}

/**
 * The body as stored: a list of one list of one query. The server has parsed the text before, as one statement, with
 * these parameter types. Null when it could not be stored, which the client has been told. Throws QuestionFailed.
 */
export async function storedTree(
  context: SessionContext,
  text: string,
  parameterTypes: readonly number[],
): Promise<string | null> {
  const { link } = context;
  const types = await typeNames(context, parameterTypes);
  let tree: string | null = null;
  const transaction = link.transactionStatus;
  // A comment may end the text, and a line break ends the comment.
  const create = `CREATE FUNCTION ${OWN_FUNCTION}(${types.join(', ')}) RETURNS void LANGUAGE sql BEGIN ATOMIC\n${text}\n; END`;
  // Left by one that failed; prepared statements outlive their transaction.
  link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name: OWN_STORER }), {
    kind: 'close',
    audience: 'gateway',
  });
  ask(context, create, { inOwnWords: (error) => notStored(error, transaction === 'T') });
  ask(context, READ_BACK, {
    onRow: ([cell]) => {
      tree = cell?.toString('utf8') ?? null;
    },
  });
  ask(context, `DROP FUNCTION ${OWN_FUNCTION}`, {});
  link.ask(encodeFrontend({ kind: 'Flush' }));
  await link.settled();
  // No row: the analyser refuses what is no tree.
  return link.skipping ? null : (tree ?? '');
}

async function typeNames(context: SessionContext, oids: readonly number[]): Promise<readonly string[]> {
  if (oids.length === 0) return [];
  const items = oids.map((oid) => `pg_catalog.format_type(${oid}::pg_catalog.oid, NULL)`);
  const [row = []] = await context.factSource.rows(`SELECT ${items.join(', ')}`);
  return row.map((name) => name ?? '');
}

type Asked = {
  readonly inOwnWords?: (error: ServerError) => SluiceError;
  readonly onRow?: (cells: readonly (Buffer | null)[]) => void;
};

/** Has the server run a statement of the gateway's, in the transaction at hand. Does not wait. */
function ask({ link }: SessionContext, text: string, { inOwnWords, onRow }: Asked): void {
  const gateway = { audience: 'gateway' as const, ...(inOwnWords === undefined ? {} : { inOwnWords }) };
  link.ask(encodeFrontend({ kind: 'Parse', name: OWN_STORER, text, parameterTypes: [] }), {
    kind: 'parse',
    ...gateway,
  });
  link.ask(
    encodeFrontend({
      kind: 'Bind',
      portal: OWN_STORER,
      statement: OWN_STORER,
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    }),
    { kind: 'bind', ...gateway },
  );
  link.ask(encodeFrontend({ kind: 'Execute', portal: OWN_STORER, maxRows: 0 }), {
    kind: 'execute',
    ...gateway,
    statementId: null,
    rule: () => (onRow === undefined ? null : { kind: 'collect', columns: 1 }),
    ...(onRow === undefined ? {} : { onRow }),
    onOutcome: () => undefined,
  });
  for (const target of ['portal', 'statement'] as const)
    link.ask(encodeFrontend({ kind: 'Close', target, name: OWN_STORER }), { kind: 'close', ...gateway });
}

const READ_ONLY = '25006';
const NO_PRIVILEGE = '42501';

function notStored({ sqlState, message }: ServerError, inTransaction: boolean): SluiceError {
  const why = 'this database prints no trees, so the gateway stores each statement for a moment to look at it, and';
  if (sqlState === READ_ONLY) {
    return new SluiceError('REFUSED_NOT_UNDERSTOOD', `${why} a read-only transaction or server permits no such thing`, {
      remedy: inTransaction
        ? 'run it outside of a read-only transaction'
        : 'turn off default_transaction_read_only, or connect the gateway to the primary server',
    });
  }
  if (sqlState === NO_PRIVILEGE) {
    return new SluiceError('REFUSED_NOT_UNDERSTOOD', `${why} the gateway's role may make nothing temporary`, {
      remedy: 'ask the administrator for GRANT TEMPORARY ON DATABASE … TO the role of the gateway',
    });
  }
  return new SluiceError('REFUSED_NOT_UNDERSTOOD', `${why} it could not be stored: ${message}`, {
    remedy: 'write the statement in another way',
  });
}
