/**
 * 100,000 statements and terms of an approval, each changed in one field or one bit: none may pass for what was approved. One
 * in fifty is put to the real service on a real store.
 */
import { join } from 'node:path';
import { type ApprovalTerms, approvalHash } from '../../../gateway/src/approval/approval-hash.ts';
import { ApprovalService } from '../../../gateway/src/approval/approvals.ts';
import { bindingHash } from '../../../gateway/src/approval/binding.ts';
import { heldTextsIn } from '../../../gateway/src/approval/held-texts.fixture.ts';
import type { BoundStatement } from '../../../gateway/src/approval/request.ts';
import { principal } from '../../../gateway/src/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../../gateway/src/evidence/log.ts';
import { openStore } from '../../../gateway/src/store/store.ts';
import type { Random } from '../../fuzz/random.ts';
import type { TrustContext, TrustResult, TrustSuite } from '../suite.ts';

export const bindingMutations: TrustSuite = {
  name: 'binding-mutations',
  claim: 'an approval fits nothing that differs in a field or a bit from what was approved',
  run: (context) => mutateBindings({ ...context, mutations: 100_000 }),
};

/** Mutations of which one is tried on the service. */
const TRIED_EVERY = 50;

export async function mutateBindings(context: TrustContext & { readonly mutations: number }): Promise<TrustResult> {
  const { random, mutations, directory } = context;
  const store = await openStore({ sqlite: join(directory, 'sluice.db') });
  const log = await openEvidenceLog({ directory: join(directory, 'log'), now: Date.now });
  const asker = principal('executor', { kind: 'agent', behalfOf: [principal('analyst')] });
  const officer = principal('officer', { groups: ['approvers'] });
  const service = new ApprovalService({
    ...{ store, log, texts: heldTextsIn(directory), now: Date.now },
    approversFor: () => ({ groups: ['approvers'], count: 1, expiresMs: 3_600_000 }),
    maxPendingPerPrincipal: mutations,
    maxPending: mutations,
  });
  const failures: string[] = [];
  let attempts = 0;
  try {
    while (attempts < mutations && !context.isOver()) {
      const bound = randomStatement(random);
      const approved = { ...bound, chain: asker.chain.map(({ id }) => id) };
      const asked = { bound: approved, statementId: 1, asker, label: 'regulated' as const, flows: [], reasons: [] };
      const { id } = await service.request(asked);
      const { state } = await service.decide(officer, id, { decision: 'approved', note: '' });
      if (state !== 'approved') failures.push(`${id} could not be approved`);
      for (let n = 0; n < TRIED_EVERY * 4 && attempts < mutations; n += 1) {
        attempts += 1;
        const changed = mutate(approved, random);
        const what = `${JSON.stringify(shown(approved))} ≠ ${JSON.stringify(shown(changed))}`;
        if (bindingHash(changed) === bindingHash(approved)) failures.push(`binding: ${what}`);
        if (n % TRIED_EVERY === 0 && (await service.consume(id, changed, n)) !== null) failures.push(`used: ${what}`);
        const terms = randomTerms(random);
        const others = mutateTerms(terms, random);
        if (approvalHash(others) === approvalHash(terms)) failures.push(`terms: ${JSON.stringify([terms, others])}`);
      }
      if ((await service.consume(id, approved, 0)) === null) failures.push(`${id} did not fit what was approved`);
    }
    return { attempts, failures, isComplete: attempts >= mutations };
  } finally {
    await log.close();
    await store.close();
  }
}

function randomStatement(random: Random): BoundStatement {
  const text = (longest: number): string =>
    Array.from({ length: random.between(1, longest) }, () => String.fromCodePoint(random.between(32, 0x24f))).join('');
  const format = (): 0 | 1 => random.pick([0, 1] as const);
  return {
    protocol: 'postgres',
    ...{ resource: text(12), database: text(12), upstreamRole: text(12), sessionId: text(12), chain: [] },
    text: Buffer.from(text(200)),
    parameters: Array.from({ length: random.below(4) }, () => ({
      typeOid: random.below(70_000),
      format: format(),
      value: random.chance(0.2) ? null : Buffer.from(text(20)),
    })),
    resultFormats: Array.from({ length: random.below(3) }, format),
    settings: Array.from({ length: random.below(4) }, () => [text(8), text(8)] as const),
    ...{ treeHash: text(64), policyVersion: text(16), labelsVersion: text(16) },
  };
}

