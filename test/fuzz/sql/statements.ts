/** Cases: one to a few statements over one session. */

import type { Random } from '../random.ts';
import { copiedIn, copiedOut } from './copies.ts';
import { insert, merge, remove, update } from './data-changes.ts';
import type { Parameter } from './parameters.ts';
import { block, called, cascades, closure, routine, stored, throughView } from './programs.ts';
import type { QueryWriter } from './queries.ts';
import { currentRow, cursor, prepared, savepoints, together, underSettings } from './sessions.ts';
import { render, type Sql, sql } from './tree.ts';

export type Extended = {
  readonly format: 0 | 1;
  /** The portal is executed for this many rows at a time; 0 for all. */
  readonly maxRows: number;
  readonly parameters: readonly Parameter[];
};
export type Step = {
  readonly text: Sql;
  /** By the extended protocol. */
  readonly extended: Extended | null;
  /** Of COPY FROM STDIN: what is sent. */
  readonly rows?: string;
};
export type Case = {
  readonly steps: readonly Step[];
  /** Ends with COMMIT, so that what it stored is looked at. */
  readonly commits: boolean;
  /** Steps behind the end of the transaction. */
  readonly after: readonly Step[];
  /** Each statement is a transaction of its own. */
  readonly alone: boolean;
};

type Draft = {
  readonly texts: readonly Sql[];
  readonly after?: readonly Sql[];
  readonly rows?: string;
  readonly parameters?: readonly Parameter[];
};

const only =
  (make: (queries: QueryWriter) => Sql) =>
  (queries: QueryWriter): Draft => ({ texts: [make(queries)] });
const several =
  (make: (queries: QueryWriter) => readonly Sql[]) =>
  (queries: QueryWriter): Draft => ({ texts: make(queries) });

const CASES: readonly (readonly [number, (queries: QueryWriter) => Draft])[] = [
  [20, only((queries) => queries.query(queries.random.between(1, 4)).text)],
  [8, bound],
  [3, only(insert)],
  [3, only(update)],
  [2, only(remove)],
  [3, only(merge)],
  [2, only(changeWithin)],
  [3, (queries) => textsOf(cursor(queries))],
  [1, several(currentRow)],
  [2, several(prepared)],
  [3, several(explained)],
  [2, several(copiedOut)],
  [1, (queries) => inOrder(copiedIn(queries))],
  [2, several(stored)],
  [2, several(closure)],
  [1, several(cascades)],
  [1, several(throughView)],
  [2, several(block)],
  [1, several(routine)],
  [1, several((queries) => (queries.asksForSecrets ? called(queries) : [queries.query(2).text]))],
  [1, several(savepoints)],
  [2, several(underSettings)],
  [1, several(together)],
  [1, only((queries) => sql`SELECT ${queries.random.pick(COUNTERS)} FROM ${queries.from(1, []).from}`)],
];

const COUNTERS = ['count(*)', 'count(DISTINCT 1)', '1', 'bool_or(true)', 'sum(1) OVER ()'] as const;

export function writeCase(queries: QueryWriter): Case {
  const { random } = queries;
  const { texts, after = [], rows, parameters } = random.weighted(CASES)(queries);
  const writes = texts.some((text) => WRITES.test(render(text)));
  const stepOf = (text: Sql): Step => ({
    text,
    extended:
      rows === undefined && (parameters !== undefined || random.chance(0.3))
        ? {
            format: random.chance(0.5) ? 1 : 0,
            maxRows: READS.test(render(text)) ? random.pick([0, 0, 2]) : 0,
            parameters: parameters ?? [],
          }
        : null,
    ...(rows === undefined ? {} : { rows }),
  });
  const commits = writes ? random.chance(0.8) : after.length > 0;
  return {
    commits,
    steps: texts.map(stepOf),
    after: after.map(stepOf),
    // Without a transaction nothing can be taken back.
    alone:
      (commits || !writes) &&
      !texts.some((text) => IN_TRANSACTION.test(render(text))) &&
      random.chance(texts.length > 2 ? 0.4 : 0.15),
  };
}

