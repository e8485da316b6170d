/** Every mask on every type through a real gateway: what clients read is valid, the same in every format, and shows no more than its kind says. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';
import { CONSTANT, MASK_NAMES, type MaskName, TYPES } from './masks/data.ts';
import { DATABASES, type Database, startMaskingGateway, USER } from './masks/gateway.ts';

const COLUMNS = TYPES.map(([column]) => column);

let server: PostgresServer;
let gateway: TestGateway;
const clients = new Map<Database, pg.Client>();

beforeAll(async () => {
  server = await startPostgres();
  gateway = await startMaskingGateway(server);
  for (const database of DATABASES) {
    const minted = await gateway.mintSession(USER.username, `db-${database}`);
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: gateway.postgresPort, user: minted.username, password: minted.secret },
      database: minted.database,
      ssl: { ca: readFileSync(gateway.caFile, 'utf8') },
    });
    await client.connect();
    clients.set(database, client);
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await gateway.stop();
  await server.stop();
});

function through(database: Database): pg.Client {
  const client = clients.get(database);
  if (client === undefined) throw new Error('no client');
  return client;
}

type Cells = readonly (readonly (string | null)[])[];

/** Cells as they come in text format. */
async function text(client: pg.Client, sql: string, values: readonly unknown[] = []): Promise<Cells> {
  const asItCame = { getTypeParser: () => (value: string | Buffer) => value };
  const { rows } = await client.query<(string | null)[]>({
    ...{ text: sql, values: [...values], rowMode: 'array', types: asItCame },
  });
  return rows;
}

async function copied(client: pg.Client, query: string, options: string): Promise<Buffer> {
  return await buffer(client.query(copyTo(`COPY (${query}) TO STDOUT (${options})`)));
}

/** Cells as they come in binary format: the tuples of a binary COPY. */
async function binary(client: pg.Client, query: string): Promise<readonly (readonly (Buffer | null)[])[]> {
  const copy = await copied(client, query, 'FORMAT binary');
  const rows: (Buffer | null)[][] = [];
  let at = 19;
  for (let columns = copy.readInt16BE(at); columns !== -1; columns = copy.readInt16BE(at)) {
    at += 2;
    rows.push(
      Array.from({ length: columns }, () => {
        const length = copy.readInt32BE(at);
        at += 4 + Math.max(length, 0);
        return length === -1 ? null : copy.subarray(at - length, at);
      }),
    );
  }
  return rows;
}

const selectAll = (name: MaskName): string => `SELECT ${COLUMNS.join(', ')} FROM ${name}`;

describe.each(MASK_NAMES)('the mask %s', (name) => {
  it.runIf(CONSTANT.includes(name))('shows nothing of any value, in any format', async () => {
    const of = async (database: Database) => ({
      text: await text(through(database), selectAll(name)),
      binary: await binary(through(database), selectAll(name)),
      csv: (await copied(through(database), selectAll(name), 'FORMAT csv')).toString(),
      plain: (await copied(through(database), selectAll(name), 'FORMAT text')).toString(),
    });
    const [a, b] = [await of('a'), await of('b')];
    expect(a).toEqual(b);
    for (const row of a.text) expect(row).toEqual(a.text[0]);
  });

  it('gives values that the server takes for its type, and the same ones in text and binary', async () => {
    const direct = new pg.Client({ connectionString: server.uri('a') });
    await direct.connect();
    try {
      for (const database of DATABASES) {
        const asText = await text(through(database), selectAll(name));
        const asBinary = await binary(through(database), selectAll(name));
        for (const [r, row] of asText.entries()) {
          for (const [c, [column, type]] of TYPES.entries()) {
            const cell = row[c] ?? null;
            const [[read] = []] = await text(direct, `SELECT ($1::text)::${type}::text`, [cell]);
            const [[sent] = []] = await text(direct, `SELECT $1::${type}::text`, [asBinary[r]?.[c] ?? null]);
            expect({ column, read: sent }).toEqual({ column, read });
            // What the server would have sent: nothing is cut, filled up or spelled in another way.
            if (cell !== null && read !== undefined)
              expect({ column, cell: await spelled(direct, cell, type) }).toEqual({ column, cell });
          }
        }
      }
    } finally {
      await direct.end();
    }
  });
});

/** The text that the server sends for this value. */
async function spelled(direct: pg.Client, cell: string, type: string): Promise<string | null> {
  const [[same] = []] = await text(direct, `SELECT ($1::text)::${type}`, [cell]);
  return same ?? null;
}

