/** The recording of a bundle beside what the record says was in it at each end of a statement. */
import { createHash } from 'node:crypto';
import { Disproof } from './note.ts';

type Expected = { readonly bytes: number; readonly sha256: string };

export class RecordedParts {
  readonly #hash = createHash('sha256');
  /** The shortest first. */
  readonly #expected: Expected[] = [];
  /** Of these, how many were reached. */
  #reached = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the record says that there was more. */
  get isCut(): boolean {
    return this.#reached < this.#expected.length;
  }

  /** `recorded` of an entry; before the recording. Throws Disproof. */
  expect(recorded: unknown): void {
    if (recorded === undefined) return;
    const { bytes, sha256 }: Partial<Record<keyof Expected, unknown>> = Object(recorded);
    if (typeof bytes !== 'number' || typeof sha256 !== 'string' || bytes < (this.#expected.at(-1)?.bytes ?? 1))
      throw new Disproof('an entry says of the recording what cannot be');
    this.#expected.push({ bytes, sha256 });
  }

  /** The next bytes of the recording. Throws Disproof when the record knows others. */
  take(bytes: Buffer): void {
    let done = 0;
    for (const next of this.#expected.slice(this.#reached, this.#countUpTo(this.#bytes + bytes.length))) {
      const upTo = next.bytes - this.#bytes;
      this.#hash.update(bytes.subarray(done, upTo));
      done = upTo;
      if (this.#hash.copy().digest('hex') !== next.sha256)
        throw new Disproof(`the first ${next.bytes} bytes of the recording are not those that an entry names`);
      this.#reached += 1;
    }
    this.#hash.update(bytes.subarray(done));
    this.#bytes += bytes.length;
  }

  /** How many are of at most so many bytes. */
  #countUpTo(bytes: number): number {
    let count = this.#reached;
    while ((this.#expected[count]?.bytes ?? Number.POSITIVE_INFINITY) <= bytes) count += 1;
    return count;
  }

  /** The hash of all of it. */
  finish(): Buffer {
    return this.#hash.digest();
  }
}