/** Given statements as a case. Those that end a transaction are not run within one. */
export function ofTexts(texts: readonly Sql[], random: Random): Case {
  const all = texts.map(render);
  const ends = all.some((text) => ENDS.test(text));
  const commits = ends || (all.some((text) => WRITES.test(text)) && random.chance(0.5));
  const extended = random.chance(0.15)
    ? ({ format: random.chance(0.5) ? 1 : 0, maxRows: 0, parameters: [] } as const)
    : null;
  return { steps: texts.map((text) => ({ text, extended })), commits, after: [], alone: ends };
}

/** Each statement is a transaction of its own, by the simple protocol. */
export function aloneOf(texts: readonly Sql[]): Case {
  const writes = texts.some((text) => !READS.test(render(text)) || ENDS.test(render(text)));
  return { steps: texts.map((text) => ({ text, extended: null })), commits: writes, after: [], alone: true };
}

/** Ends of transactions. */
const ENDS = /\b(COMMIT|END|ROLLBACK|BEGIN|START)\b/i;
const WRITES = /^(INSERT|UPDATE|DELETE|MERGE|WITH w|CREATE|COPY [^(]*FROM|SELECT \* INTO|DO|CALL|DROP|ALTER)/;

/** Portals that can be executed in pieces. */
const READS = /^(SELECT|VALUES|TABLE|WITH|\(|EXECUTE|FETCH|SHOW)/;

/** Statements that need a transaction around them. */
const IN_TRANSACTION = /^(DECLARE|SAVEPOINT|SET LOCAL)/;

function textsOf({ steps, after }: { readonly steps: readonly Sql[]; readonly after: readonly Sql[] }): Draft {
  return { texts: steps, after };
}

function inOrder({ text, rows }: { readonly text: Sql; readonly rows: string }): Draft {
  return { texts: [text], rows };
}

/** A statement of which some constants are parameters. */
function bound(queries: QueryWriter): Draft {
  queries.parameters.open();
  const text = queries.random.weighted<() => Sql>([
    [6, () => queries.query(queries.random.between(1, 3)).text],
    [1, () => insert(queries)],
    [1, () => update(queries)],
    [1, () => merge(queries)],
  ])();
  return { texts: [text], parameters: queries.parameters.close() };
}

function changeWithin(queries: QueryWriter): Sql {
  const change = queries.random.pick([insert, update, remove])(queries);
  if (!queries.asksForSecrets || queries.random.chance(0.5)) return sql`WITH w AS (${change}) ${queries.query(2).text}`;
  return sql`WITH w AS (${change}${/RETURNING/.test(render(change)) ? '' : ' RETURNING *'}) SELECT ${queries.random.pick(['*', 'count(*)', 'w', 'w::text'])} FROM w`;
}

const EXPLAINS = [
  'EXPLAIN',
  'EXPLAIN VERBOSE',
  'EXPLAIN (COSTS OFF)',
  'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF)',
  'EXPLAIN (FORMAT JSON)',
  'EXPLAIN (FORMAT YAML, VERBOSE)',
  'EXPLAIN (FORMAT XML, COSTS OFF)',
  'EXPLAIN (SETTINGS, BUFFERS OFF)',
] as const;
const EXPLAINS_SINCE_16 = ['EXPLAIN (GENERIC_PLAN)'] as const;
const EXPLAINS_SINCE_17 = ['EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF, SERIALIZE)'] as const;

function explained(queries: QueryWriter): readonly Sql[] {
  const { random, catalog } = queries;
  const options = [
    ...EXPLAINS,
    ...(catalog.major >= 16 ? EXPLAINS_SINCE_16 : []),
    ...(catalog.major >= 17 ? EXPLAINS_SINCE_17 : []),
  ];
  const statement = random.weighted<() => Sql>([
    [6, () => queries.query(2).text],
    [1, () => update(queries)],
    [1, () => insert(queries)],
    [1, () => merge(queries)],
    [1, () => sql`DECLARE e CURSOR FOR ${queries.query(1).text}`],
    [1, () => sql`CREATE TABLE public.fe AS ${queries.query(1).text}`],
  ])();
  return [sql`${random.pick(options)} ${statement}`];
}