/** Column `column` of each row of a table, in text. */
async function column(database: Database, table: string, name: string): Promise<readonly (string | null)[]> {
  return (await text(through(database), `SELECT ${name} FROM ${table}`)).map(([cell]) => cell ?? null);
}

describe('what a mask shows of a value', () => {
  const TOKEN = expect.stringMatching(/^tok_[a-z2-7]{26}$/) as string;

  it.each<readonly [MaskName, string, readonly (string | null)[]]>([
    ['last', 'c_varchar', ['***.com', '***1111', '***']],
    ['last', 'c_char5', ['*bcde', '*    ', '*    ']],
    ['last', 'c_short', [null, null, null]],
    ['last', 'c_int4', [null, null, null]],
    ['token', 'c_text', [TOKEN, TOKEN, TOKEN]],
    ['token', 'c_code', [null, null, null]],
    ['token', 'c_jsonb', [null, null, null]],
    [
      'domain',
      'c_text',
      ['example.com', 'navy.example.org', 'masked.invalid'].map(
        (domain) => expect.stringMatching(new RegExp(`^tok_[a-z2-7]{26}@${domain}$`)) as string,
      ),
    ],
    ['year', 'c_date', ['1987-01-01', '2024-01-01', '1970-01-01']],
    ['year', 'c_timestamptz', ['1987-01-01 00:00:00+00', '2023-01-01 00:00:00+00', '1970-01-01 00:00:00+00']],
    ['year', 'c_text', [null, null, null]],
    ['hour', 'c_timestamp', ['1987-06-05 13:00:00', '2024-02-29 23:00:00', null]],
    ['hour', 'c_timetz', ['11:00:00+00', '12:00:00+00', null]],
    ['hundred', 'c_int4', ['123400', '-2147483600', '0']],
    ['hundred', 'c_price', ['99900.00', '-99900.00', '0.00']],
    ['hundred', 'c_money', ['$1,200.00', '$0.00', '$0.00']],
    ['half', 'c_float8', ['1234.5', '-0.5', null]],
    ['half', 'c_numeric', ['1234.5', '0.0', null]],
    ['half', 'c_int4', [null, null, null]],
  ])('%s of %s', async (name, of, shown) => {
    expect(await column('a', name, of)).toEqual(shown);
  });

  it('is the same in the simple protocol, in COPY and through a cursor', async () => {
    const client = through('a');
    for (const name of MASK_NAMES) {
      const cells = await text(client, `${selectAll(name)} WHERE $1::int = 1`, [1]);
      expect(await text(client, selectAll(name))).toEqual(cells);
      const copy = (await copied(client, selectAll(name), "FORMAT text, NULL 'NIL', DELIMITER '|'")).toString();
      const unescaped = copy
        .trimEnd()
        .split('\n')
        .map((line) => line.split('|').map((cell) => (cell === 'NIL' ? null : cell.replaceAll('\\\\', '\\'))));
      expect(unescaped).toEqual(cells);
      // The driver reads every cell as UTF-8, what is not UTF-8 with loss; so are the ones that it is compared with.
      const inBinary = (await binary(client, selectAll(name))).map((row) =>
        row.map((cell) => cell?.toString() ?? null),
      );
      for (const [kind, expected] of [
        ['', cells],
        ['BINARY', inBinary],
      ] as const) {
        await client.query(`BEGIN; DECLARE rows ${kind} CURSOR FOR ${selectAll(name)}`);
        const fetched = [...(await text(client, 'FETCH 1 FROM rows')), ...(await text(client, 'FETCH ALL FROM rows'))];
        await client.query('COMMIT');
        expect(fetched.map((row) => row.map((cell) => cell?.toString() ?? null))).toEqual(expected);
      }
    }
  });

  it('is joinable within a resource and a purpose, and not beyond', async () => {
    const [inTable] = await column('a', 'token', 'c_text');
    expect((await column('a', 'token', 'c_varchar'))[0]).toBe(inTable);
    expect(await column('a', 'parts', 'c_text')).toEqual([inTable, inTable]);
    const [x, y] = await column('b', 'parts', 'c_text');
    expect(x).not.toBe(y);
    // The other resource has 'x' as well.
    expect(await column('b', 'token', 'c_varchar')).toContain(x);
    expect(await column('a', 'token', 'c_varchar')).not.toContain(x);
  });

  it.each([
    ['a column of a view', 'SELECT address FROM seen', true],
    [
      'a column of a common table',
      'WITH q AS (SELECT id, c_text AS t FROM token) SELECT q.t FROM q JOIN plain ON true OR q.id = plain.id',
      true,
    ],
    ['a column of a sub-query', 'SELECT t FROM (SELECT c_text AS t FROM token OFFSET 0) AS q', true],
    ['a row that was written', "INSERT INTO made (id, c_text) VALUES (9, 'ada@example.com') RETURNING c_text", true],
    ['a row that was changed', 'UPDATE made SET id = 8 WHERE id = 9 RETURNING c_text', true],
    ['a row that is gone', 'DELETE FROM made WHERE id = 8 RETURNING c_text', true],
    ['an expression over a row', 'UPDATE made SET id = id RETURNING lower(c_text)', false],
    ['an expression', 'SELECT upper(c_text) FROM token', false],
    ['an expression in a view of its own', 'SELECT t FROM (SELECT c_text || $$x$$ AS t FROM token) AS q', false],
    ['a choice between columns', 'SELECT coalesce(c_text, c_varchar) FROM token', false],
    ['a union', 'SELECT c_text FROM token UNION ALL SELECT note FROM plain', false],
    ['an aggregate', 'SELECT max(c_text) FROM token', false],
    ['a scalar sub-query', 'SELECT (SELECT c_text FROM made WHERE id = 1)', false],
    ['a generated column', 'SELECT mirrored FROM made', false],
    ['a whole row', 'SELECT made FROM made', false],
    ['a cast', 'SELECT c_varchar::text FROM token', false],
  ])('is shown of a column itself, and of nothing made from it: %s', async (_, sql, isShown) => {
    await through('a').query('INSERT INTO plain (id) VALUES (1)');
    const rows = await text(through('a'), sql);
    await through('a').query('DELETE FROM plain');
    expect(rows.length).toBeGreaterThan(0);
    for (const [cell] of rows) expect(cell).toEqual(isShown ? TOKEN : null);
  });
});

