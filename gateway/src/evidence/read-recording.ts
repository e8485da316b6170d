/**
 * Reads a recording back. Tolerates what a crash leaves; anything else that does not parse is EVIDENCE_BROKEN.
 */
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { SluiceError } from '@sluice/contract/errors';
import { z } from 'zod';

export type SeenStatement = {
  readonly columns: readonly { readonly name: string; readonly typeOid: number; readonly masked: boolean }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** More went out than `rows` holds, or a cell was cut. */
  readonly truncated: boolean;
  /** False when the session was cut off while the statement ran. */
  readonly ended: boolean;
};

export type ReplayedRecording = {
  readonly statements: ReadonlyMap<number, SeenStatement>;
  /** Null while the session is open, or when it was cut off. */
  readonly closeReason: string | null;
  /** Bytes of a torn last line. */
  readonly tornBytes: number;
};

const Cell = z.string().nullable();
const Line = z.union([
  z.object({ recording: z.literal(1), sessionId: z.string() }),
  z.tuple([z.literal('c'), z.number(), z.array(z.tuple([z.string(), z.number(), z.boolean()]))]),
  z.tuple([z.literal('r'), z.number(), z.array(Cell)]),
  z.tuple([z.literal('e'), z.number(), z.string(), z.number(), Cell, z.boolean()]),
  z.tuple([z.literal('x'), z.string()]),
]);

type Mutable = { columns: SeenStatement['columns']; rows: (string | null)[][]; truncated: boolean; ended: boolean };

/** Characters of rows that one reading gives back; the statements behind them come without rows, as truncated. */
export const MAX_REPLAY_CHARACTERS = 16 * 1024 * 1024;

/** Which statements to read: `after` < id ≤ `last`. */
export type StatementRange = { readonly after: number; readonly last: number };

/** What a line is about, without parsing it: most lines of a long recording are rows nobody asked for. */
const STATEMENT_OF_LINE = /^\["[cre]",(\d+),/;

/**
 * Null when there is no such file. Throws EVIDENCE_BROKEN on a whole line that is not of the format.
 * Reads line by line: a recording may be longer than what should be in memory at once.
 */
export async function readRecording(path: string, range: StatementRange): Promise<ReplayedRecording | null> {
  const statements = new Map<number, Mutable>();
  let closeReason: string | null = null;
  let characters = 0;
  let number = 0;
  const torn = await readLines(path, (line) => {
    number += 1;
    const id = Number(STATEMENT_OF_LINE.exec(line)?.[1] ?? Number.NaN);
    if (id <= range.after || id > range.last) return;
    const parsed = parseLine(line, `${path}:${number}`);
    if (!Array.isArray(parsed)) return;
    if (parsed[0] === 'x') {
      closeReason = parsed[1];
      return;
    }
    if (parsed[0] === 'r') characters += line.length;
    apply(statements, parsed, characters <= MAX_REPLAY_CHARACTERS);
  });
  return torn === null ? null : { statements, closeReason, tornBytes: torn };
}

type StatementLine = Exclude<z.infer<typeof Line>, { recording: 1 } | ['x', string]>;

function apply(statements: Map<number, Mutable>, line: StatementLine, keepRows: boolean): void {
  const statement = statements.get(line[1]) ?? { columns: [], rows: [], truncated: false, ended: false };
  statements.set(line[1], statement);
  switch (line[0]) {
    case 'c':
      statement.columns = line[2].map(([name, typeOid, masked]) => ({ name, typeOid, masked }));
      return;
    case 'r':
      if (keepRows) statement.rows.push(line[2]);
      else statement.truncated = true;
      return;
    case 'e':
      statement.ended = true;
      statement.truncated ||= line[5];
      return;
  }
}

function parseLine(line: string, place: string): z.infer<typeof Line> {
  try {
    return Line.parse(JSON.parse(line));
  } catch (error) {
    throw new SluiceError('EVIDENCE_BROKEN', `The recording does not read: ${place}.`, { cause: error });
  }
}

/** Hands over each whole line. Bytes after the last newline are counted and returned; null when there is no file. */
async function readLines(path: string, take: (line: string) => void): Promise<number | null> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of createReadStream(path)) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return Buffer.byteLength(rest + decoder.end());
}
