/**
 * The standalone verifier (`verifier/`), run as an auditor runs it, on what the gateway's code wrote, on the document's test
 * vectors, and on files made to mislead it. What it says of a damaged log is in evidence-merkle.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseKey } from '../../agent-tunnel/src/evidence/note.ts';
import { verifyBundle } from '../../agent-tunnel/src/evidence/verify-bundle.ts';
import { verifyConsistency } from '../../agent-tunnel/src/evidence/verify-checkpoint.ts';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { entriesOf, TreeByDefinition } from '../../gateway/src/evidence/merkle/by-definition.fixture.ts';
import { manifestText } from '../../gateway/src/evidence/merkle/session-bundle.ts';
import {
  cosignNote,
  LOG_KEY,
  type SignerKey,
  signerKey,
  signNote,
  WITNESS_KEY,
} from '../../gateway/src/evidence/merkle/signed-note.ts';
import { readTile } from '../../gateway/src/evidence/merkle/tile-files.ts';
import { TileTree } from '../../gateway/src/evidence/merkle/tile-tree.ts';
import { type EvidenceSite, writeEvidenceSite } from '../trust/evidence-site.ts';
import { accusesBundle, accusesLog } from '../trust/judge.ts';
import { keysOf, STANDALONE_FILES, STANDALONE_LOG, standaloneVerdict } from '../trust/standalone.ts';

const directory = temporaryDirectory();
let site: EvidenceSite;

beforeAll(async () => {
  site = await writeEvidenceSite(join(directory.path, 'site'), { entries: 30 });
});
afterAll(() => directory[Symbol.dispose]());

let written = 0;
function fileOf(content: string | Uint8Array): string {
  written += 1;
  const path = join(directory.path, `file-${written}`);
  writeFileSync(path, content);
  return path;
}

function run(file: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function base64Of(hashes: readonly Buffer[]): string {
  return hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
}

describe('the program', () => {
  it('is two files of at most 300 lines that import Node and each other, nothing else', () => {
    for (const file of [STANDALONE_FILES, STANDALONE_LOG]) {
      const source = readFileSync(file, 'utf8');
      expect(source.split('\n').length - 1).toBeLessThanOrEqual(300);
      for (const [, from = ''] of source.matchAll(/^(?:import|\}).* from '(.*)';$/gm))
        expect(from).toMatch(/^(node:(crypto|fs|url|util)|\.\/sluice-verify\.mjs)$/);
    }
  });

  it('verifies a bundle, a log and a mirror of its tiles, and says by whose keys', () => {
    const keys = keysOf(site);
    const bundle = run(STANDALONE_FILES, ['bundle', site.bundle, ...keys]);
    expect(bundle).toEqual({ status: 0, output: expect.stringContaining('VERIFIED') });
    expect(bundle.output).toContain(site.signer.verifier.vkey);
    expect(bundle.output).toContain('cosigned by witness.example/w1');
    expect(run(STANDALONE_LOG, ['log', site.logDirectory, ...keys, '--noted', site.anchor]).status).toBe(0);
    expect(run(STANDALONE_LOG, ['tiles', site.logDirectory, ...keys, '--noted', site.anchor]).status).toBe(0);
  });

  it('takes no key from what it checks', () => {
    expect(run(STANDALONE_FILES, ['bundle', site.bundle])).toMatchObject({ status: 64 });
    const stranger = run(STANDALONE_FILES, ['bundle', site.bundle, '--key', site.stranger.vkey]);
    expect(stranger).toEqual({ status: 65, output: expect.stringMatching(/^NOT VERIFIED .*no key of the log/) });
  });

  it('fails cleanly on a file that is not there', () => {
    const { status, output } = run(STANDALONE_FILES, ['bundle', join(directory.path, 'none'), ...keysOf(site)]);
    expect([status, output]).toEqual([66, expect.stringContaining('NOT VERIFIED')]);
  });

  it('prints nothing of a file that could steer a terminal or pass for its own words', () => {
    const path = join(directory.path, 'x\u001b[2J\nVERIFIED  x');
    writeFileSync(path, 'no bundle');
    const { status, output } = run(STANDALONE_FILES, ['bundle', path, ...keysOf(site)]);
    expect(status).toBe(65);
    expect(output.split('\n')).toHaveLength(2);
    expect(output).not.toContain('\u001b');
  });
});

/** Keys and notes of "Test vectors" in docs/evidence-format.md. */
const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/evidence-format.md'), 'utf8');
const [LOG_VKEY = '', WITNESS_VKEY = ''] = DOCUMENT.match(/^\S+\+[0-9a-f]{8}\+\S+$/gm) ?? [];
const [VECTOR = ''] = /^sluice\/0001.*\n7\n.*\n\n(?:— .*\n)+/m.exec(DOCUMENT) ?? [];

