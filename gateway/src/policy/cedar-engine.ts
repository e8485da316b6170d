/**
 * The policy engine: facts about a connection or statement → a decision, by asking Cedar about each part.
 *
 * | part of a statement | asked | yes | no, then asked | yes | no |
 * |---|---|---|---|---|---|
 * | its class | `read` `write` `change` … on the resource | allow | – | | refuse |
 * | a hold of the analyser | `redefine` on the resource | allow | `hold` on the resource | hold | refuse |
 * | a labelled source of an output | `reveal` on the column | raw | `mask` | mask | refuse |
 * | a column that shapes rows | `shape` | allow | by its use: see shaping-decision.ts | allow | refuse |
 * | a column in an expression that can fail | `fault` | allow | – | | refuse |
 * | a value that the statement brings and that is known for a source's | the same, with how it was `found` | | | | |
 * | a column that is named like something classified | `redefine` on the resource | allow | `hold` on the column | hold | refuse |
 * | a source written to a lower label, or to where it would be shown | `writeDown` | allow | `hold` on the column | hold | refuse |
 * | all of it, when it is not understood | `runOpaque` on the resource | allow | – | | refuse |
 *
 * Every question is put for the principal and for the person on whose behalf it acts; both must be permitted. What the
 * scopes of the token do not cover is refused before.
 * An error of Cedar is a refusal by the rule `policy-error`.
 */
