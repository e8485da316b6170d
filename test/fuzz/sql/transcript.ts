/** What a session said to a case, as lines that can be compared. */
import {
  bind,
  cstring,
  type EvilClient,
  execute,
  int16,
  message,
  parse,
  query,
  reportOf,
  type ServerMessage,
  sync,
} from '../../harness/evil-client.ts';
import type { Case, Step } from './statements.ts';
import { render } from './tree.ts';

export type Transcript = {
  /** One for each step: its messages. */
  readonly answers: readonly (readonly string[])[];
  /** SQLSTATE of the first error of each step, null for none. */
  readonly errors: readonly (string | null)[];
  readonly ended: boolean;
};

/** Runs the steps in one transaction, and ends it. */
export async function runCase(client: EvilClient, one: Case): Promise<Transcript> {
  const answers: (readonly string[])[] = [];
  const errors: (string | null)[] = [];
  await ask(client, [query('BEGIN')]);
  for (const step of one.steps) {
    const said = await ask(client, messagesOf(step));
    answers.push(said.map(lineOf));
    const error = said.find(({ type }) => type === 'E');
    errors.push(error === undefined ? null : (reportOf(error)['C'] ?? '?'));
    if (client.closed) break;
  }
  const last = await ask(client, [query(one.commits ? 'COMMIT' : 'ROLLBACK')]);
  answers.push(last.map(lineOf));
  if (!client.closed) await ask(client, [query('DEALLOCATE ALL')]);
  if (!client.closed) await ask(client, [query('CLOSE ALL')]);
  return { answers, errors, ended: client.closed };
}

async function ask(client: EvilClient, messages: readonly Buffer[]): Promise<readonly ServerMessage[]> {
  if (client.closed) return [];
  client.send(...messages);
  return await client.collect('Z');
}

function messagesOf(step: Step): readonly Buffer[] {
  const text = render(step.text);
  if (step.extended === null) return [query(text)];
  const formatted = message('B', cstring(''), cstring(''), int16(0), int16(0), int16(1), int16(step.extended.format));
  return [
    parse('', text),
    message('D', Buffer.from('S'), cstring('')),
    step.extended.format === 0 ? bind('', '') : formatted,
    message('D', Buffer.from('P'), cstring('')),
    execute('', step.extended.maxRows),
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

/** RowDescription, with the OIDs of user relations left out: `String name · Int32 table · Int16 · Int32 · Int16 · Int32 · Int16`. */
function columnsOf(body: Buffer): string {
  const columns: string[] = [];
  let at = 2;
  for (let count = body.readInt16BE(0); count > 0; count--) {
    const end = body.indexOf(0, at);
    const table = body.readUInt32BE(end + 1);
    const rest = body.toString('hex', end + 5, end + 19);
    columns.push(`${body.toString('utf8', at, end)}:${table < FIRST_NEW_OID ? table : 'user'}:${rest}`);
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
    .replaceAll(/\b([Pp]rocess|PID|transaction|OID) \d+/g, '$1 N');
}

export function firstDifference(
  a: Transcript,
  b: Transcript,
): { readonly step: number; readonly a: string; readonly b: string } | null {
  for (let step = 0; step < Math.max(a.answers.length, b.answers.length); step++) {
    const [left, right] = [a.answers[step] ?? [], b.answers[step] ?? []];
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      if (left[index] !== right[index]) return { step, a: left[index] ?? '(nothing)', b: right[index] ?? '(nothing)' };
    }
  }
  return a.ended === b.ended ? null : { step: a.answers.length, a: `ended: ${a.ended}`, b: `ended: ${b.ended}` };
}
