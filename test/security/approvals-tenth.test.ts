/** A tenth of `npm run trust`: approvals fit what was approved, are used once, and are nobody's own. */
import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../gateway/src/evidence/log.fixture.ts';
import { Random } from '../fuzz/random.ts';
import type { TrustContext } from '../trust/suite.ts';
import { killWhileApproving } from '../trust/suites/approval-crash.ts';
import { mutateBindings } from '../trust/suites/binding-mutations.ts';
import { killUnderLoad } from '../trust/suites/gateway-crash.ts';
import { tryToApprove } from '../trust/suites/self-approval.ts';

function contextIn(directory: string): TrustContext {
  mkdirSync(directory, { recursive: true });
  return { directory, random: new Random(1), isOver: () => false, print: () => undefined };
}

it('of 10,000 statements that differ in a field or a bit from an approved one, none passes for it', async () => {
  using directory = temporaryDirectory();
  const result = await mutateBindings({ ...contextIn(directory.path), mutations: 10_000 });
  expect(result).toEqual({ attempts: 10_000, failures: [], isComplete: true });
});

it('among people with several accounts, agents with owners and delegations, nobody decides about their own', async () => {
  using directory = temporaryDirectory();
  const result = await tryToApprove({ ...contextIn(directory.path), worlds: 4, decisions: 250 });
  expect(result).toMatchObject({ failures: [], isComplete: true });
  expect(result.attempts).toBeGreaterThanOrEqual(1_000);
});

it('killed at random between approving and sending, a gateway sends nothing twice and nothing that it did not record', async () => {
  using directory = temporaryDirectory();
  const result = await killWhileApproving({ ...contextIn(directory.path), kills: 4 });
  expect(result).toEqual({ attempts: 4, failures: [], isComplete: true });
});

it('what the database has executed is in the record, though the gateway was killed under load', async () => {
  using directory = temporaryDirectory();
  const result = await killUnderLoad({ ...contextIn(directory.path), kills: 2 });
  expect(result).toEqual({ attempts: 2, failures: [], isComplete: true });
});
