/** What a session said to a case, as lines that can be compared. */
import { createHash } from 'node:crypto';
import {
  cstring,
  type EvilClient,
  execute,
  int16,
  int32,
  message,
  query,
  reportOf,
  type ServerMessage,
  sync,
} from '../../harness/evil-client.ts';
import { boundValues } from './parameters.ts';
import type { Case, Step } from './statements.ts';
import { render } from './tree.ts';

export type Transcript = {
  /** One for each step: its messages. */
  readonly answers: readonly (readonly string[])[];
  /** SQLSTATE of the first error of each step, null for none. */
  readonly errors: readonly (string | null)[];
  readonly ended: boolean;
};

/** Runs the steps in one transaction, and ends it; or each alone. */
export async function runCase(client: EvilClient, one: Case): Promise<Transcript> {
  const answers: (readonly string[])[] = [];
  const errors: (string | null)[] = [];
  const run = async (step: Step): Promise<void> => {
    const said = await say(client, step);
    answers.push(said.lines());
    errors.push(said.error);
  };
  if (!one.alone) await ask(client, [query('BEGIN')]);
  for (const step of one.steps) {
    await run(step);
    if (client.closed) break;
  }
  const last = one.alone ? [] : await ask(client, [query(one.commits ? 'COMMIT' : 'ROLLBACK')]);
  answers.push(last.map(lineOf));
  for (const step of one.after) await run(step);
  for (const end of ['ROLLBACK', 'DISCARD ALL']) await ask(client, [query(end)]);
  return { answers, errors, ended: client.closed };
}

async function ask(client: EvilClient, messages: readonly Buffer[]): Promise<readonly ServerMessage[]> {
  if (client.closed) return [];
  client.send(...messages);
  return await client.collect('Z');
}

/** A step and its answers. Where the server asks for the rows of a COPY, they follow, or the word that there are none. */
async function say(client: EvilClient, step: Step): Promise<Answer> {
  const answer = new Answer();
  if (client.closed) return answer;
  client.send(...messagesOf(step));
  for (;;) {
    const got = await client.collectAny(ENDS, MESSAGES_AT_ONCE);
    for (const one of got) answer.add(one);
    const last = got.at(-1);
    if (answer.isTooLarge) await client.close();
    if (last === undefined || last.type === 'Z' || client.closed) return answer;
    if (last.type !== 'G') continue;
    client.send(
      ...(step.rows === undefined
        ? [message('f', cstring('no rows'))]
        : [message('d', Buffer.from(step.rows)), message('c')]),
    );
  }
}

const MESSAGES_AT_ONCE = 1_000;
/** Rows: DataRow and CopyData. */
const ROWS: ReadonlySet<string> = new Set(['D', 'd']);
/** Lines of one answer that are kept as they are; of further rows, a digest is. */
const KEPT_LINES = 300;
/** A client that was sent this much for one step hangs up. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What came for one step. */
class Answer {
  readonly #lines: string[] = [];
  readonly #rest = createHash('sha256');
  #more = 0;
  #bytes = 0;
  /** SQLSTATE of the first error. */
  error: string | null = null;

  add(sent: ServerMessage): void {
    this.#bytes += sent.body.length;
    if (this.isTooLarge) return;
    if (sent.type === 'E') this.error ??= reportOf(sent)['C'] ?? '?';
    const line = lineOf(sent);
    if (this.#lines.length < KEPT_LINES || !ROWS.has(sent.type)) {
      this.#lines.push(line);
      return;
    }
    this.#more++;
    this.#rest.update(line).update('\n');
  }

  get isTooLarge(): boolean {
    return this.#bytes > MAX_ANSWER_BYTES;
  }

  lines(): readonly string[] {
    if (this.isTooLarge) return ['too large'];
    return this.#more === 0 ? this.#lines : [...this.#lines, `and ${this.#more} more: ${this.#rest.digest('hex')}`];
  }
}

