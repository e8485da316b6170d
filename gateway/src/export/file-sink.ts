import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import type { ExportedEntry } from './exported-entry.ts';
import type { LineFormat, Sink } from './sink.ts';

/** A batch is shorter, whatever its entries. */
const MAX_TORN_BYTES = 16 * 1024 * 1024;

export type FileSinkSettings = {
  readonly path: string;
  /** The file is renamed to PATH.1 before a batch would make it longer, bytes. */
  readonly maxBytes: number;
  /** Renamed files that are kept; the oldest is replaced. */
  readonly keep: number;
};

/** A line for each entry in a file of its own, readable by its owner only. A batch is on the disk when `send` resolves. */
export class FileSink implements Sink {
  readonly #settings: FileSinkSettings;
  readonly #format: LineFormat;
  #file: FileHandle | null = null;
  #bytes = 0;

  constructor(settings: FileSinkSettings, format: LineFormat) {
    this.#settings = settings;
    this.#format = format;
  }

  async send(batch: readonly ExportedEntry[]): Promise<void> {
    const lines = Buffer.from(batch.map((entry) => `${this.#format(entry)}\n`).join(''), 'utf8');
    if (this.#file !== null && this.#bytes > 0 && this.#bytes + lines.length > this.#settings.maxBytes)
      await this.#rotate();
    const file = await this.#opened();
    try {
      await file.appendFile(lines);
      await file.datasync();
      this.#bytes += lines.length;
    } catch (error) {
      // Half a batch may be there: it is cut off before it is tried again.
      await file.truncate(this.#bytes);
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== null) return this.#file;
    const file = await open(this.#settings.path, 'a+', 0o600);
    this.#file = file;
    const { size } = await file.stat();
    this.#bytes = size - (await tornBytes(file, size));
    if (this.#bytes < size) await file.truncate(this.#bytes);
    return file;
  }

  async #rotate(): Promise<void> {
    await this.close();
    const { path, keep } = this.#settings;
    for (let number = keep - 1; number >= 1; number -= 1)
      if (await exists(`${path}.${number}`)) await rename(`${path}.${number}`, `${path}.${number + 1}`);
    await rename(path, `${path}.1`);
  }
}

/** Bytes behind the last whole line: what a crash left of a batch, which is sent again. */
async function tornBytes(file: FileHandle, size: number): Promise<number> {
  const tail = Buffer.alloc(Math.min(size, MAX_TORN_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  return tail.length - (tail.lastIndexOf(0x0a) + 1);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