/** A checkpoint signed with the key of the test vectors. */
const VECTOR_KEY: SignerKey = signerKey('sluice/000102030405060708090a0b0c0d0e0f', LOG_KEY, Buffer.alloc(32, 1));
function signed(size: number | bigint, root: Buffer | string): string {
  const encoded = typeof root === 'string' ? root : root.toString('base64');
  const text = `${VECTOR_KEY.verifier.name}\n${size}\n${encoded}\n`;
  return `${text}\n${signNote(text, VECTOR_KEY)}`;
}

describe('the document’s test vectors', () => {
  const keys = ['--key', LOG_VKEY, '--witness', WITNESS_VKEY];

  it('are right: the checkpoint with its cosignature', () => {
    expect(standaloneVerdict(['checkpoint', fileOf(VECTOR), ...keys])).toMatchObject({ status: 0 });
  });

  it('are right: the proof of consistency of 3 and 7', () => {
    const root = /^root of size 3 {2}(\S+)$/m.exec(DOCUMENT)?.[1] ?? '';
    const hashes =
      /^consistency of 3 and 7 {2}((?:\s*[0-9a-f]{64}\n)+)/m.exec(DOCUMENT)?.[1]?.trim().split(/\s+/) ?? [];
    const older = fileOf(signed(3, Buffer.from(root, 'hex')));
    const proof = base64Of(hashes.map((hash) => Buffer.from(hash, 'hex')));
    const args = ['checkpoint', fileOf(VECTOR), ...keys, '--noted', older];
    expect(standaloneVerdict([...args, '--proof', fileOf(`old 3\n${proof}\n${VECTOR}`)])).toMatchObject({ status: 0 });
    expect(standaloneVerdict(args)).toMatchObject({ status: 65 });
  });
});

