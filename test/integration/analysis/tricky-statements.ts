/**
 * Statements that trip lineage engines: one construct each, from plain columns to utility statements.
 * The classified columns are customers.ssn, vault.ssn_copy and child.secret.
 */

/** The schema and its rows. `salt` changes classified cells only. */
export function trickySchema(salt: number): string {
  return String.raw`
CREATE TABLE customers(id int primary key, name text, email text, ssn text, balance numeric default 0);
CREATE TABLE orders(id int primary key, customer_id int references customers, total numeric, note text, created_at timestamptz default now());
CREATE SCHEMA reporting;
CREATE TABLE reporting.summary(id serial primary key, label text, val text);
CREATE TABLE vault(id int primary key, ssn_copy text);
CREATE VIEW v_cust AS SELECT id, name, ssn AS national_id FROM customers;
CREATE VIEW v_nested AS SELECT v.id, 'x'||v.national_id AS nid, o.total FROM v_cust v JOIN orders o ON o.customer_id=v.id;
CREATE VIEW v_safe AS SELECT id, name, email FROM customers;
CREATE MATERIALIZED VIEW mv AS SELECT id, ssn AS s FROM customers;
CREATE TABLE parent(id int, secret text); CREATE TABLE child(extra text) INHERITS(parent);
CREATE FUNCTION f_sql(i int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM customers WHERE id=i';
CREATE FUNCTION f_std(i int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT ssn FROM customers WHERE id=i; END;
CREATE FUNCTION f_pl(i int) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT ssn FROM customers WHERE id=i); END';
CREATE FUNCTION f_srf() RETURNS TABLE(a int, b text) LANGUAGE sql AS 'SELECT id, ssn FROM customers';
CREATE FUNCTION f_row(c customers) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT c.ssn';
CREATE FUNCTION id_text(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT t';
CREATE TABLE gen(a text, b text GENERATED ALWAYS AS (a||'!') STORED);
INSERT INTO customers SELECT i, 'name'||i, 'e'||i||'@x.io', lpad(((734000000+i*7919+${salt}*i*131) % 1000000000)::text,9,'0'), i*10 FROM generate_series(1,20) i;
INSERT INTO orders SELECT i, 1+i%20, i*1.5, 'note'||i, '2024-01-01' FROM generate_series(1,60) i;
INSERT INTO vault VALUES(1,'zz${salt}'); INSERT INTO child VALUES(1,'childsecret${salt}','e');
REFRESH MATERIALIZED VIEW mv; ANALYZE;
`;
}

