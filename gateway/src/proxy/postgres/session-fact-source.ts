import { SluiceError } from '@sluice/contract/errors';
import type { FunctionFacts } from '../../analysis/postgres/facts.ts';
import type { PreparedProgram } from '../../analysis/postgres/gate/plpgsql-body.ts';
import type { FactSource } from '../../catalog/fact-source.ts';
import { SNAPSHOT_QUERY } from '../../catalog/introspection.ts';
import type { SharedFacts } from '../../catalog/shared-facts.ts';
import { decodeBackend } from '../../protocol/postgres/backend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { MAX_CATALOG_ROWS, OWN_PREFIX } from './bounds.ts';
import type { SessionContext } from './session-context.ts';

const OWN_STATEMENT = `${OWN_PREFIX}catalog`;
const OWN_CLOCK = `${OWN_PREFIX}clock`;
const OWN_SAVEPOINT = `"${OWN_PREFIX}savepoint"`;
const ROW_DESCRIPTION = 0x54;

/** The server failed a question of the gateway; the client has been told, and everything up to Sync is skipped. */
export class QuestionFailed extends Error {}

/**
 * The gateway's own questions on the client's session, between its statements, so that uncommitted and temporary
 * definitions are seen. All through the extended protocol and without Sync inside a client's pipeline: a Sync
 * would commit it.
 */
export class SessionFactSource implements FactSource {
  readonly #context: SessionContext;
  #clockPrepared = false;
  /** What SNAPSHOT_QUERY answered last; null when that is not known, or tells of an older moment. */
  #snapshot: string | null = null;
  readonly #prepareBody: (facts: FunctionFacts) => Promise<PreparedProgram | null>;

  constructor(context: SessionContext, prepareBody: (facts: FunctionFacts) => Promise<PreparedProgram | null>) {
    this.#context = context;
    this.#prepareBody = prepareBody;
  }

  get committed(): SharedFacts | null {
    const { hasOwnDefinitions, ports } = this.#context;
    return hasOwnDefinitions ? null : ports.catalog.committed;
  }

  /**
   * Asks which transactions have ended by now. Does not wait: the answer is there when everything asked is settled, and
   * `takeSnapshot` gives it.
   */
  askForSnapshot(): void {
    const { link } = this.#context;
    this.#snapshot = null;
    // In a transaction that failed only its end is accepted, for which no facts are needed.
    if (link.transactionStatus === 'E') return;
    const gateway = { audience: 'gateway' as const };
    if (!this.#clockPrepared) {
      link.ask(encodeFrontend({ kind: 'Parse', name: OWN_CLOCK, text: SNAPSHOT_QUERY, parameterTypes: [] }), {
        kind: 'parse',
        ...gateway,
        onDone: () => {
          this.#clockPrepared = true;
        },
      });
    }
    link.ask(
      encodeFrontend({
        kind: 'Bind',
        portal: OWN_CLOCK,
        statement: OWN_CLOCK,
        parameterFormats: [],
        parameters: [],
        resultFormats: [],
      }),
      { kind: 'bind', ...gateway },
    );
    link.ask(encodeFrontend({ kind: 'Execute', portal: OWN_CLOCK, maxRows: 0 }), {
      kind: 'execute',
      ...gateway,
      statementId: null,
      rule: () => ({ kind: 'collect', columns: 2 }),
      onRow: ([snapshot, isolation]) => {
        // In the other levels it is the one of when the transaction began.
        const isNow = ['read committed', 'read uncommitted'].includes(isolation?.toString('utf8') ?? '');
        this.#snapshot = isNow ? (snapshot?.toString('utf8') ?? null) : null;
      },
      onOutcome: () => undefined,
    });
    link.ask(encodeFrontend({ kind: 'Close', target: 'portal', name: OWN_CLOCK }), { kind: 'close', ...gateway });
  }

  /** The answer, once; null when it is not known. */
  takeSnapshot(): string | null {
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    return snapshot;
  }

  /** Makes the server forget that questions were asked, where nothing of the client's would be committed with them. */
  async endQuestions(): Promise<void> {
    const { link, pipelineOpen } = this.#context;
    if (pipelineOpen || link.transactionStatus !== 'I' || link.skipping) return;
    link.ask(encodeFrontend({ kind: 'Sync' }), { kind: 'sync', audience: 'gateway' });
    await link.settled();
  }

