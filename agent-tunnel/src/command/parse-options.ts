/** Values of options, as several commands take them. */
import { MAX_ROW_BOUND } from '@sluice/contract/api';
import { InvalidArgumentError } from 'commander';
import type { Head } from '../evidence/verify.ts';
import { parseHead } from './evidence.ts';

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

/** For commands that open sessions. */
export const SCOPE_OPTION = [
  '--scope <scopes>',
  'with an access token that is confined to these: "sluice:read:orders-db" (SLUICE_SCOPE)',
] as const;

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}

export function parseNotedHead(text: string): Head {
  const head = parseHead(text);
  if (head !== null) return head;
  throw new InvalidArgumentError('a head is ENTRIES:HASH, as `evidence verify` prints it.');
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 500) return count;
  throw new InvalidArgumentError('a number from 1 to 500.');
}

export function parseStatement(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a statement is a number from 1.');
}

export function parseSeconds(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit];
  if (seconds !== undefined) return Number(count) * seconds;
  throw new InvalidArgumentError('a duration is a number and one of s, m, h, d: 30m, 2h.');
}

export function parseRows(text: string): number {
  const rows = Number(text);
  if (/^\d+$/.test(text) && rows <= MAX_ROW_BOUND) return rows;
  throw new InvalidArgumentError(`a number of rows, at most ${MAX_ROW_BOUND}.`);
}

export function parseFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new InvalidArgumentError('a number above 0.');
}
