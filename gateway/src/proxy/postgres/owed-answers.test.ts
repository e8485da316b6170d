import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from './exchange.ts';
import { OwedAnswers } from './owed-answers.ts';

const owed = (): Exchange => ({ kind: 'sync', audience: 'client' });

describe('what the server owes', () => {
  it('is taken in the order in which it was asked, however asking and answering mix', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -90, max: 90 }), { maxLength: 60 }), (steps) => {
        const queue = new OwedAnswers();
        const expected: Exchange[] = [];
        for (const step of steps) {
          for (let i = 0; i < step; i++) {
            const exchange = owed();
            queue.push(exchange);
            expected.push(exchange);
          }
          for (let i = 0; i < -step; i++) {
            const next = expected.shift();
            expect(queue.head).toBe(next);
            expect(queue.shift()).toBe(next);
          }
          expect(queue.length).toBe(expected.length);
          expect(queue.all()).toEqual(expected);
        }
        expect(queue.takeAll()).toEqual(expected);
        expect([queue.length, queue.head]).toEqual([0, undefined]);
      }),
    );
  });

  it('is found from either end', () => {
    const queue = new OwedAnswers();
    for (let i = 0; i < 20; i++) {
      queue.push(owed());
      queue.shift();
    }
    const exchanges = Array.from({ length: 40 }, owed);
    for (const exchange of exchanges) queue.push(exchange);
    expect(queue.find(() => true)).toBe(exchanges[0]);
    expect(queue.findLast(() => true)).toBe(exchanges[39]);
    expect(queue.find((each) => each === exchanges[17])).toBe(exchanges[17]);
    expect(queue.findLast((each) => each === exchanges[17])).toBe(exchanges[17]);
    expect(queue.find(() => false)).toBeUndefined();
    expect(queue.findLast(() => false)).toBeUndefined();
  });

  it('is nothing of what was answered, behind a queue that never empties', () => {
    const queue = new OwedAnswers();
    queue.push(owed());
    for (let i = 0; i < 10_000; i++) {
      queue.push(owed());
      queue.shift();
    }
    expect(queue.length).toBe(1);
    expect(queue.all()).toHaveLength(1);
  });
});
