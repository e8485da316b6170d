import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SluiceError } from '@sluice/contract/errors';
import type { Label } from '@sluice/contract/vocabulary';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GATEWAY_KEY, heldTextsIn } from '../../approval/held-texts.fixture.ts';
import { sealOldRequests } from '../../approval/seal-old-requests.ts';
import { openStore, type Store } from '../../store/store.ts';
import { readPastPlan } from '../../workflow/past-entries.ts';
import { Plans } from '../../workflow/plans.ts';
import type { Submitted } from '../../workflow/workflow-entry.ts';
import type { Entry } from '../entry.ts';
import { EvidenceIndex, indexedHead } from '../evidence-index.ts';
import { principal, sessionOpened, statementDecided, temporaryDirectory } from '../log.fixture.ts';
import { openEvidenceLog } from '../log.ts';
import { readBlocks } from '../read-log.ts';
import { Recordings } from '../recordings.ts';
import { OwnTexts } from '../sealing/own-texts.ts';
import { SessionKeys } from '../sealing/session-keys.ts';
import type { SegmentedLog } from '../segmented-log.ts';
import { verifyLog } from '../verify.ts';
import { Expiry, MAX_SESSIONS_A_SWEEP, SESSIONS_A_TURN } from './expiry.ts';
import { LegalHolds } from './legal-holds.ts';
import { PlanExpiry } from './plan-expiry.ts';
import { Turns } from './turns.ts';

const DAY = 86_400_000;
const START = 1_700_000_000_000;
const RETENTION = { public: 10 * DAY, internal: 20 * DAY, confidential: 30 * DAY, regulated: 40 * DAY };
const RECIPIENT = { name: 'anna', key: 'Xf7dO2vUf2+ijuFdlp1bsOpTd01Ii9r53xxuASSz7yI=' };
const admin = principal('root', { groups: ['admin'] });
const ana = principal('ana');
const agent = principal('nightly', { kind: 'agent', behalfOf: [ana] });

let directory: ReturnType<typeof temporaryDirectory>;
let store: Store;
let log: SegmentedLog;
let index: EvidenceIndex;
let recordings: Recordings;
let keys: SessionKeys;
let holds: LegalHolds;
let expiry: Expiry;
let nowMs: number;
let holdIds: number;
const errors: unknown[] = [];
const planTexts = () =>
  new OwnTexts({ of: 'plan', directory: join(directory.path, 'plan-keys'), gatewayKey: GATEWAY_KEY });
const destroyRequestText = (id: string) => heldTextsIn(directory.path).destroy(id);
const onError = (error: unknown) => errors.push(error);

async function open(): Promise<void> {
  store = await openStore({ sqlite: join(directory.path, 'sluice.db') });
  log = await openEvidenceLog({
    directory: join(directory.path, 'log'),
    now: () => nowMs,
    expectedHead: await indexedHead(store),
  });
  index = new EvidenceIndex({ log, store, onError });
  recordings = new Recordings({
    directory: join(directory.path, 'recordings'),
    log,
    onFailure: (_, error) => onError(error),
  });
  keys = new SessionKeys({
    ...{ directory: join(directory.path, 'keys'), logId: log.logId },
    ...{ recipients: [RECIPIENT], withoutLiterals: () => null },
  });
  const turns = new Turns();
  const newId = () => `h_${(holdIds += 1)}`;
  holds = new LegalHolds({ store, log, index, turns, newId, adminGroups: ['admin'] });
  const plans = new PlanExpiry({
    store,
    log,
    index,
    texts: planTexts(),
    retentionMs: RETENTION.regulated,
    now: () => nowMs,
  });
  expiry = new Expiry({
    ...{ store, log, index, keys, recordings, turns, plans, onError, destroyRequestText },
    ...{ retention: RETENTION, now: () => nowMs },
  });
}

async function close(): Promise<void> {
  await expiry.stop();
  await recordings.close();
  await index.close();
  await log.close();
  await store.close();
}

beforeEach(async () => {
  directory = temporaryDirectory();
  nowMs = START;
  holdIds = 0;
  await open();
});

afterEach(async () => {
  await close();
  const verified = verifyLog(join(directory.path, 'log'));
  directory[Symbol.dispose]();
  if (errors.length > 0) throw new AggregateError(errors.splice(0));
  // Whatever expired: the log is whole.
  if (!verified.ok) throw new Error(`the log is ${verified.state}`);
});