export const TRICKY_STATEMENTS: readonly string[] = [
  'SELECT id, name, ssn FROM customers ORDER BY id',
  'SELECT id, ssn AS name2, name AS ssn FROM customers ORDER BY id',
  'SELECT c.* FROM customers c ORDER BY c.id',
  'SELECT c FROM customers c ORDER BY c.id',
  'SELECT (c).ssn, (c).name FROM customers c ORDER BY c.id',
  'SELECT (c).* FROM customers c ORDER BY c.id',
  'SELECT row(c.id, c.ssn) FROM customers c ORDER BY c.id',
  String.raw`SELECT row_to_json(c), to_jsonb(c)->>'name' AS nm FROM customers c ORDER BY c.id`,
  'SELECT json_agg(c ORDER BY c.id) FROM customers c',
  'SELECT c::text FROM customers c ORDER BY c.id',
  String.raw`SELECT string_agg(ssn, ',' ORDER BY id), count(*) FROM customers`,
  'SELECT array_agg(name ORDER BY id), array_agg(ssn ORDER BY id) FROM customers',
  'SELECT count(ssn), count(*) FROM customers',
  'SELECT substr(ssn,1,3) AS a, length(ssn) AS b, md5(ssn) AS c2, reverse(name) AS d FROM customers ORDER BY id',
  String.raw`SELECT id, CASE WHEN ssn LIKE '7%' THEN 'y' ELSE 'n' END AS flag FROM customers ORDER BY id`,
  'SELECT id, coalesce(NULL, ssn, name) AS z, greatest(name, email) AS g FROM customers ORDER BY id',
  String.raw`SELECT id, ssn IS NULL AS isnull, ssn = '734007919' AS eq FROM customers ORDER BY id`,
  'SELECT id, (SELECT c2.ssn FROM customers c2 WHERE c2.id = o.customer_id) AS sub FROM orders o ORDER BY id',
  String.raw`SELECT id, EXISTS(SELECT 1 FROM customers c WHERE c.id=o.customer_id AND c.ssn LIKE '7%') AS ex FROM orders o ORDER BY id`,
  String.raw`SELECT o.id, o.customer_id IN (SELECT id FROM customers WHERE ssn > '5') AS inn FROM orders o ORDER BY id`,
  'SELECT ARRAY(SELECT ssn FROM customers ORDER BY id) AS arr, 1 AS one',
  'WITH t AS (SELECT id, ssn AS harmless FROM customers) SELECT harmless, id FROM t ORDER BY id',
  'WITH t(a,b) AS (SELECT id, ssn FROM customers) SELECT b, a FROM t ORDER BY a',
  String.raw`WITH customers AS (SELECT 1 AS id, 'x'::text AS ssn) SELECT ssn FROM customers`,
  String.raw`WITH t AS (SELECT 1 AS id, 'x'::text AS ssn) SELECT ssn, public.customers.name FROM t, public.customers ORDER BY customers.id`,
  'WITH RECURSIVE r AS (SELECT id, ssn AS x, name AS y, 1 AS n FROM customers UNION ALL SELECT id, y, x, n+1 FROM r WHERE n<3) SELECT x, y, n, id FROM r ORDER BY id, n',
  String.raw`WITH a AS (SELECT ssn AS v, id FROM customers), b AS (SELECT v||'z' AS w, id FROM a) SELECT w FROM b ORDER BY id`,
  'SELECT x.s, x.id FROM (SELECT id, ssn AS s FROM customers) x ORDER BY x.id',
  'SELECT x.b, x.a FROM (SELECT id, ssn, name FROM customers) AS x(a,b) ORDER BY 2',
  String.raw`SELECT c.id, l.v FROM customers c, LATERAL (SELECT c.ssn||'!' AS v) l ORDER BY c.id`,
  'SELECT c.id, l.v FROM customers c CROSS JOIN LATERAL (VALUES (c.name),(c.ssn)) AS l(v) ORDER BY c.id, l.v = c.name',
  'SELECT name FROM customers UNION ALL SELECT ssn FROM customers',
  '(SELECT id::text AS k, name FROM customers ORDER BY id LIMIT 1) UNION ALL (SELECT ssn, email FROM customers ORDER BY id LIMIT 1)',
  'SELECT id FROM customers ORDER BY ssn LIMIT 1',
  String.raw`SELECT name FROM customers WHERE ssn > '5' ORDER BY id`,
  'SELECT name, row_number() OVER (ORDER BY ssn) AS rn FROM customers ORDER BY id',
  'SELECT name, lag(ssn) OVER (ORDER BY id) AS l FROM customers ORDER BY id',
  'SELECT name, count(*) OVER w AS cw FROM customers WINDOW w AS (PARTITION BY left(ssn,1)) ORDER BY id',
  String.raw`SELECT count(*) FILTER (WHERE ssn LIKE '7%') AS f FROM customers`,
  'SELECT national_id AS x, name FROM v_cust ORDER BY id',
  'SELECT nid, total FROM v_nested ORDER BY total',
  'SELECT * FROM v_safe ORDER BY id',
  'SELECT s, id FROM mv ORDER BY id',
  'SELECT f_sql(1), f_std(2)',
  'SELECT f_pl(1)',
  'SELECT a, b FROM f_srf() ORDER BY a',
  'SELECT c.f_row FROM customers c ORDER BY id',
  'SELECT f_row(c) AS z FROM customers c ORDER BY id',
  'SELECT id_text(ssn) AS t, id_text(name) AS u FROM customers ORDER BY id',
  'SELECT v.ssn_copy, c.name FROM vault v JOIN customers c USING (id)',
  'SELECT * FROM vault NATURAL JOIN customers',
  'SELECT * FROM customers c JOIN orders o ON o.customer_id=c.id ORDER BY o.id',
  'SELECT j.name, j.ssn FROM (customers c JOIN orders o ON o.customer_id=c.id) AS j(cid,name,email,ssn) ORDER BY j.cid, j.ssn',
  String.raw`SELECT "ssn" AS "Ssn", U&"\0073sn" AS y FROM "customers" ORDER BY id`,
  String.raw`SELECT/**/ssn/*x/*nested*/*/FROM--c
public.customers ORDER BY id`,
  String.raw`SELECT E'\x41' || ssn AS q, $q$ssn$q$ AS lit FROM customers ORDER BY id`,
  'TABLE customers',
  'VALUES (1,(SELECT max(ssn) FROM customers))',
  'SELECT u FROM customers c, unnest(ARRAY[c.name, c.ssn]) u ORDER BY c.id, u=c.name',
  String.raw`SELECT c.id, r.x FROM customers c, regexp_split_to_table(c.ssn, '') AS r(x) ORDER BY c.id`,
  'SELECT k, v FROM customers c, jsonb_each_text(to_jsonb(c)) AS t(k,v) WHERE c.id=1 ORDER BY k',
  String.raw`SELECT * FROM xmltable('/r/v' PASSING (SELECT xmlelement(name r, xmlelement(name v, ssn)) FROM customers WHERE id=1) COLUMNS v text PATH '.')`,
  'SELECT xmlforest(name, ssn AS s) FROM customers ORDER BY id',
  String.raw`SELECT query_to_xml('select ssn from customers', true, false, '')`,
  String.raw`SELECT table_to_xml('customers', true, false, '')`,
  String.raw`SELECT most_common_vals::text FROM pg_stats WHERE tablename='customers' AND attname='ssn'`,
  String.raw`SELECT histogram_bounds::text FROM pg_stats WHERE tablename='customers' AND attname='ssn'`,
  String.raw`SELECT current_setting('server_version')`,
  String.raw`SELECT width_bucket(ssn::numeric, 0, 1e9, 100) AS wb, ssn::numeric % 10 AS md FROM customers WHERE ssn ~ '^[0-9]+$' ORDER BY id`,
  'SELECT max(ssn) AS m, min(name) AS n FROM customers GROUP BY balance > 100 ORDER BY 2',
  'SELECT ssn, count(*) FROM customers GROUP BY 1 ORDER BY 1',
  'SELECT left(ssn,1) AS k, count(*) AS c FROM customers GROUP BY k ORDER BY k',
  'SELECT DISTINCT ON (left(ssn,1)) name FROM customers ORDER BY left(ssn,1), id',
  'SELECT count(*) FROM customers GROUP BY ROLLUP (left(ssn,1)) ORDER BY 1',
  'SELECT GROUPING(ssn), count(*) FROM customers GROUP BY CUBE(ssn) ORDER BY 1,2',
  'INSERT INTO reporting.summary(label,val) SELECT name, ssn FROM customers',
  'INSERT INTO reporting.summary(val,label) SELECT name, ssn FROM customers RETURNING label',
  'INSERT INTO vault SELECT id+100, ssn FROM customers RETURNING ssn_copy, id',
  String.raw`INSERT INTO vault VALUES (1,'q') ON CONFLICT (id) DO UPDATE SET ssn_copy = (SELECT ssn FROM customers WHERE id=1) RETURNING *`,
  String.raw`INSERT INTO reporting.summary(id,label,val) SELECT id, 'l', ssn FROM customers WHERE id=1 ON CONFLICT (id) DO UPDATE SET label = excluded.val`,
  'UPDATE customers SET email = ssn',
  'UPDATE customers SET (name,email) = (SELECT o.note, customers.ssn FROM orders o WHERE o.id=1)',
  'UPDATE orders o SET note = c.ssn FROM customers c WHERE c.id=o.customer_id RETURNING o.id, o.note',
  'UPDATE customers SET name = name RETURNING id, ssn',
  String.raw`UPDATE orders SET note='hit' WHERE customer_id IN (SELECT id FROM customers WHERE ssn > '5')`,
  'DELETE FROM orders o USING customers c WHERE c.id=o.customer_id RETURNING o.id, c.ssn',
  String.raw`DELETE FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE ssn > '5')`,
  'MERGE INTO reporting.summary s USING customers c ON s.id=c.id WHEN NOT MATCHED THEN INSERT (id,label,val) VALUES (c.id, c.name, c.ssn)',
  String.raw`MERGE INTO vault v USING customers c ON v.id=c.id WHEN MATCHED THEN UPDATE SET ssn_copy=c.name WHEN NOT MATCHED AND c.ssn>'5' THEN INSERT VALUES (c.id,'x')`,
  String.raw`WITH w AS (UPDATE customers SET name='n' RETURNING ssn, id) SELECT ssn FROM w ORDER BY id`,
  'WITH w AS (INSERT INTO reporting.summary(label,val) SELECT name, ssn FROM customers RETURNING id) SELECT count(*) FROM w',
  'CREATE TEMP TABLE tt AS SELECT id, ssn AS x FROM customers',
  'SELECT id, ssn INTO TEMP tt2 FROM customers',
  'COPY (SELECT id, ssn AS z FROM customers) TO STDOUT',
  'COPY customers(id,name) TO STDOUT',
  'DECLARE cur CURSOR FOR SELECT ssn FROM customers',
  'DO $$BEGIN UPDATE orders SET note=(SELECT ssn FROM customers WHERE id=1); END$$',
  String.raw`EXPLAIN ANALYZE SELECT * FROM customers WHERE ssn > '5'`,
  'SELECT id FROM customers TABLESAMPLE SYSTEM (100) ORDER BY id',
  'SELECT ctid IS NULL AS y, xmin IS NULL AS x FROM customers ORDER BY id',
  'SELECT secret FROM parent',
  'SELECT CASE WHEN 1=1 THEN name ELSE ssn END AS always_name FROM customers ORDER BY id',
  'SELECT (ARRAY[ssn,name])[2] AS second FROM customers ORDER BY id',
  String.raw`SELECT id FROM customers WHERE 1/(CASE WHEN ssn LIKE '99%' THEN 0 ELSE 1 END)=1 ORDER BY id`,
  'SELECT a.id, b.ssn IS DISTINCT FROM a.ssn AS diff FROM customers a JOIN customers b ON b.id=a.id+1 ORDER BY a.id',
  'SELECT sum(hashtext(ssn)) FROM customers',
  'SELECT name FROM customers INTERSECT SELECT ssn FROM customers',
  'SELECT name FROM customers EXCEPT SELECT ssn FROM customers ORDER BY 1',
  String.raw`SELECT format('%s-%s', id, ssn) AS f, concat_ws(',', name, email) AS g FROM customers ORDER BY id`,
  'SELECT JSON_OBJECT_AGG(id, ssn ORDER BY id) FROM customers',
  'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ssn) FROM customers',
];
