import { SluiceError } from '@sluice/contract/errors';
import { LRUCache } from 'lru-cache';
import type { Flows } from '../../analysis/flows.ts';
import type { Recording } from '../../evidence/entry.ts';
import { type MaskPlan, type MaskScope, passAll, planMasks } from '../../masking/plan.ts';
import type { Decision } from '../../policy/decision.ts';
import type { FieldDescription } from '../../protocol/postgres/backend.ts';
import type { CopyFormat } from '../../protocol/postgres/copy-format.ts';
import { createCopyRewriter } from '../../protocol/postgres/copy-out.ts';
import type { BindMessage } from '../../protocol/postgres/frontend.ts';
import type { HeldBack } from '../../protocol/postgres/held-back.ts';
import type { ResultRule } from '../../protocol/postgres/rewrite.ts';
import { DEFAULT_MAX_MASKED_ROW_BYTES } from '../../protocol/postgres/rewrite.ts';
import type { Understanding } from '../../session/understanding.ts';
import { MAX_PLANS_PER_SESSION, MAX_SEEN_TEXTS } from './bounds.ts';
import { growingTo } from './session-cache.ts';
import type { SessionReads } from './session-reads.ts';
import type { StatementEffects } from './statement-effects.ts';
import { mayNotify } from './written-notification.ts';

/**
 * What has to be looked at before each run, since it may have changed since it was understood.
 *
 * - `tree`: nothing. What it rests on is in its tree, and a tree that changes is announced before the rows.
 * - `locked`: nothing before Bind. It writes, and rests on definitions of the relations in its tree: Bind locks these, and
 *   announces the tree anew when one of them has changed. Executed only after that.
 * - `catalog`: the catalogs. It rests on what the server does not announce: a trigger's function, what a function calls.
 * - `unannounced`: the catalogs, before it is bound and once more after that. The server announces nothing (oracle `stored`).
 */
export type RestsOn = 'tree' | 'locked' | 'catalog' | 'unannounced';

/** The part of a plan that comes from understanding it; replaced when definitions changed. */
export type Understood = {
  readonly understanding: Understanding;
  /** SHA-256 of the tree that was decided about, hex; null when the server prints none for this kind of statement. */
  readonly treeHash: string | null;
  /** A classified column is somewhere in its flows: texts of errors may hold values. */
  readonly sensitive: boolean;
  /** It writes rows with classified columns, which errors would print ("Failing row contains …"). */
  readonly printsRows: boolean;
  /** Flows with OIDs, for verdicts that are derived from this one; null when it was not understood. */
  readonly flows: Flows | null;
  readonly restsOn: RestsOn;
  /** Of a statement that writes: its constants as texts, by number (`BroughtValues`); null for one that could not be remembered. */
  readonly constants?: readonly (string | null)[];
};

/** COPY … TO STDOUT: how its data is written, and its columns. */
export type CopyOut = { readonly format: CopyFormat; readonly columns: readonly FieldDescription[] };

export type PlanFacts = {
  readonly text: string;
  /** What the server is given in its place: the same text, except where it would harm the gateway or not mean the same. */
  readonly upstreamText: string;
  /** Parameter types as the client declared them. */
  readonly declaredTypes: readonly number[];
  /** Parameter types as the server resolved them. */
  readonly parameterTypes: readonly number[];
  /** Result columns; null when it returns no rows. */
  readonly columns: readonly FieldDescription[] | null;
  /** Set for COPY … TO STDOUT: how its data is written, and its columns. */
  readonly copyOut: CopyOut | null;
  /** COPY … FROM STDIN: the server will ask for data. */
  readonly copyIn: boolean;
  /** How that data is written. */
  readonly copyData?: CopyFormat;
  readonly effects: StatementEffects;
  /** It changes data, so an unexpected definition must be noticed before it runs and not after. */
  readonly writes: boolean;
  /** FETCH from a BINARY cursor: its rows come in binary by the simple protocol, too. */
  readonly binaryRows: boolean;
  /** What it reads of the session itself, where the gateway keeps things of its own. */
  readonly reads: SessionReads;
  /** The server analyses it (again) when it runs, not when it is bound: COPY, EXPLAIN, FETCH, CREATE TABLE AS … */
  readonly utility: boolean;
};

type RecordedColumns = Parameters<Recording['resultStarted']>[1];

type Checked = { readonly understood: Understood; readonly formats: readonly number[] | null; readonly body: Buffer };

const ALWAYS = (): boolean => true;
const ALL_TEXT: readonly number[] = [];