describe('consistency', () => {
  const entries = entriesOf(40);
  const tree = new TreeByDefinition(entries);
  const keys = ['--key', VECTOR_KEY.verifier.vkey];

  function verdict(older: string, newer: string, proof: string): number {
    const noted = ['--noted', fileOf(older), '--proof', fileOf(proof)];
    const { status } = standaloneVerdict(['checkpoint', fileOf(newer), ...keys, ...noted]);
    let client = 0;
    try {
      verifyConsistency(older, proof, { keys: [parseKey(VECTOR_KEY.verifier.vkey)], witnesses: 0 });
    } catch {
      // Whatever it is that the product's own verifier throws, it does not accept the proof.
      client = 65;
    }
    expect(client).toBe(status);
    return status;
  }

  it('is accepted with the proof of RFC 6962, and with no other, by both verifiers', () => {
    const pairs = fc.tuple(fc.integer({ min: 1, max: 39 }), fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(pairs, ([a, b, at, bits]) => {
        fc.pre(a < b);
        const [older, newer] = [signed(a, tree.mth(0, a)), signed(b, tree.mth(0, b))];
        const proof = tree.proof(a, b);
        expect(verdict(older, newer, `old ${a}\n${base64Of(proof)}\n${newer}`)).toBe(0);
        const changed = proof.map((hash) => Buffer.from(hash));
        const victim = changed[at % Math.max(1, changed.length)];
        if (victim !== undefined) victim[at % 32] = (victim[at % 32] ?? 0) ^ (bits || 1);
        if (victim !== undefined) expect(verdict(older, newer, `old ${a}\n${base64Of(changed)}\n${newer}`)).toBe(65);
        expect(verdict(older, newer, `old ${a}\n${base64Of(proof.slice(1))}\n${newer}`)).toBe(65);
        expect(verdict(older, newer, `old ${a}\n${base64Of([...proof, Buffer.alloc(32)])}\n${newer}`)).toBe(65);
        const forked = signed(a, Buffer.alloc(32, bits));
        expect(verdict(forked, newer, `old ${a}\n${base64Of(proof)}\n${newer}`)).toBe(65);
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});

describe('what is made to mislead it', () => {
  const key = VECTOR_KEY.verifier.vkey;

  it.each([
    ['nothing', ''],
    ['no note', 'VERIFIED\n'],
    ['bytes that are not UTF-8', Buffer.from(VECTOR.replace('\n7\n', '\n\xff\n'), 'latin1')],
    ['a number beyond 2^53', signed(2n ** 60n, Buffer.alloc(32))],
    ['a number of a million digits', signed(7, Buffer.alloc(32)).replace('\n7\n', `\n${'9'.repeat(1_000_000)}\n`)],
    ['a number with a zero before it', signed(7, Buffer.alloc(32)).replace('\n7\n', '\n07\n')],
    ['a root in another form of base64', signed(7, `${'A'.repeat(42)}B=`)],
    ['a root of 31 bytes', signed(7, Buffer.alloc(31))],
    ['an empty tree with the root of another', signed(0, Buffer.alloc(32))],
    ['a line more', signed(7, `${Buffer.alloc(32).toString('base64')}\nmore`)],
    ['a signature of nobody', signed(7, Buffer.alloc(32)).replace(/ [^ ]+\n$/, ' AAAA\n')],
    ['no last newline', VECTOR.slice(0, -1)],
    ['the text of another checkpoint under these signatures', VECTOR.replace('\n7\n', '\n8\n')],
  ])('a checkpoint: %s', (_, content) => {
    expect(standaloneVerdict(['checkpoint', fileOf(content), '--key', key])).toMatchObject({ status: 65 });
  });

  it.each([
    ['deep JSON', `${'['.repeat(200_000)}\n`],
    ['a number that is not one', '{"index":1e400,"record":"","proof":[]}\n'],
    ['a first line without its members', '{"sluice":"session-bundle","version":1}\n'],
    ['only a recording', '{"recording":"AAAA"}\n'],
    ['nothing', ''],
  ])('a bundle with its hash made right: %s', (_, lines) => {
    const content = `${lines}{"sha256":"${createHash('sha256').update(lines).digest('hex')}"}\n`;
    expect(standaloneVerdict(['bundle', fileOf(content), '--key', key])).toMatchObject({ status: 65 });
  });

  it('a checkpoint signed by the right key under another name', () => {
    const other = signerKey('sluice/0f0e0d0c0b0a09080706050403020100', LOG_KEY, Buffer.alloc(32, 1));
    const text = `${VECTOR_KEY.verifier.name}\n7\n${Buffer.alloc(32).toString('base64')}\n`;
    const path = fileOf(`${text}\n${signNote(text, other)}`);
    expect(standaloneVerdict(['checkpoint', path, '--key', other.verifier.vkey])).toMatchObject({ status: 65 });
  });

  it('one witness under two names counts once, for both verifiers', () => {
    const [one, two] = ['w.example/1', 'w.example/2'].map((name) => signerKey(name, WITNESS_KEY, Buffer.alloc(32, 3)));
    if (one === undefined || two === undefined) throw new Error('two names make two keys');
    const note = signed(1, Buffer.alloc(32));
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const path = fileOf(`${note}${cosignNote(text, one, 5)}${cosignNote(text, two, 5)}`);
    const vkeys = [one, two].map(({ verifier }) => verifier.vkey);
    const args = ['checkpoint', path, '--key', key, ...vkeys.flatMap((vkey) => ['--witness', vkey])];
    expect(standaloneVerdict([...args, '--witnesses', '1'])).toMatchObject({ status: 0 });
    expect(standaloneVerdict([...args, '--witnesses', '2'])).toMatchObject({ status: 65 });
    const trust = { keys: [key, ...vkeys].map(parseKey), witnesses: 2 };
    const proof = `old 1\n\n${readFileSync(path, 'utf8')}`;
    expect(() => verifyConsistency(note, proof, trust)).toThrow('1 of the known witnesses');
  });

  it.each<readonly [string, string, (lines: BundleLines) => BundleLines]>([
    ['another text in a record', 'does not lead to the root', changeRecord],
    ['another record’s proof', 'does not lead to the root', exchangeProofs],
    ['a shorter proof', 'does not lead to the root', (lines) => withProof(lines, (proof) => proof.slice(1))],
    ['a longer proof', 'its proof is too long', (lines) => withProof(lines, (proof) => [...proof, ...proof])],
    ['records in another order', 'its index does not rise', reverseRecords],
    ['a record left out', 'is not', ({ records, ...rest }) => ({ ...rest, records: records.slice(1) })],
    ['another recording', 'is not', (lines) => ({ ...lines, recordings: ['{"recording":"AAAA"}'] })],
    ['no recording', 'is not', (lines) => ({ ...lines, recordings: [] })],
    ['a manifest that a stranger signed', 'no key of the log', signByStranger],
    ['a manifest of another session', 'is not', (lines) => withHead(lines, { sessionId: 'c_other' })],
    ['the checkpoint of an older tree', 'is not', withOlderCheckpoint],
    [
      'a member twice',
      'JSON in another form',
      (lines) => ({ ...lines, head: lines.head.replace('{', '{"version":1,') }),
    ],
  ])('a bundle with its hash made right: %s', async (_, why, change) => {
    const { head, records, recordings } = change(readBundle());
    const path = sealed([head, ...records, ...recordings]);
    const { status, lines } = standaloneVerdict(['bundle', path, ...keysOf(site), '--witnesses', '0']);
    expect([status, lines]).toEqual([65, [expect.stringContaining(why)]]);
    const product = await verifyBundle(path, { ...site.trust, witnesses: 0 }).catch(() => 'refused');
    // A member twice is found by the standalone verifier alone.
    if (why !== 'JSON in another form') expect(product).toBe('refused');
  });

  it('a bundle that its operator filled with a record of elsewhere, and signed again', async () => {
    const { head, records: before, recordings } = readBundle();
    const first: { sessionId: string; checkpoint: string } = JSON.parse(head);
    const size = Number(first.checkpoint.split('\n')[1]);
    const tree = new TileTree(size, (tile) => readTile(site.logDirectory, tile));
    const indexes = before.map((line) => Number(/\d+/.exec(line)?.[0]));
    const stranger = Math.max(...indexes) + 1;
    const proof = tree.inclusion(stranger).map((hash) => hash.toString('base64'));
    const record = recordOf(stranger).toString('base64');
    const records = [...before, JSON.stringify({ index: stranger, record, proof })];
    const recording = createHash('sha256');
    for (const line of recordings) recording.update(Buffer.from(JSON.parse(line).recording, 'base64'));
    const manifest = manifestText({
      ...{ origin: site.signer.verifier.name, sessionId: first.sessionId, size },
      ...{ places: [...indexes, stranger].map((index) => ({ index })), recording: recording.digest('base64') },
    });
    const signedAgain = `${manifest}\n${signNote(manifest, site.signer)}`;
    const path = sealed([JSON.stringify({ ...first, manifest: signedAgain }), ...records, ...recordings]);
    const verdict = standaloneVerdict(['bundle', path, ...keysOf(site)]);
    expect(verdict).toEqual({ status: 65, lines: [expect.stringContaining('a record of another session')] });
    await expect(verifyBundle(path, site.trust)).rejects.toThrow();
  });

  it('a decision that repeats one that is not there, or itself, for both verifiers', async () => {
    for (const repeats of [9, 3]) {
      const odd = await writeEvidenceSite(join(directory.path, `repeats-${repeats}`), { entries: 30, repeats });
      expect(await accusesBundle(odd)).toBe(true);
      const { status, lines } = standaloneVerdict(['bundle', odd.bundle, ...keysOf(odd)]);
      expect([status, lines]).toEqual([65, [expect.stringContaining(`repeats statement ${repeats}`)]]);
      await expect(verifyBundle(odd.bundle, odd.trust)).rejects.toThrow('repeats a decision');
    }
  });

  it('a checkpoint that was put back to an older one, for both verifiers; one behind is a crash', async () => {
    const checkpointsAt = [9, 18];
    const back = await writeEvidenceSite(join(directory.path, 'back'), { entries: 30, checkpointsAt });
    const notes = readFileSync(back.anchor, 'utf8').split(/(?<=\n)\n(?!—)/);
    const uncosigned = { ...back, trust: { ...back.trust, witnesses: 0 } };
    for (const [index, isFound] of [true, false, false].entries()) {
      writeFileSync(join(back.logDirectory, 'checkpoint'), notes[index] ?? '');
      expect(await accusesLog(uncosigned)).toBe(isFound);
    }
  });

  it('no checkpoint, while the history has two, for both verifiers; with one, a crash came before it', async () => {
    for (const checkpointsAt of [[9], []]) {
      const none = await writeEvidenceSite(join(directory.path, `none-${checkpointsAt.length}`), {
        entries: 12,
        checkpointsAt,
      });
      for (const name of ['checkpoint', 'checkpoint.witnessed']) rmSync(join(none.logDirectory, name));
      const uncosigned = { ...none, trust: { ...none.trust, witnesses: 0 } };
      expect(await accusesLog(uncosigned)).toBe(checkpointsAt.length > 0);
    }
  });

  it('a log without any file of its Merkle log, when a key is given, for both verifiers', async () => {
    const bare = await writeEvidenceSite(join(directory.path, 'bare'), { entries: 9 });
    for (const name of ['checkpoint', 'checkpoint.witnessed', 'checkpoints.log', 'tile'])
      rmSync(join(bare.logDirectory, name), { recursive: true });
    expect(standaloneVerdict(['log', bare.logDirectory, ...keysOf(bare)]).status).not.toBe(0);
    const { vkey } = bare.signer.verifier;
    const cli = join(import.meta.dirname, '../../agent-tunnel/src/main.ts');
    expect(run(cli, ['evidence', 'verify', bare.logDirectory, '--key', vkey])).toMatchObject({ status: 65 });
    expect(run(cli, ['evidence', 'verify', bare.logDirectory])).toMatchObject({ status: 0 });
  });
});

it('logs of any size, with checkpoints anywhere, are accused by nobody', async () => {
  const shapes = fc.tuple(
    fc.integer({ min: 9, max: 300 }),
    fc.array(fc.integer({ min: 3, max: 99 }), { maxLength: 4 }),
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(shapes, async ([entries, places]) => {
      number += 1;
      const checkpointsAt = [...new Set(places.map((place) => place * 3).filter((place) => place < entries))];
      const options = { entries, checkpointsAt: checkpointsAt.sort((a, b) => a - b) };
      const any = await writeEvidenceSite(join(directory.path, `any-${number}`), options);
      expect(await accusesLog(any, { anchors: true })).toBe(false);
      expect(await accusesBundle(any)).toBe(false);
    }),
    { numRuns: 8, seed: 5 },
  );
});

/** By the document's layout, in the first segment. */
function recordOf(sequence: number): Buffer {
  const file = readFileSync(join(site.logDirectory, 'segment-00000000.log'));
  for (let at = 112; at < file.length; ) {
    const end = at + 20 + file.readUInt32BE(at);
    for (at += 20; at < end; ) {
      const length = 21 + file.readUInt32BE(at);
      if (file.readBigUInt64BE(at + 4) === BigInt(sequence)) return file.subarray(at, at + length);
      at += length;
    }
    at = end + 32;
  }
  throw new Error(`no record ${sequence} in the first segment`);
}

type BundleLines = {
  readonly head: string;
  readonly records: readonly string[];
  readonly recordings: readonly string[];
};
type BundleRecord = { readonly index: number; readonly record: string; readonly proof: readonly string[] };

function readBundle(): BundleLines {
  const [head = '', ...rest] = readFileSync(site.bundle, 'utf8').split('\n');
  const startingWith = (start: string) => rest.filter((line) => line.startsWith(start));
  return { head, records: startingWith('{"index"'), recordings: startingWith('{"recording"') };
}

/** A file of these lines with the hash that they have. */
function sealed(lines: readonly string[]): string {
  const content = lines.map((line) => `${line}\n`).join('');
  return fileOf(`${content}{"sha256":"${createHash('sha256').update(content).digest('hex')}"}\n`);
}

function withHead(lines: BundleLines, members: object): BundleLines {
  return { ...lines, head: JSON.stringify({ ...JSON.parse(lines.head), ...members }) };
}

function withFirstRecords(
  lines: BundleLines,
  change: (all: readonly BundleRecord[]) => readonly BundleRecord[],
): BundleLines {
  const all = lines.records.map((line): BundleRecord => JSON.parse(line));
  return { ...lines, records: change(all).map((record) => JSON.stringify(record)) };
}

function withProof(lines: BundleLines, change: (proof: readonly string[]) => readonly string[]): BundleLines {
  return withFirstRecords(lines, ([first, ...rest]) =>
    first === undefined ? rest : [{ ...first, proof: change(first.proof) }, ...rest],
  );
}

function changeRecord(lines: BundleLines): BundleLines {
  return withFirstRecords(lines, (all) =>
    all.map((one) => {
      const text = Buffer.from(one.record, 'base64').toString('latin1').replace('select 1', 'select 2');
      return { ...one, record: Buffer.from(text, 'latin1').toString('base64') };
    }),
  );
}

function exchangeProofs(lines: BundleLines): BundleLines {
  return withFirstRecords(lines, ([first, second, ...rest]) => {
    if (first === undefined || second === undefined) throw new Error('the bundle has two records');
    return [{ ...first, proof: second.proof }, { ...second, proof: first.proof }, ...rest];
  });
}

function reverseRecords(lines: BundleLines): BundleLines {
  return { ...lines, records: lines.records.toReversed() };
}

function signByStranger(lines: BundleLines): BundleLines {
  const { manifest }: { manifest: string } = JSON.parse(lines.head);
  const text = manifest.slice(0, manifest.indexOf('\n\n') + 1);
  const stranger = signerKey(site.signer.verifier.name, LOG_KEY, Buffer.alloc(32, 13));
  return withHead(lines, { manifest: `${text}\n${signNote(text, stranger)}` });
}

function withOlderCheckpoint(lines: BundleLines): BundleLines {
  const [checkpoint = ''] = readFileSync(site.anchor, 'utf8').split(/(?<=\n)\n(?!—)/);
  const size = Number(checkpoint.split('\n')[1]);
  const tree = new TileTree(size, (tile) => readTile(site.logDirectory, tile));
  const proofOf = (index: number) => tree.inclusion(index).map((hash) => hash.toString('base64'));
  const older = withFirstRecords(lines, (all) => all.map((one) => ({ ...one, proof: proofOf(one.index) })));
  return withHead(older, { checkpoint });
}