const TEXTS = ['resource', 'database', 'upstreamRole', 'treeHash', 'policyVersion', 'labelsVersion'] as const;

/** One field, or one bit of it, is another. */
function mutate(bound: BoundStatement, random: Random): BoundStatement {
  const parameters = [...bound.parameters];
  const at = random.below(Math.max(1, parameters.length));
  const parameter = parameters[at];
  const changes: (() => BoundStatement)[] = [
    ...TEXTS.map((field) => () => ({ ...bound, [field]: flippedText(bound[field], random) })),
    () => ({ ...bound, text: flipped(bound.text, random) }),
    () => ({ ...bound, text: Buffer.concat([bound.text, Buffer.from(random.pick([' ', ';', '\0', '--']))]) }),
    () => ({ ...bound, chain: changedList(bound.chain, 'https://test|other', random) }),
    () => ({ ...bound, resultFormats: changedList(bound.resultFormats, 1 as const, random) }),
    () => ({ ...bound, settings: changedList(bound.settings, ['search_path', 'evil'] as const, random) }),
    () => ({ ...bound, parameters: changedList(bound.parameters, { typeOid: 25, format: 0, value: null }, random) }),
  ];
  if (parameter !== undefined) {
    const set = (changed: (typeof parameters)[number]) => (): BoundStatement => ({
      ...bound,
      parameters: parameters.with(at, changed),
    });
    changes.push(
      set({ ...parameter, typeOid: parameter.typeOid ^ (1 << random.below(16)) }),
      set({ ...parameter, format: parameter.format === 0 ? 1 : 0 }),
      set({ ...parameter, value: parameter.value === null ? Buffer.alloc(0) : null }),
    );
    if (parameter.value !== null) changes.push(set({ ...parameter, value: flipped(parameter.value, random) }));
  }
  return random.pick(changes)();
}

/** One more, or one less where there is one, or two exchanged where they differ. */
function changedList<Member>(list: readonly Member[], other: Member, random: Random): readonly Member[] {
  return list.length === 0 || random.chance(0.5) ? [...list, other] : list.slice(1);
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return Buffer.from([0]);
  const at = random.below(copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.below(8)), at);
  return copy;
}

function flippedText(text: string, random: Random): string {
  const at = random.below(text.length);
  return `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7)))}${text.slice(at + 1)}`;
}

function randomTerms(random: Random): ApprovalTerms {
  return {
    requestId: `req_${random.below(1e9)}`,
    bindingHash: String(random.below(1e9)),
    rowBound: random.chance(0.3) ? null : random.below(1_000),
    notBeforeMs: random.below(1e9),
    expiresMs: random.below(1e9),
    approvers: Array.from({ length: random.between(1, 3) }, (_, n) => `https://test|${random.below(1_000)}-${n}`),
  };
}

function mutateTerms(terms: ApprovalTerms, random: Random): ApprovalTerms {
  const bit = 1 << random.below(20);
  return random.pick<() => ApprovalTerms>([
    () => ({ ...terms, requestId: flippedText(terms.requestId, random) }),
    () => ({ ...terms, bindingHash: flippedText(terms.bindingHash, random) }),
    () => ({ ...terms, rowBound: terms.rowBound === null ? 0 : terms.rowBound ^ bit }),
    () => ({ ...terms, rowBound: terms.rowBound === null ? bit : null }),
    () => ({ ...terms, notBeforeMs: terms.notBeforeMs ^ bit }),
    () => ({ ...terms, expiresMs: terms.expiresMs ^ bit }),
    () => ({ ...terms, approvers: changedList(terms.approvers, 'https://test|other', random) }),
  ])();
}

function shown(bound: BoundStatement): object {
  return { ...bound, text: Buffer.from(bound.text).toString('hex') };
}