/** What is known of one statement text of one session: made at Parse, used at every Execute. */
export class Plan {
  readonly facts: PlanFacts;
  /** Whether its text could write out a notification: looked for once. */
  readonly mayNotify: boolean;
  /** The description that a verdict on it was compared with last, and the formats that were asked for. */
  checked: Checked | null = null;
  /** The name under which the server holds it; null once the server forgot. */
  upstreamName: string | null;
  /** Syncs of the session when the server parsed what was understood: as long as there was none since, its locks are held. */
  #parsedAtSync: number;
  /** The session's epoch at which it was understood: older ones are understood anew before they run. */
  epoch: number;
  /** False once a name that it speaks of (FETCH, EXECUTE) stands for something else. */
  #stillMeans: () => boolean = ALWAYS;
  /** What is told when it runs, because a name that it speaks of stood for nothing when it was understood; else null. */
  #missing: SluiceError | null;
  #understood: Understood;
  #hashOf: (tree: string) => string;
  #maskPlan: { readonly key: string; readonly plan: MaskPlan; readonly decision: Decision } | null = null;
  /** The last rule: the same decision and formats have the same one. */
  #rule: { readonly decision: Decision; readonly formats: readonly number[]; readonly rule: ResultRule } | null = null;

  #recorded: { readonly under: MaskPlan; readonly columns: RecordedColumns } | null = null;

  constructor(
    facts: PlanFacts,
    understood: Understood,
    origin: {
      upstreamName: string | null;
      epoch: number;
      parsedAtSync: number;
      hashOf: (tree: string) => string;
      stillMeans?: (() => boolean) | null;
      missing?: SluiceError | null | undefined;
    },
  ) {
    this.facts = facts;
    this.mayNotify = mayNotify(facts.text);
    this.#understood = understood;
    this.upstreamName = origin.upstreamName;
    this.epoch = origin.epoch;
    this.#parsedAtSync = origin.parsedAtSync;
    this.#hashOf = origin.hashOf;
    this.#stillMeans = origin.stillMeans ?? ALWAYS;
    this.#missing = origin.missing ?? null;
  }

  get text(): string {
    return this.facts.text;
  }

