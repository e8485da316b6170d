/**
 * Reads the recording of a session as its bundle holds it: JSON lines (docs/evidence-format.md, "Recordings"), in pieces
 * that end anywhere.
 */
import { StringDecoder } from 'node:string_decoder';
import type { SeenStatement } from '@sluice/contract/timeline';
import { z } from 'zod';
import { Disproof } from './note.ts';

/** Characters of rows that are kept; later rows are left out, and their statements marked. */
export const MAX_SEEN_CHARACTERS = 16 * 1024 * 1024;
/** Longest line, characters. */
export const MAX_RECORDED_LINE = 8 * 1024 * 1024;

const Cell = z.string().nullable();
const Line = z.union([
  z.object({ recording: z.literal(1), sessionId: z.string() }),
  z.tuple([z.literal('c'), z.number(), z.array(z.tuple([z.string(), z.number(), z.boolean()]))]),
  z.tuple([z.literal('r'), z.number(), z.array(Cell)]),
  z.tuple([z.literal('e'), z.number(), z.string(), z.number(), Cell, z.boolean()]),
  z.tuple([z.literal('x'), z.string()]),
]);

type Mutable = { columns: SeenStatement['columns']; rows: (string | null)[][]; truncated: boolean; ended: boolean };

export class RecordingReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #statements = new Map<number, Mutable>();
  #rest = '';
  #characters = 0;

  /** Throws Disproof on a whole line that is none of a recording. */
  take(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_RECORDED_LINE) throw new Disproof('a line of the recording is too long');
    for (const line of lines) this.#line(line);
  }

  /** By statement id. A torn last line, as a crash leaves it, is nothing. */
  finish(): ReadonlyMap<number, SeenStatement> {
    return this.#statements;
  }

  #line(text: string): void {
    const line = parseLine(text);
    if (!Array.isArray(line) || line[0] === 'x') return;
    const statement = this.#statements.get(line[1]) ?? { columns: [], rows: [], truncated: false, ended: false };
    this.#statements.set(line[1], statement);
    switch (line[0]) {
      case 'c':
        statement.columns = line[2].map(([name, , masked]) => ({ name, masked }));
        return;
      case 'r':
        this.#characters += text.length;
        if (this.#characters <= MAX_SEEN_CHARACTERS) statement.rows.push(line[2]);
        else statement.truncated = true;
        return;
      case 'e':
        statement.ended = true;
        statement.truncated ||= line[5];
    }
  }
}

function parseLine(text: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(text));
  } catch (error) {
    throw new Disproof('the recording does not read', { cause: error });
  }
}
