-- psql: formats, meta-commands, errors, COPY, cursors behind FETCH_COUNT. Run by transcripts.test.ts, directly and through the gateway.
\set VERBOSITY verbose
\set SHOW_CONTEXT always
\set SHOW_CONTEXT always
SELECT * FROM items ORDER BY id LIMIT 3;
\pset format unaligned
SELECT * FROM items ORDER BY id LIMIT 2;
\pset format csv
SELECT * FROM items ORDER BY id LIMIT 2;
\pset format html
SELECT * FROM items ORDER BY id LIMIT 1;
\pset format asciidoc
SELECT * FROM items ORDER BY id LIMIT 1;
\pset format latex
SELECT * FROM items ORDER BY id LIMIT 1;
\pset format latex-longtable
SELECT 1;
\pset format troff-ms
SELECT 1 a, 'x' b;
\pset format wrapped
SELECT 1 a, 'x' b;
\pset format aligned
\x on
SELECT * FROM items ORDER BY id LIMIT 1;
\x off
\pset null '(null)'
SELECT missing FROM items LIMIT 1;
SELECT 'CREATE TABLE gx' || i || '(a int)' FROM generate_series(1,3) i \gexec
\dt
INSERT INTO gx1 SELECT generate_series(1,5) RETURNING a;
SELECT 'DROP TABLE gx' || i FROM generate_series(1,3) i \gexec
SELECT id % 3 AS r, id % 2 AS c, count(*) FROM items GROUP BY 1,2 ORDER BY 1,2 \crosstabview r c count
SELECT id, name FROM items WHERE id = 5 \gset v_
\echo :v_id :v_name
SELECT id, name FROM items WHERE id = :v_id \gx
SELECT id, name, price FROM items LIMIT 1 \gdesc
SELECT 1 AS one \; SELECT 2 AS two \; SELECT 3 AS three;
BEGIN \; SELECT 1 \; COMMIT;
SELECT 1/0;
SELECT 'x'::int;
SELECT * FROM nope;
SELEC 1;
SELECT id FROM items WHERE idd = 1;
SELECT foo(1);
\errverbose
BEGIN;
INSERT INTO scratch VALUES (1,'a');
INSERT INTO scratch VALUES (1,'b');
SELECT 1;
ROLLBACK;
COMMIT;
BEGIN; 
BEGIN;
ROLLBACK;
ROLLBACK;
\set ON_ERROR_ROLLBACK on
BEGIN;
INSERT INTO scratch VALUES (1,'a');
INSERT INTO scratch VALUES (1,'b');
INSERT INTO scratch VALUES (2,'b');
SELECT * FROM scratch ORDER BY 1;
ROLLBACK;
\set ON_ERROR_ROLLBACK off
\set FETCH_COUNT 7
SELECT id FROM items ORDER BY id LIMIT 30;
SELECT 10/(5-id) FROM items ORDER BY id LIMIT 10;
\unset FETCH_COUNT
\copy (SELECT id, name, price, missing FROM items ORDER BY id LIMIT 3) TO STDOUT
\copy (SELECT id, name, price, missing FROM items ORDER BY id LIMIT 3) TO STDOUT WITH (FORMAT csv, HEADER)
\copy scratch FROM STDIN
1	a
2	b
\.
\copy scratch FROM STDIN WITH (FORMAT csv)
3,c
4,"d,e"
\.
\copy scratch FROM STDIN
5	a	toomany
\.
\copy scratch FROM STDIN
x	a
\.
SELECT * FROM scratch ORDER BY 1;
TRUNCATE scratch;
PREPARE p(int) AS SELECT id, name FROM items WHERE id = $1;
EXECUTE p(3);
EXECUTE p('a');
EXECUTE q(1);
DEALLOCATE p;
DEALLOCATE p;
PREPARE p AS SELECT 1;
DISCARD ALL;
EXECUTE p;
;
;;
SELECT;
SELECT FROM items LIMIT 2;
TABLE scratch;
VALUES (1,'a'),(2,NULL);
SHOW server_version;
SHOW TimeZone;
SET datestyle = 'German';
SELECT at FROM items WHERE id=1;
RESET datestyle;
SELECT at FROM items WHERE id=1;
EXPLAIN (COSTS OFF) SELECT * FROM items WHERE id=3;
\timing on
\timing off
\d items
\dn
\df
\du
\l
\dp
\dT+
\encoding
\dconfig work_mem
\sf nope
\ef nope
\d+ people
\sf abs(integer)
