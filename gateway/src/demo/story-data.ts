/**
 * The data of the demo: a shop whose customers have regulated columns, and a reporting schema that is not
 * labelled for them. Deterministic, made in the database itself: 10,000 customers and 30,000 orders.
 */

/** Role that only the gateway knows the password of; it owns the story's tables. */
export const STORY_ROLE = 'sluice_story';
export const STORY_DATABASE = 'orders';

/** Run as superuser once per demo cluster. `password` must be safe inside quotes (the demo makes base64url). */
export function storyRoleSql(password: string): readonly string[] {
  return [
    `CREATE ROLE ${STORY_ROLE} LOGIN PASSWORD '${password}'`,
    // LOG outranks ERROR in the server's log: without this, literals of analysed statements would land there.
    `ALTER ROLE ${STORY_ROLE} SET log_min_messages = 'fatal'`,
    `CREATE DATABASE ${STORY_DATABASE} OWNER ${STORY_ROLE}`,
  ];
}

/** Run in the story's database as its owner. */
export const STORY_SQL = `
CREATE SCHEMA shop;
CREATE SCHEMA reporting;
CREATE TABLE shop.customers (
  id          integer PRIMARY KEY,
  name        text NOT NULL,
  email       text NOT NULL,
  ssn         text NOT NULL,
  country     text NOT NULL,
  tier        text NOT NULL,
  credit      numeric(10,2) NOT NULL,
  signed_up   date NOT NULL
);
CREATE TABLE shop.orders (
  id          integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES shop.customers (id),
  status      text NOT NULL,
  total       numeric(10,2) NOT NULL,
  ordered_on  date NOT NULL
);
CREATE INDEX orders_customer ON shop.orders (customer_id);
CREATE TABLE reporting.daily (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day         date NOT NULL DEFAULT '2026-01-01',
  country     text,
  orders      bigint,
  revenue     numeric(14,2),
  note        text
);

INSERT INTO shop.customers
SELECT i,
  (ARRAY['Ada','Bas','Chloe','Daan','Eva','Finn','Gwen','Hugo','Iris','Jan'])[1 + i % 10] || ' ' ||
  (ARRAY['Bakker','Cohen','Dubois','Evans','Fischer','Garcia','Haas','Ito','Jansen'])[1 + i % 9],
  'customer' || i || '@example.com',
  lpad((100 + i * 7 % 800)::text, 3, '0') || '-' || lpad((10 + i * 3 % 89)::text, 2, '0') || '-' || lpad((i * 37 % 10000)::text, 4, '0'),
  (ARRAY['NL','DE','FR','ES','GB'])[1 + i % 5],
  (ARRAY['basic','plus','gold'])[1 + i % 3],
  (i * 13 % 9000)::numeric,
  date '2020-01-01' + i % 2000
FROM generate_series(1, 10000) AS i;
INSERT INTO shop.orders
SELECT i, 1 + i * 31 % 10000, (ARRAY['open','paid','shipped','returned'])[1 + i % 4], (5 + i * 17 % 900)::numeric, date '2025-01-01' + i % 365
FROM generate_series(1, 30000) AS i;
ANALYZE;
`;

/** What the catalog says; the gateway only reads it. */
export const STORY_LABELS_CSV = `schema,table,column,label,category
shop,customers,id,internal,
shop,customers,name,internal,
shop,customers,email,confidential,pii.email
shop,customers,ssn,regulated,pii.ssn
shop,customers,country,public,
shop,customers,tier,public,
shop,customers,credit,confidential,financial.credit
shop,customers,signed_up,public,
shop,orders,id,public,
shop,orders,customer_id,internal,
shop,orders,status,public,
shop,orders,total,internal,
shop,orders,ordered_on,public,
reporting,daily,id,public,
reporting,daily,day,public,
reporting,daily,country,public,
reporting,daily,orders,internal,
reporting,daily,revenue,internal,
reporting,daily,note,internal,
`;

/** The nightly job as its planner wrote it. */
export const NIGHTLY_BATCH = `INSERT INTO reporting.daily (country, orders, revenue)
SELECT c.country, count(*), sum(o.total)
FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id
WHERE o.status = 'paid'
GROUP BY c.country`;

/** The same job after somebody changed one line: \`ssn\` rides along into an unlabelled column. */
export const TAMPERED_BATCH = `INSERT INTO reporting.daily (country, orders, revenue, note)
SELECT c.country, count(*), sum(o.total), max(c.ssn)
FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id
WHERE o.status = 'paid'
GROUP BY c.country`;
