/** Every refusal and hold in words: what was found, which policy or rule, and a remedy that fits what somebody did. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { type PostgresServer, startPostgres } from '../harness/postgres-server.ts';

const SQL = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, ssn text, born date);
CREATE TABLE reports (id int, note text);
CREATE TABLE checked (id int, n int CHECK (n > 0), ssn text UNIQUE);
CREATE TABLE kids (id int, customer_ssn text REFERENCES checked (ssn) ON DELETE CASCADE);
CREATE TABLE logged (id int, what text);
CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO logged VALUES (OLD.id, OLD.ssn); RETURN NEW; END';
CREATE TABLE watched (id int, ssn text);
CREATE TRIGGER noted AFTER UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION note_it();
CREATE FUNCTION lookup(text) RETURNS text LANGUAGE plpgsql AS 'DECLARE r text; BEGIN EXECUTE $1 INTO r; RETURN r; END';
CREATE SEQUENCE numbers;
`;
const LABELS = `schema,table,column,label,category
public,customers,ssn,regulated,pii.ssn
public,customers,born,confidential,pii.birth
public,checked,ssn,regulated,pii.ssn
public,kids,customer_ssn,regulated,pii.ssn
public,watched,ssn,regulated,pii.ssn
`;
const CLERK = { username: 'clerk', name: 'Clerk', email: 'clerk@corp.test', password: 'pw', groups: ['clerks'] };

let server: PostgresServer;
let gateway: TestGateway;
beforeAll(async () => {
  server = await startPostgres({ settings: { log_min_messages: 'fatal' } });
  await server.admin("CREATE ROLE sluice LOGIN PASSWORD 'upstream'; CREATE ROLE other");
  await server.admin('CREATE DATABASE shop OWNER sluice');
  await server.admin(`SET ROLE sluice; ${SQL}`, 'shop');
  gateway = await startGateway({
    resources: [
      {
        name: 'shop',
        upstream: { host: server.host, port: server.port, database: 'shop' },
        credential: { username: 'sluice', password: 'upstream' },
        labelsCsv: LABELS,
        unclassified: 'public',
      },
    ],
    users: [CLERK],
    documents: [
      { kind: 'approvers', for: { label: 'regulated' }, groups: ['data-protection'], count: 1, expires: '15m' },
    ],
  });
});
afterAll(async () => {
  try {
    await gateway.stop();
  } finally {
    await server.stop();
  }
});

/** The strongest reason of a statement: `effect policy: message → remedy`. */
async function told(statement: string): Promise<string> {
  const [first] = (await (await gateway.apiFor('clerk')).why('shop', statement)).statements ?? [];
  const [reason] = first?.reasons ?? [];
  return reason === undefined
    ? (first?.effect ?? 'nothing')
    : `${reason.effect} ${reason.policyId}: ${reason.message} → ${reason.remedy}`;
}

const SSN = 'customers.ssn (regulated, pii.ssn)';
const FILTER = 'Filter, join, sort, group and count by other columns, or ask data-protection.';
const ROWS = 'may not decide which rows are returned or changed, how many, or in which order';
const CHANGED = 'Choose which rows are changed, and which are in conflict, by other columns, or ask data-protection.';
const EXPLAINED =
  'Explain it without ANALYZE, costs and buffers, and with other columns to filter, join, sort and group by, or ask data-protection.';
const FAIL = 'may not be used in what can fail';
const RETURN =
  'Return the column itself, without casts, arithmetic or functions that can fail, or ask data-protection.';
const LEAVE = 'Leave it out of what is computed, compared and written, or ask data-protection.';
const WAIT = 'Wait for the approval of data-protection.';
const BRINGS = 'would bring the value, or what it decides, to where its label does not follow';
const HANDED = 'would be changed, copied or handed on by';
const DEFINES = 'needs an approval, because it changes a definition';
const DIRECTLY = 'Ask the administrator to run it directly, or do without it.';

