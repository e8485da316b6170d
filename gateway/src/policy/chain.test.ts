import type { Effect, Principal } from '@sluice/contract/vocabulary';
import { describe, expect, test } from 'vitest';
import { readDefaultPolicies, readPolicySchema } from '../config/shipped-policies.ts';
import { CedarPolicyEngine } from './cedar-engine.ts';
import type { Decision, StatementFacts } from './decision.ts';
import { parsePolicySet } from './policy-set.ts';

const ORDERS = { name: 'orders-db', protocol: 'postgres' } as const;
const OTHER = { name: 'billing', protocol: 'postgres' } as const;
const SSN = { schema: 'public', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' } as const;

function engineWith(extra = ''): CedarPolicyEngine {
  const parsed = parsePolicySet(readPolicySchema(), [...readDefaultPolicies(), { file: 'extra.cedar', text: extra }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return new CedarPolicyEngine({
    policies: parsed.set,
    resourceGroups: new Map([
      ['orders-db', null],
      ['billing', null],
    ]),
    workflows: new Map([['nightly', { resources: ['orders-db'], groups: null }]]),
    approverGroups: () => ['data-protection'],
  });
}

const actor = (kind: 'user' | 'agent', name: string) => ({ id: `https://idp|${name}`, kind, name }) as const;

/** Ann → those between, each with its groups → the executor. */
function executor(
  between: readonly (readonly [name: string, groups: string[]])[],
  rest: Partial<Principal> = {},
): Principal {
  return {
    ...actor('agent', 'executor'),
    groups: ['data-protection'],
    chain: [actor('user', 'ann'), ...between.map(([name]) => actor('agent', name)), actor('agent', 'executor')],
    onBehalfOfGroups: ['data-protection'],
    linkGroups: between.map(([, groups]) => groups),
    ...rest,
  };
}

function facts(principal: Principal, parts: Partial<StatementFacts> = {}): StatementFacts {
  return {
    ...{ principal, resource: ORDERS, statementClass: 'read', statementKind: 'SelectStmt' },
    ...{ outputs: [], shaping: [], faultable: [], writes: [], holds: [] },
    ...parts,
  };
}

const told = ({ effect, reasons }: Decision) => [
  effect,
  ...reasons.map(({ message, policyId }) => `${message} [${policyId}]`),
];

describe('whoever is in the middle of a chain', () => {
  const raw = engineWith(`
    @id("officers-see")
    permit (principal in Sluice::Group::"data-protection", action == Sluice::Action::"reveal", resource in Sluice::Category::"pii");`);
  const seen = (principal: Principal): Decision =>
    raw.decideStatement(facts(principal, { outputs: [{ name: 'ssn', sources: [SSN], unchanged: true }] }));

  test('does not decide: the agent that acts and the person do', () => {
    expect(seen(executor([])).effect).toBe('allow');
    expect(seen(executor([['scheduler', ['jobs']]])).effect).toBe('allow');
    expect(raw.decideConnect(executor([['planner', ['planners']]]), ORDERS).effect).toBe('allow');
  });

  test('gives nothing: what the principal or the person may not stays so', () => {
    const link = [['scheduler', ['data-protection']]] as const;
    expect(seen(executor([['scheduler', ['data-protection']]], { groups: [] })).effect).toBe('mask');
    const ofAnn = seen(executor([[link[0][0], ['data-protection']]], { onBehalfOfGroups: [] }));
    expect(told(ofAnn)[1]).toContain('(refused for link 1 of the chain, ann)');
  });

  test('is known to policies by its groups', () => {
    const strict = engineWith(
      '@id("no-jobs") forbid (principal, action == Sluice::Action::"connect", resource) when { context.linkGroups.contains(Sluice::Group::"jobs") };',
    );
    expect(strict.decideConnect(executor([]), ORDERS).effect).toBe('allow');
    expect(strict.decideConnect(executor([['scheduler', []]]), ORDERS).effect).toBe('allow');
    const refused = strict.decideConnect(
      executor([
        ['a', []],
        ['b', ['jobs']],
      ]),
      ORDERS,
    );
    expect(refused.reasons[0]?.policyId).toBe('no-jobs');
  });
});

describe('the scopes of a token', () => {
  const engine = engineWith();
  const confined = (...scopes: string[]) => executor([], { scopes });
  const by = (scopes: string[], parts: Partial<StatementFacts>): Effect =>
    engine.decideStatement(facts(confined(...scopes), parts)).effect;

  test('confine the classes of statements', () => {
    const classes = ['read', 'transaction', 'session', 'write', 'ddl', 'maintenance'] as const;
    const allowed = (scope: string) =>
      classes.filter((statementClass) => by([scope], { statementClass, statementKind: 'X' }) === 'allow');
    expect(allowed('sluice:read')).toEqual(['read', 'transaction', 'session']);
    expect(allowed('sluice:write:orders-db')).toEqual(['read', 'transaction', 'session', 'write']);
    expect(allowed('sluice:change')).toEqual(classes);
    expect(allowed('sluice:change:billing')).toEqual([]);
    expect(allowed('sluice:approve')).toEqual([]);
  });

  test('say so: which are there, and which it would take', () => {
    const decision = engine.decideStatement(
      facts(confined('sluice:read'), { statementClass: 'write', statementKind: 'UpdateStmt' }),
    );
    expect(decision).toMatchObject({
      effect: 'refuse',
      reasons: [
        {
          policyId: 'engine:scope',
          message: 'UPDATE may not run on orders-db: the access token is confined to sluice:read',
          remedy: 'Sign in with the scope sluice:write:orders-db, if you may have it.',
        },
      ],
    });
    const asked = facts(confined('sluice:read'), { statementClass: 'write', statementKind: 'UpdateStmt' });
    expect(engine.explainPermitted(asked)).toEqual([]);
  });

  test('confine where a session opens, and what is planned', () => {
    const may = (scope: string, resource: typeof ORDERS | typeof OTHER = ORDERS) => ({
      connect: engine.decideConnect(confined(scope), resource).effect,
      run: engine.decideConnect(confined(scope), resource, { workflow: 'nightly', plan: null }).effect,
      propose: engine.decidePropose(confined(scope), resource, 'nightly').effect,
      describe: engine.decidePlanning(confined(scope), resource, 'describe').effect,
      submit: engine.decidePlanning(confined(scope), resource, 'submitPlan').effect,
    });
    const [yes, no] = ['allow', 'refuse'] as const;
    expect(may('sluice:read:orders-db')).toEqual({ connect: yes, run: yes, propose: no, describe: yes, submit: no });
    expect(may('sluice:plan')).toEqual({ connect: no, run: no, propose: yes, describe: yes, submit: yes });
    expect(may('sluice:plan:billing')).toEqual({ connect: no, run: no, propose: no, describe: no, submit: no });
    expect(may('sluice:audit')).toEqual({ connect: no, run: no, propose: no, describe: no, submit: no });
    expect(may('sluice:read:orders-db', OTHER).connect).toBe('refuse');
  });

  test('permit nothing', () => {
    const planner = { ...executor([]), groups: ['planners'], scopes: ['sluice:change'] };
    expect(engine.decideConnect(planner, ORDERS).effect).toBe('refuse');
    expect(engine.decideOpaque(confined('sluice:change'), ORDERS).effect).toBe('refuse');
  });

  test('of less than everything run nothing that is not understood', () => {
    const trusting = engineWith('@id("trusted") permit (principal, action == Sluice::Action::"runOpaque", resource);');
    expect(trusting.decideOpaque(confined('sluice:change'), ORDERS).effect).toBe('allow');
    expect(trusting.decideOpaque(confined('sluice:write'), ORDERS).reasons[0]?.policyId).toBe('engine:scope');
  });
});
