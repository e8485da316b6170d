/** The algebra of baselines: what was learned never drifts, and what was not always does. */
import { LABELS } from '@sluice/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnKey } from '../analysis/flows.ts';
import { baselineOf, changesOf, covers, driftOf } from './baseline.ts';
import { type BaselineFlow, columnFlows, flowsUnder } from './column-flows.ts';
import { COLUMNS, decision, flows, labels } from './flows.fixture.ts';

const column = fc.constantFrom(...(Object.keys(COLUMNS) as ColumnKey[]));
const columns = fc.array(column, { maxLength: 4 });
/** A statement with a decision about it: what a run does once. */
const run = fc
  .record({
    outputs: fc.array(columns, { maxLength: 4 }),
    shaping: columns,
    faultable: columns,
    writes: fc.array(
      fc.record({ target: fc.option(column), targetName: fc.constantFrom('a.b', 'x.y'), from: columns }),
      { maxLength: 3 },
    ),
    masked: fc.array(fc.nat(3)),
  })
  .map(({ writes, masked, ...parts }) => {
    const made = flows({
      ...parts,
      writes: writes.map(({ from, ...write }) => ({ ...write, sources: new Set(from) })),
    });
    return flowsUnder(decision('allow', masked), columnFlows(made, labels(), 'confidential', 'db'));
  });
const runs = fc.array(run, { maxLength: 6 });

/** What learning from runs proposes. */
function learned(all: readonly (readonly BaselineFlow[])[]): readonly BaselineFlow[] {
  return [...new Map(all.flat().map((flow) => [flow.id, flow])).values()];
}

describe('a baseline', () => {
  it('never holds the runs that it was learned from, in whatever order they come', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const baseline = baselineOf(learned(all));
        for (const one of all.toReversed()) expect(driftOf(baseline, one)).toEqual([]);
      }),
    );
  });

  it('holds every flow that is not among what was learned, unless it is one of those, masked', () => {
    fc.assert(
      fc.property(runs, run, (all, other) => {
        const known = learned(all);
        const drifted = driftOf(baselineOf(known), other);
        for (const flow of other) {
          const isKnown = known.some(
            ({ kind, source, target, masked }) =>
              kind === flow.kind &&
              source?.key === flow.source?.key &&
              target?.key === flow.target?.key &&
              (masked === flow.masked || flow.masked),
          );
          expect(drifted.includes(flow)).toBe(!isKnown);
        }
      }),
    );
  });

  it('covers no flow less by having more', () => {
    fc.assert(
      fc.property(runs, runs, (some, more) => {
        const small = baselineOf(learned(some));
        const large = baselineOf(learned([...some, ...more]));
        const lost = [...some, ...more].flat().filter((flow) => covers(small, flow) && !covers(large, flow));
        expect(lost).toEqual([]);
      }),
    );
  });

  it('does not cover a flow whose label has risen since it was approved, and covers one whose label has sunk', () => {
    fc.assert(
      fc.property(run, fc.constantFrom(...LABELS), fc.constantFrom(...LABELS), (one, then, now) => {
        const baseline = baselineOf(one.map((flow) => ({ ...flow, label: then })));
        const rises = LABELS.indexOf(now) > LABELS.indexOf(then);
        for (const flow of one) expect(covers(baseline, { ...flow, label: now })).toBe(!rises);
      }),
    );
  });

  it('and what a proposal adds to and removes from it make the proposal', () => {
    fc.assert(
      fc.property(run, run, (before, after) => {
        const { added, removed } = changesOf(before, after);
        const kept = before.filter((flow) => !removed.includes(flow));
        const made = new Map([...kept, ...added].map((flow) => [flow.id, flow]));
        expect([...made.keys()].toSorted()).toEqual(after.map(({ id }) => id).toSorted());
      }),
    );
  });
});

it('a masked output is covered by the same one unmasked, and not the other way round', () => {
  const made = columnFlows(flows({ outputs: [['16400.2' as ColumnKey]] }), labels(), 'confidential', 'db');
  const raw = flowsUnder(decision(), made);
  const masked = flowsUnder(decision('mask', [0]), made);
  expect(driftOf(baselineOf(raw), masked)).toEqual([]);
  expect(driftOf(baselineOf(masked), raw)).toEqual(raw);
});
