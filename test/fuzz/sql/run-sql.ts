/** The grammar fuzzer: random cases under the two-database oracle, counted, and made small when they fail. */
import { join } from 'node:path';
import { Random } from '../random.ts';
import { openPart } from './catalog.ts';
import { NodeCensus } from './census.ts';
import { mutant, readSeeds, repeated } from './mutants.ts';
import { type Difference, Oracle } from './oracle.ts';
import { QueryWriter } from './queries.ts';
import { aloneOf, type Case, ofTexts, writeCase } from './statements.ts';
import type { Transcript } from './transcript.ts';
import { render, sql } from './tree.ts';
import { openWorld } from './world.ts';

export type SqlRun = {
  readonly seed: number;
  /** Asked before each case, with the number of those that ran. */
  readonly isOver: (cases: number) => boolean;
  /** Seeds of single cases to run instead, as a failure prints them; they are printed whatever happens. */
  readonly cases: readonly number[];
  /** Folder of the acceptance corpus: schema, seeds, labels. */
  readonly corpus: string;
  /** Version of the server. */
  readonly major: number;
  /** Counts what the statements reach, too: slower. */
  readonly census: boolean;
  readonly now: () => number;
  readonly print: (line: string) => void;
};

export type SqlResult = { readonly failures: readonly SqlFailure[]; readonly counts: ReadonlyMap<string, number> };
export type SqlFailure = { readonly seed: number; readonly difference: Difference; readonly steps: readonly string[] };

type Suspect = { readonly seed: number; readonly one: Case };

/** Writing cases between two looks at the stored state. */
const CASES_PER_LOOK = 40;
const REPORT_EVERY = 500;
/** One failure is made smaller for this long. */
const MAX_SHRINK_MS = 60_000;
/** Several cases that make a failure together are made fewer for this long. */
const MAX_SHRINK_TOGETHER_MS = 300_000;

