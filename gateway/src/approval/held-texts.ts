/**
 * What a request holds that may quote values: the statement, why it is held, what the asker says, what it would do. In the
 * store only sealed (docs/approvals.md, "At rest").
 */
import { EffectPreviewSchema } from '@sluice/contract/api';
import { ReasonSchema } from '@sluice/contract/vocabulary';
import { z } from 'zod';
import type { OwnTexts } from '../evidence/sealing/own-texts.ts';
import type { RequestView } from './request.ts';

export type HeldText = Pick<RequestView, 'statement' | 'reasons' | 'quotation' | 'preview'>;

/** Of a request whose text nobody reads any more. */
export const NO_TEXT: HeldText = { statement: '', reasons: [], quotation: null, preview: null };

const HeldTextSchema = z.object({
  statement: z.string(),
  reasons: z.array(ReasonSchema),
  quotation: z.string().nullable(),
  preview: EffectPreviewSchema.nullable(),
});

/** Which request it is of. The binding is in it: a text cannot be put where another statement would be approved. */
export type RequestKey = { readonly id: string; readonly bindingHash: string };

export class HeldTexts {
  readonly #texts: OwnTexts;

  constructor(texts: OwnTexts) {
    this.#texts = texts;
  }

  /** Once for each request. Throws EVIDENCE_UNWRITABLE. */
  async seal({ id, bindingHash }: RequestKey, text: HeldText): Promise<string> {
    const { statement, reasons, quotation, preview } = text;
    const plaintext = JSON.stringify({ statement, reasons, quotation, preview } satisfies HeldText);
    return JSON.stringify(await this.#texts.seal(id, bindingHash, plaintext));
  }

  /** Null when its key is destroyed, lost or another's, and for what was changed in the store. */
  async open({ id, bindingHash }: RequestKey, sealed: string | null): Promise<HeldText | null> {
    if (sealed === null) return null;
    const text = await this.#texts.open(id, bindingHash, JSON.parse(sealed));
    return text === null ? null : HeldTextSchema.parse(JSON.parse(text));
  }

  async destroy(requestId: string): Promise<void> {
    await this.#texts.destroy(requestId);
  }
}
