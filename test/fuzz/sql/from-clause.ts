/** FROM: tables, sub-queries, functions, and joins of them. */
import type { Random } from '../random.ts';
import { type Catalog, type Column, rowOf } from './catalog.ts';
import { type Place, quote, type Source, type Writer, write } from './expressions.ts';
import { madeRows } from './from-items.ts';
import { optional, type Sql, sql } from './tree.ts';

/** What is needed of whoever writes the query. */
export type FromContext = {
  readonly random: Random;
  readonly catalog: Catalog;
  readonly asksForSecrets: boolean;
  readonly writer: Writer;
  alias(): string;
  shaping(sources: readonly Source[], depth: number): Place;
  query(depth: number, outer: readonly Source[]): { readonly text: Sql; readonly columns: readonly Column[] };
};

export type From = { readonly from: Sql; readonly sources: readonly Source[] };

export class FromClause {
  readonly #queries: FromContext;

  constructor(queries: FromContext) {
    this.#queries = queries;
  }

  /** FROM with one to three items. */
  write(depth: number, outer: readonly Source[]): { readonly from: Sql; readonly sources: readonly Source[] } {
    const { random } = this.#queries;
    let { from, source } = this.#item(depth, outer);
    const sources = [source];
    const self = random.chance(0.05) ? this.#selfJoin(from, source) : null;
    if (self !== null) return self;
    for (
      let more = random.weighted([
        [6, 0],
        [3, 1],
        [1, 2],
      ] as const);
      more > 0;
      more--
    ) {
      const kind = random.pick([
        ' JOIN ',
        ' LEFT JOIN ',
        ' FULL JOIN ',
        ', ',
        ' CROSS JOIN ',
        ' JOIN LATERAL ',
        ' LEFT JOIN LATERAL ',
      ]);
      const lateral = kind.endsWith('LATERAL ');
      const next = lateral ? this.#derived(depth - 1, [...sources, ...outer]) : this.#item(depth - 1, outer);
      const condition =
        kind === ' FULL JOIN '
          ? this.#equality(sources, next.source)
          : this.#joinCondition(sources, next.source, depth);
      from =
        kind === ', ' || kind === ' CROSS JOIN '
          ? sql`${from}${optional(sql`${kind}${next.from}`)}`
          : sql`${from}${optional(sql`${kind}${next.from} ON ${condition}`)}`;
      sources.push(next.source);
    }
    return { from, sources };
  }

