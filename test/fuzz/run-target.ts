/** The loop: mutate what is known, keep what reaches new code, save and shrink what fails. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Coverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** Inputs between two looks at the coverage counters, which cost as much as some thousand small inputs. */
const INPUTS_PER_LOOK = 256;
/** Inputs kept in memory beside the corpus. */
const MAX_KEPT = 2_000;
const MAX_SHRINKS = 2_000;

export type TargetRun = {
  readonly seed: number;
  readonly isOver: (inputs: number) => boolean;
  /** Inputs that reach new code are kept, in corpus/, and failures in crashes/. Looking at the counters takes most of the time. */
  readonly guided: boolean;
};
export type Failure = { readonly input: Buffer; readonly error: Error };
export type TargetResult = { readonly inputs: number; readonly kept: number; readonly failure: Failure | null };

export async function runTarget(target: Target, run: TargetRun): Promise<TargetResult> {
  const random = new Random(run.seed);
  const inputs = [
    ...target.seeds.map((seed) => Buffer.from(seed)),
    ...storedInputs(target.name, 'corpus'),
    // What failed once stays mended.
    ...storedInputs(target.name, 'crashes'),
  ];
  using coverage = run.guided ? new Coverage() : null;
  for (const input of inputs) {
    const error = await failureOf(target, input);
    if (error !== null) return { inputs: 0, kept: 0, failure: { input, error } };
  }
  coverage?.takeNew();
  let count = 0;
  let kept = 0;
  while (!run.isOver(count)) {
    const batch: Buffer[] = [];
    for (let index = 0; index < INPUTS_PER_LOOK; index++) {
      const input = mutate(random, inputs, target.tokens, target.maxBytes);
      count++;
      const error = await failureOf(target, input);
      if (error !== null) {
        const smallest = await shrink(target, { input, error });
        if (run.guided) save(target.name, 'crashes', smallest.input);
        return { inputs: count, kept, failure: smallest };
      }
      batch.push(input);
    }
    if (coverage === null || coverage.takeNew() === 0 || inputs.length > MAX_KEPT) continue;
    for (const input of await newOnes(target, batch, coverage)) {
      inputs.push(input);
      save(target.name, 'corpus', input);
      kept++;
    }
  }
  return { inputs: count, kept, failure: null };
}

/** Which inputs of a batch reached something new: halves are run again, against counters that have not seen it yet. */
async function newOnes(target: Target, batch: readonly Buffer[], coverage: Coverage): Promise<readonly Buffer[]> {
  if (batch.length === 1) return batch;
  coverage.forgetLast();
  const middle = Math.ceil(batch.length / 2);
  const found: Buffer[] = [];
  for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
    for (const input of half) await target.check(input);
    if (coverage.takeNew() > 0) found.push(...(await newOnes(target, half, coverage)));
  }
  return found;
}

function storedInputs(target: string, kind: 'corpus' | 'crashes'): readonly Buffer[] {
  const folder = join(import.meta.dirname, kind, target);
  return existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .map((name) => readFileSync(join(folder, name)))
    : [];
}

function save(target: string, kind: 'corpus' | 'crashes', input: Buffer): void {
  const folder = join(import.meta.dirname, kind, target);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16)), input);
}

async function failureOf(target: Target, input: Buffer): Promise<Error | null> {
  try {
    await target.check(input);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Cuts pieces out as long as it still fails. */
async function shrink(target: Target, found: Failure): Promise<Failure> {
  let smallest = found;
  let trials = 0;
  for (let size = Math.ceil(found.input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.input.length && trials < MAX_SHRINKS; trials++) {
      const input = Buffer.concat([smallest.input.subarray(0, at), smallest.input.subarray(at + size)]);
      const error = await failureOf(target, input);
      if (error === null) at += size;
      else smallest = { input, error };
    }
  }
  return smallest;
}
