/**
 * The orders in which drivers send their messages; see wire-conversations.ts. Each is told by what
 * it is for, with the drivers that do it so.
 *
 * | driver | how a statement goes |
 * |---|---|
 * | pgjdbc, DBeaver | P B D(portal) E S, `BEGIN` as P B E in front without its own Sync; S_1 from the fifth time; C_2 with E n when rows are fetched in pieces; Close of what is no longer needed in front of the next Parse |
 * | npgsql | Close P D(statement) for each of a batch and one Sync; then B E for each and one Sync, all results binary; `BEGIN` as a Query in front |
 * | psycopg 3, libpq | P B D(portal) E with H in a pipeline; one Sync at its end |
 * | node-postgres | P B D(portal) E S; cursors: P B D(portal) H, E n H …, Close S |
 * | asyncpg | P D(statement) H, then B E S; cursors: B of a named portal, E n S in a transaction |
 * | pgx, tokio-postgres, Prisma | P D(statement) S, then B (D(portal)) E S; pipelines with H; Close S |
 * | sqlx | P D(statement) S, then B E Close(portal) S |
 */
import { bind, cstring, execute, int16, int32, message, parse, query, sync } from '../harness/evil-client.ts';
import { bindValues, type Turn } from './wire-conversations.ts';

const describe = (what: 'S' | 'P', name: string): Buffer => message('D', Buffer.from(what), cstring(name));
const close = (what: 'S' | 'P', name: string): Buffer => message('C', Buffer.from(what), cstring(name));
const flush = (): Buffer => message('H');
const copyData = (text: string): Buffer => message('d', Buffer.from(text));
const copyDone = (): Buffer => message('c');

/** Parse with types of parameters. */
const parseTyped = (name: string, text: string, ...types: readonly number[]): Buffer =>
  message('P', cstring(name), cstring(text), int16(types.length), ...types.map(int32));

/** Bind of parameters as bytes, with these codes of formats. */
function bindBytes(
  portal: string,
  statement: string,
  values: readonly (Buffer | null)[],
  parameterFormats: readonly number[],
  resultFormats: readonly number[],
): Buffer {
  const parameters = values.flatMap((value) => (value === null ? [int32(-1)] : [int32(value.length), value]));
  return message(
    'B',
    ...[cstring(portal), cstring(statement), int16(parameterFormats.length), ...parameterFormats.map(int16)],
    ...[int16(values.length), ...parameters, int16(resultFormats.length), ...resultFormats.map(int16)],
  );
}

const step = (until: string, ...send: readonly Buffer[]): Turn => ({ send, until });
/** Sent at once, read to the `count`th ReadyForQuery. */
const pipeline = (count: number, ...send: readonly Buffer[]): readonly Turn[] => [
  step('Z', ...send),
  ...Array.from({ length: count - 1 }, () => step('Z')),
];
const run = (text: string): Buffer => Buffer.concat([parse('', text), bind('', ''), describe('P', ''), execute('')]);
/** Without Describe, as drivers send what returns no rows. */
const runPlain = (text: string): Buffer => Buffer.concat([parse('', text), bind('', ''), execute('')]);

const ROWS = 'SELECT id, name FROM public.items ORDER BY id LIMIT 10';
const INT4 = 23;
const TEXT = 25;
const UNKNOWN = 705;
const CLEAN = 'DELETE FROM public.scratch WHERE id >= 900';

