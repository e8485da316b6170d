/** What the two databases of the leak table have in common, and the cells in which they differ. */

/** Tables and what stands on them. Both databases are copies of one with this, so that their OIDs are the same. */
export const SCHEMA = String.raw`
CREATE SCHEMA reporting;
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, city text, ssn text, born date, doc text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers ON UPDATE CASCADE, note text);
CREATE TABLE reporting.daily (id int GENERATED ALWAYS AS IDENTITY, note text, n int);
CREATE TABLE reporting.keyed (k int PRIMARY KEY, note text);
CREATE SEQUENCE reporting.numbers;

CREATE VIEW v_plain AS SELECT id, ssn AS code FROM customers;
CREATE VIEW v_nested AS SELECT id, 'x' || code AS code2 FROM v_plain;
CREATE VIEW v_barrier WITH (security_barrier) AS SELECT id, ssn AS code FROM customers;
CREATE MATERIALIZED VIEW mv AS SELECT id, ssn AS code FROM customers;

CREATE FUNCTION f_sql(i int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM customers WHERE id = i';
CREATE FUNCTION f_atomic(i int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT ssn FROM customers WHERE id = i; END;
CREATE FUNCTION f_rows() RETURNS TABLE (a int, b text) LANGUAGE sql STABLE AS 'SELECT id, ssn FROM customers';
CREATE FUNCTION f_dynamic(i int) RETURNS text LANGUAGE plpgsql STABLE AS
  $$ DECLARE r text; BEGIN EXECUTE 'SELECT s' || 'sn FROM customers WHERE id = ' || i INTO r; RETURN r; END $$;
CREATE FUNCTION f_static(i int) RETURNS text LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN (SELECT ssn FROM customers WHERE id = i); END $$;
CREATE FUNCTION f_frozen(i int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN (SELECT ssn FROM customers WHERE id = i); END $$;
CREATE FUNCTION f_raises(i int) RETURNS int LANGUAGE plpgsql AS
  $$ BEGIN RAISE NOTICE 'it is %', (SELECT ssn FROM customers WHERE id = i); RETURN 1; END $$;
CREATE FUNCTION op_left(a int, b int) RETURNS text LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN (SELECT ssn FROM customers WHERE id = a + b); END $$;
CREATE OPERATOR <#!> (LEFTARG = int, RIGHTARG = int, FUNCTION = op_left);
CREATE TYPE boxed AS (v int);
CREATE FUNCTION unbox(b boxed) RETURNS text LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN (SELECT ssn FROM customers WHERE id = b.v); END $$;
CREATE CAST (boxed AS text) WITH FUNCTION unbox(boxed);
CREATE FUNCTION agg_step(state text, i int) RETURNS text LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN state || (SELECT ssn FROM customers WHERE id = i); END $$;
CREATE AGGREGATE gather(int) (SFUNC = agg_step, STYPE = text, INITCOND = '');
CREATE FUNCTION passes(i int) RETURNS boolean LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN (SELECT ssn < '5' FROM customers WHERE id = i); END $$;
CREATE DOMAIN checked AS int CHECK (passes(VALUE));
CREATE PROCEDURE p_copies() LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO reporting.daily (note) SELECT ssn FROM customers; END $$;

CREATE TABLE watched (id int, note text);
CREATE TABLE watched_log (note text);
CREATE FUNCTION log_ssn() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO watched_log SELECT ssn FROM customers WHERE id = NEW.id; RETURN NEW; END $$;
CREATE TRIGGER watch AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION log_ssn();
CREATE TABLE ruled (id int);
CREATE RULE ruled_also AS ON INSERT TO ruled DO ALSO INSERT INTO reporting.daily (note) SELECT ssn FROM customers;
CREATE TABLE codes (code text PRIMARY KEY);
CREATE TABLE uses (id int, code text REFERENCES codes ON UPDATE CASCADE);
CREATE TABLE parts (k int, note text, secret text) PARTITION BY RANGE (k);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (100) TO (1000);
CREATE TABLE parent (id int, secret text);
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE generated (a text, b text GENERATED ALWAYS AS (a || '!') STORED);
`;

/** Rows. `salt` changes classified cells only. */
export function rows(salt: number): string {
  return String.raw`
INSERT INTO customers SELECT i, 'name' || i, 'city' || i % 3, lpad(((700000000 + i * 7919 + ${salt} * (i * 131 + 17)) % 1000000000)::text, 9, '0'),
  date '1970-01-01' + (i * 97 + ${salt} * i * 13) % 9000,
  CASE WHEN ${salt} = 0 THEN '<a/>' ELSE '{"a": 1}' END FROM generate_series(1, 12) i;
INSERT INTO orders SELECT i, 1 + i % 12, 'note' || i FROM generate_series(1, 24) i;
INSERT INTO codes SELECT ssn FROM customers WHERE id <= 3;
INSERT INTO uses SELECT 1, ssn FROM customers WHERE id = 1;
INSERT INTO parts SELECT i, 'n' || i, 's' || ${salt} * i FROM generate_series(1, 120, 10) i;
INSERT INTO parent VALUES (1, 'p${salt}'); INSERT INTO child VALUES (2, 'c${salt}', 'e');
INSERT INTO generated (a) VALUES ('g${salt}');
REFRESH MATERIALIZED VIEW mv;
ANALYZE;
`;
}

export const LABELS = `schema,table,column,label,category
public,customers,ssn,regulated,pii.ssn
public,customers,born,confidential,pii.birth
public,customers,doc,confidential,doc
public,codes,code,regulated,pii.ssn
public,uses,code,regulated,pii.ssn
public,parts,secret,regulated,secret
public,parent,secret,regulated,secret
public,child,secret,regulated,secret
public,generated,a,regulated,secret
`;
