import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '@sluice/contract/errors';

/** The one reconnect policy: soon, then ever more slowly, then not at all. */
export const RECONNECT = { firstDelayMs: 500, maxDelayMs: 10_000, maxFailures: 30 } as const;

/**
 * Keeps a live stream running: starts it again when it ends or breaks, until the signal aborts or it has failed
 * `maxFailures` times without getting live in between. `stream` calls `live` once it works. Only what may mend itself
 * is tried again: a refusal or a broken contract is thrown at once.
 */
export async function keepAlive(
  stream: (live: () => void) => Promise<void>,
  signal: AbortSignal,
  policy: { readonly firstDelayMs: number; readonly maxDelayMs: number; readonly maxFailures: number } = RECONNECT,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await stream(() => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      if (!mayMendItself(error) || failures >= policy.maxFailures) throw error;
    }
    failures += 1;
    const delayMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(failures - 1, 20));
    await sleep(delayMs, undefined, { signal }).catch((error: unknown) => {
      // Aborted while waiting: the loop's condition ends it.
      if (!signal.aborted) throw error;
    });
  }
}

function mayMendItself(error: unknown): boolean {
  if (!(error instanceof SluiceError)) return true;
  return (
    error.code === 'GATEWAY_UNREACHABLE' ||
    error.code === 'SESSION_ENDED' ||
    error.code === 'LIMIT_REACHED' ||
    error.code === 'INTERNAL'
  );
}
