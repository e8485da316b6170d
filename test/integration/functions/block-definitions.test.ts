/** Definitions inside of DO, by somebody whose labelled columns are masked: judged as when they are sent alone. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsGateway, outcome, startFunctionsGateway } from './gateway-on.ts';

const MAJORS = [15, 18];

/** A block of that many definitions. */
function sequences(prefix: string, count: number): string {
  const definitions = Array.from({ length: count }, (_, index) => `CREATE SEQUENCE public.${prefix}${index};`);
  return `DO $$ BEGIN ${definitions.join(' ')} END $$`;
}

/** Each with a query that tells what became of it, and the answer. */
const RUN: readonly (readonly [string, string, string, string])[] = [
  [
    'an enum with a handler',
    `DO $$ BEGIN CREATE TYPE "public"."status" AS ENUM('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$`,
    "SELECT 'b'::public.status",
    'b',
  ],
  [
    'the same again, which its handler catches',
    `DO $$ BEGIN CREATE TYPE "public"."status" AS ENUM('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$`,
    "SELECT 'a'::public.status",
    'a',
  ],
  [
    'a foreign key of open columns',
    'DO $$ BEGIN ALTER TABLE "crm"."log" ADD CONSTRAINT "log_fk" FOREIGN KEY ("at") REFERENCES "crm"."orders"("id") ON DELETE no action ON UPDATE no action; EXCEPTION WHEN duplicate_object THEN null; END $$',
    "SELECT count(*) FROM pg_constraint WHERE conname = 'log_fk'",
    '1',
  ],
  [
    'a type unless pg_type knows it',
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$",
    "SELECT 'a'::mood",
    'a',
  ],
  [
    'a column unless information_schema knows it',
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'log' AND column_name = 'c') THEN ALTER TABLE crm.log ADD COLUMN c int; END IF; END $$",
    'SELECT count(c) FROM crm.log',
    '0',
  ],
  [
    'several that have nothing to do with each other',
    "DO $$ DECLARE n int := 0; BEGIN SELECT count(*) INTO n FROM pg_class WHERE relname = 'made1'; IF n = 0 THEN CREATE TABLE public.made1 (id int); CREATE TABLE public.made2 (id int); CREATE INDEX log_at ON crm.log (at); COMMENT ON TABLE crm.orders IS 'of customers'; GRANT SELECT ON crm.orders TO PUBLIC; END IF; RAISE NOTICE 'made %', n; END $$",
    'SELECT (SELECT count(*) FROM public.made1), (SELECT count(*) FROM public.made2)',
    '0|0',
  ],
  [
    'an extension that is there',
    'DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citext SCHEMA ext; END $$',
    'SELECT 1',
    '1',
  ],
  [
    'a column that gets another name',
    "DO $$ BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'status') THEN ALTER TABLE crm.orders RENAME COLUMN status TO state; END IF; END $$",
    'SELECT count(state) FROM crm.orders',
    '12',
  ],
  ['as many as a block may hold', sequences('most', 16), "SELECT nextval('public.most15')", '1'],
  ['a table that is dropped', 'DO $$ BEGIN DROP TABLE IF EXISTS crm.no_such_table; END $$', 'SELECT 1', '1'],
  ['a temporary table', 'DO $$ BEGIN CREATE TEMP TABLE x (); END $$', 'SELECT count(*) FROM x', '0'],
];

const HELD: readonly (readonly [string, string])[] = [
  ['an index of a classified column', 'DO $$ BEGIN CREATE INDEX ON crm.customers (ssn); END $$'],
  [
    'a unique index of a classified column, with a handler',
    "DO $$ BEGIN CREATE UNIQUE INDEX ON crm.customers (ssn); EXCEPTION WHEN unique_violation THEN RAISE NOTICE 'twice'; END $$",
  ],
  ['a table like one with classified columns', 'DO $$ BEGIN CREATE TABLE public.l (LIKE crm.customers); END $$'],
  [
    'one that is held beside one that is not',
    'DO $$ BEGIN CREATE TABLE public.h1 (id int); ALTER TABLE crm.customers ALTER COLUMN ssn TYPE varchar; END $$',
  ],
  ['a grant on a classified column', 'DO $$ BEGIN GRANT SELECT ON crm.customers TO PUBLIC; END $$'],
  ['an extension that is not there', 'DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pgcrypto; END $$'],
  [
    'a default that is not understood',
    'DO $$ BEGIN ALTER TABLE crm.log ADD COLUMN u text DEFAULT app.opaque(); END $$',
  ],
];

