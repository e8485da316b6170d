import { describe, expect, it } from 'vitest';
import { NULL_MASK } from '../../masking/cell.ts';
import { lastMask } from '../../masking/last-mask.ts';
import { planMasks } from '../../masking/plan.ts';
import { bytesOf } from './captured-bytes.ts';
import { OutputBuffer } from './output-buffer.ts';
import { Tail, TupleRewriter } from './tuple-rewriter.ts';

const VALUE = Buffer.from('abcdefghijklmnopqrstuvwxyz');

describe('TupleRewriter', () => {
  const plan = planMasks(
    [
      { typeOid: 25, format: 0 },
      { typeOid: 25, format: 0 },
    ],
    [{ kind: 'mask', output: 1, mask: { kind: 'last', count: 2 } }],
  );
  const tuple = Buffer.concat([bytesOf('0002 00000001 61 0000001a'), VALUE]);

  it.each([1, 2, 3, 5, 8, 100])('masks by the last characters of a value that comes %d bytes at a time', (step) => {
    const out = new OutputBuffer(64, () => new Error('full'));
    const rewriter = new TupleRewriter(plan, out);
    for (let at = 0; at < tuple.length; at += step) rewriter.feed(tuple, at, Math.min(tuple.length, at + step));
    expect(rewriter.done).toBe(true);
    expect(rewriter.maskedCells).toBe(1);
    expect(out.take()).toEqual(bytesOf('0002 00000001 61 00000005 2a2a2a 797a'));
  });

  it('stops at the end of its tuple', () => {
    const rewriter = new TupleRewriter(plan, null);
    expect(rewriter.feed(Buffer.concat([tuple, tuple]), 0, tuple.length * 2)).toBe(tuple.length);
  });
});

describe('Tail', () => {
  it.each([1, 2, 3, 7, 26])('keeps no more than its bound of what comes in pieces of %d', (step) => {
    const mask = lastMask(3) ?? NULL_MASK;
    const tail = new Tail(mask.tailBytes);
    for (let at = 0; at < VALUE.length; at += step) tail.add(VALUE, at, Math.min(VALUE.length, at + step));
    const target = Buffer.alloc(mask.maxBytes);
    expect(target.toString('latin1', 0, tail.mask(mask, target, 0))).toBe('***xyz');
  });

  it('knows that there was more when the last characters fill it', () => {
    const value = Buffer.from('😀'.repeat(10));
    const mask = lastMask(3) ?? NULL_MASK;
    const tail = new Tail(mask.tailBytes);
    for (let at = 0; at < value.length; at += 3) tail.add(value, at, Math.min(value.length, at + 3));
    const target = Buffer.alloc(mask.maxBytes);
    expect(target.toString('utf8', 0, tail.mask(mask, target, 0))).toBe('***😀😀😀');
  });

  it.each([1, 7, 300, 1_000, 5_000])('grows to its bound with a value that comes %d bytes at a time', (step) => {
    const bound = 1_000;
    const value = Buffer.from(Array.from({ length: 4_321 }, (_, i) => 97 + (i % 23)));
    const seen: { bytes: Buffer; cut: boolean }[] = [];
    const mask = {
      ...NULL_MASK,
      tailBytes: bound,
      write(source: Buffer, start: number, end: number, cut: boolean): number {
        seen.push({ bytes: Buffer.from(source.subarray(start, end)), cut });
        return -1;
      },
    };
    for (const length of [value.length, bound, bound - 1, 0]) {
      const tail = new Tail(bound);
      for (let at = 0; at < length; at += step) tail.add(value, at, Math.min(length, at + step));
      tail.mask(mask, Buffer.alloc(0), 0);
      expect(seen.pop()).toEqual({ bytes: value.subarray(Math.max(0, length - bound), length), cut: length > bound });
    }
  });

  it('hides a value that is not longer than what a mask shows', () => {
    const mask = lastMask(3) ?? NULL_MASK;
    const tail = new Tail(mask.tailBytes);
    tail.add(VALUE, 0, 2);
    tail.add(VALUE, 2, 3);
    expect(tail.mask(mask, Buffer.alloc(mask.maxBytes), 0)).toBe('***'.length);
  });
});
