/**
 * What PostgreSQL's own statement log says of sessions, beside what the record says of them. Sessions are told apart by the
 * application name that their client gave; each runs one statement after the other, with a number of its own in each.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks } from '../../gateway/src/evidence/read-log.ts';

type Executed = { readonly text: string; readonly value: string };
type Recorded = { readonly decided: Map<number, string>; readonly done: Set<number> };

/** `INSERT INTO public.ran …` and `SELECT id FROM public.ran …`, as csvlog has them: text, perhaps the parameter, application. */
const LINE =
  /"execute [^:"]*: ((?:INSERT INTO|SELECT id FROM) public\.ran[^"]*)",(?:"[Pp]arameters: \$1 = '(\d+)')?.*"(crash-[\d-]+)"/;

/** The server's csvlog, read on from where it was read last. */
export class StatementLog {
  readonly #directory: string;
  readonly #executed = new Map<string, Executed[]>();
  readonly #offsets = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  get executed(): ReadonlyMap<string, readonly Executed[]> {
    return this.#executed;
  }

  /** Reads what was written since. True when `marker` is there: all that was logged before it is, too. */
  readOn(marker: string): boolean {
    let isThere = false;
    for (const name of readdirSync(this.#directory).filter((file) => file.endsWith('.csv'))) {
      for (const line of this.#newLines(name)) {
        isThere ||= line.includes(marker);
        const [, text, value, application] = LINE.exec(line) ?? [];
        if (text === undefined || application === undefined) continue;
        const number = value ?? /\d+/.exec(text)?.[0] ?? '';
        const known = this.#executed.get(application) ?? [];
        known.push({ text: value === undefined ? text : text.replace('$1', () => value), value: number });
        this.#executed.set(application, known);
      }
    }
    return isThere;
  }

  #newLines(name: string): readonly string[] {
    const file = openSync(join(this.#directory, name), 'r');
    try {
      const from = this.#offsets.get(name) ?? 0;
      const bytes = Buffer.alloc(fstatSync(file).size - from);
      const length = readSync(file, bytes, 0, bytes.length, from);
      const whole = bytes.subarray(0, length).lastIndexOf(0x0a) + 1;
      this.#offsets.set(name, from + whole);
      return bytes.subarray(0, whole).toString('utf8').split('\n');
    } finally {
      closeSync(file);
    }
  }
}

/** What the record says of each session of `from` on, by application name; and where it ends. */
export async function recordedSessions(
  dataDir: string,
  from: number,
): Promise<{ readonly sessions: ReadonlyMap<string, Recorded>; readonly nextSequence: number }> {
  const sessions = new Map<string, Recorded>();
  const byId = new Map<string, Recorded>();
  let nextSequence = from;
  for await (const block of readBlocks(join(dataDir, 'evidence'), { from, until: Number.MAX_SAFE_INTEGER })) {
    nextSequence = block.head.nextSequence;
    for (const { entry } of block.entries) {
      if (entry.kind === 'session.opened') {
        const session: Recorded = { decided: new Map(), done: new Set() };
        byId.set(entry.sessionId, session);
        sessions.set(entry.application, session);
      } else if (entry.kind === 'statement.decided') {
        byId.get(entry.sessionId)?.decided.set(entry.statementId, entry.text);
      } else if (entry.kind === 'statement.completed' && entry.error === null) {
        byId.get(entry.sessionId)?.done.add(entry.statementId);
      }
    }
  }
  return { sessions, nextSequence };
}

/**
 * Where the two do not agree about one session: something executed that was not decided before, something executed twice,
 * something recorded as done that was not executed, or more than one statement decided and never executed (a client has
 * one under way).
 */
export function disagreements(
  application: string,
  executed: readonly Executed[],
  recorded: Recorded | undefined,
): readonly string[] {
  const { decided, done } = recorded ?? { decided: new Map<number, string>(), done: new Set<number>() };
  const found: string[] = [];
  const values = new Set(executed.map(({ value }) => value));
  if (values.size < executed.length) found.push(`${executed.length - values.size} statements were executed twice`);
  const texts = tally(decided.values());
  const ran = tally(executed.map(({ text }) => (texts.has(text) ? text : withoutNumber(text))));
  for (const [text, runs] of ran)
    if (runs > (texts.get(text) ?? 0))
      found.push(`the database executed ${runs} × ${text}, and the record has ${texts.get(text) ?? 0}`);
  for (const [text, times] of tally([...done].map((id) => decided.get(id) ?? 'an unknown statement')))
    if (times > (ran.get(text) ?? 0))
      found.push(`the record has ${times} × ${text} as done, and the database executed ${ran.get(text) ?? 0}`);
  if (decided.size > executed.length + 1)
    found.push(`the record has ${decided.size} statements, and the database executed ${executed.length}`);
  return found.map((what) => `session ${application}: ${what}`);
}

/** As the record has a statement of a prepared client: its value is not there. */
function withoutNumber(text: string): string {
  return text.replace(/\d+/, () => '$1');
}

function tally(texts: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
