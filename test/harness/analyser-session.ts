/**
 * The analyser on a real server, as the proxy uses it: statements are parsed by the server and never run, their trees
 * collected from its notices, and facts fetched over a second connection.
 */
import pg from 'pg';
import type { ColumnKey } from '../../gateway/src/analysis/flows.ts';
import { analyseTrees, type StatementAnalysis } from '../../gateway/src/analysis/postgres/analyse.ts';
import { copyProbe } from '../../gateway/src/analysis/postgres/copy-probe.ts';
import { definitionAnalysis } from '../../gateway/src/analysis/postgres/definition-analysis.ts';
import type { GateStatement } from '../../gateway/src/analysis/postgres/gate/statement.ts';
import {
  copyInFlows,
  creationFlows,
  explainFlows,
  refreshFlows,
} from '../../gateway/src/analysis/postgres/statement-flows.ts';
import type { FactSource } from '../../gateway/src/catalog/fact-source.ts';
import { SessionFacts } from '../../gateway/src/catalog/schema-facts.ts';
import type { GatePool } from '../../gateway/src/proxy/postgres/gate-pool.ts';

const ORACLE = '-c debug_print_rewritten=on -c debug_pretty_print=off -c client_min_messages=log';
const NOTHING_DECLARED = { function: () => undefined };
const MAX_ROUNDS = 24;

type Parsed = {
  readonly trees: readonly string[];
  readonly columns: readonly string[] | null;
  readonly error: string | null;
};
export type Result = StatementAnalysis | { readonly kind: 'error'; readonly message: string };

export class AnalyserSession {
  readonly facts = new SessionFacts();
  readonly client: pg.Client;
  readonly #catalog: pg.Client;
  readonly #gate: GatePool;
  readonly #major: number;
  readonly #source: FactSource;
  #statements = 0;

