/** Queries: FROM, joins, grouping, set operations, CTEs. */
import type { Random } from '../random.ts';
import type { Catalog, Column } from './catalog.ts';
import { combined, type Query, recursive, values, withTables } from './composed-queries.ts';
import { anything, commas, type Place, type Source, type Writer, windowOf, write } from './expressions.ts';
import { form } from './forms.ts';
import { type From, FromClause } from './from-clause.ts';
import { setReturning } from './from-items.ts';
import { literal } from './literals.ts';
import { Parameters } from './parameters.ts';
import { list, NOTHING, optional, type Sql, sql } from './tree.ts';

/** How often classified columns are mentioned: never, in one place wherever that is, or mostly where they are answered with. */
export type Secrets = 'none' | 'one' | 'spread';

/** Most expressions in FROM look at no classified column, else nearly everything would be refused. */
const ODDS: Readonly<Record<Secrets, { readonly shaping: number; readonly output: number }>> = {
  none: { shaping: 0, output: 0 },
  one: { shaping: 0.1, output: 0.3 },
  spread: { shaping: 0.012, output: 0.5 },
};

export class QueryWriter {
  readonly random: Random;
  readonly catalog: Catalog;
  readonly parameters = new Parameters();
  readonly secrets: Secrets;
  readonly writer: Writer;
  #aliases = 0;
  /** Classified columns that may still be mentioned. */
  #mentions: number;

  constructor(random: Random, catalog: Catalog, secrets: Secrets) {
    this.random = random;
    this.catalog = catalog;
    this.secrets = secrets;
    this.#mentions = secrets === 'one' ? 1 : Number.POSITIVE_INFINITY;
    this.writer = {
      random: this.random,
      catalog: this.catalog,
      subquery: (type, place) => this.#scalarQuery(type, place),
      form: (type, place) => form(this.writer, type, place),
      constant: (type) =>
        this.parameters.take(this.random, this.catalog, type) ?? literal(this.random, this.catalog, type),
      wantsSecret: (place) => this.#mentions > 0 && this.random.chance(place.secrets),
      tookSecret: () => {
        this.#mentions--;
      },
    };
  }

  /** False: nothing that is written here may touch a classified column. */
  get asksForSecrets(): boolean {
    return this.secrets !== 'none';
  }

  alias(): string {
    return `t${++this.#aliases}`;
  }

  output(sources: readonly Source[], depth: number, allows: Place['allows'] = 'plain'): Place {
    return { sources, depth, allows, secrets: ODDS[this.secrets].output };
  }

  shaping(sources: readonly Source[], depth: number): Place {
    return { sources, depth, allows: 'plain', secrets: ODDS[this.secrets].shaping };
  }

  /** A whole query, with a name for each column. */
  query(depth: number, outer: readonly Source[] = [], wanted: readonly string[] | null = null): Query {
    const { random } = this;
    if (depth > 1 && random.chance(0.15)) return withTables(this, depth, outer, wanted);
    if (depth > 1 && random.chance(0.04)) return recursive(this, depth, outer, wanted);
    if (random.chance(0.03)) return values(this, outer, wanted);
    if (random.chance(0.12)) return combined(this, depth, outer, wanted);
    return this.select(depth, outer, wanted);
  }

  select(depth: number, outer: readonly Source[], wanted: readonly string[] | null): Query {
    const { random } = this;
    const { from, sources } = this.from(depth, outer);
    const visible = [...sources, ...outer];
    const style = random.weighted([
      [5, 'plain'],
      [2, 'grouped'],
      [1, 'aggregated'],
      [2, 'windowed'],
    ] as const);
    const where = random.chance(0.6)
      ? optional(sql` WHERE ${write(this.writer, 'boolean', this.shaping(visible, depth))}`)
      : NOTHING;
    if (style === 'grouped') return this.#grouped(depth, from, visible, where, wanted);
    const allows = style === 'windowed' ? 'windows' : 'plain';
    const targets = this.targets(wanted, (type) =>
      style === 'aggregated'
        ? write(this.writer, type, { ...this.output(outer, depth, 'aggregates'), aggregated: visible })
        : write(this.writer, type, this.output(visible, depth, allows)),
    );
    const on = style === 'plain' && random.chance(0.05) ? anything(this.writer, this.shaping(visible, 1)) : null;
    const distinct =
      on !== null
        ? optional(sql`DISTINCT ON (${on}) `)
        : style === 'plain' && random.chance(0.06)
          ? optional(sql`DISTINCT `)
          : NOTHING;
    const named =
      style === 'windowed' && random.chance(0.3) ? windowOf(this.writer, this.output(visible, depth)) : null;
    const window = named === null ? NOTHING : optional(sql` WINDOW w AS (${named})`);
    const overNamed =
      named === null || wanted !== null
        ? NOTHING
        : optional(sql`, ${random.pick(['rank()', 'count(*)', 'row_number()', 'ntile(2)'])} OVER w`);
    const star = wanted === null && style === 'plain' && this.asksForSecrets && random.chance(0.12);
    const text = star
      ? sql`SELECT * FROM ${from}${where}${this.#tail(visible, depth)}`
      : sql`SELECT ${distinct}${targets.list}${overNamed} FROM ${from}${where}${window}${style === 'aggregated' ? '' : this.#tail(visible, depth)}`;
    return { text, columns: star ? uniqueNames(sources.flatMap((source) => source.columns)) : targets.columns };
  }

