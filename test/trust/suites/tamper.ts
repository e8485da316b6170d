/**
 * Every byte of a log of 1,000 entries is changed: segments, tiles, checkpoints, and a session's bundle. Then entries, blocks,
 * segments and tiles are left out, repeated, exchanged and cut.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../fuzz/random.ts';
import { copySite, type EvidenceSite, writeEvidenceSite } from '../evidence-site.ts';
import { accusesBundle, accusesLog } from '../judge.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const tamper: TrustSuite = {
  name: 'tamper',
  claim: 'no byte of the record, its tiles, checkpoints and bundles can change unseen, and nothing can be left out',
  run: (context) => tamperWith({ ...context, entries: 1_000, stride: 1 }),
};

/** Rounds in which every byte has its turn. */
const ROUNDS = 64;

/** `stride` 4 changes every fourth byte. */
export async function tamperWith(
  context: TrustContext & { readonly entries: number; readonly stride: number },
): Promise<TrustResult> {
  const original = await writeEvidenceSite(join(context.directory, 'original'), { entries: context.entries });
  const site = copySite(original, join(context.directory, 'copy'));
  const run = new Run(context);
  if ((await accusesLog(site)) || (await accusesBundle(site))) return run.failed('an unchanged log is accused');

  await dropFiles(site, run);
  for (const path of filesOf(site)) await cutFile(site, path, run);
  await rearrangeBundle(site, run);
  await rearrangeSegments(site, run);
  // In rounds over all files, so that a run whose time is over has looked at every one of them.
  const rounds = context.stride === 1 ? ROUNDS : 1;
  const step = context.stride * rounds;
  const start = context.random.below(step);
  for (let round = 0; round < rounds; round += 1)
    for (const path of filesOf(site))
      await flipBytes(site, path, run, { random: context.random, step, start: (start + round) % step });
  if ((await accusesLog(site)) || (await accusesBundle(site))) run.note('the restored log is accused');
  return run.result();
}

class Run {
  readonly #context: TrustContext;
  readonly #failures: string[] = [];
  #attempts = 0;
  #isComplete = true;

  constructor(context: TrustContext) {
    this.#context = context;
  }

  get isOver(): boolean {
    if (this.#context.isOver()) this.#isComplete = false;
    return !this.#isComplete;
  }

  /** `isFound` after a change that `what` describes. */
  async expectFound(what: string, isFound: () => Promise<boolean>): Promise<void> {
    this.#attempts += 1;
    if (!(await isFound())) this.note(what);
  }

  note(failure: string): void {
    this.#failures.push(failure);
  }

  failed(failure: string): TrustResult {
    this.note(failure);
    return this.result();
  }

  result(): TrustResult {
    return { attempts: this.#attempts, failures: this.#failures, isComplete: this.#isComplete };
  }
}

/** Of the log, relative to its directory; the bundle last. */
function filesOf(site: EvidenceSite): readonly string[] {
  const names = readdirSync(site.logDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /segment-\d+\.log$|\/tile\/|\/checkpoint[^/]*$/.test(path));
  return [...names.sort(), site.bundle];
}

function accuses(site: EvidenceSite, path: string): Promise<boolean> {
  return path === site.bundle ? accusesBundle(site) : accusesLog(site);
}

async function flipBytes(
  site: EvidenceSite,
  path: string,
  run: Run,
  { random, step, start }: { readonly random: Random; readonly step: number; readonly start: number },
): Promise<void> {
  const bytes = readFileSync(path);
  for (let at = start; at < bytes.length && !run.isOver; at += step) {
    if (isWitnessLineOfHistory(path, bytes, at)) continue;
    const bit = 1 << random.below(8);
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ bit;
    writeFileSync(path, changed);
    await run.expectFound(`bit ${bit} of byte ${at} of ${path}`, () => accuses(site, path));
  }
  writeFileSync(path, bytes);
}

/**
 * A cosignature in the history that became one of an unknown key is ignored, as signed notes demand: nothing rests on it.
 * Where one does, in `checkpoint` and `checkpoint.witnessed`, every byte counts.
 */
function isWitnessLineOfHistory(path: string, bytes: Buffer, at: number): boolean {
  if (!path.endsWith('checkpoints.log')) return false;
  const start = bytes.lastIndexOf('\n', at - 1) + 1;
  return bytes.subarray(start).indexOf('— witness') === 0;
}

async function cutFile(site: EvidenceSite, path: string, run: Run): Promise<void> {
  const bytes = readFileSync(path);
  const lengths = [0, 1, Math.floor(bytes.length / 2), bytes.length - 33, bytes.length - 1];
  for (const length of lengths.filter((candidate) => candidate >= 0 && candidate < bytes.length)) {
    truncateSync(path, length);
    await run.expectFound(`${path} cut to ${length}`, () => accuses(site, path));
    writeFileSync(path, bytes);
  }
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(1)]));
  await run.expectFound(`${path} with a byte more`, () => accuses(site, path));
  writeFileSync(path, bytes);
}

