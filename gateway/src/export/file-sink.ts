import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import type { ExportedEntry } from './exported-entry.ts';
import type { LineFormat, Sink } from './sink.ts';

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
    this.#file = await open(this.#settings.path, 'a', 0o600);
    this.#bytes = (await this.#file.stat()).size;
    return this.#file;
  }

  async #rotate(): Promise<void> {
    await this.close();
    const { path, keep } = this.#settings;
    for (let number = keep - 1; number >= 1; number -= 1)
      if (await exists(`${path}.${number}`)) await rename(`${path}.${number}`, `${path}.${number + 1}`);
    await rename(path, `${path}.1`);
  }
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