describe('the words of', () => {
  it.each([
    [
      'SELECT ssn FROM customers',
      `mask mask-classified: ${SSN} is masked because of its label → If your work needs the value, ask data-protection.`,
    ],
    [
      "SELECT id FROM customers WHERE ssn < '5'",
      `refuse no-shaping-by-classified: ${SSN} ${ROWS} (in WHERE) → ${FILTER}`,
    ],
    [
      "DELETE FROM customers WHERE ssn = 'x'",
      `refuse no-shaping-by-classified: ${SSN} ${ROWS} (in WHERE) → ${CHANGED}`,
    ],
    [
      "INSERT INTO checked (ssn) VALUES ('x') ON CONFLICT (ssn) DO NOTHING",
      `refuse no-shaping-by-classified: checked.ssn (regulated, pii.ssn) ${ROWS} (in ON CONFLICT) → ${CHANGED}`,
    ],
    [
      "EXPLAIN SELECT id FROM customers WHERE ssn = 'x'",
      `refuse no-shaping-by-classified: ${SSN} ${ROWS} (in WHERE) → ${EXPLAINED}`,
    ],
    [
      "EXPLAIN ANALYZE UPDATE customers SET name = 'x'",
      `refuse no-shaping-by-classified: customers.* (regulated, pii) ${ROWS} (in the costs and counts of EXPLAIN, which tell how large it is) → ${EXPLAINED}`,
    ],
    ['SELECT ssn::int FROM customers', `refuse no-failing-expressions: ${SSN} ${FAIL}: a cast to integer → ${RETURN}`],
    [
      'SELECT 1 / length(ssn) FROM customers',
      `refuse no-failing-expressions: ${SSN} ${FAIL}: arithmetic with / (int4div) → ${RETURN}`,
    ],
    [
      "SELECT to_date(ssn, 'YYYY') FROM customers",
      `refuse no-failing-expressions: ${SSN} ${FAIL}: to_date() → ${RETURN}`,
    ],
    [
      'UPDATE customers SET ssn = (ssn::int)::text',
      `refuse no-failing-expressions: ${SSN} ${FAIL}: a cast to integer → ${LEAVE}`,
    ],
    [
      'INSERT INTO checked (n) SELECT length(ssn) FROM customers',
      `refuse no-failing-expressions: ${SSN} ${FAIL}: a check of the table → ${LEAVE}`,
    ],
    [
      "INSERT INTO checked (ssn) VALUES ('x')",
      `refuse no-failing-expressions: checked.ssn (regulated, pii.ssn) ${FAIL}: a unique key → ${LEAVE}`,
    ],
    [
      'DELETE FROM checked WHERE id = 1',
      `refuse no-failing-expressions: checked.ssn (regulated, pii.ssn), kids.customer_ssn (regulated, pii.ssn) ${FAIL}: a foreign key → ${LEAVE}`,
    ],
    [
      'DO $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM customers; END $$',
      `refuse no-failing-expressions: ${SSN} ${FAIL} → Leave it out of the code, or ask data-protection.`,
    ],
    [
      'INSERT INTO reports SELECT id, ssn FROM customers',
      `hold copy-needs-approval: ${SSN} → reports.note (public) ${BRINGS} → ${WAIT}`,
    ],
    [
      'UPDATE watched SET id = 2',
      `hold copy-needs-approval: watched.ssn (regulated, pii.ssn) → logged.what (public) ${BRINGS} → ${WAIT}`,
    ],
    [
      "SELECT setval('numbers', length(ssn)) FROM customers",
      `hold copy-needs-approval: ${SSN} → setval ${BRINGS} → ${WAIT}`,
    ],
    [
      'CREATE VIEW shown AS SELECT ssn FROM customers',
      `hold copy-needs-approval: ${SSN} → shown.ssn ${BRINGS} → ${WAIT}`,
    ],
    [
      'GRANT SELECT ON customers TO other',
      `hold redefinition-needs-approval: ${SSN}, customers.born (confidential, pii.birth) ${HANDED} GRANT or REVOKE → ${WAIT}`,
    ],
    [
      'DROP TRIGGER noted ON watched',
      `hold redefinition-needs-approval: watched.ssn (regulated, pii.ssn) ${HANDED} DROP → ${WAIT}`,
    ],
    ['CREATE INDEX ON customers (ssn)', `hold redefinition-needs-approval: ${SSN} ${HANDED} CREATE INDEX → ${WAIT}`],
    [
      'ALTER TABLE customers RENAME COLUMN ssn TO x',
      `hold redefinition-needs-approval: ${SSN} ${HANDED} ALTER … RENAME → ${WAIT}`,
    ],
    [
      'CREATE POLICY p ON reports USING (true)',
      `hold definition-needs-approval: The statement creates a row security policy: ${DEFINES} → ${WAIT}`,
    ],
    [
      'CREATE EXTENSION dblink',
      `hold definition-needs-approval: The statement creates an extension: ${DEFINES} → ${WAIT}`,
    ],
    [
      'CREATE ROLE x',
      `refuse engine:statement-kind: CREATE ROLE statements are not allowed through the gateway. → ${DIRECTLY}`,
    ],
    [
      'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION note_it()',
      `refuse engine:statement-kind: CREATE EVENT TRIGGER statements are not allowed through the gateway. → ${DIRECTLY}`,
    ],
    [
      "ALTER SYSTEM SET work_mem = '1MB'",
      `refuse engine:statement-guarded: ALTER SYSTEM statements are not allowed through the gateway. → ${DIRECTLY}`,
    ],
    [
      "SELECT lookup('x')",
      'refuse engine:function-body: The body of public.lookup(text) cannot be analysed. → Write it as BEGIN ATOMIC … END, or ask the administrator to declare the function.',
    ],
    [
      "DO $$ BEGIN EXECUTE 'SELECT 1'; END $$",
      'refuse engine:do-block: DO runs code that is not analysed: dynamic SQL, cursors, procedures, definitions that make code or queries, or what the server does not accept. → Send its statements one by one.',
    ],
    [
      'DO $$ BEGIN CREATE TABLE made (id int); CREATE INDEX ON made (id); END $$',
      'refuse engine:block-definitions: DO defines something, and what else it does could depend on that. → Send its statements one by one.',
    ],
    [
      "COPY customers TO '/tmp/x'",
      'refuse engine:copy-file: COPY may not touch files or programs of the server. → Use COPY … TO STDOUT or COPY … FROM STDIN in UTF-8.',
    ],
    [
      'SET ROLE other',
      'refuse engine:setting-role: The setting role may not be changed to this value through the gateway. → Leave it as it is, or set it to the role that the session has already: sluice.',
    ],
    [
      "UPDATE pg_class SET relname = 'x'",
      'refuse engine:catalog-write: The statement changes a system catalog. → Use the DDL statement for it.',
    ],
    [
      "PREPARE TRANSACTION 'x'",
      'refuse engine:two-phase: Two-phase commit is not allowed through the gateway. → Use an ordinary transaction.',
    ],
  ])('%s name what was found, the rule, and what to do', async (statement, words) => {
    expect(await told(statement)).toBe(words);
  });
});
