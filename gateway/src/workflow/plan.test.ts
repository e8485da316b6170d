import { describe, expect, it } from 'vitest';
import { agent, person } from './flows.fixture.ts';
import { mayNotRun, type Plan, plannedText } from './plan.ts';

describe('a planned text', () => {
  it.each([
    [' SELECT 1 ;\n', 'SELECT 1'],
    ['-- why\n  SELECT 1;;', 'SELECT 1'],
    ['/* a /* nested */ one */ -- and\r\nSELECT 1', 'SELECT 1'],
    ['/**/SELECT 1', 'SELECT 1'],
    ['/* open', ''],
    ['-- only', ''],
    ['', ''],
    // Inside of the statement nothing is touched: there, blanks may mean something.
    ["SELECT ' -- ', 1  /* x */", "SELECT ' -- ', 1  /* x */"],
    // To PostgreSQL this is a column whose name ends in a no-break space.
    ['SELECT a\u00a0', 'SELECT a\u00a0'],
    ['\u00a0SELECT 1', '\u00a0SELECT 1'],
    ['SELECT 1 -- ; no end', 'SELECT 1 -- ; no end'],
  ])('%j is %j', (text, planned) => {
    expect(plannedText(text)).toBe(planned);
  });
});

describe('a plan is run', () => {
  const ann = person('ann');
  const bob = person('bob');
  const plan = (by: Plan['by'], workflow: string | null = null): Plan => ({
    ...{ id: 'plan_1', resource: 'orders-db', statements: [], note: '', submittedAt: '', expiresAt: '' },
    ...{ by, workflow },
  });
  const run = (principal: Plan['by'], more: { resource?: string; workflow?: string | null } = {}) => ({
    ...{ principal, resource: 'orders-db', workflow: null },
    ...more,
  });

  it.each([
    ['by the executor of the same person', plan(agent('planner', ann)), run(agent('executor', ann)), null],
    ['by an executor for nobody', plan(agent('planner')), run(agent('executor')), null],
    ['by an executor, of a person’s own plan', plan(ann), run(agent('executor', ann)), null],
    ['not by who made it', plan(ann), run(ann), 'your own'],
    ['not by an agent that made it', plan(agent('planner', ann)), run(agent('planner', ann)), 'your own'],
    ['not for another person', plan(agent('planner', ann)), run(agent('executor', bob)), 'another person'],
    ['not by another person', plan(agent('planner', ann)), run(bob), 'another person'],
    ['not elsewhere', plan(ann), run(agent('e', ann), { resource: 'other' }), 'is for orders-db'],
    ['not outside of its workflow', plan(ann, 'nightly'), run(agent('e', ann)), 'the workflow nightly'],
    ['not within a workflow that it is not of', plan(ann), run(agent('e', ann), { workflow: 'w' }), 'no workflow'],
  ] as const)('%s', (_, made, by, why) => {
    const told = mayNotRun(made, by);
    if (why === null) expect(told).toBeNull();
    else expect(told).toContain(why);
  });
});
