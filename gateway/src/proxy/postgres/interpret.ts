import { SluiceError } from '@sluice/contract/errors';
import { assertNever } from '@sluice/contract/vocabulary';
import type { Flows, StatementClass } from '../../analysis/flows.ts';
import { copyProbe } from '../../analysis/postgres/copy-probe.ts';
import { definitionAnalysis } from '../../analysis/postgres/definition-analysis.ts';
import type { CopyOptions, GateStatement, Handling } from '../../analysis/postgres/gate/statement.ts';
import { copyInFlows, creationFlows, explainFlows, refreshFlows } from '../../analysis/postgres/statement-flows.ts';
import { treeHash } from '../../analysis/postgres/tree-hash.ts';
import { quoteLiteral } from '../../catalog/introspection.ts';
import type { CopyFormat } from '../../protocol/postgres/copy-format.ts';
import { OWN_PREFIX } from './bounds.ts';
import type { Examined } from './examine.ts';
import { fingerprintOf } from './fingerprint.ts';
import { outlived, type Portal, stillHolds } from './names.ts';
import { Plan, type Understood } from './plan.ts';
import { type Parsed, parseInner } from './server-parse.ts';
import type { SessionContext } from './session-context.ts';
import { NO_EFFECTS, type StatementEffects } from './statement-effects.ts';
import { type Analysed, analyseWithFacts, opaque, understood, withFacts } from './understand.ts';

/** The statement cannot be prepared. `refusal` null: the server refused, and the client has its words. */
export class Stopped extends Error {
  readonly refusal: SluiceError | null;

  constructor(refusal: SluiceError | null) {
    super(refusal?.message ?? 'refused by the server');
    this.refusal = refusal;
  }
}

/** What a statement is, once the gate, the server and the analyser have looked at it. */
export type Interpretation = {
  readonly understood: Understood;
  readonly copyOut: { readonly format: CopyFormat; readonly typeOids: readonly number[] } | null;
  readonly copyIn: boolean;
  readonly effects: StatementEffects;
  readonly writes: boolean;
  /** Whether it may be reused for the same text: false when it depends on what a name stands for now. */
  readonly cacheable: boolean;
  /** The server analyses what is inside it when it runs, not when it is bound. */
  readonly utility: boolean;
  /** False once a name that it speaks of stands for something else; null when it speaks of none. */
  readonly stillMeans: (() => boolean) | null;
};

type Of<Name extends Handling['handling']> = Extract<Handling, { handling: Name }>;

/** One way for each kind of statement that the gate knows; there is no default. Throws Stopped, or QuestionFailed. */
export async function interpret(
  context: SessionContext,
  examined: Examined,
  parsed: Parsed,
  declaredTypes: readonly number[],
): Promise<Interpretation> {
  const { gate, text } = examined;
  const fingerprint = fingerprintOf(text);
  switch (gate.kind) {
    case 'empty':
      return plain(context, 'EmptyStatement', 'session', fingerprint);
    case 'syntax-error':
      // The server accepted what the gate could not read: nobody knows what it is.
      return refused(
        {
          rule: 'syntax',
          message: 'The statement could not be read by the gateway, though the server accepts it.',
          remedy: 'Write it in another way, or one statement at a time.',
        },
        'unknown',
        fingerprint,
      );
    case 'refused':
      return refused(gate, 'unknown', fingerprint);
    case 'statement':
      return await interpretStatement(new Interpreter(context, gate.statement, parsed, declaredTypes, fingerprint));
  }
}