export async function runSql(run: SqlRun): Promise<SqlResult> {
  const world = await openWorld(run.corpus, run.major);
  const oracle = new Oracle(world);
  const failures: SqlFailure[] = [];
  const counts = new Map<string, number>();
  const seeds = new Random(run.seed);
  const acceptance = readSeeds(['cases', 'manual'].map((name) => join(import.meta.dirname, '../../acceptance', name)));
  const openSeeds = acceptance.filter(({ isOpen }) => isOpen);
  const classes = new Set<string>();
  const census = run.census ? await NodeCensus.open(await world.connectDirectly('a')) : null;
  const mistakes = new Map<string, { count: number; text: string }>();
  const recent: Suspect[] = [];
  const fail = async (seed: number, one: Case, found: Difference): Promise<void> => {
    run.print(`${found.kind} in the case of seed ${seed}; making it smaller`);
    const stopAt = run.now() + MAX_SHRINK_MS;
    const { smallest, difference } = await oracle.shrink(one, found, () => run.now() > stopAt);
    const steps = smallest.steps.map(
      (step) =>
        `${step.extended === null ? '' : `/* extended, format ${step.extended.format}, ${step.extended.parameters.length} parameters */ `}${render(step.text)}`,
    );
    failures.push({ seed, difference, steps });
    run.print(`${difference.kind.toUpperCase()} seed ${seed}${one.commits ? ' (commits)' : ''}`);
    for (const step of steps) run.print(`    ${step};`);
    run.print(`    a: ${visible(difference.a)}`);
    run.print(`    b: ${visible(difference.b)}`);
    await oracle.reset();
    recent.length = 0;
  };
  try {
    for (let cases = 1; !run.isOver(cases - 1); cases++) {
      const seed = run.cases.length === 0 ? seeds.fork() : run.cases[cases - 1];
      if (seed === undefined) break;
      if (cases % REPORT_EVERY === 0) run.print(`${cases} cases: ${summary(counts)}`);
      // One in six touches no classified column, and has to be answered as without a gateway.
      const isOpen = new Random(seed ^ OPEN).chance(0.16);
      const one = caseOf(seed, isOpen);
      if (run.cases.length > 0) for (const step of one.steps) run.print(`    ${render(step.text)};`);
      if (isOpen) {
        const blocked = await oracle.judgeOpen(one).catch(async (error: unknown): Promise<null> => {
          await fail(seed, one, { kind: 'stuck', step: -1, a: String(error), b: '' });
          return null;
        });
        counts.set('open', (counts.get('open') ?? 0) + 1);
        if (blocked !== null) tellBlocked(seed, one, blocked);
        continue;
      }
      const found = await oracle.judge(one);
      count(counts, one, oracle);
      if (oracle.transcript?.ended === true) tellEnded(seed, one, oracle.transcript);
      for (const { text } of census === null ? [] : one.steps) await census?.take(render(text));
      if (run.census) noteMistakes(one);
      if (found?.kind === 'stuck-directly') {
        counts.set(found.kind, (counts.get(found.kind) ?? 0) + 1);
        run.print(`no answer, not from the database itself either, seed ${seed}: ${visible(found.a)}`);
        for (const { text } of one.steps) run.print(`    ${render(text)};`);
        await oracle.reset();
        recent.length = 0;
      } else if (found !== null) {
        await fail(seed, one, found);
      } else if (one.commits) {
        recent.push({ seed, one });
        if (recent.length >= CASES_PER_LOOK) {
          const differing = await oracle.compareStates();
          if (differing !== null) await findAmong([...recent], differing);
          await oracle.reset();
          recent.length = 0;
        }
      }
    }
    run.print(`cases: ${summary(counts)}, failures=${failures.length}`);
    for (const line of census?.lines() ?? []) run.print(`node ${line}`);
    for (const [kind, { count: times, text }] of [...mistakes].toSorted((a, b) => b[1].count - a[1].count).slice(0, 60))
      run.print(`error ${times} ${kind}\n      ${text.slice(0, 300)}`);
  } finally {
    await census?.close();
    await oracle.close();
    await world.stop();
  }
  return { failures, counts };

  /** A session that ends behind a statement is by design, or a crash of the server: each class of them once. */
  function tellEnded(seed: number, one: Case, { answers }: Transcript): void {
    counts.set('ended', (counts.get('ended') ?? 0) + 1);
    const last = answers.findLast((lines) => lines.length > 0)?.at(-1) ?? 'nothing was said';
    const kind = `ended: ${last.replaceAll(/\d+/g, '').slice(0, 120)}`;
    if (classes.has(kind)) return;
    classes.add(kind);
    run.print(`ENDED the session, seed ${seed}: ${visible(last)}`);
    for (const { text } of one.steps) run.print(`    ${render(text)};`);
  }

  function noteMistakes(one: Case): void {
    for (const [index, step] of one.steps.entries()) {
      const line = oracle.transcript?.answers[index]?.find((said) => said.startsWith('E'));
      const [, code, said] = /"C":"(\w+)","M":"((?:[^"\\]|\\.)*)"/.exec(line ?? '') ?? [];
      if (code === undefined || code === '25P02') continue;
      const kind = `${code} ${code === '42601' ? said : (said ?? '').replaceAll(/\d+|\\"[^"]*\\"/g, '·').slice(0, 90)}`;
      mistakes.set(kind, { count: (mistakes.get(kind)?.count ?? 0) + 1, text: render(step.text) });
    }
  }

  /** Leaves out what is not needed for the states to differ, and counts the rest as one failure. */
  async function failTogether(suspects: readonly Suspect[], difference: Difference): Promise<void> {
    const stopAt = run.now() + MAX_SHRINK_TOGETHER_MS;
    let needed = suspects;
    for (let size = Math.ceil(needed.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = needed.length - size; from >= 0; from -= size) {
        const fewer = needed.toSpliced(from, size);
        if (fewer.length === 0 || run.now() > stopAt) continue;
        if ((await oracle.confirmTogether(fewer.map(({ one }) => one))) !== null) needed = fewer;
      }
    const steps = needed.flatMap(({ one }) => one.steps.map(({ text }) => render(text)));
    failures.push({ seed: needed[0]?.seed ?? 0, difference, steps });
    run.print(`COPIED by several cases together: ${needed.map(({ seed }) => seed).join(' ')}`);
    for (const step of steps) run.print(`    ${step};`);
  }

  /** Which of the cases made the stored states differ. */
  async function findAmong(suspects: readonly Suspect[], differing: Difference): Promise<void> {
    const before = failures.length;
    for (const { seed, one } of suspects) {
      const copied = await oracle.confirm(one);
      if (copied !== null) await fail(seed, one, copied);
    }
    if (failures.length > before) return;
    const together = await oracle.confirmTogether(suspects.map(({ one }) => one));
    if (together === null) {
      const list = suspects.map(({ seed }) => seed).join(' ');
      run.print(`the stored states differ, but not again, neither by a case nor by all: ${list}`);
    } else await failTogether(suspects, together);
    const { a, b } = together ?? differing;
    run.print(`    a: ${visible(a)}`);
    run.print(`    b: ${visible(b)}`);
  }

  function caseOf(seed: number, isOpen: boolean): Case {
    const catalog = isOpen ? openPart(world.catalog) : world.catalog;
    const random = new Random(seed ^ MUTANT);
    if (isOpen && random.chance(0.35)) return aloneOf(repeated(random, openSeeds));
    if (!isOpen && random.chance(0.1)) return aloneOf(repeated(random, acceptance));
    if (!isOpen && random.chance(0.35)) return ofTexts(mutant(random, catalog, acceptance), random);
    const secrets = isOpen ? 'none' : new Random(seed ^ ONE).chance(0.5) ? 'one' : 'spread';
    const one = writeCase(new QueryWriter(new Random(seed), catalog, secrets));
    return isOpen ? { ...one, commits: false, alone: false, after: [] } : one;
  }

  /** Each class of them once: by the refusal's words, or by what kinds of messages differ. */
  function tellBlocked(seed: number, one: Case, { a, b, step }: Difference): void {
    counts.set('blocked', (counts.get('blocked') ?? 0) + 1);
    const kind = b.startsWith('E') ? b.replaceAll(/\d+|"[^"]*"$/g, '').slice(0, 160) : `${a.charAt(0)} ${b.charAt(0)}`;
    if (classes.has(kind)) return;
    classes.add(kind);
    run.print(`BLOCKED or changed, seed ${seed}: ${render(one.steps[step]?.text ?? sql`COMMIT`)}`);
    run.print(`    expected: ${visible(a)}`);
    run.print(`    found:    ${visible(b)}`);
  }
}

/** Makes the choice of a kind of case independent of what the case is. */
const OPEN = 0x5bd1e995;
const ONE = 0x1b873593;
const MUTANT = 0x85ebca6b;

const REFUSALS: ReadonlySet<string> = new Set(['42501']);

function count(counts: Map<string, number>, one: Case, oracle: Oracle): void {
  for (const [index] of one.steps.entries()) {
    const error = oracle.transcript?.errors[index];
    const answer = oracle.transcript?.answers[index];
    const kind =
      error === undefined || error === null
        ? answer?.some((line) => line.startsWith('D'))
          ? 'rows'
          : 'done'
        : REFUSALS.has(error)
          ? 'refused'
          : error === '25P02'
            ? 'aborted'
            : 'error';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'error') counts.set(`error ${error}`, (counts.get(`error ${error}`) ?? 0) + 1);
  }
}

function summary(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 14)
    .map(([kind, number]) => `${kind}=${number}`)
    .join(' ');
}

function visible(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, '·').slice(0, 400);
}
