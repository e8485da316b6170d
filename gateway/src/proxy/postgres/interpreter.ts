import { SluiceError } from '@sluice/contract/errors';
import type { Flows } from '../../analysis/flows.ts';
import { constantValues } from '../../analysis/postgres/constant-values.ts';
import { copyProbe } from '../../analysis/postgres/copy-probe.ts';
import type { NewRelation } from '../../analysis/postgres/gate/ast.ts';
import type { CopyOptions, GateStatement, Handling, PreparedCall } from '../../analysis/postgres/gate/statement.ts';
import type { RefusalRule } from '../../analysis/postgres/refusal-rules.ts';
import {
  copyInFlows,
  creationFlows,
  explainFlows,
  givenFlows,
  withAnyValues,
  withoutCount,
  withoutUses,
} from '../../analysis/postgres/statement-flows.ts';
import { treeHash } from '../../analysis/postgres/tree-hash.ts';
import { normaliseName } from '../../analysis/postgres/tree-node.ts';
import { quoteLiteral } from '../../catalog/introspection.ts';
import { OWN_PREFIX } from './bounds.ts';
import { analyseDefinition } from './definition.ts';
import { eventTriggerHolds, withHolds } from './event-triggers.ts';
import type { Examined } from './examine.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Interpretation, plain, refused, Stopped } from './interpretation.ts';
import { namedByQuery, withNamed } from './named-columns.ts';
import { outlived, type Portal, stillHolds } from './names.ts';
import { Plan, type RestsOn, type Understood } from './plan.ts';
import { analyseCall } from './routines.ts';
import { type Parsed, parseInner } from './server-parse.ts';
import type { SessionContext } from './session-context.ts';
import { READS_NOTHING } from './session-reads.ts';
import { NO_EFFECTS, unknownEffects } from './statement-effects.ts';
import { type Analysed, analyseWithFacts, understood, withFacts } from './understand.ts';

type Of<Name extends Handling['handling']> = Extract<Handling, { handling: Name }>;

const CHANGED = {
  rule: 'copy',
  message: 'The table changed while COPY was looked at.',
  remedy: 'Send the statement again.',
} as const;

/** One statement on its way to an interpretation: what each kind needs of the server and the analyser. */
export class Interpreter {
  readonly context: SessionContext;
  readonly statement: GateStatement;
  readonly fingerprint: string;
  readonly #examined: Examined;
  readonly #parsed: Parsed;
  readonly #declaredTypes: readonly number[];

  constructor(
    context: SessionContext,
    statement: GateStatement,
    examined: Examined,
    parsed: Parsed,
    declaredTypes: readonly number[],
  ) {
    this.context = context;
    this.statement = statement;
    this.fingerprint = fingerprintOf(examined.text);
    this.#examined = examined;
    this.#parsed = parsed;
    this.#declaredTypes = declaredTypes;
  }

  async analyse(): Promise<Interpretation> {
    const analysed = await this.#analyse(this.#parsed);
    if (analysed.kind === 'opaque') return this.ofFlows(analysed, { utility: false });
    const writes = analysed.flows.statementClass !== 'read';
    if (analysed.cursors === undefined || analysed.cursors.length === 0)
      return this.ofFlows(analysed, { writes, utility: false });
    return this.#atCursors(analysed, analysed.cursors);
  }