  #grouped(depth: number, from: Sql, visible: readonly Source[], where: Sql, wanted: readonly string[] | null): Query {
    const { random } = this;
    const keys = Array.from({ length: random.between(1, 2) }, () => anything(this.writer, this.shaping(visible, 1)));
    const sets = random.weighted([
      [6, ''],
      [1, 'ROLLUP '],
      [1, 'CUBE '],
      [1, 'GROUPING SETS '],
    ] as const);
    const targets = this.targets(wanted, (type) =>
      write(this.writer, type, { ...this.output([], Math.min(depth, 2), 'aggregates'), aggregated: visible }),
    );
    const aggregates = ['count(*)', 'min', 'max', 'array_agg', 'string_agg', 'bool_or', 'sum'] as const;
    const extra = Array.from({ length: 2 }, () => {
      const chosen = random.pick(aggregates);
      const of = (type: string): Sql => write(this.writer, type, this.output(visible, depth - 1));
      switch (chosen) {
        case 'count(*)':
          return sql`count(*)`;
        case 'string_agg':
          return sql`string_agg(${of('text')}, ',')`;
        case 'bool_or':
          return sql`bool_or(${of('boolean')})`;
        case 'sum':
          return sql`sum(${of('integer')})`;
        default:
          return sql`${chosen}(${of('text')})`;
      }
    });
    const having = random.chance(0.2)
      ? optional(
          sql` HAVING ${random.chance(0.5) ? sql`count(*) > ${String(random.below(4))}` : write(this.writer, 'boolean', { ...this.shaping([], 2), allows: 'aggregates', aggregated: visible })}`,
        )
      : NOTHING;
    const inside =
      sets === 'GROUPING SETS ' ? sql`(${commas(keys)}), ${random.pick(['()', 'ROLLUP (1)', '(1)'])}` : commas(keys);
    const grouping = sets === '' ? commas(keys) : sql`${random.pick(['', '', 'DISTINCT '])}${sets}(${inside})`;
    const grouped = sets === '' || wanted !== null ? NOTHING : optional(sql`, GROUPING(${keys[0] ?? '1'})`);
    const text = sql`SELECT ${targets.list}${wanted === null ? sql`, ${commas(extra)}, ${keys[0] ?? '1'}` : ''}${grouped} FROM ${from}${where} GROUP BY ${grouping}${having}`;
    return { text, columns: targets.columns };
  }

  targets(
    wanted: readonly string[] | null,
    make: (type: string) => Sql,
  ): { readonly list: Sql; readonly columns: readonly Column[] } {
    const { random } = this;
    const types = wanted ?? Array.from({ length: random.between(1, 4) }, () => this.type());
    const columns = types.map((type, index) => ({ name: `c${index + 1}`, type, classified: false }));
    const pieces = types.map((type, index) => sql`${make(type)} AS c${String(index + 1)}`);
    if (wanted === null && random.chance(0.05)) pieces.push(sql`${setReturning(this.writer, this.output([], 2))} AS s`);
    return { list: wanted === null ? list(pieces) : commas(pieces), columns };
  }

  type(): string {
    return this.random.weighted([
      [6, 'text'],
      [4, 'integer'],
      [3, 'boolean'],
      [2, 'numeric'],
      [2, 'date'],
      [1, 'jsonb'],
      [1, 'text[]'],
      [1, 'timestamp with time zone'],
      [3, this.random.pick(this.catalog.types)],
    ]);
  }

  /** ORDER BY, LIMIT, locking. */
  #tail(visible: readonly Source[], depth: number): Sql {
    const { random } = this;
    const order = random.chance(0.4)
      ? optional(
          sql` ORDER BY ${anything(this.writer, this.shaping(visible, depth - 1))}${random.pick(['', ' DESC', ' NULLS FIRST', ' USING >'])}`,
        )
      : NOTHING;
    const limit = random.chance(0.25) ? optional(this.#limit(depth, order !== NOTHING)) : NOTHING;
    const lock = random.chance(0.03)
      ? optional(sql` FOR ${random.pick(['UPDATE', 'SHARE', 'NO KEY UPDATE', 'KEY SHARE SKIP LOCKED'])}`)
      : NOTHING;
    return sql`${order}${limit}${lock}`;
  }

  #limit(depth: number, isOrdered: boolean): Sql {
    const { random } = this;
    if (isOrdered && random.chance(0.3)) return sql` FETCH FIRST ${random.pick(['3', '1'])} ROWS WITH TIES`;
    if (random.chance(0.15)) return sql` LIMIT ${write(this.writer, 'bigint', this.shaping([], Math.min(depth, 2)))}`;
    return sql` ${random.pick(['LIMIT 5', 'LIMIT 3 OFFSET 2', 'OFFSET 1', 'FETCH FIRST 4 ROWS ONLY', 'LIMIT ALL'])}`;
  }

  from(depth: number, outer: readonly Source[]): From {
    return new FromClause(this).write(depth, outer);
  }

  #scalarQuery(type: string, place: Place): Sql {
    const { text } = this.query(Math.min(place.depth, 2), place.sources, [type]);
    return this.random.chance(0.7) ? sql`SELECT * FROM (${text}) AS ${this.alias()} ${optional(sql`LIMIT 1`)}` : text;
  }
}

function uniqueNames(columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => columns.filter((other) => other.name === column.name).length === 1);
}
