import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnKey } from '../analysis/flows.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Binding } from './classification.ts';
import { MAX_UNSAVED_BINDINGS, StoredBindings } from './stored-bindings.ts';

const NAMED: Binding = {
  kind: 'named',
  key: columnKey(20_000, 2),
  name: { schema: 'crm', table: 'people', column: 'ssn' },
};
const derived = (label: 'confidential' | 'regulated'): Binding => ({
  ...{ kind: 'derived', key: columnKey(20_001, 1), label, category: 'pii.ssn' },
});

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bindings-'));
  store = await openStore({ sqlite: join(folder, 'store.db') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const bindings = (errors: unknown[] = []) =>
  new StoredBindings({ store, resource: 'db', onError: (error) => errors.push(error) });
const nothingIsGone = () => false;

describe('label bindings in the store', () => {
  it('are found again by the next process', async () => {
    const first = bindings();
    expect(await first.open('1.5', nothingIsGone)).toEqual([]);
    for (const binding of [NAMED, derived('confidential')]) first.add(binding);
    await first.settled();
    expect(await bindings().open('1.5', nothingIsGone)).toEqual(
      expect.arrayContaining([NAMED, derived('confidential')]),
    );
  });

  it('are those of one database: another one of the same name has none', async () => {
    const first = bindings();
    await first.open('1.5', nothingIsGone);
    first.add(NAMED);
    expect(await first.open('1.6', nothingIsGone)).toEqual([]);
    expect(await first.open('1.5', nothingIsGone)).toEqual([NAMED]);
  });

  it('hold the label that a column was raised to last', async () => {
    const first = bindings();
    await first.open('1.5', nothingIsGone);
    first.add(derived('confidential'));
    first.add(derived('regulated'));
    await first.settled();
    expect(await bindings().open('1.5', nothingIsGone)).toEqual([derived('regulated')]);
  });

  it('of relations that are gone are forgotten', async () => {
    const first = bindings();
    await first.open('1.5', nothingIsGone);
    first.add(NAMED);
    await first.settled();
    expect(await bindings().open('1.5', (oid) => oid === 20_000)).toEqual([]);
    expect(await bindings().open('1.5', nothingIsGone)).toEqual([]);
  });

  it('of system catalogs, and before the database is known, are not kept', async () => {
    const first = bindings();
    first.add(NAMED);
    await first.open('1.5', nothingIsGone);
    first.add({ ...NAMED, key: columnKey(1_259, 2) });
    await first.settled();
    expect(await bindings().open('1.5', nothingIsGone)).toEqual([]);
  });

  it('wait for the store up to a bound, and a failure is told', async () => {
    const errors: unknown[] = [];
    const first = bindings(errors);
    await first.open('1.5', nothingIsGone);
    await store.close();
    for (let attribute = 0; attribute <= MAX_UNSAVED_BINDINGS; attribute++)
      first.add({ ...NAMED, key: columnKey(30_000 + attribute, 1) });
    await first.settled();
    expect(errors.length).toBeGreaterThan(0);
    store = await openStore({ sqlite: join(folder, 'store.db') });
  });
});
