import { describe, expect, it } from 'vitest';
import { writtenNotification } from './written-notification.ts';

const bound = (...values: readonly (string | null)[]): readonly (Buffer | null)[] =>
  values.map((value) => (value === null ? null : Buffer.from(value)));

describe('a notification written as a query', () => {
  it.each([
    ["SELECT pg_notify('a', 'b')", [], 'a', 'b'],
    ["select pg_catalog.pg_notify ( 'A b'::text , 'it''s' ) ;", [], 'A b', "it's"],
    ['SELECT pg_notify($1, $2)', ['a', 'é'], 'a', 'é'],
    ["SELECT pg_notify('a', $1::text)", ['x'], 'a', 'x'],
  ] as const)('%s', (text, values, channel, payload) => {
    expect(writtenNotification(text, bound(...values))).toEqual({ channel, payload });
  });

  it.each([
    ["SELECT pg_notify('a', ssn) FROM people", []],
    ["SELECT pg_notify('a', 'b') FROM people", []],
    ["SELECT pg_notify('a', 'b' || 'c')", []],
    ["SELECT 1, pg_notify('a', 'b')", []],
    ["SELECT pg_notify('a', E'b')", []],
    ["SELECT pg_notify('a', 'b'); SELECT 1", []],
    ['SELECT pg_notify($1, $2)', ['a', null]],
    ['SELECT pg_notify($1, $3)', ['a', 'b']],
    [`SELECT pg_notify('a', '${'b'.repeat(20_000)}')`, []],
    ["NOTIFY a, 'b'", []],
  ] as const)('is not %s', (text, values) => {
    expect(writtenNotification(text, bound(...values))).toBeNull();
  });
});
