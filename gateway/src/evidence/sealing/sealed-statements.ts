import { type SessionKey, SessionKeySchema } from '@sluice/contract/api';
import { SluiceError } from '@sluice/contract/errors';
import type { Principal } from '@sluice/contract/vocabulary';
import type { EvidenceLog } from '../entry.ts';
import type { SessionKeys } from './session-keys.ts';

/** Hands the wrapped keys of sessions to auditors, each time on record before. Nothing is decrypted here. */
export class SealedStatements {
  readonly #keys: SessionKeys;
  readonly #log: EvidenceLog;

  constructor(options: { readonly keys: SessionKeys; readonly log: EvidenceLog }) {
    this.#keys = options.keys;
    this.#log = options.log;
  }

  /** Throws NOT_FOUND when there is no key, EVIDENCE_UNWRITABLE when the opening cannot be recorded. */
  async open(by: Principal, sessionId: string, reason: string): Promise<SessionKey> {
    const text = await this.#keys.read(sessionId);
    if (text === null)
      throw new SluiceError(
        'NOT_FOUND',
        `Session ${sessionId} has no key: it was not sealed, or its key is destroyed.`,
      );
    const key = SessionKeySchema.parse(JSON.parse(text));
    // Before the key leaves, and on the disk: who has it cannot be unknown.
    await this.#log.append({ kind: 'evidence.opened', sessionId, by, reason }, 'fsync');
    return key;
  }
}
