/**
 * Reads a recording back. Tolerates what a crash leaves; anything else that does not parse is EVIDENCE_BROKEN.
 */
import { readFile } from 'node:fs/promises';
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

/** Null when there is no such file. Throws EVIDENCE_BROKEN on a whole line that is not of the format. */
export async function readRecording(path: string): Promise<ReplayedRecording | null> {
  const text = await readIfPresent(path);
  if (text === null) return null;
  const end = text.lastIndexOf('\n') + 1;
  const statements = new Map<number, Mutable>();
  let closeReason: string | null = null;
  for (const [index, line] of text.slice(0, end).split('\n').slice(0, -1).entries()) {
    const parsed = parseLine(line, `${path}:${index + 1}`);
    if (!Array.isArray(parsed)) continue;
    if (parsed[0] === 'x') closeReason = parsed[1];
    else apply(statements, parsed);
  }
  return { statements, closeReason, tornBytes: Buffer.byteLength(text.slice(end)) };
}

function apply(
  statements: Map<number, Mutable>,
  line: Exclude<z.infer<typeof Line>, { recording: 1 } | ['x', string]>,
): void {
  const statement = statements.get(line[1]) ?? { columns: [], rows: [], truncated: false, ended: false };
  statements.set(line[1], statement);
  switch (line[0]) {
    case 'c':
      statement.columns = line[2].map(([name, typeOid, masked]) => ({ name, typeOid, masked }));
      return;
    case 'r':
      statement.rows.push(line[2]);
      return;
    case 'e':
      statement.ended = true;
      statement.truncated = line[5];
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

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
