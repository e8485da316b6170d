import { Secret } from './secret.ts';

/** Freezes plain objects and arrays all the way down. Maps, sets and secrets keep their own protection. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set || value instanceof Secret) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}
