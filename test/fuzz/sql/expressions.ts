/** Expressions of a wanted type over the columns in scope. */
import type { Random } from '../random.ts';
import type { Callable, Catalog, Column } from './catalog.ts';
import { expression, list, optional, type Sql, sql } from './tree.ts';

/** A row source that expressions may refer to. */
export type Source = { readonly alias: string; readonly columns: readonly Column[]; readonly table: string | null };

export type Place = {
  readonly sources: readonly Source[];
  /** What the arguments of aggregates may refer to, where `allows` is `aggregates`; the rest may use `sources` only. */
  readonly aggregated?: readonly Source[];
  /** Of a column that is picked: the odds that it may be a classified one. */
  readonly secrets: number;
  readonly allows: 'plain' | 'aggregates' | 'windows';
  readonly depth: number;
};

export type Writer = {
  readonly random: Random;
  readonly catalog: Catalog;
  /** Whether a classified column is wanted here. */
  readonly wantsSecret: (place: Place) => boolean;
  /** Told that one was written. */
  readonly tookSecret: () => void;
  /** Syntax that no function or operator of the catalog stands for. */
  readonly form: (type: string, place: Place) => Sql | null;
  /** A literal, or a parameter with a value. */
  readonly constant: (type: string) => Sql;
  /** A sub-query with one column of this type; sees `sources` of the outer level. */
  readonly subquery: (type: string, place: Place) => Sql;
};

export const inner = (place: Place): Place => ({ ...place, depth: place.depth - 1 });
export const plain = (place: Place): Place => ({ ...inner(place), allows: 'plain' });
const inAggregate = (place: Place): Place => ({ ...plain(place), sources: place.aggregated ?? place.sources });

type Maker = (writer: Writer, type: string, place: Place) => Sql | null;

const MAKERS: readonly (readonly [number, Maker])[] = [
  [30, column],
  [8, call],
  [6, castFrom],
  [4, caseOf],
  [3, coalesce],
  [3, subquery],
  [9, (writer, type, place) => writer.form(type, place)],
  [4, aggregate],
  [4, window],
];

/** An expression of this type. Never fails: what cannot be made becomes a literal. */
export function write(writer: Writer, type: string, place: Place): Sql {
  const { random } = writer;
  if (place.depth <= 0) return column(writer, type, place) ?? writer.constant(type);
  for (let attempt = 0; attempt < 4; attempt++) {
    if (random.chance(0.12)) break;
    const made = random.weighted(MAKERS)(writer, type, place);
    if (made !== null) return made;
  }
  return column(writer, type, place) ?? writer.constant(type);
}

function column(writer: Writer, type: string, place: Place): Sql | null {
  const wanted = writer.wantsSecret(place);
  const found = place.sources.flatMap((source) =>
    source.columns
      .filter((entry) => entry.type === type && (wanted || !entry.classified))
      .map((entry) => ({ alias: source.alias, ...entry })),
  );
  const classified = found.filter((entry) => entry.classified);
  const from = wanted && classified.length > 0 && writer.random.chance(0.8) ? classified : found;
  if (from.length === 0) return null;
  const picked = writer.random.pick(from);
  if (picked.classified) writer.tookSecret();
  return expression(type, sql`${picked.alias}.${quote(picked.name)}`);
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const JUDGED_ODDS: Readonly<Record<string, number>> = {
  total: 12,
  faultable: 1.2,
  reads: 0.3,
  user: 0.5,
  unlisted: 0.2,
  refused: 0.05,
  effect: 0.05,
  setting: 0.05,
};

function pickCallable(writer: Writer, type: string, kinds: readonly Callable['kind'][]): Callable | null {
  const found = (writer.catalog.callables.get(type) ?? []).filter((entry) => kinds.includes(entry.kind));
  if (found.length === 0) return null;
  return writer.random.weighted(found.map((entry) => [JUDGED_ODDS[entry.judged] ?? 0.1, entry] as const));
}

function call(writer: Writer, type: string, place: Place): Sql | null {
  const callable = pickCallable(writer, type, ['function', 'operator', 'prefix']);
  if (callable === null) return null;
  const args = callable.arguments.map((wanted) => write(writer, wanted, inner(place)));
  const [left, right] = args;
  if (callable.kind === 'operator' && left !== undefined && right !== undefined)
    return expression(type, sql`(${left} ${callable.name} ${right})`);
  if (callable.kind === 'prefix' && left !== undefined) return expression(type, sql`(${callable.name} ${left})`);
  return expression(type, sql`${callable.name}(${commas(args)})`);
}

export function commas(pieces: readonly Sql[]): Sql {
  return {
    parts: pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece])),
    type: null,
    optional: false,
  };
}

