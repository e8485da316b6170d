import type { LabelledColumn, Principal } from '@sluice/contract/vocabulary';
import { describe, expect, it } from 'vitest';
import { columnKey } from '../analysis/flows.ts';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { CedarPolicyEngine } from './cedar-engine.ts';
import type { ProbeCharge, StatementFacts } from './decision.ts';
import type { LabelledUses } from './labelled-uses.ts';
import { parsePolicySet } from './policy-set.ts';

const POLICIES = `
@id("people-probe")
@probe("20 per 1h")
permit (principal is Sluice::User, action == Sluice::Action::"probe", resource in Sluice::Category::"pii.ssn");
@id("agents-probe")
@probe("5 per 1h")
permit (principal is Sluice::Agent, action == Sluice::Action::"probe", resource in Sluice::Category::"pii.ssn");
@id("join-ssn")
permit (principal, action == Sluice::Action::"join", resource in Sluice::Category::"pii.ssn")
when { principal in Sluice::Group::"linkers" || principal in Sluice::Group::"writers" }
unless { context.mayWrite };
@id("linkers-read")
forbid (principal in Sluice::Group::"linkers", action == Sluice::Action::"write", resource);
@id("count-plans")
@count("20") @probe("2 per 1d")
permit (principal in Sluice::Group::"counters", action == Sluice::Action::"count", resource in Sluice::Category::"pii.plan");`;

function engine(extra = POLICIES): CedarPolicyEngine {
  const sources = [...readDefaultPolicies(), { file: 'extra.cedar', text: extra }];
  const result = parsePolicySet(readPolicySchema(), sources);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return new CedarPolicyEngine({
    policies: result.set,
    resourceGroups: new Map([['orders-db', null]]),
    approverGroups: () => [],
  });
}

function user(name: string, ...groups: string[]): Principal {
  const actor = { id: `https://idp|${name}`, kind: 'user', name } as const;
  return { ...actor, groups, chain: [actor], onBehalfOfGroups: [] };
}

function agentFor(person: Principal, ...groups: string[]): Principal {
  const actor = { id: 'https://idp|bot', kind: 'agent', name: 'bot' } as const;
  return { ...actor, groups, chain: [...person.chain, actor], onBehalfOfGroups: person.groups };
}

const column = (table: string, name: string, category: string | null): LabelledColumn => ({
  schema: 'public',
  table,
  column: name,
  label: 'regulated',
  category,
});
const ssn = column('customers', 'ssn', 'pii.ssn');
const patient = column('patients', 'ssn', 'pii.ssn');
const plan = column('customers', 'plan', 'pii.plan');

const NOTHING: LabelledUses = { equalities: [], joins: [], other: [], unordered: [], count: null };
const probe = (values = 1): LabelledUses => ({
  ...NOTHING,
  equalities: [{ columns: [{ key: columnKey(1, 1), column: ssn }], values }],
});

function facts(
  principal: Principal,
  shaping: readonly LabelledColumn[],
  uses: LabelledUses | undefined,
): StatementFacts {
  return {
    principal,
    resource: { name: 'orders-db', protocol: 'postgres' },
    statementClass: 'read',
    statementKind: 'SelectStmt',
    outputs: [{ name: 'id', sources: [] }],
    shaping,
    ...(uses === undefined ? {} : { uses }),
    faultable: [],
    writes: [],
    holds: [],
  };
}

const charges = (stated: StatementFacts): readonly ProbeCharge[] =>
  engine()
    .decideStatement(stated)
    .obligations.flatMap((obligation) => (obligation.kind === 'spend-probes' ? obligation.charges : []));

