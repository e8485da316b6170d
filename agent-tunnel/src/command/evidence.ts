import { createWriteStream } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SluiceError } from '@sluice/contract/errors';
import { Disproof, parseCheckpoint, parseKey } from '../evidence/note.ts';
import { type Head, type Verification, verifyEvidence } from '../evidence/verify.ts';
import { type BundleReport, verifyBundle } from '../evidence/verify-bundle.ts';
import { type Confirmed, confirm, type Trust, verifyConsistency } from '../evidence/verify-checkpoint.ts';
import { type LogVerification, verifyLogDirectory } from '../evidence/verify-merkle.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';

export type VerifyOptions = ListOptions & {
  readonly head?: Head;
  /** Verifier keys of logs and witnesses. */
  readonly key?: readonly string[];
  /** Known witnesses that have to have cosigned. */
  readonly witnesses?: number;
  readonly anchor?: readonly string[];
  readonly older?: string;
};

/**
 * Checks a log, a session bundle, a checkpoint or a proof of consistency offline. Asks no gateway, so that it says the same
 * wherever it runs. Throws `EVIDENCE_BROKEN`, `NOT_FOUND`, `USAGE`.
 */
export async function verify(cli: Cli, target: string, options: VerifyOptions): Promise<void> {
  const trust = trustOf(options);
  const kind = await readable(target, () => kindOf(target));
  switch (kind) {
    case 'directory': {
      const anchors = options.anchor ?? [];
      const result = await readable(target, () =>
        verifyLogDirectory(target, { head: options.head ?? null, trust, anchors }),
      );
      show(cli, options, result, renderLog(cli, target, result));
      judge(result);
      const [finding] = result.merkle?.findings ?? [];
      if (finding !== undefined) throw new SluiceError('EVIDENCE_BROKEN', finding);
      if (result.merkle === null && (trust.keys.length > 0 || trust.witnesses > 0 || anchors.length > 0))
        throw new SluiceError('EVIDENCE_BROKEN', 'the log has no checkpoint');
      return;
    }
    case 'segment': {
      const result = await readable(target, () => verifyEvidence(target, options.head ?? null));
      show(cli, options, result, renderChain(cli, target, result));
      judge(result);
      return;
    }
    case 'bundle': {
      const report = await disproved(target, () => verifyBundle(target, trust));
      show(cli, options, report, renderBundle(cli, target, report));
      return;
    }
    case 'note': {
      const text = await readFile(target, 'utf8');
      const confirmed = await disproved(target, async () => {
        if (!text.startsWith('old ')) return confirm(parseCheckpoint(text), trust);
        if (options.older === undefined)
          throw new SluiceError('USAGE', 'a proof of consistency needs the older checkpoint: --older FILE');
        return verifyConsistency(await readFile(options.older, 'utf8'), text, trust);
      });
      show(cli, options, confirmed, renderCheckpoint(cli, target, confirmed));
    }
  }
}

/** Fetches a session with its proofs into one file, and checks it. Throws what the gateway answers, `EVIDENCE_BROKEN`. */
export async function exportSession(
  cli: Cli,
  sessionId: string,
  options: ListOptions & { readonly out?: string },
): Promise<void> {
  const out = options.out ?? `${sessionId}.sluice-bundle`;
  const api = await cli.api();
  const bundle = await api.bundle(sessionId);
  try {
    await pipeline(bundle, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new SluiceError('USAGE', `${out} exists already`, {
        cause: error,
        remedy: 'Choose another file: --out FILE.',
      });
    await rm(out, { force: true });
    throw new SluiceError('GATEWAY_UNREACHABLE', 'the bundle broke off', { cause: error });
  }
  const report = await disproved(out, () => verifyBundle(out, { keys: [], witnesses: 0 }));
  show(cli, options, { file: out, ...report }, renderBundle(cli, out, report));
}

/** The newest checkpoint of the gateway. With an older one, proves that the log continues it, and keeps the proof beside it. */
export async function checkpoint(
  cli: Cli,
  options: ListOptions & { readonly out?: string; readonly since?: string; readonly key?: readonly string[] },
): Promise<void> {
  const api = await cli.api();
  if (options.since === undefined) {
    const note = await api.checkpoint();
    if (options.out !== undefined) await writeFile(options.out, note);
    const { origin, size, root } = await disproved('the gateway', async () => parseCheckpoint(note));
    if (options.json === true) cli.json({ origin, entries: size, root: root.toString('base64'), note });
    else cli.out(note);
    return;
  }
  const older = await readFile(options.since, 'utf8');
  const { size } = await disproved(options.since, async () => parseCheckpoint(older));
  const proof = await api.consistency(size);
  const given = options.key ?? [];
  const trusted = given.length > 0 ? given : (await api.evidence()).keys;
  const trust = trustOf({ key: trusted });
  const confirmed = await disproved('the gateway', async () => verifyConsistency(older, proof, trust));
  if (options.out !== undefined) {
    await writeFile(options.out, proof.slice(proof.indexOf('\n\n') + 2));
    await writeFile(`${options.out}.proof`, proof);
  }
  show(cli, options, confirmed, renderCheckpoint(cli, `continues the ${size} entries of ${options.since}`, confirmed));
}

/** `ENTRIES:HASH`, as the command prints it. */
export function parseHead(text: string): Head | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text);
  return match === null ? null : { entries: Number(match[1]), hash: (match[2] ?? '').toLowerCase() };
}