import { createHash } from 'node:crypto';
import type { Context, EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import { covers } from '@sluice/contract/scopes';
import {
  assertNever,
  type Effect,
  highestLabel,
  type LabelledColumn,
  labelRank,
  type Principal,
  type Reason,
} from '@sluice/contract/vocabulary';
import { CHANGED_DEFINITION, type StatementClass } from '../analysis/flows.ts';
import { statementInWords } from '../analysis/statement-words.ts';
import { DETECTED } from '../detection/detectors.ts';
import { ColumnQuestions } from './column-questions.ts';
import { scopeFinding, verbOf } from './confinement.ts';
import type {
  Decision,
  FoundHow,
  Obligation,
  PlanningAction,
  PolicyEngine,
  ResourceFacts,
  StatementFacts,
} from './decision.ts';
import {
  type Caller,
  callersOf,
  columnEntity,
  groupReferences,
  type ResourceGroups,
  resourceEntity,
  type WorkflowTerms,
  workflowEntity,
} from './entities.ts';
import { FindingWords, ofWhom, POLICY_ERROR } from './finding-words.ts';
import { fitting } from './fitting-words.ts';
import { type MaskedPart, type MaskKind, showsOfValue } from './mask-kind.ts';
import { permissionReasons } from './permission-reasons.ts';
import { type Answer, Permissions } from './permissions.ts';
import type { Policy, PolicySet } from './policy-set.ts';
import {
  type ApproverGroups,
  columnInWords,
  columnName,
  distinctColumns,
  type Finding,
  highestOf,
  listed,
  reasonsOf,
} from './reasons.ts';
import { NO_TERMS, type SessionTerms } from './session-terms.ts';
import { decideShaping, NO_SHAPING, type ShapingOutcome } from './shaping-decision.ts';
import { strictestMask } from './strictest-mask.ts';
import { visibleName } from './visible-name.ts';

/** Goes into the version: raise it when the same policies would be applied in another way. */
const ENGINE_REVISION = 6;

export type CedarPolicyEngineOptions = {
  readonly policies: PolicySet;
  /** Every configured resource. */
  readonly resourceGroups: ResourceGroups;
  /** Every configured workflow. */
  readonly workflows?: WorkflowTerms;
  readonly approverGroups: ApproverGroups;
};

export class CedarPolicyEngine implements PolicyEngine {
  readonly version: string;
  readonly #permissions: Permissions;
  readonly #resourceGroups: ResourceGroups;
  readonly #workflows: WorkflowTerms;
  readonly #findings: FindingWords;
  /** Decisions by their facts, as long as the caller keeps these: a prepared statement is decided at every Execute. */
  readonly #decided = new WeakMap<StatementFacts, Decision>();

  constructor(options: CedarPolicyEngineOptions) {
    this.#permissions = new Permissions(options.policies);
    this.#resourceGroups = options.resourceGroups;
    this.#workflows = options.workflows ?? new Map();
    this.#findings = new FindingWords(options.approverGroups);
    this.version = versionOf(options);
  }

  /** Total. */
  decideConnect(principal: Principal, resource: ResourceFacts, terms: SessionTerms = NO_TERMS): Decision {
    const { workflow, plan } = terms;
    const context = { ...(workflow === null ? {} : { workflow }), planned: plan !== null };
    const says = `${principal.name} may not open a session on ${resource.name}`;
    const connect = this.#decideAction(principal, resource, 'connect', says, context);
    if (workflow === null || connect.effect !== 'allow') return connect;
    return this.#decideWorkflow(principal, resource, workflow, 'runWorkflow', 'may not run the workflow');
  }

  /** Total. */
  decidePropose(principal: Principal, resource: ResourceFacts, workflow: string): Decision {
    return this.#decideWorkflow(principal, resource, workflow, 'proposeBaseline', 'may not propose baselines of');
  }

  /** Total. */
  decidePlanning(principal: Principal, resource: ResourceFacts, action: PlanningAction): Decision {
    const what = action === 'describe' ? 'see the schema of' : 'hand in plans for';
    return this.#decideAction(principal, resource, action, `${principal.name} may not ${what} ${resource.name}`, {});
  }

  #decideAction(
    principal: Principal,
    resource: ResourceFacts,
    action: 'connect' | PlanningAction,
    says: string,
    context: Context,
  ): Decision {
    const confined = scopeFinding(principal, VERBS_OF[action], resource, says);
    if (confined !== null) return this.#decision([confined], []);
    const answer = this.#ask(callersOf(principal), action, resourceEntity(resource, this.#resourceGroups), context);
    if (answer.kind === 'permitted') return this.#decision([], []);
    return this.#decision([this.#findings.refusal(answer, resource, [], null, says)], []);
  }

  #decideWorkflow(
    principal: Principal,
    resource: ResourceFacts,
    name: string,
    action: 'runWorkflow' | 'proposeBaseline',
    mayNot: string,
  ): Decision {
    const terms = this.#workflows.get(name);
    // One that nobody configured would be a way around those that are: it has no baseline, and would learn anything.
    if (terms === undefined || !terms.resources.includes(resource.name)) return this.#unknownWorkflow(name, resource);
    const says = `${principal.name} ${mayNot} ${name}`;
    const confined = scopeFinding(principal, VERBS_OF[action], resource, says);
    if (confined !== null) return this.#decision([confined], []);
    const answer = this.#ask(callersOf(principal), action, workflowEntity(name, resource, terms.groups), {});
    if (answer.kind === 'permitted') return this.#decision([], []);
    return this.#decision([this.#findings.refusal(answer, resource, [], null, says)], []);
  }

  #unknownWorkflow(name: string, resource: ResourceFacts): Decision {
    const known = [...this.#workflows].flatMap(([each, terms]) =>
      terms.resources.includes(resource.name) ? [each] : [],
    );
    return this.#decision(
      [
        {
          effect: 'refuse',
          policyId: 'engine:workflow-unknown',
          columns: [],
          subject: null,
          says: `there is no workflow ${visibleName(name)} on ${resource.name}`,
          remedy:
            known.length === 0 ? 'An administrator has to configure it.' : `Configured are ${known.sort().join(', ')}.`,
        },
      ],
      [],
    );
  }

  /** Total. Facts are values: the same object is answered from memory. */
  decideStatement(facts: StatementFacts): Decision {
    const known = this.#decided.get(facts);
    if (known !== undefined) return known;
    const decision = this.#decide(facts);
    // An error of Cedar may be passing; it is asked again.
    if (!decision.reasons.some(({ policyId }) => policyId === POLICY_ERROR)) this.#decided.set(facts, decision);
    return decision;
  }

  /** Total. What is not understood has no flows: whoever may run it is trusted with everything that the resource holds. */
  decideOpaque(principal: Principal, resource: ResourceFacts): Decision {
    const says = 'may not run statements that are not understood';
    // They may do anything, so it takes the scope for everything.
    const confined = scopeFinding(principal, ['change'], resource, says);
    if (confined !== null) return this.#decision([confined], []);
    const answer = this.#ask(callersOf(principal), 'runOpaque', resourceEntity(resource, this.#resourceGroups), {});
    if (answer.kind !== 'permitted')
      return this.#decision([this.#findings.refusal(answer, resource, [], null, says)], []);
    const policyId = answer.policies[0]?.id ?? 'default-deny';
    const message = 'runs although it was not understood: nothing in its answer is masked';
    const reasons: readonly Reason[] = [{ effect: 'allow', policyId, message, remedy: '', columns: [] }];
    return { effect: 'allow', obligations: [], reasons, policyVersion: this.version };
  }

  /** Total. */
  explainPermitted(facts: StatementFacts): readonly Reason[] {
    const callers = callersOf(facts.principal);
    const columns = new ColumnQuestions(facts, (action, resource, context) =>
      this.#ask(callers, action, resource, context),
    );
    const resource = resourceEntity(facts.resource, this.#resourceGroups);
    const context = { statementKind: facts.statementKind, held: isHeld(facts) };
    const run: Answer = covers(facts.principal, verbOf(facts.statementClass), facts.resource.name)
      ? this.#ask(callers, actionOf(facts.statementClass), resource, context)
      : { kind: 'denied', policies: [] };
    return permissionReasons(facts, columns, run);
  }

  #decide(facts: StatementFacts): Decision {
    const callers = callersOf(facts.principal);
    const columns = new ColumnQuestions(facts, (action, resource, context) =>
      this.#ask(callers, action, resource, context),
    );
    const findings: Finding[] = [...this.#decideClass(facts, callers)];
    const masks: Obligation[] = [];
    for (const [index, output] of facts.outputs.entries()) {
      const outcome = this.#decideOutput(facts, columns, output);
      findings.push(...outcome.findings);
      if (outcome.mask !== null) masks.push({ kind: 'mask', output: index, ...outcome.mask });
    }
    const shaping = this.#decideShaping(facts, callers, columns, masks);
    findings.push(...shaping.findings.map((finding) => fitting(finding, facts, 'shape')));
    findings.push(...this.#decideFaults(facts, columns).map((finding) => fitting(finding, facts, 'fault')));
    for (const write of facts.writes)
      findings.push(...this.#decideWrite(facts, columns, write).map((finding) => fitting(finding, facts, 'write')));
    findings.push(...this.#decideNames(facts, callers, columns));
    return this.#decision(findings, [...masks, ...shaping.obligations]);
  }

  #decideShaping(
    facts: StatementFacts,
    callers: readonly Caller[],
    columns: ColumnQuestions,
    masks: readonly Obligation[],
  ): ShapingOutcome {
    if (facts.shaping.length === 0) return NO_SHAPING;
    const { resource, statementClass } = facts;
    const mayWrite = (): boolean =>
      this.#ask(callers, 'write', resourceEntity(resource, this.#resourceGroups), {
        statementKind: 'InsertStmt',
        held: false,
      }).kind === 'permitted';
    return decideShaping({
      facts,
      masks,
      shape: (column) => columns.ask('shape', column, { mayReveal: columns.mayReveal(column) }),
      askEach: (action, column) => {
        const entity = columnEntity(resource, column.label, column.category);
        const context = action === 'probe' ? { statementClass } : { statementClass, mayWrite: mayWrite() };
        return callers.map((caller) => this.#ask([caller], action, entity, context));
      },
      refusal: (answer, column, says, where) => this.#findings.refusal(answer, resource, [column], null, says, where),
    });
  }

  #decideClass(facts: StatementFacts, callers: readonly Caller[]): Finding[] {
    const resource = resourceEntity(facts.resource, this.#resourceGroups);
    const context = { statementKind: facts.statementKind, held: isHeld(facts) };
    const says = `${statementInWords(facts.statementKind)} may not run on ${facts.resource.name}`;
    const confined = scopeFinding(facts.principal, [verbOf(facts.statementClass)], facts.resource, says);
    if (confined !== null) return [confined];
    const answer = this.#ask(callers, actionOf(facts.statementClass), resource, context);
    if (answer.kind !== 'permitted') {
      return [this.#findings.refusal(answer, facts.resource, [], null, says)];
    }
    if (facts.holds.length === 0) return [];
    const { statementClass, statementKind } = facts;
    if (this.#ask(callers, 'redefine', resource, { statementClass, statementKind }).kind === 'permitted') return [];
    const hold = this.#ask(callers, 'hold', resource, { statementClass: facts.statementClass });
    return facts.holds.map((words) =>
      hold.kind === 'permitted'
        ? this.#findings.held(hold.policies, facts.resource, [], `${clause(words)}:`, 'needs an approval')
        : this.#findings.refusal(hold, facts.resource, [], `${clause(words)}:`, 'may not run without an approval'),
    );
  }

  #decideOutput(
    facts: StatementFacts,
    columns: ColumnQuestions,
    output: StatementFacts['outputs'][number],
  ): { findings: readonly Finding[]; mask: OutputMask | null } {
    const findings: Finding[] = [];
    const masks: MaskKind[] = [];
    const parts: MaskedPart[] = [];
    const asked = output.parts?.map(({ column }) => column) ?? output.sources;
    const hidden = distinctColumns(asked).filter((source) => columns.ask('reveal', source).kind !== 'permitted');
    for (const source of hidden) {
      const answer = columns.ask('mask', source);
      if (answer.kind !== 'permitted') {
        findings.push(
          this.#findings.refusal(answer, facts.resource, [source], null, 'may not be returned, not even masked'),
        );
        continue;
      }
      masks.push(answer.mask);
      const path = output.parts?.find(({ column }) => column === source)?.path;
      if (path !== undefined) parts.push({ path, mask: answer.mask });
      findings.push({
        effect: 'mask',
        policyId: maskPolicy(answer.policies)?.id ?? 'default-deny',
        columns: [source],
        subject: null,
        says: `${this.#findings.words(answer.policies, 'message', 'is masked', facts.resource, [source])}${shownAs(output.name, source)}${ofWhom(columns.ask('reveal', source))}`,
        remedy: this.#findings.words(
          answer.policies,
          'remedy',
          'If your work needs the value, ask {approvers}.',
          facts.resource,
          [source],
        ),
      });
    }
    if (hidden.length === 0) return { findings, mask: null };
    const mask = usableMask(strictestMask(masks), output.unchanged === true && output.parts === undefined);
    return { findings, mask: { mask, ...(output.parts === undefined ? {} : { parts: strictestParts(parts) }) } };
  }

  #decideFaults(facts: StatementFacts, columns: ColumnQuestions): Finding[] {
    return distinctColumns(facts.faultable).flatMap((column) => {
      const answer = columns.ask('fault', column, { mayReveal: columns.mayReveal(column) });
      if (answer.kind === 'permitted') return [];
      const operations = facts.places?.faultable.get(columnName(column)) ?? [];
      const where = operations.length === 0 ? '' : `: ${listed(operations)}`;
      const says = 'may not be used in what can fail';
      return [this.#findings.refusal(answer, facts.resource, [column], null, says, where)];
    });
  }

  #decideWrite(facts: StatementFacts, columns: ColumnQuestions, write: StatementFacts['writes'][number]): Finding[] {
    const targetRank = write.target === null ? -1 : labelRank(write.target.label);
    return distinctColumns(write.sources)
      .filter((source) => labelRank(source.label) > targetRank || isShownMore(columns, source, write.target))
      .flatMap((source) => {
        const found = write.found === undefined ? {} : { found: write.found };
        const context = {
          ...{ mayReveal: columns.mayReveal(source), targetExists: write.target !== null, targetRank },
          ...found,
        };
        const free = columns.ask('writeDown', source, context);
        if (free.kind === 'permitted') return [];
        const target = write.target === null ? write.targetName : columnInWords(write.target);
        const redefined = write.target === null && write.targetName === CHANGED_DEFINITION;
        // Of a definition, only the columns are of interest.
        const subject = redefined ? null : `${sourceInWords(source, write.found)} → ${target}`;
        // An explicit forbid of the copy is meant as one; only where nothing speaks against it can an approver be asked.
        if (free.kind === 'error' || free.policies.length > 0) {
          return [this.#findings.refusal(free, facts.resource, [source], subject, 'may not be copied')];
        }
        const hold = columns.ask('hold', source, redefined ? { redefined } : found);
        return hold.kind === 'permitted'
          ? [this.#findings.held(hold.policies, facts.resource, [source], subject, 'needs an approval')]
          : [this.#findings.refusal(hold, facts.resource, [source], subject, 'may not be copied')];
      });
  }

  /** The label that a name proposes follows an approval; whoever may change definitions without one sets labels himself. */
  #decideNames(facts: StatementFacts, callers: readonly Caller[], columns: ColumnQuestions): Finding[] {
    const { named = [], resource, statementClass, statementKind } = facts;
    if (named.length === 0) return [];
    const entity = resourceEntity(resource, this.#resourceGroups);
    const context = { statementClass, statementKind, named: true };
    if (this.#ask(callers, 'redefine', entity, context).kind === 'permitted') return [];
    return named.map(({ called, target }) => {
      const hold = columns.ask('hold', called, { named: true });
      const subject = nameInWords(called, target);
      return hold.kind === 'permitted'
        ? this.#findings.held(hold.policies, resource, [called], subject, 'needs an approval')
        : this.#findings.refusal(hold, resource, [called], subject, 'may not be made without an approval');
    });
  }

  /** One question for everyone whose permission it takes; the first no decides. */
  #ask(callers: readonly Caller[], action: string, resource: EntityJson, context: Context): Answer {
    const policies = new Map<string, Policy>();
    const masks: MaskKind[] = [];
    for (const { entity, delegated, onBehalfOfGroups, linkGroups, called } of callers) {
      const answer = this.#permissions.ask({
        principal: entity,
        action,
        resource,
        context: {
          ...context,
          delegated,
          onBehalfOfGroups: groupReferences(onBehalfOfGroups),
          linkGroups: groupReferences(linkGroups),
        },
      });
      if (answer.kind !== 'permitted') return called === null ? answer : { ...answer, of: called };
      for (const policy of answer.policies) policies.set(policy.id, policy);
      masks.push(answer.mask);
    }
    return { kind: 'permitted', policies: [...policies.values()], mask: strictestMask(masks) };
  }

  #decision(findings: readonly Finding[], masks: readonly Obligation[]): Decision {
    const effect = strongestEffect(findings);
    const held = findings.filter((finding) => finding.effect === 'hold');
    const [label, ...others] = held.map((finding) => highestOf(finding.columns));
    const bounds = held.flatMap(({ maxRows }) => maxRows ?? []);
    const bound = bounds.length === 0 ? {} : { maxRows: Math.min(...bounds) };
    const approval: Obligation[] =
      label === undefined ? [] : [{ kind: 'require-approval', label: others.reduce(highestLabel, label), ...bound }];
    return {
      effect,
      obligations: effect === 'refuse' ? [] : [...masks, ...approval],
      reasons: reasonsOf(findings),
      policyVersion: this.version,
    };
  }
}

