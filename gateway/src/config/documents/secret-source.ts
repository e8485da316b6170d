import { z } from 'zod';
import { checkExactlyOne } from '../exactly-one.ts';

/** Where a secret is read from. A value in the configuration itself is not a choice: such files get copied. */
export type SecretSource =
  /** First line of a file. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly name: string }
  /** First line that a program prints; no shell in between. */
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] };

export const SecretSourceSchema = z
  .strictObject({
    file: z.string().min(1).optional().describe('Path of a file whose first line is the secret.'),
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('Name of an environment variable of the gateway.'),
    command: z
      .tuple([z.string().min(1)], z.string())
      .optional()
      .describe('Program and arguments; the first line that it prints is the secret. No shell.'),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform((value, context): SecretSource => {
    checkExactlyOne(value, ['file', 'env', 'command'], context);
    if (value.file !== undefined) return { kind: 'file', path: value.file };
    if (value.env !== undefined) return { kind: 'env', name: value.env };
    if (value.command !== undefined) return { kind: 'command', argv: value.command };
    return z.NEVER;
  });
