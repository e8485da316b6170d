/** Statements of the acceptance cases with a few pieces exchanged: other columns, literals, operators, parts of each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import type { Catalog } from './catalog.ts';
import { optional, type Sql, sql } from './tree.ts';

export type Seed = {
  /** Of each statement, its tokens. */
  readonly texts: readonly (readonly string[])[];
  /** It asks for nothing classified: the answer is the database's own. */
  readonly isOpen: boolean;
};

/** Of each case, the statements, if all of its steps are simple queries of one session. */
export function readSeeds(folders: readonly string[]): readonly Seed[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .flatMap((name) => seedsIn(JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly AcceptanceCase[])),
  );
}

type AcceptanceCase = {
  readonly category: string;
  readonly kind: string;
  /** `masked`, `either`: outputs that are masked, or may be. */
  readonly steps: readonly {
    readonly q?: string;
    readonly on?: string;
    readonly masked?: readonly string[];
    readonly either?: readonly string[];
  }[];
};

/** What differs by itself, or stops the session. */
const NEVER =
  /pg_sleep|random|clock_|timeofday|pg_backend_pid|txid|pg_current|xmin|xmax|localtime|current_time|statement_timestamp|pg_stat_|pg_lock|pg_terminate|pg_cancel|\bctid\b|now\(|current_(database|catalog)|\$\{/i;
const MAX_STEPS = 8;
/** Of benign cases, those whose rows are those of the database, and that leave nothing behind. */
const OPEN_CATEGORIES: ReadonlySet<string> = new Set(['analytics', 'expression']);

function seedsIn(cases: readonly AcceptanceCase[]): readonly Seed[] {
  return cases.flatMap(({ category, kind, steps }) => {
    const texts = steps.flatMap(({ q, on }) => (q === undefined || on !== undefined || NEVER.test(q) ? [] : [q]));
    const isAnsweredOpenly =
      kind === 'benign' && steps.every(({ masked, either }) => masked === undefined && either === undefined);
    return texts.length < steps.length || texts.length > MAX_STEPS
      ? []
      : [{ texts: texts.map(tokensOf), isOpen: isAnsweredOpenly && OPEN_CATEGORIES.has(category) }];
  });
}

const TOKEN = /[Ee]?'(?:[^']|'')*'|\$\w*\$[^]*?\$\w*\$|"(?:[^"]|"")*"|\d+(?:\.\d+)?|\w+|\s+|[-+*/<>=~!@#%^&|`?]+|[^]/g;

function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** Pieces that are exchanged in one statement, at most. */
const MAX_CHANGES = 3;
const ROUND = /^\s+$/;

/** A case of the seeds, changed. */
export function mutant(random: Random, catalog: Catalog, seeds: readonly Seed[]): readonly Sql[] {
  return random.pick(seeds).texts.map((tokens) => {
    let changed = tokens;
    if (random.chance(0.8))
      for (let left = random.between(1, MAX_CHANGES); left > 0; left--)
        changed = change(random, catalog, changed, seeds);
    return grouped(changed);
  });
}

/**
 * One statement several times, with other literals: the gateway runs texts that differ in literals only as one prepared
 * statement.
 */
export function repeated(random: Random, seeds: readonly Seed[]): readonly Sql[] {
  const tokens = random.pick(random.pick(seeds).texts);
  const other = (token: string): string =>
    LITERAL.test(token) && random.chance(0.5) ? (literalLike(random, token) ?? token) : token;
  return [grouped(tokens), ...Array.from({ length: random.between(2, 4) }, () => grouped(tokens.map(other)))];
}