  /** Two rows of one table: columns merged by USING or NATURAL, or renamed by an alias of the join. */
  #selfJoin(from: Sql, source: Source): { readonly from: Sql; readonly sources: readonly Source[] } | null {
    const { random } = this.#queries;
    const key = source.columns.find((column) => !column.classified && KEYS.has(column.name));
    if (source.table === null || key === undefined) return null;
    const again = this.#queries.alias();
    const join = random.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'RIGHT JOIN']);
    const joined = sql`${from} ${join} ${source.table} AS ${again} USING (${key.name})`;
    switch (random.below(3)) {
      case 0:
        return { from: joined, sources: [source, { ...source, alias: again }] };
      case 1: {
        const merged = this.#queries.alias();
        return { from: sql`${joined} AS ${merged}`, sources: [source, { alias: merged, columns: [key], table: null }] };
      }
      default: {
        const whole = this.#queries.alias();
        const rest = source.columns.filter((column) => column !== key);
        const columns = [key, ...rest, ...rest].map((column, index) => ({ ...column, name: `j${index + 1}` }));
        const names = columns.map((column) => column.name).join(', ');
        return { from: sql`(${joined}) AS ${whole}(${names})`, sources: [{ alias: whole, columns, table: null }] };
      }
    }
  }

  #joinCondition(left: readonly Source[], right: Source, depth: number): Sql {
    return this.#queries.random.chance(0.7)
      ? this.#equality(left, right)
      : write(this.#queries.writer, 'boolean', this.#queries.shaping([...left, right], Math.min(depth - 1, 2)));
  }

  #equality(left: readonly Source[], right: Source): Sql {
    for (let attempt = 0; attempt < 6; attempt++) {
      const open = right.columns.filter(
        (column) => !column.classified || this.#queries.writer.wantsSecret(this.#queries.shaping([], 1)),
      );
      if (open.length === 0) break;
      const column = this.#queries.random.pick(open);
      const partners = left.flatMap((source) =>
        source.columns
          .filter((other) => other.type === column.type && !other.classified)
          .map((other) => `${source.alias}.${quote(other.name)}`),
      );
      if (partners.length > 0)
        return sql`(${this.#queries.random.pick(partners)} = ${right.alias}.${quote(column.name)})`;
    }
    return { ...sql`true`, type: 'boolean' };
  }

  #item(depth: number, outer: readonly Source[]): { from: Sql; source: Source } {
    const { random } = this.#queries;
    if (depth > 1 && random.chance(0.25)) return this.#derived(depth - 1, random.chance(0.1) ? outer : []);
    if (random.chance(0.12))
      return madeRows(this.#queries.writer, this.#queries.alias(), this.#queries.shaping(outer, Math.min(depth, 2)));
    if (random.chance(0.03)) return this.#systemView();
    const table = random.pick(this.#queries.catalog.tables);
    const alias = this.#queries.alias();
    const renamed = this.#queries.asksForSecrets && random.chance(0.08);
    const columns = renamed
      ? table.columns.map((column, index) => ({ ...column, name: `r${index + 1}` }))
      : table.columns;
    const names = renamed ? `(${columns.map((column) => column.name).join(', ')})` : '';
    const only = table.kind === 'table' && random.chance(0.05) ? 'ONLY ' : '';
    const sample =
      table.kind === 'table' && this.#queries.asksForSecrets && random.chance(0.02)
        ? random.pick([' TABLESAMPLE SYSTEM (50) REPEATABLE (1)', ' TABLESAMPLE BERNOULLI (30) REPEATABLE (7)'])
        : '';
    const system: readonly Column[] =
      table.kind === 'table' && random.chance(0.1)
        ? [
            { name: 'ctid', type: 'text', classified: true },
            { name: 'tableoid', type: 'oid', classified: false },
          ]
        : [];
    return {
      from: sql`${only}${table.name} AS ${alias}${names}${sample}`,
      source: { alias, columns: [...columns, ...system], table: rowOf(table) },
    };
  }

  #derived(depth: number, outer: readonly Source[]): { from: Sql; source: Source } {
    const alias = this.#queries.alias();
    const { text, columns } = this.#queries.query(Math.max(depth, 1), outer);
    // What is inside may be classified: the odds of using it as such are those of outputs.
    return {
      from: sql`(${text}) AS ${alias}`,
      source: {
        alias,
        columns: columns.map((column) => ({
          ...column,
          classified: column.classified || this.#queries.random.chance(0.5),
        })),
        table: null,
      },
    };
  }

  /** What the server tells about its own objects: a few of them, by names that are the same on both sides. */
  #systemView(): { from: Sql; source: Source } {
    const alias = this.#queries.alias();
    const [text, columns] = this.#queries.random.pick(SYSTEM_VIEWS);
    const named = columns.map((name) => ({ name, type: 'text', classified: false }));
    return { from: sql`(${text}) AS ${alias}(${columns.join(', ')})`, source: { alias, columns: named, table: null } };
  }
}

const KEYS: ReadonlySet<string> = new Set(['id', 'k', 'code', 'name', 'full_name', 'status']);

const SYSTEM_VIEWS: readonly (readonly [string, readonly string[]])[] = [
  [
    "SELECT relname::text, relkind::text FROM pg_class WHERE relnamespace = 'crm'::regnamespace",
    ['relname', 'relkind'],
  ],
  [
    "SELECT attname::text, attnum::text FROM pg_attribute WHERE attrelid = 'crm.customers'::regclass",
    ['attname', 'attnum'],
  ],
  [
    "SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'sales'",
    ['name', 'type'],
  ],
  ["SELECT tablename::text, attname::text FROM pg_stats WHERE schemaname = 'crm'", ['tablename', 'attname']],
  [
    "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'crm'::regnamespace",
    ['conname', 'definition'],
  ],
  ["SELECT viewname::text, definition FROM pg_views WHERE schemaname = 'reporting'", ['viewname', 'definition']],
];
