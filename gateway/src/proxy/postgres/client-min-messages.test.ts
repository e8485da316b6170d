import { describe, expect, it } from 'vitest';
import { ClientMinMessages, MAX_SAVEPOINT_LEVELS } from './client-min-messages.ts';

type Step = (level: ClientMinMessages) => void;

const set =
  (value: string, local = false): Step =>
  (level) =>
    level.set(value, local);
const step =
  (transaction: Parameters<ClientMinMessages['stepped']>[0]['transaction'], savepoint = '', tag = ''): Step =>
  (level) =>
    level.stepped({ transaction, savepoint }, tag);
const ready =
  (status: 'I' | 'T' | 'E', failed = false): Step =>
  (level) =>
    level.ready(status, failed);
const commit = step('commit', '', 'COMMIT');
const rollback = step('rollback', '', 'ROLLBACK');

const CASES: Readonly<Record<string, readonly [steps: readonly Step[], value: string]>> = {
  'is notice at first': [[], 'notice'],
  'stays when its statement has succeeded': [[set('warning'), ready('I')], 'warning'],
  'is undone when the query failed behind it': [[set('warning'), ready('I', true)], 'notice'],
  'is undone by ROLLBACK': [[set('warning'), ready('T'), rollback], 'notice'],
  'is undone when COMMIT answers ROLLBACK': [[set('warning'), ready('T'), step('commit', '', 'ROLLBACK')], 'notice'],
  'stays after COMMIT, whatever fails behind it': [[set('warning'), commit, set('error'), ready('I', true)], 'warning'],
  'is undone as soon as the transaction has failed': [[set('warning'), ready('T'), ready('E', true)], 'notice'],
  'goes back to a savepoint': [
    [set('warning'), step('savepoint', 'a'), set('error'), step('rollback-to', 'a')],
    'warning',
  ],
  'goes back to the savepoint that is named, over another': [
    [step('savepoint', 'a'), set('warning'), step('savepoint', 'b'), set('error'), step('rollback-to', 'a')],
    'notice',
  ],
  'goes back to the last savepoint of a name': [
    [step('savepoint', 'a'), set('warning'), step('savepoint', 'a'), set('error'), step('rollback-to', 'a')],
    'warning',
  ],
  'goes back to the savepoint when a statement fails': [
    [set('warning'), step('savepoint', 'a'), set('error'), ready('E', true)],
    'warning',
  ],
  'is what it is when a savepoint is released': [
    [step('savepoint', 'a'), set('warning'), step('release', 'a'), ready('T')],
    'warning',
  ],
  'goes back over a released savepoint': [
    [step('savepoint', 'a'), step('savepoint', 'b'), set('error'), step('release', 'b'), step('rollback-to', 'a')],
    'notice',
  ],
  'of SET LOCAL ends with the transaction': [[set('warning'), ready('I'), set('error', true), commit], 'warning'],
  'of SET LOCAL is covered by SET': [[set('error', true), set('warning'), commit], 'warning'],
  'of SET comes back from under SET LOCAL': [[set('warning'), set('error', true), commit], 'warning'],
};

describe('client_min_messages', () => {
  it('begins, and is reset to, what the client asked for at start-up', () => {
    const level = new ClientMinMessages('error');
    expect(level.value).toBe('error');
    set('log')(level);
    level.reset();
    expect(level.value).toBe('error');
  });

  it.each(Object.entries(CASES))('%s', (_name, [steps, value]) => {
    const level = new ClientMinMessages();
    for (const apply of steps) apply(level);
    expect(level.value).toBe(value);
  });

  it(`remembers ${MAX_SAVEPOINT_LEVELS} savepoints, and is undone with the transaction behind more`, () => {
    const level = new ClientMinMessages();
    for (let count = 0; count < MAX_SAVEPOINT_LEVELS; count += 1) step('savepoint', `s${count}`)(level);
    set('warning')(level);
    step('savepoint', 'one more')(level);
    set('error')(level);
    step('rollback-to', 'one more')(level);
    expect(level.value).toBe('error');
    step('rollback-to', `s${MAX_SAVEPOINT_LEVELS - 1}`)(level);
    expect(level.value).toBe('notice');
    set('error')(level);
    rollback(level);
    expect(level.value).toBe('notice');
  });
});
