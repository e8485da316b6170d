import { describe, expect, it } from 'vitest';
import { isSame } from './same-bytes.ts';

const around = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('yy')]);

describe('bytes in a chunk', () => {
  it.each([1, 127, 128, 129, 5_000])('are the same when each of %i is', (length) => {
    const bytes = Buffer.alloc(length, 'a');
    const source = around(bytes);
    expect(isSame(bytes, source, 2, 2 + length)).toBe(true);
    for (const at of [2, 1 + length]) {
      const other = Buffer.from(source);
      other[at] = 0;
      expect(isSame(bytes, other, 2, 2 + length)).toBe(false);
    }
    expect(isSame(bytes, source, 2, 3 + length)).toBe(false);
    expect(isSame(bytes, source, 2, 1 + length)).toBe(false);
  });

  it('are never the same as none: nothing was kept then', () => {
    expect(isSame(Buffer.alloc(0), Buffer.from('abc'), 1, 1)).toBe(false);
  });
});