  /** WHERE CURRENT OF: what decided about the rows of the cursor decides about the rows that are changed. */
  #atCursors(analysed: Extract<Analysed, { kind: 'flows' }>, cursors: readonly string[]): Interpretation {
    const { names } = this.context;
    const portals = cursors.flatMap((cursor) => {
      // Trees print names without their whitespace.
      const found = names.portalsAlike(cursor, normaliseName);
      if (found.length === 0) throw new Stopped(new SluiceError('PORTAL_UNKNOWN', `cursor "${cursor}" does not exist`));
      return found;
    });
    if (portals.length > cursors.length) return this.#unknownVerdict();
    const shaping = new Set(analysed.flows.shaping);
    for (const [, { understood: opened }] of portals) {
      if (opened.flows === null) return this.#unknownVerdict();
      for (const column of opened.flows.shaping) shaping.add(column);
    }
    const flows = { ...analysed.flows, shaping };
    const stillMeans = (): boolean => portals.every(([name, portal]) => names.portal(name) === portal);
    return this.ofFlows({ ...analysed, flows }, { writes: true, utility: false, cacheable: false, stillMeans });
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
      copyOut: { format: options, columns: parsed.columns ?? [] },
      cacheable: false,
    });
  }

  async createFromQuery(verdict: Of<'create-from-query'>): Promise<Interpretation> {
    const made = await this.#placed(verdict);
    const parsed = await this.#parseInner(verdict.innerText, this.#declaredTypes);
    const query = await this.#analyse(parsed);
    const named =
      query.kind === 'flows' ? await namedByQuery(this.context, made, query.flows, this.statement.kind) : [];
    const fired = await eventTriggerHolds(this.context);
    const created = mapped(query, (flows) => withHolds(withNamed(creationFlows(flows, made), named), fired));
    const analysed = created.kind === 'flows' ? { ...created, constants: constantValues(parsed.trees) } : created;
    const names =
      analysed.kind === 'flows'
        ? ({ kind: 'create-relation', target: verdict.target, flows: analysed.flows } as const)
        : null;
    return this.ofFlows(analysed, { effects: { ...NO_EFFECTS, schema: true, names }, writes: true, cacheable: false });
  }

  /** With the schema that search_path decides, for sessions whose baseline tells places apart. */
  async #placed<T extends { readonly makes: NewRelation }>(verdict: T): Promise<T> {
    const { makes } = verdict;
    if (makes.schema !== null || this.context.session.work === null) return verdict;
    const [[schema = null] = []] = await this.context.factSource.rows('SELECT pg_catalog.current_schema()');
    return { ...verdict, makes: { ...makes, schema } };
  }

  async copyTable(verdict: Of<'copy-table-out'>): Promise<Interpretation> {
    const probe = await withFacts(this.context, () => copyProbe(verdict, this.context.facts));
    if (probe.kind === 'text') return await this.copyOut(probe.text, verdict.options, false);
    // The server says which column does not exist. Should it know it by now, nothing is known about the copy.
    if (probe.kind === 'absent') await this.#parseInner(probe.text, []);
    return refused(
      this.context,
      probe.kind === 'absent' ? CHANGED : opaqueOf(probe),
      this.statement.kind,
      this.fingerprint,
    );
  }

  async copyIn(verdict: Of<'copy-table-in'>): Promise<Analysed> {
    const probe = await withFacts(this.context, () => copyProbe(verdict, this.context.facts));
    if (probe.kind !== 'text') return { kind: 'opaque', ...opaqueOf(probe) };
    return mapped(await this.inner(probe.text, []), (flows) => copyInFlows(flows));
  }

  async definition(verdict: Of<'definition'>): Promise<Analysed> {
    const { facts, factSource, ports } = this.context;
    // Rare enough to look anew each time.
    await ports.catalog.look();
    facts.forget();
    const analysed = await analyseDefinition(this.context, verdict, this.statement.kind);
    // VACUUM, CREATE INDEX CONCURRENTLY and their like run only where nothing has run before them.
    await factSource.endQuestions();
    return analysed;
  }

  async call(verdict: Of<'call'>): Promise<Analysed> {
    const analysed = await analyseCall(this.context, verdict, this.#parsed.columns?.map(({ name }) => name) ?? []);
    // A procedure may COMMIT only where nothing has run before it: from 18 on, what ran since the last Sync counts.
    await this.context.factSource.endQuestions();
    return analysed;
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
    // Outside of a transaction block the server refuses it, which from 18 on it does only if nothing ran since the last Sync.
    if (!verdict.hold) await context.factSource.endQuestions();
    return this.ofFlows(analysed, {
      effects: {
        ...NO_EFFECTS,
        names: { kind: 'declare-cursor', cursor: verdict.cursor, plan, binary: verdict.binary },
      },
      cacheable: false,
    });
  }

  async prepare(verdict: Of<'prepare'>): Promise<Interpretation> {
    const { context, statement, fingerprint } = this;
    if (verdict.name.startsWith(OWN_PREFIX))
      throw new Stopped(new SluiceError('REFUSED_BY_POLICY', `the name "${verdict.name}" is reserved for the gateway`));
    if (context.names.statement(verdict.name) !== undefined)
      throw new Stopped(new SluiceError('STATEMENT_EXISTS', `prepared statement "${verdict.name}" already exists`));
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
  async executePrepared(call: PreparedCall): Promise<Interpretation> {
    const named = await this.#prepared(call);
    if ('unknown' in named) return named.unknown;
    return this.#ofNamed(named.plan, named.plan.understood, named.stillMeans, named.given);
  }

  async explainPrepared({ prepared, options }: Of<'explain-prepared'>): Promise<Interpretation> {
    const named = await this.#prepared(prepared);
    if ('unknown' in named) return named.unknown;
    return this.#ofNamed(named.plan, named.plan.understood, named.stillMeans, named.given, (flows) =>
      explainFlows(flows, options),
    );
  }

  async createFromPrepared(verdict: Of<'create-from-prepared'>): Promise<Interpretation> {
    const named = await this.#prepared(verdict.prepared);
    if ('unknown' in named) return named.unknown;
    const { plan, stillMeans, given } = named;
    const placed = await this.#placed(verdict);
    const query = plan.understood.flows;
    const called = query === null ? [] : await namedByQuery(this.context, placed, query, this.statement.kind);
    const fired = await eventTriggerHolds(this.context);
    const made = this.#ofNamed(plan, plan.understood, stillMeans, given, (flows) =>
      withHolds(withNamed(creationFlows(flows, placed), called), fired),
    );
    const { flows } = made.understood;
    if (flows === null) return made;
    const names = { kind: 'create-relation', target: verdict.target, flows } as const;
    return { ...made, effects: { ...made.effects, schema: true, names }, writes: true };
  }

  /** The statement under that name, and its arguments, understood as things are now. The arguments may not change data. */
  async #prepared({ name, argumentsText }: PreparedCall): Promise<NamedPlan | { unknown: Interpretation }> {
    const { names, epoch } = this.context;
    const plan = names.preparedStatement(name);
    // Under a name of the gateway's the server would not find it.
    if (plan === undefined || plan.upstreamName?.startsWith(OWN_PREFIX) === true)
      return {
        unknown: this.#unknownName(
          name,
          new SluiceError('STATEMENT_UNKNOWN', `prepared statement "${name}" does not exist`),
          () => names.preparedStatement(name) === plan,
        ),
      };
    const given = argumentsText === null ? null : await this.inner(argumentsText, []);
    if (given !== null && (given.kind === 'opaque' || !isRead(given.flows))) {
      const why = {
        rule: 'execute-arguments',
        message: 'An argument of EXECUTE changes data, or was not understood.',
        remedy: 'Bind the value with the extended protocol, or write it as a literal.',
      } as const;
      return { unknown: refused(this.context, why, this.statement.kind, this.fingerprint) };
    }
    const parsed = await this.#parseInner(plan.text, plan.facts.declaredTypes);
    const analysed = await this.#analyse(parsed);
    plan.understoodAgain(
      understood(this.context, analysed, this.statement.kind, this.fingerprint),
      { epoch, parsedAtSync: this.context.link.syncs },
      { stillMeans: null, missing: null },
    );
    return { plan, stillMeans: () => names.preparedStatement(name) === plan, given };
  }

  /** FETCH and MOVE: the verdict with which the cursor was opened, with the labels of now. */
  async fetch(cursor: string): Promise<Interpretation> {
    const { names } = this.context;
    const portal = names.portal(cursor);
    if (portal === undefined)
      return this.#unknownName(
        cursor,
        new SluiceError('PORTAL_UNKNOWN', `cursor "${cursor}" does not exist`),
        () => names.portal(cursor) === undefined,
      );
    if (!stillHolds(portal, this.context.epoch)) await this.#understandAgain(cursor, portal);
    const fetched = this.#ofNamed(portal.plan, portal.understood, () => names.portal(cursor) === portal, null);
    return portal.binary ? { ...fetched, binaryRows: true } : fetched;
  }

  /**
   * A name that stands for nothing yet: the server looks it up when the statement runs. Or one that only the server
   * knows, since something that was not understood has made it, which is for those whom policy trusts.
   */
  #unknownName(name: string, error: SluiceError, isUnknown: () => boolean): Interpretation {
    const why = { rule: 'unknown-name', message: error.message, remedy: error.remedy } as const;
    const unknown = refused(this.context, why, this.statement.kind, this.fingerprint);
    if (this.context.trusted && !name.startsWith(OWN_PREFIX)) return unknown;
    return { ...unknown, effects: NO_EFFECTS, utility: true, stillMeans: isUnknown, missing: error };
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

  #ofNamed(
    plan: Plan,
    { flows, treeHash, constants = [] }: Understood,
    stillMeans: () => boolean,
    given: NamedPlan['given'],
    change: ((flows: Flows) => Flows) | null = null,
  ): Interpretation {
    const { copyOut } = plan.facts;
    if (flows === null || copyOut !== null) return this.#unknownVerdict();
    // Where arguments go that are written out in the text is not looked at.
    const own: Analysed = {
      ...{ kind: 'flows', flows: withAnyValues(withoutCount(flows)), treeHash },
      constants: [...constants, plan.text, this.#examined.text],
    };
    const analysed: Analysed = given === null ? own : { ...own, ...withArguments(own.flows, given) };
    return this.ofFlows(change === null ? analysed : mapped(analysed, change), {
      writes: plan.facts.writes,
      cacheable: false,
      stillMeans,
    });
  }

  #unknownVerdict(): Interpretation {
    return refused(
      this.context,
      {
        rule: 'unknown-verdict',
        message: 'What this name stands for was not understood.',
        remedy: 'Run the statement itself.',
      },
      this.statement.kind,
      this.fingerprint,
    );
  }

  ofFlows(
    analysed: Analysed,
    more: Partial<
      Pick<
        Interpretation,
        'copyOut' | 'copyIn' | 'copyData' | 'effects' | 'writes' | 'cacheable' | 'utility' | 'stillMeans'
      >
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
      effects:
        analysed.kind === 'opaque'
          ? { ...unknownEffects(this.fingerprint), ...(effects.names === null ? {} : { names: effects.names }) }
          : movesSettings(analysed.flows)
            ? { ...effects, settings: true }
            : effects,
    };
  }

  async #analyse(parsed: Parsed): Promise<Analysed> {
    const analysed = await analyseWithFacts(this.context, {
      trees: parsed.trees,
      outputNames: parsed.columns?.map((column) => column.name) ?? null,
      statementKind: this.statement.kind,
    });
    // Positions in an inner text are none of the client's.
    return analysed.kind === 'opaque' && parsed !== this.#parsed ? { ...analysed, byte: null } : analysed;
  }

  async #parseInner(text: string, declaredTypes: readonly number[]): Promise<Parsed> {
    const parsed = await parseInner(this.context, text, declaredTypes, {
      needsFacts: true,
      charactersBefore: () => this.#charactersBefore(text),
    });
    if (parsed === null) throw new Stopped(null);
    return parsed;
  }

  /** Characters of the client's text before the first place where a part stands; null for what is not a part of it. */
  #charactersBefore(part: string): number | null {
    const { text, charactersBefore } = this.#examined;
    const at = text.indexOf(part);
    return at < 0 ? null : Array.from(text.slice(0, at)).length + (charactersBefore?.() ?? 0);
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
        binaryRows: false,
        reads: READS_NOTHING,
        utility: false,
      },
      understood(context, analysed, statement.kind, fingerprint),
      { upstreamName, epoch: context.epoch, parsedAtSync: context.link.syncs, hashOf: (tree) => treeHash([tree]) },
    );
  }

  /** OIDs of the types that PREPARE names. */
  async #typeOids(names: readonly string[]): Promise<readonly number[]> {
    if (names.length === 0) return [];
    const items = names.map((name) => `pg_catalog.to_regtype(${quoteLiteral(name)})::pg_catalog.oid::pg_catalog.int8`);
    const [row] = await this.context.factSource.rows(`SELECT ${items.join(', ')}`);
    const unknown = names.find((_name, index) => (row ?? [])[index] === null);
    if (unknown !== undefined) await this.#refuseType(unknown);
    return (row ?? []).map(Number);
  }

  /** The server says in its own words that there is no such type: it is asked to read a cast to it. */
  async #refuseType(name: string): Promise<never> {
    const cast = 'SELECT NULL::';
    await parseInner(this.context, cast + name, [], {
      needsFacts: false,
      charactersBefore: () => (this.#charactersBefore(name) ?? 0) - cast.length,
    });
    throw new Stopped(
      this.context.link.skipping ? null : new SluiceError('REFUSED_NOT_UNDERSTOOD', `the type ${name} is not known`),
    );
  }
}

