import { describe, expect, it } from 'vitest';
import { KnownNames, MAX_KEPT_NAMES } from './known-names.ts';

const find = (names: KnownNames, text: string): string | null => {
  const bytes = Buffer.from(`..${text}..`);
  return names.find(bytes, 2, bytes.length - 2);
};

describe('KnownNames', () => {
  it('finds a name that was kept, and no other of its length and end', () => {
    const names = new KnownNames();
    names.keep('P_1');
    expect([find(names, 'P_1'), find(names, 'Q_1'), find(names, 'P_2'), find(names, '')]).toEqual([
      'P_1',
      null,
      null,
      '',
    ]);
  });

  it('keeps no name that is not ASCII, nor a long one', () => {
    const names = new KnownNames();
    const odd = ['é', 'x'.repeat(64)];
    for (const name of odd) expect(names.keep(name)).toBe(name);
    expect(odd.map((name) => find(names, name))).toEqual([null, null]);
    // As Latin-1, the second byte of é is one character.
    expect(find(names, 'Ã')).toBeNull();
  });

  it('keeps a bounded number of names, the last ones', () => {
    const names = new KnownNames();
    const all = Array.from({ length: 10_000 }, (_, index) => `name ${index}`);
    for (const name of all) names.keep(name);
    const found = all.filter((name) => find(names, name) === name);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(MAX_KEPT_NAMES);
  });
});
