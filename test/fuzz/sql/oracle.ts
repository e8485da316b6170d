/** The two-database oracle: one case, both sides, alike or not. */
import type { EvilClient } from '../../harness/evil-client.ts';
import type { Case } from './statements.ts';
import { openState } from './stored-state.ts';
import { firstDifference, runCase, TIMED_OUT, type Transcript } from './transcript.ts';
import { smallerOnes } from './tree.ts';
import { SIDES, type SideName, type World } from './world.ts';

export type Difference = {
  /** `stuck`: no answer came, through the gateway; `stuck-directly`: nor does it from the database itself. */
  readonly kind: 'leak' | 'copied' | 'blocked' | 'stuck' | 'stuck-directly';
  readonly step: number;
  readonly a: string;
  readonly b: string;
};

/** A pair of sessions is used for this many cases, then replaced. */
const CASES_PER_SESSION = 200;
/** Trials that make one failure smaller. */
const MAX_SHRINKS = 300;

export class Oracle {
  readonly #world: World;
  readonly #clients = new Map<SideName, { client: EvilClient; used: number }>();
  /** Cases that wrote since both databases were last found alike. */
  #written = 0;
  /** The clock stopped a statement of the last case, perhaps on one side only: what they store since may differ. */
  #isStopped = false;
  transcript: Transcript | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** Runs the case on both sides; what differs, confirmed by a second run, or null. */
  async judge(one: Case): Promise<Difference | null> {
    const found = await this.#compare(one);
    if (this.#isStopped) {
      await this.reset();
      return null;
    }
    if (found === null) {
      if (one.commits) this.#written++;
      return null;
    }
    if (found.kind === 'stuck')
      return (await this.#isStuckDirectly(one)) ? { ...found, kind: 'stuck-directly' } : found;
    // What a side answers to itself differently is no leak: nothing in it depends on the other.
    await this.reset();
    const first = await runCase(await this.#client('a'), one);
    await this.reset();
    const second = await runCase(await this.#client('a'), one);
    await this.reset();
    if (firstDifference(first, second) !== null) return null;
    return await this.#fresh(one);
  }

  /** Whether the database itself gives no answer in time. */
  async #isStuckDirectly(one: Case): Promise<boolean> {
    await this.reset();
    const direct = await this.#world.connectDirectly('a');
    try {
      const said = await runCase(direct, one);
      return said.errors.includes(TIMED_OUT);
    } catch {
      // The client waits for a limited time: the answer is yes.
      return true;
    } finally {
      await direct.close();
    }
  }

  /** A case without classified columns: what differs from the answer that the database gives without a gateway. */
  async judgeOpen(one: Case): Promise<Difference | null> {
    const direct = await this.#world.connectDirectly('a');
    try {
      const expected = await runCase(direct, one);
      const found = await runCase(await this.#client('a'), one);
      this.transcript = found;
      await this.#countOnOtherSide(one);
      const difference = firstDifference(withoutPlaces(expected), withoutPlaces(found));
      return difference === null ? null : { kind: 'blocked', ...difference };
    } finally {
      await direct.close();
    }
  }

  /**
   * Sequences go on when a transaction is rolled back, also those that a function advances: the other side runs the same,
   * directly and through the gateway.
   */
  async #countOnOtherSide(one: Case): Promise<void> {
    const other = await this.#world.connectDirectly('b');
    try {
      await runCase(other, one);
      await runCase(await this.#client('b'), one);
    } finally {
      await other.close();
    }
  }

  /** Whether the unlabelled state of both sides is the same. */
  async compareStates(): Promise<Difference | null> {
    if (this.#written === 0) return null;
    this.#written = 0;
    const [a, b] = await Promise.all(SIDES.map((side) => openState(this.#world, side)));
    const difference = (a ?? []).findIndex((line, index) => line !== b?.[index]);
    if (difference < 0 && a?.length === b?.length) return null;
    return { kind: 'copied', step: -1, a: a?.[difference] ?? '(nothing)', b: b?.[difference] ?? '(nothing)' };
  }

  /** The case alone, from the beginning, with its effects on the stored state. */
  async #fresh(one: Case): Promise<Difference | null> {
    await this.reset();
    const found = await this.#compare(one);
    if (found !== null || !one.commits || this.#isStopped) return found;
    this.#written = 1;
    const copied = await this.compareStates();
    if (copied === null || (await this.#storesAlikeTwice(one))) return copied;
    return null;
  }

  /** Whether one side stores the same when it runs the case again: the clock and the like do not. */
  async #storesAlikeTwice(one: Case): Promise<boolean> {
    const states: string[] = [];
    for (let time = 0; time < 2; time++) {
      await this.reset();
      await runCase(await this.#client('a'), one);
      states.push((await openState(this.#world, 'a')).join('\n'));
    }
    await this.reset();
    return states[0] === states[1];
  }

  async shrink(
    one: Case,
    found: Difference,
    isOver: () => boolean,
  ): Promise<{ readonly smallest: Case; readonly difference: Difference }> {
    let smallest = one;
    let difference = found;
    for (let trial = 0; trial < MAX_SHRINKS; ) {
      let better: { smallest: Case; difference: Difference } | null = null;
      for (const candidate of smallerCases(smallest)) {
        if (trial++ >= MAX_SHRINKS || isOver()) break;
        const still = one.commits ? await this.#fresh(candidate) : await this.#compare(candidate);
        if (still?.kind !== found.kind) continue;
        better = { smallest: candidate, difference: still };
        break;
      }
      if (better === null) break;
      ({ smallest, difference } = better);
    }
    return { smallest, difference };
  }

  /** Confirms a case that was suspected because the states differed after a batch. */
  async confirm(one: Case): Promise<Difference | null> {
    return await this.#fresh(one);
  }

  /** All cases from the beginning, one after the other; how the stored states differ then, twice, or null. */
  async confirmTogether(cases: readonly Case[]): Promise<Difference | null> {
    let found: Difference | null = null;
    for (let time = 0; time < 2; time++) {
      await this.reset();
      let isStopped = false;
      for (const one of cases) {
        await this.#compare(one);
        isStopped ||= this.#isStopped;
      }
      this.#written = cases.length;
      found = isStopped ? null : await this.compareStates();
      if (found === null) break;
    }
    await this.reset();
    return found;
  }

  async reset(): Promise<void> {
    await this.close();
    await this.#world.restore();
    this.#written = 0;
  }

  async close(): Promise<void> {
    for (const { client } of this.#clients.values()) await client.close();
    this.#clients.clear();
  }

  async #compare(one: Case): Promise<Difference | null> {
    this.#isStopped = false;
    const runs = await Promise.allSettled(SIDES.map(async (side) => await runCase(await this.#client(side), one)));
    const failed = runs.find((run) => run.status === 'rejected');
    if (failed !== undefined) {
      await this.close();
      return { kind: 'stuck', step: -1, a: String(failed.reason), b: '' };
    }
    const [a, b] = runs.map((run) => (run.status === 'fulfilled' ? run.value : undefined));
    if (a === undefined || b === undefined) return null;
    this.transcript = a;
    this.#isStopped = [...a.errors, ...b.errors].includes(TIMED_OUT);
    if (a.ended || b.ended) await this.close();
    const difference = firstDifference(a, b);
    return difference === null ? null : { kind: 'leak', ...difference };
  }

  async #client(side: SideName): Promise<EvilClient> {
    const known = this.#clients.get(side);
    if (known !== undefined && !known.client.closed && known.used++ < CASES_PER_SESSION) return known.client;
    if (known !== undefined) await known.client.close();
    const client = await this.#world.connect(side);
    this.#clients.set(side, { client, used: 0 });
    return client;
  }
}

/**
 * Without the places in the server's source (a simple query reaches it through the extended protocol), and without the
 * detail of violated constraints: it prints whole rows and keys, and is withheld where the table has classified columns.
 */
function withoutPlaces(transcript: Transcript): Transcript {
  const strip = (line: string): string =>
    line.replace(/,"F":"[^"]*","L":"\d+","R":"[^"]*"/, '').replace(/("C":"23\d{3}".*?),"D":"(?:[^"\\]|\\.)*"/, '$1');
  return { ...transcript, answers: transcript.answers.map((lines) => lines.map(strip)) };
}

function* smallerCases(one: Case): Generator<Case> {
  if (one.after.length > 0) yield { ...one, after: [] };
  if (one.alone) yield { ...one, alone: false };
  for (const [index] of one.steps.entries())
    if (one.steps.length > 1) yield { ...one, steps: one.steps.toSpliced(index, 1) };
  for (const [index, step] of one.steps.entries()) {
    if (step.extended !== null && step.extended.parameters.length === 0)
      yield { ...one, steps: one.steps.with(index, { ...step, extended: null }) };
    for (const text of smallerOnes(step.text)) yield { ...one, steps: one.steps.with(index, { ...step, text }) };
  }
}
