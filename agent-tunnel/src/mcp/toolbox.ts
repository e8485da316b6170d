import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { RequestView } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { FlowView, Principal, Reason } from '@sluice/contract/vocabulary';
import type { ApiClient } from '../client/api-client.ts';
import { dataAnswer } from './answer.ts';
import {
  MAX_CHECKED_STATEMENTS,
  MAX_COLUMNS,
  MAX_FLOWS,
  MAX_NOTES,
  MAX_REMEMBERED_REASONS,
  MAX_ROUNDS,
  MAX_TABLES,
  PROGRESS_MS,
} from './bounds.ts';
import type { Databases } from './databases.ts';
import { requestAnswer, runAnswer } from './run-answer.ts';
import type { ToolInput, ToolName, ToolOutput } from './tools.ts';
import { waitForDecision } from './wait-for-decision.ts';

export type ToolboxPorts = {
  readonly api: Pick<ApiClient, 'resources' | 'schema' | 'why' | 'request' | 'requestEvents' | 'whoami'>;
  readonly databases: Databases;
  readonly now: () => number;
};

/** Whoever called a tool. */
export type ToolCaller = {
  /** Aborts when they give the call up. */
  readonly signal: AbortSignal;
  /** Seconds that the call has waited for another person, and will at most; null where nobody asked. */
  readonly progress: ((seconds: { readonly waited: number; readonly of: number }) => void) | null;
};

/** A statement that waits for an approval, with the words that it was asked with. */
type Asked = { readonly reason: string; readonly requestId: string };

/**
 * The tools. Each does what its principal may do with `sluice` itself, and less: of the named resources only, of its
 * own requests only, and nothing is ever decided here.
 */
export class Toolbox {
  readonly #ports: ToolboxPorts;
  readonly #asked = new Map<string, Asked>();
  #chain: Promise<string> | null = null;

  constructor(ports: ToolboxPorts) {
    this.#ports = ports;
  }