/** Every file but `checkpoint.witnessed`, which only repeats what `checkpoint` has, while that is witnessed itself. */
async function dropFiles(site: EvidenceSite, run: Run): Promise<void> {
  const isPartialOfOlder = partialOfOlder(site);
  for (const path of filesOf(site)) {
    if (path === site.bundle || path.endsWith('checkpoint.witnessed') || isPartialOfOlder(path)) continue;
    const bytes = readFileSync(path);
    rmSync(path);
    await run.expectFound(`${path} removed`, () => accuses(site, path));
    writeFileSync(path, bytes);
  }
}

/** Partial tiles of older checkpoints may be removed by right. */
function partialOfOlder(site: EvidenceSite): (path: string) => boolean {
  const [, digits] = readFileSync(join(site.logDirectory, 'checkpoint'), 'utf8').split('\n');
  const size = Number(digits);
  return (path) => {
    const [, level, width] = /\/tile\/(\d)\/\d{3}\.p\/(\d+)$/.exec(path) ?? [];
    return level !== undefined && Math.floor(size / 256 ** Number(level)) % 256 !== Number(width);
  };
}

async function rearrangeBundle(site: EvidenceSite, run: Run): Promise<void> {
  const whole = readFileSync(site.bundle, 'utf8');
  const lines = whole.split('\n').slice(0, -2);
  for (const [what, changed] of rearranged(lines)) {
    // Whoever changes it also writes the hash at its end anew.
    writeFileSync(site.bundle, withHash(changed));
    await run.expectFound(`lines of the bundle: ${what}`, () => accusesBundle(site));
  }
  writeFileSync(site.bundle, whole);
}

function withHash(lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return `${text}{"sha256":"${createHash('sha256').update(text).digest('hex')}"}\n`;
}

/** Blocks of a segment, its header apart; their hashes are left as they are, and then made right for the new order. */
async function rearrangeSegments(site: EvidenceSite, run: Run): Promise<void> {
  for (const path of filesOf(site).filter((name) => name.includes('segment-'))) {
    const bytes = readFileSync(path);
    for (const [what, blocks] of rearranged(blocksOf(bytes))) {
      if (run.isOver) break;
      for (const isRehashed of [false, true]) {
        const header = bytes.subarray(0, 112);
        writeFileSync(path, isRehashed ? chained(header, blocks) : Buffer.concat([header, ...blocks]));
        await run.expectFound(`blocks of ${path}${isRehashed ? ', hashed anew' : ''}: ${what}`, () => accusesLog(site));
      }
    }
    writeFileSync(path, bytes);
  }
}

/** Each member left out, repeated, and exchanged with the next. */
function* rearranged<T>(members: readonly T[]): Generator<readonly [string, readonly T[]]> {
  for (const [index, member] of members.entries()) {
    yield [`${index} left out`, members.toSpliced(index, 1)];
    yield [`${index} repeated`, members.toSpliced(index, 0, member)];
    const next = members[index + 1];
    if (next !== undefined) yield [`${index} exchanged`, members.toSpliced(index, 2, next, member)];
  }
}

/** By the document's layout. */
function blocksOf(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  for (let offset = 112; offset < bytes.length; ) {
    const end = offset + 20 + bytes.readUInt32BE(offset) + 32;
    blocks.push(bytes.subarray(offset, end));
    offset = end;
  }
  return blocks;
}

function chained(header: Buffer, blocks: readonly Buffer[]): Buffer {
  let file = Buffer.from(header);
  for (const block of blocks) {
    const content = block.subarray(0, -32);
    const hash = createHash('sha256').update(file.subarray(-32)).update(content).digest();
    file = Buffer.concat([file, content, hash]);
  }
  return file;
}