  /** The same statement, held upstream under another name. */
  under(upstreamName: string): Plan {
    const { epoch } = this;
    return new Plan(this.facts, this.#understood, {
      upstreamName,
      epoch,
      parsedAtSync: this.#parsedAtSync,
      hashOf: this.#hashOf,
      stillMeans: this.#stillMeans,
      missing: this.#missing,
    });
  }

  get missing(): SluiceError | null {
    return this.#missing;
  }

  /** FETCH, EXECUTE and their like: the server finds out what their names stand for at each Bind. */
  get looksUpNames(): boolean {
    return this.facts.utility && this.#stillMeans !== ALWAYS;
  }

  get understood(): Understood {
    return this.#understood;
  }

  /** Understood at `epoch`, and the names in it stand for what they stood for then. */
  isUnderstoodAt(epoch: number): boolean {
    return this.epoch === epoch && this.#stillMeans();
  }

  understoodAgain(
    understood: Understood,
    at: { readonly epoch: number; readonly parsedAtSync: number },
    names: { readonly stillMeans: (() => boolean) | null; readonly missing: SluiceError | null },
  ): void {
    this.#understood = understood;
    this.epoch = at.epoch;
    this.#parsedAtSync = at.parsedAtSync;
    this.#stillMeans = names.stillMeans ?? ALWAYS;
    this.#missing = names.missing;
    this.#maskPlan = null;
    this.#rule = null;
  }

  /**
   * Whether it may be executed only once the server has bound it: what the verdict rests on may have changed since it
   * was understood, is announced at Bind, and must not be noticed only after data has been changed.
   */
  mustBeBoundFirst(syncs: number): boolean {
    const { restsOn, sensitive } = this.#understood;
    if (restsOn === 'unannounced') return true;
    return syncs !== this.#parsedAtSync && (restsOn !== 'tree' || (sensitive && this.facts.writes));
  }

  /** Whether this tree is the one that was decided about. */
  isOfTree(tree: string): boolean {
    return this.#understood.treeHash === this.#hashOf(tree);
  }

  /**
   * A tree that the server printed after the decision, at Bind or Execute: it must be the one decided about.
   * Throws `SESSION_TRIPWIRE`: a definition changed behind the gateway's back, and the rows that follow are not the
   * ones that were decided about.
   */
  expectTree(tree: string, understood: Understood): void {
    if (understood.treeHash !== null && this.#hashOf(tree) !== understood.treeHash) {
      throw new SluiceError(
        'SESSION_TRIPWIRE',
        'a definition changed while the statement was on its way, so its answer is withheld and the session ends',
      );
    }
  }

  /** The rule for its rows: made once per decision and formats. Null when it returns none. */
  resultRule(decision: Decision, bind: BindMessage | null, scope: MaskScope): ResultRule | null {
    const { copyOut, columns } = this.facts;
    if (copyOut !== null) {
      // Nobody may hold back rows of a copy: such a decision is about something else.
      if (heldBackBy(decision, []) !== null) throw new RangeError('rows of a copy cannot be held back');
      const format = copyOut.format.format === 'binary' ? 1 : 0;
      const masks = planMasks(
        copyOut.columns.map(({ typeOid, typeModifier }) => ({ typeOid, typeModifier, format })),
        decision.obligations,
        scope,
      );
      const rewriter =
        masks.lastMasked === -1 ? null : createCopyRewriter(copyOut.format, masks, DEFAULT_MAX_MASKED_ROW_BYTES);
      return { kind: 'copy', rewriter, deliver: true };
    }
    if (columns === null) return null;
    const formats = bind?.resultFormats ?? ALL_TEXT;
    if (this.#rule?.decision === decision && this.#rule.formats === formats) return this.#rule.rule;
    const heldBack = heldBackBy(decision, formats);
    const plan = this.#masks(columns, decision, scope, formats);
    const rule: ResultRule = { kind: 'rows', plan, deliver: true, ...(heldBack === null ? {} : { heldBack }) };
    this.#rule = { decision, formats, rule };
    return rule;
  }

  /** What a recording says of the columns, under these masks: the same array at each run. */
  recordedColumns(under: MaskPlan): RecordedColumns {
    if (this.#recorded?.under === under) return this.#recorded.columns;
    const columns = (this.facts.columns ?? []).map(({ name, typeOid }, index) => ({
      name,
      typeOid,
      masked: under.masks[index] !== null,
    }));
    this.#recorded = { under, columns };
    return columns;
  }

  #masks(
    columns: readonly FieldDescription[],
    decision: Decision,
    scope: MaskScope,
    formats: readonly number[],
  ): MaskPlan {
    const key = formats.join();
    if (this.#maskPlan?.decision === decision && this.#maskPlan.key === key) return this.#maskPlan.plan;
    const planned = columns.map((column, index) => ({
      typeOid: column.typeOid,
      typeModifier: column.typeModifier,
      format: formatOf(formats, index),
    }));
    const plan =
      decision.effect === 'allow' ? passAll(columns.length) : planMasks(planned, decision.obligations, scope);
    this.#maskPlan = { key, plan, decision };
    return plan;
  }
}

/**
 * The format of a result column as Bind asks for it: one code for all, one for each, or none for text. No row comes in
 * another: the server refuses it then (`unsupported format code`), so it counts as binary.
 */
export function formatOf(formats: readonly number[], index: number): 0 | 1 {
  return ((formats.length === 1 ? formats[0] : formats[index]) ?? 0) === 0 ? 0 : 1;
}

/** Which rows a decision keeps from the client; null for none. */
export function heldBackBy({ obligations }: Decision, formats: readonly number[]): HeldBack | null {
  for (const obligation of obligations) {
    if (obligation.kind !== 'hold-back-groups') continue;
    const format = formatOf(formats, obligation.output);
    return { output: obligation.output, below: obligation.below, format };
  }
  return null;
}

/**
 * Plans of a session by text and declared parameter types. Plans that fall out are told to `forget`, so that the
 * server's side can be closed.
 */
export class PlanCache {
  readonly #plans: LRUCache<string, Plan>;
  readonly #seen = new LRUCache<string, true>(growingTo(MAX_SEEN_TEXTS));

  constructor(forget: (plan: Plan) => void) {
    this.#plans = new LRUCache({
      ...growingTo(MAX_PLANS_PER_SESSION),
      dispose: (plan, _key, reason) => (reason === 'evict' ? forget(plan) : undefined),
    });
  }

  get(text: string, declaredTypes: readonly number[]): Plan | undefined {
    return this.#plans.get(keyOf(text, declaredTypes));
  }

  set(plan: Plan): void {
    this.#plans.set(keyOf(plan.facts.text, plan.facts.declaredTypes), plan);
  }

  /** Whether this very plan is found for its text. */
  holds(plan: Plan): boolean {
    return this.#plans.peek(keyOf(plan.facts.text, plan.facts.declaredTypes)) === plan;
  }

  delete(plan: Plan): void {
    this.#plans.delete(keyOf(plan.facts.text, plan.facts.declaredTypes));
  }

  all(): readonly Plan[] {
    return [...this.#plans.values()];
  }

  /** The server forgot all statements (DISCARD, DEALLOCATE ALL). */
  clear(): void {
    this.#plans.clear();
  }

  /** True from the second time on: a text with literals in it is usually seen once, and not worth a name upstream. */
  seenBefore(text: string): boolean {
    const seen = this.#seen.has(text);
    this.#seen.set(text, true);
    return seen;
  }
}

function keyOf(text: string, declaredTypes: readonly number[]): string {
  return declaredTypes.length === 0 ? text : `${declaredTypes.join(',')}\0${text}`;
}