describe('a label with a path', () => {
  it('masks its place in every document, whether or not it is there, and in every format', async () => {
    const client = through('a');
    const shown = [['{"n": 1.50, "ssn": "[hidden]"}'], ['{"n": 2, "ssn": "[hidden]"}'], [null]];
    for (const name of ['doc', 'raw']) {
      expect(await text(client, `SELECT ${name} FROM docs`)).toEqual(shown);
      expect(await text(through('b'), `SELECT ${name} FROM docs`)).toEqual(shown);
      expect(await text(client, `WITH d AS (SELECT * FROM docs) SELECT ${name} FROM d`)).toEqual(shown);
      const [row] = await binary(client, `SELECT ${name} FROM docs`);
      expect(row?.[0]?.toString('utf8', name === 'doc' ? 1 : 0)).toBe(shown[0]?.[0]);
      expect((await copied(client, `SELECT ${name} FROM docs WHERE id = 1`, 'FORMAT csv')).toString()).toBe(
        '"{""n"": 1.50, ""ssn"": ""[hidden]""}"\n',
      );
    }
  });

  it('holds for whatever is made from the column', async () => {
    const client = through('a');
    for (const made of ["doc #>> '{ssn}'", "doc #>> '{}'", "doc -> 'ssn'", 'doc::text', 'jsonb_typeof(doc)', 'docs']) {
      expect(await text(client, `SELECT ${made} FROM docs WHERE id = 1`)).not.toContainEqual([
        expect.stringMatching(/1\.50|ada|string/),
      ]);
    }
    await expect(client.query("SELECT id FROM docs WHERE doc ->> 'ssn' = 'x'")).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('leaves other keys as they are, to show and to filter by', async () => {
    for (const side of ['a', 'b'] as const) {
      const client = through(side);
      for (const name of ['doc', 'raw'])
        expect(
          await text(client, `SELECT ${name} ->> 'n', id FROM docs WHERE ${name} ->> 'n' > '1' ORDER BY 1`),
        ).toEqual([
          ['1.50', '1'],
          ['2', '2'],
        ]);
      expect(await text(client, "SELECT doc #>> '{n}' FROM docs WHERE id = 1")).toEqual([['1.50']]);
    }
  });

  it('does not let values out that are written to the rest of the document', async () => {
    const client = through('a');
    await expect(
      client.query('INSERT INTO docs (id, doc) SELECT 9, c_jsonb FROM stars WHERE id = 1'),
    ).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('held for approval') as string,
    });
    await expect(client.query('UPDATE docs SET doc = doc WHERE id = 1')).rejects.toMatchObject({ code: '42501' });
    await expect(client.query("UPDATE docs SET doc = doc || jsonb_build_object('x', doc)")).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('is named in why', async () => {
    const api = await gateway.apiFor(USER.username);
    const why = await api.why('db-a', 'SELECT doc FROM docs');
    expect(why.reasons.map(({ message }) => message).join()).toContain('docs.doc.ssn (regulated, m.stars)');
  });
});

it('why a cell is NULL though policy names a mask is told', async () => {
  const api = await gateway.apiFor(USER.username);
  const why = await api.why('db-a', 'SELECT c_int4, c_text FROM last');
  expect(why.reasons.map(({ policyId, message }) => [policyId, message])).toEqual([
    ['mask-last', expect.stringContaining('last.c_int4 (regulated, m.last)')],
    ['engine:mask-does-not-fit', 'c_int4 is shown as NULL: the mask "last:4" does not fit the type'],
  ]);
});

describe('a value that is moved to where its mask shows more', () => {
  it.each([
    ['turned around in its place', 'UPDATE last SET c_text = reverse(c_text) WHERE id = 1'],
    ['copied to a column of the same label', 'UPDATE last SET c_text = s.c_text FROM stars s WHERE s.id = last.id'],
    ['counted down', 'UPDATE year SET c_date = c_date WHERE id = 1'],
  ])('waits for an approval: %s', async (_, sql) => {
    await expect(through('a').query(sql)).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('held for approval') as string,
    });
  });

  it.each([
    ['a literal', "UPDATE last SET c_text = 'new' WHERE id = 99"],
    [
      'a copy to where nothing is shown',
      'UPDATE stars SET c_text = l.c_text FROM last l WHERE l.id = stars.id AND l.id = 99',
    ],
    ['a row that changes its place', 'UPDATE parts SET id = 3 WHERE id = 99'],
    ['a row that is there already', "INSERT INTO token (id, c_text) VALUES (1, 'x') ON CONFLICT (id) DO NOTHING"],
  ])('does not keep anybody from other writes: %s', async (_, sql) => {
    expect((await through('a').query(sql)).rowCount).toBe(0);
  });
});

