/** Random orders of a client's messages over one public table, with names that collide. */
import { cstring, int16, int32, message } from '../../harness/evil-client.ts';
import type { Random } from '../random.ts';

export type Piece = { readonly says: string; readonly bytes: Buffer };

export const PUBLIC_SCHEMA = `CREATE TABLE t (k int PRIMARY KEY, v text NOT NULL DEFAULT 'd');
  INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 5) i; GRANT ALL ON t TO app;`;

const STATEMENTS: readonly string[] = [
  'SELECT k, v FROM t ORDER BY k',
  'SELECT $1::int + 1 AS n',
  'SELECT k FROM t WHERE v = $1 ORDER BY k',
  'SELECT generate_series(1, 5) AS g',
  'INSERT INTO t (k) VALUES ((SELECT max(k) + 1 FROM t)) RETURNING k, v',
  "UPDATE t SET v = v || '!' WHERE k = 1",
  'DELETE FROM t WHERE k > 7 RETURNING *',
  'SELECT 1 / (k - 1) AS q FROM t ORDER BY k DESC',
  '',
  '-- nothing',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT s',
  'ROLLBACK TO s',
  'COPY t (k, v) TO STDOUT',
  'COPY (SELECT k FROM t ORDER BY k) TO STDOUT (FORMAT csv, HEADER)',
  'DECLARE c CURSOR FOR SELECT k FROM t ORDER BY k',
  'CLOSE c',
  "SET application_name = 'fuzz'",
  'SHOW application_name',
  'EXPLAIN (COSTS OFF) SELECT k FROM t WHERE k = 1',
  'VALUES (1, NULL), (2, $$x$$)',
];
/**
 * Sent simply only. The gateway looks up the names in FETCH and EXECUTE when they are parsed, the server when they run;
 * and it asks whether a name is taken before the statement is analysed, the server after.
 */
const SIMPLE_STATEMENTS: readonly string[] = [
  ...STATEMENTS,
  'SELEC',
  'SELECT nosuch FROM t',
  'FETCH 2 FROM c',
  'PREPARE of_sql AS SELECT v FROM t WHERE k = $1',
  'EXECUTE of_sql (2)',
  'DEALLOCATE of_sql',
];
const SCRIPTS: readonly string[] = [
  'SELECT 1 AS a; SELECT 2 AS b',
  'SELECT 1 AS a; SELECT 1 / 0; SELECT 3',
  'BEGIN; SELECT 1; COMMIT',
  ';;',
];
const COPY_IN = 'COPY t (k, v) FROM STDIN';
const NAMES: readonly string[] = ['', 'a', 'b', 'p', 'c'];

export function sequence(random: Random): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let count = random.between(3, 14); count > 0; count--) pieces.push(...step(random));
  return pieces;
}

/** A COPY FROM is always fed and ended at once: what a server makes of other messages in between is its own affair. */
function step(random: Random): readonly Piece[] {
  const name = random.pick(NAMES);
  const portal = random.pick(NAMES);
  return random.weighted<() => readonly Piece[]>([
    [5, () => [parse(name, random.pick(STATEMENTS))]],
    [5, () => [bind(portal, name, random)]],
    [3, () => [describe(random.pick(['S', 'P']), name)]],
    [5, () => [execute(portal, random.pick([0, 0, 1, 2]))]],
    [2, () => [close(random.pick(['S', 'P']), name)]],
    [1, () => [{ says: 'Flush', bytes: message('H') }]],
    [5, () => [{ says: 'Sync', bytes: message('S') }]],
    [4, () => [simple(random.pick(SIMPLE_STATEMENTS))]],
    [1, () => [simple(random.pick(SCRIPTS))]],
    [2, () => [parse('', random.pick(STATEMENTS)), bind('', '', random), describe('P', ''), execute('', 0), sync()]],
    [1, () => [simple(COPY_IN), copyData('90\tx\n'), random.chance(0.5) ? copyEnd('c') : copyFail()]],
    [1, () => [copyData('lost'), copyEnd('c')]],
  ])();
}

const sync = (): Piece => ({ says: 'Sync', bytes: message('S') });
const simple = (text: string): Piece => ({ says: `Query ${text}`, bytes: message('Q', cstring(text)) });
const parse = (name: string, text: string): Piece => ({
  says: `Parse ${name}: ${text}`,
  bytes: message('P', cstring(name), cstring(text), int16(0)),
});

function bind(portal: string, statement: string, random: Random): Piece {
  const value = random.pick(['2', 'v2', 'x']);
  const given = text(random, value);
  const format = random.chance(0.2) ? [int16(1), int16(1)] : [int16(0)];
  return {
    says: `Bind ${portal} to ${statement} (${given.says})`,
    bytes: message('B', cstring(portal), cstring(statement), int16(0), given.bytes, ...format),
  };
}

function text(random: Random, value: string): Piece {
  if (random.chance(0.5)) return { says: 'nothing', bytes: int16(0) };
  const cell = Buffer.from(value);
  return { says: value, bytes: Buffer.concat([int16(1), int32(cell.length), cell]) };
}

const describe = (kind: string, name: string): Piece => ({
  says: `Describe ${kind} ${name}`,
  bytes: message('D', Buffer.from(kind), cstring(name)),
});
const close = (kind: string, name: string): Piece => ({
  says: `Close ${kind} ${name}`,
  bytes: message('C', Buffer.from(kind), cstring(name)),
});
const execute = (portal: string, rows: number): Piece => ({
  says: `Execute ${portal} ${rows}`,
  bytes: message('E', cstring(portal), int32(rows)),
});
const copyData = (data: string): Piece => ({
  says: `CopyData ${JSON.stringify(data)}`,
  bytes: message('d', Buffer.from(data)),
});
const copyEnd = (type: string): Piece => ({ says: 'CopyDone', bytes: message(type) });
const copyFail = (): Piece => ({ says: 'CopyFail', bytes: message('f', cstring('stopped')) });
