import type { SluiceError } from '@sluice/contract/errors';
import type { TransactionStatus } from '../../protocol/postgres/backend.ts';
import { encodeFrontend, type UpstreamMessage } from '../../protocol/postgres/frontend-encode.ts';
import type { RowStreamOptions } from '../../protocol/postgres/rewrite.ts';
import type { Exchange } from './exchange.ts';
import type { LinkOwner } from './link-owner.ts';
import { ServerAnswers } from './server-answers.ts';
import { takenBack } from './taken-back.ts';

/** What the record says of a statement that was decided about and never reached the server. */
export const NOT_SENT = 'not sent';

/**
 * The conversation with the server: what is asked, in order, and who waits for the answers. Knows no policy; it does what
 * the exchanges say.
 */
export class UpstreamLink {
  readonly #owner: LinkOwner;
  readonly #answers: ServerAnswers;
  readonly #idleWaiters: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #ended: SluiceError | null = null;
  #syncs = 0;
  #quiet = false;
  /** Answers of the gateway's own wait for those of the server behind them. */
  #collecting = false;

  constructor(owner: LinkOwner, limits: Omit<RowStreamOptions, 'owner'>) {
    this.#owner = owner;
    this.#answers = new ServerAnswers(owner, limits);
  }

  /** Status in the last ReadyForQuery. */
  get transactionStatus(): TransactionStatus {
    return this.#answers.transactionStatus;
  }

  /**
   * True after an error while no Sync has been asked for: what the client sends now the server would skip. Behind that
   * Sync a client may already have sent more, and that counts again, although the Sync is not answered yet.
   */
  get skipping(): boolean {
    return this.#answers.skips && this.#answers.owed.find(isSync) === undefined;
  }

  /** True when something was asked for behind the last Sync and is not answered yet. */
  get unsynced(): boolean {
    const last = this.#answers.owed.findLast(isNotLocal);
    return last !== undefined && last.kind !== 'sync';
  }

  /** Exchanges that are not answered yet. */
  get owed(): number {
    return this.#answers.owed.length;
  }

  get midFrame(): boolean {
    return this.#answers.midFrame;
  }

  /** Syncs asked so far: outside of a transaction block, each gives up the locks that Parse and Bind have taken. */
  get syncs(): number {
    return this.#syncs;
  }

  /** Sends a message and notes what it is owed. */
  ask(bytes: Buffer, ...exchanges: readonly Exchange[]): void {
    if (this.#ended !== null) this.#refuse(exchanges);
    for (const exchange of exchanges) this.#owe(exchange);
    this.#owner.toServer(bytes);
    if (!this.#collecting) this.#answers.emitLocals();
  }

  /** The same for a message that is not encoded yet: the way of a statement that was prepared before. */
  send(message: UpstreamMessage, exchange?: Exchange, second?: Exchange): void {
    if (this.#ended !== null) this.#refuse([exchange, second].filter((owed) => owed !== undefined));
    this.#owner.send(message);
    if (exchange !== undefined) this.#owe(exchange);
    if (second !== undefined) this.#owe(second);
    if (!this.#collecting) this.#answers.emitLocals();
  }

  #owe(exchange: Exchange): void {
    if (exchange.kind === 'sync') this.#syncs += 1;
    this.#answers.owe(exchange, this.#quiet || exchange.quiet === true);
  }

  /** Decided about while the connection ended: the record says that it was not run. */
  #refuse(exchanges: readonly Exchange[]): never {
    for (const exchange of exchanges) this.#answers.fail(exchange, null, NOT_SENT);
    throw this.#ended;
  }

  /** No error of what `work` asks is told to the client; it ends with a Sync of its own. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    this.#quiet = true;
    try {
      const result = await work();
      this.ask(encodeFrontend({ kind: 'Sync' }), { kind: 'sync', audience: 'gateway' });
      await this.settled();
      return result;
    } finally {
      this.#quiet = false;
    }
  }

  /** Notes an answer that the gateway gives itself, in its place. */
  answer(bytes: Buffer, outcome?: { readonly onDone?: () => void; readonly onFailed?: () => void }): void {
    const local = { kind: 'local', audience: 'client', bytes } as const;
    this.#answers.owed.push(outcome === undefined ? local : { ...local, ...outcome });
    if (!this.#collecting) this.#answers.emitLocals();
  }

  /** From now on the gateway's own answers may wait, as the server's do until a Flush or Sync. */
  collectAnswers(): void {
    this.#collecting = true;
  }

  /** They wait no more, unless answers of the server are owed behind them: these bring them along. */
  tellAnswers(): void {
    this.#collecting = false;
    if (this.#answers.owed.head?.kind === 'local' && this.#answers.owed.find(isNotLocal) === undefined)
      this.#answers.emitLocals();
  }

  /** Bytes of ours for the client now, outside the order of answers: notices. Dropped inside a message. */
  interject(bytes: Buffer): void {
    this.#answers.interject(bytes);
  }

  /** Resolves when everything asked so far is answered. The caller has sent a Flush or Sync. Rejects when the link ends. */
  async settled(): Promise<void> {
    if (this.#ended !== null) throw this.#ended;
    this.#answers.emitLocals();
    if (this.#answers.owed.length === 0) return;
    this.#owner.flushToServer();
    await new Promise<void>((resolve, reject) => {
      this.#idleWaiters.push({ resolve, reject });
    });
  }

  /** Tells the client nothing of what follows until the check is done; when it fails, nothing at all. */
  holdBack(check: Promise<void>): void {
    this.#answers.pause();
    this.#owner.pauseServer();
    check.then(
      () => {
        if (this.#ended !== null) return;
        try {
          this.#answers.resume();
          this.#received();
        } catch (error) {
          this.#owner.failed(error);
          return;
        }
        this.#owner.resumeServer();
      },
      (error: unknown) => this.#owner.failed(error),
    );
  }

  /**
   * The statement whose Bind this is, held back at this moment, is not told: the client's messages wait until its answers
   * are in, and then for `instead`. False when that cannot be: its Sync is not asked for yet, or more than it is.
   */
  takeBack(bind: Exchange, columns: number, instead: () => Promise<void>): boolean {
    const { owed } = this.#answers;
    if (owed.head !== bind) return false;
    const silent = takenBack(owed.all(), columns);
    if (silent === null || !this.#owner.occupy(() => this.settled().then(instead))) return false;
    owed.takeAll();
    for (const exchange of silent) this.#answers.owe(exchange, true);
    return true;
  }

  /** A chunk from the server. Throws SluiceError when the connection cannot go on. */
  receive(chunk: Buffer): void {
    this.#answers.receive(chunk);
    this.#received();
  }

  #received(): void {
    if (this.#answers.owed.length === 0 && this.#idleWaiters.length > 0)
      for (const waiter of this.#idleWaiters.splice(0)) waiter.resolve();
  }

  /** The connection is over: everything owed has failed. */
  end(error: SluiceError): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#answers.end(error);
    for (const waiter of this.#idleWaiters.splice(0)) waiter.reject(error);
  }
}

function isSync({ kind }: Exchange): boolean {
  return kind === 'sync';
}

function isNotLocal({ kind }: Exchange): boolean {
  return kind !== 'local';
}