async function interpretStatement(interpreter: Interpreter): Promise<Interpretation> {
  const { context, statement, fingerprint } = interpreter;
  const { verdict, kind } = statement;
  const session = (effects: StatementEffects, cacheable = true): Interpretation =>
    plain(context, kind, 'session', fingerprint, effects, cacheable);
  switch (verdict.handling) {
    case 'analyse':
      return await interpreter.analyse();
    case 'explain':
      return interpreter.ofFlows(
        mapped(await interpreter.inner(verdict.innerText), (flows) => explainFlows(flows, verdict.executes)),
        { cacheable: false },
      );
    case 'create-from-query':
      return await interpreter.createFromQuery(verdict);
    case 'declare-cursor':
      return await interpreter.declareCursor(verdict);
    case 'copy-query':
      return await interpreter.copyOut(verdict.innerText, verdict.options, true);
    case 'copy-table-out':
      return await interpreter.copyTable(verdict);
    case 'copy-table-in':
      return interpreter.ofFlows(await interpreter.copyIn(verdict), { copyIn: true, writes: true, cacheable: false });
    case 'prepare':
      return await interpreter.prepare(verdict);
    case 'execute-prepared':
      return await interpreter.executePrepared(verdict.name);
    case 'fetch':
      return await interpreter.fetch(verdict.cursor);
    case 'close-cursor':
      return session({ ...NO_EFFECTS, names: { kind: 'close-cursor', cursor: verdict.cursor } });
    case 'deallocate':
      if (verdict.name?.startsWith(OWN_PREFIX) === true)
        throw new Stopped(
          new SluiceError('REFUSED_BY_POLICY', `the name "${verdict.name}" is reserved for the gateway`),
        );
      return session({ ...NO_EFFECTS, names: { kind: 'deallocate', name: verdict.name } }, false);
    case 'transaction':
      return plain(
        context,
        kind,
        'transaction',
        fingerprint,
        ['commit', 'rollback', 'rollback-to'].includes(verdict.transaction)
          ? { ...NO_EFFECTS, reverts: true }
          : NO_EFFECTS,
      );
    case 'set':
      return session({
        ...NO_EFFECTS,
        settings: true,
        names: { kind: 'setting', name: verdict.name, value: verdict.value },
      });
    case 'set-client-min-messages':
      return session({
        ...NO_EFFECTS,
        names: { kind: 'client-min-messages', value: verdict.value ?? 'notice', local: verdict.local },
      });
    case 'show':
    case 'session':
      return session(NO_EFFECTS);
    case 'discard':
      if (verdict.target === 'all')
        return session({ ...NO_EFFECTS, settings: true, names: { kind: 'discard-all' } }, false);
      // Names of temporary relations stand for others again.
      return session(verdict.target === 'temp' ? { ...NO_EFFECTS, settings: true } : NO_EFFECTS, false);
    case 'definition':
      return interpreter.ofFlows(await interpreter.definition(verdict), {
        effects: { ...NO_EFFECTS, schema: verdict.statementClass === 'ddl' },
        writes: true,
        cacheable: false,
        utility: false,
      });
    case 'refresh':
      return interpreter.ofFlows(
        mapped(await interpreter.inner(verdict.probeText), (flows) => refreshFlows(flows)),
        { writes: true, cacheable: false },
      );
    case 'refuse':
      return refused(verdict, kind, fingerprint);
    default:
      return assertNever(verdict);
  }
}

class Interpreter {
  readonly context: SessionContext;
  readonly statement: GateStatement;
  readonly fingerprint: string;
  readonly #parsed: Parsed;
  readonly #declaredTypes: readonly number[];

  constructor(
    context: SessionContext,
    statement: GateStatement,
    parsed: Parsed,
    declaredTypes: readonly number[],
    fingerprint: string,
  ) {
    this.context = context;
    this.statement = statement;
    this.fingerprint = fingerprint;
    this.#parsed = parsed;
    this.#declaredTypes = declaredTypes;
  }

  async analyse(): Promise<Interpretation> {
    const analysed = await this.#analyse(this.#parsed);
    const writes = analysed.kind === 'flows' && analysed.flows.statementClass !== 'read';
    return this.ofFlows(analysed, { writes, utility: false });
  }

  /** The statement inside this one, analysed. */
  async inner(text: string, declaredTypes = this.#declaredTypes): Promise<Analysed> {
    return await this.#analyse(await this.#parseInner(text, declaredTypes));
  }

  async copyOut(text: string, options: CopyOptions, announcesTree: boolean): Promise<Interpretation> {
    const parsed = await this.#parseInner(text, []);
    const analysed = await this.#analyse(parsed);
    // COPY of a table prints no tree when it runs.
    const checked = analysed.kind === 'flows' && !announcesTree ? { ...analysed, treeHash: null } : analysed;
    return this.ofFlows(checked, {
      copyOut: { format: options, typeOids: (parsed.columns ?? []).map((column) => column.typeOid) },
      cacheable: false,
    });
  }

  async createFromQuery(verdict: Of<'create-from-query'>): Promise<Interpretation> {
    const analysed = mapped(await this.inner(verdict.innerText), (flows) => creationFlows(flows, verdict));
    const names =
      analysed.kind === 'flows'
        ? ({ kind: 'create-relation', target: verdict.target, flows: analysed.flows } as const)
        : null;
    return this.ofFlows(analysed, { effects: { ...NO_EFFECTS, schema: true, names }, writes: true, cacheable: false });
  }

  async copyTable(verdict: Of<'copy-table-out'>): Promise<Interpretation> {
    const probe = await withFacts(this.context, () => copyProbe(verdict, this.context.facts));
    if (probe.kind === 'text') return await this.copyOut(probe.text, verdict.options, false);
    return refused(opaqueOf(probe), this.statement.kind, this.fingerprint);
  }

