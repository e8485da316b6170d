const MAX_INT32 = 0x7fff_ffff;

/** Decimal digits of a whole number from 0, below 2^53. */
export function countDigits(value: number): number {
  if (value > MAX_INT32) return String(value).length;
  let digits = 1;
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits += 1;
  return digits;
}

/** Writes them in front of `end`; the caller has counted them. */
export function writeDigits(value: number, target: Buffer, end: number): void {
  let at = end;
  let rest = value;
  for (; rest > MAX_INT32; rest = Math.floor(rest / 10)) target[--at] = 0x30 + (rest % 10);
  for (; rest >= 10; rest = (rest / 10) | 0) target[--at] = 0x30 + (rest % 10);
  target[at - 1] = 0x30 + rest;
}