  private constructor(client: pg.Client, catalog: pg.Client, gate: GatePool, major: number) {
    this.client = client;
    this.#catalog = catalog;
    this.#gate = gate;
    this.#major = major;
    this.#source = {
      committed: null,
      rows: async (sql) => {
        const { rows } = await catalog.query<unknown[]>({ text: sql, rowMode: 'array' });
        return rows.map((row) =>
          row.map((cell) => (cell === null ? null : typeof cell === 'boolean' ? (cell ? 't' : 'f') : String(cell))),
        );
      },
      trees: async (text, types) => {
        const parsed = await this.#parse(catalog, text, types);
        return parsed.error === null ? parsed.trees : null;
      },
      prepareBody: (facts) => gate.prepareBody(facts, major),
    };
  }

  static async open(uri: string, gate: GatePool, searchPath?: string): Promise<AnalyserSession> {
    const [client, catalog] = [
      new pg.Client({ connectionString: uri, options: ORACLE }),
      new pg.Client({ connectionString: uri, options: ORACLE }),
    ];
    await client.connect();
    await catalog.connect();
    if (searchPath !== undefined)
      for (const one of [client, catalog]) await one.query(`SET search_path = ${searchPath}`);
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return new AnalyserSession(client, catalog, gate, Math.floor(Number(rows[0]?.server_version_num) / 10_000));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
    await this.#catalog.end();
  }

  /** What becomes of the first statement of a text: gate, server, analyser. */
  async analyse(text: string): Promise<Result> {
    const gated = await this.#gate.judge(text, this.#major);
    if (gated.kind !== 'statements') return { kind: 'error', message: gated.kind };
    const [statement] = gated.statements;
    return statement === undefined ? { kind: 'error', message: 'empty' } : await this.#follow(statement);
  }

  /** `relation.column` of a key. */
  name(key: ColumnKey): string {
    const [oid = 0, attribute = 0] = key.split('.').map(Number);
    const relation = this.facts.relation(oid);
    return `${relation?.name ?? oid}.${relation?.columns.find((column) => column.attribute === attribute)?.name ?? attribute}`;
  }

  names(keys: Iterable<ColumnKey>): string {
    return [...keys]
      .map((key) => this.name(key))
      .sort()
      .join(' ');
  }

  async #follow(statement: GateStatement): Promise<Result> {
    const { verdict, kind } = statement;
    switch (verdict.handling) {
      case 'analyse':
        return await this.#flows(statement.text, kind);
      case 'explain':
        return mapped(await this.#flows(verdict.innerText, kind), (flows) => explainFlows(flows, verdict.options));
      case 'create-from-query':
        return mapped(await this.#flows(verdict.innerText, kind), (flows) => creationFlows(flows, verdict));
      case 'declare-cursor':
      case 'copy-query':
      case 'prepare':
        return await this.#flows(verdict.innerText, kind);
      case 'refresh':
        return mapped(await this.#flows(verdict.probeText, kind), refreshFlows);
      case 'copy-table-in':
      case 'copy-table-out': {
        const probe = await this.#settled(() => copyProbe(verdict, this.facts));
        if (probe.kind === 'absent') return { kind: 'error', message: 'a column of COPY does not exist' };
        if (probe.kind !== 'text') return probe;
        const result = await this.#flows(probe.text, kind);
        return verdict.handling === 'copy-table-in' ? mapped(result, copyInFlows) : result;
      }
      case 'definition':
        return await this.#settled(() => definitionAnalysis(verdict, kind, this.facts, NOTHING_DECLARED, this.#major));
      case 'refuse':
        return { kind: 'opaque', ...verdict };
      default:
        return { kind: 'error', message: verdict.handling };
    }
  }

  async #flows(text: string, statementKind: string): Promise<Result> {
    const parsed = await this.#parse(this.client, text, []);
    if (parsed.error !== null) return { kind: 'error', message: parsed.error };
    return await this.#settled(() =>
      analyseTrees({
        treeTexts: parsed.trees,
        outputNames: parsed.columns,
        facts: this.facts,
        declarations: NOTHING_DECLARED,
        serverMajor: this.#major,
        statementKind,
      }),
    );
  }

  async #settled<T extends { readonly kind: string }>(
    step: () => T | Extract<StatementAnalysis, { kind: 'needs' }>,
  ): Promise<T | Extract<Result, { kind: 'error' }>> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const result = step();
      if (!('needs' in result)) return result;
      await this.facts.fetch(result.needs, this.#source);
    }
    return { kind: 'error', message: 'too many rounds' };
  }

  async #parse(client: pg.Client, text: string, types: readonly number[]): Promise<Parsed> {
    const name = `analysed_${++this.#statements}`;
    const trees: string[] = [];
    const onNotice = (notice: Pick<pg.DatabaseError, 'file' | 'routine' | 'where' | 'detail'>): void => {
      if (notice.file === 'print.c' && notice.routine === 'elog_node_display' && notice.where === undefined)
        trees.push(notice.detail ?? '');
    };
    client.on('notice', onNotice);
    try {
      return await new Promise((resolve) => {
        let columns: readonly string[] | null = null;
        const nothing = (): void => undefined;
        const query = {
          submit(connection: pg.Connection): void {
            connection.parse({ name, text, types: types.map(String) }, true);
            connection.describe({ type: 'S', name }, true);
            connection.sync();
          },
          handleRowDescription(message: { fields: { name: string }[] }): void {
            columns = message.fields.map((field) => field.name);
          },
          handleError: (error: Error): void => resolve({ trees, columns, error: error.message }),
          handleReadyForQuery: (): void => resolve({ trees, columns, error: null }),
          handleDataRow: nothing,
          handleCommandComplete: nothing,
          handleEmptyQuery: nothing,
          handlePortalSuspended: nothing,
          handleCopyInResponse: nothing,
          handleCopyData: nothing,
        };
        client.query(query);
      });
    } finally {
      client.off('notice', onNotice);
    }
  }
}

type Flows = Extract<StatementAnalysis, { kind: 'flows' }>['flows'];

function mapped(result: Result, change: (flows: Flows) => Flows): Result {
  return result.kind === 'flows' ? { ...result, flows: change(result.flows) } : result;
}
