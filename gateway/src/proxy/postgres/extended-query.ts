import { SluiceError } from '@sluice/contract/errors';
import { encodeBare } from '../../protocol/postgres/backend-encode.ts';
import type { BindMessage, FrontendMessage } from '../../protocol/postgres/frontend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { OWN_PREFIX } from './bounds.ts';
import { checkDescription } from './check-description.ts';
import { showClientStatements } from './client-names.ts';
import { changedMeanwhile, lookAgainOr } from './look-again.ts';
import { type NamedStatement, outlived, type Portal, stillHolds } from './names.ts';
import { heldBackBy, type Plan } from './plan.ts';
import { DescribedPortal, SentBind } from './portal-exchanges.ts';
import type { Preparer } from './preparer.ts';
import { boundOf } from './row-bound.ts';
import { admitPlan, admitPlanAtOnce, endedQuietly, executePlan } from './runner.ts';
import type { SessionContext } from './session-context.ts';

function readInPieces(): SluiceError {
  return new SluiceError('REFUSED_BY_POLICY', 'counts of which small groups are held back must be read in one piece', {
    remedy: 'turn off the row limit of the client (fetch size) for this statement',
  });
}

const NOTHING: Buffer = Buffer.alloc(0);
const PARSE_COMPLETE = encodeBare('ParseComplete');

type Message<Kind extends FrontendMessage['kind']> = Extract<FrontendMessage, { kind: Kind }>;

/**
 * The client's extended protocol (manual 55.2.3), message by message. Names of statements are the gateway's own
 * upstream; names of portals are the client's. After an error everything is skipped up to Sync, as the server does.
 */
export class ExtendedQuery {
  readonly #context: SessionContext;
  readonly #preparer: Preparer;

  constructor(context: SessionContext, preparer: Preparer) {
    this.#context = context;
    this.#preparer = preparer;
  }

  /** Undefined when it was done without waiting: the way of a text that was parsed before. */
  parse(message: Message<'Parse'>): Promise<void> | undefined {
    const { areEffectsKnown, created, link, names } = this.#context;
    const { name } = message;
    const plan =
      areEffectsKnown && !created.isWaiting ? this.#preparer.known(message.text, message.parameterTypes) : null;
    const before = names.statement(name);
    if (
      plan === null ||
      names.isStatementInDoubt(name, link.syncs) ||
      (name !== '' && (before !== undefined || names.sqlStatement(name) !== undefined))
    )
      return this.#parseSlowly(message);
    this.#context.noteTransactionStart();
    // Whether the server comes as far as this or not, the name stands for the same.
    if (before?.plan === plan) link.answer(PARSE_COMPLETE);
    else this.#changeName(name, { plan }, PARSE_COMPLETE);
    return undefined;
  }

