/** Bounds of what an agent gets in one answer, and of what it keeps busy. An answer that was cut says so. */

/** Rows unless the agent asks for another number, and the most that it may ask for. */
export const DEFAULT_ROWS = 100;
export const MAX_ROWS = 1_000;
/** Rows asked for at once: what is read beyond a bound is at most so much. */
export const ROWS_A_BATCH = 20;
/** Characters of one cell, and of one message of the database. */
export const MAX_CELL_CHARACTERS = 2_000;
/** UTF-8 bytes of all cells and column names of one answer. */
export const MAX_RESULT_BYTES = 128 * 1024;
/** Characters of a statement and of a reason; the gateway has bounds of its own. */
export const MAX_STATEMENT_CHARACTERS = 100_000;
export const MAX_REASON_CHARACTERS = 2_000;
/** Notes of one answer. */
export const MAX_NOTES = 30;
/** Tables and columns of one description. */
export const MAX_TABLES = 200;
export const MAX_COLUMNS = 2_000;
/** Statements of one text that `check_statement` tells about, and flows of each. */
export const MAX_CHECKED_STATEMENTS = 10;
export const MAX_FLOWS = 50;
/** Statements of one server that run or wait at once. */
export const MAX_STATEMENTS_AT_ONCE = 4;
/** How long the database works on one statement, milliseconds; waiting for an approval does not count. */
export const STATEMENT_TIMEOUT_MS = 60_000;
/** How long a call waits for another person, seconds, unless the agent asks for another time, and at most. */
export const DEFAULT_WAIT_SECONDS = 45;
export const MAX_WAIT_SECONDS = 300;
/** How often a call that waits for another person says so, milliseconds, where its client asked for progress. */
export const PROGRESS_MS = 5_000;
/** Statements whose reasons are remembered, so that running one again finds its approval. */
export const MAX_REMEMBERED_REASONS = 100;
/** How often a statement is offered again because its approval was gone by the time. */
export const MAX_ROUNDS = 3;
/** Longest message of an MCP client, bytes. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
