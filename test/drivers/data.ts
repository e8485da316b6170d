/** The data that every driver meets: plain columns of many types, and one column that is regulated. */

export const DATABASE = 'drivers';
export const RESOURCE = 'drivers-db';
export const ITEM_ROWS = 1_000;

/** Run as the owner of the database. */
export const DATA_SQL = `
CREATE TABLE public.items (
  id integer PRIMARY KEY,
  name text NOT NULL,
  price numeric(10,2) NOT NULL,
  big bigint NOT NULL,
  ratio double precision NOT NULL,
  is_new boolean NOT NULL,
  at timestamptz NOT NULL,
  raw bytea NOT NULL,
  tags text[] NOT NULL,
  extra jsonb NOT NULL,
  missing text
);
INSERT INTO public.items
SELECT i, 'item ' || i || ' é✓', i * 1.25, i * 10000000000, i / 8.0, i % 2 = 0,
       timestamptz '2026-01-02 03:04:05.678901+00' + i * interval '1 hour',
       decode(lpad(to_hex(i), 8, '0'), 'hex'), ARRAY['a' || i, 'b,"c'], jsonb_build_object('n', i), NULL
FROM generate_series(1, ${ITEM_ROWS}) i;
CREATE TABLE public.people (id integer PRIMARY KEY, name text NOT NULL, ssn text NOT NULL);
INSERT INTO public.people SELECT i, 'person ' || i, '123-45-' || lpad(i::text, 4, '0') FROM generate_series(1, 20) i;
CREATE TABLE public.scratch (id integer PRIMARY KEY, note text);
`;

/** Labels of the columns above; whatever is not listed is public in these tests. */
export const LABELS_CSV = 'schema,table,column,label,category\npublic,people,ssn,regulated,pii.ssn\n';

/** What every driver program reports, as one line of JSON; see `programs/`. */
export type Report = {
  /** `SELECT 1 + 1` */
  readonly sum: number;
  /**
   * Row 7 of items as the driver decoded it, then as text: numbers plainly, the time in UTC to the millisecond, bytes
   * in hex, the second element of the array, the field of the JSON, null.
   */
  readonly row: readonly (string | null)[];
  /** Names fetched by one prepared statement run for ids 1 to 10. */
  readonly prepared: readonly string[];
  /** Rows of items read through a cursor or portal in batches of 100. */
  readonly cursorRows: number;
  /** Rows in scratch after a transaction that was rolled back (0), and after one that was committed (2). */
  readonly afterRollback: number;
  readonly afterCommit: number;
  /** SQLSTATE of a division by zero, and the answer of the next statement on the same connection. */
  readonly errorState: string;
  readonly afterError: number;
  /** Rows copied out of items, and into scratch; null where the driver has no COPY. */
  readonly copiedOut: number | null;
  readonly copiedIn: number | null;
  /** The first person's regulated column. */
  readonly ssn: string | null;
};

/** What each driver must report; `ssn` depends on where it is connected to. */
export function expectedReport(hasCopy: boolean, ssn: string | null): Report {
  return {
    sum: 2,
    row: [
      ...['7', 'item 7 é✓', '8.75', '70000000000', '0.875', 'false'],
      ...['2026-01-02T10:04:05.678Z', '00000007', 'b,"c', '7', null],
    ],
    prepared: Array.from({ length: 10 }, (_, index) => `item ${index + 1} é✓`),
    cursorRows: ITEM_ROWS,
    afterRollback: 0,
    afterCommit: 2,
    errorState: '22012',
    afterError: 5,
    copiedOut: hasCopy ? ITEM_ROWS : null,
    copiedIn: hasCopy ? 3 : null,
    ssn,
  };
}