const LITERAL = /^(\d|')/;

function literalLike(random: Random, token: string): string | null {
  if (/^\d/.test(token))
    return random.pick(['0', '1', '2', '7', '100', '9', '1e9', 'NULL', '2147483648', '1.50', '007']);
  if (!token.startsWith("'")) return null;
  return random.pick([
    "''",
    "'5'",
    "'a'",
    "'123-45-6789'",
    "'{}'",
    'NULL',
    "'2000-01-01'",
    "'%'",
    "' 7'",
    "'NL'",
    "'\\x41'",
    "'1e2'",
  ]);
}

const SWAPS: readonly (readonly string[])[] = [
  ['=', '<>', '<', '>', '<=', '>='],
  ['and', 'or'],
  ['union', 'except', 'intersect', 'union all'],
  ['join', 'left join', 'full join', 'right join'],
  ['asc', 'desc'],
  ['min', 'max', 'count', 'array_agg', 'first_value', 'last_value', 'bool_or', 'mode'],
  ['upper', 'lower', 'length', 'md5', 'reverse', 'quote_literal', 'ascii', 'btrim', 'initcap', 'to_jsonb'],
  ['coalesce', 'nullif', 'greatest', 'least', 'concat'],
  ['text', 'integer', 'numeric', 'date', 'jsonb', 'bytea', 'boolean', 'varchar', 'name', 'xml', 'int4range'],
  ['exists', 'not exists', 'array'],
  ['any', 'all'],
  ['rows', 'range', 'groups'],
  ['+', '-', '*', '/', '||', '%'],
  ['like', 'ilike', 'similar to', '~', '~*'],
  ['insert', 'update', 'delete'],
  ['rank', 'row_number', 'dense_rank', 'percent_rank', 'lag', 'lead', 'ntile', 'cume_dist'],
  ['where', 'having', 'order by', 'group by', 'limit', 'offset'],
  ['select', 'select distinct', 'select all'],
];
const OTHERS: ReadonlyMap<string, readonly string[]> = new Map(
  SWAPS.flatMap((words) => words.map((word) => [word, words] as const)),
);

function change(
  random: Random,
  catalog: Catalog,
  tokens: readonly string[],
  seeds: readonly Seed[],
): readonly string[] {
  const index = random.below(tokens.length);
  const token = tokens[index] ?? '';
  if (ROUND.test(token)) return tokens;
  if (token === '(' && random.chance(0.6)) {
    const other = random.pick(random.pick(seeds).texts);
    const from = random.below(other.length);
    const start = other.indexOf('(', from);
    return start < 0
      ? tokens
      : [
          ...tokens.slice(0, index),
          ...other.slice(start, closing(other, start)),
          ...tokens.slice(closing(tokens, index)),
        ];
  }
  const replaced = replacement(random, catalog, token);
  return replaced === null ? tokens : tokens.with(index, replaced);
}

function replacement(random: Random, catalog: Catalog, token: string): string | null {
  const others = OTHERS.get(token.toLowerCase());
  if (others !== undefined) return random.pick(others);
  const literal = literalLike(random, token);
  if (literal !== null) return literal;
  // Another column of a table that has one of this name.
  const owners = catalog.tables.filter((table) => table.columns.some((column) => column.name === token));
  return owners.length === 0 ? null : random.pick(random.pick(owners).columns).name;
}

/** Behind the parenthesis that closes the one at `start`. */
function closing(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    if (tokens[index] === '(') depth++;
    if (tokens[index] === ')' && --depth === 0) return index + 1;
  }
  return tokens.length;
}

/** So that it can be made smaller: what stands in parentheses is one piece, and of pieces. */
function grouped(tokens: readonly string[]): Sql {
  const parts: Sql[] = [];
  for (let index = 0; index < tokens.length; ) {
    if (tokens[index] !== '(') {
      parts.push(optional(sql`${tokens[index] ?? ''}`));
      index++;
      continue;
    }
    const end = closing(tokens, index);
    const isClosed = tokens[end - 1] === ')' && end > index + 1;
    const inside = grouped(tokens.slice(index + 1, isClosed ? end - 1 : end));
    parts.push(optional(sql`(${inside}${isClosed ? ')' : ''}`));
    index = end;
  }
  return { parts, type: null, optional: false };
}