/** A session with a key and a recording that touched `label` and has ended. */
async function session(sessionId: string, label: Label, who = ana): Promise<void> {
  await keys.make(sessionId);
  const recording = recordings.open(sessionId);
  await log.append(sessionOpened(sessionId, who), 'write');
  const decided = statementDecided(sessionId, 1);
  if (decided.kind === 'statement.decided') await log.append({ ...decided, highestLabel: label }, 'write');
  recording.resultStarted(1, [{ name: 'x', typeOid: 25, masked: false }]);
  await recording.close('the client left');
  await log.append({ kind: 'session.closed', sessionId, reason: 'the client left', statements: 1 }, 'write');
}

/** Which of its two files a session still has. */
function left(sessionId: string): readonly boolean[] {
  return [`keys/${sessionId}.json`, `recordings/${sessionId}.jsonl`].map((path) =>
    existsSync(join(directory.path, path)),
  );
}

async function entriesOf(kind: Entry['kind']): Promise<readonly Entry[]> {
  await log.sync();
  const found: Entry[] = [];
  for await (const block of readBlocks(log.directory, { from: 0, until: log.durableSequence }))
    found.push(...block.entries.map(({ entry }) => entry).filter((entry) => entry.kind === kind));
  return found;
}

describe('a session', () => {
  it.each<[Label, number]>([
    ['public', 10],
    ['internal', 20],
    ['confidential', 30],
    ['regulated', 40],
  ])('that touched %s is kept for %d days after its end, and not a moment longer', async (label, days) => {
    await session('s1', label);
    nowMs = START + days * DAY - 1;
    expect(await expiry.sweep()).toBe(0);
    expect(left('s1')).toEqual([true, true]);
    nowMs += 1;
    expect(await expiry.sweep()).toBe(1);
    expect(left('s1')).toEqual([false, false]);
    expect(await entriesOf('session.expired')).toEqual([
      {
        ...{ kind: 'session.expired', sessionId: 's1', highestLabel: label, retentionMs: days * DAY },
        ...{ closedAt: new Date(START).toISOString(), destroyed: ['session-key', 'recording'] },
      },
    ]);
    expect(await expiry.sweep()).toBe(0);
    expect(await entriesOf('session.expired')).toHaveLength(1);
  });

  it('that is open does not expire', async () => {
    await keys.make('s1');
    await log.append(sessionOpened('s1', ana), 'write');
    nowMs += 1_000 * DAY;
    expect(await expiry.sweep()).toBe(0);
    expect(left('s1')).toEqual([true, false]);
  });

  it('whose expiry was cut off after its entry is destroyed at the next sweep, and not announced again', async () => {
    await session('s1', 'public');
    const rule = { highestLabel: 'public' as const, retentionMs: 1, closedAt: '', destroyed: [] };
    await log.append({ kind: 'session.expired', sessionId: 's1', ...rule }, 'fsync');
    await close();
    await open();
    expect(left('s1')).toEqual([true, true]);
    expect(await expiry.sweep()).toBe(0);
    expect(left('s1')).toEqual([false, false]);
    expect(await entriesOf('session.expired')).toHaveLength(1);
  });

  it('of many is one of a turn, and a sweep takes no more than its bound', async () => {
    await session('held', 'public');
    await holds.place(admin, { kind: 'session', target: 'held' }, 'case 1');
    const many = MAX_SESSIONS_A_SWEEP + SESSIONS_A_TURN;
    const entries = Array.from({ length: many }, (_, id): Entry[] => [
      sessionOpened(`s${id}`, ana),
      { kind: 'session.closed', sessionId: `s${id}`, reason: '', statements: 0 },
    ]);
    await Promise.all(entries.flat().map((entry) => log.append(entry, 'soon')));
    nowMs += 11 * DAY;
    expect(await expiry.sweep()).toBe(MAX_SESSIONS_A_SWEEP);
    expect(await expiry.sweep()).toBe(SESSIONS_A_TURN);
    expect(left('held')).toEqual([true, true]);
  });
});

