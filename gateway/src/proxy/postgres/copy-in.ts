import { SluiceError } from '@sluice/contract/errors';
import { TokenFinder } from '../../masking/token-text.ts';
import type { UpstreamMessage } from '../../protocol/postgres/frontend-encode.ts';
import type { CopiedValues, RefusedCell } from './copied-values.ts';
import type { SessionContext } from './session-context.ts';
import { tokenInCopy } from './written-tokens.ts';

/** COPY FROM STDIN: the client's data on their way to the server, until its word or an error of the server ends them. */
export class CopyIn {
  readonly #context: SessionContext;
  #copy: {
    readonly simple: boolean;
    readonly tokens: TokenFinder;
    /** Looks for values that were shown; null where none could be among the data. */
    readonly values: CopiedValues | null;
    /** What runs behind it, before the Sync. */
    readonly next: (() => Promise<void>) | null;
  } | null = null;
  #refusal: SluiceError | undefined = undefined;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** True while the server waits for the client's data. */
  get isRunning(): boolean {
    return this.#copy !== null;
  }

  /** Why the gateway broke off the one that is running: told instead of the server's words. */
  get refusal(): SluiceError | undefined {
    return this.#refusal;
  }

  /** The server asked for data. `simple`: the client will send no Sync after it, so the gateway has to. */
  start(simple: boolean, values: CopiedValues | null): void {
    this.#copy = { simple, values, tokens: new TokenFinder(this.#context.ports.masks.keys), next: null };
    this.#refusal = undefined;
  }

  /** What is done when the client's data have come, behind what was to be done already. Not when the copying has failed by now. */
  after(next: () => Promise<void>): void {
    if (this.#copy === null) return;
    const before = this.#copy.next;
    const both = async (): Promise<void> => {
      await before?.();
      await next();
    };
    this.#copy = { ...this.#copy, next: both };
  }

  /** A piece of the client's data. */
  piece(data: Buffer): Promise<void> | undefined {
    const refused = this.#copy?.values?.feed(data) ?? null;
    if (refused !== null) return this.#breakOff(refused);
    if (this.#copy?.tokens.feed(data) !== true) {
      this.#context.link.send({ kind: 'CopyData', data });
      return undefined;
    }
    this.#refusal = tokenInCopy();
    return this.end({ kind: 'CopyFail', reason: 'refused by the gateway' });
  }

  /** Nothing of the piece goes upstream, and nothing of what went before is stored: a copying that fails leaves no row. */
  async #breakOff({ reason, record }: RefusedCell): Promise<void> {
    this.#refusal = new SluiceError('REFUSED_BY_POLICY', reason.message, { remedy: reason.remedy });
    await record();
    await this.#end({ kind: 'CopyFail', reason: 'refused by the gateway' });
  }

  /** CopyDone or CopyFail of the client. */
  end(message: Extract<UpstreamMessage, { kind: 'CopyDone' | 'CopyFail' }>): Promise<void> | undefined {
    const refused = message.kind === 'CopyDone' ? (this.#copy?.values?.finish() ?? null) : null;
    return refused === null ? this.#end(message) : this.#breakOff(refused);
  }

  #end(message: Extract<UpstreamMessage, { kind: 'CopyDone' | 'CopyFail' }>): Promise<void> | undefined {
    this.#context.link.send(message);
    const next = this.#copy?.next ?? null;
    if (next === null) {
      this.ended();
      return undefined;
    }
    this.#copy = null;
    return next();
  }

  /** It is over, by the client's word or by an error of the server. */
  ended(): void {
    const copy = this.#copy;
    this.#copy = null;
    if (copy?.simple === true) this.#context.sync();
  }
}