function castFrom(writer: Writer, type: string, place: Place): Sql | null {
  const from = writer.catalog.casts.get(type);
  if (from === undefined || from.length === 0) return null;
  return expression(type, sql`(${write(writer, writer.random.pick(from), inner(place))})::${type}`);
}

function caseOf(writer: Writer, type: string, place: Place): Sql {
  const arms = Array.from({ length: writer.random.between(1, 2) }, () => {
    const condition = write(writer, 'boolean', inner(place));
    return sql` WHEN ${condition} THEN ${write(writer, type, inner(place))}`;
  });
  return expression(type, sql`CASE${list(arms, '')} ELSE ${write(writer, type, inner(place))} END`);
}

function coalesce(writer: Writer, type: string, place: Place): Sql {
  const name = writer.random.pick(['COALESCE', 'NULLIF', 'GREATEST', 'LEAST']);
  return expression(type, sql`${name}(${write(writer, type, inner(place))}, ${write(writer, type, inner(place))})`);
}

function subquery(writer: Writer, type: string, place: Place): Sql | null {
  return place.depth < 2 ? null : expression(type, sql`(${writer.subquery(type, plain(place))})`);
}

function aggregate(writer: Writer, type: string, place: Place): Sql | null {
  if (place.allows === 'plain') return null;
  const callable = pickCallable(writer, type, ['aggregate']);
  if (callable === null) return null;
  const args = callable.arguments.map((wanted) => write(writer, wanted, inAggregate(place)));
  if (place.allows === 'windows') return windowed(writer, callable, args, place);
  const order = writer.random.chance(0.2) ? optional(sql` ORDER BY ${anything(writer, inAggregate(place))}`) : '';
  const filter = writer.random.chance(0.2)
    ? optional(sql` FILTER (WHERE ${write(writer, 'boolean', inAggregate(place))})`)
    : '';
  const distinct = order === '' && writer.random.chance(0.1) && args.length > 0 ? 'DISTINCT ' : '';
  const inside = args.length === 0 ? '*' : commas(args);
  return expression(type, sql`${callable.name}(${distinct}${inside}${args.length === 0 ? '' : order})${filter}`);
}

function window(writer: Writer, type: string, place: Place): Sql | null {
  if (place.allows !== 'windows') return null;
  const callable = pickCallable(writer, type, ['window']);
  if (callable === null) return null;
  return windowed(
    writer,
    callable,
    callable.arguments.map((wanted) => write(writer, wanted, plain(place))),
    place,
  );
}

const FRAMES: readonly string[] = [
  '',
  '',
  '',
  '',
  ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
  ' ROWS UNBOUNDED PRECEDING EXCLUDE TIES',
  ' GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  ' RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP',
  ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING',
];

function windowed(writer: Writer, callable: Callable, args: readonly Sql[], place: Place): Sql {
  const inside = args.length === 0 && callable.kind === 'aggregate' ? '*' : commas(args);
  const filter =
    callable.kind === 'aggregate' && writer.random.chance(0.15)
      ? optional(sql` FILTER (WHERE ${write(writer, 'boolean', plain(place))})`)
      : '';
  return expression(callable.result, sql`${callable.name}(${inside})${filter} OVER (${windowOf(writer, place)})`);
}

/** What stands between the parentheses of OVER, or of a named window. */
export function windowOf(writer: Writer, place: Place): Sql {
  const { random } = writer;
  const partition = random.chance(0.4) ? optional(sql`PARTITION BY ${anything(writer, plain(place))} `) : '';
  if (!random.chance(0.6)) return sql`${partition}`;
  if (random.chance(0.12)) {
    const offset = (): Sql =>
      random.chance(0.8) ? writer.constant('integer') : write(writer, 'integer', outOfRows(place));
    return sql`${partition}ORDER BY ${write(writer, 'integer', plain(place))} RANGE BETWEEN ${offset()} PRECEDING AND ${offset()} FOLLOWING`;
  }
  return sql`${partition}ORDER BY ${anything(writer, plain(place))}${random.pick(FRAMES)}`;
}

/** Where no column of the same level may stand. */
const outOfRows = (place: Place): Place => ({ ...plain(place), sources: [], depth: 2 });

export const SORTABLE = [
  'integer',
  'text',
  'numeric',
  'date',
  'timestamp with time zone',
  'boolean',
  'uuid',
  'inet',
] as const;

/** An expression of any type that can be sorted. */
export function anything(writer: Writer, place: Place): Sql {
  return write(writer, writer.random.pick(SORTABLE), place);
}