  async copyIn(verdict: Of<'copy-table-in'>): Promise<Analysed> {
    const probe = await withFacts(this.context, () => copyProbe(verdict, this.context.facts));
    if (probe.kind !== 'text') return { kind: 'opaque', ...opaqueOf(probe) };
    return mapped(await this.inner(probe.text, []), (flows) => copyInFlows(flows));
  }

  async definition(verdict: Of<'definition'>): Promise<Analysed> {
    const { facts, factSource, ports, upstream } = this.context;
    // Rare enough to look anew each time.
    facts.forget();
    const analysis = await withFacts<Analysed>(this.context, () =>
      definitionAnalysis(verdict, this.statement.kind, facts, ports.catalog.declarations, upstream.serverMajor),
    );
    // VACUUM, CREATE INDEX CONCURRENTLY and their like run only where nothing has run before them.
    await factSource.endQuestions();
    return analysis.kind === 'flows' ? { ...analysis, treeHash: null } : analysis;
  }

  async declareCursor(verdict: Of<'declare-cursor'>): Promise<Interpretation> {
    const { context } = this;
    if (verdict.cursor.startsWith(OWN_PREFIX))
      throw new Stopped(
        new SluiceError('REFUSED_BY_POLICY', `the name "${verdict.cursor}" is reserved for the gateway`),
      );
    const parsed = await this.#parseInner(verdict.innerText, this.#declaredTypes);
    const analysed = await this.#analyse(parsed);
    const plan = this.#planFor(verdict.innerText, parsed, analysed, null);
    // Until the server has confirmed it, the name may still stand for an older cursor.
    context.names.dropPortal(verdict.cursor);
    return this.ofFlows(analysed, {
      effects: { ...NO_EFFECTS, names: { kind: 'declare-cursor', cursor: verdict.cursor, plan } },
      cacheable: false,
    });
  }

  async prepare(verdict: Of<'prepare'>): Promise<Interpretation> {
    const { context, statement, fingerprint } = this;
    if (verdict.name.startsWith(OWN_PREFIX))
      throw new Stopped(new SluiceError('REFUSED_BY_POLICY', `the name "${verdict.name}" is reserved for the gateway`));
    const types = await this.#typeOids(verdict.parameterTypes);
    const parsed = await this.#parseInner(verdict.innerText, types);
    const plan = this.#planFor(verdict.innerText, parsed, await this.#analyse(parsed), verdict.name);
    return plain(
      context,
      statement.kind,
      'session',
      fingerprint,
      { ...NO_EFFECTS, names: { kind: 'prepare', name: verdict.name, plan } },
      false,
    );
  }

  /** EXECUTE: the verdict of the statement under that name, understood as things are now. */
  async executePrepared(name: string): Promise<Interpretation> {
    const { names, epoch } = this.context;
    const plan = names.sqlStatement(name);
    if (plan === undefined)
      throw new Stopped(new SluiceError('STATEMENT_UNKNOWN', `prepared statement "${name}" does not exist`));
    const parsed = await this.#parseInner(plan.text, plan.facts.declaredTypes);
    const analysed = await this.#analyse(parsed);
    plan.understoodAgain(understood(this.context, analysed, this.statement.kind, this.fingerprint), epoch, null);
    return this.#ofNamed(plan, plan.understood, () => names.sqlStatement(name) === plan);
  }

  /** FETCH and MOVE: the verdict with which the cursor was opened, with the labels of now. */
  async fetch(cursor: string): Promise<Interpretation> {
    const { names } = this.context;
    const portal = names.portal(cursor);
    if (portal === undefined) throw new Stopped(new SluiceError('PORTAL_UNKNOWN', `cursor "${cursor}" does not exist`));
    if (!stillHolds(portal, this.context.epoch)) await this.#understandAgain(cursor, portal);
    return this.#ofNamed(portal.plan, portal.understood, () => names.portal(cursor) === portal);
  }

