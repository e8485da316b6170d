/**
 * What a statement causes that its tree does not show, one construct a row. Classified are secrets.ssn, secrets.pay,
 * vault.ssn, parts.pay and what partitions and children of them inherit; everything else is open.
 */

/** How the analysis must flag a statement: refuse it, or name classified columns there. `open`: nothing classified. */
export type Flag = 'opaque' | 'write' | 'fault' | 'shape' | 'output' | 'hold' | 'open';

export type ClosureRow = {
  readonly what: string;
  /** Objects besides the common ones. */
  readonly setup: string;
  readonly statement: string;
  /** Of a statement with one. */
  readonly parameter?: string;
  readonly flag: Flag;
  /** First version that has the syntax. */
  readonly since?: number;
  /** Whether the two databases differ after the statement, run without a gateway. Default: they do, unless it is open. */
  readonly differs?: boolean;
};

export const CLASSIFIED_COLUMNS: ReadonlySet<string> = new Set(
  ['secrets', 'vault', 'parts', 'parts_low', 'parts_rest', 'kept', 'kept_child', 'aged', 'calc'].flatMap((table) =>
    ['ssn', 'pay'].map((column) => `${table}.${column}`),
  ),
);

/** `salt` changes classified cells only. */
export function closureSchema(salt: 0 | 1): string {
  return `
CREATE TABLE secrets(id int PRIMARY KEY, ssn text, pay int);
INSERT INTO secrets SELECT i, (700 + i * ${1 + salt})::text, i * 10 * ${1 + salt} FROM generate_series(1, 6) i;
CREATE TABLE vault(id int, ssn text); INSERT INTO vault VALUES (1, '90${salt}');
CREATE TABLE log(n int, what text);
CREATE TABLE target(id int PRIMARY KEY, v text, n int); INSERT INTO target VALUES (1, 'one', 1), (2, 'two', 2);
CREATE FUNCTION leak() RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.secrets WHERE id = 1';
CREATE FUNCTION rich(i int) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT pay > 15 FROM public.secrets WHERE id = i';
CREATE FUNCTION copy_ssn() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN NEW.v := (SELECT ssn FROM public.secrets WHERE id = 1); RETURN NEW; END';
CREATE FUNCTION log_ssn() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO public.log(what) SELECT ssn FROM public.secrets; RETURN NULL; END';
CREATE FUNCTION log_plain() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO public.log(what) VALUES (''seen''); RETURN NULL; END';
CREATE FUNCTION fail_rich() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN IF (SELECT pay > 15 FROM public.secrets WHERE id = 1) THEN RAISE EXCEPTION ''no''; END IF; RETURN NEW; END';
`;
}

