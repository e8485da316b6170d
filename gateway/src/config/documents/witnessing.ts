import { z } from 'zod';
import { FormatError } from '../../evidence/format.ts';
import { parseVkey, WITNESS_KEY } from '../../evidence/merkle/signed-note.ts';
import { DurationSchema } from '../duration.ts';
import { checkExactlyOne } from '../exactly-one.ts';
import { SecretSourceSchema } from './secret-source.ts';

/** While a key is replaced, the old one and the new one sign; more would only make checkpoints long. */
const MAX_KEYS = 4;
const MAX_WITNESSES = 16;

export const CheckpointsSchema = z
  .strictObject({
    every: DurationSchema.default(10_000).describe('How long a new entry waits at most for a signed checkpoint.'),
    entries: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1_000)
      .describe('Or after how many new entries, at most once a second.'),
    keys: z
      .array(SecretSourceSchema)
      .min(1)
      .max(MAX_KEYS)
      .exactOptional()
      .describe(
        'Where the secrets of the keys that sign are read from, at least 32 characters each. The first signs first; to replace a key, add the new one, tell the witnesses, then remove the old one. Default: one made once, and kept as checkpoint.key in dataDir.',
      ),
  })
  .prefault({})
  .describe('Signed checkpoints of the record. docs/evidence-format.md has more.');

const WitnessSchema = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/[^\s?#]+$/)
      .exactOptional()
      .describe('Where a witness listens (c2sp.org/tlog-witness), without add-checkpoint.'),
    key: z.string().exactOptional().describe('Its verifier key, NAME+ID+KEY, as it prints it. Needed with url.'),
    file: z.string().min(1).exactOptional().describe('Path of a file that checkpoints are appended to.'),
    directory: z.string().min(1).exactOptional().describe('Path of a directory that gets a file for each checkpoint.'),
  })
  .superRefine((value, context) => {
    const { key: _, ...place } = value;
    checkExactlyOne(place, ['url', 'file', 'directory'], context);
    const problem = problemOfKey(value);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['key'], message: problem });
  });

export const WitnessesSchema = z
  .array(WitnessSchema)
  .max(MAX_WITNESSES)
  .default([])
  .describe('Who gets each checkpoint, out of reach of whoever operates the gateway.');

export const UnwitnessedSchema = z
  .strictObject({
    endSessionsAfter: DurationSchema.exactOptional().describe(
      'When no witness has confirmed an entry for this long, sessions are ended and none opened. Unless given, never.',
    ),
  })
  .prefault({})
  .describe('What happens while witnesses are out of reach.');

function problemOfKey({ url, key }: { readonly url?: string; readonly key?: string }): string | null {
  if (url === undefined) return key === undefined ? null : 'key belongs to url';
  if (key === undefined) return 'url needs the key of the witness';
  try {
    parseVkey(key, WITNESS_KEY);
    return null;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
