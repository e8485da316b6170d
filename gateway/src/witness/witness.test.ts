import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../evidence/log.fixture.ts';
import { entriesOf, TreeByDefinition } from '../evidence/merkle/by-definition.fixture.ts';
import { checkpointText } from '../evidence/merkle/checkpoint.ts';
import {
  LOG_KEY,
  parseSignatures,
  signerKey,
  signNote,
  verifyNote,
  WITNESS_KEY,
} from '../evidence/merkle/signed-note.ts';
import { Witness } from './witness.ts';

const ORIGIN = 'sluice/00000000000000000000000000000001';
const LOG = signerKey(ORIGIN, LOG_KEY, Buffer.alloc(32, 1));
const SIGNER = signerKey('witness.example/w1', WITNESS_KEY, Buffer.alloc(32, 2));
const honest = new TreeByDefinition(entriesOf(100));
const forged = new TreeByDefinition(
  entriesOf(100).map((entry, index) => (index === 3 ? Buffer.from('rewritten') : entry)),
);

function witnessIn(directory: string): Witness {
  return new Witness({ directory, signer: SIGNER, logs: [LOG.verifier], now: () => 1_700_000_010_000 });
}

function request(
  tree: TreeByDefinition,
  oldSize: number,
  size: number,
  options: { readonly signer?: typeof LOG } = {},
): string {
  const text = checkpointText({ origin: ORIGIN, size, root: tree.mth(0, size) });
  const proof = oldSize === 0 || oldSize >= size ? [] : tree.proof(oldSize, size);
  const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `old ${oldSize}\n${lines}\n${text}\n${signNote(text, options.signer ?? LOG)}`;
}

describe('a witness', () => {
  it('cosigns what continues what it saw, also after a restart', () => {
    using directory = temporaryDirectory();
    const first = witnessIn(directory.path).addCheckpoint(request(honest, 0, 10));
    expect(first.status).toBe(200);
    const text = checkpointText({ origin: ORIGIN, size: 10, root: honest.mth(0, 10) });
    expect(verifyNote({ text, signatures: parseSignatures(first.body) }, [SIGNER.verifier])).toHaveLength(1);
    const restarted = witnessIn(directory.path);
    expect(restarted.addCheckpoint(request(honest, 10, 57)).status).toBe(200);
    expect(restarted.addCheckpoint(request(honest, 57, 57)).status).toBe(200);
  });

  it('tells the size it knows when the old size is another, and forgets nothing by it', () => {
    using directory = temporaryDirectory();
    const witness = witnessIn(directory.path);
    witness.addCheckpoint(request(honest, 0, 10));
    for (const [old, size] of [
      [0, 20],
      [9, 20],
      [5, 8],
      [12, 20],
    ] as const)
      expect(witness.addCheckpoint(request(honest, old, size))).toEqual({
        status: 409,
        type: 'text/x.tlog.size',
        body: '10\n',
      });
  });

  it('cosigns no log that was rewritten, shown in two versions, or rolled back', () => {
    using directory = temporaryDirectory();
    const witness = witnessIn(directory.path);
    witness.addCheckpoint(request(honest, 0, 10));
    expect(witness.addCheckpoint(request(forged, 10, 20)).status).toBe(422);
    expect(witness.addCheckpoint(request(forged, 10, 10)).status).toBe(409);
    expect(witness.addCheckpoint(request(honest, 10, 5)).status).toBe(400);
    // Nothing of it was remembered.
    expect(witness.addCheckpoint(request(honest, 10, 20)).status).toBe(200);
  });

  it.each([
    ['another log', request(honest, 0, 10).replaceAll(ORIGIN, 'sluice/00000000000000000000000000000002'), 404],
    [
      'a key it does not know',
      request(honest, 0, 10, { signer: signerKey(ORIGIN, LOG_KEY, Buffer.alloc(32, 9)) }),
      403,
    ],
    ['a signature that does not match', request(honest, 0, 10).replace('\n10\n', '\n11\n'), 403],
    ['no empty line', 'old 0', 400],
    ['no old size', request(honest, 0, 10).replace('old 0', 'new 0'), 400],
    ['a size with a zero before it', request(honest, 0, 10).replace('old 0', 'old 00'), 400],
    [
      '64 lines of proof',
      request(honest, 0, 10).replace('old 0\n', `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}`),
      400,
    ],
    [
      'a proof from nothing',
      request(honest, 0, 10).replace('old 0\n', `old 0\n${Buffer.alloc(32).toString('base64')}\n`),
      422,
    ],
  ])('refuses %s', (_, body, status) => {
    using directory = temporaryDirectory();
    expect(witnessIn(directory.path).addCheckpoint(body).status).toBe(status);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  it('signs nothing when its memory is damaged', () => {
    using directory = temporaryDirectory();
    witnessIn(directory.path).addCheckpoint(request(honest, 0, 10));
    const [file = ''] = readdirSync(directory.path);
    writeFileSync(join(directory.path, file), 'x');
    expect(() => witnessIn(directory.path).addCheckpoint(request(honest, 10, 20))).toThrow('is damaged');
  });
});