/** What a scope has to be for, to do this at all. Whoever may read data may also see where it is. */
const VERBS_OF = {
  connect: ['read'],
  describe: ['plan', 'read'],
  submitPlan: ['plan'],
  runWorkflow: ['read'],
  proposeBaseline: ['plan'],
} as const;

function isHeld({ holds, named = [] }: StatementFacts): boolean {
  return holds.length + named.length > 0;
}

/** `reporting.daily.ssn would be called pii.ssn (regulated) by its name:` */
function nameInWords(called: LabelledColumn, target: LabelledColumn | null): string {
  const { schema, table, column, label, category } = called;
  const name = [...(schema === 'public' ? [] : [schema]), table, column].map(visibleName).join('.');
  const of = target === null ? '' : `, made of ${columnInWords(target)},`;
  return `${name}${of} would be called ${category} (${label}) by its name:`;
}

function actionOf(statementClass: StatementClass): string {
  switch (statementClass) {
    case 'ddl':
      return 'change';
    case 'maintenance':
      return 'maintain';
    case 'read':
    case 'write':
    case 'transaction':
    case 'session':
      return statementClass;
    default:
      return assertNever(statementClass);
  }
}

/** Where a column appears under another name, or with others: ` (in the answer's column total)`. */
function shownAs(output: string, { column }: LabelledColumn): string {
  return output === column ? '' : ` (in the answer's column ${visibleName(output)})`;
}