describe('a comparison with a value', () => {
  it('costs the person who asks, by the policy that permits it', () => {
    expect(charges(facts(user('ann'), [ssn], probe(3)))).toEqual([
      expect.objectContaining({
        subject: 'https://idp|ann',
        values: 3,
        budget: { count: 20, windowMs: 3_600_000 },
        policyId: 'people-probe',
      }),
    ]);
  });

  it('of an agent costs the person it acts for and the agent, each by the budget of its own policy', () => {
    expect(
      charges(facts(agentFor(user('ann')), [ssn], probe())).map(({ subject, policyId }) => [subject, policyId]),
    ).toEqual([
      ['https://idp|ann', 'people-probe'],
      ['https://idp|bot', 'agents-probe'],
    ]);
  });

  it.each([
    ['of which nothing was told apart', facts(user('ann'), [ssn], undefined)],
    ['beside another use of the column', facts(user('ann'), [ssn], { ...probe(), other: [ssn] })],
    ['beside another column that shapes', facts(user('ann'), [ssn, plan], probe())],
    [
      'of a category without a permit',
      facts(user('ann'), [plan], {
        ...NOTHING,
        equalities: [{ columns: [{ key: columnKey(1, 2), column: plan }], values: 1 }],
      }),
    ],
    ['that was not found although the column shapes', facts(user('ann'), [ssn], NOTHING)],
  ])('%s is refused as any shaping', (_name, stated) => {
    expect(engine().decideStatement(stated)).toMatchObject({
      effect: 'refuse',
      obligations: [],
      reasons: expect.arrayContaining([expect.objectContaining({ policyId: 'no-shaping-by-classified' })]),
    });
  });

  it('permitted without a budget is refused', () => {
    const bounded = engine(`
      @id("all-but-reveal") permit (principal in Sluice::Group::"careless", action, resource)
      unless { resource in Sluice::Category::"pii.ssn" && context has mayReveal };
      @id("no-reveal") forbid (principal in Sluice::Group::"careless", action == Sluice::Action::"reveal", resource);
    `);
    expect(bounded.decideStatement(facts(user('ann', 'careless'), [ssn], probe())).effect).toBe('refuse');
  });
});

describe('a join', () => {
  const join = (right: LabelledColumn, unordered: readonly number[] = []): LabelledUses => ({
    ...NOTHING,
    joins: [{ left: [ssn], right: [right] }],
    unordered,
  });

  it('within a category is permitted to readers, and costs nothing', () => {
    const decision = engine().decideStatement(facts(user('lin', 'linkers'), [ssn, patient], join(patient)));
    expect(decision).toMatchObject({
      effect: 'allow',
      obligations: [],
      reasons: [{ effect: 'allow', policyId: 'join-ssn' }],
    });
  });

  it.each([
    ['for those who may write', user('walt', 'writers'), patient, [], 'refuse'],
    ['of another category', user('lin', 'linkers'), plan, [], 'refuse'],
    ['of a column without category', user('lin', 'linkers'), column('t', 'c', null), [], 'refuse'],
    ['of which the order is open', user('lin', 'linkers'), patient, [0], 'refuse'],
    ['for others', user('ann'), patient, [], 'refuse'],
  ] as const)('%s: %s', (_name, who, right, unordered, effect) => {
    expect(engine().decideStatement(facts(who, [ssn, right], join(right, unordered))).effect).toBe(effect);
  });

  it('of an agent needs the permission of its person, too', () => {
    const agent = agentFor(user('ann'), 'linkers');
    expect(engine().decideStatement(facts(agent, [ssn, patient], join(patient))).effect).toBe('refuse');
  });
});

describe('a count', () => {
  const counted: LabelledUses = {
    ...NOTHING,
    equalities: [{ columns: [{ key: columnKey(1, 2), column: plan }], values: 1 }],
    count: { output: 0 },
  };

  it('holds back small groups and costs the budget', () => {
    expect(engine().decideStatement(facts(user('cora', 'counters'), [plan], counted))).toMatchObject({
      effect: 'allow',
      obligations: [
        { kind: 'spend-probes', charges: [{ use: 'count', values: 1, policyId: 'count-plans' }] },
        { kind: 'hold-back-groups', output: 0, below: 20 },
      ],
    });
  });

  it('is refused where rows are not only counted', () => {
    const uses = { ...counted, count: null };
    expect(engine().decideStatement(facts(user('cora', 'counters'), [plan], uses)).effect).toBe('refuse');
  });
});

describe('a policy that permits inference', () => {
  it.each([
    ['probe', '@id("a")', /has no @probe/],
    ['count', '@id("a") @probe("2 per 1h")', /has no @count/],
    ['probe', '@id("a") @probe("often")', /is not a bound/],
    ['count', '@id("a") @probe("2 per 1h") @count("2")', /is not a bound/],
  ])('to %s without a bound is a mistake', (action, annotations, words) => {
    const text = `${annotations} permit (principal, action == Sluice::Action::"${action}", resource);`;
    const result = parsePolicySet(readPolicySchema(), [{ file: 'a.cedar', text }]);
    expect(result).toMatchObject({ ok: false, problems: [{ message: expect.stringMatching(words) }] });
  });
});
