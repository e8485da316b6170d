/** Values of options, as several commands take them. */
import { InvalidArgumentError } from 'commander';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A day, or a day and a time in UTC or with its offset. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** An instant as ISO 8601: of a day its beginning in UTC. */
export function parseInstant(text: string): string {
  const [, count = '', unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd')
    return new Date(Date.now() - Number(count) * UNIT_MS[unit]).toISOString();
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('a time is a day (2026-11-01), an instant (2026-11-01T14:00:00Z), or 90m, 12h, 30d.');
}

export function parseSequence(text: string): number {
  const sequence = Number(text);
  if (/^\d{1,15}$/.test(text)) return sequence;
  throw new InvalidArgumentError('a sequence is a number from 0.');
}
