/**
 * Asks one witness for cosignatures (c2sp.org/tlog-witness). Remembers only what the witness said last.
 */
import { FormatError } from '../format.ts';
import { type CheckpointNote, parseCheckpoint } from './checkpoint.ts';
import { formatSignature, parseSignatures, type VerifierKey, verifyNote } from './signed-note.ts';

/** How long a witness may take, milliseconds. */
export const WITNESS_TIMEOUT_MS = 10_000;
/** Longest answer that is read, bytes. */
const MAX_ANSWER_BYTES = 16_384;

export type WitnessSettings = {
  /** In words, for logs and metrics. */
  readonly name: string;
  /** Submission prefix, without the last slash. */
  readonly url: string;
  readonly key: VerifierKey;
};

export type WitnessAnswer =
  /** The cosignature lines. */
  | { readonly kind: 'cosigned'; readonly lines: string }
  /** It did not answer, or not as the protocol says: worth another try. */
  | { readonly kind: 'failed'; readonly message: string }
  /** It saw another log, or more of this one: nothing to try again. */
  | { readonly kind: 'contradicted'; readonly message: string };

/** The consistency proof from an older size to the checkpoint. */
export type ProveFrom = (oldSize: number) => readonly Buffer[];

export class WitnessClient {
  readonly settings: WitnessSettings;
  readonly #fetch: typeof fetch;
  /** Size of the last checkpoint that the witness cosigned; unknown after a start, which the witness corrects. */
  #known = 0;

  constructor(settings: WitnessSettings, fetcher: typeof fetch) {
    this.settings = settings;
    this.#fetch = fetcher;
  }

  async submit(
    checkpoint: CheckpointNote,
    note: string,
    prove: ProveFrom,
    signal: AbortSignal,
  ): Promise<WitnessAnswer> {
    try {
      const first = await this.#post(checkpoint, note, prove, signal);
      // It knows another size than we thought: once more, from there.
      return first ?? (await this.#post(checkpoint, note, prove, signal)) ?? failed('it changed its mind');
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Null when the witness told us another size to start from. */
  async #post(
    checkpoint: CheckpointNote,
    note: string,
    prove: ProveFrom,
    signal: AbortSignal,
  ): Promise<WitnessAnswer | null> {
    const hashes = prove(this.#known).map((hash) => `${hash.toString('base64')}\n`);
    const response = await this.#fetch(`${this.settings.url}/add-checkpoint`, {
      method: 'POST',
      body: `old ${this.#known}\n${hashes.join('')}\n${note}`,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITNESS_TIMEOUT_MS)]),
      redirect: 'error',
    });
    const answer = await readBounded(response);
    switch (response.status) {
      case 200:
        this.#known = checkpoint.size;
        return this.#accept(checkpoint, note, answer);
      case 409: {
        const size = response.headers.get('content-type') === 'text/x.tlog.size' ? Number(answer.trim()) : Number.NaN;
        if (size > checkpoint.size)
          return contradicted(`it has seen ${size} entries of this log, and now there are ${checkpoint.size}`);
        if (!Number.isSafeInteger(size) || size < 0 || size === this.#known)
          return contradicted(`it has seen another log of ${checkpoint.size} entries`);
        this.#known = size;
        return null;
      }
      case 422:
        return contradicted(`it has seen other entries among the first ${this.#known} of this log`);
      case 403:
      case 404:
        return failed(`it does not know this log, or its key (${response.status})`);
      default:
        return failed(`it answered ${response.status}`);
    }
  }

  /** Only what verifies is taken over. */
  #accept(checkpoint: CheckpointNote, note: string, answer: string): WitnessAnswer {
    try {
      const signatures = parseSignatures(answer).filter(
        ({ name, keyId }) => name === this.settings.key.name && keyId === this.settings.key.id,
      );
      verifyNote({ ...checkpoint.note, signatures }, [this.settings.key]);
      if (signatures.length === 0) return failed('its answer holds no signature of its key');
      const lines = signatures.map(formatSignature).join('');
      // It becomes part of a note that is parsed again.
      parseCheckpoint(note + lines);
      return { kind: 'cosigned', lines };
    } catch (error) {
      if (error instanceof FormatError) return failed(`its answer does not read: ${error.message}`);
      throw error;
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failed(message: string): WitnessAnswer {
  return { kind: 'failed', message };
}

function contradicted(message: string): WitnessAnswer {
  return { kind: 'contradicted', message };
}
