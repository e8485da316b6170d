import { timingSafeEqual } from 'node:crypto';

/**
 * The gateway's own cancel keys: the client never learns the server's. One entry a live session, so the map is
 * bounded by `limits.maxSessions`.
 */
export class CancelKeys {
  readonly #sessions = new Map<number, { readonly key: Buffer; readonly cancel: () => Promise<void> }>();
  readonly #random: (bytes: number) => Buffer;

  constructor(random: (bytes: number) => Buffer) {
    this.#random = random;
  }

  /**
   * Issues a key: 4 bytes in protocol 3.0, 32 bytes from 3.2 on (protocol manual, BackendKeyData).
   * `cancel` is called when a CancelRequest with it arrives, and resolves when the request can end nothing any more.
   */
  issue(keyBytes: 4 | 32, cancel: () => Promise<void>): { readonly processId: number; readonly key: Buffer } {
    const key = this.#random(keyBytes);
    let processId = 0;
    while (processId === 0 || this.#sessions.has(processId)) processId = this.#random(4).readUInt32BE(0) & 0x7fffffff;
    this.#sessions.set(processId, { key, cancel });
    return { processId, key };
  }

  revoke(processId: number): void {
    this.#sessions.delete(processId);
  }

  /**
   * Cancels when the key matches, and resolves when that is done; a wrong key does nothing and tells nothing, as the
   * protocol wants.
   */
  async cancel(processId: number, key: Buffer): Promise<void> {
    const session = this.#sessions.get(processId);
    if (session === undefined || session.key.length !== key.length || !timingSafeEqual(session.key, key)) return;
    await session.cancel();
  }
}
