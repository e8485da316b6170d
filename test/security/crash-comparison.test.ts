/** The judge of the suite `gateway-crash` finds what it is there to find. */
import { expect, it } from 'vitest';
import { disagreements } from '../trust/crash-comparison.ts';

const INSERT = 'INSERT INTO public.ran VALUES ($1)';
const simple = (value: number) => ({ text: `INSERT INTO public.ran VALUES (${value})`, value: String(value) });
const recorded = (texts: readonly string[], done: readonly number[]) => ({
  decided: new Map(texts.map((text, index) => [index + 1, text])),
  done: new Set(done),
});
const found = (executed: readonly number[], record: ReturnType<typeof recorded> | undefined) =>
  disagreements('crash-1', executed.map(simple), record).join('\n');

const texts = (...values: readonly number[]) => values.map((value) => simple(value).text);

it.each([
  ['that ended in order', [1, 2], recorded(texts(1, 2), [1, 2])],
  ['killed before the end of a statement was written', [1, 2], recorded(texts(1, 2), [1])],
  ['killed between the decision and the database', [1], recorded(texts(1, 2), [1])],
  ['of a prepared statement', [7, 8], recorded([INSERT, INSERT], [1, 2])],
] as const)('a session %s agrees', (_, executed, record) => {
  expect(found(executed, record)).toBe('');
});

it.each([
  ['was executed and is not in the record', [1, 2], recorded(texts(1), [1]), /executed 1 × .*the record has 0/],
  ['is of a session that the record does not know', [1], undefined, /executed 1 × .*the record has 0/],
  ['of a prepared statement is missing', [7, 8], recorded([INSERT], [1]), /executed 2 × .*the record has 1/],
  ['was executed twice', [1, 1], recorded(texts(1, 1), []), /executed twice/],
  ['is recorded as done and was not executed', [1], recorded(texts(1, 2), [1, 2]), /as done, and .* executed 0/],
  ['was decided and never sent, and it is not the last', [1], recorded(texts(1, 2, 3), [1]), /has 3 statements/],
] as const)('what %s is found', (_, executed, record, why) => {
  expect(found(executed, record)).toMatch(why);
});
