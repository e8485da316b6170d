import { type Finding, ok, skipped, warn, wrong } from './finding.ts';

/** Tokens are taken with so much difference between two clocks (RFC 7519 leaves it to the verifier), milliseconds. */
const TOLERATED_MS = 60_000;
const WORTH_A_WARNING_MS = 20_000;

/**
 * This clock beside the gateway's, by the Date of an answer (whole seconds) that was under way between `sentMs` and
 * `receivedMs`. Only what cannot be explained by the way and the rounding counts.
 */
export function judgeClock(date: string | undefined, sentMs: number, receivedMs: number): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return skipped('clock', 'the gateway did not tell its time');
  const behindMs = theirs - receivedMs;
  const aheadMs = sentMs - (theirs + 1_000);
  const skewMs = Math.max(0, behindMs, aheadMs);
  const words = `this clock is ${Math.round(skewMs / 1_000)} s ${behindMs > aheadMs ? 'behind' : 'ahead of'} the gateway’s`;
  const remedy = 'Set the time: timedatectl set-ntp true, or your system’s settings for date and time.';
  if (skewMs > TOLERATED_MS)
    return wrong('clock', `${words}; tokens and certificates look expired, or not yet valid`, remedy);
  return skewMs > WORTH_A_WARNING_MS ? warn('clock', words, remedy) : ok('clock', 'this clock and the gateway’s agree');
}
