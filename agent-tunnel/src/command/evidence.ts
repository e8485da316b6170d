import { createWriteStream } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SluiceError } from '@sluice/contract/errors';
import type { ApiClient } from '../client/api-client.ts';
import { parseCheckpoint } from '../evidence/note.ts';
import { type Head, type Verification, verifyEvidence } from '../evidence/verify.ts';
import { verifyBundle } from '../evidence/verify-bundle.ts';
import { type Confirmed, confirm, verifyConsistency } from '../evidence/verify-checkpoint.ts';
import { type LogVerification, verifyLogDirectory } from '../evidence/verify-merkle.ts';
import type { Cli } from './cli.ts';
import type { ListOptions } from './look.ts';
import { disproved, keysOf, OWN_KEYS, readable, renderBundle, type TrustOptions, trustOf } from './offline.ts';

export type VerifyOptions = ListOptions &
  TrustOptions & {
    readonly head?: Head;
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
    const keys = await signingKeys(api);
    if (options.json === true) return cli.json({ origin, entries: size, root: root.toString('base64'), keys, note });
    cli.out(note);
    for (const key of keys) cli.note(`The gateway says that it signs with ${key}\n`);
    return;
  }
  const { since } = options;
  const older = await readable(since, () => readFile(since, 'utf8'));
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

/** What the gateway says that it signs with; empty for who may keep a checkpoint and not ask more. */
async function signingKeys(api: ApiClient): Promise<readonly string[]> {
  try {
    return (await api.evidence()).keys;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'REFUSED_BY_POLICY') return [];
    throw error;
  }
}

/** `ENTRIES:HASH`, as the command prints it. */
export function parseHead(text: string): Head | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text);
  return match === null ? null : { entries: Number(match[1]), hash: (match[2] ?? '').toLowerCase() };
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

function renderCheckpoint(cli: Cli, target: string, confirmed: Confirmed): string {
  return `${cli.style.green('intact')}  ${target}: ${confirmed.entries} entries of ${confirmed.origin}\n${keysOf(confirmed)}`;
}
