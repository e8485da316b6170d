import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DecidedEntry, decidedPayload } from './decided-payload.ts';

const ENTRY: fc.Arbitrary<DecidedEntry> = fc.record({
  kind: fc.constant('statement.decided'),
  sessionId: fc.string(),
  statementId: fc.nat(),
  text: fc.string(),
  fingerprint: fc.string(),
  statementKind: fc.string(),
  effect: fc.constantFrom('allow', 'mask'),
  reasons: fc.array(
    fc.record({
      effect: fc.constantFrom('mask'),
      policyId: fc.string(),
      message: fc.string(),
      remedy: fc.string(),
      columns: fc.constant([]),
    }),
  ),
  flows: fc.constant([]),
  highestLabel: fc.constantFrom('public', 'regulated'),
  policyVersion: fc.string(),
  requestId: fc.constant(null),
});

it('the entry of a run is written as JSON.stringify writes it, whatever was written before', () => {
  fc.assert(
    fc.property(ENTRY, fc.string(), fc.nat(), (entry, sessionId, statementId) => {
      const understanding = {};
      const again = { ...entry, sessionId, statementId };
      const retold = { ...again, text: `${entry.text} ` };
      for (const one of [entry, again, retold, entry])
        expect(decidedPayload(one, understanding)).toBe(JSON.stringify(one));
    }),
  );
});