export function mapped(analysed: Analysed, change: (flows: Flows) => Flows): Analysed {
  return analysed.kind === 'flows'
    ? { ...analysed, flows: change(withoutUses(analysed.flows)), treeHash: null }
    : analysed;
}

/** `set_config` can move the search_path, wherever it stands: texts may mean something else after it. */
function movesSettings(flows: Flows): boolean {
  return flows.writes.some((write) => write.target === null && write.targetName.startsWith('setting '));
}

/** What a name of PREPARE stands for, and what the arguments of EXECUTE do: null for none, and for literals. */
type NamedPlan = {
  readonly plan: Plan;
  readonly stillMeans: () => boolean;
  readonly given: Extract<Analysed, { kind: 'flows' }> | null;
};

function isRead({ statementClass, writes, holds }: Flows): boolean {
  return statementClass === 'read' && writes.length + holds.length === 0;
}

/** What the arguments read goes wherever the statement puts its parameters, and decides about whatever they decide about. */
function withArguments(
  flows: Flows,
  { flows: given, restsOn }: NonNullable<NamedPlan['given']>,
): { readonly flows: Flows; readonly restsOn?: RestsOn } {
  return {
    flows: givenFlows(flows, given),
    ...(restsOn === undefined ? {} : { restsOn }),
  };
}

/** Words for a probe that could not be made. */
function opaqueOf(
  probe: { readonly kind: string } & Partial<{ rule: RefusalRule } & Record<'message' | 'remedy', string>>,
): { rule: RefusalRule; message: string; remedy: string } {
  return {
    rule: probe.rule ?? 'copy-probe',
    message: probe.message ?? 'The columns of the copy could not be found out.',
    remedy: probe.remedy ?? 'Use COPY (SELECT …) TO STDOUT.',
  };
}
