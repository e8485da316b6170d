/**
 * A tenth of `npm run trust`: what was signed cannot change unseen.
 */
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { Random } from '../fuzz/random.ts';
import type { TrustContext } from '../trust/suite.ts';
import { forge } from '../trust/suites/forged-logs.ts';
import { crashSigning } from '../trust/suites/signing-crash.ts';
import { tamperWith } from '../trust/suites/tamper.ts';

function contextIn(directory: string): TrustContext {
  return { directory, random: new Random(1), isOver: () => false, print: () => undefined };
}

it('a log of 100 entries with a changed byte, a missing, repeated, exchanged or cut part is found out', async () => {
  using directory = temporaryDirectory();
  const result = await tamperWith({ ...contextIn(directory.path), entries: 100, stride: 24 });
  expect(result).toEqual({ attempts: expect.any(Number), failures: [], isComplete: true });
  expect(result.attempts).toBeGreaterThan(1_000);
});

it('an operator who rewrites the log, rolls it back, or shows two of them is caught from outside', async () => {
  using directory = temporaryDirectory();
  const result = await forge(contextIn(directory.path), [9, 258]);
  expect(result).toEqual({ attempts: expect.any(Number), failures: [], isComplete: true });
});

it('signing that is killed contradicts nothing that it signed, and goes on', async () => {
  using directory = temporaryDirectory();
  const result = await crashSigning(contextIn(directory.path), 30);
  expect(result).toEqual({ attempts: expect.any(Number), failures: [], isComplete: true });
});
