// The planner: reads what is wanted (a ticket, written by somebody else) and which columns there are (the output of
// `sluice schema --json`, on standard input), and writes the statements of the night. In real life a language model; it
// believes its ticket just as readily. It sees names and labels, and never a row.
import { readFileSync } from 'node:fs';

const ticket = readFileSync(process.argv[2], 'utf8');
const { tables } = JSON.parse(readFileSync(0, 'utf8'));
const customers = tables.find(({ table }) => table === 'customers');
const known = new Set(customers.columns.map(({ name }) => name));

/** Columns that the ticket asks for: `include: email`. */
const wanted = [...ticket.matchAll(/include: (\w+)/g)]
  .map(([, column]) => column)
  .filter((column) => known.has(column));
const columns = wanted.map((column) => `c.${column}`);
const note = columns.join(" || ' ' || ");

process.stdout.write(`BEGIN;
CREATE TEMPORARY TABLE totals AS
  SELECT c.country, ${note} AS note, count(*) AS orders
  FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id
  GROUP BY c.country, ${columns.join(', ')};
INSERT INTO reporting.daily (country, orders, note) SELECT country, orders, note FROM totals;
COMMIT;
SELECT country, orders FROM reporting.daily ORDER BY country;
`);
