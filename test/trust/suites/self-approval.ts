/**
 * Random worlds of people with several accounts and changing names, agents with owners, delegations, administrators and
 * approvers. A model that knows who is who judges every decision: nobody decides about what they, their accounts or their
 * agents asked, and whoever may decide can.
 */
import { join } from 'node:path';
import { SluiceError } from '@sluice/contract/errors';
import type { Actor, Principal } from '@sluice/contract/vocabulary';
import { ApprovalService } from '../../../gateway/src/approval/approvals.ts';
import { GrantService } from '../../../gateway/src/approval/grants.ts';
import { heldTextsIn } from '../../../gateway/src/approval/held-texts.fixture.ts';
import { Kinship } from '../../../gateway/src/approval/kinship.ts';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import { openStore } from '../../../gateway/src/store/store.ts';
import type { Random } from '../../fuzz/random.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const selfApproval: TrustSuite = {
  name: 'self-approval',
  claim: 'nobody decides about what they, their other accounts or their agents asked, whatever their roles',
  run: (context) => tryToApprove({ ...context, worlds: 40, decisions: 250 }),
};

const GROUPS = ['approvers', 'admin', 'auditor', 'staff'] as const;

/** `person` is what the model knows and the gateway is told by the configuration only. */
type Account = { readonly id: string; readonly person: number; readonly groups: readonly string[] };
type Agent = { readonly id: string; readonly owners: readonly Account[]; readonly groups: readonly string[] };
type Token = {
  readonly principal: Principal;
  /** People who stand behind it: in its chain, or as owners of an agent in it. */
  readonly people: ReadonlySet<number>;
  /** Set for a person with their own sign-in. */
  readonly own: Account | null;
};

export async function tryToApprove(
  context: TrustContext & { readonly worlds: number; readonly decisions: number },
): Promise<TrustResult> {
  const failures: string[] = [];
  let attempts = 0;
  let world = 0;
  for (; world < context.worlds && !context.isOver(); world += 1) {
    const directory = join(context.directory, String(world));
    attempts += await tryWorld({ ...context, directory }, failures);
  }
  return { attempts, failures, isComplete: world === context.worlds };
}

async function tryWorld(
  { random, directory, decisions }: TrustContext & { readonly decisions: number },
  failures: string[],
): Promise<number> {
  const accounts = Array.from({ length: 12 }, (_, n): Account => {
    const groups = GROUPS.filter(() => random.chance(0.5));
    return { id: `https://idp${n % 3}|u${n}`, person: random.below(6), groups };
  });
  const agents = Array.from({ length: 5 }, (_, n): Agent => {
    const owners = accounts.filter(() => random.chance(0.15));
    return { id: `https://idp0|agent${n}`, owners, groups: random.chance(0.3) ? ['approvers'] : [] };
  });
  const same = [...Map.groupBy(accounts, ({ person }) => person).values()]
    .filter((group) => group.length > 1)
    .map((group) => group.map(({ id }) => id));
  const owners = agents.map(({ id, owners: own }) => [id, own.map((owner) => owner.id)] as const);
  const kinship = new Kinship({ same, owners });
  const store = await openStore({ sqlite: join(directory, 'sluice.db') });
  const log = await openEvidenceLog({ directory: join(directory, 'log'), now: Date.now });
  const count = random.between(1, 3);
  const terms = { groups: ['approvers'], count, expiresMs: 3_600_000 };
  const bounds = { maxPending: decisions, maxPendingPerPrincipal: decisions };
  const approvals = new ApprovalService({
    ...{ store, log, kinship, texts: heldTextsIn(directory), now: Date.now, ...bounds },
    approversFor: () => terms,
  });
  const offer = { name: 'window', group: 'now', groups: ['approvers'], count, longestMs: 60_000, expiresMs: 3_600_000 };
  const grants = new GrantService({
    ...{ store, log, kinship, now: Date.now, offers: [offer], adminGroups: ['admin'] },
    onOver: () => undefined,
    onSweepError: (error) => failures.push(String(error)),
  });
  const token = (): Token => randomToken(accounts, agents, random);
  let attempts = 0;
  try {
    while (attempts < decisions) {
      const asker = token();
      const isGrant = random.chance(0.3);
      let id = '';
      try {
        id = isGrant
          ? (await grants.ask(asker.principal, { name: 'window', reason: 'r' })).id
          : (await approvals.request(held(asker.principal, attempts))).id;
      } catch (error) {
        // Too many of one asker wait: another one asks.
        if (!(error instanceof SluiceError) || error.code !== 'LIMIT_REACHED') throw error;
        attempts += 1;
        continue;
      }
      const voted = new Set<number>();
      for (let n = 0; n < 6; n += 1) {
        attempts += 1;
        const by = token();
        const decided = await decides(isGrant ? grants : approvals, by.principal, id, isGrant);
        const may = mayByModel(asker, by) && (by.own === null || !voted.has(by.own.person));
        const isOver = voted.size >= count;
        if (decided !== (may && !isOver))
          failures.push(
            `${by.principal.chain.map((actor) => actor.id).join('→')} [${by.principal.groups.join()}] ${decided ? 'decided' : 'could not decide'} about ${asker.principal.chain.map((actor) => actor.id).join('→')}`,
          );
        if (decided && by.own !== null) voted.add(by.own.person);
      }
    }
    return attempts;
  } finally {
    await log.close();
    await store.close();
  }
}