export const CLOSURES: readonly ClosureRow[] = [
  // Triggers.
  {
    what: 'a BEFORE row trigger that assigns to NEW',
    setup: 'CREATE TRIGGER t BEFORE INSERT ON target FOR EACH ROW EXECUTE FUNCTION copy_ssn()',
    statement: "INSERT INTO target VALUES (3, 'x', 3)",
    flag: 'write',
  },
  {
    what: 'an AFTER statement trigger that writes elsewhere',
    setup: 'CREATE TRIGGER t AFTER DELETE ON target FOR EACH STATEMENT EXECUTE FUNCTION log_ssn()',
    statement: 'DELETE FROM target WHERE id = 99',
    flag: 'write',
  },
  {
    what: 'a constraint trigger that is deferred to COMMIT',
    setup:
      'CREATE CONSTRAINT TRIGGER t AFTER UPDATE ON target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_rich()',
    statement: 'UPDATE target SET n = 5 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'a WHEN condition over a classified column',
    setup: 'CREATE TRIGGER t AFTER UPDATE ON secrets FOR EACH ROW WHEN (OLD.pay > 15) EXECUTE FUNCTION log_plain()',
    statement: 'UPDATE secrets SET id = id + 100',
    flag: 'write',
  },
  {
    what: 'a trigger that copies what the client may not see',
    setup: `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO public.log(what) VALUES (OLD.ssn); RETURN NULL; END';
      CREATE TRIGGER t AFTER DELETE ON secrets FOR EACH ROW EXECUTE FUNCTION keep()`,
    statement: 'DELETE FROM secrets WHERE id = 2',
    flag: 'write',
  },
  {
    what: 'transition tables',
    setup: `CREATE FUNCTION many() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO public.log(what) SELECT ssn FROM gone; RETURN NULL; END';
      CREATE TRIGGER t AFTER DELETE ON secrets REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION many()`,
    statement: 'DELETE FROM secrets WHERE id = 2',
    flag: 'opaque',
  },
  {
    what: 'an INSTEAD OF trigger of a view',
    setup: `CREATE VIEW shown AS SELECT id, v FROM target;
      CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.log(what) SELECT ssn FROM public.secrets; RETURN NEW; END';
      CREATE TRIGGER t INSTEAD OF INSERT ON shown FOR EACH ROW EXECUTE FUNCTION instead()`,
    statement: "INSERT INTO shown VALUES (7, 'x')",
    flag: 'write',
  },
  {
    what: 'a disabled trigger',
    setup: `CREATE TRIGGER t AFTER DELETE ON target FOR EACH STATEMENT EXECUTE FUNCTION log_ssn();
      ALTER TABLE target DISABLE TRIGGER t`,
    statement: 'DELETE FROM target WHERE id = 99',
    flag: 'open',
  },
  {
    what: 'UPDATE OF other columns',
    setup: 'CREATE TRIGGER t AFTER UPDATE OF v ON target FOR EACH ROW EXECUTE FUNCTION log_ssn()',
    statement: 'UPDATE target SET n = 9',
    flag: 'open',
  },
  {
    what: 'a trigger that an upsert fires as UPDATE',
    setup: 'CREATE TRIGGER t BEFORE UPDATE ON target FOR EACH ROW EXECUTE FUNCTION copy_ssn()',
    statement: "INSERT INTO target VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET n = 2",
    flag: 'write',
  },
  {
    what: 'a trigger that MERGE fires as DELETE',
    setup: 'CREATE TRIGGER t AFTER DELETE ON target FOR EACH ROW EXECUTE FUNCTION log_ssn()',
    statement: 'MERGE INTO target USING (SELECT 1 AS id) s ON s.id = target.id WHEN MATCHED THEN DELETE',
    flag: 'write',
    since: 15,
  },
  // Foreign keys.
  {
    what: 'ON DELETE CASCADE into a table with a trigger',
    setup: `CREATE TABLE child(id int REFERENCES target ON DELETE CASCADE); INSERT INTO child VALUES (1);
      CREATE TRIGGER t AFTER DELETE ON child FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: 'DELETE FROM target WHERE id = 1',
    flag: 'write',
  },
  {
    what: 'ON UPDATE CASCADE into a table with a trigger',
    setup: `CREATE TABLE child(id int REFERENCES target ON UPDATE CASCADE); INSERT INTO child VALUES (1);
      CREATE TRIGGER t AFTER UPDATE OF id ON child FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: 'UPDATE target SET id = 50 WHERE id = 1',
    flag: 'write',
  },
  {
    what: 'ON DELETE SET NULL, two levels down',
    setup: `CREATE TABLE child(id int PRIMARY KEY, up int REFERENCES target ON DELETE CASCADE); INSERT INTO child VALUES (1, 1);
      CREATE TABLE leaf(id int REFERENCES child ON DELETE SET NULL); INSERT INTO leaf VALUES (1);
      CREATE TRIGGER t AFTER UPDATE ON leaf FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: 'DELETE FROM target WHERE id = 1',
    flag: 'write',
  },
  {
    what: 'ON DELETE SET DEFAULT, whose default reads a classified column',
    setup: `CREATE TABLE named(v text PRIMARY KEY); INSERT INTO named VALUES ('one'), ('701'), ('702');
      CREATE TABLE child(v text DEFAULT leak() REFERENCES named ON DELETE SET DEFAULT); INSERT INTO child VALUES ('one')`,
    statement: "DELETE FROM named WHERE v = 'one'",
    flag: 'write',
  },
  {
    what: 'ON DELETE SET NULL of some columns',
    setup: `CREATE TABLE pairs(a int, b int, PRIMARY KEY (a, b)); INSERT INTO pairs VALUES (1, 1);
      CREATE TABLE child(a int, b int, FOREIGN KEY (a, b) REFERENCES pairs ON DELETE SET NULL (b)); INSERT INTO child VALUES (1, 1);
      CREATE TRIGGER t AFTER UPDATE OF b ON child FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: 'DELETE FROM pairs',
    flag: 'write',
    since: 15,
  },
  {
    what: 'a cascade into a generated column',
    setup: `CREATE FUNCTION first_ssn(i int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ssn FROM public.secrets WHERE id = i';
      CREATE TABLE child(id int REFERENCES target ON UPDATE CASCADE, made text GENERATED ALWAYS AS (first_ssn(id - 48)) STORED);
      INSERT INTO child(id) VALUES (1)`,
    statement: 'UPDATE target SET id = 50 WHERE id = 1',
    flag: 'write',
  },
  {
    what: 'a cascade into a table with a rule',
    setup: `CREATE TABLE child(id int REFERENCES target ON DELETE CASCADE); INSERT INTO child VALUES (1);
      CREATE RULE r AS ON DELETE TO child DO ALSO INSERT INTO log(what) SELECT ssn FROM secrets`,
    statement: 'DELETE FROM target WHERE id = 1',
    flag: 'opaque',
  },
  {
    what: 'a table that refers to itself',
    setup: `CREATE TABLE tree(id int PRIMARY KEY, up int REFERENCES tree ON DELETE CASCADE); INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2)`,
    statement: 'DELETE FROM tree WHERE id = 1',
    flag: 'open',
  },
  {
    what: 'a foreign key on a classified column',
    setup: `CREATE TABLE known(ssn text PRIMARY KEY); INSERT INTO known SELECT ssn FROM secrets UNION SELECT '701';
      ALTER TABLE secrets ADD FOREIGN KEY (ssn) REFERENCES known`,
    statement: "DELETE FROM known WHERE ssn = '701'",
    flag: 'fault',
  },
  {
    what: 'a foreign key that points at a classified column',
    setup: 'ALTER TABLE secrets ADD UNIQUE (ssn); CREATE TABLE claims(s text REFERENCES secrets(ssn))',
    statement: "INSERT INTO claims VALUES ('701')",
    flag: 'fault',
  },
  // TRUNCATE.
  {
    what: 'TRUNCATE … CASCADE that reaches a table with a trigger',
    setup: `CREATE TABLE child(id int REFERENCES target); CREATE TABLE leaf(id int PRIMARY KEY);
      CREATE TRIGGER t AFTER TRUNCATE ON child FOR EACH STATEMENT EXECUTE FUNCTION log_ssn()`,
    statement: 'TRUNCATE target CASCADE',
    flag: 'hold',
  },
  {
    what: 'TRUNCATE of a partitioned table, a partition of which has a trigger',
    setup: `CREATE TABLE split(id int) PARTITION BY RANGE (id); CREATE TABLE split_a PARTITION OF split FOR VALUES FROM (0) TO (9);
      CREATE TRIGGER t AFTER TRUNCATE ON split_a FOR EACH STATEMENT EXECUTE FUNCTION log_ssn()`,
    statement: 'TRUNCATE split',
    flag: 'hold',
  },
  // Partitions.
  {
    what: 'a row trigger of a partition, written through the parent',
    setup: `CREATE TABLE split(id int, v text) PARTITION BY RANGE (id); CREATE TABLE split_a PARTITION OF split FOR VALUES FROM (0) TO (9);
      CREATE TRIGGER t BEFORE INSERT ON split_a FOR EACH ROW EXECUTE FUNCTION copy_ssn()`,
    statement: "INSERT INTO split VALUES (1, 'x')",
    flag: 'write',
  },
  {
    what: 'a row trigger of the parent, written through a partition',
    setup: `CREATE TABLE split(id int, v text) PARTITION BY RANGE (id); CREATE TABLE split_a PARTITION OF split FOR VALUES FROM (0) TO (9);
      CREATE TRIGGER t AFTER INSERT ON split FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: "INSERT INTO split_a VALUES (1, 'x')",
    flag: 'write',
  },
  {
    what: 'an UPDATE that moves a row into a partition with an INSERT trigger',
    setup: `CREATE TABLE split(id int, v text) PARTITION BY RANGE (id); CREATE TABLE split_a PARTITION OF split FOR VALUES FROM (0) TO (9);
      CREATE TABLE split_b PARTITION OF split FOR VALUES FROM (9) TO (99); INSERT INTO split VALUES (1, 'x');
      CREATE TRIGGER t AFTER INSERT ON split_b FOR EACH ROW EXECUTE FUNCTION log_ssn()`,
    statement: 'UPDATE split SET id = 20 WHERE id = 1',
    flag: 'write',
  },
  {
    what: 'a partition key that a classified column is part of',
    setup: `CREATE TABLE parts(id int, pay int) PARTITION BY RANGE (id, pay);
      CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0, 0) TO (9, 15);
      INSERT INTO parts SELECT 1, pay FROM secrets WHERE id = 1`,
    statement: 'UPDATE parts SET id = 9 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'a partition key made of a classified column by an expression',
    setup: `CREATE TABLE parts(id int, pay int) PARTITION BY RANGE ((pay / 2));
      CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (7); CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
      INSERT INTO parts SELECT id, pay FROM secrets`,
    statement: 'SELECT id FROM parts_low',
    flag: 'shape',
  },
  {
    what: 'an expression as partition key that is not concerned',
    setup: `CREATE TABLE parts(id int, pay int, day date) PARTITION BY RANGE ((extract(year FROM day)));
      CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (2000) TO (3000); INSERT INTO parts SELECT id, pay, '2020-01-01' FROM secrets`,
    statement: 'UPDATE parts SET id = id + 1',
    flag: 'open',
  },
  {
    what: 'a partition made beside a DEFAULT one',
    setup: `CREATE TABLE parts(id int, pay int) PARTITION BY RANGE (pay); CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
      INSERT INTO parts SELECT id, pay FROM secrets`,
    statement: 'CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (75) TO (85)',
    flag: 'write',
  },
  {
    what: 'which partition a row is in',
    setup: `CREATE TABLE parts(id int, pay int) PARTITION BY RANGE (pay);
      CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (15); CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
      INSERT INTO parts SELECT id, pay FROM secrets`,
    statement: 'SELECT id FROM parts_low',
    flag: 'shape',
  },
  // Inheritance.
  {
    what: 'rows of a child, read through the parent',
    setup:
      'CREATE TABLE plain(id int, ssn text); CREATE TABLE kept() INHERITS (plain); INSERT INTO kept SELECT id, ssn FROM secrets',
    statement: 'SELECT ssn FROM plain',
    flag: 'output',
  },
  {
    what: 'two parents, read with ONLY',
    setup: `CREATE TABLE plain(id int, ssn text); CREATE TABLE other(n int); CREATE TABLE kept() INHERITS (plain, other);
      INSERT INTO kept SELECT id, ssn FROM secrets; INSERT INTO plain VALUES (1, 'x')`,
    statement: 'SELECT ssn FROM ONLY plain',
    flag: 'open',
  },
  {
    what: 'a trigger of a child, written through the parent',
    setup: `CREATE TABLE plain(id int, v text); CREATE TABLE sub() INHERITS (plain); INSERT INTO sub VALUES (1, 'x');
      CREATE TRIGGER t BEFORE UPDATE ON sub FOR EACH ROW EXECUTE FUNCTION copy_ssn()`,
    statement: 'UPDATE plain SET id = 2',
    flag: 'write',
  },
  // Columns.
  {
    what: 'a stored generated column',
    setup: `CREATE TABLE calc(id int, pay int, high boolean GENERATED ALWAYS AS (pay > 15) STORED); INSERT INTO calc(id, pay) SELECT id, pay FROM secrets`,
    statement: 'SELECT high FROM calc',
    flag: 'output',
  },
  {
    what: 'a write that computes a stored generated column over a classified one',
    setup: `CREATE TABLE calc(id int, pay int, made int GENERATED ALWAYS AS (100 / (pay - 20)) STORED); INSERT INTO calc(id, pay) SELECT id, pay + 500 FROM secrets`,
    statement: 'UPDATE calc SET pay = pay - 500 WHERE id = 2',
    flag: 'fault',
  },
  {
    what: 'a virtual generated column',
    setup: `CREATE TABLE calc(id int, pay int, high boolean GENERATED ALWAYS AS (pay > 15) VIRTUAL); INSERT INTO calc(id, pay) SELECT id, pay FROM secrets`,
    statement: 'SELECT high FROM calc',
    flag: 'output',
    since: 18,
  },
  {
    what: 'a virtual generated column in a condition',
    setup: `CREATE TABLE calc(id int, pay int, high boolean GENERATED ALWAYS AS (pay > 15) VIRTUAL); INSERT INTO calc(id, pay) SELECT id, pay FROM secrets`,
    statement: 'SELECT id FROM calc WHERE high',
    flag: 'shape',
    since: 18,
  },
  {
    what: 'a default that reads a classified column',
    setup: 'ALTER TABLE target ALTER v SET DEFAULT leak()',
    statement: 'INSERT INTO target(id) VALUES (3)',
    flag: 'write',
  },
  {
    what: 'a domain whose check reads a classified column, given as a parameter',
    setup: 'CREATE DOMAIN checked AS int CHECK (rich(VALUE)); CREATE TABLE uses(c checked)',
    statement: 'INSERT INTO uses VALUES ($1)',
    parameter: '1',
    flag: 'fault',
  },
  {
    what: 'a domain whose check reads a classified column',
    setup: 'CREATE DOMAIN checked AS int CHECK (rich(VALUE)); CREATE TABLE uses(c checked)',
    statement: 'INSERT INTO uses VALUES (1)',
    flag: 'fault',
  },
  {
    what: 'the default of a domain',
    setup: 'CREATE DOMAIN filled AS text DEFAULT leak(); CREATE TABLE uses(id int, c filled)',
    statement: 'INSERT INTO uses(id) VALUES (1)',
    flag: 'write',
  },
  {
    what: 'an array of a domain',
    setup: 'CREATE DOMAIN checked AS int CHECK (rich(VALUE)); CREATE TABLE uses(c checked[])',
    statement: 'INSERT INTO uses VALUES ($1)',
    parameter: '{1}',
    flag: 'fault',
  },
  {
    what: 'a row with a domain in it',
    setup:
      'CREATE DOMAIN checked AS int CHECK (rich(VALUE)); CREATE TYPE pair AS (a int, b checked); CREATE TABLE uses(c pair)',
    statement: 'INSERT INTO uses VALUES ($1)',
    parameter: '(1,1)',
    flag: 'fault',
  },
  {
    what: 'a domain over a row with a domain in it, as an array',
    setup: `CREATE DOMAIN checked AS int CHECK (rich(VALUE)); CREATE TYPE pair AS (a int, b checked); CREATE DOMAIN boxed AS pair;
      CREATE TABLE uses(c boxed[])`,
    statement: 'INSERT INTO uses VALUES ($1)',
    parameter: '{"(1,1)"}',
    flag: 'fault',
  },
  {
    what: 'an identity column',
    setup: 'CREATE TABLE counted(id int GENERATED ALWAYS AS IDENTITY, v text)',
    statement: "INSERT INTO counted(v) VALUES ('x')",
    flag: 'open',
  },
  // Rules.
  {
    what: 'ON INSERT DO ALSO',
    setup: 'CREATE RULE r AS ON INSERT TO target DO ALSO INSERT INTO log(what) SELECT ssn FROM secrets',
    statement: "INSERT INTO target VALUES (3, 'x', 1)",
    flag: 'write',
  },
  {
    what: 'ON UPDATE DO INSTEAD',
    setup:
      'CREATE RULE r AS ON UPDATE TO target DO INSTEAD UPDATE log SET what = (SELECT ssn FROM secrets WHERE id = 1); INSERT INTO log VALUES (1)',
    statement: 'UPDATE target SET n = 1',
    flag: 'write',
  },
  {
    what: 'ON DELETE WHERE a classified column says so',
    setup: `CREATE RULE r AS ON DELETE TO target WHERE rich(OLD.id) DO INSTEAD NOTHING`,
    statement: 'DELETE FROM target WHERE id = 1',
    flag: 'shape',
  },
  {
    what: 'a rule that notifies',
    setup: 'CREATE RULE r AS ON INSERT TO target DO ALSO NOTIFY heard',
    statement: "INSERT INTO target VALUES (3, 'x', 1)",
    flag: 'opaque',
    differs: false,
  },
  // Views.
  {
    what: 'a materialised view',
    setup: 'CREATE MATERIALIZED VIEW mv AS SELECT id, ssn AS s FROM secrets',
    statement: 'SELECT s FROM mv',
    flag: 'output',
  },
  {
    what: 'which rows a materialised view has',
    setup: 'CREATE MATERIALIZED VIEW mv AS SELECT id FROM secrets WHERE pay > 35',
    statement: 'SELECT id FROM mv',
    flag: 'shape',
  },
  {
    what: 'REFRESH MATERIALIZED VIEW',
    setup: 'CREATE MATERIALIZED VIEW mv AS SELECT id, ssn AS s FROM secrets WITH NO DATA',
    statement: 'REFRESH MATERIALIZED VIEW mv',
    flag: 'write',
  },
  {
    what: 'a materialised view whose query can fail, as it is stored',
    setup: 'CREATE MATERIALIZED VIEW mv AS SELECT id, ssn::int AS s FROM secrets',
    statement: 'SELECT s FROM mv',
    flag: 'output',
  },
  {
    what: 'REFRESH MATERIALIZED VIEW of a query that can fail',
    setup: 'CREATE MATERIALIZED VIEW mv AS SELECT id, ssn::int AS s FROM secrets WITH NO DATA',
    statement: 'REFRESH MATERIALIZED VIEW mv',
    flag: 'fault',
  },
  {
    what: 'a view with a check option',
    setup: 'CREATE VIEW poor AS SELECT id, v, n FROM target WHERE NOT rich(n) WITH CHECK OPTION',
    statement: "INSERT INTO poor VALUES (3, 'x', 1)",
    flag: 'fault',
  },
  // Row security.
  {
    what: 'a policy that reads a classified column',
    setup: `CREATE POLICY p ON target USING (rich(id)); ALTER TABLE target ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    statement: 'SELECT id FROM target',
    flag: 'shape',
  },
  {
    what: 'a policy for new rows',
    setup: `CREATE POLICY p ON target USING (true) WITH CHECK (rich(id)); ALTER TABLE target ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    statement: "UPDATE target SET v = 'x' WHERE id = 1",
    flag: 'fault',
  },
  // Constraints and indexes.
  {
    what: 'a unique index on a classified column',
    setup: 'CREATE UNIQUE INDEX ON secrets(ssn)',
    statement: "INSERT INTO secrets VALUES (99, '701', 1)",
    flag: 'fault',
  },
  {
    what: 'a unique index on an expression',
    setup: 'CREATE UNIQUE INDEX ON secrets(lower(ssn))',
    statement: "INSERT INTO secrets VALUES (99, '701', 1)",
    flag: 'fault',
  },
  {
    what: 'a unique index where a classified column says so',
    setup:
      'ALTER TABLE secrets ADD tag int; UPDATE secrets SET tag = 1; CREATE UNIQUE INDEX ON secrets(tag) WHERE pay = 20',
    statement: 'UPDATE secrets SET tag = 1 WHERE id <> 1',
    flag: 'fault',
    differs: false,
  },
  {
    what: 'an upsert over a unique classified column',
    setup: 'CREATE UNIQUE INDEX ON secrets(ssn)',
    statement: "INSERT INTO secrets VALUES (99, '701', 1) ON CONFLICT DO NOTHING",
    flag: 'fault',
  },
  {
    what: 'an exclusion constraint',
    setup:
      'CREATE TABLE aged(id int, pay int, EXCLUDE USING btree (pay WITH =)); INSERT INTO aged SELECT id, pay FROM secrets',
    statement: 'INSERT INTO aged VALUES (99, 10)',
    flag: 'fault',
  },
  {
    what: 'a check over a stored classified column',
    setup: 'ALTER TABLE secrets ADD bonus int DEFAULT 0, ADD CHECK (bonus < pay)',
    statement: 'UPDATE secrets SET bonus = 15 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'a check that was not validated',
    setup: 'ALTER TABLE secrets ADD tag int, ADD CONSTRAINT c CHECK (pay > 15) NOT VALID',
    statement: 'UPDATE secrets SET tag = 1 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'an index on an expression that can fail, over a copy',
    setup: 'CREATE INDEX ON vault((1 / (ssn::int - 701)))',
    statement: 'INSERT INTO vault SELECT id, ssn FROM secrets',
    flag: 'fault',
  },
  {
    what: 'an index on an expression over a column that is not written',
    setup: 'ALTER TABLE secrets ADD tag int DEFAULT 0; CREATE INDEX ON secrets((100 / (pay - tag)))',
    statement: 'UPDATE secrets SET tag = 10 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'a partial index whose condition can fail',
    setup: 'ALTER TABLE secrets ADD tag int DEFAULT 0; CREATE INDEX ON secrets(tag) WHERE 100 / (pay - tag) > 0',
    statement: 'UPDATE secrets SET tag = 10 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'extended statistics on an expression that can fail',
    setup: 'CREATE STATISTICS s ON (100 / (pay - 20)) FROM secrets',
    statement: 'ANALYZE secrets',
    flag: 'fault',
    differs: false,
  },
  {
    what: 'a temporal key',
    setup: `CREATE EXTENSION btree_gist; CREATE TABLE aged(pay int, during int4range, PRIMARY KEY (pay, during WITHOUT OVERLAPS));
      INSERT INTO aged SELECT pay, '[1,5)' FROM secrets`,
    statement: "INSERT INTO aged VALUES (10, '[2,3)')",
    flag: 'fault',
    since: 18,
  },
  {
    what: 'a temporal foreign key',
    setup: `CREATE EXTENSION btree_gist; CREATE TABLE aged(pay int, during int4range, PRIMARY KEY (pay, during WITHOUT OVERLAPS));
      INSERT INTO aged SELECT pay, '[1,5)' FROM secrets;
      CREATE TABLE refers(p int, during int4range, FOREIGN KEY (p, PERIOD during) REFERENCES aged (pay, PERIOD during))`,
    statement: "INSERT INTO refers VALUES (10, '[2,3)')",
    flag: 'fault',
    since: 18,
  },
  {
    what: 'a NOT NULL constraint',
    setup: 'ALTER TABLE target ALTER v SET NOT NULL',
    statement: "UPDATE target SET v = NULLIF((SELECT ssn FROM secrets WHERE id = 1), '701') WHERE id = 1",
    flag: 'fault',
  },
  // What an upsert only inserts, it does not update.
  {
    what: 'a trigger on the update of a column that an upsert only inserts',
    setup: 'CREATE TRIGGER t AFTER UPDATE OF n ON target FOR EACH ROW EXECUTE FUNCTION log_ssn()',
    statement: "INSERT INTO target VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v",
    flag: 'open',
  },
  {
    what: 'a trigger on the update of a column that an upsert updates',
    setup: 'CREATE TRIGGER t AFTER UPDATE OF v ON target FOR EACH ROW EXECUTE FUNCTION log_ssn()',
    statement: "INSERT INTO target VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v",
    flag: 'write',
  },
  {
    what: 'a foreign key on a column that an upsert only inserts',
    setup: 'CREATE TABLE refers(n int PRIMARY KEY REFERENCES target ON UPDATE CASCADE, ssn text)',
    statement: "INSERT INTO target VALUES (1, 'x', 1) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v",
    flag: 'open',
  },
  {
    what: 'a check over the stored value of a column that an upsert only inserts',
    setup: 'ALTER TABLE secrets ADD tag int DEFAULT 0, ADD CHECK (tag < pay)',
    statement: 'INSERT INTO secrets VALUES (1, NULL, 10000) ON CONFLICT (id) DO UPDATE SET tag = 15',
    flag: 'fault',
  },
  {
    what: 'a date out of the range of timestamps, stored where a classified condition says so',
    setup: 'ALTER TABLE vault ALTER ssn TYPE date USING CURRENT_DATE',
    statement:
      "UPDATE vault SET ssn = CASE WHEN (SELECT pay FROM secrets WHERE id = 1) > 15 THEN DATE '5000000-01-01' ELSE ssn END",
    flag: 'fault',
    differs: false,
  },
  {
    what: 'TRUNCATE of a partition by a classified column',
    setup: `CREATE TABLE parts(id int, pay int) PARTITION BY RANGE (pay);
      CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (25); CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
      INSERT INTO parts SELECT id, pay FROM secrets`,
    statement: 'TRUNCATE parts_low',
    flag: 'write',
    differs: false,
  },
  // Generated columns that constraints are over: their values are those of other columns.
  {
    what: 'a unique generated column',
    setup: 'ALTER TABLE secrets ADD rank int GENERATED ALWAYS AS (pay / 10) STORED UNIQUE',
    statement: 'INSERT INTO secrets(id, pay) VALUES (9, 120)',
    flag: 'fault',
  },
  {
    what: 'a unique generated column, with ON CONFLICT',
    setup: 'ALTER TABLE secrets ADD rank int GENERATED ALWAYS AS (pay / 10) STORED UNIQUE',
    statement: 'INSERT INTO secrets(id, pay) VALUES (9, 120) ON CONFLICT DO NOTHING',
    flag: 'shape',
  },
  {
    what: 'a foreign key to a generated column',
    setup: `ALTER TABLE secrets ADD rank int GENERATED ALWAYS AS (pay / 10) STORED UNIQUE;
      CREATE TABLE refs(rank int REFERENCES secrets(rank))`,
    statement: 'INSERT INTO refs VALUES (12)',
    flag: 'fault',
  },
  {
    what: 'a foreign key from a generated column',
    setup: `CREATE TABLE ranks(k int PRIMARY KEY); INSERT INTO ranks SELECT generate_series(1, 20);
      ALTER TABLE secrets ADD rank int GENERATED ALWAYS AS (pay / 10) STORED REFERENCES ranks`,
    statement: 'DELETE FROM ranks WHERE k = 12',
    flag: 'fault',
  },
  {
    what: 'a check over a generated column that is not validated',
    setup: `ALTER TABLE secrets ADD tag int, ADD rank int GENERATED ALWAYS AS (pay / 10) STORED;
      ALTER TABLE secrets ADD CONSTRAINT c CHECK (rank > 1) NOT VALID`,
    statement: 'UPDATE secrets SET tag = 1 WHERE id = 1',
    flag: 'fault',
  },
  {
    what: 'a NOT NULL that is not validated',
    setup: `ALTER TABLE secrets ADD tag int; UPDATE secrets SET ssn = NULL WHERE id = 1 AND pay > 15;
      ALTER TABLE secrets ADD CONSTRAINT n NOT NULL ssn NOT VALID`,
    statement: 'UPDATE secrets SET tag = 1 WHERE id = 1',
    flag: 'fault',
    since: 18,
  },
  {
    what: 'a NOT NULL of a virtual column that is not validated',
    setup: `ALTER TABLE secrets ADD tag int, ADD low int GENERATED ALWAYS AS (nullif(pay, 20)) VIRTUAL;
      ALTER TABLE secrets ADD CONSTRAINT n NOT NULL low NOT VALID`,
    statement: 'UPDATE secrets SET tag = 1 WHERE id = 1',
    flag: 'fault',
    since: 18,
  },
  // Strict functions do not run where an argument is NULL.
  {
    what: 'a strict function that does not read its argument',
    setup: "CREATE FUNCTION one(t text) RETURNS int LANGUAGE sql STRICT AS 'SELECT 1'",
    statement: "SELECT one(nullif(ssn, '702')) FROM secrets WHERE id = 1",
    flag: 'output',
  },
  {
    what: 'a strict function that returns rows',
    setup: "CREATE FUNCTION one(t text) RETURNS SETOF int LANGUAGE sql STRICT AS 'SELECT 1'",
    statement: "SELECT one(nullif(ssn, '702')) FROM secrets WHERE id = 1",
    flag: 'shape',
  },
  {
    what: 'a strict function that fails over other arguments',
    setup: "CREATE FUNCTION part(n int, t text) RETURNS int LANGUAGE sql STRICT AS 'SELECT 1 / n'",
    statement: "SELECT part(t => nullif(ssn, '702'), n => 0) FROM secrets WHERE id = 1",
    flag: 'fault',
  },
  {
    what: 'a strict function that writes',
    setup: `CREATE FUNCTION note(t text) RETURNS int LANGUAGE sql STRICT AS
      'INSERT INTO public.log(what) VALUES (''x'') RETURNING 1'`,
    statement: "SELECT note(nullif(ssn, '702')) FROM secrets WHERE id = 1",
    flag: 'write',
  },
  {
    what: 'a strict function of a row',
    setup: "CREATE FUNCTION label(s secrets) RETURNS text LANGUAGE sql STRICT AS 'SELECT ''#'' || s.id'",
    statement: 'SELECT label(s) FROM secrets s ORDER BY id',
    flag: 'open',
  },
  {
    what: 'a strict function of a row or none',
    setup: "CREATE FUNCTION label(s secrets) RETURNS text LANGUAGE sql STRICT AS 'SELECT ''#'' || s.id'",
    statement: 'SELECT label(CASE WHEN pay > 15 THEN s END) FROM secrets s WHERE id = 1',
    flag: 'output',
  },
  // In which form a value is stored follows from how long its row is.
  {
    what: 'the stored size of an open column',
    setup: `ALTER TABLE secrets ADD note text;
      UPDATE secrets SET ssn = repeat('7', CASE WHEN pay > 15 THEN 300 ELSE 3 END), note = repeat('ab', 950) WHERE id = 1`,
    statement: 'SELECT pg_column_size(note) FROM secrets WHERE id = 1',
    flag: 'output',
  },
  {
    what: 'the stored size of a number',
    setup: "UPDATE secrets SET ssn = repeat('7', CASE WHEN pay > 15 THEN 300 ELSE 3 END) WHERE id = 1",
    statement: 'SELECT pg_column_size(id) FROM secrets WHERE id = 1',
    flag: 'open',
  },
  {
    what: 'a check by a function that says otherwise meanwhile',
    setup: `CREATE FUNCTION fine(i int) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
      ALTER TABLE target ADD CONSTRAINT c CHECK (fine(id));
      CREATE OR REPLACE FUNCTION fine(i int) RETURNS boolean LANGUAGE sql STABLE AS
        'SELECT pay < 15 FROM public.secrets WHERE id = 1'`,
    statement: "UPDATE target SET v = 'x' WHERE id = 1",
    flag: 'fault',
  },
];
