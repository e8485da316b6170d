/** Queries: FROM, joins, grouping, set operations, CTEs. */
import type { Random } from '../random.ts';
import type { Catalog, Column } from './catalog.ts';
import { anything, commas, type Place, quote, type Source, type Writer, write } from './expressions.ts';
import { list, NOTHING, optional, type Sql, sql } from './tree.ts';

export type Query = { readonly text: Sql; readonly columns: readonly Column[] };

/** Most expressions in FROM look at no classified column, else nearly everything would be refused. */
const SHAPING_SECRETS = 0.012;
const OUTPUT_SECRETS = 0.5;

export class QueryWriter {
  readonly random: Random;
  readonly catalog: Catalog;
  /** Odds of classified columns, scaled: 0 writes only about unclassified ones. */
  readonly #secrets: number;
  #aliases = 0;

  constructor(random: Random, catalog: Catalog, secrets: number) {
    this.random = random;
    this.catalog = catalog;
    this.#secrets = secrets;
  }

  /** False: nothing that is written here may touch a classified column. */
  get asksForSecrets(): boolean {
    return this.#secrets > 0;
  }

  get writer(): Writer {
    return {
      random: this.random,
      catalog: this.catalog,
      subquery: (type, place) => this.#scalarQuery(type, place),
    };
  }

  alias(): string {
    return `t${++this.#aliases}`;
  }

  output(sources: readonly Source[], depth: number, allows: Place['allows'] = 'plain'): Place {
    return { sources, depth, allows, secrets: OUTPUT_SECRETS * this.#secrets };
  }

  shaping(sources: readonly Source[], depth: number): Place {
    return { sources, depth, allows: 'plain', secrets: SHAPING_SECRETS * this.#secrets };
  }

  /** A whole query, with a name for each column. */
  query(depth: number, outer: readonly Source[] = [], wanted: readonly string[] | null = null): Query {
    const { random } = this;
    if (depth > 1 && random.chance(0.15)) return this.#withTables(depth, outer, wanted);
    if (random.chance(0.12)) return this.#combined(depth, outer, wanted);
    return this.#select(depth, outer, wanted);
  }

  #select(depth: number, outer: readonly Source[], wanted: readonly string[] | null): Query {
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
    const targets = this.#targets(wanted, (type) =>
      style === 'aggregated'
        ? write(this.writer, type, { ...this.output(outer, depth, 'aggregates'), aggregated: visible })
        : write(this.writer, type, this.output(visible, depth, allows)),
    );
    const distinct = style === 'plain' && random.chance(0.06) ? optional(sql`DISTINCT `) : NOTHING;
    const star = wanted === null && style === 'plain' && this.#secrets > 0 && random.chance(0.12);
    const text = star
      ? sql`SELECT * FROM ${from}${where}${this.#tail(visible, depth)}`
      : sql`SELECT ${distinct}${targets.list} FROM ${from}${where}${style === 'aggregated' ? '' : this.#tail(visible, depth)}`;
    return { text, columns: star ? uniqueNames(sources.flatMap((source) => source.columns)) : targets.columns };
  }

