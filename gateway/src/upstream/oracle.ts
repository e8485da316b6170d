import { SluiceError } from '@sluice/contract/errors';
import type { Oracle, PostgresConnection } from './postgres-connection.ts';
import { QueryConnection } from './query-connection.ts';

/** The notice that a tree comes as (print.c); nothing that people can raise says so. */
const TREE_ROUTINE = 'elog_node_display';

/** SQLSTATE of an error at log-in that speaks of the settings in it, and not of who logs in. */
const SETTINGS_REFUSED: ReadonlySet<string> = new Set([
  '08P01', // protocol_violation: poolers say so of start-up parameters that they do not pass on
  '0A000', // feature_not_supported
  '22023', // invalid_parameter_value
  '42501', // insufficient_privilege
  '42704', // undefined_object
  '55P02', // cant_change_runtime_param
]);

/** Which oracle a resource uses: as configured, or found out whenever its catalog is connected. */
export class OracleChoice {
  readonly #wanted: Oracle | 'auto';
  readonly #pooler: 'session' | null;
  #current: Oracle;
  #reason: string;

  /** `pooler`: what the configuration says of one between the gateway and the database. */
  constructor(wanted: Oracle | 'auto', pooler: 'session' | null) {
    this.#wanted = wanted;
    this.#pooler = pooler;
    this.#current = wanted === 'stored' ? 'stored' : 'notices';
    this.#reason = wanted === 'auto' ? 'the server was not asked yet' : `the configuration says oracle: ${wanted}`;
  }

  get current(): Oracle {
    return this.#current;
  }

  /** Why it is the current one, in words. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * Connects, and finds out what the server offers. Errors: those of `connect`; `UPSTREAM_PROTOCOL` for a pooler that
   * the configuration says nothing of.
   */
  async open(connect: (oracle: Oracle) => Promise<PostgresConnection>, onClosed: () => void): Promise<QueryConnection> {
    const connection = this.#wanted === 'auto' ? await this.#tried(connect, onClosed) : null;
    const made = connection ?? questions(await connect(this.#current), onClosed);
    try {
      await this.#requireOwnBackend(made);
    } catch (error) {
      made.connection.close();
      throw error;
    }
    return made.connection;
  }

  /** Null when the server does not show trees, or does not even take the settings for it. */
  async #tried(connect: (oracle: Oracle) => Promise<PostgresConnection>, onClosed: () => void): Promise<Opened | null> {
    let opened: Opened;
    try {
      opened = questions(await connect('notices'), onClosed);
    } catch (error) {
      if (!isAboutSettings(error)) throw error;
      this.#choose('stored', `the server does not take the settings for trees (${error.message})`);
      return null;
    }
    if (await showsTrees(opened.connection)) {
      this.#choose('notices', 'the server prints trees');
      return opened;
    }
    opened.connection.close();
    this.#choose('stored', 'the server prints no tree for a statement, or its notices do not arrive');
    return null;
  }

  #choose(oracle: Oracle, reason: string): void {
    this.#current = oracle;
    this.#reason = reason;
  }

  /**
   * A pooler may run each transaction on another server connection, where a statement that was decided about does not
   * exist, or is another client's of the same name.
   */
  async #requireOwnBackend({ connection, processId }: Opened): Promise<void> {
    if (this.#pooler === 'session') return;
    const [[backend = null] = []] = await connection.query('SELECT pg_catalog.pg_backend_pid()');
    if (backend === String(processId)) return;
    throw new SluiceError(
      'UPSTREAM_PROTOCOL',
      'between the gateway and the database stands a pooler, which may give statements of one session to several connections',
      {
        remedy:
          'connect the gateway to the database itself; or, if the pooler keeps one connection for each client until it leaves, say upstream: { pooler: session }',
      },
    );
  }
}

/** Whether trees arrive on a connection that was opened for notices. */
export async function showsTrees(connection: QueryConnection): Promise<boolean> {
  const { notices } = await connection.parse('SELECT 1', []);
  return notices.some((fields) => fields.get('R') === TREE_ROUTINE);
}

type Opened = { readonly connection: QueryConnection; readonly processId: number };

function questions(connection: PostgresConnection, onClosed: () => void): Opened {
  return { connection: new QueryConnection(connection, onClosed), processId: connection.processId };
}

function isAboutSettings(error: unknown): error is SluiceError {
  return error instanceof SluiceError && SETTINGS_REFUSED.has(String(error.facts['sqlState'] ?? ''));
}