describe('the statement of an approval request', () => {
  const SECRET = 'Zanzibar4711';
  const filesThatHold = (text: string) =>
    readdirSync(directory.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
      .map((entry) => entry.name);

  const row = {
    ...{
      id: 'r1',
      state: 'pending' as const,
      binding_hash: 'b',
      resource: 'orders-db',
      session_id: 's1',
      statement_id: 1,
    },
    ...{ asker_id: ana.id, asker_json: JSON.stringify(ana), flows_json: '[]', label_rank: 0, counts_rows: 0 },
    ...{ approver_groups_json: '[]', approvals_needed: 1, created_at_ms: START, expires_at_ms: START },
  };
  const emptied = { statement: '', reasons_json: '[]', preview_json: null, quotation: null } as const;
  const text = { statement: `select '${'x'.repeat(20_000)}${SECRET}'`, reasons: [], quotation: SECRET, preview: null };
  const key = { id: 'r1', bindingHash: 'b' };

  it('is readable by nobody once its session has expired, and waits while somebody may decide', async () => {
    await session('s1', 'public');
    const sealed = await heldTextsIn(directory.path).seal(key, text);
    await store.db
      .insertInto('requests')
      .values({ ...row, ...emptied, sealed })
      .execute();
    expect(filesThatHold(SECRET)).toEqual([]);
    nowMs += 10 * DAY;
    expect(await expiry.sweep()).toBe(0);
    expect(await heldTextsIn(directory.path).open(key, sealed)).toEqual(text);
    await store.db.updateTable('requests').set({ state: 'expired' }).execute();
    expect(await expiry.sweep()).toBe(1);
    // Nor by who has kept a copy of the store.
    expect(await heldTextsIn(directory.path).open(key, sealed)).toBeNull();
    expect(await store.db.selectFrom('requests').select('sealed').execute()).toEqual([{ sealed: null }]);
    expect(await entriesOf('session.expired')).toMatchObject([
      { destroyed: ['session-key', 'recording', 'request-statements'] },
    ]);
  });

  it('of an older gateway, in the clear, is sealed at the next start, and in no file of the store any more', async () => {
    const reasons_json = JSON.stringify([{ effect: 'hold', policyId: 'p', message: SECRET, remedy: '', columns: [] }]);
    const clear = { statement: text.statement, reasons_json, quotation: SECRET, preview_json: null };
    await store.db
      .insertInto('requests')
      .values({ ...row, ...clear })
      .execute();
    await store.db
      .insertInto('requests')
      .values({ ...row, ...emptied, id: 'r2', binding_hash: 'c', reasons_json })
      .execute();
    expect(filesThatHold(SECRET)).not.toEqual([]);
    const texts = heldTextsIn(directory.path);
    // A start that was cut off after the key.
    await texts.seal(key, text);
    expect(await sealOldRequests(store, texts)).toBe(2);
    expect(filesThatHold(SECRET)).toEqual([]);
    const [first, second] = await store.db.selectFrom('requests').select(['id', 'sealed']).orderBy('id').execute();
    expect(await texts.open(key, first?.sealed ?? null)).toEqual({ ...text, reasons: JSON.parse(reasons_json) });
    expect(second?.sealed).toBeNull();
    expect(await sealOldRequests(store, texts)).toBe(0);
  });
});

describe('the statements of a plan', () => {
  const plansOf = async (past: readonly Submitted[] = []) =>
    await Plans.open(
      {
        ...{ log, texts: planTexts(), now: () => nowMs, withoutLiterals: () => null },
        pastPlan: (id) => readPastPlan(store, id),
      },
      past,
    );
  const submit = async (by = agent) => {
    const plans = await plansOf();
    const plan = {
      resource: 'orders-db',
      workflow: null,
      statements: ["select 'Zanzibar4711'"],
      note: '',
      lifeMs: DAY,
    };
    const { id } = await plans.submit(by, plan);
    await index.flush();
    return id;
  };
  /** As an auditor sees it. */
  const shown = async (id: string): Promise<readonly string[] | string> => {
    const plans = await plansOf();
    return await plans.show(admin, id, true).then(
      ({ statements }) => statements,
      ({ code }: SluiceError) => code,
    );
  };

  it('are kept as long as regulated data demand from when it could not be run any more, and no moment longer', async () => {
    const id = await submit();
    nowMs += DAY + RETENTION.regulated - 1;
    await expiry.sweep();
    expect(await shown(id)).toEqual(["select 'Zanzibar4711'"]);
    nowMs += 1;
    await expiry.sweep();
    expect(await shown(id)).toBe('NOT_FOUND');
    expect(existsSync(join(directory.path, 'plan-keys', `${id}.json`))).toBe(false);
    expect(await entriesOf('plan.expired')).toEqual([
      {
        ...{ kind: 'plan.expired', planId: id, retentionMs: RETENTION.regulated },
        endedAt: new Date(START + DAY).toISOString(),
      },
    ]);
    await expiry.sweep();
    expect(await entriesOf('plan.expired')).toHaveLength(1);
  });

  it.each([
    ['resource', 'orders-db', true],
    ['resource', 'another', false],
    ['principal', ana.id, true],
    ['principal', agent.id, true],
    ['principal', admin.id, false],
    ['session', 'ran', true],
    ['session', 'other', false],
  ] as const)('under a hold on the %s %s are kept: %s', async (kind, target, isKept) => {
    const id = await submit();
    const opened = sessionOpened('ran', admin);
    if (opened.kind !== 'session.opened') throw new Error('not what the fixture says');
    await log.append({ ...opened, plan: { id, by: agent } }, 'write');
    await log.append(sessionOpened('other', admin), 'write');
    const { holdId } = await holds.place(admin, { kind, target }, 'case 4711');
    nowMs += DAY + RETENTION.regulated;
    await expiry.sweep();
    expect(Array.isArray(await shown(id))).toBe(isKept);
    await holds.lift(admin, holdId, 'closed');
    await expiry.sweep();
    expect(await shown(id)).toBe('NOT_FOUND');
  });

  it('are destroyed at the next sweep when that was cut off after its entry', async () => {
    const id = await submit();
    await log.append({ kind: 'plan.expired', planId: id, retentionMs: 1, endedAt: '' }, 'fsync');
    await close();
    await open();
    await expiry.sweep();
    expect(existsSync(join(directory.path, 'plan-keys', `${id}.json`))).toBe(false);
    expect(await entriesOf('plan.expired')).toHaveLength(1);
  });
});

describe('a hold', () => {
  it.each([
    ['session', 's1', ['s1']],
    ['principal', ana.id, ['s1', 's2']],
    ['principal', agent.id, ['s2']],
    ['resource', 'orders-db', ['s1', 's2']],
    ['resource', 'another', []],
  ] as const)('on the %s %s keeps what it covers until it is lifted', async (kind, target, kept) => {
    await session('s1', 'public', ana);
    await session('s2', 'public', agent);
    const { holdId } = await holds.place(admin, { kind, target }, 'case 4711');
    nowMs += 10 * DAY;
    expect(await expiry.sweep()).toBe(2 - kept.length);
    for (const id of ['s1', 's2'])
      expect(left(id)).toEqual(kept.some((one) => one === id) ? [true, true] : [false, false]);
    await holds.lift(admin, holdId, 'closed');
    expect(await expiry.sweep()).toBe(kept.length);
    expect(left('s1')).toEqual([false, false]);
  });

  it('outlives the store, which is made again from the log', async () => {
    await session('s1', 'public');
    await holds.place(admin, { kind: 'session', target: 's1' }, 'case 4711');
    await close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory.path, `sluice.db${suffix}`), { force: true });
    await open();
    nowMs += 10 * DAY;
    expect(await expiry.sweep()).toBe(0);
    expect(await holds.list()).toMatchObject([
      { on: { kind: 'session', target: 's1' }, reason: 'case 4711', liftedAt: null },
    ]);
    expect(left('s1')).toEqual([true, true]);
  });

  it('that is acknowledged while a sweep runs is seen by it, or is refused because it came too late', async () => {
    await session('s1', 'public');
    nowMs += 10 * DAY;
    const [swept, placed] = await Promise.allSettled([
      expiry.sweep(),
      holds.place(admin, { kind: 'session', target: 's1' }, 'case 4711'),
    ]);
    expect(swept).toMatchObject({ value: 1 });
    expect(placed).toMatchObject({ reason: { code: 'NOT_FOUND' } });
  });

  it('is placed and lifted by administrators only, once, with its entries', async () => {
    await session('s1', 'public');
    const on = { kind: 'session', target: 's1' } as const;
    await expect(holds.place(ana, on, 'x')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    await expect(holds.place(admin, { kind: 'session', target: 'nowhere' }, 'x')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { holdId } = await holds.place(admin, on, 'case 4711');
    await expect(holds.lift(ana, holdId, 'x')).rejects.toMatchObject({ code: 'REFUSED_BY_POLICY' });
    await holds.lift(admin, holdId, 'closed');
    await expect(holds.lift(admin, holdId, 'again')).rejects.toMatchObject({ code: 'REQUEST_STATE' });
    expect(await entriesOf('hold.placed')).toMatchObject([{ holdId, sessionId: 's1', on, reason: 'case 4711' }]);
    expect(await entriesOf('hold.lifted')).toMatchObject([{ holdId, sessionId: 's1', reason: 'closed' }]);
  });
});
