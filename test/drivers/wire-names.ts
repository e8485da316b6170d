/** Conversations about what names stand for, when, and what an error leaves of them; see wire-conversations.ts. */
import { bind, cstring, execute, int16, int32, message, parse, query, sync } from '../harness/evil-client.ts';
import { bindValues, type Turn } from './wire-conversations.ts';

const describe = (what: 'S' | 'P', name: string): Buffer => message('D', Buffer.from(what), cstring(name));
const close = (what: 'S' | 'P', name: string): Buffer => message('C', Buffer.from(what), cstring(name));

/** Sent at once, read to the `count`th ReadyForQuery. */
const atOnce = (count: number, ...send: readonly Buffer[]): readonly Turn[] => [
  { send, until: 'Z' },
  ...Array.from({ length: count - 1 }, () => ({ send: [], until: 'Z' })),
];
/** Each piece is sent when the one before it has been answered. */
const inTurn = (...pieces: readonly Buffer[]): readonly Turn[] => pieces.map((send) => ({ send: [send], until: 'Z' }));
const together = (...pieces: readonly Buffer[]): Buffer => Buffer.concat(pieces);

/** Bind with one text parameter per value, and these codes as they are. */
function bindFormats(
  statement: string,
  values: readonly string[],
  parameterFormats: readonly number[],
  resultFormats: readonly number[],
): Buffer {
  const parameters = values.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]);
  return message(
    'B',
    ...[cstring(''), cstring(statement), int16(parameterFormats.length), ...parameterFormats.map(int16)],
    ...[int16(values.length), ...parameters, int16(resultFormats.length), ...resultFormats.map(int16)],
  );
}

const ROWS = 'SELECT id, name FROM public.items ORDER BY id LIMIT 10';
const LEVEL = 'SHOW client_min_messages';
/** Tells a NOTICE ("does not exist, skipping"). */
const NOTICE = 'DROP TABLE IF EXISTS public.not_there';
const LONG = 'n'.repeat(100);
/** What the server knows of it. */
const CUT = LONG.slice(0, 63);
const QUIET = 'SET client_min_messages TO warning';

