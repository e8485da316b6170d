/**
 * Dates and times as PostgreSQL sends them.
 *
 * | type | binary | text (DateStyle ISO) |
 * |---|---|---|
 * | date | Int32 days since 2000-01-01 | `2026-07-15` |
 * | timestamp | Int64 microseconds since 2000-01-01 | `2026-07-15 13:45:12.5` |
 * | timestamptz | the same, in UTC | the same in the session's zone, `+02`, `+05:30` |
 * | time | Int64 microseconds since midnight | `13:45:12.5` |
 * | timetz | the same, Int32 seconds west of Greenwich | `13:45:12.5+02` |
 *
 * In all of them the least and greatest value of the integer are -infinity and infinity.
 */
export const TIME_TYPES = { date: 1082, time: 1083, timestamp: 1114, timestamptz: 1184, timetz: 1266 } as const;
export type TimeType = keyof typeof TIME_TYPES;

/** A moment: days since 2000-01-01 and seconds of the day. Fractions are not kept: no unit is finer than a minute. */
export type Moment = { readonly days: number; readonly seconds: number };

const DAY_SECONDS = 86_400;
const DAY_MICROS = 86_400_000_000n;
const SECOND_MICROS = 1_000_000n;
/** 0001-01-01 and 9999-12-31: what every client can read. */
const FIRST_DAY = -730_119;
const LAST_DAY = 2_921_939;

export function timeTypeOf(typeOid: number): TimeType | null {
  for (const type of Object.keys(TIME_TYPES) as TimeType[]) if (TIME_TYPES[type] === typeOid) return type;
  return null;
}

/** Null for infinity, for years beyond 1 to 9999, for 24:00:00, and for what is not such a value. */
export function readMoment(cell: Buffer, type: TimeType, format: 0 | 1): Moment | null {
  const moment = format === 1 ? readBinary(cell, type) : readText(cell.toString('latin1'), type);
  if (moment === null || moment.days < FIRST_DAY || moment.days > LAST_DAY) return null;
  return moment.seconds < DAY_SECONDS ? moment : null;
}

/** Bytes of a value of the type in the format, whatever the value. */
export function momentBytes(type: TimeType, format: 0 | 1): number {
  if (format === 1) return { date: 4, time: 8, timestamp: 8, timestamptz: 8, timetz: 12 }[type];
  return { date: 10, time: 8, timestamp: 19, timestamptz: 22, timetz: 11 }[type];
}

/** In UTC where the type has a zone. */
export function writeMoment({ days, seconds }: Moment, type: TimeType, format: 0 | 1): Buffer {
  if (format === 0) return Buffer.from(momentText(days, seconds, type), 'latin1');
  const cell = Buffer.alloc(momentBytes(type, format));
  if (type === 'date') cell.writeInt32BE(days);
  else if (type === 'time' || type === 'timetz') cell.writeBigInt64BE(BigInt(seconds) * SECOND_MICROS);
  else cell.writeBigInt64BE(BigInt(days) * DAY_MICROS + BigInt(seconds) * SECOND_MICROS);
  return cell;
}

function momentText(days: number, seconds: number, type: TimeType): string {
  const { year, month, day } = civilOf(days);
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const time = `${pad(Math.floor(seconds / 3_600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  switch (type) {
    case 'date':
      return date;
    case 'time':
      return time;
    case 'timetz':
      return `${time}+00`;
    case 'timestamp':
      return `${date} ${time}`;
    case 'timestamptz':
      return `${date} ${time}+00`;
  }
}

function readBinary(cell: Buffer, type: TimeType): Moment | null {
  if (cell.length !== momentBytes(type, 1)) return null;
  if (type === 'date') return { days: cell.readInt32BE(0), seconds: 0 };
  const micros = cell.readBigInt64BE(0);
  if (type === 'time') return { days: 0, seconds: Number(micros / SECOND_MICROS) };
  if (type === 'timetz') return ofDay(Number(micros / SECOND_MICROS) + cell.readInt32BE(8));
  const days = floorDivide(micros, DAY_MICROS);
  return { days: Number(days), seconds: Number((micros - days * DAY_MICROS) / SECOND_MICROS) };
}

const DATE = String.raw`(\d{4,6})-(\d\d)-(\d\d)`;
const TIME = String.raw`(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?`;
const ZONE = String.raw`([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?`;
const PATTERNS: Readonly<Record<TimeType, RegExp>> = {
  date: new RegExp(`^${DATE}$`),
  time: new RegExp(`^()()()${TIME}$`),
  timestamp: new RegExp(`^${DATE} ${TIME}$`),
  timestamptz: new RegExp(`^${DATE} ${TIME}${ZONE}$`),
  timetz: new RegExp(`^()()()${TIME}${ZONE}$`),
};

function readText(text: string, type: TimeType): Moment | null {
  const found = PATTERNS[type].exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const [zoneHours = 0, zoneMinutes = 0, zoneSeconds = 0] = found.slice(8).map((part) => Number(part ?? 0));
  const zone = (zoneHours * 60 + zoneMinutes) * 60 + zoneSeconds;
  const seconds = (hour * 60 + minute) * 60 + second;
  const utc = seconds - (found[7] === '-' ? -zone : zone);
  switch (type) {
    case 'date':
      return { days: daysOf(year, month, day), seconds: 0 };
    case 'time':
      return { days: 0, seconds };
    case 'timetz':
      return ofDay(utc);
    case 'timestamp':
    case 'timestamptz': {
      const shift = Math.floor(utc / DAY_SECONDS);
      return { days: daysOf(year, month, day) + shift, seconds: utc - shift * DAY_SECONDS };
    }
  }
}

function ofDay(seconds: number): Moment {
  return { days: 0, seconds: ((seconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS };
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}

/** Days since 2000-01-01 of a date of the Gregorian calendar, which PostgreSQL extends backwards. */
export function daysOf(year: number, month: number, day: number): number {
  // Years that begin in March end with the leap day.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 730_425;
}

/** The date that is so many days after 2000-01-01. */
export function civilOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 730_425;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function pad(value: number, digits: number): string {
  return value.toString().padStart(digits, '0');
}
