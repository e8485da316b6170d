/**
 * Every error that Sluice reports, one union of stable codes. `docs/errors.md` is generated from this table.
 */

/** How a family of errors is told in each protocol (docs/errors.md). */
type Family = {
  readonly sqlState: string;
  readonly httpStatus: number;
  readonly exitCode: number;
};

const REFUSED: Family = { sqlState: '42501', httpStatus: 403, exitCode: 77 };
const HELD: Family = { sqlState: '42501', httpStatus: 403, exitCode: 75 };
const AUTH: Family = { sqlState: '28000', httpStatus: 401, exitCode: 77 };
const PASSWORD: Family = { sqlState: '28P01', httpStatus: 401, exitCode: 77 };
const PROTOCOL: Family = { sqlState: '08P01', httpStatus: 400, exitCode: 76 };
const LIMIT: Family = { sqlState: '54000', httpStatus: 429, exitCode: 69 };
const UPSTREAM: Family = { sqlState: '08006', httpStatus: 502, exitCode: 69 };
const SESSION: Family = { sqlState: '57P01', httpStatus: 401, exitCode: 75 };
const CONFIG: Family = { sqlState: 'F0000', httpStatus: 500, exitCode: 78 };
const INTERNAL: Family = { sqlState: 'XX000', httpStatus: 500, exitCode: 70 };
const USAGE: Family = { sqlState: '22023', httpStatus: 400, exitCode: 64 };
const UNAVAILABLE: Family = { sqlState: '08006', httpStatus: 503, exitCode: 69 };

type Entry = Family & { readonly meaning: string; readonly remedy: string };

