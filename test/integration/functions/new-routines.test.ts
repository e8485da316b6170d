/** Functions and procedures that are made through the gateway, by somebody whose labelled columns are masked. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsGateway, outcome, startFunctionsGateway } from './gateway-on.ts';

const MAJOR = 15;

/** Each with what using it answers. */
const MADE: readonly (readonly [string, string, string, string])[] = [
  [
    'in SQL',
    "CREATE FUNCTION pg_temp.n1(i int) RETURNS int LANGUAGE sql AS 'SELECT i + 1'",
    'SELECT pg_temp.n1(1)',
    '2',
  ],
  [
    'over open columns of a labelled table',
    "CREATE FUNCTION public.n2() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM crm.customers'",
    'SELECT public.n2() > 0',
    't',
  ],
  [
    'in PL/pgSQL',
    'CREATE OR REPLACE FUNCTION public.n3(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN i * 2; END $$',
    'SELECT public.n3(4)',
    '8',
  ],
  [
    'a procedure',
    "CREATE PROCEDURE public.n4(i int) LANGUAGE sql AS 'INSERT INTO crm.log (at) VALUES (i)'",
    'CALL public.n4(900)',
    '',
  ],
  [
    'as an expression',
    'CREATE FUNCTION public.n7(i int) RETURNS int LANGUAGE sql RETURN i + 1',
    'SELECT public.n7(1)',
    '2',
  ],
  [
    'as a block of statements',
    'CREATE PROCEDURE public.n8(i int) BEGIN ATOMIC INSERT INTO crm.log (at) VALUES (i); INSERT INTO crm.log (at) VALUES (CASE WHEN i > 1 THEN 2 END); END',
    'CALL public.n8(901)',
    '',
  ],
  [
    'given a classified value, its result is masked',
    "CREATE FUNCTION pg_temp.n5(t text) RETURNS text LANGUAGE sql AS 'SELECT upper(t)'",
    'SELECT pg_temp.n5(ssn) FROM crm.customers WHERE id = 1',
    '∅',
  ],
];

const HELD: readonly (readonly [string, string])[] = [
  [
    'reads a classified column',
    "CREATE FUNCTION pg_temp.h1() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM crm.customers'",
  ],
  [
    'tests a classified column',
    "CREATE FUNCTION pg_temp.h2() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM crm.customers WHERE ssn > ''5'''",
  ],
  [
    'calls a function that reads one',
    "CREATE FUNCTION pg_temp.h3() RETURNS text LANGUAGE sql AS 'SELECT app.ssn_of(1)'",
  ],
  [
    'runs dynamic SQL',
    "CREATE FUNCTION pg_temp.h4() RETURNS int LANGUAGE plpgsql AS $$ DECLARE i int; BEGIN EXECUTE 'SELECT 1' INTO i; RETURN i; END $$",
  ],
  [
    'has the name of another function',
    "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
  ],
  [
    'has the name of a column, which is called like one',
    "CREATE FUNCTION public.ssn(crm.orders) RETURNS text LANGUAGE sql AS 'SELECT ''x'''",
  ],
  ['has the name of a type', "CREATE FUNCTION public.int4(text) RETURNS text LANGUAGE sql AS 'SELECT $1'"],
  [
    'names a table without its schema',
    "CREATE FUNCTION pg_temp.h5() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders'",
  ],
  [
    'names a function of users without its schema',
    "CREATE FUNCTION pg_temp.h6() RETURNS numeric LANGUAGE sql AS 'SELECT total(10)'",
  ],
  [
    'calls a function that names a table without its schema',
    "CREATE FUNCTION pg_temp.h7() RETURNS bigint LANGUAGE sql AS 'SELECT app.by_path()'",
  ],
  [
    'reads one in RETURN',
    'CREATE FUNCTION public.h8(i int) RETURNS text LANGUAGE sql RETURN (SELECT ssn FROM crm.customers WHERE id = i)',
  ],
  [
    'reads one in the last statement of a block',
    'CREATE FUNCTION public.h9() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT max(ssn) FROM crm.customers; END',
  ],
  [
    'is of a trigger that reads one',
    'CREATE FUNCTION public.h10() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := (SELECT ssn FROM crm.customers WHERE id = NEW.id); RETURN NEW; END $$',
  ],
  [
    'is of a trigger and runs dynamic SQL',
    'CREATE FUNCTION public.h11() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE NEW.note; RETURN NEW; END $$',
  ],
  [
    'is of a trigger and hands on a whole row, of whatever table',
    'CREATE FUNCTION public.h12() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO crm.log VALUES (1, to_jsonb(NEW)::text); RETURN NEW; END $$',
  ],
];

