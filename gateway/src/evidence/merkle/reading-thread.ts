/**
 * Long reads of the record, each in a thread of its own that ends with the answer: sessions as bundles, entries by index.
 */
import { Worker } from 'node:worker_threads';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import type { BundleRequest } from './session-bundle.ts';

/** Reads at once; more are refused with LIMIT_REACHED. */
export const MAX_READS = 2;
/** A read that nobody fetched from for this long is given up, milliseconds. */
export const IDLE_LIMIT_MS = 60_000;

type Place = { readonly directory: string; readonly logId: string };

export type ReadingQuestion =
  | (Place & { readonly kind: 'entries'; readonly index: number; readonly width: number })
  | (Omit<BundleRequest, 'signers'> & { readonly kind: 'bundle'; readonly seeds: readonly Uint8Array[] });

export type ReadingAnswer =
  | { readonly kind: 'piece' | 'end'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

export class ReadingThreads {
  readonly #open = new Set<Worker>();

  /**
   * The answer as a stream that reads only as far as it is fetched. Throws before its first byte what the read throws
   * before it: NOT_FOUND, LIMIT_REACHED, EVIDENCE_BROKEN.
   */
  async read(question: ReadingQuestion): Promise<ReadableStream<Uint8Array>> {
    if (this.#open.size >= MAX_READS)
      throw new SluiceError('LIMIT_REACHED', `${MAX_READS} reads of the record are under way already.`);
    const worker = new Worker(new URL('./reading-worker.ts', import.meta.url), { workerData: question, env: {} });
    this.#open.add(worker);
    const end = () => {
      clearTimeout(timer);
      this.#open.delete(worker);
      void worker.terminate();
    };
    let timer = setTimeout(end, IDLE_LIMIT_MS).unref();
    let first: ReadingAnswer | null;
    try {
      first = await ask(worker);
    } catch (error) {
      end();
      throw error;
    }
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          clearTimeout(timer);
          timer = setTimeout(end, IDLE_LIMIT_MS).unref();
          try {
            const answer: ReadingAnswer = first ?? (await ask(worker));
            first = null;
            if (answer.kind === 'failed') throw new SluiceError(answer.code, answer.message);
            if (answer.bytes.length > 0) controller.enqueue(answer.bytes);
            if (answer.kind === 'piece') return;
            end();
            controller.close();
          } catch (error) {
            end();
            controller.error(error);
          }
        },
        cancel: end,
      },
      { highWaterMark: 0 },
    );
  }

  close(): void {
    for (const worker of this.#open) void worker.terminate();
    this.#open.clear();
  }
}

/** Throws when the read failed. */
async function ask(worker: Worker): Promise<ReadingAnswer> {
  const answer = await new Promise<ReadingAnswer>((resolve, reject) => {
    const ended = () => reject(new SluiceError('INTERNAL', 'the thread that reads the record ended'));
    worker.once('error', reject);
    worker.once('exit', ended);
    worker.once('message', (told: ReadingAnswer) => {
      worker.off('error', reject);
      worker.off('exit', ended);
      resolve(told);
    });
    worker.postMessage('next');
  });
  if (answer.kind === 'failed') throw new SluiceError(answer.code, answer.message);
  return answer;
}
