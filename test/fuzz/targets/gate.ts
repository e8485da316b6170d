/** The gate: whatever the text, it answers; what it cuts out is a piece of the text. */
import type { GatePool } from '../../../gateway/src/proxy/postgres/gate-pool.ts';
import type { Target } from '../target.ts';

export function gateTarget(pool: GatePool): Target {
  return {
    name: 'gate',
    seeds: [
      'EXPLAIN (ANALYZE, VERBOSE) SELECT 1 FROM a WHERE b = $1',
      "COPY (SELECT * FROM a WHERE b = ')') TO STDOUT WITH (FORMAT csv, DELIMITER ';')",
      'DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT a, b FROM t',
      'PREPARE p (int, numeric(10,2), text[]) AS SELECT $1, $2, $3; EXECUTE p (1, 2, ARRAY[3])',
      'CREATE TEMP TABLE x AS (SELECT 1) WITH NO DATA; SELECT a INTO TEMP y FROM z',
      "SET search_path = a, b; SET LOCAL TIME ZONE 'UTC'; SELECT set_config('a.b', 'c', false)",
      'CREATE OR REPLACE VIEW v (a) AS SELECT 1 WITH CASCADED CHECK OPTION',
      'ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) STORED, ALTER b TYPE text USING b::text',
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; DO $$BEGIN NULL; END$$",
      'BEGIN; SAVEPOINT s; ROLLBACK TO s; COMMIT AND CHAIN',
    ],
    tokens: [
      'SELECT ',
      ' FROM ',
      ' WHERE ',
      '(',
      ')',
      ';',
      "'",
      '$$',
      '--',
      '/*',
      '*/',
      ' AS ',
      'EXPLAIN ',
      'COPY ',
      ' WITH ',
      ' INTO ',
      ' TO STDOUT',
      'é',
      '$1',
      '::',
      "E'\\",
      'U&"',
    ],
    maxBytes: 400,
    check: async (input) => {
      const text = input.toString('utf8').replaceAll('\0', ' ');
      const result = await pool.judge(text, 15);
      if (result.kind !== 'statements') return;
      const bytes = Buffer.from(text);
      for (const statement of result.statements) {
        if (bytes.subarray(statement.startByte, statement.endByte).toString() !== statement.text)
          throw new Error('a statement is not where it says');
        const { verdict } = statement;
        if (
          'innerText' in verdict &&
          typeof verdict.innerText === 'string' &&
          verdict.handling !== 'create-from-query' &&
          !statement.text.includes(verdict.innerText)
        )
          throw new Error('an inner query is no part of its statement');
      }
    },
  };
}
