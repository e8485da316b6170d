import { once } from 'node:events';
import { expect, it } from 'vitest';
import { GatewayPulse } from './gateway-pulse.ts';

it('a gateway that answers neither yes nor no is waited for, so long and no longer', async () => {
  const pulse = new GatewayPulse({ ask: () => new Promise(() => undefined), tokenRotates: false, answerMs: 1 });
  const waiting = once(pulse, 'waiting');
  pulse.start();
  expect((await waiting)[0]).toMatchObject({ code: 'GATEWAY_UNREACHABLE', message: expect.stringContaining('within') });
  await pulse.stop();
});

it('a clock that went on while timers stood still makes it ask at once', async () => {
  let nowMs = 0;
  let asked = 0;
  const pulse = new GatewayPulse({
    ask: async () => {
      asked += 1;
    },
    tokenRotates: false,
    // Without the clock it would not ask again while this test runs.
    beatMs: 3_600_000,
    now: () => nowMs,
  });
  const first = once(pulse, 'beat');
  pulse.start();
  await first;
  nowMs += 8 * 60 * 60_000;
  await once(pulse, 'beat');
  expect(asked).toBe(2);
  await pulse.stop();
});
