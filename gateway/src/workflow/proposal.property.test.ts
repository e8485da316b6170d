/**
 * Nobody approves their own baseline, by whatever name, agent or colleague. People, agents and delegations are made up;
 * the model says in its own words who was behind what, and the rule has to agree.
 */
import type { Principal } from '@sluice/contract/vocabulary';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Kinship } from '../approval/kinship.ts';
import { columnFlows, flowsUnder } from './column-flows.ts';
import { COUNTRY, decision, EMAIL, flows, labels, SSN, TEMPORARY } from './flows.fixture.ts';
import { mayDecideProposal } from './proposal.ts';
import { type Proposal, WorkflowState } from './workflow-state.ts';

const PEOPLE = ['ann', 'bob', 'cleo', 'dana'] as const;
const AGENTS = ['planner', 'executor', 'helper'] as const;
const GROUPS = ['data-protection', 'analysts'] as const;
const AT = '2026-01-01T00:00:00.000Z';

/** A sign-in: a chain of actors, with names that their owners chose, and groups. */
const signIn: fc.Arbitrary<Principal> = fc
  .record({
    person: fc.option(fc.constantFrom(...PEOPLE)),
    agents: fc.uniqueArray(fc.constantFrom(...AGENTS), { maxLength: 3 }),
    // Aliases: anybody may call themselves anything.
    names: fc.array(fc.constantFrom(...PEOPLE, ...AGENTS), { minLength: 4, maxLength: 4 }),
    groups: fc.subarray([...GROUPS]),
    lent: fc.subarray([...GROUPS]),
  })
  .filter(({ person, agents }) => person !== null || agents.length > 0)
  .map(({ person, agents, names, groups, lent }) => {
    const ids = [...(person === null ? [] : [person]), ...agents];
    const chain = ids.map((id, index) => ({
      id: `https://idp|${id}`,
      kind: id === person ? ('user' as const) : ('agent' as const),
      name: names[index] ?? id,
    }));
    const self = chain.at(-1);
    if (self === undefined) throw new Error('nobody');
    return { ...self, chain, groups, onBehalfOfGroups: chain.length > 1 ? lent : [] };
  });

const ALL = flowsUnder(
  decision(),
  columnFlows(
    flows({ outputs: [[SSN], [EMAIL], [TEMPORARY], [COUNTRY]], shaping: [SSN, EMAIL] }),
    labels(),
    'confidential',
    'db',
  ),
);

const world = fc.record({
  proposer: signIn,
  approver: signIn,
  /** Who brought in each flow; null: it is not on record. */
  bringers: fc.tuple(...ALL.map(() => fc.option(fc.record({ by: signIn, plan: fc.option(signIn) })))),
  /** Accounts of one person, and who answers for an agent, as the configuration says. */
  same: fc.array(fc.subarray([...PEOPLE], { minLength: 2 }), { maxLength: 2 }),
  owner: fc.option(fc.tuple(fc.constantFrom(...AGENTS), fc.constantFrom(...PEOPLE))),
  before: fc.subarray([...ALL]),
  proposed: fc.subarray([...ALL]),
});

const idOf = (name: string): string => `https://idp|${name}`;

/** Again and again, until nobody is added. */
function withKin(
  ids: ReadonlySet<string>,
  same: readonly (readonly string[])[],
  owner: readonly [agent: string, owner: string] | null,
): ReadonlySet<string> {
  const all = new Set(ids);
  for (let before = -1; before !== all.size; ) {
    before = all.size;
    for (const accounts of same)
      if (accounts.some((one) => all.has(idOf(one)))) for (const one of accounts) all.add(idOf(one));
    if (owner !== null && all.has(idOf(owner[0]))) all.add(idOf(owner[1]));
  }
  return all;
}

const behind = ({ id, chain }: Principal): ReadonlySet<string> => new Set([id, ...chain.map((actor) => actor.id)]);

it('no baseline is approved by who proposed it, who brought in what it adds, or anybody behind or before these', () => {
  let allowed = 0;
  fc.assert(
    fc.property(world, ({ proposer, approver, bringers, before, proposed, same, owner }) => {
      const state = new WorkflowState('nightly', 'orders-db');
      const kinship = new Kinship({
        same: same.map((accounts) => accounts.map(idOf)),
        owners: owner === null ? [] : [[idOf(owner[0]), [idOf(owner[1])]]],
      });
      for (const [index, flow] of ALL.entries()) {
        const bringer = bringers[index];
        if (bringer == null) continue;
        state.apply({
          ...{ kind: 'workflow.flows-first-seen', workflow: 'nightly', resource: 'orders-db', at: AT, effect: 'allow' },
          ...{ sessionId: 'c', statementId: 1, principal: bringer.by, flows: [flow] },
          ...(bringer.plan === null ? {} : { plan: { id: 'plan_1', by: bringer.plan } }),
        });
      }
      const proposal: Proposal = {
        entry: {
          ...{ kind: 'workflow.proposed', workflow: 'nightly', resource: 'orders-db', at: AT, proposalId: 'wp_1' },
          ...{ base: 0, flows: proposed, by: proposer, note: '', label: 'regulated', expiresAt: AT },
          ...{ groups: ['data-protection'], count: 1 },
        },
        decisions: [],
      };
      const verdict = mayDecideProposal(approver, proposal, state, before, (who) => kinship.partiesOf(who));
      const involved = new Set(behind(proposer));
      for (const [index, flow] of ALL.entries()) {
        if (!proposed.includes(flow) || before.includes(flow)) continue;
        const bringer = bringers[index];
        for (const party of [bringer?.by, bringer?.plan])
          if (party != null) for (const id of behind(party)) involved.add(id);
      }
      const isOwn = [...withKin(behind(approver), same, owner)].some((id) => withKin(involved, same, owner).has(id));
      const isPerson = approver.kind === 'user' && approver.chain.length === 1;
      expect(verdict.allowed).toBe(isPerson && !isOwn && approver.groups.includes('data-protection'));
      if (verdict.allowed) allowed += 1;
    }),
    { numRuns: 2_000 },
  );
  // A rule that never says yes would pass, too.
  expect(allowed).toBeGreaterThan(20);
});