/**
 * Whether a value that is hidden where it stands would be shown where it is written to, although the label is no lower:
 * the target may be seen, or its mask shows something of what is in it. `SET ssn = reverse(ssn)` would bring other
 * characters to the end, and "the last four" would tell them one after the other.
 */
function isShownMore(columns: ColumnQuestions, source: LabelledColumn, target: LabelledColumn | null): boolean {
  if (target === null || columns.mayReveal(source)) return false;
  if (columns.mayReveal(target)) return true;
  const answer = columns.ask('mask', target);
  return answer.kind === 'permitted' && showsOfValue(answer.mask);
}

function sourceInWords(source: LabelledColumn, found: FoundHow | undefined): string {
  switch (found) {
    case undefined:
      return columnInWords(source);
    case 'shown':
      return `a value that was shown from ${columnInWords(source)}`;
    case 'detected':
      return `a value that looks like ${detectorInWords(source)}`;
    case 'unread':
      return `a value that is too long to be looked through for ${source.schema === DETECTED ? detectorInWords(source) : columnInWords(source)}`;
    default:
      return assertNever(found);
  }
}

/** A detector stands in the place of a column. */
function detectorInWords({ column, label, category }: LabelledColumn): string {
  return `${column} (${[label, ...(category === null ? [] : [category])].join(', ')})`;
}