  async #parseSlowly(message: Message<'Parse'>): Promise<void> {
    const { names } = this.#context;
    if (!(await this.#nameKnown(message.name))) return;
    if (
      message.name !== '' &&
      (names.statement(message.name) !== undefined || names.sqlStatement(message.name) !== undefined)
    ) {
      this.#context.refuse(new SluiceError('STATEMENT_EXISTS', `prepared statement "${message.name}" already exists`));
      return;
    }
    // The old unnamed statement is gone once the server comes as far as this, whatever becomes of the new one.
    if (message.name === '' && names.statement('') !== undefined) this.#changeName('', undefined, NOTHING);
    const prepared = await this.#preparer.prepare(
      await this.#preparer.examineOne(message.text),
      message.parameterTypes,
      { keep: message.name !== '' },
    );
    if (prepared.kind === 'failed') return;
    if (prepared.plan.upstreamName === null) {
      // The gate refused the text, so the server never had it: there is nothing that a name could stand for.
      const admission = await admitPlan(this.#context, {
        plan: prepared.plan,
        understood: prepared.plan.understood,
        bind: null,
      });
      if (admission.kind === 'run') throw new Error('a statement that the gate refused was admitted');
      return this.#context.refuse(admission.error);
    }
    this.#changeName(message.name, { plan: prepared.plan }, PARSE_COMPLETE);
  }

  /** Undefined when it was done without waiting: the way of a statement that was prepared before. */
  bind(message: BindMessage): Promise<void> | undefined {
    const { areEffectsKnown, link, names } = this.#context;
    const plan = names.statement(message.statement)?.plan;
    if (
      !areEffectsKnown ||
      plan === undefined ||
      plan.facts.reads.statements ||
      names.isStatementInDoubt(message.statement, link.syncs) ||
      message.portal.startsWith(OWN_PREFIX) ||
      !this.#preparer.isFresh(plan) ||
      plan.mustBeBoundFirst(link.syncs)
    )
      return this.#bindSlowly(message);
    const portal = this.#sendBind(message, plan, (tree, sent) => this.#lookAgain(portal, tree, sent));
    return undefined;
  }

  async #bindSlowly(message: BindMessage): Promise<void> {
    const { link, names } = this.#context;
    if (!(await this.#nameKnown(message.statement))) return;
    if (message.portal.startsWith(OWN_PREFIX)) return this.#refuseName(message.portal);
    const named = this.#planOf(message.statement);
    if (named === null) return;
    let plan = await this.#preparer.refresh(named);
    if (plan === null) return;
    if (plan !== named) names.setStatement(message.statement, { plan });
    if (plan.facts.reads.statements) {
      if (!(await showClientStatements(this.#context))) return;
      plan = this.#planOf(message.statement) ?? plan;
    }
    const isFirst = plan.mustBeBoundFirst(link.syncs);
    let announced: string | null = null;
    const portal = this.#sendBind(message, plan, (tree, sent) => {
      if (isFirst) announced = tree;
      else this.#lookAgain(portal, tree, sent);
    });
    if (!isFirst) return;
    if (await this.#preparer.boundFirst(plan, () => announced)) {
      portal.understood = plan.understood;
      portal.epoch = plan.epoch;
    } else names.dropPortal(message.portal);
  }

  #lookAgain(portal: Portal, tree: string, bind: SentBind): void {
    const context = this.#context;
    const refuse = (): Promise<void> => {
      context.refuse(changedMeanwhile());
      context.sync();
      return Promise.resolve();
    };
    context.link.holdBack(lookAgainOr(context, portal, { tree, bind }, refuse));
  }

  #sendBind(message: BindMessage, plan: Plan, onTree: (tree: string, bind: SentBind) => void): Portal {
    const { link, names } = this.#context;
    // The verdict goes with the name from now on. Should Bind fail, the server may still hold an older portal of
    // that name: its verdict is not this one, so the name is forgotten and executing it refused.
    this.#context.pipelineOpen = true;
    if (plan.mayNotify) this.#context.announceWritten(plan.text, message.parameters);
    this.#context.portalsBound += 1;
    const { understood } = plan;
    const portal = { plan, understood, bind: message, epoch: plan.epoch, started: false, binary: false };
    names.setPortal(message.portal, portal);
    link.send(upstreamBind(message, plan), new SentBind(this.#context, portal, onTree));
    return portal;
  }

  /** Binds a portal once more that a Sync of ours has ended, as things are now. False when the client has been told why not. */
  async #bindAgain(name: string, portal: Portal): Promise<boolean> {
    const { link, names, ports } = this.#context;
    const { plan, bind } = portal;
    if (bind === null || !(await this.#preparer.renew(plan))) return false;
    let announced: string | null = null;
    this.#context.pipelineOpen = true;
    this.#context.portalsBound += 1;
    link.ask(encodeFrontend(upstreamBind(bind, plan)), {
      kind: 'bind',
      audience: 'gateway',
      sensitive: plan.understood.sensitive,
      onTree: (tree) => {
        announced = tree;
        ports.catalog.lookSoon();
      },
    });
    const isBound = await this.#preparer.boundFirst(plan, () => announced);
    if (isBound) portal.epoch = plan.epoch;
    else names.dropPortal(name);
    return isBound;
  }

  describe(message: Message<'Describe'>): Promise<void> | undefined {
    const { areEffectsKnown, names } = this.#context;
    const portal = areEffectsKnown && message.target === 'portal' ? names.portal(message.name) : undefined;
    if (portal === undefined) return this.#describeSlowly(message);
    this.#describePortal(message, portal);
    return undefined;
  }

  async #describeSlowly(message: Message<'Describe'>): Promise<void> {
    const { link, names } = this.#context;
    if (!(await this.#nameKnown(message.target === 'statement' ? message.name : null))) return;
    if (message.target === 'portal') {
      const portal = names.portal(message.name);
      if (portal === undefined) return this.#refuseUnknown('portal', message.name);
      return this.#describePortal(message, portal);
    }
    const named = this.#planOf(message.name);
    if (named === null) return;
    // With what its names stood for when it was parsed. Nothing runs as it is described here: Bind looks them up again.
    const isPast = named.looksUpNames && this.#preparer.isHeldUpstream(named);
    const plan = isPast ? named : await this.#preparer.refresh(named);
    if (plan === null) return;
    if (plan !== named) names.setStatement(message.name, { plan });
    link.ask(encodeFrontend({ ...message, name: plan.upstreamName ?? '' }), {
      kind: 'describe',
      audience: 'client',
      simple: false,
      onRowDescription: (source, start, end) => {
        if (!isPast) checkDescription(this.#context, { plan, understood: plan.understood }, null, source, start, end);
      },
    });
  }

  #describePortal(message: Message<'Describe'>, portal: Portal): void {
    this.#context.link.send(message, new DescribedPortal(this.#context, portal));
  }

  /** Undefined when it was done without waiting: the way of a statement that is allowed and was bound as it is now. */
  execute(message: Message<'Execute'>): Promise<void> | undefined {
    const { areEffectsKnown, epoch, names } = this.#context;
    const portal = areEffectsKnown ? names.portal(message.portal) : undefined;
    if (
      portal === undefined ||
      portal.admitted === true ||
      message.maxRows !== 0 ||
      portal.plan.facts.utility ||
      portal.plan.facts.copyIn ||
      !stillHolds(portal, epoch)
    )
      return this.#executeSlowly(message);
    const admission = admitPlanAtOnce(this.#context, portal);
    if (admission === null) return this.#executeSlowly(message);
    portal.started = true;
    portal.admitted = true;
    executePlan(this.#context, portal, admission, { maxRows: message.maxRows, portal: message.portal, simple: false });
    return undefined;
  }

  async #executeSlowly(message: Message<'Execute'>): Promise<void> {
    const context = this.#context;
    const { link, names } = context;
    if (!(await context.effectsKnown())) return;
    const portal = names.portal(message.portal);
    if (portal === undefined) return this.#refuseUnknown('portal', message.portal);
    if (portal.plan.facts.utility && !portal.started) {
      // The server looks only now at what is inside it, and keeps the locks of our look until then.
      const { plan } = portal;
      // The gateway's own questions must not have run before it: they are done, and it is bound after a Sync of ours.
      const isFirst = asksForBlock(plan) && context.portalsBound === 1 && (await endedQuietly(context));
      if (isFirst && !(await this.#bindAgain(message.portal, portal))) return;
      if (!isFirst && plan.missing === null && !(await this.#preparer.renew(plan))) return;
      if (plan.missing !== null) return context.refuse(plan.missing);
      portal.understood = portal.plan.understood;
      portal.epoch = portal.plan.epoch;
    }
    if (!stillHolds(portal, context.epoch)) {
      const { treeHash } = portal.understood;
      if (!(await this.#preparer.renew(portal.plan))) return;
      if (portal.plan.understood.treeHash !== treeHash) return context.refuse(outlived(message.portal));
      portal.understood = portal.plan.understood;
      portal.epoch = portal.plan.epoch;
    }
    portal.started = true;
    const resumes = portal.admitted === true;
    // With another portal of the client's bound, a Sync of ours would lose it.
    const isAlone = !resumes && context.portalsBound === 1;
    const unlocked = isAlone ? { renew: () => this.#bindAgain(message.portal, portal) } : null;
    const admission = await admitPlan(context, portal, { resumes, unlocked });
    if (admission.kind === 'stop') {
      // Of definitions that changed meanwhile the server may have told already.
      if (!link.skipping) context.refuse(admission.error);
      return;
    }
    portal.admitted = true;
    // A row limit would be reached by rows that are held back, too, and so tell of them.
    if (message.maxRows !== 0 && heldBackBy(admission.decision, []) !== null) return context.refuse(readInPieces());
    const bound = await boundOf(context, admission);
    if (bound === 'uncountable') return;
    const own = bound === null ? {} : { bound: bound.hooks };
    const how = { maxRows: message.maxRows, portal: message.portal, simple: false, ...own };
    if (!portal.plan.facts.copyIn) {
      executePlan(context, portal, admission, how);
      return await bound?.settle();
    }
    // CopyData that follows is data only once the server has asked for it.
    const copying = Promise.withResolvers<void>();
    const onCopyIn = (): void => {
      if (bound !== null) context.copyIn.after(() => bound.settle());
      copying.resolve();
    };
    executePlan(context, portal, admission, { ...how, onCopyIn });
    this.flush();
    await Promise.race([copying.promise, link.settled()]);
  }

  async close(message: Message<'Close'>): Promise<void> {
    const { link, names } = this.#context;
    if (!(await this.#nameKnown(message.target === 'statement' ? message.name : null))) return;
    if (message.target === 'portal') {
      if (message.name.startsWith(OWN_PREFIX)) return this.#refuseName(message.name);
      link.ask(encodeFrontend(message), { kind: 'close', audience: 'client' });
      names.dropPortal(message.name);
      return;
    }
    const sqlStatement = names.sqlStatement(message.name);
    if (sqlStatement !== undefined) {
      link.ask(encodeFrontend(message), { kind: 'close', audience: 'client' });
      names.dropSqlStatement(message.name);
      return;
    }
    const isOwn = names.statement(message.name)?.plan.upstreamName === message.name && message.name !== '';
    // The server keeps the statement as long as the plan is worth keeping.
    if (!isOwn) return this.#changeName(message.name, undefined, encodeBare('CloseComplete'));
    const change = names.changeStatement(message.name, undefined, link.syncs);
    const outcome = { onDone: () => names.confirm(change), onFailed: () => names.undo(change) };
    link.ask(encodeFrontend(message), { kind: 'close', audience: 'client', ...outcome });
  }

  flush(): void {
    this.#context.link.send({ kind: 'Flush' });
  }

  /** A name stands for something else from here on, unless the server skips this; `answer` goes to the client then. */
  #changeName(name: string, to: NamedStatement | undefined, answer: Buffer): void {
    const { link, names } = this.#context;
    const before = names.statement(name);
    if (before !== undefined) this.#context.release(before.plan);
    const change = names.changeStatement(name, to, link.syncs);
    link.answer(answer, { onDone: () => names.confirm(change), onFailed: () => names.undo(change) });
  }

  /** Waits until it is known what the name of a statement stands for. False when everything up to Sync is skipped. */
  async #nameKnown(name: string | null): Promise<boolean> {
    const { link, names } = this.#context;
    if (name !== null && names.isStatementInDoubt(name, link.syncs)) {
      this.flush();
      await link.settled();
    }
    return await this.#context.effectsKnown();
  }

  /** The plan under a statement's name, or null after telling the client that there is none. */
  #planOf(name: string): Plan | null {
    const { names } = this.#context;
    const plan = names.statement(name)?.plan ?? names.sqlStatement(name);
    if (plan !== undefined) return plan;
    this.#refuseUnknown('prepared statement', name);
    return null;
  }

  #refuseUnknown(what: 'portal' | 'prepared statement', name: string): void {
    const code = what === 'portal' ? 'PORTAL_UNKNOWN' : 'STATEMENT_UNKNOWN';
    // The server's words: it has a name for the unnamed statement, and none for the unnamed portal.
    const named = name === '' && what !== 'portal' ? `unnamed ${what}` : `${what} "${name}"`;
    this.#context.refuse(new SluiceError(code, `${named} does not exist`));
  }

  #refuseName(name: string): void {
    this.#context.refuse(
      new SluiceError('REFUSED_BY_POLICY', `the name "${name}" is reserved for the gateway`, {
        remedy: `use a name that does not start with ${OWN_PREFIX}`,
      }),
    );
  }
}

/** Of a client's Bind, under the server's name for the statement. */
function upstreamBind({ portal, parameterFormats, parameters, resultFormats }: BindMessage, plan: Plan): BindMessage {
  const statement = plan.upstreamName ?? '';
  return { kind: 'Bind', portal, statement, parameterFormats, parameters, resultFormats };
}

/**
 * Whether the server asks, as it runs the statement, if it stands in a transaction block: a procedure may COMMIT only
 * outside of one, a cursor is declared only inside. From 18 on, what ran since the last Sync makes one.
 */
function asksForBlock({ understood: { understanding } }: Plan): boolean {
  const kind = understanding.kind === 'understood' ? understanding.facts.statementKind : understanding.statementKind;
  return kind === 'CallStmt' || kind === 'DeclareCursorStmt';
}
