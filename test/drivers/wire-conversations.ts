/** What a client may say message by message; each conversation must be answered by the gateway as by the server. */
import { bind, cstring, execute, int16, int32, message, parse, query, sync } from '../harness/evil-client.ts';

const describe = (what: 'S' | 'P', name: string): Buffer => message('D', Buffer.from(what), cstring(name));
const close = (what: 'S' | 'P', name: string): Buffer => message('C', Buffer.from(what), cstring(name));
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const flush = (): Buffer => message('H');
const copyData = (text: string): Buffer => message('d', Buffer.from(text));
const copyDone = (): Buffer => message('c');
const copyFail = (reason: string): Buffer => message('f', cstring(reason));
const oneShot = (text: string): Buffer =>
  Buffer.concat([parse('', text), bind('', ''), describe('P', ''), execute('')]);

/** Bind with text parameters, all results in `format`. */
export function bindValues(portal: string, statement: string, values: readonly (string | null)[], format = 0): Buffer {
  const parameters = values.flatMap((value) => {
    if (value === null) return [int32(-1)];
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return message(
    'B',
    cstring(portal),
    cstring(statement),
    int16(0),
    int16(values.length),
    ...parameters,
    int16(1),
    int16(format),
  );
}

/** What is sent, and up to which message is read before more is sent. */
export type Turn = { readonly send: readonly Buffer[]; readonly until: string };

/** Sent at once, read to the `count`th ReadyForQuery. */
const atOnce = (count: number, ...send: readonly Buffer[]): readonly Turn[] => [
  { send, until: 'Z' },
  ...Array.from({ length: count - 1 }, () => ({ send: [], until: 'Z' })),
];

const ROWS = 'SELECT id, name FROM public.items ORDER BY id LIMIT 10';
/** What is wrong with it shows when the transaction ends. */
const LATE = 'INSERT INTO late VALUES (7), (7)';
const MANY = 10_000;
const INT4 = 23;
/** The value 7, 65,535 times. */
const MANY_VALUES = Buffer.alloc(5 * 65_535, Buffer.concat([int32(1), Buffer.from('7')]));

export const CONVERSATIONS: Readonly<Record<string, readonly Turn[]>> = {
  'an empty simple query': atOnce(1, query('')),
  'a query that is not UTF-8': atOnce(
    5,
    ...[message('Q', latin1("SELECT 'caf\xe9 noir'\0")), query('SELECT 1'), query('BEGIN')],
    ...[message('Q', latin1("SELECT '\xff'\0")), query('COMMIT')],
  ),
  'names and texts of prepared statements that are not UTF-8': atOnce(
    4,
    ...[message('P', cstring(''), latin1('SELECT \xc0\x80\0'), int16(0)), bind('', ''), execute(''), sync()],
    ...[message('P', latin1('n\xe9\0'), cstring('SELECT 1'), int16(0)), oneShot('SELECT 2'), sync()],
    ...[oneShot('SELECT 3'), message('D', latin1('S\x80\0')), sync(), oneShot('SELECT 4'), sync()],
  ),
  'semicolons only': atOnce(1, query(' ;; ')),
  'a comment only': atOnce(1, query('-- nothing')),
  'an empty prepared statement': atOnce(1, oneShot(''), sync()),
  'several statements in one query': atOnce(1, query('SELECT 1 AS a; SELECT 2 AS b, 3; SELECT')),
  'several statements, the second fails': atOnce(1, query('SELECT 1; SELECT 1/0; SELECT 2')),
  'several statements, with positions in errors': atOnce(
    4,
    query("SELECT 'é✓𝒳'; SELECT 2;  SELECT nothing"),
    query('SELECT 1; CREATE TABLE public.never (a nothing)'),
    query('SELECT 1; SELECT nothing; SELECT 3'),
    query('SELECT nothing; SELECT 3'),
  ),
  'several statements, the last is not grammatical': atOnce(1, query('SELECT 1; SELEC 2')),
  'several statements in one Parse': atOnce(1, parse('', 'SELECT 1; SELECT 2'), sync()),
  'two Syncs in a row': atOnce(2, sync(), sync()),
  'Flush without Sync': [
    { send: [oneShot('SELECT 1'), flush()], until: 'C' },
    { send: [oneShot('SELECT 2'), flush()], until: 'C' },
    { send: [sync()], until: 'Z' },
  ],
  'Parse and Flush alone, of a text that is known, under names': [
    ...Array.from({ length: 3 }, () => ({ send: [parse('', ROWS), flush()], until: '1' })),
    { send: [parse('k', ROWS), flush()], until: '1' },
    { send: [close('S', 'k'), flush()], until: '3' },
    { send: [parse('k', ROWS), parse('', 'SELECT 1'), bind('', 'k'), execute(''), flush()], until: 'C' },
    { send: [parse('k', ROWS), flush()], until: 'E' },
    { send: [sync()], until: 'Z' },
    { send: [bind('', ''), execute(''), bind('', 'k'), execute(''), sync()], until: 'Z' },
  ],
  'Parse of a text that is known, behind an error': [
    ...atOnce(2, oneShot(ROWS), sync(), oneShot(ROWS), sync()),
    ...atOnce(1, parse('', 'SELECT 1/0'), bind('', ''), execute(''), parse('', ROWS), parse('late', ROWS), sync()),
    ...atOnce(1, bind('', ''), execute(''), sync()),
    ...atOnce(1, bind('', 'late'), execute(''), sync()),
    ...atOnce(2, oneShot(ROWS), parse('', 'SELECT 1/0'), bind('', ''), execute(''), sync(), oneShot(ROWS), sync()),
  ],
  'Describe of a statement': atOnce(
    1,
    parse('d', 'SELECT $1::int + 1, name FROM public.items'),
    describe('S', 'd'),
    close('S', 'd'),
    sync(),
  ),
  'Describe of a statement without rows': atOnce(1, parse('', 'DELETE FROM public.scratch'), describe('S', ''), sync()),
  'Describe of an unknown statement': atOnce(1, describe('S', 'nobody'), sync()),
  'Describe of the unnamed statement, never parsed': atOnce(1, describe('S', ''), sync()),
  'Describe of an unknown portal': atOnce(1, describe('P', 'nobody'), sync()),
  'Describe of the unnamed portal, never bound': atOnce(1, describe('P', ''), sync()),
  'Bind of an unknown statement': atOnce(1, bind('', 'nobody'), sync()),
  'Execute of an unknown portal': atOnce(1, execute('nobody'), sync()),
  'Close of unknown names': atOnce(
    1,
    close('S', 'nobody'),
    close('P', 'nobody'),
    close('S', ''),
    close('P', ''),
    sync(),
  ),
  'Parse of a name that exists': atOnce(
    2,
    parse('twice', 'SELECT 1'),
    parse('twice', 'SELECT 2'),
    sync(),
    close('S', 'twice'),
    sync(),
  ),
  'the unnamed statement is replaced': atOnce(
    1,
    parse('', 'SELECT 1'),
    parse('', 'SELECT 2'),
    bind('', ''),
    execute(''),
    sync(),
  ),
  'the unnamed statement outlives Sync': atOnce(2, parse('', 'SELECT 7'), sync(), bind('', ''), execute(''), sync()),
  'a simple query ends the unnamed statement': atOnce(
    3,
    parse('', 'SELECT 7'),
    sync(),
    query('SELECT 8'),
    bind('', ''),
    sync(),
  ),
  'a failed Parse ends the unnamed statement': atOnce(
    3,
    parse('', 'SELECT 7'),
    sync(),
    parse('', 'SELEC'),
    sync(),
    bind('', ''),
    sync(),
  ),
  'a portal does not outlive its transaction': atOnce(
    2,
    parse('', ROWS),
    bind('p', ''),
    execute('p', 2),
    sync(),
    execute('p', 2),
    sync(),
  ),
  'a portal read in pieces': atOnce(
    3,
    query('BEGIN'),
    ...[parse('', ROWS), bind('p', ''), execute('p', 4), execute('p', 4), execute('p', 4), execute('p', 4), sync()],
    query('COMMIT'),
  ),
  'portals read in turn': atOnce(
    3,
    query('BEGIN'),
    ...[parse('one', ROWS), parse('two', 'SELECT generate_series(1, 5)'), bind('a', 'one'), bind('b', 'two')],
    ...[
      execute('a', 2),
      execute('b', 2),
      execute('a', 2),
      close('P', 'a'),
      execute('b', 0),
      close('S', 'one'),
      close('S', 'two'),
      sync(),
    ],
    query('COMMIT'),
  ),
  'a portal of exactly the limit': atOnce(
    1,
    parse('', 'SELECT generate_series(1, 3)'),
    bind('', ''),
    execute('', 3),
    execute('', 3),
    sync(),
  ),
  'a portal that exists already': atOnce(
    3,
    query('BEGIN'),
    ...[parse('', 'SELECT 1'), bind('p', ''), bind('p', ''), sync()],
    query('ROLLBACK'),
  ),
  'an INSERT with a row limit': atOnce(
    2,
    parse('', 'INSERT INTO public.scratch VALUES (900, NULL), (901, NULL) RETURNING id'),
    bind('', ''),
    execute('', 1),
    sync(),
    query('DELETE FROM public.scratch WHERE id >= 900'),
  ),
  'an error in the middle of a pipeline': atOnce(
    2,
    ...[oneShot('SELECT 1'), oneShot('SELECT 1/0'), oneShot('SELECT 3'), sync()],
    ...[oneShot('SELECT 4'), sync()],
  ),
  'an error in each of three pipelines': atOnce(
    3,
    oneShot('SELECT 1/0'),
    sync(),
    oneShot('SELECT nope'),
    sync(),
    oneShot('SELECT 3'),
    sync(),
  ),
  'a pipeline that fails undoes what it did': atOnce(
    2,
    oneShot("INSERT INTO public.scratch VALUES (910, 'x')"),
    oneShot('SELECT 1/0'),
    sync(),
    query('SELECT count(*) FROM public.scratch WHERE id = 910'),
  ),
  'a failed transaction': atOnce(
    5,
    query('BEGIN'),
    query('SELECT 1/0'),
    query('SELECT 1'),
    oneShot('SELECT 2'),
    sync(),
    query('COMMIT'),
  ),
  'a query behind an error and before its Sync': [
    { send: [oneShot('SELECT 1/0'), query('SELECT 1'), sync()], until: 'Z' },
    { send: [query('SELECT 2')], until: 'Z' },
  ],
  'BEGIN and COMMIT in a pipeline': atOnce(
    1,
    oneShot('BEGIN'),
    oneShot('SELECT 1'),
    oneShot('COMMIT'),
    oneShot('SELECT 2'),
    sync(),
  ),
  'a savepoint in a pipeline': atOnce(
    2,
    oneShot('BEGIN'),
    oneShot('SAVEPOINT s'),
    oneShot('SELECT 1/0'),
    sync(),
    oneShot('ROLLBACK TO s'),
    oneShot('SELECT 1'),
    oneShot('COMMIT'),
    sync(),
  ),
  'a parameter too few': atOnce(1, parse('', 'SELECT $1::int'), bind('', ''), execute(''), sync()),
  'a parameter that is no number': atOnce(
    1,
    parse('', 'SELECT $1::int'),
    bindValues('', '', ['x']),
    execute(''),
    sync(),
  ),
  'results in binary': atOnce(
    1,
    parse('', 'SELECT * FROM public.items WHERE id = $1'),
    bindValues('', '', ['3'], 1),
    describe('P', ''),
    execute(''),
    sync(),
  ),
  'DEALLOCATE of a statement made by message': atOnce(
    3,
    parse('gone', 'SELECT 1'),
    sync(),
    query('DEALLOCATE gone'),
    bind('', 'gone'),
    sync(),
  ),
  'DEALLOCATE of a name that is made again': atOnce(
    6,
    ...[parse('gone', 'SELECT 1'), sync(), query('DEALLOCATE gone'), parse('gone', 'SELECT 2'), sync()],
    ...[bind('', 'gone'), execute(''), sync(), query('DEALLOCATE gone'), bind('', 'gone'), sync()],
  ),
  'DEALLOCATE ALL': atOnce(3, parse('gone', 'SELECT 1'), sync(), query('DEALLOCATE ALL'), bind('', 'gone'), sync()),
  'DISCARD ALL': atOnce(
    4,
    parse('gone', 'SELECT 1'),
    sync(),
    query('DISCARD ALL'),
    bind('', 'gone'),
    sync(),
    query('SELECT 1'),
  ),
  'a statement made by PREPARE, bound': atOnce(
    3,
    query('PREPARE mine(int) AS SELECT $1 + 1'),
    bindValues('', 'mine', ['5']),
    execute(''),
    sync(),
    query('DEALLOCATE mine'),
  ),
  'a cursor of SQL, executed as a portal': atOnce(
    3,
    query(`BEGIN; DECLARE c CURSOR FOR ${ROWS}`),
    describe('P', 'c'),
    execute('c', 3),
    sync(),
    query('COMMIT'),
  ),
  'a portal, read by FETCH': atOnce(
    4,
    query('BEGIN'),
    parse('', ROWS),
    bind('p', ''),
    sync(),
    query('FETCH 2 FROM p'),
    query('COMMIT'),
  ),
  'cached plan must not change result type': atOnce(
    5,
    ...[
      query('CREATE TEMP TABLE moving AS SELECT 1 AS a'),
      parse('m', 'SELECT * FROM moving'),
      bind('', 'm'),
      execute(''),
      sync(),
    ],
    ...[
      query('ALTER TABLE moving ADD COLUMN b int'),
      bind('', 'm'),
      execute(''),
      sync(),
      query('DROP TABLE moving; DEALLOCATE m'),
    ],
  ),
  'COPY out': atOnce(1, query('COPY (SELECT id, name FROM public.items ORDER BY id LIMIT 3) TO STDOUT')),
  'COPY out in a pipeline': atOnce(
    1,
    oneShot('COPY (SELECT id FROM public.items ORDER BY id LIMIT 3) TO STDOUT'),
    oneShot('SELECT 1'),
    sync(),
  ),
  'COPY in': [
    { send: [query('COPY public.scratch FROM STDIN')], until: 'G' },
    { send: [copyData('920\ta\n92'), copyData('1\tb\n'), copyDone()], until: 'Z' },
    { send: [query('DELETE FROM public.scratch WHERE id >= 900')], until: 'Z' },
  ],
  'COPY in by the extended protocol': [
    { send: [oneShot('COPY public.scratch FROM STDIN'), flush()], until: 'G' },
    { send: [copyData('930\ta\n'), copyDone(), sync()], until: 'Z' },
    { send: [query('DELETE FROM public.scratch WHERE id >= 900')], until: 'Z' },
  ],
  'COPY in, sent without waiting': atOnce(
    2,
    query('COPY public.scratch FROM STDIN'),
    copyData('940\ta\n'),
    copyDone(),
    query('DELETE FROM public.scratch WHERE id >= 900'),
  ),
  'COPY in that the client gives up': [
    { send: [query('COPY public.scratch FROM STDIN')], until: 'G' },
    { send: [copyData('950\ta\n'), copyFail('changed my mind')], until: 'Z' },
  ],
  'COPY in with a bad row, more data behind it': [
    { send: [query('COPY public.scratch FROM STDIN')], until: 'G' },
    { send: [copyData('no number\ta\n'), copyData('951\ta\n'), copyData('952\tb\n'), copyDone()], until: 'Z' },
    { send: [query('SELECT 1')], until: 'Z' },
  ],
  'COPY in with a bad row by the extended protocol': [
    { send: [oneShot('COPY public.scratch FROM STDIN'), flush()], until: 'G' },
    { send: [copyData('no number\ta\n'), copyData('951\ta\n'), copyDone(), oneShot('SELECT 1'), sync()], until: 'Z' },
    { send: [oneShot('SELECT 2'), sync()], until: 'Z' },
  ],
  'Sync and Flush inside COPY in are ignored': [
    { send: [query('COPY public.scratch FROM STDIN')], until: 'G' },
    { send: [copyData('960\ta\n'), sync(), flush(), copyData('961\ta\n'), copyDone()], until: 'Z' },
    { send: [query('DELETE FROM public.scratch WHERE id >= 900')], until: 'Z' },
  ],
  'COPY in between other statements': [
    { send: [query('SELECT 1; COPY public.scratch FROM STDIN; SELECT count(*) FROM public.scratch')], until: 'G' },
    { send: [copyData('970\ta\n'), copyDone()], until: 'Z' },
    { send: [query('DELETE FROM public.scratch WHERE id >= 900')], until: 'Z' },
  ],
  'two COPY in one query, a query behind them': [
    {
      send: [
        query('COPY public.scratch FROM STDIN; COPY public.scratch FROM STDIN; SELECT count(*) FROM public.scratch'),
      ],
      until: 'G',
    },
    { send: [copyData('980\ta\n'), copyDone()], until: 'G' },
    { send: [copyData('981\ta\n'), copyDone(), query('DELETE FROM public.scratch WHERE id >= 900')], until: 'Z' },
    { send: [], until: 'Z' },
  ],
  'COPY in that fails before another statement': [
    { send: [query('COPY public.scratch FROM STDIN; SELECT 1')], until: 'G' },
    { send: [copyData('no number\ta\n'), copyDone()], until: 'Z' },
    { send: [query('SELECT 2')], until: 'Z' },
  ],
  'COPY in that is given up before another statement': [
    { send: [query('COPY public.scratch FROM STDIN; SELECT 1')], until: 'G' },
    { send: [copyFail('no')], until: 'Z' },
    { send: [query('SELECT 2')], until: 'Z' },
  ],
  'COPY messages outside of COPY': atOnce(1, copyData('x'), copyDone(), copyFail('y'), query('SELECT 1')),
  [`${MANY} Parse of a known text behind a new one`]: [
    ...atOnce(2, parse('', 'SELECT'), sync(), parse('', 'SELECT'), sync()),
    ...atOnce(1, parse('new', 'SELECT 1 AS new'), ...Array.from({ length: MANY }, () => parse('', 'SELECT')), sync()),
    ...atOnce(1, close('S', 'new'), bind('', ''), execute(''), sync()),
  ],
  [`${MANY} Bind and Execute before one Sync`]: atOnce(
    1,
    parse('many', 'SELECT $1::int'),
    ...Array.from({ length: MANY }, (_, index) =>
      Buffer.concat([bindValues('', 'many', [String(index)]), execute('')]),
    ),
    close('S', 'many'),
    sync(),
  ),
  '65,535 parameters': atOnce(
    1,
    message('P', cstring(''), cstring('SELECT $1 + $65535'), int16(-1), Buffer.alloc(4 * 65_535, int32(INT4))),
    message('B', cstring(''), cstring(''), int16(0), int16(-1), MANY_VALUES, int16(0)),
    ...[describe('P', ''), execute(''), sync()],
  ),
  'a result of 1,664 columns': atOnce(
    1,
    oneShot(`SELECT ${Array.from({ length: 1_664 }, (_, index) => index).join()}`),
    sync(),
  ),
  'a result of 1,665 columns': atOnce(
    1,
    oneShot(`SELECT ${Array.from({ length: 1_665 }, (_, index) => index).join()}`),
    sync(),
  ),
  'SET and what it reports': atOnce(
    2,
    query("SET TimeZone TO 'Asia/Tokyo'; SET application_name TO 'wire'; SET DateStyle TO 'German'"),
    query('RESET ALL'),
  ),
  'UTF-8 by each of its names': atOnce(
    5,
    ...["'UNICODE'", "'unicode'", "'UTF-8'", 'utf8', 'DEFAULT'].map((name) => query(`SET client_encoding TO ${name}`)),
  ),
  'cursors, looked at between statements that come again': atOnce(
    8,
    query('BEGIN'),
    ...[1, 2].flatMap(() => [
      query('DECLARE c CURSOR FOR SELECT generate_series(1, 3)'),
      query("SELECT 1 FROM pg_cursors WHERE name = 'c'"),
      query('CLOSE c'),
    ]),
    query('COMMIT'),
  ),
  'an error at the end of an implicit transaction comes instead of the tag': [
    ...atOnce(1, query('CREATE TEMP TABLE late (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)')),
    ...[LATE, LATE, `${LATE} RETURNING a + 0`, `${LATE}; SELECT 1`, `SELECT 1; ${LATE}`].flatMap((text) =>
      atOnce(1, query(text)),
    ),
    ...atOnce(1, query(`BEGIN; ${LATE}; COMMIT; SELECT 1`)),
    ...atOnce(3, query('BEGIN'), query(LATE), query('COMMIT')),
    ...atOnce(2, oneShot(LATE), sync(), query(LATE)),
    { send: [query('COPY late FROM STDIN')], until: 'G' },
    ...atOnce(1, copyData('8\n8\n'), copyDone()),
    ...atOnce(2, query('SELECT count(*) FROM late'), query('DROP TABLE late')),
  ],
  'a transaction that is not there': atOnce(1, query('COMMIT')),
  'several statements in an implicit transaction': atOnce(
    2,
    query('CREATE TEMP TABLE t1 (a int); INSERT INTO t1 VALUES (1); SELECT a + 0 FROM t1; DROP TABLE t1'),
    query('SELECT 1'),
  ),
};
