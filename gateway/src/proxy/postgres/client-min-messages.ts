import type { TransactionStatus } from '../../protocol/postgres/backend.ts';

/** A value of the session, and one of SET LOCAL that covers it until the transaction ends. */
type Level = { readonly session: string; readonly local: string | null };

/** Open savepoints whose level is remembered. Behind more of them, a level is undone with the transaction only. */
export const MAX_SAVEPOINT_LEVELS = 1_000;

/** What BEGIN, COMMIT, SAVEPOINT and their like do to settings; `savepoint` is empty where none is named. */
export type TransactionStep = {
  readonly transaction: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to';
  readonly savepoint: string;
};

/**
 * `client_min_messages` as the client set it. The server's own stays at `log` for the oracle, so the gateway keeps the
 * client's, and undoes it as the server undoes a setting: with the transaction, or back to a savepoint.
 */
export class ClientMinMessages {
  readonly #atLogin: Level;
  #now: Level;
  /** As it was when the transaction began. */
  #atStart: Level;
  readonly #savepoints: { readonly name: string; readonly level: Level }[] = [];

  /** `atLogin`: as the client asked at start-up. */
  constructor(atLogin = 'notice') {
    this.#atLogin = { session: atLogin, local: null };
    this.#now = this.#atLogin;
    this.#atStart = this.#atLogin;
  }

  get value(): string {
    return this.#now.local ?? this.#now.session;
  }

  /** `local`: until the transaction ends. */
  set(value: string, local: boolean): void {
    this.#now = local ? { ...this.#now, local: value } : { session: value, local: null };
  }

  reset(): void {
    this.set(this.#atLogin.session, false);
  }

  /** A transaction statement has run. `tag` is the server's: a COMMIT of a failed transaction rolls it back. */
  stepped({ transaction, savepoint }: TransactionStep, tag: string): void {
    switch (transaction) {
      case 'begin':
        return;
      case 'commit':
      case 'rollback':
        return this.#ended(tag === 'COMMIT');
      case 'savepoint':
        if (this.#savepoints.length < MAX_SAVEPOINT_LEVELS)
          this.#savepoints.push({ name: savepoint, level: this.#now });
        return;
      case 'release': {
        const at = this.#find(savepoint);
        if (at >= 0) this.#savepoints.length = at;
        return;
      }
      case 'rollback-to': {
        const at = this.#find(savepoint);
        if (at < 0) return;
        this.#savepoints.length = at + 1;
        this.#undo();
      }
    }
  }

  /** ReadyForQuery came. `failed`: something since the last one was in error. */
  ready(status: TransactionStatus, failed: boolean): void {
    if (status === 'I') this.#ended(!failed);
    else if (failed) this.#undo();
  }

  #ended(isCommitted: boolean): void {
    // Nothing has changed since it began: so after nearly every statement.
    if (this.#now === this.#atStart && this.#now.local === null && this.#savepoints.length === 0) return;
    this.#atStart = isCommitted ? { session: this.#now.session, local: null } : this.#atStart;
    this.#savepoints.length = 0;
    this.#now = this.#atStart;
  }

  /** Back to the innermost savepoint, or to the start of the transaction. */
  #undo(): void {
    this.#now = this.#savepoints.at(-1)?.level ?? this.#atStart;
  }

  /** Of several with one name, the last. */
  #find(name: string): number {
    return this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
  }
}
