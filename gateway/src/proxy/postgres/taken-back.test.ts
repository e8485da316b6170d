import { describe, expect, it, vi } from 'vitest';
import type { Exchange, Executed, Outcome } from './exchange.ts';
import { takenBack } from './taken-back.ts';

const onOutcome = vi.fn<(outcome: Outcome) => void>();
const onFailed = vi.fn<() => void>();
const onReady = vi.fn<(status: string, failed: boolean) => void>();
const bind: Exchange = { kind: 'bind', audience: 'client', onFailed };
const describeIt: Exchange = { kind: 'describe', audience: 'client', simple: true };
const execute: Executed = { kind: 'execute', audience: 'client', rule: () => null, statementId: 7, onOutcome };
const sync: Exchange = { kind: 'sync', audience: 'client', onReady };
const ownClose: Exchange = { kind: 'close', audience: 'gateway' };

describe('a statement that is taken back', () => {
  it.each([
    ['with a description', [bind, describeIt, execute, sync]],
    ['without one', [bind, execute, sync]],
    ['beside a Close of the gateway', [bind, describeIt, execute, ownClose, sync]],
  ])('tells the client nothing %s', (_what, owed) => {
    const silent = takenBack(owed, 2);
    expect(silent?.map(({ kind }) => kind)).toEqual(owed.map(({ kind }) => kind));
    expect(silent?.map(({ audience }) => audience)).toEqual(owed.map(() => 'gateway'));
  });

  it.each<[string, readonly Exchange[]]>([
    ['its Sync is not asked for', [bind, describeIt, execute]],
    ['it is not executed yet', [bind, describeIt, sync]],
    ['another one is executed with it', [bind, execute, bind, execute, sync]],
    ['the client closes something with it', [bind, execute, { kind: 'close', audience: 'client' }, sync]],
    [
      'an answer of the gateway stands among its own',
      [bind, execute, { kind: 'local', audience: 'client', bytes: Buffer.alloc(1) }, sync],
    ],
    ['something is asked behind it', [bind, execute, sync, bind, execute, sync]],
    ['nothing is owed', []],
  ])('is not possible when %s', (_why, owed) => {
    expect(takenBack(owed, 1)).toBeNull();
  });

  it('drops its rows, checked, and is recorded as refused, with none', () => {
    const taken = takenBack([bind, execute, sync], 2)?.[1];
    if (taken?.kind !== 'execute') throw new Error('no Execute');
    expect(taken.rule()).toMatchObject({ kind: 'rows', deliver: false, plan: { masks: [null, null] } });
    taken.onOutcome({ tag: 'SELECT 3', rows: 3, maskedCells: 0, error: null, suspended: false });
    expect(onOutcome).toHaveBeenCalledExactlyOnceWith({
      ...{ tag: '', rows: 0, maskedCells: 0, error: '42501', suspended: false },
    });
  });

  it('drops the portal, and hears of the end of the transaction', () => {
    onFailed.mockClear();
    const taken = takenBack([bind, execute, sync], 0)?.[2];
    expect(onFailed).toHaveBeenCalledOnce();
    if (taken?.kind !== 'sync') throw new Error('no Sync');
    taken.onReady?.('I', true);
    expect(onReady).toHaveBeenCalledExactlyOnceWith('I', true);
  });
});
