import { SluiceError } from '@sluice/contract/errors';
import { encodeBare } from '../../protocol/postgres/backend-encode.ts';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { type Admission, decideAtOnce } from '../../session/pipeline.ts';
import { understoodWithValues } from './carried-values.ts';
import { showClientStatements } from './client-names.ts';
import type { Examined } from './examine.ts';
import type { Lifted } from './lifted-statements.ts';
import { changedMeanwhile, changesNothing } from './look-again.ts';
import type { Opened } from './names.ts';
import type { Plan } from './plan.ts';
import { SimpleBind, SimpleDescribe } from './portal-exchanges.ts';
import type { Preparer } from './preparer.ts';
import { boundOf } from './row-bound.ts';
import { admitPlan, admitPlanAtOnce, executePlan } from './runner.ts';
import type { SessionContext } from './session-context.ts';

const ALL_TEXT: BindMessage = Object.freeze({
  kind: 'Bind',
  portal: '',
  statement: '',
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
});
const ALL_BINARY: BindMessage = Object.freeze<BindMessage>({ ...ALL_TEXT, resultFormats: [1] });

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

  /**
   * Runs the text; what is behind a COPY FROM STDIN, and the Sync, are left to the end of the copying. Undefined when it
   * was done without waiting: the way of a text that was prepared before, as it is or with its literals as parameters.
   */
  run(text: string): Promise<void> | undefined {
    const context = this.#context;
    context.announceWritten(text, []);
    if (this.#mustWait) return this.#run(text, null);
    const known = context.lifted.isWaiting ? null : this.#preparer.known(text, []);
    if (known !== null && isSimple(known) && this.#runAtOnce(text, known, null)) return undefined;
    const lifted = context.lifted.find(text);
    if (lifted !== null && this.#runAtOnce(text, lifted.plan, { ...ALL_TEXT, parameters: lifted.values }))
      return undefined;
    return this.#run(text, lifted);
  }

  /** What came before without a Sync may still fail, and then the server skips this query like everything up to Sync. */
  get #mustWait(): boolean {
    const { link, names } = this.#context;
    return link.unsynced || names.isStatementInDoubt('', link.syncs);
  }

  async #run(text: string, lifted: Lifted | null): Promise<void> {
    const { link } = this.#context;
    if (this.#mustWait) {
      link.ask(encodeFrontend({ kind: 'Flush' }));
      await link.settled();
      if (link.skipping) return;
    }
    this.#context.dropUnnamed();
    const found = (await this.#prepareWaiting()) ? this.#context.lifted.find(text) : lifted;
    if (found !== null && (await this.#runBoundFirst(text, found))) return this.#context.sync();
    const statements = await this.#preparer.split(text);
    if (statements.length === 0) link.answer(encodeBare('EmptyQueryResponse'));
    await this.#runAll(statements);
  }

  /** False when it has to take the long way; nothing has been sent then. */
  #runAtOnce(text: string, plan: Plan, bind: BindMessage | null): boolean {
    const context = this.#context;
    const { link } = context;
    if (!this.#isUsable(plan) || plan.mustBeBoundFirst(link.syncs)) return false;
    const opened = { plan, understood: plan.understood, bind };
    const admission = admitPlanAtOnce(context, opened, text);
    if (admission === null) return false;
    context.noteTransactionStart();
    context.dropUnnamed();
    this.#execute(opened, admission, text);
    context.sync();
    return true;
  }

  /** The same for a plan whose locks have to be taken first. False when it has to take the long way. */
  async #runBoundFirst(text: string, { plan, values }: Lifted): Promise<boolean> {
    const context = this.#context;
    if (!(await context.effectsKnown())) return true;
    if (!this.#isUsable(plan)) {
      context.lifted.drop(plan);
      context.forget(plan);
      context.plans.delete(plan);
      return false;
    }
    context.noteTransactionStart();
    const bind = { ...ALL_TEXT, parameters: values };
    if (plan.mustBeBoundFirst(context.link.syncs) && !(await this.#bindFirst(plan, bind))) return true;
    const opened = { plan, understood: plan.understood, bind };
    const { session, ports } = context;
    const { understanding } = understoodWithValues(context, opened);
    const decision = decideAtOnce(understanding, text, session, ports.policy);
    if (decision === null || decision.effect === 'refuse' || decision.effect === 'hold') return false;
    if (decision.obligations.some(({ kind }) => kind === 'spend-probes')) return false;
    const admission = admitPlanAtOnce(context, opened, text) ?? (await admitPlan(context, opened, { text }));
    if (admission.kind === 'stop') context.refuse(admission.error);
    else this.#execute(opened, admission, text);
    return true;
  }

  #execute(opened: Opened, admission: Extract<Admission, { kind: 'run' }>, text: string): void {
    this.#bind(opened, { again: () => this.#again(text, opened.plan) });
    const commitsFirst = !isPlainRead(opened.plan);
    executePlan(this.#context, opened, admission, { portal: '', maxRows: 0, simple: true, commitsFirst });
  }

  #isUsable(plan: Plan): boolean {
    const { areEffectsKnown, created } = this.#context;
    return areEffectsKnown && !created.isWaiting && this.#preparer.isFresh(plan);
  }

  /** Prepares what is worth it, where nothing of the client's could fail with it. */
  async #prepareWaiting(): Promise<boolean> {
    const { lifted, link, pipelineOpen } = this.#context;
    if (!lifted.isWaiting || link.transactionStatus !== 'I' || pipelineOpen || link.owed > 0) return false;
    for (const { text, types, answer } of lifted.takeWaiting())
      answer(await this.#preparer.prepareQuietly(text, types));
    return true;
  }

  /**
   * Runs a text once more of which nothing has been told, since it turned out to be another statement than was decided
   * about: as it is now. Inside of a transaction it is refused, whatever the server made of it: it may have failed.
   */
  async #again(text: string, plan: Plan): Promise<void> {
    const context = this.#context;
    context.lifted.drop(plan);
    if (context.plans.holds(plan)) context.plans.delete(plan);
    context.forget(plan);
    if (context.link.transactionStatus === 'I') return await this.#runAll(await this.#preparer.split(text), true, true);
    context.refuse(changedMeanwhile());
    context.sync();
  }

  async #runAll(statements: readonly Examined[], isOnly = statements.length === 1, isAgain = false): Promise<void> {
    for (const [index, statement] of statements.entries()) {
      if (this.#context.link.skipping) break;
      const rest = await this.#runOne(statement, isOnly, isAgain);
      if (rest === 'synced') return;
      if (rest === 'more') continue;
      const others = statements.slice(index + 1);
      if (others.length > 0 || rest === 'counting') this.#context.copyIn.after(() => this.#runAll(others, false));
      return;
    }
    this.#context.sync();
  }

  /** `copying`: the client has to send COPY data now, `counting`: whose rows are bounded; `synced`: the server has ended the batch itself. */
  async #runOne(
    statement: Examined,
    isOnly: boolean,
    isAgain: boolean,
  ): Promise<'more' | 'copying' | 'counting' | 'synced'> {
    const context = this.#context;
    const { link } = context;
    const prepared = await this.#preparer.prepare(statement, [], { keep: false, once: true });
    if (prepared.kind === 'failed') return 'more';
    const { plan } = prepared;
    const mayLeaveTraces = plan.understood.flows === null ? context.trusted : !changesNothing(plan);
    if (isAgain && mayLeaveTraces) {
      // It has run once already.
      context.refuse(changedMeanwhile());
      return 'more';
    }
    if (plan.missing !== null) {
      context.refuse(plan.missing);
      return 'more';
    }
    const { facts } = plan;
    const isBound = plan.understood.restsOn === 'unannounced';
    // With values its parameters would be planned as such: it goes to the server as a Query, as it came.
    const isGeneric = isOnly && !isBound && explainsGenerically(statement);
    if (facts.parameterTypes.length > 0 && !isGeneric) {
      // The server would say so itself, had the text come to it in the simple protocol.
      context.refuse(new SluiceError('PARAMETER_UNKNOWN', 'there is no parameter $1'));
      return 'more';
    }
    if (plan.mustBeBoundFirst(link.syncs) && !(await this.#bindFirst(plan, ALL_TEXT, statement.charactersBefore)))
      return 'more';
    const opened = { plan, understood: plan.understood, bind: facts.binaryRows ? ALL_BINARY : null };
    // Bound as well before the approval is used: what the server finds changed it announces there.
    const renew = async () =>
      (await this.#preparer.renew(plan)) && (await this.#bindFirst(plan, ALL_TEXT, statement.charactersBefore));
    const admission = await admitPlan(context, opened, { unlocked: { renew } });
    if (admission.kind === 'stop') {
      // Of definitions that changed meanwhile the server may have told already.
      if (!link.skipping) context.refuse(admission.error);
      return 'more';
    }
    if (facts.reads.statements && !(await showClientStatements(context))) return 'more';
    const bound = await boundOf(context, admission);
    if (bound === 'uncountable') return 'more';
    const own = bound === null ? {} : { bound: bound.hooks };
    const { charactersBefore } = statement;
    const commitsFirst = !isOnly || !isPlainRead(plan);
    const how = { portal: '', maxRows: 0, simple: true, charactersBefore, commitsFirst, ...own };
    if ((facts.reads.cursors || isGeneric) && isOnly && bound === null && !isBound) {
      // Newer servers take a Query behind questions for one of a pipeline, and leave its transaction open.
      await context.factSource.endQuestions();
      executePlan(context, opened, admission, { ...how, queryText: facts.upstreamText });
      return 'synced';
    }
    // What was bound and looked at runs: bound once more, it could be something else, and nobody would say so.
    if (isBound) this.#describe(opened);
    else {
      const { charactersBefore } = statement;
      const again = isOnly && !isAgain && bound === null ? () => this.#again(statement.text, plan) : null;
      this.#bind(opened, { charactersBefore, again });
    }
    if (isOnly && prepared.trees !== undefined && isLiftable(plan)) context.lifted.note(statement.text, prepared.trees);
    if (!facts.copyIn) {
      executePlan(context, opened, admission, how);
      await bound?.settle();
      return 'more';
    }
    const copying = Promise.withResolvers<'copying' | 'counting'>();
    const onCopyIn = (): void => {
      if (bound !== null) context.copyIn.after(() => bound.settle());
      copying.resolve(bound === null ? 'copying' : 'counting');
    };
    executePlan(context, opened, admission, { ...how, onCopyIn });
    link.ask(encodeFrontend({ kind: 'Flush' }));
    return await Promise.race([copying.promise, link.settled().then(() => 'more' as const)]);
  }

  /** Takes the locks of a plan that was parsed earlier, and understands it again if something has changed since. */
  async #bindFirst(plan: Plan, bind = ALL_TEXT, charactersBefore?: () => number): Promise<boolean> {
    const isOnly = plan.understood.restsOn === 'unannounced';
    let announced: string | null = null;
    this.#context.pipelineOpen = true;
    this.#context.link.ask(encodeFrontend({ ...bind, statement: plan.upstreamName ?? '' }), {
      kind: 'bind',
      audience: 'gateway',
      sensitive: plan.understood.sensitive,
      ...(isOnly ? { charactersBefore, tellsNotices: true } : {}),
      onTree: (tree) => {
        announced = tree;
        this.#context.ports.catalog.lookSoon();
      },
    });
    return await this.#preparer.boundFirst(plan, () => announced);
  }

  #bind(opened: Opened, how: ConstructorParameters<typeof SimpleBind>[2]): void {
    const { link } = this.#context;
    const { plan, bind } = opened;
    this.#context.pipelineOpen = true;
    const exchange = new SimpleBind(this.#context, opened, how);
    link.send({ ...(bind ?? ALL_TEXT), statement: plan.upstreamName ?? '' }, exchange);
    this.#describe(opened);
  }

  #describe(opened: Opened): void {
    const { plan } = opened;
    if (plan.facts.columns === null) return;
    this.#context.link.send(DESCRIBE, new SimpleDescribe(this.#context, opened, !isPlainRead(plan)));
  }
}

