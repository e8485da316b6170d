/**
 * Checks the Merkle log of a directory against its records: tiles, checkpoints, and checkpoints that were kept elsewhere.
 * Written from docs/evidence-format.md; see verify.ts.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { GrowingTree, leafOf } from './merkle.ts';
import { type Checkpoint, Disproof, parseCheckpoint, parseKey, signersOf, type TrustedKey } from './note.ts';
import { TileChecks } from './tile-checks.ts';
import { type Head, type Verification, verifyEvidence } from './verify.ts';
import { type Confirmed, confirm, type Trust } from './verify-checkpoint.ts';

export type LogVerification = Verification & {
  /** Null when the directory has no checkpoint. */
  readonly merkle: MerkleReport | null;
};

export type MerkleReport = {
  /** Of the newest checkpoint; null when something is wrong with it. */
  readonly checkpoint: Confirmed | null;
  /** Entries up to which enough witnesses confirm the log. */
  readonly witnessedEntries: number;
  /** Keys came from the log itself: compare them with those that you know. */
  readonly trustsItself: boolean;
  /** Checkpoints from elsewhere that the log holds. */
  readonly anchored: number;
  /** What does not hold; empty when all does. */
  readonly findings: readonly string[];
};

type Claim = { readonly where: string; readonly checkpoint: Checkpoint };

/**
 * `anchors` are files or directories with checkpoints that were kept elsewhere. Throws only when nothing can be read.
 */
export async function verifyLogDirectory(
  directory: string,
  options: { readonly head: Head | null; readonly trust: Trust; readonly anchors: readonly string[] },
): Promise<LogVerification> {
  // Before the records: a log that is being written may only be longer than its checkpoint.
  const findings: string[] = [];
  const own = await readNote(path.join(directory, 'checkpoint'), findings);
  const witnessed = await readNote(path.join(directory, 'checkpoint.witnessed'), findings);
  const history = await readNotes(path.join(directory, 'checkpoints.log'), findings);
  const published = own ?? unpublished(history);
  const anchored = (await Promise.all(options.anchors.map((anchor) => readAnchor(anchor, findings)))).flat();
  const tiles = await TileChecks.open(directory, published?.checkpoint.size ?? 0, findings);
  const claims = [
    ...(published === null ? [] : [published]),
    ...(witnessed === null ? [] : [witnessed]),
    ...history,
    ...anchored,
  ];
  const roots = new RootClaims(claims, findings);
  const announced: TrustedKey[] = [];

  const verification = await verifyEvidence(directory, options.head, (record) => {
    const leaf = leafOf(record);
    tiles.take(leaf);
    roots.take(leaf);
    announced.push(...(attempt(() => keysIn(record), 'gateway.started', findings) ?? []));
  });
  const hasNothing =
    published === null && history.length === 0 && tiles.isEmpty && anchored.length === 0 && findings.length === 0;
  if (hasNothing) return { ...verification, merkle: null };

  await tiles.finish();
  roots.finish(verification.head.entries);
  const trustsItself = !options.trust.keys.some(({ type }) => type === 1);
  const keys = trustsItself ? [...options.trust.keys, ...announced] : options.trust.keys;
  const wantedOrigin = `sluice/${await logIdOf(directory)}`;
  for (const { where, checkpoint } of claims)
    if (checkpoint.origin !== wantedOrigin)
      findings.push(`${where}: the checkpoint is of ${checkpoint.origin}, the log is ${wantedOrigin}`);
  if (published === null) findings.push('checkpoint: there is none, but there are other files of the Merkle log');
  const confirmed =
    published === null
      ? null
      : attempt(() => confirm(published.checkpoint, { keys, witnesses: 0 }), 'checkpoint', findings);
  for (const { where, checkpoint } of [...history, ...anchored, ...(witnessed === null ? [] : [witnessed])])
    attempt(() => confirm(checkpoint, { keys: [...keys, ...announced], witnesses: 0 }), where, findings);
  checkHistory(published, history, findings);
  checkWitnessed(published, witnessed, findings);
  const witnessedEntries = Math.max(
    0,
    ...[published, witnessed].map((claim) =>
      claim !== null && countWitnesses(claim.checkpoint, keys) >= Math.max(1, options.trust.witnesses)
        ? claim.checkpoint.size
        : 0,
    ),
  );
  if (options.trust.witnesses > 0 && witnessedEntries === 0)
    findings.push(`no checkpoint has the cosignatures of ${options.trust.witnesses} known witnesses`);
  return {
    ...verification,
    merkle: { checkpoint: confirmed, witnessedEntries, trustsItself, anchored: anchored.length, findings },
  };
}

/** The first checkpoint of all, when a crash came between the history and its publication. */
function unpublished(history: readonly Claim[]): Claim | null {
  const [first] = history;
  return first !== undefined && history.every(({ checkpoint }) => checkpoint.size === first.checkpoint.size)
    ? first
    : null;
}

/** The roots that checkpoints claim, compared while the tree grows. */
class RootClaims {
  readonly #tree = new GrowingTree();
  readonly #bySize = new Map<number, Claim[]>();
  readonly #findings: string[];

  constructor(claims: readonly Claim[], findings: string[]) {
    this.#findings = findings;
    for (const claim of claims) {
      const same = this.#bySize.get(claim.checkpoint.size);
      if (same === undefined) this.#bySize.set(claim.checkpoint.size, [claim]);
      else same.push(claim);
    }
    this.#compare();
  }

