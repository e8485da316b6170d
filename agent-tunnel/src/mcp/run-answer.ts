import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { RequestView } from '@sluice/contract/api';
import { ERRORS } from '@sluice/contract/errors';
import { dataAnswer } from './answer.ts';
import { MAX_CELL_CHARACTERS, MAX_RESULT_BYTES } from './bounds.ts';
import type { RunOutcome } from './run-statement.ts';
import type { ServerWords } from './statement-query.ts';
import type { RunAnswer } from './tools.ts';

type Note = RunAnswer['notes'][number];
export type RequestAnswer = NonNullable<RunAnswer['request']>;

/** What came of a statement, for an agent: first in words of ours, then as data. */
export function runAnswer(outcome: RunOutcome, request: RequestView | null): CallToolResult {
  const answer = answerTo(outcome, request);
  const isError = answer.outcome === 'refused' || answer.outcome === 'failed';
  return { ...dataAnswer(summaryOf(answer), answer), ...(isError && { isError }) };
}

export function requestAnswer(request: RequestView): RequestAnswer {
  return {
    id: request.id,
    state: request.state,
    expires_at: request.expiresAt,
    approvals: request.approvals,
    approvals_needed: request.approvalsNeeded,
    note: request.note.slice(0, MAX_CELL_CHARACTERS),
  };
}

function answerTo(outcome: RunOutcome, request: RequestView | null): RunAnswer {
  const nothing: Omit<RunAnswer, 'outcome'> = {
    untrusted: true,
    command: null,
    columns: [],
    masked_columns: [],
    rows: [],
    cut: [],
    notes: outcome.notices.map(noteOf),
    request: request === null ? null : requestAnswer(request),
    error: null,
  };
  switch (outcome.kind) {
    case 'done': {
      const { columns, rows, tag } = outcome.result;
      return {
        ...nothing,
        outcome: 'done',
        command: tag,
        columns: [...columns],
        masked_columns: maskedColumns(outcome.masked, columns, nothing.notes),
        rows: rows.map((row) => [...row]),
        cut: cutInWords(outcome.result.cut),
        notes: outcome.inTransaction ? [...nothing.notes, ROLLED_BACK] : nothing.notes,
      };
    }
    case 'held':
      return { ...nothing, outcome: outcomeOf(request) };
    case 'failed': {
      const error = errorOf(outcome.error);
      return { ...nothing, outcome: REFUSALS.test(error.code) ? 'refused' : 'failed', error };
    }
  }
}

/** Of each column that is masked, which one it is and why. */
function maskedColumns(
  masked: readonly number[],
  columns: readonly string[],
  notes: readonly Note[],
): RunAnswer['masked_columns'] {
  const masks = notes.filter(({ about }) => about === 'mask');
  return masked.flatMap((position) => {
    const name = columns[position - 1];
    if (name === undefined) return [];
    // The gateway names the source's column, and the answer's where it has another name.
    const ofIt = masks.filter(({ message }) =>
      message.includes("(in the answer's column ")
        ? message.includes(`(in the answer's column ${name})`)
        : message.includes(`.${name} (`),
    );
    const reasons = (ofIt.length > 0 ? ofIt : masks).map(({ message }) => message);
    return [{ position, name, reason: cut(reasons.join('; ')) }];
  });
}

const REFUSALS = /^(REFUSED|HOLD)_/;
const ROLLED_BACK: Note = {
  about: 'sluice',
  message: 'the transaction that the statement began was rolled back',
  remedy: 'each call is a transaction of its own; send one statement that does all of it',
};

/** Of a statement that was let go while it waited. */
function outcomeOf(request: RequestView | null): RunAnswer['outcome'] {
  switch (request?.state) {
    case 'denied':
    case 'expired':
      return 'refused';
    // Approved in the moment in which it was let go.
    case 'consumed':
      return 'unknown';
    default:
      return 'held';
  }
}

function noteOf({ message = '', hint = '' }: ServerWords): Note {
  const [, effect, words] = /^sluice: (mask|hold|refuse|allow): (.*)$/s.exec(message) ?? [];
  const about = effect ?? (message.startsWith('sluice: ') ? 'sluice' : 'database');
  return { about, message: cut(words ?? message), remedy: cut(hint) };
}

function errorOf({ code = '', message = '', detail = '', hint = '' }: ServerWords): NonNullable<RunAnswer['error']> {
  const [stable = ''] = /^[A-Z_]+/.exec(detail) ?? [];
  const isOurs = message.startsWith('sluice: ') && Object.hasOwn(ERRORS, stable);
  return {
    code: isOurs ? stable : 'DATABASE_ERROR',
    sqlstate: code,
    message: cut(message),
    detail: cut(detail),
    remedy: cut(hint),
  };
}

function cut(text: string): string {
  return text.length > MAX_CELL_CHARACTERS ? `${text.slice(0, MAX_CELL_CHARACTERS)}…` : text;
}

function cutInWords({ rows, bytes, cells }: Extract<RunOutcome, { kind: 'done' }>['result']['cut']): string[] {
  return [
    ...(rows ? ['there are more rows than max_rows'] : []),
    ...(bytes ? [`there are more rows than fit into ${MAX_RESULT_BYTES} bytes`] : []),
    ...(cells > 0 ? [`${cells} cells are longer than ${MAX_CELL_CHARACTERS} characters, and end with …`] : []),
  ];
}

/** Words of ours and numbers only. */
function summaryOf({ outcome, rows, columns, cut: cuts, notes, request, error }: RunAnswer): string {
  const masked = notes.some(({ about }) => about === 'mask')
    ? ' Values are masked; notes in the data say which columns and why.'
    : '';
  switch (outcome) {
    case 'done':
      return `Done: ${rows.length} rows of ${columns.length} columns.${masked}${cuts.length > 0 ? ` The answer was cut: ${cuts.join('; ')}.` : ''}`;
    case 'held':
      return `Held, and not run: another person has to approve request ${idOf(request)}. Ask for its state with approval_state, and run exactly the same statement again once it is approved.`;
    case 'refused':
      return request === null
        ? `Refused, and not run${error === null ? '' : ` (${error.code})`}. The data says why, and what can be done.`
        : `Not run: request ${idOf(request)} is ${request.state}.`;
    case 'unknown':
      return `Request ${idOf(request)} was approved in the moment in which this call stopped waiting, so the statement may have run. Look before you run it again.`;
    case 'failed':
      return `Failed (${error?.code ?? 'no code'}). The data says what the database or the gateway answered.`;
  }
}

/** An id as the gateway makes them; whatever else stands there is not repeated among words of ours. */
function idOf(request: RequestAnswer | null): string {
  return request !== null && /^req_[\w-]{1,64}$/.test(request.id) ? request.id : '(see the data)';
}
