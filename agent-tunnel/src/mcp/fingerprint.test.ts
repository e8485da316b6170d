import { expect, it } from 'vitest';
import { toolFingerprint } from './fingerprint.ts';
import { describeTools, INSTRUCTIONS } from './tools.ts';

/** Change it together with the words, on purpose, and say so in CHANGELOG.md: hosts may have pinned it. */
const PINNED = '265d3660517f0f58ac089395d25bbe5a58d34c000685d73661e55dda952bce94';

it('what agents are told is what was pinned', () => {
  expect(toolFingerprint()).toBe(PINNED);
});

it('no tool takes a principal, a label, a credential or a decision', () => {
  const inputs = describeTools().flatMap(({ inputSchema }) => Object.keys(inputSchema['properties'] ?? {}));
  expect([...new Set(inputs)].sort()).toEqual([
    ...['max_rows', 'reason', 'request_id', 'resource', 'statement', 'table', 'wait_seconds'],
  ]);
});

it('every tool refuses arguments that it does not have', () => {
  for (const { inputSchema } of describeTools()) expect(inputSchema['additionalProperties']).toBe(false);
});

it('agents are told that data is untrusted', () => {
  expect(INSTRUCTIONS).toContain('untrusted');
});