describe('a token that is written back', () => {
  const refused = expect.objectContaining({
    code: '42501',
    message: expect.stringContaining('mask token') as string,
  }) as Error;

  it('is refused as a literal, as a parameter, in a prepared statement, and in COPY', async () => {
    const client = through('a');
    const [address = ''] = await column('a', 'email', 'c_text');
    const [key = ''] = await column('a', 'token', 'c_uuid');
    for (const token of [address, address?.toUpperCase(), key]) {
      await expect(client.query(`INSERT INTO plain (note) VALUES ('${token}')`)).rejects.toEqual(refused);
      await expect(client.query('INSERT INTO plain (note) VALUES ($1)', [token])).rejects.toEqual(refused);
      await expect(client.query(`PREPARE back AS INSERT INTO plain (note) VALUES ('${token}')`)).rejects.toEqual(
        refused,
      );
      await expect(client.query(`CREATE TABLE copy AS SELECT '${token}'::text AS note`)).rejects.toEqual(refused);
    }
    const bytes = Buffer.from((key ?? '').replaceAll('-', ''), 'hex');
    await expect(client.query('INSERT INTO plain (key) VALUES ($1)', [bytes])).rejects.toEqual(refused);
    await expect(
      pipeline(
        Readable.from([`1\tbefore ${address?.slice(0, 9)}`, `${address?.slice(9)}\t\\N\n`]),
        client.query(copyFrom('COPY plain FROM STDIN')),
      ),
    ).rejects.toEqual(refused);
    expect(await text(client, 'SELECT count(*) FROM plain')).toEqual([['0']]);
  });

  it('may be looked for, and what only looks like one may be written', async () => {
    const client = through('a');
    const [token] = await column('a', 'token', 'c_text');
    expect(await text(client, 'SELECT id FROM plain WHERE note = $1', [token])).toEqual([]);
    await client.query('INSERT INTO plain VALUES (1, $1, $2)', [
      `tok_${'a'.repeat(26)}`,
      '01234567-89ab-8def-8123-456789abcdef',
    ]);
    await pipeline(Readable.from(['2\ttok_none\t\\N\n']), client.query(copyFrom('COPY plain FROM STDIN')));
    await client.query('DELETE FROM plain');
  });
});