/** ReadyForQuery, and CopyInResponse, behind which the server waits. */
const ENDS: ReadonlySet<string> = new Set(['Z', 'G']);

/** Executions of one portal that is read in pieces. */
const PIECES = 3;

function messagesOf(step: Step): readonly Buffer[] {
  const text = render(step.text);
  if (step.extended === null) return [query(text)];
  const { format, maxRows, parameters } = step.extended;
  const types = [int16(parameters.length), ...parameters.map(({ typeOid }) => int32(typeOid))];
  return [
    message('P', cstring(''), cstring(text), ...types),
    message('D', Buffer.from('S'), cstring('')),
    message('B', cstring(''), cstring(''), boundValues(parameters, format)),
    message('D', Buffer.from('P'), cstring('')),
    ...Array.from({ length: maxRows === 0 ? 1 : PIECES }, () => execute('', maxRows)),
    sync(),
  ];
}

const REPORTS: ReadonlySet<string> = new Set(['E', 'N']);

function lineOf(sent: ServerMessage): string {
  if (REPORTS.has(sent.type)) return `${sent.type} ${normalised(JSON.stringify(reportOf(sent)))}`;
  if (sent.type === 'S') return `S ${normalised(sent.body.toString('utf8'))}`;
  if (sent.type === 'T') return `T ${columnsOf(sent.body)}`;
  const text = sent.body.toString('latin1');
  return `${sent.type} ${normalised(text)}`;
}

/** OIDs of relations that a case makes are handed out by a counter of the whole cluster. */
const FIRST_NEW_OID = 16_384;

function known(oid: number): string {
  return oid < FIRST_NEW_OID ? String(oid) : 'user';
}

/** RowDescription, with the OIDs of user relations and types left out: `String name · Int32 table · Int16 · Int32 · Int16 · Int32 · Int16`. */
function columnsOf(body: Buffer): string {
  const columns: string[] = [];
  let at = 2;
  for (let count = body.readInt16BE(0); count > 0; count--) {
    const end = body.indexOf(0, at);
    const table = body.readUInt32BE(end + 1);
    const type = body.readUInt32BE(end + 7);
    const shape = `${body.readInt16BE(end + 5)}:${known(type)}:${body.toString('hex', end + 11, end + 19)}`;
    columns.push(`${body.toString('utf8', at, end)}:${known(table)}:${shape}`);
    at = end + 19;
  }
  return columns.join(' ');
}

/** Takes out what differs by itself: the gateway's request ids, names of the two databases, temporary schemas, process ids. */
function normalised(text: string): string {
  return text
    .replaceAll(/req_[A-Za-z0-9_-]+/g, 'req_')
    .replaceAll(/\bni[-_][ab]\b/g, 'ni')
    .replaceAll(/pg_(toast_)?temp_\d+/g, 'pg_temp')
    .replaceAll(/\b([Pp]rocess|PID|transaction|OID) \d+/g, '$1 N')
    .replaceAll(new RegExp(`${new Date().toISOString().slice(0, 10)}[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?`, 'g'), 'NOW');
}

/** A statement that was stopped by the clock tells how fast the machine is. */
export const TIMED_OUT = '57014';

export function firstDifference(
  a: Transcript,
  b: Transcript,
): { readonly step: number; readonly a: string; readonly b: string } | null {
  if ([...a.errors, ...b.errors].includes(TIMED_OUT)) return null;
  for (let step = 0; step < Math.max(a.answers.length, b.answers.length); step++) {
    const [left, right] = [a.answers[step] ?? [], b.answers[step] ?? []];
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      if (left[index] !== right[index]) return { step, a: left[index] ?? '(nothing)', b: right[index] ?? '(nothing)' };
    }
  }
  return a.ended === b.ended ? null : { step: a.answers.length, a: `ended: ${a.ended}`, b: `ended: ${b.ended}` };
}
