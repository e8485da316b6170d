/**
 * The gateway's own check and the clients' standalone verifier were written apart, from the same document: about any
 * log, whole or damaged, they say the same.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../agent-tunnel/src/evidence/verify.ts';
import { statementCompleted, statementDecided, temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../gateway/src/evidence/log.ts';
import { listSegments, segmentPath } from '../../gateway/src/evidence/segment-files.ts';
import { type LogHead, verifyLog } from '../../gateway/src/evidence/verify.ts';

const directory = temporaryDirectory();
let originals: readonly Buffer[] = [];
let head: LogHead = { nextSequence: 0, hash: '' };

beforeAll(async () => {
  const log = await openEvidenceLog({ directory: directory.path, now: () => 1_700_000_000_000, segmentBytes: 2_000 });
  for (let id = 0; id < 8; id += 1) {
    await Promise.all([
      log.append(statementDecided('s1', id), 'write'),
      log.append(statementCompleted('s1', id), 'write'),
    ]);
  }
  head = log.head;
  await log.close();
  originals = listSegments(directory.path).map((segment) => readFileSync(segmentPath(directory.path, segment)));
});

afterAll(() => directory[Symbol.dispose]());

async function verdicts() {
  const ours = verifyLog(directory.path, { expectedHead: head });
  const theirs = await verifyEvidence(directory.path, { entries: head.nextSequence, hash: head.hash });
  return {
    ours: [ours.state, ours.ok],
    theirs: [theirs.state, theirs.state === 'intact' && theirs.holdsNotedHead === true],
  };
}

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'zeros'; readonly count: number }
  | { readonly kind: 'append'; readonly bytes: Uint8Array };

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('zeros' as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant('append' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
);

function inflict(bytes: Buffer, what: Damage): Buffer {
  switch (what.kind) {
    case 'flip': {
      const changed = Buffer.from(bytes);
      const at = what.at % bytes.length;
      changed[at] = (changed[at] ?? 0) ^ (1 << what.bit);
      return changed;
    }
    case 'cut':
      return bytes.subarray(0, what.at % bytes.length);
    case 'zeros':
      return Buffer.concat([bytes, Buffer.alloc(what.count)]);
    case 'append':
      return Buffer.concat([bytes, what.bytes]);
  }
}

describe('two verifiers, one document', () => {
  it('agree that a whole log is intact and holds its head', async () => {
    expect(await verdicts()).toEqual({ ours: ['intact', true], theirs: ['intact', true] });
  });

  it('agree about any damage to any segment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), damage, async (where, what) => {
        const segment = where % originals.length;
        const original = originals[segment] ?? Buffer.alloc(0);
        writeFileSync(segmentPath(directory.path, segment), inflict(original, what));
        const { ours, theirs } = await verdicts();
        writeFileSync(segmentPath(directory.path, segment), original);
        expect(ours).toEqual(theirs);
        expect(ours[1]).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  it('agree about a missing segment', async () => {
    for (const [segment, original] of originals.entries()) {
      rmSync(segmentPath(directory.path, segment));
      const { ours, theirs } = await verdicts();
      writeFileSync(segmentPath(directory.path, segment), original);
      expect(ours).toEqual(theirs);
      expect(ours[1]).toBe(false);
    }
  });
});
