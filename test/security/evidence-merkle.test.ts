/**
 * A tenth of `npm run trust`: what was signed cannot change unseen.
 */
import { expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { Random } from '../fuzz/random.ts';
import type { TrustContext } from '../trust/suite.ts';
import { forge } from '../trust/suites/forged-logs.ts';
import { cutPower } from '../trust/suites/power-cut.ts';
import { crashSigning } from '../trust/suites/signing-crash.ts';
import { tamperWith } from '../trust/suites/tamper.ts';
import { crashWriting } from '../trust/suites/writer-crash.ts';

// Thousands of checks, or a process for each: a machine that others keep busy takes minutes. The bound only ends a hang.
vi.setConfig({ testTimeout: 600_000 });

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

it('a writer that is killed, or whose calls fail, loses nothing that it acknowledged', async () => {
  using directory = temporaryDirectory();
  const result = await crashWriting({ ...contextIn(directory.path), entries: 18, points: 16 });
  expect(result).toEqual({ attempts: 16, failures: [], isComplete: true });
});

it('a power cut loses nothing that was acknowledged with a sync', async () => {
  using directory = temporaryDirectory();
  const result = await cutPower({ ...contextIn(directory.path), entries: 45, stride: 10, cuts: 4 });
  expect(result).toEqual({ attempts: expect.any(Number), failures: [], isComplete: true });
  expect(result.attempts).toBeGreaterThan(40);
});