/** A person with their own sign-in, of the approvers, who does not stand behind what was asked. */
function mayByModel(asker: Token, { own }: Token): boolean {
  return own !== null && own.groups.includes('approvers') && !asker.people.has(own.person);
}

async function decides(
  desk: ApprovalService | GrantService,
  by: Principal,
  id: string,
  isGrant: boolean,
): Promise<boolean> {
  try {
    if (desk instanceof GrantService) await desk.decide(by, id, { decision: 'granted', note: '' });
    else await desk.decide(by, id, { decision: 'approved', note: '' });
    return true;
  } catch (error) {
    const refusals = ['REQUEST_NOT_YOURS', 'REQUEST_UNKNOWN', 'REQUEST_STATE', ...(isGrant ? ['NOT_FOUND'] : [])];
    if (error instanceof SluiceError && refusals.includes(error.code)) return false;
    throw error;
  }
}

/** A person's own, an agent's own, or an agent's or a person's on behalf of somebody. Names are whatever anybody likes. */
function randomToken(accounts: readonly Account[], agents: readonly Agent[], random: Random): Token {
  const account = random.pick(accounts);
  const person = actor(account.id, 'user', random);
  const own = { ...person, groups: [...account.groups], onBehalfOfGroups: [] };
  const kind = random.weighted([
    [5, 'own'],
    [2, 'agent'],
    [3, 'delegated'],
    [1, 'deputy'],
  ] as const);
  if (kind === 'own')
    return { principal: { ...own, chain: [person] }, people: new Set([account.person]), own: account };
  if (kind === 'deputy') {
    const other = random.pick(accounts);
    const deputy = actor(other.id, 'user', random);
    const chain = other.id === account.id ? [person] : [person, deputy];
    const principal = { ...deputy, groups: [...other.groups], onBehalfOfGroups: [...account.groups], chain };
    return { principal, people: new Set([account.person, other.person]), own: chain.length === 1 ? other : null };
  }
  const acting = Array.from({ length: random.between(1, 2) }, () => random.pick(agents));
  const distinct = [...new Set(acting)];
  const actors = distinct.map(({ id }) => actor(id, 'agent', random));
  const chain = kind === 'agent' ? actors.slice(-1) : [person, ...actors];
  const behind = kind === 'agent' ? distinct.slice(-1) : distinct;
  const people = new Set([
    ...(kind === 'agent' ? [] : [account.person]),
    ...behind.flatMap(({ owners }) => owners.map((owner) => owner.person)),
  ]);
  const last = chain.at(-1) ?? person;
  const groups = [...(behind.at(-1)?.groups ?? [])];
  const onBehalfOfGroups = kind === 'agent' ? [] : [...account.groups];
  return { principal: { ...last, groups, onBehalfOfGroups, chain }, people, own: null };
}

function actor(id: string, kind: Actor['kind'], random: Random): Actor {
  return { id, kind, name: random.pick(['Ada', 'Bob', 'data-protection', 'admin']) };
}

function held(asker: Principal, n: number) {
  return {
    bound: {
      protocol: 'postgres' as const,
      ...{ resource: 'r', database: 'd', upstreamRole: 'u', sessionId: 's', chain: asker.chain.map(({ id }) => id) },
      text: Buffer.from(`insert ${n}`),
      ...{ parameters: [], resultFormats: [], settings: [], treeHash: '', policyVersion: 'p', labelsVersion: 'l' },
    },
    ...{ statementId: 1, asker, label: 'regulated' as const, flows: [], reasons: [] },
  };
}
