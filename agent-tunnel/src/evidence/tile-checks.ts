/**
 * Compares the tiles of a log's directory with those that its records give (c2sp.org/tlog-tiles), while they are read.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeOf, sha256 } from './merkle.ts';

const WIDTH = 256;
const HASH = 32;
const NAME = /^([0-6])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

type TileFile = { readonly name: string; readonly level: number; readonly index: number; readonly width: number };

export class TileChecks {
  readonly #directory: string;
  readonly #size: number;
  readonly #findings: string[];
  /** Files by tile: the full one and partial ones. */
  readonly #files: Map<string, TileFile[]>;
  /** Hashes of the tile under way, a level each. */
  readonly #levels: { index: number; hashes: Buffer[] }[] = [];
  /** Compared once the reading allows to wait for files. */
  readonly #due: { readonly file: TileFile; readonly expectedHash: Buffer }[] = [];

  private constructor(directory: string, size: number, files: Map<string, TileFile[]>, findings: string[]) {
    this.#directory = directory;
    this.#size = size;
    this.#files = files;
    this.#findings = findings;
  }

  static async open(directory: string, size: number, findings: string[]): Promise<TileChecks> {
    const files = new Map<string, TileFile[]>();
    for (const name of await filesBelow(path.join(directory, 'tile'))) {
      const file = parse(name);
      if (file === null) {
        findings.push(`tile/${name}: this is no name of a tile`);
        continue;
      }
      // Beyond the checkpoint: work under way.
      if (file.index * WIDTH + file.width > hashesAt(file.level, size)) continue;
      const key = `${file.level}/${file.index}`;
      files.set(key, [...(files.get(key) ?? []), file]);
    }
    return new TileChecks(directory, size, files, findings);
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  take(leaf: Buffer): void {
    this.#push(0, leaf);
  }

  async finish(): Promise<void> {
    for (const [level, { index, hashes }] of this.#levels.entries()) this.#meet(level, index, hashes);
    for (const files of this.#files.values())
      for (const { name } of files) this.#findings.push(`tile/${name}: the log has no records for it`);
    for (const { file, expectedHash } of this.#due) {
      const found = await this.#read(file);
      if (found === null || !sha256(found).equals(expectedHash))
        this.#findings.push(`tile/${file.name}: its hashes are not those of the records`);
    }
  }

  /** A partial tile that became a full one meanwhile is the beginning of that. Null when neither is there. */
  async #read({ name, width }: TileFile): Promise<Buffer | null> {
    const file = path.join(this.#directory, 'tile', name);
    const whole = await readIfPresent(file);
    if (whole !== null || width === WIDTH) return whole;
    return (await readIfPresent(file.replace(/\.p\/\d+$/, '')))?.subarray(0, width * HASH) ?? null;
  }

  #push(level: number, hash: Buffer): void {
    let under = this.#levels[level];
    if (under === undefined) {
      under = { index: 0, hashes: [] };
      this.#levels.push(under);
    }
    under.hashes.push(hash);
    if (under.hashes.length < WIDTH) return;
    const { index, hashes } = under;
    this.#levels[level] = { index: index + 1, hashes: [] };
    this.#meet(level, index, hashes);
    this.#push(level + 1, rootOf(hashes));
  }

  /** Notes what the files of this tile have to hold, and which is missing. */
  #meet(level: number, index: number, hashes: readonly Buffer[]): void {
    const needed = Math.min(WIDTH, hashesAt(level, this.#size) - index * WIDTH);
    if (needed <= 0) return;
    const files = this.#files.get(`${level}/${index}`) ?? [];
    this.#files.delete(`${level}/${index}`);
    if (!files.some(({ width }) => width === needed))
      this.#findings.push(`tile/${level}: tile ${index} of ${needed} hashes is missing`);
    for (const file of files) {
      if (file.width > hashes.length) this.#findings.push(`tile/${file.name}: the log has no records for it`);
      else this.#due.push({ file, expectedHash: sha256(...hashes.slice(0, file.width)) });
    }
  }
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at + 1 < row.length; at += 2)
      above.push(nodeOf(row[at] ?? Buffer.of(), row[at + 1] ?? Buffer.of()));
    row = above;
  }
  return row[0] ?? Buffer.alloc(HASH);
}

function hashesAt(level: number, size: number): number {
  return Math.floor(size / WIDTH ** level);
}

/** Null unless the name is the one that the layout gives. */
function parse(name: string): TileFile | null {
  const [, level, groups, partial] = NAME.exec(name) ?? [];
  if (level === undefined || groups === undefined) return null;
  const width = partial === undefined ? WIDTH : Number(partial);
  if (width > WIDTH || (partial !== undefined && width === WIDTH) || groups.startsWith('x000')) return null;
  return { name, level: Number(level), index: Number(groups.replaceAll(/[x/]/g, '')), width };
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
