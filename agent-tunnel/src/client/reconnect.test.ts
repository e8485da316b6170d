import { SluiceError } from '@sluice/contract/errors';
import { expect, it } from 'vitest';
import { keepAlive } from './reconnect.ts';

const POLICY = { firstDelayMs: 1, maxDelayMs: 2, maxFailures: 3 };
const gone = () => new SluiceError('GATEWAY_UNREACHABLE', 'gone');

it('a stream that breaks is started again until the signal aborts', async () => {
  const stop = new AbortController();
  let starts = 0;
  const stream = async (live: () => void) => {
    starts += 1;
    live();
    if (starts === 10) stop.abort();
    if (starts % 2 === 0) throw gone();
  };
  await keepAlive(stream, stop.signal, POLICY);
  expect(starts).toBe(10);
});

it('gives up after as many failures in a row as the policy allows', async () => {
  let starts = 0;
  const stream = async () => {
    starts += 1;
    throw gone();
  };
  await expect(keepAlive(stream, new AbortController().signal, POLICY)).rejects.toMatchObject({
    code: 'GATEWAY_UNREACHABLE',
  });
  expect(starts).toBe(4);
});

it('a refusal is not asked again', async () => {
  let starts = 0;
  const stream = async () => {
    starts += 1;
    throw new SluiceError('AUTH_TOKEN_EXPIRED', 'over');
  };
  await expect(keepAlive(stream, new AbortController().signal, POLICY)).rejects.toMatchObject({
    code: 'AUTH_TOKEN_EXPIRED',
  });
  expect(starts).toBe(1);
});

it('an abort ends the wait between two starts', async () => {
  const stop = new AbortController();
  const running = keepAlive(async () => void setImmediate(() => stop.abort()), stop.signal, {
    ...POLICY,
    firstDelayMs: 60_000,
    maxDelayMs: 60_000,
  });
  await expect(running).resolves.toBeUndefined();
});