const TOUCH =
  'CREATE FUNCTION public.touch_n6() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NEW.n + 1; INSERT INTO crm.log (at) VALUES (NEW.id); RETURN NEW; END $$';
const ON_OPEN = 'BEFORE UPDATE ON public.t6 FOR EACH ROW';

/** Triggers with `touch_n6` where nothing else is said. */
const TRIGGERS_HELD: readonly (readonly [string, string])[] = [
  [
    'on a table with a classified column',
    'BEFORE UPDATE ON crm.customers FOR EACH ROW EXECUTE FUNCTION public.touch_n6()',
  ],
  ['with a function that reads one', `${ON_OPEN} EXECUTE FUNCTION app.fill_detail()`],
  ['with a function that is not known', `${ON_OPEN} EXECUTE FUNCTION public.nowhere()`],
];

describe('routines made through the gateway', { timeout: 120_000 }, () => {
  let functions: FunctionsGateway;
  let client: pg.Client;
  beforeAll(async () => {
    functions = await startFunctionsGateway(MAJOR);
    await functions.server.admin(
      `SET search_path = crm; CREATE FUNCTION app.by_path() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';
       GRANT USAGE, CREATE ON SCHEMA public TO app_gateway;`,
    );
    client = await functions.connect();
    await client.query('SET search_path = crm, app, public');
  }, 120_000);
  afterAll(async () => {
    await functions.stop();
  });

  it('a trigger is made on an open table, and fires', async () => {
    expect(await outcome(client, TOUCH)).toBe('');
    expect(await outcome(client, `CREATE TABLE public.t6 (id int PRIMARY KEY, n int, note text)`)).toBe('');
    expect(await outcome(client, `CREATE TRIGGER t6 ${ON_OPEN} EXECUTE FUNCTION public.touch_n6()`)).toBe('');
    expect(await outcome(client, 'INSERT INTO public.t6 VALUES (1, 1)')).toBe('');
    expect(await outcome(client, "UPDATE public.t6 SET note = 'x' RETURNING n")).toBe('2');
    for (const [name, trigger] of TRIGGERS_HELD)
      expect([name, await outcome(client, `CREATE TRIGGER t7 ${trigger}`)]).toEqual([
        name,
        expect.stringContaining('held for approval'),
      ]);
  });

  it.each(MADE)('made and used: %s', async (_name, made, used, expected) => {
    expect(await outcome(client, made)).toBe('');
    expect(await outcome(client, used)).toBe(expected);
  });

  it.each(HELD)('held, because it %s', async (_name, made) => {
    expect(await outcome(client, made)).toContain('held for approval');
  });

  it('a function that is dropped does not come back as one that reads a classified column', async () => {
    expect(await outcome(client, "CREATE FUNCTION public.d1() RETURNS text LANGUAGE sql AS 'SELECT ''x'''")).toBe('');
    expect(
      await outcome(
        client,
        'CREATE FUNCTION public.d2() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN public.d1(); END $$',
      ),
    ).toBe('');
    expect(await outcome(client, 'SELECT public.d2()')).toBe('x');
    expect(await outcome(client, 'DROP FUNCTION public.d1()')).toBe('');
    const reading = "CREATE FUNCTION public.d1() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM crm.customers LIMIT 1'";
    expect(await outcome(client, reading)).toContain('held for approval');
    await functions.server.admin(`${reading}; GRANT EXECUTE ON FUNCTION public.d1() TO app_gateway`);
    expect(await outcome(client, 'SELECT public.d2()')).toMatch(/^(∅|refused by .*)$/);
  });
});