const REFUSED: readonly (readonly [string, string, string])[] = [
  [
    'under a condition on a classified column',
    "DO $$ BEGIN IF (SELECT ssn LIKE '1%' FROM crm.customers WHERE id = 1) THEN CREATE TABLE public.r1 (); END IF; END $$",
    'engine:block-definitions',
  ],
  [
    'under a condition on what the planner knows of a column',
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_stats WHERE tablename = 'customers' AND attname = 'ssn' AND n_distinct > 1) THEN CREATE TABLE public.r2 (); END IF; END $$",
    'no-failing-expressions',
  ],
  [
    'under a condition on how many rows the planner expects of a table',
    "DO $$ BEGIN IF (SELECT reltuples > 1 FROM pg_class WHERE oid = 'crm.customers'::regclass) THEN CREATE TABLE public.r3 (); END IF; END $$",
    'no-failing-expressions',
  ],
  [
    'a table that is filled',
    'DO $$ BEGIN CREATE TABLE public.r4 (id int); INSERT INTO public.r4 VALUES (1); END $$',
    'engine:do-block',
  ],
  [
    'a table beside a change of data',
    'DO $$ BEGIN CREATE TABLE public.r5 (id int); UPDATE crm.orders SET total = 1 WHERE id = 1; END $$',
    'engine:block-definitions',
  ],
  [
    'a table that another definition names',
    'DO $$ BEGIN CREATE TABLE public.r6 (id int); CREATE INDEX ON public.r6 (id); END $$',
    'engine:block-definitions',
  ],
  [
    'a type that a variable has',
    "DO $$ DECLARE v text; BEGIN v := 'x'::text; CREATE DOMAIN public.text AS int; END $$",
    'engine:block-definitions',
  ],
  [
    'in a loop',
    'DO $$ BEGIN FOR i IN 1..2 LOOP CREATE TABLE IF NOT EXISTS public.r7 (); END LOOP; END $$',
    'engine:block-definitions',
  ],
  [
    'a query of a table of users',
    'DO $$ BEGIN IF NOT EXISTS (SELECT FROM crm.orders WHERE id = 77) THEN CREATE TABLE public.r8 (); END IF; END $$',
    'engine:block-definitions',
  ],
  [
    'a query as a text',
    "DO $$ BEGIN IF query_to_xml('SELECT 1', true, false, '') IS NOT NULL THEN CREATE TABLE public.r9 (); END IF; END $$",
    'engine:block-definitions',
  ],
  ['a table from a query', 'DO $$ BEGIN CREATE TABLE public.r10 AS SELECT 1; END $$', 'engine:do-block'],
  ['a view', 'DO $$ BEGIN CREATE VIEW public.r11 AS SELECT ssn FROM crm.customers; END $$', 'engine:do-block'],
  ['a path that moves', 'DO $$ BEGIN SET search_path = crm; CREATE TABLE r12 (); END $$', 'engine:do-block'],
  [
    'a path that a function moves',
    "DO $$ BEGIN PERFORM set_config('search_path', 'crm', false); CREATE TABLE r13 (); END $$",
    'engine:block-definitions',
  ],
  ['more than a block may hold', sequences('many', 17), 'engine:block-definitions'],
  ['a role', 'DO $$ BEGIN CREATE ROLE r14; END $$', 'engine:do-block'],
  [
    'a function',
    "DO $$ BEGIN CREATE FUNCTION public.r15() RETURNS int LANGUAGE sql AS 'SELECT 1'; END $$",
    'engine:do-block',
  ],
  ['a table that is emptied', 'DO $$ BEGIN TRUNCATE crm.log; END $$', 'engine:do-block'],
  ['a schema with another name', 'DO $$ BEGIN ALTER SCHEMA app RENAME TO r16; END $$', 'engine:do-block'],
  ['a text that is run', "DO $$ BEGIN CREATE TABLE public.r17 (); EXECUTE 'SELECT 1'; END $$", 'engine:do-block'],
];

describe.each(MAJORS)('on PostgreSQL %i', (major) => {
  let shop: FunctionsGateway;
  let client: pg.Client;

  beforeAll(async () => {
    shop = await startFunctionsGateway(major);
    client = await shop.connect();
    for (const relation of ['log', 'orders'])
      await shop.server.admin(`ALTER TABLE crm.${relation} OWNER TO app_gateway`);
    await shop.server.admin('GRANT CREATE ON SCHEMA public, crm TO app_gateway');
  });
  afterAll(async () => {
    await shop.stop();
  });

  describe('a block with a definition of open things runs', () => {
    it.each(RUN)('%s', async (_, block, query, answer) => {
      expect(await outcome(client, block)).toBe('');
      expect(await outcome(client, query)).toBe(answer);
    });

    it('inside a transaction, which takes it back', async () => {
      await client.query('BEGIN');
      expect(await outcome(client, 'DO $$ BEGIN CREATE TABLE public.gone (id int); END $$')).toBe('');
      expect(await outcome(client, 'SELECT count(*) FROM public.gone')).toBe('0');
      await client.query('ROLLBACK');
      expect(await outcome(client, 'SELECT count(*) FROM public.gone')).toContain('42P01');
    });

    it('and with its messages of the extended protocol', async () => {
      const text = 'DO $$ BEGIN CREATE TABLE public.extended (id int); END $$';
      await client.query({ text, values: [], name: 'block' });
      expect(await outcome(client, 'SELECT count(*) FROM public.extended')).toBe('0');
    });
  });

  it.each(HELD)('a block is held for %s', async (_, block) => {
    expect(await outcome(client, block)).toContain('held');
  });

  it.each(REFUSED)('a block with definitions is refused: %s', async (_, block, rule) => {
    expect(await outcome(client, block)).toBe(`refused by ${rule}`);
  });
});
