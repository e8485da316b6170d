import { describe, expect, it } from 'vitest';
import { NameChanges } from './name-changes.ts';

function started(): { readonly values: Map<string, string>; readonly changes: NameChanges<string> } {
  const values = new Map([['n', 'first']]);
  return { values, changes: new NameChanges(values) };
}

describe('names that the server may not have changed', () => {
  it('stand for the new thing at once', () => {
    const { values, changes } = started();
    changes.change('n', 'second', 0);
    expect(values.get('n')).toBe('second');
  });

  it('stand for the old thing again when the message was skipped', () => {
    const { values, changes } = started();
    changes.undo(changes.change('n', undefined, 0));
    expect(values.get('n')).toBe('first');
  });

  it('come back through several messages that were skipped, told in their order', () => {
    const { values, changes } = started();
    const skipped = ['second', undefined, 'third'].map((to) => changes.change('n', to, 0));
    for (const change of skipped) changes.undo(change);
    expect(values.get('n')).toBe('first');
  });

  it('keep what a later message says that was not skipped', () => {
    const { values, changes } = started();
    const skipped = changes.change('n', 'second', 0);
    const later = changes.change('n', 'third', 1);
    changes.undo(skipped);
    expect(values.get('n')).toBe('third');
    changes.undo(later);
    expect(values.get('n')).toBe('first');
  });

  it('do not come back from before a message that the server came to', () => {
    const { values, changes } = started();
    changes.confirm(changes.change('n', 'second', 0));
    changes.undo(changes.change('n', 'third', 0));
    expect(values.get('n')).toBe('second');
  });

  it('are in doubt behind another Sync, until the server has answered', () => {
    const { changes } = started();
    const change = changes.change('n', 'second', 3);
    expect([changes.isInDoubt('n', 3), changes.isInDoubt('n', 4), changes.isInDoubt('m', 4)]).toEqual([
      false,
      true,
      false,
    ]);
    changes.confirm(change);
    expect(changes.isInDoubt('n', 4)).toBe(false);
  });

  it('are all gone after DEALLOCATE ALL', () => {
    const { values, changes } = started();
    const change = changes.change('n', 'second', 0);
    changes.clear();
    changes.undo(change);
    expect([...values]).toEqual([]);
  });
});
