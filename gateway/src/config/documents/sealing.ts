import { z } from 'zod';
import { SecretSourceSchema } from './secret-source.ts';

const MAX_RECIPIENTS = 16;
const X25519_KEY_BYTES = 32;

const RecipientSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .describe('What the auditor is called.'),
  key: z
    .string()
    .refine(isX25519Key, 'a public key as `sluice evidence keygen` prints it: 32 bytes in base64')
    .describe('Their public key, as `sluice evidence keygen` prints it.'),
});

export const SealingSchema = z
  .strictObject({
    key: SecretSourceSchema.exactOptional().describe(
      'Where the secret is read from with which the gateway seals what it has to read again itself (held statements, plans), at least 32 characters. Default: made once, and kept as sealing.key in dataDir.',
    ),
    recipients: z
      .array(RecipientSchema)
      .max(MAX_RECIPIENTS)
      .default([])
      .describe(
        'Auditors who can open sealed statements. With one or more, texts of statements stand in the record only sealed, each session under a key of its own that is wrapped to each of them.',
      ),
  })
  .prefault({})
  .describe('Who can read the values that statements hold.');

function isX25519Key(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  // Of small order are a few keys; the one that a mistake makes is all zeros.
  return bytes.length === X25519_KEY_BYTES && bytes.toString('base64') === text && bytes.some((byte) => byte !== 0);
}
