import { SluiceError } from '@sluice/contract/errors';
import { quoteIdentifier } from '../../analysis/postgres/gate/ast.ts';
import type { RefusalRule } from '../../analysis/postgres/refusal-rules.ts';
import { treeHash } from '../../analysis/postgres/tree-hash.ts';
import type { Decision } from '../../policy/decision.ts';
import type { FieldDescription } from '../../protocol/postgres/backend.ts';
import { encodeFrontend } from '../../protocol/postgres/frontend-encode.ts';
import { decide } from '../../session/pipeline.ts';
import { takeClientName } from './client-names.ts';
import { type Examined, examine } from './examine.ts';
import { tellNotMeasured } from './explanation.ts';
import { fingerprintOf } from './fingerprint.ts';
import { interpret } from './interpret.ts';
import { type Interpretation, Stopped } from './interpretation.ts';
import { changedMeanwhile } from './look-again.ts';
import { Plan, type RestsOn } from './plan.ts';
import { type Parsed, parseInner, parseUpstream } from './server-parse.ts';
import type { SessionContext } from './session-context.ts';
import { QuestionFailed } from './session-fact-source.ts';
import { KEPT_SETTINGS, READS_NOTHING, readsOfTrees, type SessionReads } from './session-reads.ts';
import { MESSAGE_LEVELS } from './startup-parameters.ts';
import { NO_EFFECTS } from './statement-effects.ts';
import { isStored } from './stored-oracle.ts';
import { opaque } from './understand.ts';

/** A plan, or `failed` when the client has been told why there is none. */
export type Prepared =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** As the server has printed them just now; missing when the plan was made earlier. */
      readonly trees?: readonly string[];
    }
  | { readonly kind: 'failed' };

