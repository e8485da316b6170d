import type { SluiceError } from '@sluice/contract/errors';
import type { ReportFields, TransactionStatus } from '../../protocol/postgres/backend.ts';
import type { ResultRule } from '../../protocol/postgres/rewrite.ts';

/**
 * One thing that the server still owes an answer for, in the order in which it was asked: the server answers
 * strictly in order (protocol manual, "Extended Query"). The link works the queue off as answers arrive.
 */
export type Exchange = Local | Acknowledged | Described | Executed | Synced;

type Common = {
  /** Who asked: answers to the gateway's own questions never reach the client. */
  readonly audience: 'client' | 'gateway';
  /** The server refused it, or skipped it after an earlier error. Called at most once, instead of the success callback. */
  readonly onFailed?: (error: ServerError | null) => void;
  /** Every top-level tree that the server announces meanwhile. */
  readonly onTree?: (tree: string) => void;
  /** Every tree of a statement that runs inside of this one (a function's, a trigger's). */
  readonly onNestedTree?: (tree: string) => void;
  /** True: texts of errors and notices could hold classified values. */
  readonly sensitive?: boolean;
  /** True: details of its errors could print rows with classified values; the rest of the text cannot. */
  readonly printsRows?: boolean;
  /** Of one statement of several: how many characters of the client's text stand before it. Positions in errors count from there. */
  readonly charactersBefore?: (() => number | null) | undefined;
  /** An error of it is not told to the client: the gateway asked for itself, and sends the Sync after it too. */
  readonly quiet?: boolean;
  /** The gateway asked for itself: what the client is told instead of the server's words. */
  readonly inOwnWords?: (error: ServerError) => SluiceError;
};

/** What the server said when it refused; null when it only skipped. */
export type ServerError = { readonly sqlState: string; readonly message: string };

/** Bytes of the gateway's own, due to the client when everything before them has been answered. */
export type Local = Common & {
  readonly kind: 'local';
  readonly bytes: Buffer;
  /** The server came as far as this. */
  readonly onDone?: () => void;
};

/** Parse, Bind or Close: ends with its …Complete message. */
export type Acknowledged = Common & {
  readonly kind: 'parse' | 'bind' | 'close';
  readonly onDone?: () => void;
  /** Notices of it are for the client, though the gateway asked: the client's own text is being read. */
  readonly tellsNotices?: boolean;
  /** What the server says of the message, with the names that the client gave. */
  readonly inClientNames?: (fields: ReportFields) => ReportFields;
  /**
   * Set on a message that was sent in order to fail: the client is told this instead of the server's words. The
   * server then treats the transaction exactly as after any other error.
   */
  readonly refusal?: SluiceError;
};

/** Describe: ends with RowDescription or NoData. */
export type Described = Common & {
  readonly kind: 'describe';
  /** The simple protocol knows no NoData and no ParameterDescription. */
  readonly simple: boolean;
  /**
   * Of the simple protocol: the server runs such a statement to its end before it describes the answer, so an error of
   * it comes without a description, and notices come before it.
   */
  readonly late?: boolean;
  readonly onParameters?: (body: Buffer) => void;
  /** Its body is `source[start, end)`. Throws `SESSION_TRIPWIRE` when the description contradicts the plan. */
  readonly onRowDescription?: (source: Buffer, start: number, end: number) => void;
};

/** What came of an Execute. */
export type Outcome = {
  readonly tag: string;
  readonly rows: number;
  readonly maskedCells: number;
  readonly error: string | null;
  readonly suspended: boolean;
};

/** Execute: ends with CommandComplete, EmptyQueryResponse or PortalSuspended. */
export type Executed = Common & {
  readonly kind: 'execute';
  /** The rule for its rows or COPY data; null when it may return none. */
  readonly rule: () => ResultRule | null;
  /** The statement a recording keeps its rows under; null: not recorded. */
  readonly statementId: number | null;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Rows are held back: the number of rows in the server's tag would tell how many. */
  readonly holdsBack?: boolean;
  /** It runs what was deferred (COMMIT, SET CONSTRAINTS): its errors may come of earlier statements. */
  readonly runsDeferred?: boolean;
  /** For the gateway's own questions: each row. */
  readonly onRow?: (cells: readonly (Buffer | null)[]) => void;
  /** Why the gateway broke it off itself: the client is told this instead of the server's words. */
  readonly brokenOff?: () => SluiceError | undefined;
  /** Of a Query of its own: the answer is described before its first row. Throws as that of Describe. */
  readonly onRowDescription?: ((source: Buffer, start: number, end: number) => void) | undefined;
  /** Takes the message that ends it: the client is told what comes of it later. Called after `onOutcome`. */
  readonly onEnd?: ((message: Buffer) => void) | undefined;
  /**
   * Outside of a transaction block, the server ends the transaction before it tells the end of the statement: what fails
   * with it (a deferred constraint) comes instead. So in the simple protocol, where no Sync of the client's lies between.
   */
  readonly commitsFirst?: boolean;
  /** The server asks for COPY data now, or announces some. */
  readonly onCopy?: (direction: 'in' | 'out', body: Buffer) => void;
};

/** Sync: ends with ReadyForQuery. */
export type Synced = Common & {
  readonly kind: 'sync';
  /** `failed`: something since the Sync before was in error. */
  readonly onReady?: (status: TransactionStatus, failed: boolean) => void;
};
