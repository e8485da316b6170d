import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnKey } from '../analysis/flows.ts';
import type { ProbeCharge } from '../policy/decision.ts';
import { openStore, type Store } from '../store/store.ts';
import { StoredProbeBudgets } from './probe-budgets.ts';

const HOUR_MS = 3_600_000;
const SSN = { schema: 'public', table: 'customers', column: 'ssn', label: 'regulated', category: 'pii.ssn' } as const;

let directory: string;
let store: Store;
let nowMs: number;
let errors: unknown[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-probes-'));
  store = await openStore({ sqlite: join(directory, 'store.db') });
  nowMs = 1_700_000_000_000;
  errors = [];
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const budgets = (maxRows?: number): StoredProbeBudgets =>
  new StoredProbeBudgets({
    store,
    now: () => nowMs,
    onError: (error) => errors.push(error),
    ...(maxRows === undefined ? {} : { maxRows }),
  });

function charge(parts: Partial<ProbeCharge> = {}): ProbeCharge {
  return {
    subject: 'https://idp|ann',
    resource: 'orders-db',
    key: columnKey(16_400, 3),
    column: SSN,
    use: 'probe',
    values: 1,
    budget: { count: 3, windowMs: HOUR_MS },
    policyId: 'few-probes',
    ...parts,
  };
}

describe('a budget', () => {
  it('gives out its values once in a window, and each again when its own hour is over', async () => {
    const some = budgets();
    for (let spent = 0; spent < 3; spent++) {
      expect(await some.spend([charge()])).toEqual({ kind: 'spent' });
      nowMs += 60_000;
    }
    expect(await some.spend([charge()])).toMatchObject({
      kind: 'exhausted',
      used: 3,
      freeAtMs: 1_700_000_000_000 + HOUR_MS,
    });
    nowMs = 1_700_000_000_000 + HOUR_MS - 1;
    expect((await some.spend([charge()])).kind).toBe('exhausted');
    nowMs += 1;
    expect((await some.spend([charge()])).kind).toBe('spent');
    expect((await some.spend([charge()])).kind).toBe('exhausted');
  });

  it('belongs to one subject, resource, column and use', async () => {
    const some = budgets();
    await some.spend([charge({ values: 3 })]);
    const others = [
      { subject: 'https://idp|bob' },
      { resource: 'crm' },
      { key: columnKey(16_400, 4) },
      { use: 'count' as const },
    ];
    for (const other of others) expect((await some.spend([charge(other)])).kind).toBe('spent');
    expect((await some.spend([charge()])).kind).toBe('exhausted');
  });

  it('is spent together with the others of a statement, or not at all', async () => {
    const some = budgets();
    await some.spend([charge({ values: 3 })]);
    const bob = charge({ subject: 'https://idp|bob' });
    expect(await some.spend([bob, charge()])).toMatchObject({
      kind: 'exhausted',
      charge: { subject: 'https://idp|ann' },
    });
    expect((await some.spend([{ ...bob, values: 3 }])).kind).toBe('spent');
  });

  it('that is smaller than what a statement asks for says that it never will do', async () => {
    expect(await budgets().spend([charge({ values: 4 })])).toMatchObject({
      kind: 'exhausted',
      used: 0,
      freeAtMs: null,
    });
  });

  it('gives the last value to exactly one of many at once', async () => {
    const some = budgets();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => some.spend([charge()])));
    expect(outcomes.filter(({ kind }) => kind === 'spent')).toHaveLength(3);
  });

  it('is not refilled by opening the store again, or by a clock that was set back', async () => {
    await budgets().spend([charge({ values: 3 })]);
    await store.close();
    store = await openStore({ sqlite: join(directory, 'store.db') });
    expect((await budgets().spend([charge()])).kind).toBe('exhausted');
    nowMs -= 5 * HOUR_MS;
    expect((await budgets().spend([charge()])).kind).toBe('exhausted');
  });

  it('refuses at the bound of the store, and again allows when rows have expired', async () => {
    const some = budgets(2);
    for (const subject of ['a', 'b']) expect((await some.spend([charge({ subject })])).kind).toBe('spent');
    expect(await some.spend([charge({ subject: 'c' })])).toEqual({ kind: 'full' });
    nowMs += HOUR_MS;
    expect((await some.spend([charge({ subject: 'c' })])).kind).toBe('spent');
    expect(await some.spend(Array.from({ length: 401 }, (_, index) => charge({ subject: String(index) })))).toEqual({
      kind: 'full',
    });
  });

  it('refuses when the store fails, and says so', async () => {
    const some = budgets();
    await store.db.schema.dropTable('probes').execute();
    expect(await some.spend([charge()])).toEqual({ kind: 'failed' });
    expect(errors).toHaveLength(1);
  });
});