  /** Closes what it keeps prepared upstream; prepared again when needed. */
  closeStatements(): void {
    if (!this.#clockPrepared) return;
    this.#clockPrepared = false;
    this.#context.link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name: OWN_CLOCK }), {
      kind: 'close',
      audience: 'gateway',
    });
  }

  /** DISCARD ALL or DEALLOCATE ALL. */
  upstreamForgotStatements(): void {
    this.#clockPrepared = false;
  }

  /** Rows in text format. Throws QuestionFailed. */
  async rows(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const { link } = this.#context;
    const rows: (string | null)[][] = [];
    let columns = 0;
    const gateway = { audience: 'gateway' as const };
    link.ask(encodeFrontend({ kind: 'Parse', name: OWN_STATEMENT, text: sql, parameterTypes: [] }), {
      kind: 'parse',
      ...gateway,
    });
    link.ask(
      encodeFrontend({
        kind: 'Bind',
        portal: OWN_STATEMENT,
        statement: OWN_STATEMENT,
        parameterFormats: [],
        parameters: [],
        resultFormats: [],
      }),
      { kind: 'bind', ...gateway },
    );
    link.ask(encodeFrontend({ kind: 'Describe', target: 'portal', name: OWN_STATEMENT }), {
      kind: 'describe',
      ...gateway,
      simple: false,
      onRowDescription: (source, start, end) => {
        const message = decodeBackend(ROW_DESCRIPTION, source.subarray(start, end));
        columns = message.kind === 'RowDescription' ? message.fields.length : 0;
      },
    });
    link.ask(encodeFrontend({ kind: 'Execute', portal: OWN_STATEMENT, maxRows: 0 }), {
      kind: 'execute',
      ...gateway,
      statementId: null,
      rule: () => ({ kind: 'collect', columns }),
      onRow: (cells) => {
        if (rows.length >= MAX_CATALOG_ROWS)
          throw new SluiceError(
            'LIMIT_REACHED',
            'the catalog has more rows about this statement than the gateway takes',
          );
        rows.push(cells.map((cell) => (cell === null ? null : cell.toString('utf8'))));
      },
      onOutcome: () => undefined,
    });
    this.#close();
    await this.#settle();
    return rows;
  }

  /** Trees of a text that is parsed and not run; null when the server does not accept it, or when a failure could not be undone here. */
  async trees(text: string, parameterTypes: readonly number[]): Promise<readonly string[] | null> {
    const { link } = this.#context;
    // Silence would be taken for a text that reads nothing.
    if (this.#context.upstream.oracle === 'stored') return null;
    if (this.#context.pipelineOpen && link.transactionStatus === 'I')
      return await this.#treesInPipeline(text, parameterTypes);
    const inTransaction = link.transactionStatus === 'T';
    if (inTransaction) await this.#command(`SAVEPOINT ${OWN_SAVEPOINT}`);
    const trees: string[] = [];
    let accepted = true;
    link.ask(encodeFrontend({ kind: 'Parse', name: OWN_STATEMENT, text, parameterTypes }), {
      kind: 'parse',
      audience: 'gateway',
      quiet: true,
      onTree: (tree) => trees.push(tree),
      onFailed: () => {
        accepted = false;
      },
    });
    this.#close();
    link.ask(encodeFrontend({ kind: 'Sync' }), { kind: 'sync', audience: 'gateway' });
    await link.settled();
    if (inTransaction) {
      await this.#command(`ROLLBACK TO SAVEPOINT ${OWN_SAVEPOINT}`);
      await this.#command(`RELEASE SAVEPOINT ${OWN_SAVEPOINT}`);
    }
    return accepted ? trees : null;
  }

  async prepareBody(facts: FunctionFacts): Promise<PreparedProgram | null> {
    return await this.#prepareBody(facts);
  }

  /**
   * Inside a pipeline that is not known to be in a transaction block: no savepoint and no Sync is possible. Should the
   * server not accept the text, the client is told, and its pipeline ends as with any other error.
   */
  async #treesInPipeline(text: string, parameterTypes: readonly number[]): Promise<readonly string[]> {
    const { link } = this.#context;
    const trees: string[] = [];
    link.ask(encodeFrontend({ kind: 'Parse', name: OWN_STATEMENT, text, parameterTypes }), {
      kind: 'parse',
      audience: 'gateway',
      // The client has sent another text.
      charactersBefore: () => null,
      onTree: (tree) => trees.push(tree),
    });
    link.ask(encodeFrontend({ kind: 'Close', target: 'statement', name: OWN_STATEMENT }), {
      kind: 'close',
      audience: 'gateway',
    });
    await this.#settle();
    return trees;
  }

  async #command(text: string): Promise<void> {
    const { link } = this.#context;
    link.ask(encodeFrontend({ kind: 'Parse', name: OWN_STATEMENT, text, parameterTypes: [] }), {
      kind: 'parse',
      audience: 'gateway',
    });
    link.ask(
      encodeFrontend({
        kind: 'Bind',
        portal: OWN_STATEMENT,
        statement: OWN_STATEMENT,
        parameterFormats: [],
        parameters: [],
        resultFormats: [],
      }),
      { kind: 'bind', audience: 'gateway' },
    );
    link.ask(encodeFrontend({ kind: 'Execute', portal: OWN_STATEMENT, maxRows: 0 }), {
      kind: 'execute',
      audience: 'gateway',
      statementId: null,
      rule: () => null,
      onOutcome: () => undefined,
    });
    this.#close();
    await this.#settle();
  }

  #close(): void {
    const { link } = this.#context;
    for (const target of ['portal', 'statement'] as const)
      link.ask(encodeFrontend({ kind: 'Close', target, name: OWN_STATEMENT }), { kind: 'close', audience: 'gateway' });
  }

  async #settle(): Promise<void> {
    const { link } = this.#context;
    link.ask(encodeFrontend({ kind: 'Flush' }));
    await link.settled();
    if (link.skipping) throw new QuestionFailed('a question to the catalog failed');
  }
}