const DESCRIBE = { kind: 'Describe', target: 'portal', name: '' } as const;

/** Plain statements that are allowed as they are, of which the session itself is no part. */
function isLiftable({ facts, understood }: Plan): boolean {
  const { reads } = facts;
  return (
    understood.understanding.kind === 'understood' &&
    LIFTABLE.has(understood.understanding.facts.statementKind) &&
    understood.restsOn !== 'catalog' &&
    understood.restsOn !== 'unannounced' &&
    facts.upstreamText === facts.text &&
    !(reads.statements || reads.cursors || reads.settings)
  );
}

/** One statement without parameters, which nothing has to be looked up or waited for at its run. */
function isSimple({ facts, missing, understood: { understanding } }: Plan): boolean {
  const { reads } = facts;
  // A Query of nothing is answered also in a failed transaction, where the server refuses to bind it.
  const isEmpty = understanding.kind === 'understood' && understanding.facts.statementKind === 'EmptyStatement';
  return (
    missing === null &&
    !isEmpty &&
    facts.parameterTypes.length === 0 &&
    !(facts.utility || facts.copyIn || facts.binaryRows || reads.statements || reads.cursors)
  );
}

const LIFTABLE: ReadonlySet<string> = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt']);

/** Rows of these the server sends as it finds them; everything else it runs to its end first (`ChoosePortalStrategy`). */
function isPlainRead({ facts, understood: { understanding } }: Plan): boolean {
  return understanding.kind === 'understood' && understanding.facts.statementKind === 'SelectStmt' && !facts.writes;
}

function explainsGenerically({ gate }: Examined): boolean {
  const verdict = gate.kind === 'statement' ? gate.statement.verdict : null;
  return verdict?.handling === 'explain' && verdict.options.generic;
}
