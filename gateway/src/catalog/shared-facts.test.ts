import { expect, it } from 'vitest';
import { MAX_SHARED_FACTS, SharedKind } from './shared-facts.ts';

type Fact = { readonly oid: number; readonly name: string };

/** A database in which every OID up to `most` exists. */
function kindOf(most: number) {
  const asked: number[] = [];
  const kind = new SharedKind<Fact>(
    async (sql) => {
      const oids = sql.split(',').map(Number);
      asked.push(...oids);
      return oids.filter((oid) => oid <= most).map((oid) => [JSON.stringify({ oid, name: `t${oid}` })]);
    },
    (oids) => oids.join(','),
    (json): Fact => JSON.parse(json),
  );
  return { kind, asked };
}

it('what is known is asked once, what is missing again', async () => {
  const { kind, asked } = kindOf(2);
  expect((await kind.fetch([1, 2, 3])).map(({ name }) => name)).toEqual(['t1', 't2']);
  await kind.fetch([1, 2, 3]);
  expect(asked).toEqual([1, 2, 3, 3]);
});

it('what was asked before a change is not found after it', async () => {
  const { kind, asked } = kindOf(2);
  const before = kind.fetch([1]);
  kind.forget();
  await before;
  await kind.fetch([2]);
  kind.forget();
  await kind.fetch([1, 2]);
  expect(asked).toEqual([1, 2, 1, 2]);
});

it('beyond the bound everything is asked again', async () => {
  const { kind, asked } = kindOf(MAX_SHARED_FACTS + 1);
  await kind.fetch(Array.from({ length: MAX_SHARED_FACTS }, (_, index) => index + 1));
  await kind.fetch([1]);
  expect(asked).toHaveLength(MAX_SHARED_FACTS);
  expect(await kind.fetch([MAX_SHARED_FACTS + 1])).toHaveLength(1);
  await kind.fetch([1]);
  expect(asked).toHaveLength(MAX_SHARED_FACTS + 2);
});

it('a row in another shape is an error of the database', async () => {
  const kind = new SharedKind<Fact>(
    () => Promise.resolve([['{']]),
    String,
    (json): Fact => JSON.parse(json),
  );
  await expect(kind.fetch([1])).rejects.toMatchObject({ code: 'UPSTREAM_PROTOCOL' });
});
