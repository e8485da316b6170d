/** A database with functions of every kind, and classified columns for them to reach. */
export const LABELS = `schema,table,column,label,category,path
crm,customers,ssn,regulated,pii.ssn,
crm,customers,email,confidential,pii.email,
crm,customers,tags,confidential,pii.tags,
crm,profiles,doc,regulated,pii.ssn,$.ssn
`;

export const SCHEMA = `
CREATE SCHEMA crm; CREATE SCHEMA ext; CREATE SCHEMA app;
CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION tablefunc SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext; CREATE EXTENSION isn SCHEMA ext; CREATE EXTENSION ltree SCHEMA ext;
CREATE TABLE crm.customers (id int PRIMARY KEY, name text NOT NULL, ssn text, email ext.citext, tags text[]);
INSERT INTO crm.customers SELECT i, 'name ' || i, '123-45-' || 6780 + i, 'user' || i || '@example.com', ARRAY['a', 'b'] FROM generate_series(1, 5) i;
CREATE TABLE crm.orders (id int PRIMARY KEY, customer_id int REFERENCES crm.customers, region ext.citext, status text, total numeric(10,2), extra ext.hstore, path ext.ltree);
INSERT INTO crm.orders SELECT i, 1 + i % 5, CASE i % 2 WHEN 0 THEN 'North' ELSE 'NORTH' END, CASE i % 3 WHEN 0 THEN 'open' ELSE 'shut' END, i * 10, 'a=>1', 'top.x' FROM generate_series(1, 12) i;
CREATE TABLE crm.log (at int, what text);
CREATE TABLE crm.profiles (id int PRIMARY KEY, doc jsonb);
INSERT INTO crm.profiles SELECT i, jsonb_build_object('lang', 'nl', 'ssn', '123-45-' || 6780 + i) FROM generate_series(1, 5) i;

CREATE FUNCTION app.total(o int) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT total FROM crm.orders WHERE id = o';
CREATE FUNCTION app.total_atomic(o int) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT total FROM crm.orders WHERE id = o; END;
CREATE FUNCTION app.ssn_of(i int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM crm.customers WHERE id = i';
CREATE FUNCTION app.tax(x numeric, rate numeric DEFAULT 0.2) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT round(x * rate, 2)';
CREATE FUNCTION app.widest(VARIADIC xs int[]) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT max(x) FROM unnest(xs) x';
CREATE FUNCTION app.same(x anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT x';
CREATE FUNCTION app.pinned(o int) RETURNS numeric LANGUAGE sql STABLE SET work_mem = '8MB' AS 'SELECT total FROM crm.orders WHERE id = o';
CREATE FUNCTION app.dynamic(t text) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT count(*) FROM ' || t INTO n; RETURN n; END $$;
CREATE FUNCTION app.secret_count() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT count(*) FROM crm.customers WHERE ssn LIKE ''123%''' INTO n; RETURN n; END $$;
CREATE FUNCTION app.lang_of(i int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE found_lang text; BEGIN SELECT p.doc->>'lang' INTO found_lang FROM crm.profiles p WHERE p.id = i; RETURN found_lang; END $$;
CREATE FUNCTION app.key_of(i int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE t text; BEGIN SELECT p.doc->>'ssn' INTO t FROM crm.profiles p WHERE p.id = i; RETURN t; END $$;
CREATE FUNCTION app.secret_key(lang text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT doc->>''ssn'' FROM crm.profiles WHERE id = 1' INTO t; RETURN t; END $$;
CREATE FUNCTION app.loop_total() RETURNS numeric LANGUAGE plpgsql AS $$ DECLARE o record; s numeric := 0; BEGIN FOR o IN SELECT total FROM crm.orders LOOP s := s + o.total; END LOOP; RETURN s; END $$;
CREATE FUNCTION app.status_of(o int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE found_status crm.orders.status%TYPE; BEGIN SELECT status INTO found_status FROM crm.orders WHERE id = o; IF NOT FOUND THEN RETURN 'none'; END IF; RETURN found_status; END $$;
CREATE FUNCTION app.row_of(o int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE r crm.orders%ROWTYPE; BEGIN SELECT * INTO STRICT r FROM crm.orders WHERE id = o; RETURN r.status || '!'; EXCEPTION WHEN no_data_found THEN RETURN 'none'; END $$;
CREATE FUNCTION app.statuses() RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY SELECT DISTINCT status FROM crm.orders ORDER BY 1; RETURN NEXT 'end'; END $$;
CREATE FUNCTION app.peek(i int) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM crm.customers WHERE id = i; RETURN s LIKE '123%'; END $$;
CREATE PROCEDURE app.close_order(o int) LANGUAGE plpgsql AS $$ BEGIN UPDATE crm.orders SET status = 'shut' WHERE id = o; IF NOT FOUND THEN RAISE EXCEPTION 'no order %', o; END IF; END $$;
CREATE PROCEDURE app.note(w text) LANGUAGE sql AS 'INSERT INTO crm.log VALUES (1, w)';
CREATE PROCEDURE app.leak(i int) LANGUAGE sql AS 'INSERT INTO crm.log SELECT id, ssn FROM crm.customers WHERE id = i';
CREATE PROCEDURE app.answer(o int, INOUT told text) LANGUAGE plpgsql AS $$ BEGIN SELECT status INTO told FROM crm.orders WHERE id = o; END $$;
CREATE PROCEDURE app.commits() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO crm.log VALUES (2, 'x'); COMMIT; END $$;
CREATE FUNCTION app.add_status(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, '''') || b';
CREATE AGGREGATE app.joined (text) (SFUNC = app.add_status, STYPE = text);
CREATE FUNCTION app.unknown_step(a bigint, i int) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT 1' INTO n; RETURN n; END $$;
CREATE AGGREGATE app.unknown_all (int) (SFUNC = app.unknown_step, STYPE = bigint);
CREATE FUNCTION app.undeclared() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 1' INTO t; RETURN t; END $$;
CREATE FUNCTION app.last_ssn() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT max(ssn) FROM crm.customers' INTO t; RETURN t; END $$;
CREATE FUNCTION app.opaque() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 1' INTO t; RETURN t; END $$;
CREATE FUNCTION app.gone() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 1' INTO t; RETURN t; END $$;
CREATE FUNCTION app.other() RETURNS text LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 1' INTO t; RETURN t; END $$;
CREATE FUNCTION app.definer(i int) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT ssn FROM crm.customers WHERE id = i';
CREATE FUNCTION app.plus(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE OPERATOR app.<+> (LEFTARG = int, RIGHTARG = int, FUNCTION = app.plus);
CREATE OPERATOR app.#? (RIGHTARG = int, FUNCTION = app.ssn_of);
CREATE TYPE app.pair AS (x int);
CREATE FUNCTION app.first_of(p app.pair) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT p.x';
CREATE CAST (app.pair AS int) WITH FUNCTION app.first_of(app.pair);
CREATE PROCEDURE app.twice(t text) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE app.twice(i int) LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN app.probing AS int CHECK (app.peek(VALUE));
CREATE FUNCTION app.probe(i int) RETURNS app.probing LANGUAGE sql AS 'SELECT i';
CREATE PROCEDURE app.take(p app.probing) LANGUAGE sql AS 'SELECT 1';
CREATE TABLE crm.tickets (id int, customer_id int, detail text);
CREATE FUNCTION app.fill_detail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT c.ssn INTO NEW.detail FROM crm.customers c WHERE c.id = NEW.customer_id; RETURN NEW; END $$;
CREATE TRIGGER fill BEFORE INSERT ON crm.tickets FOR EACH ROW EXECUTE FUNCTION app.fill_detail();
CREATE TABLE crm.notes (id int, what text);
CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO crm.log VALUES (NEW.id, TG_OP || to_jsonb(NEW)::text); RETURN NULL; END $$;
CREATE TRIGGER audited AFTER INSERT ON crm.notes FOR EACH ROW EXECUTE FUNCTION app.audit();
`;

/** Run by the superuser before the gateway's role is granted everything. */
export const GRANTS = `
CREATE ROLE app_gateway LOGIN PASSWORD 'pw';
GRANT USAGE ON SCHEMA crm, app, ext TO app_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm TO app_gateway;
`;
