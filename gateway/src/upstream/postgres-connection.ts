import type { Socket } from 'node:net';
import type { Dialed } from './dial.ts';

/**
 * How the server tells what it makes of a statement.
 *
 * - `notices`: it prints the rewritten tree of whatever it analyses. Needs settings, and notices that arrive.
 * - `stored`: the statement is stored as the body of a temporary function, read back from `pg_proc`, and dropped. Needs
 *   no setting. Serves reads only.
 */
export type Oracle = 'notices' | 'stored';

/** A logged-in connection, paused, before its first statement. */
export type PostgresConnection = {
  readonly socket: Socket;
  /** What its settings were chosen for. */
  readonly oracle: Oracle;
  /** ParameterStatus values so far, by name as the server spells it. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly processId: number;
  readonly secretKey: Buffer;
  /** Bytes after ReadyForQuery. */
  readonly rest: Buffer;
  /** See `Dialed`. */
  readonly readInPlace: Dialed['readInPlace'];
};