export const DRIVER_ORDERS: Readonly<Record<string, readonly Turn[]>> = {
  'BEGIN in front of the first statement, without a Sync of its own (pgjdbc)': [
    ...pipeline(1, runPlain('BEGIN'), run(ROWS), sync()),
    ...pipeline(1, run('SELECT 2'), sync()),
    ...pipeline(1, runPlain('COMMIT'), sync()),
  ],
  'BEGIN in front of a statement that fails, then ROLLBACK (pgjdbc)': [
    ...pipeline(1, runPlain('BEGIN'), run('SELECT 1/0'), sync()),
    ...pipeline(1, run('SELECT 2'), sync()),
    ...pipeline(1, runPlain('ROLLBACK'), sync()),
  ],
  'a savepoint around each statement (pgjdbc, psqlODBC)': [
    ...pipeline(1, runPlain('BEGIN'), runPlain('SAVEPOINT PGJDBC_AUTOSAVE'), run('SELECT nothing'), sync()),
    ...pipeline(1, runPlain('ROLLBACK TO SAVEPOINT PGJDBC_AUTOSAVE'), sync()),
    ...pipeline(1, run(ROWS), runPlain('RELEASE SAVEPOINT PGJDBC_AUTOSAVE'), sync()),
    ...pipeline(1, runPlain('COMMIT'), sync()),
  ],
  'rows in pieces from a named portal, with a Sync behind each (pgjdbc, DBeaver)': [
    ...pipeline(
      1,
      runPlain('BEGIN'),
      parse('S_1', ROWS),
      bind('C_2', 'S_1'),
      describe('P', 'C_2'),
      execute('C_2', 4),
      sync(),
    ),
    ...pipeline(1, execute('C_2', 4), sync()),
    ...pipeline(1, execute('C_2', 4), sync()),
    ...pipeline(1, close('P', 'C_2'), runPlain('COMMIT'), sync()),
    ...pipeline(1, execute('C_2', 4), sync()),
  ],
  'a portal that is left open, and closed with its statement in front of the next one (pgjdbc)': [
    ...pipeline(1, runPlain('BEGIN'), parse('S_1', ROWS), bind('C_1', 'S_1'), execute('C_1', 2), sync()),
    ...pipeline(1, close('S', 'S_1'), close('P', 'C_1'), parse('S_2', 'SELECT $1::int'), describe('S', 'S_2'), sync()),
    ...pipeline(1, bindValues('', 'S_2', ['5']), execute('', 1), sync()),
    ...pipeline(1, runPlain('COMMIT'), sync()),
  ],
  'a portal outlives the Close of its statement': [
    ...pipeline(1, runPlain('BEGIN'), parse('s', ROWS), bind('p', 's'), execute('p', 2), sync()),
    ...pipeline(1, close('S', 's'), execute('p', 2), describe('P', 'p'), execute('p', 0), sync()),
    ...pipeline(1, bind('', 's'), sync()),
    ...pipeline(1, runPlain('COMMIT'), sync()),
  ],
  'a batch: one statement bound again and again before one Sync (pgjdbc, npgsql)': [
    ...pipeline(
      1,
      ...[parseTyped('S_3', 'INSERT INTO public.scratch VALUES ($1, $2)', INT4, TEXT), describe('S', 'S_3')],
      ...['900', '901', '902'].flatMap((id) => [bindValues('', 'S_3', [id, null]), execute('', 1)]),
      sync(),
    ),
    ...pipeline(1, run('SELECT count(*) FROM public.scratch WHERE id >= 900'), sync()),
    ...pipeline(1, bindValues('', 'S_3', ['903', 'x']), describe('P', ''), execute('', 1), close('S', 'S_3'), sync()),
    ...pipeline(1, query(CLEAN)),
  ],
  'a batch of which one row is no number (pgjdbc)': [
    ...pipeline(
      1,
      parseTyped('', 'INSERT INTO public.scratch VALUES ($1, $2) RETURNING id', INT4, TEXT),
      ...['910', 'x', '912'].flatMap((id) => [bindValues('', '', [id, 'a']), describe('P', ''), execute('')]),
      sync(),
    ),
    ...pipeline(1, run('SELECT count(*) FROM public.scratch WHERE id >= 900'), sync()),
  ],
  'prepared as a batch, run as a batch, all results in binary (npgsql)': [
    ...pipeline(
      1,
      ...[
        close('S', '_p1'),
        parseTyped('_p1', 'SELECT id, name FROM public.items WHERE id = $1', INT4),
        describe('S', '_p1'),
      ],
      ...[parseTyped('_p2', 'SELECT $1::text, 1.5, true', 0), describe('S', '_p2'), sync()],
    ),
    ...pipeline(
      1,
      ...[bindBytes('', '_p1', [int32(3)], [1], [1]), execute('')],
      ...[bindBytes('', '_p2', [Buffer.from('é')], [1], [1]), execute('')],
      sync(),
    ),
    ...pipeline(1, close('S', '_p1'), close('S', '_p2'), sync()),
  ],
  'BEGIN as a Query in front of Parse, before its answer (npgsql)': [
    ...pipeline(2, query('BEGIN'), run(ROWS), sync()),
    ...pipeline(2, query('SAVEPOINT a'), run('SELECT 1/0'), sync()),
    ...pipeline(2, query('ROLLBACK TO a'), run('SELECT 2'), sync()),
    ...pipeline(1, query('COMMIT')),
  ],
  'DISCARD ALL in front of the first statement of the next user (npgsql)': [
    ...pipeline(2, parse('_p1', 'SELECT 1'), sync(), query('SET application_name TO before')),
    ...pipeline(2, query('DISCARD ALL'), run('SHOW application_name'), sync()),
    ...pipeline(1, bind('', '_p1'), execute(''), sync()),
  ],
  'only the schema of the answer: Parse, Describe, Sync (npgsql, pgx, tokio-postgres, sqlx)': [
    ...pipeline(
      1,
      parse('s1', 'SELECT id, name, $1::numeric(10,2), $2 || name FROM public.items'),
      describe('S', 's1'),
      sync(),
    ),
    ...pipeline(1, parse('s2', 'INSERT INTO public.scratch VALUES ($1, $2)'), describe('S', 's2'), sync()),
    ...pipeline(1, parse('s3', 'COPY public.scratch TO STDOUT'), describe('S', 's3'), sync()),
    ...pipeline(1, parse('s4', 'SHOW ALL'), describe('S', 's4'), sync()),
    ...pipeline(1, parse('s5', 'EXPLAIN SELECT 1'), describe('S', 's5'), sync()),
    ...pipeline(1, parse('s6', 'VALUES ($1, 2), (3, $2)'), describe('S', 's6'), sync()),
    ...pipeline(1, parse('s7', 'SELECT $1'), describe('S', 's7'), sync()),
    ...pipeline(1, parse('s8', 'SELECT $1 = $2'), describe('S', 's8'), sync()),
    ...pipeline(1, parse('s9', 'SELECT $2::int'), describe('S', 's9'), sync()),
  ],
  'types of parameters: none, some, zero and unknown (npgsql, libpq, psycopg 3)': [
    ...[[], [0], [UNKNOWN], [0, UNKNOWN], [INT4, 0], [UNKNOWN, TEXT], [TEXT, TEXT, INT4], [999_999]].flatMap(
      (types, at) => [
        ...pipeline(1, parseTyped(`t${at}`, 'SELECT $1::int + 1, $2', ...types), describe('S', `t${at}`), sync()),
        ...pipeline(1, bindValues('', `t${at}`, ['5', 'x']), execute(''), sync()),
      ],
    ),
    ...pipeline(
      1,
      parseTyped('', 'SELECT $1', UNKNOWN),
      describe('S', ''),
      bindValues('', '', ['a']),
      execute(''),
      sync(),
    ),
    ...pipeline(1, parseTyped('', 'SELECT pg_typeof($1)', UNKNOWN), bindValues('', '', ['a']), execute(''), sync()),
    ...pipeline(
      1,
      parseTyped('', 'SELECT coalesce($1, $2)', UNKNOWN, INT4),
      bindValues('', '', [null, '3']),
      execute(''),
      sync(),
    ),
  ],
  'formats mixed: of parameters and of results, one by one (pgx, tokio-postgres)': [
    ...pipeline(
      1,
      parseTyped('f', 'SELECT id, name, $1::int, $2::text FROM public.items WHERE id = $1', INT4, TEXT),
      ...[bindBytes('', 'f', [int32(3), Buffer.from('x')], [1, 0], [1, 0, 1, 0]), execute('')],
      ...[bindBytes('', 'f', [int32(3), null], [1], [0]), describe('P', ''), execute('')],
      ...[
        bindBytes('', 'f', [Buffer.from('3'), Buffer.from('x')], [0, 1], [0, 1, 0, 1]),
        describe('P', ''),
        execute(''),
      ],
      ...[bindBytes('', 'f', [Buffer.from('3'), null], [], []), describe('P', ''), execute('')],
      sync(),
    ),
    ...pipeline(1, bindBytes('', 'f', [Buffer.from([1, 2]), null], [1, 1], []), execute(''), sync()),
    ...pipeline(1, bindBytes('', 'f', [int32(3), Buffer.from([0xff])], [1, 1], []), execute(''), sync()),
    ...pipeline(1, bindBytes('', 'f', [int32(3), null], [1, 0], [1, 0]), execute(''), sync()),
  ],
  'Parse, Describe, Flush, and the rest when that was answered (asyncpg)': [
    step(
      'T',
      parse('__asyncpg_1', 'SELECT id, name FROM public.items WHERE id = $1'),
      describe('S', '__asyncpg_1'),
      flush(),
    ),
    step('Z', bindBytes('', '__asyncpg_1', [int32(3)], [1], [1]), execute(''), sync()),
    step('E', parse('__asyncpg_2', 'SELECT nothing'), describe('S', '__asyncpg_2'), flush()),
    step('Z', sync()),
    step('n', parse('__asyncpg_3', CLEAN), describe('S', '__asyncpg_3'), flush()),
    step('Z', bind('', '__asyncpg_3'), execute(''), sync()),
    step('Z', close('S', '__asyncpg_1'), sync()),
    step('Z', bindBytes('', '__asyncpg_1', [int32(3)], [1], [1]), sync()),
  ],
  'a cursor of asyncpg: a portal with a Sync behind it, in a transaction': [
    ...pipeline(1, query('BEGIN')),
    step('T', parse('c', ROWS), describe('S', 'c'), flush()),
    ...pipeline(1, bind('portal_1', 'c'), sync()),
    ...pipeline(1, execute('portal_1', 3), sync()),
    ...pipeline(1, execute('portal_1', 3), sync()),
    ...pipeline(1, close('P', 'portal_1'), sync()),
    ...pipeline(1, query('ROLLBACK')),
  ],
  'many rows at once: Bind and Execute of a known statement, one Sync, an error among them (asyncpg)': [
    step('t', parse('m', 'INSERT INTO public.scratch VALUES ($1, $2)'), describe('S', 'm'), flush()),
    ...pipeline(
      1,
      ...['920', '921', 'x', '923'].flatMap((id) => [bindValues('', 'm', [id, 'a']), execute('')]),
      sync(),
    ),
    ...pipeline(1, query('SELECT count(*) FROM public.scratch WHERE id >= 900')),
  ],
  'a cursor of node-postgres: Flush behind each piece, Close and Sync at its end': [
    step('T', parse('', ROWS), bind('', ''), describe('P', ''), flush()),
    step('s', execute('', 4), flush()),
    step('s', execute('', 4), flush()),
    step('C', execute('', 4), flush()),
    step('Z', close('P', ''), sync()),
    ...pipeline(1, run('SELECT 1'), sync()),
  ],
  'a cursor of node-postgres that is closed before its end': [
    step('T', parse('', ROWS), bind('', ''), describe('P', ''), flush()),
    step('s', execute('', 4), flush()),
    step('Z', close('P', ''), sync()),
    ...pipeline(1, execute('', 4), sync()),
  ],
  'a cursor that fails in the middle (node-postgres)': [
    step('T', parse('', 'SELECT 10 / (3 - g) FROM generate_series(1, 5) g'), bind('', ''), describe('P', ''), flush()),
    step('s', execute('', 2), flush()),
    step('E', execute('', 2), flush()),
    step('Z', sync()),
  ],
  'a pipeline of libpq: a Flush request between, Sync only at the end (psycopg 3)': [
    step('C', run('SELECT 1'), flush()),
    step('C', run(ROWS), flush()),
    step('C', runPlain("INSERT INTO public.scratch VALUES (930, 'x')"), flush()),
    step('E', run('SELECT 1/0'), run('SELECT 3'), flush()),
    step('Z', sync()),
    ...pipeline(1, query('SELECT count(*) FROM public.scratch WHERE id >= 900')),
  ],
  'a pipeline that prepares, runs and closes what it prepared (libpq 17, pgx)': [
    ...pipeline(
      2,
      ...[
        parse('q', 'SELECT $1::int * 2'),
        describe('S', 'q'),
        bindValues('', 'q', ['4']),
        describe('P', ''),
        execute(''),
      ],
      ...[close('S', 'q'), parse('q', 'SELECT $1::text'), describe('S', 'q'), bindValues('', 'q', ['4']), execute('')],
      ...[sync(), close('S', 'q'), bindValues('', 'q', ['4']), execute(''), sync()],
    ),
  ],
  'Execute and Close of the unnamed portal (sqlx)': [
    ...pipeline(1, parse('sqlx_s_1', ROWS), describe('S', 'sqlx_s_1'), sync()),
    ...pipeline(1, bindBytes('', 'sqlx_s_1', [], [], [1]), execute('', 0), close('P', ''), sync()),
    ...pipeline(1, bindBytes('', 'sqlx_s_1', [], [], [1]), execute('', 1), close('P', ''), sync()),
  ],
  'portals with a Sync between, outside of a transaction (tokio-postgres)': [
    ...pipeline(1, parse('s1', ROWS), describe('S', 's1'), sync()),
    ...pipeline(1, bind('p1', 's1'), sync()),
    ...pipeline(1, execute('p1', 3), sync()),
    ...pipeline(1, close('S', 's1'), sync()),
    ...pipeline(1, close('S', 's1'), sync()),
  ],
  'Describe of a statement whose table was changed': [
    ...pipeline(1, query('CREATE TEMP TABLE shape (a int, b text)')),
    ...pipeline(
      1,
      parse('d', 'SELECT * FROM shape'),
      describe('S', 'd'),
      bind('', 'd'),
      describe('P', ''),
      execute(''),
      sync(),
    ),
    ...pipeline(1, query('ALTER TABLE shape ADD COLUMN c int')),
    ...pipeline(1, bind('', 'd'), describe('P', ''), execute(''), sync()),
    ...pipeline(1, close('S', 'd'), parse('d', 'SELECT * FROM shape'), describe('S', 'd'), sync()),
    ...pipeline(1, query('DROP TABLE shape')),
    ...pipeline(1, bind('', 'd'), execute(''), sync()),
  ],
  'Describe of a statement whose table has columns of other names now': [
    ...pipeline(1, query('CREATE TEMP TABLE named (a int, b text)')),
    ...pipeline(1, parse('d', 'SELECT a, b FROM named WHERE a = $1'), describe('S', 'd'), sync()),
    ...pipeline(1, query('ALTER TABLE named RENAME a TO x')),
    ...pipeline(1, bindValues('', 'd', ['1']), execute(''), sync()),
    ...pipeline(1, query('DROP TABLE named')),
  ],
  'a table that is made, filled, read and dropped in one pipeline': [
    ...pipeline(
      1,
      ...[runPlain('CREATE TEMP TABLE brief (a int)'), runPlain('INSERT INTO brief VALUES (1), (2)')],
      ...[run('SELECT a FROM brief ORDER BY a'), runPlain('DROP TABLE brief'), sync()],
    ),
  ],
  'empty texts, by every way to send them': [
    ...pipeline(1, parse('', ''), bind('', ''), execute(''), sync()),
    ...pipeline(
      1,
      parse('e', ' ; '),
      describe('S', 'e'),
      bind('', 'e'),
      describe('P', ''),
      execute('', 1),
      execute(''),
      sync(),
    ),
    ...pipeline(1, parse('', '/* ping */'), describe('S', ''), bind('', ''), execute(''), sync()),
    ...pipeline(1, run('-- ping'), run(''), run('SELECT 1'), sync()),
    ...pipeline(2, query(''), query(';')),
    ...pipeline(3, query('BEGIN'), run(''), sync(), query('COMMIT')),
    ...pipeline(2, query('BEGIN; SELECT nothing'), run(''), sync()),
    ...pipeline(2, query(''), query('ROLLBACK')),
  ],
  'the unnamed portal read in pieces, behind another that is bound': [
    ...pipeline(1, query('BEGIN')),
    ...pipeline(1, parse('', ROWS), bind('', ''), execute('', 2), sync()),
    ...pipeline(1, execute('', 2), sync()),
    ...pipeline(1, parse('', 'SELECT 7'), execute('', 2), bind('', ''), execute('', 0), execute('', 0), sync()),
    ...pipeline(1, query('COMMIT')),
  ],
  'portals of one statement with different values, in turn': [
    ...pipeline(1, query('BEGIN')),
    ...pipeline(
      1,
      parse('s', 'SELECT id, $1::text FROM public.items ORDER BY id LIMIT 6'),
      ...[bindValues('a', 's', ['a']), bindValues('b', 's', ['b'], 1), describe('P', 'b')],
      ...[
        execute('a', 2),
        execute('b', 2),
        execute('a', 2),
        execute('b', 0),
        execute('a', 0),
        execute('a', 0),
        execute('b', 1),
        sync(),
      ],
    ),
    ...pipeline(1, query('COMMIT')),
  ],
  'a suspended portal and an error of another one': [
    ...pipeline(1, query('BEGIN')),
    ...pipeline(1, parse('s', ROWS), bind('a', 's'), execute('a', 2), run('SELECT 1/0'), execute('a', 2), sync()),
    ...pipeline(1, execute('a', 2), sync()),
    ...pipeline(1, query('ROLLBACK')),
    ...pipeline(1, bind('', 's'), execute('', 1), sync()),
  ],
  'writes with RETURNING and a row limit, executed again': [
    ...pipeline(1, query('BEGIN')),
    ...pipeline(
      1,
      ...[parse('', 'INSERT INTO public.scratch VALUES (940, $1), (941, $1) RETURNING id'), bindValues('w', '', ['x'])],
      ...[execute('w', 1), execute('w', 1), execute('w', 1), sync()],
    ),
    ...pipeline(1, query('ROLLBACK')),
  ],
  'a write without an answer, executed again': [
    ...pipeline(1, query('BEGIN')),
    ...pipeline(1, parse('', CLEAN), bind('w', ''), execute('w'), execute('w'), sync()),
    ...pipeline(1, query('ROLLBACK')),
  ],
  'COPY among statements of a pipeline': [
    step('G', run('SELECT 1'), runPlain('COPY public.scratch FROM STDIN'), flush()),
    step('Z', copyData('950\ta\n'), copyDone(), run('SELECT count(*) FROM public.scratch WHERE id >= 900'), sync()),
    step('Z', runPlain('COPY (SELECT id FROM public.scratch WHERE id >= 900) TO STDOUT'), run('SELECT 2'), sync()),
    step('Z', query(CLEAN)),
  ],
  'COPY prepared once, run twice (asyncpg, pgx)': [
    step('n', parse('copy', 'COPY public.scratch FROM STDIN'), describe('S', 'copy'), flush()),
    step('G', bind('', 'copy'), execute(''), sync()),
    step('Z', copyData('960\ta\n'), copyDone(), sync()),
    step('G', bind('', 'copy'), execute(''), sync()),
    step('Z', copyData('961\ta\n'), copyDone(), sync()),
    step('Z', query(CLEAN)),
  ],
  'COPY in binary, by a Query (npgsql, pgx)': [
    step('G', query('COPY public.scratch (id, note) FROM STDIN BINARY')),
    step(
      'Z',
      message('d', Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), int32(0), int32(0)),
      message('d', int16(2), int32(4), int32(970), int32(1), Buffer.from('b')),
      message('d', int16(-1)),
      copyDone(),
    ),
    step('Z', query('COPY (SELECT id, note FROM public.scratch WHERE id >= 900) TO STDOUT BINARY')),
    step('Z', query(CLEAN)),
  ],
  'a name that is closed and used again for something of another shape': [
    ...pipeline(1, parse('n', 'SELECT 1 AS one'), describe('S', 'n'), bind('n', 'n'), execute('n'), sync()),
    ...pipeline(
      1,
      close('S', 'n'),
      close('P', 'n'),
      parse('n', 'SELECT $1::text, $2::text'),
      describe('S', 'n'),
      sync(),
    ),
    ...pipeline(1, bindValues('n', 'n', ['a', 'b']), describe('P', 'n'), execute('n'), sync()),
    ...pipeline(1, close('S', 'n'), parse('n', CLEAN), describe('S', 'n'), bind('', 'n'), execute(''), sync()),
  ],
  'a Sync for each statement, all sent at once (psycopg 3, pgx)': pipeline(
    5,
    ...[run('SELECT 1'), sync(), run('SELECT 1/0'), sync(), run(ROWS), sync()],
    ...[run('SELECT nothing'), run('SELECT 4'), sync(), run('SELECT 5'), sync()],
  ),
  'Describe of a portal that was executed already': pipeline(
    1,
    ...[parse('', ROWS), bind('', ''), execute('', 2), describe('P', ''), execute('', 0), describe('P', ''), sync()],
  ),
  'LISTEN, NOTIFY and what comes of it, by the extended protocol': [
    ...pipeline(1, runPlain('LISTEN "a channel"'), sync()),
    ...pipeline(1, runPlain('UNLISTEN *'), sync()),
  ],
  'settings by the extended protocol, with what they report (pgjdbc, Django)': [
    ...pipeline(1, runPlain('SET extra_float_digits = 3'), sync()),
    ...pipeline(1, runPlain("SET TIME ZONE 'UTC'"), runPlain("SET application_name = 'x'"), sync()),
    ...pipeline(
      1,
      parse('', "SELECT set_config('TimeZone', $1, false)"),
      bindValues('', '', ['Asia/Tokyo']),
      execute(''),
      sync(),
    ),
    ...pipeline(
      1,
      runPlain('BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ'),
      run('SHOW transaction_isolation'),
      sync(),
    ),
    ...pipeline(1, runPlain('SET TRANSACTION READ WRITE'), sync()),
    ...pipeline(1, runPlain('ROLLBACK'), sync()),
    ...pipeline(1, runPlain('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY'), runPlain(CLEAN), sync()),
    ...pipeline(1, runPlain('RESET ALL'), sync()),
  ],
};
