import { expect, it } from 'vitest';
import { ownThreadId, threadTimeMs } from './thread-time.ts';

it.runIf(process.platform === 'linux')('time of a thread grows with its work', () => {
  const id = ownThreadId() ?? '';
  const before = threadTimeMs(id);
  let sum = 0;
  for (let turn = 0; threadTimeMs(id) === before && turn < 1_000_000; turn += 1)
    for (let step = 0; step < 100_000; step += 1) sum += step;
  expect(sum).toBeGreaterThan(0);
  expect(threadTimeMs(id)).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY);
});

it('time of a thread that is not there is not known', () => {
  expect(threadTimeMs('0')).toBeNull();
});
