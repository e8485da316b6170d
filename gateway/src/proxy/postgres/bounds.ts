/** Unread client bytes up to which the gateway keeps reading while a statement is held, so that it notices a client that leaves. */
export const MAX_UNREAD_CLIENT_BYTES = 64 * 1024;
/** Client bytes under way to the server, and server bytes under way to the client, before the other side is paused. */
export const MAX_BACKLOG_BYTES = 256 * 1024;
/**
 * Requests of one session that the server has not answered yet, before the client's next messages wait. Each takes about
 * two kilobytes here, and a few bytes in the server's input buffer, which so is no bound on them.
 */
export const MAX_OWED_ANSWERS = 8_192;
/** Plans kept per session: one a distinct statement text and parameter types. */
export const MAX_PLANS_PER_SESSION = 256;
/** Statement texts remembered per session to notice the second use of one. */
export const MAX_SEEN_TEXTS = 1_024;
/** Rounds of asking the catalog for facts that one statement may need. */
export const MAX_FACT_ROUNDS = 16;
/** Rows that one question to the catalog may return. */
export const MAX_CATALOG_ROWS = 100_000;
/** How often a held client gets a sign that the connection lives, milliseconds: below the timeouts of clients and of what is between. */
export const HOLD_LIFE_SIGN_MS = 5_000;
/** Names of statements and portals that the gateway uses upstream start with this; clients may not use it. */
export const OWN_PREFIX = 'sluice$';
/** Messages of the server other than rows may have this size, however small `limits.maxFrameBytes` is: trees are among them. */
export const MIN_SERVER_FRAME_BYTES = 16 * 1024 * 1024;
