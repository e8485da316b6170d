import { ERRORS, type ErrorCode, type SluiceError } from '@sluice/contract/errors';
import type { ReportFields } from '../../protocol/postgres/backend.ts';
import { encodeErrorResponse, encodeNoticeResponse, reportFields } from '../../protocol/postgres/backend-encode.ts';

/** Errors that the server would report just so; clients compare the words. */
const SERVER_WORDS: ReadonlySet<ErrorCode> = new Set([
  'STATEMENT_UNKNOWN',
  'STATEMENT_EXISTS',
  'STATEMENT_CHANGED',
  'PORTAL_UNKNOWN',
  'PARAMETER_UNKNOWN',
  'TEXT_NOT_UTF8',
]);

/** Place in the server's source by which pgjdbc knows the error after which it has to prepare again. */
const PLAN_CHANGED_PLACE = [
  ['F', 'plancache.c'],
  ['R', 'RevalidateCachedQuery'],
] as const;

/** Our error in PostgreSQL's words: SQLSTATE of its family, the remedy as HINT, the stable code as DETAIL. */
export function errorResponse(error: SluiceError, severity: 'ERROR' | 'FATAL' = 'ERROR'): Buffer {
  const { sqlState } = ERRORS[error.code];
  if (SERVER_WORDS.has(error.code)) {
    const fields = reportFields({ severity, sqlState, message: error.message });
    return encodeErrorResponse(
      error.code === 'STATEMENT_CHANGED' ? new Map([...fields, ...PLAN_CHANGED_PLACE]) : fields,
    );
  }
  // Other facts are for the log.
  const { explanation, position } = error.facts;
  const fields = reportFields({
    severity,
    sqlState,
    message: bounded(`sluice: ${error.message}`),
    detail: bounded(typeof explanation === 'string' ? `${error.code}. ${explanation}` : error.code),
    hint: bounded(error.remedy),
  });
  if (typeof position !== 'number') return encodeErrorResponse(fields);
  return encodeErrorResponse(new Map([...fields, ['P', String(position)]]));
}

/** Longest field of a report of ours, characters: names and lists in it are bounded before, this is the last word. */
export const MAX_REPORT_CHARACTERS = 4_000;

/** One line, of bounded length: some clients show no more than the first, and names may hold anything. */
function bounded(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length <= MAX_REPORT_CHARACTERS ? line : `${line.slice(0, MAX_REPORT_CHARACTERS)}…`;
}

/** A NOTICE of ours. */
export function notice(message: string, hint = '', detail = ''): Buffer {
  return encodeNoticeResponse(
    reportFields({
      severity: 'NOTICE',
      sqlState: '00000',
      message: bounded(`sluice: ${message}`),
      ...(detail === '' ? {} : { detail: bounded(detail) }),
      ...(hint === '' ? {} : { hint: bounded(hint) }),
    }),
  );
}

/** Text instead of one that could hold a classified value. */
export const SCRUBBED_TEXT = 'the text of this message is withheld because the statement touches classified columns';

/**
 * An error or notice of the server as it may go to the client. Of a sensitive statement only severity and SQLSTATE
 * stay: "Key (ssn)=(…) already exists", "invalid input syntax …" and RAISE carry values in every other field.
 */
export function scrubbed(fields: ReportFields, sensitive: boolean): ReportFields {
  if (!sensitive || saysNothingOfData(fields)) return fields;
  const kept = new Map<string, string>();
  for (const letter of ['S', 'V', 'C']) {
    const value = fields.get(letter);
    if (value !== undefined) kept.set(letter, value);
  }
  kept.set('M', `sluice: ${SCRUBBED_TEXT}`);
  return kept;
}

/** "Failing row contains (…)" prints every column of the row, also those that the statement does not name. */
export function withoutDetail(fields: ReportFields): ReportFields {
  const kept = new Map(fields);
  kept.delete('D');
  return kept;
}

/**
 * An error about one statement of several, or about a part of one, with its position counted from the start of the
 * client's text; null: of a text of the gateway's own, in which positions mean nothing to the client.
 */
export function shifted(fields: ReportFields, charactersBefore: () => number | null): ReportFields {
  const position = Number(fields.get('P'));
  if (!Number.isSafeInteger(position) || position < 1) return fields;
  const before = charactersBefore();
  const placed = new Map(fields);
  if (before === null) placed.delete('P');
  else placed.set('P', String(position + before));
  return placed;
}

/**
 * Places in the server that report what a statement is, never what data holds. File and routine cannot be set by
 * RAISE or any other user code, so nothing else can pass for them.
 */
const DATALESS_PLACES: ReadonlySet<string> = new Set([
  'aclchk.c aclcheck_error',
  'postgres.c ProcessInterrupts',
  'postgres.c exec_bind_message',
  'postgres.c exec_parse_message',
  'postgres.c exec_execute_message',
  'plancache.c RevalidateCachedQuery',
]);

function saysNothingOfData(fields: ReportFields): boolean {
  return DATALESS_PLACES.has(`${fields.get('F') ?? ''} ${fields.get('R') ?? ''}`);
}

/** Severities of notices by rank, lowest first (manual, client_min_messages). */
const NOTICE_RANK: ReadonlyMap<string, number> = new Map([
  ['DEBUG5', 0],
  ['DEBUG4', 1],
  ['DEBUG3', 2],
  ['DEBUG2', 3],
  ['DEBUG1', 4],
  ['DEBUG', 4],
  ['LOG', 5],
  ['NOTICE', 6],
  ['WARNING', 7],
  ['ERROR', 8],
]);

/**
 * Whether a client with this client_min_messages wants a notice of this severity. The gateway keeps the server at
 * `log`, so it filters itself; LOG and DEBUG never pass, whatever the client asks for. INFO always passes, as on the server.
 */
export function wantsNotice(severity: string, clientMinMessages: string): boolean {
  if (severity === 'INFO') return true;
  const rank = NOTICE_RANK.get(severity);
  if (rank === undefined || rank <= 5) return false;
  return rank >= (NOTICE_RANK.get(clientMinMessages.toUpperCase()) ?? 6);
}

/** A tree that the server printed for us: these two fields cannot be set by RAISE or any other user code. */
export function isTreeNotice(fields: ReportFields): boolean {
  return fields.get('R') === 'elog_node_display' && fields.get('F') === 'print.c';
}