function trustOf({ key = [], witnesses = 0 }: Pick<VerifyOptions, 'key' | 'witnesses'>): Trust {
  try {
    return { keys: key.map(parseKey), witnesses };
  } catch (error) {
    if (error instanceof Disproof) throw new SluiceError('USAGE', error.message, { cause: error });
    throw error;
  }
}

async function kindOf(target: string): Promise<'directory' | 'segment' | 'bundle' | 'note'> {
  if ((await stat(target)).isDirectory()) return 'directory';
  if (/segment-\d{8}\.log$/.test(target)) return 'segment';
  const beginning = Buffer.from(await firstBytes(target)).toString('latin1');
  if (beginning.startsWith('SLUICE')) return 'segment';
  return beginning.startsWith('{') ? 'bundle' : 'note';
}

async function firstBytes(target: string): Promise<Uint8Array> {
  await using file = await open(target);
  return (await file.read(Buffer.alloc(8), 0, 8, 0)).buffer;
}

async function readable<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SluiceError('NOT_FOUND', `${target} cannot be read: ${why}`, {
      cause: error,
      remedy: 'Give the directory that holds segment-00000000.log, a segment, a session bundle or a checkpoint.',
    });
  }
}

async function disproved<T>(target: string, work: () => Promise<T>): Promise<T> {
  return await readable(target, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Disproof)
        throw new SluiceError('EVIDENCE_BROKEN', `${target}: ${error.message}`, { cause: error });
      throw error;
    }
  });
}

function judge(result: Verification): void {
  if (result.state === 'broken' && result.finding !== null) {
    const { file, offset, message } = result.finding;
    throw new SluiceError('EVIDENCE_BROKEN', `${file}, byte ${offset}: ${message}`);
  }
  if (result.holdsNotedHead === false)
    throw new SluiceError('EVIDENCE_BROKEN', `the log does not hold the noted head: it was cut off, or written anew`);
}

function show(cli: Cli, options: ListOptions, result: object, rendered: string): void {
  if (options.json === true) cli.json(result);
  else cli.out(rendered);
}

function renderChain(cli: Cli, target: string, { state, head, segments, finding, isPart }: Verification): string {
  const paint = { intact: cli.style.green, torn: cli.style.yellow, broken: cli.style.red }[state];
  const tail = finding === null ? '' : `  ${finding.file}, byte ${finding.offset}: ${finding.message}\n`;
  const alone = isPart ? '  One segment alone: what came before it was not checked.\n' : '';
  return (
    `${paint(state)}  ${target}: ${head.entries} entries, ${segments} segment${segments === 1 ? '' : 's'} read\n${tail}${alone}` +
    `  head ${head.entries}:${head.hash}\n` +
    (state === 'broken' ? '' : '  Compare the head with one noted elsewhere: `--head ENTRIES:HASH`.\n')
  );
}

function renderLog(cli: Cli, target: string, result: LogVerification): string {
  const { merkle } = result;
  const chain = renderChain(cli, target, result);
  if (merkle === null) return `${chain}  There is no checkpoint: nobody signed this log yet.\n`;
  const findings = merkle.findings.map((finding) => `  ${cli.style.red('broken')}  ${finding}\n`).join('');
  const anchored = merkle.anchored > 0 ? `  holds ${merkle.anchored} checkpoints that were kept elsewhere\n` : '';
  const own = merkle.trustsItself ? OWN_KEYS : '';
  const witnessed =
    merkle.witnessedEntries > 0
      ? `  witnessed up to ${merkle.witnessedEntries} entries\n`
      : '  No known witness: `--key` names those that you trust.\n';
  if (merkle.checkpoint === null) return `${chain}${findings}`;
  return `${chain}${findings}${keysOf(merkle.checkpoint)}${witnessed}${anchored}${own}`;
}

function renderBundle(cli: Cli, target: string, report: BundleReport): string {
  const recording = {
    sealed: 'its recording is the one that was closed with the session',
    vouched: 'its recording is vouched for by the gateway only: the session was open or cut off',
    expired: 'its recording was removed at the end of its retention',
    none: 'it has no recording',
  }[report.recording];
  const remarks = report.remarks.map((remark) => `  ${cli.style.yellow('note')}  ${remark}\n`).join('');
  return (
    `${cli.style.green('intact')}  ${target}: session ${report.sessionId}, ${report.records} records, ${report.statements} statements\n` +
    `  ${recording}\n${remarks}${keysOf(report)}${report.trustsItself ? OWN_KEYS : ''}`
  );
}

function renderCheckpoint(cli: Cli, target: string, confirmed: Confirmed): string {
  return `${cli.style.green('intact')}  ${target}: ${confirmed.entries} entries of ${confirmed.origin}\n${keysOf(confirmed)}`;
}

const OWN_KEYS =
  '  These keys are what it says of itself: compare them with those that you know, or give them with `--key`.\n';

function keysOf({ entries, signedBy, witnessedBy }: Confirmed): string {
  return (
    `  checkpoint of ${entries} entries\n` +
    signedBy.map((vkey) => `  signed by    ${vkey}\n`).join('') +
    witnessedBy.map((vkey) => `  cosigned by  ${vkey}\n`).join('')
  );
}