export const ERRORS = {
  REFUSED_BY_POLICY: {
    ...REFUSED,
    meaning: 'A policy forbids the statement, or the connection.',
    remedy: 'Read the reason; `sluice why` shows the flows. Ask whom the message names.',
  },
  REFUSED_NOT_UNDERSTOOD: {
    ...REFUSED,
    meaning: 'The statement could not be analysed, so it was not run.',
    remedy:
      'Rewrite it with constructs that the message does not name, or ask the administrator to declare the function or object.',
  },
  HELD_FOR_APPROVAL: {
    ...HELD,
    meaning: 'The statement waits for the approval of another person.',
    remedy: 'Wait, or run exactly the same statement again after `sluice requests show ID` says approved.',
  },
  HOLD_DENIED: {
    ...REFUSED,
    meaning: 'An approver denied the held statement.',
    remedy: 'Ask the approver named in `sluice requests show ID`.',
  },
  HOLD_EXPIRED: {
    ...HELD,
    meaning: 'Nobody decided about the held statement in time.',
    remedy: 'Run the statement again and tell an approver.',
  },
  HOLD_ROWS: {
    ...REFUSED,
    meaning: 'The approved statement changed more rows than its approval allows, and was rolled back.',
    remedy: 'Narrow it down, or run it again to ask for an approval with another bound.',
  },
  AUTH_FAILED: {
    ...PASSWORD,
    meaning: 'The session secret or token was not accepted.',
    remedy: 'Get a new one: `sluice connect RESOURCE`.',
  },
  AUTH_TOKEN_EXPIRED: {
    ...AUTH,
    meaning: 'The access token has expired.',
    remedy: 'Run `sluice login`, or let the client renew the token.',
  },
  AUTH_TOKEN_INVALID: {
    ...AUTH,
    meaning: 'The access token is not one that this gateway accepts.',
    remedy: 'Check issuer and audience; run `sluice login`.',
  },
  AUTH_TOKEN_BOUND: {
    ...AUTH,
    meaning:
      'The access token, or a session secret that was minted with it, counts only together with the key or certificate that the token is bound to.',
    remedy: 'Use the `sluice` command that signed in; for a database, its tunnel: `sluice connect RESOURCE`.',
  },
  AUTH_PROOF_INVALID: {
    ...AUTH,
    meaning: 'The proof that the key of the access token is yours was missing or not accepted.',
    remedy: 'Check the clock and the address of the gateway (`sluice doctor`); then run `sluice login`.',
  },
  AUTH_REQUIRED: { ...AUTH, meaning: 'The request carried no access token.', remedy: 'Run `sluice login`.' },
  AUTH_CREDENTIAL_STORE: {
    ...AUTH,
    meaning: 'The stored sign-in could not be read.',
    remedy: 'Run `sluice logout` and `sluice login`.',
  },
  PROTOCOL_VIOLATION: {
    ...PROTOCOL,
    meaning: 'The peer sent bytes that its protocol does not allow.',
    remedy: 'Check that the client speaks the protocol of this port.',
  },
  PROTOCOL_UNSUPPORTED: {
    ...PROTOCOL,
    sqlState: '0A000',
    meaning: 'The peer asked for a protocol feature that the gateway does not offer.',
    remedy: 'Turn the feature off in the client.',
  },
  STATEMENT_UNKNOWN: {
    ...PROTOCOL,
    sqlState: '26000',
    meaning: 'There is no prepared statement of that name in this session.',
    remedy: 'Prepare it first.',
  },
  STATEMENT_EXISTS: {
    ...PROTOCOL,
    sqlState: '42P05',
    meaning: 'A prepared statement of that name exists already.',
    remedy: 'Close it first, or use another name.',
  },
  STATEMENT_CHANGED: {
    ...PROTOCOL,
    sqlState: '0A000',
    meaning: 'What a prepared statement reads was redefined, so that it would return other columns than it did.',
    remedy: 'Prepare it again; most drivers do so by themselves.',
  },
  PORTAL_UNKNOWN: {
    ...PROTOCOL,
    sqlState: '34000',
    meaning: 'There is no portal or cursor of that name whose verdict is known.',
    remedy: 'Bind or declare it first, in the same transaction.',
  },
  PARAMETER_UNKNOWN: {
    ...PROTOCOL,
    sqlState: '42P02',
    meaning: 'The statement has parameters ($1 …), and was sent in a way that gives them no values.',
    remedy: 'Write the values into the statement, or bind them with the extended protocol.',
  },
  TEXT_NOT_UTF8: {
    ...PROTOCOL,
    sqlState: '22021',
    meaning: 'The client sent a text that is not UTF-8.',
    remedy: 'Set the encoding of the client to UTF-8.',
  },
  STATEMENT_CANCELLED: {
    ...SESSION,
    sqlState: '57014',
    meaning: 'The statement was cancelled at the request of the client.',
    remedy: 'Run it again if that was not meant.',
  },
  LIMIT_FRAME_BYTES: {
    ...LIMIT,
    httpStatus: 413,
    meaning: 'A message is longer than the configured bound.',
    remedy: 'Send less at once, or ask the administrator to raise `limits.maxFrameBytes`.',
  },
  LIMIT_STATEMENT: {
    ...LIMIT,
    httpStatus: 413,
    meaning: 'The statement is longer or more deeply nested than the analyser accepts.',
    remedy: 'Split it into smaller statements.',
  },
  LIMIT_REACHED: {
    ...LIMIT,
    meaning: 'A bounded queue, cache or count is full.',
    remedy: 'Close what is unused and try again.',
  },
  UPSTREAM_UNREACHABLE: {
    ...UPSTREAM,
    meaning: 'The resource did not accept a connection.',
    remedy: 'Ask the administrator to run `sluice-gateway check`.',
  },
  UPSTREAM_AUTH: {
    ...UPSTREAM,
    meaning: 'The resource did not accept the credential of the gateway.',
    remedy: 'Ask the administrator to run `sluice-gateway check`.',
  },
  UPSTREAM_PROTOCOL: {
    ...UPSTREAM,
    meaning: 'The resource sent bytes that its protocol does not allow.',
    remedy: 'Reconnect; tell the administrator if it happens again.',
  },
  UPSTREAM_CLOSED: { ...UPSTREAM, meaning: 'The resource closed the connection.', remedy: 'Reconnect.' },
  SESSION_ENDED: {
    ...SESSION,
    meaning: 'The session was ended: revoked, expired, idle, or the gateway is stopping.',
    remedy: 'Connect again.',
  },
  SESSION_TRIPWIRE: {
    ...SESSION,
    meaning: 'The answer of the database did not match the plan of the gateway, so the session was ended.',
    remedy: 'Reconnect; the administrator finds the details in the record.',
  },
  EVIDENCE_UNWRITABLE: {
    ...UNAVAILABLE,
    sqlState: '53100',
    meaning: 'The record cannot be written, so nothing may run.',
    remedy: 'Ask the administrator to free space for the data directory.',
  },
  EVIDENCE_UNWITNESSED: {
    ...UNAVAILABLE,
    sqlState: '57P03',
    meaning: 'No witness has confirmed the record for longer than is allowed, so nothing may run.',
    remedy: 'Ask the administrator why the witnesses do not answer: the log of the gateway names them.',
  },
  EVIDENCE_UNEXPORTED: {
    ...UNAVAILABLE,
    sqlState: '57P03',
    meaning: 'An export of the record that is required is behind for longer than is allowed, so nothing may run.',
    remedy: 'Ask the administrator why its receiver does not answer: the log of the gateway names it.',
  },
  RESOURCE_UNKNOWN: {
    ...REFUSED,
    sqlState: '3D000',
    httpStatus: 404,
    meaning: 'There is no resource of that name, or you may not know of it.',
    remedy: '`sluice ls` lists what you can reach.',
  },
  REQUEST_UNKNOWN: {
    ...REFUSED,
    httpStatus: 404,
    meaning: 'There is no approval request of that id, or you may not know of it.',
    remedy: '`sluice requests ls` lists what you can see.',
  },
  REQUEST_NOT_YOURS: {
    ...REFUSED,
    meaning: 'You may not decide about this request.',
    remedy: 'A person of the approvers group, other than the asker, has to decide.',
  },
  REQUEST_STATE: {
    ...REFUSED,
    httpStatus: 409,
    meaning: 'The request was already decided, used, or has expired.',
    remedy: 'Run the statement again to make a new request.',
  },
  NOT_FOUND: {
    ...REFUSED,
    httpStatus: 404,
    exitCode: 69,
    meaning: 'There is no such thing, or you may not know of it.',
    remedy: 'Check the id with the matching `ls` command.',
  },
  CONFIG_INVALID: {
    ...CONFIG,
    meaning: 'The configuration is not valid.',
    remedy: 'The message names file, line and what to change.',
  },
  CONFIG_PORT_TAKEN: {
    ...CONFIG,
    exitCode: 69,
    meaning: 'A port is in use by another program.',
    remedy: 'Stop that program or choose other ports (`listen`, `--port-base`).',
  },
  GATEWAY_UNREACHABLE: {
    ...UNAVAILABLE,
    meaning: 'The gateway did not answer.',
    remedy: 'Check the address and that the gateway runs.',
  },
  USAGE: { ...USAGE, meaning: 'The command or request was not understood.', remedy: 'See `--help`.' },
  EVIDENCE_BROKEN: {
    ...INTERNAL,
    exitCode: 65,
    meaning: 'The evidence log does not verify.',
    remedy: 'Keep the files as they are and compare them with a copy or checkpoint held elsewhere.',
  },
  INTERNAL: { ...INTERNAL, meaning: 'The gateway has a defect.', remedy: 'Report it with the id of the session.' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * The one error class. `code` is stable; `message` says what happened and why, without secrets or masked values;
 * `remedy` says what to do, by default the table's.
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly remedy: string;
  /** Facts for logs and the record, e.g. a request id. Never secrets. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; remedy?: string; facts?: Readonly<Record<string, string | number | boolean>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy ?? ERRORS[code].remedy;
    this.facts = options.facts ?? {};
  }
}
