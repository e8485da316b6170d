import { SluiceError } from '@sluice/contract/errors';
import { quoteIdentifier } from '../../analysis/postgres/gate/ast.ts';
import type { FunctionCallMessage } from '../../protocol/postgres/frontend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import type { Preparer } from './preparer.ts';
import { admitPlan, executePlan } from './runner.ts';
import type { SessionContext } from './session-context.ts';
import { QuestionFailed } from './session-fact-source.ts';

/**
 * The FunctionCall message (manual 55.2.6), spoken upstream as `SELECT schema.function($1, …)` with the types of the
 * function's arguments, so that it is understood and decided about like any other query. Offered only for functions
 * that return one value, touch no classified column and do nothing else: drivers send it for large objects, which are
 * refused here in words that their users see.
 */
export class FunctionCall {
  readonly #context: SessionContext;
  readonly #preparer: Preparer;

  constructor(context: SessionContext, preparer: Preparer) {
    this.#context = context;
    this.#preparer = preparer;
  }

  /** Answers with FunctionCallResponse or an error, and ReadyForQuery. */
  async run(message: FunctionCallMessage): Promise<void> {
    if (await this.#context.effectsKnown()) await this.#call(message);
    this.#context.sync();
  }

  async #call(message: FunctionCallMessage): Promise<void> {
    const context = this.#context;
    const { link } = context;
    const called = await this.#statementFor(message);
    if (called === null) return;
    const prepared = await this.#preparer.prepare(await this.#preparer.examineOne(called.text), called.types, {
      keep: false,
    });
    if (prepared.kind === 'failed') return;
    const { plan } = prepared;
    const { understood } = plan;
    const bind = {
      kind: 'Bind' as const,
      portal: '',
      statement: plan.upstreamName ?? '',
      parameterFormats: message.argumentFormats,
      parameters: message.arguments,
      resultFormats: [message.resultFormat],
    };
    const opened = { plan, understood, bind };
    const admission = await admitPlan(context, opened);
    if (admission.kind === 'stop') return context.refuse(admission.error);
    // What only computes changes no rows, and what is held changes some: the two do not meet here.
    if (admission.approval !== undefined || understood.sensitive || plan.mustBeBoundFirst(link.syncs))
      return context.refuse(notOffered());
    context.pipelineOpen = true;
    link.ask(encodeFrontend(bind), {
      kind: 'bind',
      audience: 'gateway',
      onTree: (tree) => plan.expectTree(tree, understood),
    });
    let value: Buffer | null = null;
    executePlan(context, opened, admission, {
      portal: '',
      maxRows: 0,
      simple: false,
      onValue: (cell) => {
        value = cell === null ? null : Buffer.from(cell);
      },
    });
    link.ask(encodeFrontend({ kind: 'Flush' }));
    await link.settled();
    if (!link.skipping) link.answer(functionCallResponse(value));
  }

  /** Null when there is none, which the client has been told. */
  async #statementFor(message: FunctionCallMessage): Promise<{ text: string; types: readonly number[] } | null> {
    const rows = await this.#lookUp(message.functionOid);
    if (rows === null) return null;
    const [schema = null, name = null, types = null] = rows[0] ?? [];
    if (schema === null || name === null || types === null) {
      this.#context.refuse(notOffered());
      return null;
    }
    const typeOids = types === '' ? [] : types.split(' ').map(Number);
    const parameters = typeOids.map((_, index) => `$${index + 1}`).join(', ');
    return { text: `SELECT ${quoteIdentifier(schema)}.${quoteIdentifier(name)}(${parameters})`, types: typeOids };
  }

  async #lookUp(oid: number): Promise<readonly (readonly (string | null)[])[] | null> {
    try {
      return await this.#context.factSource.rows(
        `SELECT n.nspname, p.proname, pg_catalog.array_to_string(p.proargtypes::pg_catalog.oid[], ' ')
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
         WHERE p.oid OPERATOR(pg_catalog.=) ${oid}::pg_catalog.oid AND p.prokind OPERATOR(pg_catalog.=) 'f' AND NOT p.proretset
           AND p.provariadic OPERATOR(pg_catalog.=) 0::pg_catalog.oid AND p.provolatile OPERATOR(pg_catalog.<>) 'v'`,
      );
    } catch (error) {
      if (error instanceof QuestionFailed) return null;
      throw error;
    }
  }
}

function notOffered(): SluiceError {
  return new SluiceError('REFUSED_NOT_UNDERSTOOD', 'this function is not offered by the FunctionCall message', {
    remedy: 'call the function with SELECT',
  });
}

/** `Byte1 'V', Int32 length, Int32 length of the value or -1 for NULL, Byten value` (manual 55.7). */
function functionCallResponse(value: Buffer | null): Buffer {
  const bytes = Buffer.alloc(9 + (value?.length ?? 0));
  bytes.write('V', 0, 'latin1');
  bytes.writeInt32BE(bytes.length - 1, 1);
  bytes.writeInt32BE(value?.length ?? -1, 5);
  value?.copy(bytes, 9);
  return bytes;
}