  take(leaf: Buffer): void {
    this.#tree.append(leaf);
    this.#compare();
  }

  finish(entries: number): void {
    for (const [size, claims] of this.#bySize)
      for (const { where } of claims)
        if (size > entries)
          this.#findings.push(`${where}: the checkpoint has ${size} entries, the log only ${entries}: it was cut off`);
  }

  #compare(): void {
    const claims = this.#bySize.get(this.#tree.size);
    if (claims === undefined) return;
    const root = this.#tree.root();
    for (const { where, checkpoint } of claims)
      if (!checkpoint.root.equals(root))
        this.#findings.push(
          `${where}: the first ${checkpoint.size} entries are not those that were signed: the log was rewritten`,
        );
  }
}

function checkHistory(published: Claim | null, history: readonly Claim[], findings: string[]): void {
  for (const [index, { where, checkpoint }] of history.entries()) {
    const before = history[index - 1];
    if (before !== undefined && before.checkpoint.size > checkpoint.size) findings.push(`${where}: the sizes fall`);
  }
  // It is written first: after a crash, or while the gateway works, it may be one checkpoint ahead.
  const texts = [...new Set(history.map(({ checkpoint }) => checkpoint.note.text))].slice(-2);
  if (published !== null && !texts.includes(published.checkpoint.note.text))
    findings.push('checkpoints.log: it does not end with the newest checkpoint');
}

/** Cosignatures are written to `checkpoint.witnessed` first: what `checkpoint` has of them, it has too. */
function checkWitnessed(published: Claim | null, witnessed: Claim | null, findings: string[]): void {
  const text = published?.checkpoint.note.text;
  if (text === undefined || text !== witnessed?.checkpoint.note.text) return;
  const kept = witnessed.checkpoint.note.lines;
  const lost = published?.checkpoint.note.lines.find(
    (line) =>
      !kept.some(({ name, id, signature }) => name === line.name && id === line.id && signature.equals(line.signature)),
  );
  if (lost !== undefined)
    findings.push(`checkpoint.witnessed: it lacks the signature of ${lost.name} that checkpoint has`);
}

function countWitnesses(checkpoint: Checkpoint, keys: readonly TrustedKey[]): number {
  try {
    return signersOf(checkpoint.note, keys).filter(({ type }) => type === 4).length;
  } catch (error) {
    // Told already, where the checkpoint was confirmed.
    if (error instanceof Disproof) return 0;
    throw error;
  }
}

async function readNote(file: string, findings: string[]): Promise<Claim | null> {
  const text = await readIfPresent(file);
  const where = path.basename(file);
  return text === null ? null : attempt(() => ({ where, checkpoint: parseCheckpoint(text) }), where, findings);
}

/** Note, empty line, note, empty line … Its last one may be torn while the log is being written, or after a crash. */
async function readNotes(file: string, findings: string[]): Promise<readonly Claim[]> {
  const text = await readIfPresent(file);
  if (text === null || text === '') return [];
  const parts = text.split('\n\n');
  const name = path.basename(file);
  if (parts.length % 2 === 0 || parts.at(-1) !== '') findings.push(`${name}: it does not end with a whole note`);
  const claims: Claim[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const where = `${name}, note ${at / 2 + 1}`;
    const claim = attempt(
      () => ({ where, checkpoint: parseCheckpoint(`${parts[at] ?? ''}\n\n${parts[at + 1] ?? ''}\n`) }),
      where,
      findings,
    );
    if (claim !== null) claims.push(claim);
  }
  return claims;
}

/** A file in the form of `checkpoints.log`, one note, or a directory of notes. Throws when there is nothing. */
async function readAnchor(anchor: string, findings: string[]): Promise<readonly Claim[]> {
  if (!(await stat(anchor)).isDirectory()) {
    const text = await readFile(anchor, 'utf8');
    if (text.endsWith('\n\n')) return await readNotes(anchor, findings);
    const claim = await readNote(anchor, findings);
    return claim === null ? [] : [claim];
  }
  const names = (await readdir(anchor, { recursive: true })).filter((name) => name.endsWith('.checkpoint')).sort();
  const claims = await Promise.all(names.map((name) => readNote(path.join(anchor, name), findings)));
  return claims.flatMap((claim) => (claim === null ? [] : [claim]));
}

/** Null, and a finding, when it does not hold. */
function attempt<T>(work: () => T, where: string, findings: string[]): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Disproof)) throw error;
    findings.push(`${where}: ${error.message}`);
    return null;
  }
}

function keysIn(record: Buffer): readonly TrustedKey[] {
  if (!record.includes('"checkpointKeys"')) return [];
  const entry: { kind?: unknown; checkpointKeys?: unknown } = JSON.parse(record.toString('utf8', 21));
  if (entry.kind !== 'gateway.started' || !Array.isArray(entry.checkpointKeys)) return [];
  return entry.checkpointKeys.map((vkey) => parseKey(String(vkey)));
}

/** The log id of the first segment: what the origin has to be made of. */
async function logIdOf(directory: string): Promise<string> {
  const [first] = (await readdir(directory)).filter((name) => /^segment-\d{8}\.log$/.test(name)).sort();
  return first === undefined ? '' : (await readFile(path.join(directory, first))).toString('hex', 8, 24);
}

async function readIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
