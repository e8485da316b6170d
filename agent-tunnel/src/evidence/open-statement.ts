/**
 * Opens what a session's entries hold sealed (docs/evidence-format.md, "Sealed statements").
 */
import { z } from 'zod';
import { Disproof } from './note.ts';
import { openGcm } from './unwrap-key.ts';

const MIN_SEALED_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_NAME_DIGITS = 16;

const SealedEntrySchema = z.object({
  statementId: z.number().int(),
  sealed: z.object({ key: z.string(), nonce: z.string(), ciphertext: z.string() }),
});
const PlaintextSchema = z.object({
  text: z.string(),
  reasons: z.array(z.object({ message: z.string() }).loose()).optional(),
});

export type OpenedStatement = {
  readonly statementId: number;
  readonly text: string;
  /** What the reasons said, where they were sealed too. */
  readonly reasons: readonly string[];
};

/** Who sealed: a log's id, a session of it, and its key. */
export type SealOf = {
  readonly logId: string;
  readonly sessionId: string;
  readonly commitment: string;
  readonly key: Buffer;
};

/** Null for an entry that has nothing sealed. Throws Disproof when it does not open. */
export function openStatement(entry: unknown, { logId, sessionId, commitment, key }: SealOf): OpenedStatement | null {
  const parsed = SealedEntrySchema.safeParse(entry);
  if (!parsed.success) return null;
  const { statementId, sealed } = parsed.data;
  if (sealed.key !== commitment.slice(0, KEY_NAME_DIGITS))
    throw new Disproof(`statement ${statementId} is sealed with another key`);
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
  if (nonce.length !== NONCE_BYTES || ciphertext.length < MIN_SEALED_BYTES)
    throw new Disproof(`what is sealed of statement ${statementId} is not well formed`);
  const aad = Buffer.from(`sluice.dev/sealed-text@v1\n${logId}\n${sessionId}\n${statementId}\n`);
  try {
    const plaintext = PlaintextSchema.parse(JSON.parse(openGcm(key, nonce, ciphertext, aad).toString('utf8')));
    return { statementId, text: plaintext.text, reasons: (plaintext.reasons ?? []).map(({ message }) => message) };
  } catch (error) {
    throw new Disproof(`statement ${statementId} does not open: it was changed, or is of another session`, {
      cause: error,
    });
  }
}