  /** The same tree as when it was opened, with the functions in it as they are now. */
  async #understandAgain(cursor: string, portal: Portal): Promise<void> {
    const { epoch } = this.context;
    const analysed = await this.#analyse(await this.#parseInner(portal.plan.text, portal.plan.facts.declaredTypes));
    const again = understood(this.context, analysed, this.statement.kind, this.fingerprint);
    if (again.treeHash !== portal.understood.treeHash) throw new Stopped(outlived(cursor));
    portal.understood = again;
    portal.epoch = epoch;
  }

  #ofNamed(plan: Plan, { flows, treeHash }: Understood, stillMeans: () => boolean): Interpretation {
    const { copyOut } = plan.facts;
    if (flows === null || copyOut !== null)
      return {
        ...refused(
          {
            rule: 'unknown-verdict',
            message: 'What this name stands for was not understood.',
            remedy: 'Run the statement itself.',
          },
          this.statement.kind,
          this.fingerprint,
        ),
      };
    return this.ofFlows(
      { kind: 'flows', flows, treeHash },
      { writes: plan.facts.writes, cacheable: false, stillMeans },
    );
  }

  ofFlows(
    analysed: Analysed,
    more: Partial<
      Pick<Interpretation, 'copyOut' | 'copyIn' | 'effects' | 'writes' | 'cacheable' | 'utility' | 'stillMeans'>
    >,
  ): Interpretation {
    const { effects = NO_EFFECTS } = more;
    return {
      understood: understood(this.context, analysed, this.statement.kind, this.fingerprint),
      copyOut: null,
      copyIn: false,
      writes: false,
      cacheable: analysed.kind === 'flows',
      utility: true,
      stillMeans: null,
      ...more,
      effects: analysed.kind === 'flows' && movesSettings(analysed.flows) ? { ...effects, settings: true } : effects,
    };
  }

  async #analyse(parsed: Parsed): Promise<Analysed> {
    return await analyseWithFacts(this.context, {
      trees: parsed.trees,
      outputNames: parsed.columns?.map((column) => column.name) ?? null,
      statementKind: this.statement.kind,
    });
  }

  async #parseInner(text: string, declaredTypes: readonly number[]): Promise<Parsed> {
    const parsed = await parseInner(this.context, text, declaredTypes);
    if (parsed === null) throw new Stopped(null);
    return parsed;
  }

  #planFor(text: string, parsed: Parsed, analysed: Analysed, upstreamName: string | null): Plan {
    const { context, statement, fingerprint } = this;
    return new Plan(
      {
        text,
        upstreamText: text,
        declaredTypes: parsed.parameterTypes,
        parameterTypes: parsed.parameterTypes,
        columns: parsed.columns,
        copyOut: null,
        copyIn: false,
        effects: NO_EFFECTS,
        writes: analysed.kind === 'flows' && analysed.flows.statementClass !== 'read',
        utility: false,
      },
      understood(context, analysed, statement.kind, fingerprint),
      { upstreamName, epoch: context.epoch, hashOf: (tree) => treeHash([tree]) },
    );
  }

  /** OIDs of the types that PREPARE names. */
  async #typeOids(names: readonly string[]): Promise<readonly number[]> {
    if (names.length === 0) return [];
    const items = names.map((name) => `pg_catalog.to_regtype(${quoteLiteral(name)})::pg_catalog.oid::pg_catalog.int8`);
    const [row] = await this.context.factSource.rows(`SELECT ${items.join(', ')}`);
    return (row ?? []).map((oid, index) => {
      if (oid === null)
        throw new Stopped(new SluiceError('REFUSED_NOT_UNDERSTOOD', `the type ${names[index] ?? ''} is not known`));
      return Number(oid);
    });
  }
}

function mapped(analysed: Analysed, change: (flows: Flows) => Flows): Analysed {
  return analysed.kind === 'flows' ? { ...analysed, flows: change(analysed.flows), treeHash: null } : analysed;
}

/** A statement that touches no column: policy decides by its class alone. */
function plain(
  context: SessionContext,
  statementKind: string,
  statementClass: StatementClass,
  fingerprint: string,
  effects: StatementEffects = NO_EFFECTS,
  cacheable = true,
): Interpretation {
  const flows: Flows = {
    statementClass,
    statementKind,
    outputs: [],
    shaping: new Set(),
    writes: [],
    faultable: new Set(),
    relations: new Set(),
    holds: [],
  };
  return {
    understood: understood(context, { kind: 'flows', flows, treeHash: null }, statementKind, fingerprint),
    copyOut: null,
    copyIn: false,
    effects,
    writes: false,
    cacheable,
    utility: false,
    stillMeans: null,
  };
}

function refused(
  why: { readonly rule: string; readonly message: string; readonly remedy: string },
  statementKind: string,
  fingerprint: string,
): Interpretation {
  return {
    understood: opaque(why, statementKind, fingerprint),
    copyOut: null,
    copyIn: false,
    effects: NO_EFFECTS,
    writes: false,
    cacheable: false,
    utility: false,
    stillMeans: null,
  };
}

/** `set_config` can move the search_path, wherever it stands: texts may mean something else after it. */
function movesSettings(flows: Flows): boolean {
  return flows.writes.some((write) => write.target === null && write.targetName.startsWith('setting '));
}

/** Words for a probe that could not be made. */
function opaqueOf(probe: { readonly kind: string } & Partial<Record<'rule' | 'message' | 'remedy', string>>): {
  rule: string;
  message: string;
  remedy: string;
} {
  return {
    rule: probe.rule ?? 'copy-probe',
    message: probe.message ?? 'The columns of the copy could not be found out.',
    remedy: probe.remedy ?? 'Use COPY (SELECT …) TO STDOUT.',
  };
}