/** Statement texts → plans: what the server and the analyser make of them, before anything runs. */
export class Preparer {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The statements of a simple query, in order. */
  async split(text: string): Promise<readonly Examined[]> {
    return await examine(this.#context, text);
  }

  /** The one statement of a Parse message. Several make the server's own error; none makes an empty statement. */
  async examineOne(text: string): Promise<Examined> {
    const statements = await examine(this.#context, text);
    const [only] = statements;
    if (only !== undefined && statements.length === 1) return { ...only, text };
    return { text, gate: { kind: statements.length === 0 ? 'empty' : 'syntax-error' } };
  }

  /**
   * `keep`: the client gave it a name, so the server keeps it until it is closed. `once`: it runs before the next Sync or
   * never, so with that the server may forget it, unless the plan is worth keeping.
   */
  async prepare(
    examined: Examined,
    declaredTypes: readonly number[],
    options: { readonly keep: boolean; readonly once?: boolean },
  ): Promise<Prepared> {
    const context = this.#context;
    if (!(await context.effectsKnown())) return { kind: 'failed' };
    context.noteTransactionStart();
    const known = context.plans.get(examined.text, declaredTypes);
    try {
      await context.created.label(context);
      if (known !== undefined && this.isHeldUpstream(known) && (await this.#holds(known)))
        return { kind: 'plan', plan: known };
      if (known !== undefined) context.forget(known);
      const keep = options.keep || context.plans.seenBefore(examined.text);
      const first = await this.#prepare(examined, declaredTypes, keep);
      const prepared = (await this.#withoutSizes(examined, declaredTypes, keep, first)) ?? first;
      if (options.once === true && prepared.kind === 'plan' && !context.plans.holds(prepared.plan))
        context.forgetName(prepared.plan.upstreamName ?? '');
      return prepared;
    } catch (error) {
      if (error instanceof QuestionFailed) return { kind: 'failed' };
      if (!(error instanceof Stopped)) throw error;
      if (error.refusal !== null && !context.link.skipping) context.refuse(error.refusal);
      return { kind: 'failed' };
    }
  }

  /**
   * EXPLAIN of a statement of which only the costs, buffers and measurements would tell what the principal may not know:
   * it is answered as if they had not been asked for, by a statement of its own that is examined and decided as such. Null
   * for all others, and for ANALYZE of what changes data, which the client relies on to be done.
   */
  async #withoutSizes(
    { gate }: Examined,
    declaredTypes: readonly number[],
    keep: boolean,
    first: Prepared,
  ): Promise<Prepared | null> {
    const verdict = gate.kind === 'statement' ? gate.statement.verdict : null;
    if (verdict === null || !('plainText' in verdict) || verdict.plainText === null) return null;
    if (first.kind === 'failed') return null;
    const decision = this.#decisionOn(first.plan);
    if (decision?.effect !== 'refuse') return null;
    const { executes } = verdict.options;
    if (executes && first.plan.understood.flows?.statementClass !== 'read') return null;
    // Refused as well, it says why in words that do not speak of costs.
    this.#context.forget(first.plan);
    const second = await this.#prepare(await this.examineOne(verdict.plainText), declaredTypes, keep);
    if (executes && second.kind === 'plan' && this.#decisionOn(second.plan)?.effect !== 'refuse')
      tellNotMeasured(this.#context, decision);
    return second;
  }

  #decisionOn({ understood: { understanding } }: Plan): Decision | null {
    return understanding.kind === 'understood' ? decide(understanding, this.#context.ports.policy) : null;
  }

  /**
   * The plan of a text that was parsed before, where `prepare` would find nothing to do and nothing to wait for. Only one
   * statement that the gate let pass has a plan under its text.
   */
  known(text: string, declaredTypes: readonly number[]): Plan | null {
    const plan = this.#context.plans.get(text, declaredTypes);
    return plan !== undefined && this.isFresh(plan) ? plan : null;
  }

  /**
   * Prepares a text of the gateway's own beside those of the client, who is told nothing of it; null when that is not
   * possible. Only where no transaction is open: an error would end it.
   */
  async prepareQuietly(
    text: string,
    declaredTypes: readonly number[],
  ): Promise<{ plan: Plan; trees: Parsed['trees'] } | null> {
    return await this.#context.link.quietly(async () => {
      const examined = await this.examineOne(text);
      if (!isAnalysed(examined)) return null;
      try {
        const prepared = await this.#prepare(examined, declaredTypes, true);
        return prepared.kind === 'plan' ? { plan: prepared.plan, trees: prepared.trees ?? [] } : null;
      } catch (error) {
        if (error instanceof Stopped || error instanceof QuestionFailed) return null;
        throw error;
      }
    });
  }

  /**
   * Makes sure that a plan prepared earlier is held upstream and understood as things are now. Gives the plan to go on
   * with, another one where names in it stand for something else; null when there is none, and the client has been told.
   */
  async refresh(plan: Plan): Promise<Plan | null> {
    const context = this.#context;
    if (!this.isHeldUpstream(plan)) {
      // Nothing of ours may stand in the list of names that it reads.
      const unnamed = plan.facts.reads.statements;
      plan.upstreamName = unnamed ? '' : context.ownName();
      if (unnamed) context.unnamedPlan = null;
      const parsed = await parseUpstream(
        context,
        plan.upstreamName,
        plan.facts.upstreamText,
        plan.understood.restsOn === 'unannounced' ? plan.facts.parameterTypes : plan.facts.declaredTypes,
        { needsFacts: false },
      );
      if (parsed === null) {
        plan.upstreamName = null;
        return null;
      }
      if (unnamed) context.unnamedPlan = plan;
      // The server read the text anew, and may have found other things under its names.
      return await this.#asNow(plan);
    }
    try {
      if (await this.#holds(plan)) return plan;
    } catch (error) {
      if (error instanceof QuestionFailed) return null;
      throw error;
    }
    return await this.#asNow(plan);
  }

  async #asNow(plan: Plan): Promise<Plan | null> {
    if (!plan.looksUpNames) return (await this.renew(plan)) ? plan : null;
    const context = this.#context;
    // The server looks names up at Bind, and may answer with other columns: what was bound before keeps its plan.
    const examined = await this.examineOne(plan.text);
    if ((await this.#upstreamText(examined)) === null) return null;
    const again = await this.#interpretAgain(plan, examined);
    if (again === null) return null;
    const { interpretation, columns, at } = again;
    const { understood, copyOut, copyIn, effects, writes, utility, stillMeans, missing } = interpretation;
    const now = new Plan(
      {
        ...plan.facts,
        ...{ copyOut, copyIn, effects, writes, utility },
        columns: copyOut === null ? columns : null,
        binaryRows: interpretation.binaryRows === true,
      },
      understood,
      { ...at, upstreamName: plan.upstreamName, hashOf: (tree) => treeHash([tree]), stillMeans, missing },
    );
    if (context.unnamedPlan === plan) context.unnamedPlan = now;
    return now;
  }

  /** True when `refresh` would find nothing to do, and nothing to wait for. */
  isFresh(plan: Plan): boolean {
    const { restsOn } = plan.understood;
    return isAnnounced(restsOn) && plan.isUnderstoodAt(this.#context.epoch) && this.isHeldUpstream(plan);
  }

  /** Understands a plan as things are now. False when that is not possible, and the client has been told. */
  async renew(plan: Plan): Promise<boolean> {
    const context = this.#context;
    const again = await this.#interpretAgain(plan, await this.examineOne(plan.text));
    if (again === null) return false;
    const { interpretation, columns, at } = again;
    const { understood, copyOut, stillMeans, missing = null } = interpretation;
    if (missing === null && !isAnsweredAs(plan, interpretation, copyOut === null ? columns : null)) {
      context.refuse(resultChanged());
      return false;
    }
    plan.understoodAgain(understood, at, { stillMeans, missing });
    return true;
  }

  /** Null when the server refused, or the interpreter, which the client has been told. */
  async #interpretAgain(
    plan: Plan,
    examined: Examined,
  ): Promise<{
    readonly interpretation: Interpretation;
    readonly columns: readonly FieldDescription[] | null;
    readonly at: { readonly epoch: number; readonly parsedAtSync: number };
  } | null> {
    const context = this.#context;
    await this.#lookFirst();
    const at = { epoch: context.epoch, parsedAtSync: context.link.syncs };
    const parsed = await parseInner(context, plan.text, plan.facts.declaredTypes, {
      needsFacts: isAnalysed(examined),
      stores: isStored(context, examined),
    });
    if (parsed === null) return null;
    try {
      const interpretation = await interpret(context, examined, parsed, plan.facts.declaredTypes);
      return { interpretation, columns: parsed.columns, at };
    } catch (error) {
      if (error instanceof Stopped && error.refusal !== null && !context.link.skipping) context.refuse(error.refusal);
      else if (!(error instanceof QuestionFailed) && !(error instanceof Stopped)) throw error;
      return null;
    }
  }

  /**
   * Waits until a bound plan may be executed, where it has to be bound first. False when that is not possible, and the
   * client has been told. `announced`: the tree that the server printed at Bind, if it did.
   */
  async boundFirst(plan: Plan, announced: () => string | null): Promise<boolean> {
    const context = this.#context;
    const { link } = context;
    link.ask(encodeFrontend({ kind: 'Flush' }));
    await link.settled();
    if (link.skipping) return false;
    if (plan.understood.restsOn === 'unannounced') return await this.#boundAsUnderstood(plan);
    const tree = announced();
    if (tree === null) return true;
    // Something has changed: it is looked at again, as it is now, with the locks of Bind held.
    if (!(await this.renew(plan))) return false;
    if (plan.understood.treeHash === null || plan.isOfTree(tree)) return true;
    context.refuse(changedMeanwhile());
    return false;
  }

  /**
   * Nothing has changed from before the statement was understood until after it was bound, so what was bound is what was
   * understood; from here on the locks of Bind keep it so.
   */
  async #boundAsUnderstood(plan: Plan): Promise<boolean> {
    const context = this.#context;
    await context.ports.catalog.look();
    if (plan.isUnderstoodAt(context.epoch)) return true;
    context.refuse(changedMeanwhile());
    return false;
  }

  /** Null when the server refused what had to be parsed for it, which the client has been told. */
  async #upstreamText({ text, gate }: Examined): Promise<string | null> {
    if (gate.kind !== 'statement') return text;
    const { verdict } = gate.statement;
    // RESET brings back what the session started with, which is what the oracle needs; what is no level the server refuses.
    if (verdict.handling === 'set-client-min-messages' && this.#context.upstream.oracle === 'notices')
      return verdict.value !== null && MESSAGE_LEVELS.has(verdict.value) ? 'SET client_min_messages TO log' : text;
    if ('prepared' in verdict) return (await takeClientName(this.#context, verdict.prepared.name)) ? text : null;
    if (verdict.handling !== 'deallocate' || verdict.name === null) return text;
    // A statement made by message has the client's name only here, and may be shared or forgotten upstream: the server
    // deallocates an empty one in its place.
    const plan = this.#context.names.statement(verdict.name)?.plan;
    if (plan === undefined || plan.upstreamName === verdict.name) return text;
    const name = this.#context.ownName();
    if ((await parseUpstream(this.#context, name, '', [], { needsFacts: false })) === null) return null;
    return `DEALLOCATE ${quoteIdentifier(name)}`;
  }

  /** What is concluded from stored statements holds as long as nothing has changed since before they were stored. */
  async #lookFirst(): Promise<void> {
    const { ports, upstream } = this.#context;
    if (upstream.oracle === 'stored') await ports.catalog.look();
  }

  /** Whether a plan is understood as things are now. The catalogs are looked at only for what the server would not announce. */
  async #holds(plan: Plan): Promise<boolean> {
    const context = this.#context;
    if (!isAnnounced(plan.understood.restsOn)) await context.ports.catalog.look();
    return plan.isUnderstoodAt(context.epoch);
  }

  async #prepare(examined: Examined, declaredTypes: readonly number[], keep: boolean): Promise<Prepared> {
    const context = this.#context;
    const { gate } = examined;
    if (gate.kind === 'refused') {
      return { kind: 'plan', plan: this.#refusedPlan(examined.text, declaredTypes, gate) };
    }
    await this.#lookFirst();
    const epoch = context.epoch;
    const parsedAtSync = context.link.syncs;
    let name = keep ? context.ownName() : '';
    const upstreamText = await this.#upstreamText(examined);
    if (upstreamText === null) return { kind: 'failed' };
    const parsed = await parseUpstream(context, name, upstreamText, declaredTypes, {
      needsFacts: isAnalysed(examined),
      stores: isStored(context, examined),
      tellsNotices: true,
      charactersBefore: examined.charactersBefore,
    });
    if (name === '') context.unnamedPlan = null;
    if (parsed === null) return { kind: 'failed' };
    const reads = readsOf(examined, parsed);
    if (reads.statements && name !== '') {
      // Nothing of ours may stand in the list of names that it reads.
      context.forgetName(name);
      name = '';
      context.unnamedPlan = null;
      const types = isStored(context, examined) ? parsed.parameterTypes : declaredTypes;
      if ((await parseUpstream(context, name, upstreamText, types, { needsFacts: false })) === null)
        return { kind: 'failed' };
    }
    const interpretation = await this.#interpretFirst(examined, parsed, declaredTypes, name);
    const plan = new Plan(
      {
        text: examined.text,
        upstreamText,
        declaredTypes,
        parameterTypes: parsed.parameterTypes,
        columns: interpretation.copyOut === null ? parsed.columns : null,
        copyOut: interpretation.copyOut,
        copyIn: interpretation.copyIn,
        ...(interpretation.copyData === undefined ? {} : { copyData: interpretation.copyData }),
        effects: interpretation.effects,
        writes: interpretation.writes,
        binaryRows: interpretation.binaryRows === true,
        reads,
        utility: interpretation.utility,
      },
      interpretation.understood,
      {
        upstreamName: name,
        epoch,
        parsedAtSync,
        hashOf: (tree) => treeHash([tree]),
        stillMeans: interpretation.stillMeans,
        missing: interpretation.missing,
      },
    );
    if (name === '') context.unnamedPlan = plan;
    if (interpretation.cacheable && !reads.statements) context.plans.set(plan);
    return { kind: 'plan', plan, trees: parsed.trees };
  }

  async #interpretFirst(
    examined: Examined,
    parsed: Parsed,
    declaredTypes: readonly number[],
    name: string,
  ): Promise<Interpretation> {
    try {
      return await interpret(this.#context, examined, parsed, declaredTypes);
    } catch (error) {
      this.#context.forgetName(name);
      throw error;
    }
  }

  #refusedPlan(
    text: string,
    declaredTypes: readonly number[],
    why: { rule: RefusalRule; message: string; remedy: string },
  ): Plan {
    const facts = {
      text,
      upstreamText: text,
      declaredTypes,
      parameterTypes: [],
      columns: null,
      copyOut: null,
      copyIn: false,
      effects: NO_EFFECTS,
      writes: false,
      binaryRows: false,
      reads: READS_NOTHING,
      utility: false,
    };
    return new Plan(facts, opaque(this.#context, why, 'unknown', fingerprintOf(text)), {
      upstreamName: null,
      epoch: this.#context.epoch,
      parsedAtSync: this.#context.link.syncs,
      hashOf: (tree) => treeHash([tree]),
    });
  }

  /** Whether the server still has the statement under the plan’s name for it. */
  isHeldUpstream(plan: Plan): boolean {
    return plan.upstreamName !== null && (plan.upstreamName !== '' || this.#context.unnamedPlan === plan);
  }
}

/** SHOW has no tree, and reads a setting. */
function readsOf({ gate }: Examined, { trees }: Parsed): SessionReads {
  if (gate.kind === 'statement' && gate.statement.verdict.handling === 'show') {
    const { name } = gate.statement.verdict;
    return { ...READS_NOTHING, settings: name === 'all' || KEPT_SETTINGS.has(name) };
  }
  return readsOfTrees(trees);
}

/** The server's own error for this, by which drivers know that they have to prepare again. */
function resultChanged(): SluiceError {
  return new SluiceError('STATEMENT_CHANGED', 'cached plan must not change result type');
}

/** Statements whose verdict rests on facts, of which a tree tells. Others ask for facts on their own, or must come first in a transaction. */
function isAnalysed({ gate }: Examined): boolean {
  return gate.kind === 'statement' && gate.statement.verdict.handling === 'analyse';
}

/** Whether rows, or data of COPY, come in the same columns as before, and data is written only if it was before. */
function isAnsweredAs(
  { facts, looksUpNames }: Plan,
  { copyOut, writes }: Interpretation,
  columns: readonly FieldDescription[] | null,
): boolean {
  // Nothing under its name by now (COMMIT closes cursors): the server will say so.
  const isGone = looksUpNames && columns === null;
  return (
    (isGone || columnTypes(facts.columns) === columnTypes(columns)) &&
    columnTypes(facts.copyOut?.columns ?? null) === columnTypes(copyOut?.columns ?? null) &&
    (facts.writes || !writes)
  );
}

/** Whether the server says so when something changes that it rests on. */
function isAnnounced(restsOn: RestsOn): boolean {
  return restsOn !== 'catalog' && restsOn !== 'unannounced';
}

function columnTypes(columns: readonly FieldDescription[] | null): string {
  return columns?.map((column) => `${column.typeOid}.${column.typeModifier}`).join() ?? '';
}