  #grouped(depth: number, from: Sql, visible: readonly Source[], where: Sql, wanted: readonly string[] | null): Query {
    const { random } = this;
    const keys = Array.from({ length: random.between(1, 2) }, () => anything(this.writer, this.shaping(visible, 1)));
    const sets = random.weighted([
      [6, ''],
      [1, 'ROLLUP '],
      [1, 'CUBE '],
    ] as const);
    const targets = this.#targets(wanted, (type) =>
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
    const having = random.chance(0.2) ? optional(sql` HAVING count(*) > ${String(random.below(4))}`) : NOTHING;
    const grouping = sets === '' ? commas(keys) : sql`${sets}(${commas(keys)})`;
    const text = sql`SELECT ${targets.list}${wanted === null ? sql`, ${commas(extra)}, ${keys[0] ?? '1'}` : ''} FROM ${from}${where} GROUP BY ${grouping}${having}`;
    return { text, columns: targets.columns };
  }

  #targets(
    wanted: readonly string[] | null,
    make: (type: string) => Sql,
  ): { readonly list: Sql; readonly columns: readonly Column[] } {
    const { random } = this;
    const types = wanted ?? Array.from({ length: random.between(1, 4) }, () => this.#type());
    const columns = types.map((type, index) => ({ name: `c${index + 1}`, type, classified: false }));
    const pieces = types.map((type, index) => sql`${make(type)} AS c${String(index + 1)}`);
    return { list: wanted === null ? list(pieces) : commas(pieces), columns };
  }

  #type(): string {
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
    const limit = random.chance(0.25)
      ? optional(sql` ${random.pick(['LIMIT 5', 'LIMIT 3 OFFSET 2', 'OFFSET 1', 'FETCH FIRST 4 ROWS ONLY'])}`)
      : NOTHING;
    return sql`${order}${limit}`;
  }

  /** FROM with one to three items. */
  from(depth: number, outer: readonly Source[]): { readonly from: Sql; readonly sources: readonly Source[] } {
    const { random } = this;
    let { from, source } = this.#item(depth, outer);
    const sources = [source];
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

  #joinCondition(left: readonly Source[], right: Source, depth: number): Sql {
    return this.random.chance(0.7)
      ? this.#equality(left, right)
      : write(this.writer, 'boolean', this.shaping([...left, right], Math.min(depth - 1, 2)));
  }

  #equality(left: readonly Source[], right: Source): Sql {
    for (let attempt = 0; attempt < 6; attempt++) {
      const open = right.columns.filter(
        (column) => !column.classified || this.random.chance(SHAPING_SECRETS * this.#secrets),
      );
      if (open.length === 0) break;
      const column = this.random.pick(open);
      const partners = left.flatMap((source) =>
        source.columns
          .filter((other) => other.type === column.type && !other.classified)
          .map((other) => `${source.alias}.${quote(other.name)}`),
      );
      if (partners.length > 0) return sql`(${this.random.pick(partners)} = ${right.alias}.${quote(column.name)})`;
    }
    return { ...sql`true`, type: 'boolean' };
  }

  #item(depth: number, outer: readonly Source[]): { from: Sql; source: Source } {
    const { random } = this;
    if (depth > 1 && random.chance(0.25)) return this.#derived(depth - 1, random.chance(0.1) ? outer : []);
    if (random.chance(0.08)) return this.#rowsFrom(outer, depth);
    const table = random.pick(this.catalog.tables);
    const alias = this.alias();
    const renamed = this.asksForSecrets && random.chance(0.08);
    const columns = renamed
      ? table.columns.map((column, index) => ({ ...column, name: `r${index + 1}` }))
      : table.columns;
    const names = renamed ? `(${columns.map((column) => column.name).join(', ')})` : '';
    const only = table.kind === 'table' && random.chance(0.05) ? 'ONLY ' : '';
    const sample =
      table.kind === 'table' && this.asksForSecrets && random.chance(0.02)
        ? ' TABLESAMPLE SYSTEM (50) REPEATABLE (1)'
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
      source: { alias, columns: [...columns, ...system], table: table.name },
    };
  }

  #derived(depth: number, outer: readonly Source[]): { from: Sql; source: Source } {
    const alias = this.alias();
    const { text, columns } = this.query(Math.max(depth, 1), outer);
    // What is inside may be classified: the odds of using it as such are those of outputs.
    return {
      from: sql`(${text}) AS ${alias}`,
      source: {
        alias,
        columns: columns.map((column) => ({ ...column, classified: column.classified || this.random.chance(0.5) })),
        table: null,
      },
    };
  }

  #rowsFrom(outer: readonly Source[], depth: number): { from: Sql; source: Source } {
    const alias = this.alias();
    const of = (type: string): Sql => write(this.writer, type, this.shaping(outer, Math.min(depth, 2)));
    const [call, type] = this.random.pick<readonly [Sql, string]>([
      [sql`generate_series(1, 3)`, 'integer'],
      [sql`unnest(${of('text[]')})`, 'text'],
      [sql`regexp_split_to_table(${of('text')}, '-')`, 'text'],
      [sql`jsonb_object_keys(${of('jsonb')})`, 'text'],
      [sql`jsonb_array_elements_text('[1,2,"x"]')`, 'text'],
      [sql`string_to_table(${of('text')}, '-')`, 'text'],
      [sql`(VALUES (1), (2), (7))`, 'integer'],
    ]);
    return {
      from: sql`${call} AS ${alias}(v)`,
      source: { alias, columns: [{ name: 'v', type, classified: false }], table: null },
    };
  }

  #scalarQuery(type: string, place: Place): Sql {
    const { text } = this.query(Math.min(place.depth, 2), place.sources, [type]);
    return this.random.chance(0.7) ? sql`SELECT * FROM (${text}) AS ${this.alias()} ${optional(sql`LIMIT 1`)}` : text;
  }

  #combined(depth: number, outer: readonly Source[], wanted: readonly string[] | null): Query {
    const types = wanted ?? Array.from({ length: this.random.between(1, 3) }, () => this.#type());
    const left = this.#select(depth - 1, outer, types);
    const right = this.#select(depth - 1, outer, types);
    const operation = this.random.weighted([
      [6, 'UNION ALL'],
      [1, 'UNION'],
      [1, 'EXCEPT'],
      [1, 'INTERSECT ALL'],
    ] as const);
    return { text: sql`(${left.text}) ${operation} (${right.text})`, columns: left.columns };
  }

  #withTables(depth: number, outer: readonly Source[], wanted: readonly string[] | null): Query {
    const alias = this.alias();
    const first = this.query(depth - 1, outer);
    const kind = this.random.pick(['', '', ' MATERIALIZED', ' NOT MATERIALIZED']);
    const source: Source = {
      alias,
      table: null,
      columns: first.columns.map((column) => ({ ...column, classified: this.random.chance(0.5) })),
    };
    const { from, sources } = this.from(depth - 1, outer);
    const visible = [source, ...sources, ...outer];
    const targets = this.#targets(wanted, (type) => write(this.writer, type, this.output(visible, depth - 1)));
    const where = this.random.chance(0.4)
      ? optional(sql` WHERE ${write(this.writer, 'boolean', this.shaping(visible, 2))}`)
      : NOTHING;
    return {
      text: sql`WITH ${alias} AS${kind} (${first.text}) SELECT ${targets.list} FROM ${alias}${optional(sql`, ${from}`)}${where}`,
      columns: targets.columns,
    };
  }
}

function uniqueNames(columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => columns.filter((other) => other.name === column.name).length === 1);
}
