import { SluiceError } from '@sluice/contract/errors';
import { encodeBare } from '../../protocol/postgres/backend-encode.ts';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import type { Examined } from './examine.ts';
import { lookAgain } from './look-again.ts';
import type { Opened } from './names.ts';
import type { Plan } from './plan.ts';
import { checkDescription, type Preparer } from './preparer.ts';
import { admitPlan, executePlan } from './runner.ts';
import type { SessionContext } from './session-context.ts';

const ALL_TEXT: BindMessage = Object.freeze({
  kind: 'Bind',
  portal: '',
  statement: '',
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
});

/**
 * The simple protocol (manual 55.2.2), spoken upstream as extended: each statement is parsed, decided about, and only
 * then bound and executed, all under one Sync, which makes the same implicit transaction of them that the server would.
 */
export class SimpleQuery {
  readonly #context: SessionContext;
  readonly #preparer: Preparer;

  constructor(context: SessionContext, preparer: Preparer) {
    this.#context = context;
    this.#preparer = preparer;
  }

  /** Runs the text; what is behind a COPY FROM STDIN, and the Sync, are left to the end of the copying. */
  async run(text: string): Promise<void> {
    const { link, names } = this.#context;
    if (link.unsynced) {
      // What came before without a Sync may still fail, and then the server skips this query like everything up to Sync.
      link.ask(encodeFrontend({ kind: 'Flush' }));
      await link.settled();
      if (link.skipping) return;
    }
    names.dropStatement('');
    names.dropPortal('');
    const statements = await this.#preparer.split(text);
    if (statements.length === 0) link.answer(encodeBare('EmptyQueryResponse'));
    await this.#runAll(statements);
  }

  async #runAll(statements: readonly Examined[]): Promise<void> {
    for (const [index, statement] of statements.entries()) {
      if (this.#context.link.skipping) break;
      if (!(await this.#runOne(statement))) continue;
      const rest = statements.slice(index + 1);
      if (rest.length > 0) this.#context.afterCopy(() => this.#runAll(rest));
      return;
    }
    this.#context.sync();
  }

  /** True when the client has to send COPY data now. */
  async #runOne(statement: Examined): Promise<boolean> {
    const { link } = this.#context;
    const prepared = await this.#preparer.prepare(statement, [], { keep: false });
    if (prepared.kind === 'failed') return false;
    const { plan } = prepared;
    if (plan.facts.parameterTypes.length > 0) {
      // The server would say so itself, had the text come to it in the simple protocol.
      this.#refuse(new SluiceError('PARAMETER_UNKNOWN', 'there is no parameter $1'));
      return false;
    }
    if (plan.mustBeBoundFirst(link.syncs) && !(await this.#bindFirst(plan))) return false;
    const opened = { plan, understood: plan.understood, bind: null };
    const admission = await admitPlan(this.#context, opened);
    if (admission.kind === 'stop') {
      this.#refuse(admission.error);
      return false;
    }
    this.#bind(opened, statement);
    const how = { portal: '', maxRows: 0, simple: true, charactersBefore: statement.charactersBefore };
    if (!plan.facts.copyIn) {
      executePlan(this.#context, opened, admission, how);
      return false;
    }
    const copying = Promise.withResolvers<boolean>();
    executePlan(this.#context, opened, admission, { ...how, onCopyIn: () => copying.resolve(true) });
    link.ask(encodeFrontend({ kind: 'Flush' }));
    return await Promise.race([copying.promise, link.settled().then(() => false)]);
  }

  /** Takes the locks of a plan that was parsed earlier, and understands it again if something has changed since. */
  async #bindFirst(plan: Plan): Promise<boolean> {
    let announced: string | null = null;
    this.#context.pipelineOpen = true;
    this.#context.link.ask(encodeFrontend({ ...ALL_TEXT, statement: plan.upstreamName ?? '' }), {
      kind: 'bind',
      audience: 'gateway',
      sensitive: plan.understood.sensitive,
      onTree: (tree) => {
        announced = tree;
        this.#context.ports.catalog.lookSoon();
      },
    });
    return await this.#preparer.boundFirst(plan, () => announced);
  }

  #bind({ plan, understood }: Opened, { charactersBefore }: Examined): void {
    const { link } = this.#context;
    this.#context.pipelineOpen = true;
    link.ask(encodeFrontend({ ...ALL_TEXT, statement: plan.upstreamName ?? '' }), {
      kind: 'bind',
      audience: 'gateway',
      sensitive: understood.sensitive,
      charactersBefore,
      // Planning computes what is constant, and tells the notices of it.
      tellsNotices: true,
      onTree: (tree) => {
        link.holdBack(lookAgain(this.#context, { plan, understood, bind: null }, tree));
      },
      onNestedTree: (tree) => this.#context.nested.during(understood.flows, tree),
    });
    if (plan.facts.columns === null) return;
    link.ask(encodeFrontend({ kind: 'Describe', target: 'portal', name: '' }), {
      kind: 'describe',
      audience: 'client',
      simple: true,
      onRowDescription: (body) => checkDescription(this.#context, { plan, understood }, body, []),
    });
  }

  #refuse(error: SluiceError): void {
    this.#context.refuse(error);
  }
}
