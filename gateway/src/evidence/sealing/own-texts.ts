/**
 * Texts that the gateway itself has to read again: held statements, which it shows to approvers, and plans, which it
 * compares with what runs. Each is sealed under a key of its own, and that key is in a file beside the store and the log,
 * wrapped under the gateway's key (docs/adr/0020-what-the-gateway-reads-again.md):
 *
 * ```text
 * gateway's key ─▶ key of one text, a file each ─▶ the text, in the store or in the log
 * ```
 * So the store alone says nothing, and at the end of its retention a text is gone from every copy of the store and from the
 * log when one small file is destroyed.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { KeyFiles } from './key-files.ts';
import { openBox, type SealedBox, sealBox } from './sealed-box.ts';

const KEY_BYTES = 32;

const BoxSchema = z.strictObject({ nonce: z.string(), ciphertext: z.string() });
const KeyFileSchema = z.strictObject({
  sluice: z.literal('text-key'),
  version: z.literal(1),
  of: z.string(),
  id: z.string(),
  wrapped: BoxSchema,
});

export type OwnTextsOptions = {
  readonly directory: string;
  /** What the texts are of, one word: a key of one kind opens nothing of another. */
  readonly of: 'request' | 'plan';
  readonly gatewayKey: KeyObject;
};

export class OwnTexts {
  readonly #of: string;
  readonly #gatewayKey: KeyObject;
  readonly #files: KeyFiles;

  constructor(options: OwnTextsOptions) {
    this.#of = options.of;
    this.#gatewayKey = options.gatewayKey;
    this.#files = new KeyFiles(options.directory);
  }

  /** Makes the key of `id`, once, and seals with it. The key is on the disk first. Throws EVIDENCE_UNWRITABLE. */
  async seal(id: string, context: string, text: string): Promise<SealedBox> {
    const bytes = randomBytes(KEY_BYTES);
    const key = createSecretKey(bytes);
    const wrapped = sealBox(this.#gatewayKey, this.#keyContext(id), bytes);
    bytes.fill(0);
    const file: z.infer<typeof KeyFileSchema> = { sluice: 'text-key', version: 1, of: this.#of, id, wrapped };
    await this.#files.create(id, `${JSON.stringify(file)}\n`);
    return sealBox(key, this.#textContext(id, context), text);
  }

  /** Null when the key is destroyed, lost, or of another gateway, and when the box is of something else or was changed. */
  async open(id: string, context: string, box: unknown): Promise<string | null> {
    const sealed = BoxSchema.safeParse(box);
    const key = sealed.success ? await this.#keyOf(id) : null;
    if (!sealed.success || key === null) return null;
    return openBox(key, this.#textContext(id, context), sealed.data)?.toString('utf8') ?? null;
  }

  /** Nobody reads the text any more. False when there was no key. */
  async destroy(id: string): Promise<boolean> {
    return await this.#files.destroy(id);
  }

  async #keyOf(id: string): Promise<KeyObject | null> {
    const file = parseKeyFile(await this.#files.read(id));
    if (file === null) return null;
    const bytes = openBox(this.#gatewayKey, this.#keyContext(id), file.wrapped);
    return bytes === null ? null : createSecretKey(bytes);
  }

  #keyContext(id: string): string {
    return `sluice.dev/text-key@v1\n${this.#of}\n${id}\n`;
  }

  #textContext(id: string, context: string): string {
    return `sluice.dev/own-text@v1\n${this.#of}\n${id}\n${context}\n`;
  }
}

/** Null for what is no such file: half written over, or damaged. */
function parseKeyFile(text: string | null): z.infer<typeof KeyFileSchema> | null {
  return text === null ? null : (KeyFileSchema.safeParse(parseJson(text)).data ?? null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Random bytes of a destruction that was cut off, as a rule.
    return null;
  }
}