type OutputMask = Pick<Extract<Obligation, { kind: 'mask' }>, 'mask' | 'parts'>;

/** One mask for each place: several labels may stand on one. */
function strictestParts(parts: readonly MaskedPart[]): readonly MaskedPart[] {
  const byPath = Map.groupBy(parts, ({ path }) => path);
  return [...byPath].map(([path, same]) => ({ path, mask: strictestMask(same.map(({ mask }) => mask)) }));
}

/** A policy that names a mask stands for the decision before those that do not. */
function maskPolicy(policies: readonly Policy[]): Policy | undefined {
  return policies.find((policy) => policy.mask !== null) ?? policies[0];
}

/**
 * "The last four" is a promise about a column's own values. Of an expression the last four characters could be any
 * four (`reverse(ssn)`), and a token would tell whether any two things that can be computed are equal, so those are
 * NULL. An unchanged output may have several sources: the same column of partitions, which all have a say in its mask.
 */
function usableMask(mask: MaskKind, unchanged: boolean): MaskKind {
  return showsOfValue(mask) && !unchanged ? { kind: 'null' } : mask;
}

function strongestEffect(findings: readonly Finding[]): Effect {
  const order: readonly Effect[] = ['refuse', 'hold', 'mask'];
  return order.find((effect) => findings.some((finding) => finding.effect === effect)) ?? 'allow';
}

function versionOf({ policies, resourceGroups, workflows = new Map() }: CedarPolicyEngineOptions): string {
  const groups = [...resourceGroups, ...workflows].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([ENGINE_REVISION, policies.version, groups]))
    .digest('hex')
    .slice(0, 16);
}

/** A sentence as the beginning of another. */
function clause(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
