import { SluiceError } from '@sluice/contract/errors';
import pg from 'pg';
import type { ConnectionSettings } from '../tunnel/connection-settings.ts';
import { MAX_NOTES, STATEMENT_TIMEOUT_MS } from './bounds.ts';
import { type BackendKey, cancelStatement } from './cancel-statement.ts';
import { type QueryResult, type ServerWords, StatementQuery } from './statement-query.ts';

export type RunOptions = {
  readonly statement: string;
  /** The asker's own words, shown to approvers; null for none. Part of what an approval covers. */
  readonly reason: string | null;
  readonly maxRows: number;
  readonly signal: AbortSignal;
};

export type RunOutcome = {
  readonly notices: readonly ServerWords[];
  /** Columns of the answer that the gateway masks, from 1. */
  readonly masked: readonly number[];
} & (
  | { readonly kind: 'done'; readonly result: QueryResult; readonly inTransaction: boolean }
  /** Not run, or not known to have run: the state of the request says which. */
  | { readonly kind: 'held'; readonly requestId: string }
  /** `isLogin`: nothing was sent of the statement. */
  | { readonly kind: 'failed'; readonly error: ServerWords; readonly isLogin: boolean }
);

/** Of node-postgres' message of that name. */
type BackendKeyData = { readonly processID: number; readonly secretKey: number };

/** Notices of the gateway that a statement waits; errors that it was not run for it. docs/errors.md */
const HELD_NOTICE = /^sluice: held for approval as request (\S+?):/;
/** Detail of the gateway's first notice about a mask. */
const MASK_NOTICE = /^sluice: mask: /;
const MASKED_COLUMNS = /^Masked columns of the answer: (\d+(?:, \d+)*)\.$/;
const HELD_ERROR = /\bas request (req_[\w-]+)/;
const CONNECT_TIMEOUT_MS = 30_000;
/** Beyond the server's own bound: the gateway's work, and a queue. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 30_000;

/**
 * Runs one statement on a connection of its own, which ends with it: no setting, cursor, temporary table or open
 * transaction of one call is there in the next. A held statement is let go at once, so that nothing waits in the
 * database; offered again after the approval, it finds it.
 *
 * Throws `LIMIT_REACHED` when it takes too long, `PROTOCOL_UNSUPPORTED` for COPY, and what the signal says.
 */
export async function runStatement(settings: ConnectionSettings, options: RunOptions): Promise<RunOutcome> {
  const notices: ServerWords[] = [];
  const held = Promise.withResolvers<string>();
  let masked: readonly number[] = [];
  const client = new pg.Client({
    ...settings,
    ssl: false,
    application_name: 'sluice mcp',
    options: startUpOptions(options.reason),
    statement_timeout: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  let key: BackendKey | null = null;
  client.connection.on('backendKeyData', ({ processID, secretKey }: BackendKeyData) => {
    key = { processId: processID, secretKey };
  });
  // Told by the promises below as well.
  client.on('error', (error) => notices.push({ message: error.message }));
  client.on('notice', ({ message, detail, hint, code }) => {
    const [, requestId] = HELD_NOTICE.exec(message ?? '') ?? [];
    if (requestId !== undefined) held.resolve(requestId);
    const [, positions] = (MASK_NOTICE.test(message ?? '') && MASKED_COLUMNS.exec(detail ?? '')) || [];
    if (positions !== undefined) masked = positions.split(', ').map(Number);
    if (notices.length < MAX_NOTES) notices.push({ message, detail, hint, code });
  });
  try {
    try {
      await client.connect();
    } catch (error) {
      return { kind: 'failed', error: wordsOf(error), isLogin: true, notices, masked };
    }
    const query = client.query(new StatementQuery(options.statement, options.maxRows));
    const waited = untilTooLong(options.signal);
    try {
      const outcome = await Promise.race([query.done, held.promise, waited.over]);
      if (typeof outcome === 'string') return { kind: 'held', requestId: outcome, notices, masked };
      const inTransaction = client.getTransactionStatus() !== 'I';
      return { kind: 'done', result: outcome, inTransaction, notices, masked };
    } catch (error) {
      // Given up, and the database would go on with it.
      if (key !== null && !(error instanceof pg.DatabaseError)) await cancelStatement(settings, key);
      throw error;
    } finally {
      waited.release();
    }
  } catch (error) {
    if (error instanceof SluiceError || options.signal.aborted) throw error;
    const words = wordsOf(error);
    const [, requestId] = isHeld(words) ? (HELD_ERROR.exec(words.message ?? '') ?? []) : [];
    return requestId === undefined
      ? { kind: 'failed', error: words, isLogin: false, notices, masked }
      : { kind: 'held', requestId, notices, masked };
  } finally {
    // Not `end`, which would wait for a statement that is still under way.
    client.connection.stream.destroy();
  }
}

/** Rejects when the answer takes too long, or the caller does not want it any more. */
function untilTooLong(signal: AbortSignal): { over: Promise<never>; release(): void } {
  const over = Promise.withResolvers<never>();
  // Lost the race, it is nobody's concern any more.
  over.promise.catch(() => undefined);
  const timer = setTimeout(() => over.reject(tooLong()), ANSWER_TIMEOUT_MS);
  const abort = () => over.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    over: over.promise,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

/** As the server splits them (`pg_split_opts`): blanks and backslashes of a value are escaped. */
function startUpOptions(reason: string | null): string {
  const explain = '-c sluice.explain=on';
  return reason === null ? explain : `${explain} -c sluice.reason=${reason.replace(/[\s\\]/g, '\\$&')}`;
}

function isHeld({ detail }: ServerWords): boolean {
  return /^HELD_FOR_APPROVAL\b/.test(detail ?? '');
}

function wordsOf(error: unknown): ServerWords {
  if (error instanceof pg.DatabaseError) {
    const { code, message, detail, hint } = error;
    return { code, message, detail, hint };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

function tooLong(): SluiceError {
  return new SluiceError('LIMIT_REACHED', `the statement was not answered within ${ANSWER_TIMEOUT_MS / 1_000} s`, {
    remedy: 'Ask for less, or have a person run it with sluice psql.',
  });
}