  readonly tools: { readonly [N in ToolName]: (input: ToolInput<N>, caller: ToolCaller) => Promise<CallToolResult> } = {
    list_resources: () => this.#listResources(),
    describe_schema: (input) => this.#describeSchema(input),
    check_statement: (input) => this.#checkStatement(input),
    run_statement: ({ resource, statement, max_rows }, caller) => {
      // The reason is part of what an approval covers: with another one, or none, it would not be found.
      const reason = this.#asked.get(keyOf(resource, statement))?.reason ?? null;
      return this.#offer({ resource, statement, reason, maxRows: max_rows, waitMs: 0, ...caller });
    },
    ask_approval: async ({ resource, statement, reason, wait_seconds, max_rows }, caller) =>
      this.#offer({
        ...{ resource, statement, maxRows: max_rows, waitMs: wait_seconds * 1_000, ...caller },
        reason: await this.#reasonFor(keyOf(resource, statement), reason),
      }),
    approval_state: (input, caller) => this.#approvalState(input, caller),
  };

  async #listResources(): Promise<CallToolResult> {
    const { api, databases } = this.#ports;
    const resources = (await api.resources())
      .filter(({ name }) => databases.has(name))
      .map(({ name, protocol, database, connect }) => ({ name, protocol, database, connect }));
    return dataAnswer(`${resources.length} resources.`, {
      untrusted: true,
      resources,
    } satisfies ToolOutput<'list_resources'>);
  }

  async #describeSchema({ resource, table }: ToolInput<'describe_schema'>): Promise<CallToolResult> {
    this.#ports.databases.assertNamed(resource);
    const found = (await this.#ports.api.schema(resource)).tables.filter(
      (one) => table === undefined || table === one.table || table === `${one.schema}.${one.table}`,
    );
    let columnsLeft = MAX_COLUMNS;
    const tables = found.slice(0, MAX_TABLES).map(({ schema, table: name, kind, columns }) => {
      const shown = columns.slice(0, Math.max(0, columnsLeft));
      columnsLeft -= columns.length;
      return { schema, table: name, kind, columns: shown.map((column) => ({ ...column })) };
    });
    const cut = [
      ...(found.length > MAX_TABLES ? [`there are ${found.length} tables, and ${MAX_TABLES} are told`] : []),
      ...(columnsLeft < 0 ? [`there are more than ${MAX_COLUMNS} columns; ask for one table`] : []),
    ];
    return dataAnswer(`${tables.length} tables.${cut.length > 0 ? ` The answer was cut: ${cut.join('; ')}.` : ''}`, {
      ...{ untrusted: true, tables, cut },
    } satisfies ToolOutput<'describe_schema'>);
  }

  async #checkStatement({ resource, statement }: ToolInput<'check_statement'>): Promise<CallToolResult> {
    this.#ports.databases.assertNamed(resource);
    const why = await this.#ports.api.why(resource, statement);
    const all = why.statements ?? [why];
    const statements = all.slice(0, MAX_CHECKED_STATEMENTS).map(({ effect, reasons, flows }) => ({
      effect,
      notes: reasons.slice(0, MAX_NOTES).map(noteOf),
      flows: flows.slice(0, MAX_FLOWS).map(flowOf),
    }));
    const cut = [
      ...(all.length > statements.length ? [`${all.length} statements, of which ${statements.length} are told`] : []),
      ...(all.some(({ flows }) => flows.length > MAX_FLOWS) ? [`more than ${MAX_FLOWS} flows of one statement`] : []),
    ];
    return dataAnswer(`The effect would be ${why.effect}. Nothing was run.`, {
      ...{ untrusted: true, effect: why.effect, statements, cut },
    } satisfies ToolOutput<'check_statement'>);
  }

  async #approvalState(
    { request_id, wait_seconds }: ToolInput<'approval_state'>,
    caller: ToolCaller,
  ): Promise<CallToolResult> {
    await this.#ownRequest(request_id);
    const request = await this.#decision(request_id, wait_seconds * 1_000, caller);
    return dataAnswer(`The request is ${request.state}.`, {
      ...{ untrusted: true, request: requestAnswer(request) },
    } satisfies ToolOutput<'approval_state'>);
  }

  /** Offers a statement, waits for its approval, and offers it again: only the gateway knows whether it may run. */
  async #offer(offer: {
    readonly resource: string;
    readonly statement: string;
    readonly reason: string | null;
    readonly maxRows: number;
    readonly waitMs: number;
    readonly signal: AbortSignal;
    readonly progress: ToolCaller['progress'];
  }): Promise<CallToolResult> {
    const { databases, now } = this.#ports;
    const until = now() + offer.waitMs;
    for (let round = 1; ; round += 1) {
      const outcome = await databases.run(offer.resource, offer);
      if (outcome.kind !== 'held') return runAnswer(outcome, null);
      if (offer.reason !== null)
        this.#remember(keyOf(offer.resource, offer.statement), { reason: offer.reason, requestId: outcome.requestId });
      const request = await this.#decision(outcome.requestId, until - now(), offer);
      if (request.state !== 'approved' || round === MAX_ROUNDS) return runAnswer(outcome, request);
    }
  }

  /** The request once it is decided, or as it is when the time is over; whoever wants to know hears that it waits. */
  async #decision(id: string, waitMs: number, { signal, progress }: ToolCaller): Promise<RequestView> {
    const { api, now } = this.#ports;
    if (progress === null || waitMs <= 0) return await waitForDecision(api, id, waitMs, signal);
    const since = now();
    const tell = () => progress({ waited: (now() - since) / 1_000, of: waitMs / 1_000 });
    tell();
    const timer = setInterval(tell, PROGRESS_MS);
    try {
      return await waitForDecision(api, id, waitMs, signal);
    } finally {
      clearInterval(timer);
    }
  }

  /** That of the request which is open for the same statement, if any: another would make a second request of it. */
  async #reasonFor(key: string, reason: string): Promise<string> {
    const asked = this.#asked.get(key);
    if (asked === undefined) return reason;
    const { state } = await this.#ports.api.request(asked.requestId);
    return state === 'pending' || state === 'approved' ? asked.reason : reason;
  }

  #remember(key: string, asked: Asked): void {
    this.#asked.delete(key);
    this.#asked.set(key, asked);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_REMEMBERED_REASONS && oldest !== undefined) this.#asked.delete(oldest);
  }

  /**
   * Throws `REQUEST_UNKNOWN` unless it was asked by this very principal, on a resource of this server. The person behind
   * an agent may be an approver; the agent is not to see what others ask.
   */
  async #ownRequest(id: string): Promise<RequestView> {
    const unknown = () => new SluiceError('REQUEST_UNKNOWN', 'you have no request of that id here');
    let request: RequestView;
    try {
      request = await this.#ports.api.request(id);
    } catch (error) {
      // Whether somebody else has one is nobody's business.
      if (error instanceof SluiceError && error.code === 'REQUEST_UNKNOWN') throw unknown();
      throw error;
    }
    this.#chain ??= this.#ports.api.whoami().then(({ principal }) => chainOf(principal));
    if (this.#ports.databases.has(request.resource) && chainOf(request.asker) === (await this.#chain)) return request;
    throw unknown();
  }
}

function keyOf(resource: string, statement: string): string {
  return `${resource}\0${statement}`;
}

function chainOf({ chain }: Principal): string {
  return JSON.stringify(chain.map(({ id }) => id));
}

function noteOf({ effect, message, policyId, remedy }: Reason) {
  return { about: effect, message: `${message} (policy ${policyId})`, remedy };
}

function flowOf({ kind, target, sources, use }: FlowView) {
  const from = sources.map(
    ({ schema, table, column, label, category }) =>
      `${schema}.${table}.${column} (${category === null ? label : `${label}, ${category}`})`,
  );
  const to =
    kind === 'output' ? `the answer's column ${target}` : kind === 'write' ? target : `${kind} ${use ?? ''}`.trim();
  return { from, to };
}
