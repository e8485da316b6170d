import { z } from 'zod';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3_600 * SECOND_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
  // A calendar year varies; for retention the longest is the safe reading.
  y: 366 * DAY_MS,
};

const PATTERN = /^([1-9]\d{0,8})(ms|s|m|h|d|w|y)$/;

/** Longest accepted duration: 100 years, in milliseconds. */
export const MAX_DURATION_MS = 100 * 366 * DAY_MS;

/**
 * `15m` → 900000. One whole number and one unit: ms, s, m, h, d, w, y (366 days). Null for anything else, for zero and
 * for more than 100 years.
 */
export function parseDuration(text: string): number | null {
  const [, count = '', unit = ''] = PATTERN.exec(text) ?? [];
  const milliseconds = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  return Number.isNaN(milliseconds) || milliseconds === 0 || milliseconds > MAX_DURATION_MS ? null : milliseconds;
}

/** A duration in configuration; milliseconds once parsed. */
export const DurationSchema = z
  .string()
  .meta({ pattern: PATTERN.source, examples: ['15m', '90d', '7y'] })
  .transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== null) return milliseconds;
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a duration`,
      params: { remedy: 'Write a whole number and one of ms, s, m, h, d, w, y: 15m, 90d, 7y.' },
    });
    return z.NEVER;
  });