export const NAMES: Readonly<Record<string, readonly Turn[]>> = {
  'the unnamed statement outlives an error and its Sync': inTurn(
    together(parse('', 'SELECT 7'), sync()),
    together(bind('', 'nobody'), sync()),
    together(bind('', ''), execute(''), sync()),
  ),
  'the unnamed statement outlives an error of its own': inTurn(
    together(parse('', 'SELECT 1 / $1::int'), bindValues('', '', ['0']), execute(''), sync()),
    together(bindValues('', '', ['1']), execute(''), sync()),
    together(describe('S', ''), sync()),
  ),
  'the unnamed statement outlives an error in its pipeline': atOnce(
    2,
    ...[parse('', 'SELECT 7'), bind('', 'nobody'), sync(), bind('', ''), execute(''), sync()],
  ),
  'the unnamed statement outlives an error in its pipeline, sent in turn': inTurn(
    together(parse('', 'SELECT 7'), execute('nobody'), sync()),
    together(bind('', ''), execute(''), sync()),
  ),
  'the unnamed statement outlives a failed transaction': inTurn(
    together(parse('', 'BEGIN'), bind('', ''), execute(''), sync()),
    together(parse('', 'SELECT 1 / $1::int'), bindValues('', '', ['0']), execute(''), sync()),
    together(bindValues('', '', ['1']), execute(''), sync()),
    together(parse('r', 'ROLLBACK'), sync()),
    together(bind('', 'r'), execute(''), sync()),
    together(bindValues('', '', ['1']), execute(''), sync()),
    query('ROLLBACK'),
  ),
  'a Parse in a failed transaction ends the unnamed statement': inTurn(
    together(parse('', 'BEGIN'), bind('', ''), execute(''), sync()),
    together(parse('', 'SELECT 7'), sync()),
    together(bind('', 'nobody'), sync()),
    together(parse('', 'SELECT 8'), sync()),
    together(parse('', 'ROLLBACK'), bind('', ''), execute(''), sync()),
    together(bind('', ''), execute(''), sync()),
  ),
  'the unnamed statement outlives another that is named': atOnce(
    2,
    ...[parse('', 'SELECT 7'), parse('n', 'SELECT 8'), parse('n', 'SELECT 9'), sync()],
    ...[bind('', ''), execute(''), close('S', 'n'), sync()],
  ),
  'the unnamed statement is closed': atOnce(1, parse('', 'SELECT 7'), close('S', ''), bind('', ''), sync()),
  'a named statement outlives an error in its pipeline': atOnce(
    2,
    ...[parse('n', 'SELECT 7'), bind('', 'nobody'), sync(), bind('', 'n'), execute(''), close('S', 'n'), sync()],
  ),
  'a statement whose Parse was skipped is not there': atOnce(
    2,
    ...[bind('', 'nobody'), parse('n', 'SELECT 7'), sync(), bind('', 'n'), execute(''), sync()],
  ),
  'a Close that was skipped closes nothing': atOnce(
    2,
    ...[parse('n', 'SELECT 7'), bind('', 'nobody'), close('S', 'n'), sync()],
    ...[bind('', 'n'), execute(''), close('S', 'n'), sync()],
  ),

  'FETCH is prepared before its cursor is there': inTurn(
    together(parse('f', 'FETCH 2 FROM c'), describe('S', 'f'), sync()),
    together(bind('', 'f'), describe('P', ''), execute(''), sync()),
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}`),
    together(describe('S', 'f'), bind('', 'f'), describe('P', ''), execute(''), sync()),
    together(bind('', 'f'), execute(''), sync()),
    query('CLOSE c'),
    together(bind('', 'f'), execute(''), sync()),
    query('ROLLBACK'),
    together(close('S', 'f'), sync()),
  ),
  'a prepared FETCH reads the cursor that has its name when it runs': inTurn(
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}`),
    together(parse('f', 'FETCH 2 FROM c'), bind('', 'f'), describe('P', ''), execute(''), sync()),
    query("CLOSE c; DECLARE c CURSOR FOR SELECT 'other', 1.5, now() IS NULL FROM generate_series(1, 3)"),
    together(bind('', 'f'), describe('P', ''), execute(''), sync()),
    query('COMMIT'),
    together(bind('', 'f'), execute(''), sync()),
    together(close('S', 'f'), sync()),
  ),
  'FETCH, MOVE and CLOSE of nothing': inTurn(
    query('FETCH 1 FROM nobody'),
    query('MOVE 1 IN nobody'),
    query('CLOSE nobody'),
    query('BEGIN; FETCH 1 FROM nobody'),
    query('ROLLBACK'),
    query('SELECT 1; FETCH 1 FROM nobody; SELECT 2'),
  ),
  'CLOSE is prepared before its cursor is there': inTurn(
    together(parse('k', 'CLOSE c'), describe('S', 'k'), sync()),
    together(bind('', 'k'), execute(''), sync()),
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}`),
    together(bind('', 'k'), execute(''), sync()),
    query('FETCH 1 FROM c'),
    query('ROLLBACK'),
    together(close('S', 'k'), sync()),
  ),
  'EXECUTE is prepared before its statement is there': inTurn(
    together(parse('e', 'EXECUTE later(1)'), describe('S', 'e'), sync()),
    together(bind('', 'e'), execute(''), sync()),
    query('PREPARE later(int) AS SELECT $1 + 1 AS sum'),
    together(describe('S', 'e'), bind('', 'e'), describe('P', ''), execute(''), sync()),
    query("DEALLOCATE later; PREPARE later(int) AS SELECT 'now a text', $1"),
    together(bind('', 'e'), describe('P', ''), execute(''), sync()),
    query('DEALLOCATE later'),
    together(bind('', 'e'), execute(''), sync()),
    together(close('S', 'e'), sync()),
  ),
  'EXECUTE and DEALLOCATE of nothing': inTurn(
    query('EXECUTE nobody'),
    query('EXECUTE nobody(1)'),
    query('DEALLOCATE nobody'),
    query('SELECT 1; EXECUTE nobody; SELECT 2'),
    query('PREPARE once AS SELECT 1; PREPARE once AS SELECT 2'),
    query('EXECUTE once'),
  ),
  'names that one query makes and uses': inTurn(
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}; FETCH 2 FROM c; CLOSE c; FETCH 1 FROM c`),
    query('ROLLBACK'),
    query('PREPARE p(int) AS SELECT $1; EXECUTE p(3); DEALLOCATE p; EXECUTE p(4)'),
  ),

  'no statement stays behind but the client’s own': inTurn(
    query('PREPARE mine AS SELECT 1'),
    query('EXECUTE mine'),
    query('EXECUTE mine'),
    query('EXECUTE mine'),
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}; FETCH 1 FROM c; FETCH 1 FROM c; FETCH 1 FROM c`),
    query('EXPLAIN (COSTS off) SELECT 1; EXPLAIN (COSTS off) SELECT 1; ROLLBACK'),
    query('EXECUTE nobody'),
    query('EXECUTE nobody'),
    query('CREATE TEMP TABLE IF NOT EXISTS made (a int); CREATE TEMP TABLE IF NOT EXISTS made (a int)'),
    together(parse('', 'EXECUTE mine'), bind('', ''), execute(''), sync()),
    together(parse('', 'EXECUTE mine'), bind('', ''), execute(''), sync()),
    together(bind('', ''), execute(''), sync()),
    together(parse('named', 'EXECUTE mine'), bind('', 'named'), execute(''), sync()),
    together(bind('', 'named'), execute(''), close('S', 'named'), sync()),
    query('SELECT name, statement FROM pg_prepared_statements'),
  ),

  'client_min_messages of a transaction that is rolled back': inTurn(
    query(NOTICE),
    query(`BEGIN; ${QUIET}`),
    query(NOTICE),
    query('ROLLBACK'),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages of a transaction that is committed': inTurn(
    query(`BEGIN; ${QUIET}; COMMIT`),
    query(LEVEL),
    query(NOTICE),
    query('RESET client_min_messages'),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages of a transaction that fails': inTurn(
    query(`BEGIN; ${QUIET}`),
    query('SELECT 1 / 0'),
    query('COMMIT'),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages of several statements, one of which fails': inTurn(
    query(`${QUIET}; SELECT 1 / 0`),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages of a pipeline that fails': inTurn(
    together(parse('', QUIET), bind('', ''), execute(''), bind('', 'nobody'), sync()),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages behind a savepoint': inTurn(
    query(`BEGIN; SAVEPOINT a; ${QUIET}; SAVEPOINT b; SET client_min_messages TO error`),
    query('ROLLBACK TO b'),
    query(LEVEL),
    query(NOTICE),
    query('ROLLBACK TO a'),
    query(LEVEL),
    query(NOTICE),
    query('COMMIT'),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages behind a savepoint that is released': inTurn(
    query(`BEGIN; SAVEPOINT a; ${QUIET}; RELEASE a`),
    query(LEVEL),
    query(NOTICE),
    query('COMMIT'),
    query(LEVEL),
    query(NOTICE),
  ),
  'client_min_messages, and an error behind a savepoint': inTurn(
    query(`BEGIN; ${QUIET}; SAVEPOINT a; SET client_min_messages TO error; SELECT 1 / 0`),
    query('ROLLBACK TO a'),
    query(LEVEL),
    query(NOTICE),
    query('COMMIT'),
    query(LEVEL),
  ),
  'SET LOCAL client_min_messages': inTurn(
    query(`SET client_min_messages TO error`),
    query('BEGIN; SET LOCAL client_min_messages TO notice'),
    query(NOTICE),
    query('SAVEPOINT a; SET LOCAL client_min_messages TO warning; ROLLBACK TO a'),
    query(LEVEL),
    query(NOTICE),
    query('COMMIT'),
    query(LEVEL),
    query(NOTICE),
    query('RESET ALL'),
    query(LEVEL),
    query(NOTICE),
  ),
  'SET and SET LOCAL client_min_messages in one transaction': inTurn(
    query('BEGIN; SET LOCAL client_min_messages TO error; SET client_min_messages TO warning'),
    query(LEVEL),
    query('COMMIT'),
    query(LEVEL),
    query('BEGIN; SET client_min_messages TO error; SET LOCAL client_min_messages TO notice'),
    query(NOTICE),
    query('COMMIT'),
    query(LEVEL),
    query('BEGIN; RESET ALL; SHOW client_min_messages; ROLLBACK'),
    query(LEVEL),
    query('DISCARD ALL'),
    query(LEVEL),
    query(NOTICE),
  ),

  'a result format that is neither text nor binary': inTurn(
    together(parse('', ROWS), bindFormats('', [], [], [2]), sync()),
    together(bindFormats('', [], [], [2]), describe('P', ''), execute(''), sync()),
    together(bindFormats('', [], [], [0, -1]), execute(''), sync()),
    together(bindFormats('', [], [], [7]), execute('', 1), sync()),
    query('SELECT 1'),
  ),
  'a result format that is neither, of no rows': inTurn(
    together(parse('', 'SELECT 1 WHERE false'), bindFormats('', [], [], [2]), describe('P', ''), execute(''), sync()),
    together(parse('', 'SET DateStyle TO ISO'), bindFormats('', [], [], [2]), execute(''), sync()),
    together(parse('', ''), bindFormats('', [], [], [2]), execute(''), sync()),
  ),
  'a parameter format that is neither text nor binary': inTurn(
    together(parse('', 'SELECT $1::int'), bindFormats('', ['3'], [2], []), execute(''), sync()),
    together(bindFormats('', ['3'], [-1], []), execute(''), sync()),
    together(bindFormats('', ['3'], [0], []), execute(''), sync()),
    together(parse('', 'SELECT 1'), bindFormats('', [], [9], []), execute(''), sync()),
  ),
  'another number of formats than of values': inTurn(
    together(parse('', 'SELECT $1::int, $2::int'), bindFormats('', ['3', '4'], [0, 0, 0], []), execute(''), sync()),
    together(bindFormats('', ['3', '4'], [0, 0], [0, 0, 0]), execute(''), sync()),
    together(bindFormats('', ['3', '4'], [0], [0, 1]), execute(''), sync()),
  ),

  'names of more than 63 bytes': inTurn(
    query('BEGIN'),
    together(parse(LONG, ROWS), bind(LONG, LONG), execute(LONG, 2), describe('S', `${LONG}é`), sync()),
    together(execute(`${LONG}é`, 2), sync()),
    query(`FETCH 2 FROM ${CUT}`),
    query(`CLOSE ${CUT}`),
    query(`DECLARE ${CUT} CURSOR FOR ${ROWS}`),
    together(execute(`${LONG}x`, 1), sync()),
    query('COMMIT'),
    together(parse(CUT, 'SELECT 1'), sync()),
    query(`DEALLOCATE ${CUT}`),
    together(bind('', CUT), sync()),
  ),
  'a Bind of too few and too many parameters names the statement': inTurn(
    together(parse('two', 'SELECT $1::int, $2::int'), bind('', 'two'), sync()),
    together(parse('', 'SELECT $1::int, $2::int'), bind('', ''), sync()),
    together(bindFormats('two', ['1', '2', '3'], [], []), sync()),
    together(bindFormats('', ['1'], [], []), sync()),
    query('DEALLOCATE two'),
  ),
  'a level of messages that is none': inTurn(
    query("SET client_min_messages TO 'loud'"),
    query(NOTICE),
    query('SET client_min_messages TO debug'),
    query('SET client_min_messages TO notice'),
    query(NOTICE),
  ),

  'names with brackets, spaces and quotes': inTurn(
    query('CREATE TEMP TABLE "a [b c] {d} (e) \\ <f> ""g""" ("1 [x" int, "[ 2 ]" text DEFAULT \'[ 3 ]\')'),
    query('INSERT INTO "a [b c] {d} (e) \\ <f> ""g""" VALUES (1, \'[ 1 2 ]\') RETURNING "1 [x" + 0 AS "[ id ]"'),
    query('SELECT t."1 [x" + 1, upper("[ 2 ]") AS "[ y" FROM "a [b c] {d} (e) \\ <f> ""g""" t WHERE "[ 2 ]" <> \'[\''),
    query('SELECT * FROM (SELECT 1 AS "[ 1", 2 AS "] ["  ) AS "[ s ]"'),
    query('WITH "[ w" AS (SELECT 1 AS "[") SELECT "["."[" FROM "[ w" AS "["'),
    query('DROP TABLE "a [b c] {d} (e) \\ <f> ""g"""'),
  ),
};
