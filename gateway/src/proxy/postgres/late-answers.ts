/**
 * What the server has said of a statement of the simple protocol and the client is told only later: the server runs it to
 * its end before it describes the answer, and ends its transaction before it tells the end.
 */
export class LateAnswers {
  /** A RowDescription that waits for the first row, or for the end of the statement. */
  description: Buffer | null = null;
  /** A CommandComplete that waits until the transaction has ended, see `Executed.commitsFirst`. */
  end: Buffer | null = null;
  /** What became of that statement, unless the end of the transaction fails: then with its error. */
  outcome: ((error: string | null) => void) | null = null;

  get hasEnd(): boolean {
    return this.end !== null;
  }

  takeDescription(): Buffer | null {
    const { description } = this;
    this.description = null;
    return description;
  }

  /** Takes the end, which is what became of the statement. Null when there is none. */
  takeEnd(): Buffer | null {
    const { end } = this;
    if (end === null) return null;
    this.end = null;
    this.settle(null);
    return end;
  }

  /** An error came instead. */
  failed(sqlState: string): void {
    this.description = null;
    this.end = null;
    this.settle(sqlState);
  }

  /** Tells what became of the statement, where somebody waits for it. */
  settle(error: string | null): void {
    const settle = this.outcome;
    this.outcome = null;
    settle?.(error);
  }
}
