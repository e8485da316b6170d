import type { z } from 'zod';

/**
 * Reports an object that has not exactly one of these keys. Better to read than the errors of a union, which list what
 * every alternative would have wanted.
 */
export function checkExactlyOne(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  context: z.core.$RefinementCtx,
): void {
  const found = keys.filter((key) => value[key] !== undefined);
  if (found.length === 1) return;
  const wanted = keys.join(', ');
  context.addIssue({
    code: 'custom',
    message: found.length === 0 ? `one of ${wanted} is missing` : `${found.join(' and ')} exclude each other`,
    params: { remedy: `Write exactly one of ${wanted}.` },
  });
}
