import { SluiceError } from '@sluice/contract/errors';
import { OUTCOME_UNKNOWN } from '@sluice/contract/vocabulary';
import { decodeBackend, type TransactionStatus } from '../../protocol/postgres/backend.ts';
import { encodeNoticeResponse } from '../../protocol/postgres/backend-encode.ts';
import {
  type ResultRule,
  RowStream,
  type RowStreamOptions,
  type RowStreamOwner,
} from '../../protocol/postgres/rewrite.ts';
import { errorBytes, expectsCopy, frame, isSensitive, unasked } from './answers.ts';
import { CommandTags } from './command-tags.ts';
import type { Exchange, Executed, ServerError } from './exchange.ts';
import { LateAnswers } from './late-answers.ts';
import type { LinkOwner } from './link-owner.ts';
import { OwedAnswers } from './owed-answers.ts';
import { isTreeNotice, scrubbed, wantsNotice } from './reports.ts';
import { reportsParameter, SERVER_MESSAGE_RULES } from './server-messages.ts';

/** Messages without a body; by type byte: true for those. Asked for each message. */
const BODILESS: readonly boolean[] = Array.from({ length: 256 }, (_, type) =>
  '123cIns'.includes(String.fromCharCode(type)),
);
/** Messages that nobody else decodes before they are forwarded. */
const DECODED_HERE: ReadonlySet<string> = new Set(['S', 'G', 'H', 't']);
const LETTERS: readonly string[] = Array.from({ length: 256 }, (_, type) => String.fromCharCode(type));
const ROW_DESCRIPTION = 0x54;
const COMMAND_COMPLETE = 0x43;
const READY_FOR_QUERY = 0x5a;
const BIND_COMPLETE = 0x32;
const CLOSE_COMPLETE = 0x33;
const ERROR_RESPONSE = 0x45;
const NOTICE_RESPONSE = 0x4e;
const STATUSES: Readonly<Record<number, TransactionStatus>> = { 0x49: 'I', 0x54: 'T', 0x45: 'E' };

/**
 * What the server says: each message ends, or is part of, the answer at the head of what is owed, and goes to the client
 * or not as that exchange says. Knows no policy.
 */
export class ServerAnswers implements RowStreamOwner {
  readonly owed = new OwedAnswers();
  readonly #owner: LinkOwner;
  readonly #stream: RowStream;
  /** What was asked quietly: errors of it are not told. */
  readonly #quietly = new WeakSet<Exchange>();
  #status: TransactionStatus = 'I';
  #skipping = false;
  /** Later errors of such a transaction (deferred constraints at COMMIT) can still tell of classified values. */
  #sensitiveTransaction = false;
  readonly #tags = new CommandTags();
  readonly #late = new LateAnswers();

  constructor(owner: LinkOwner, limits: Omit<RowStreamOptions, 'owner'>) {
    this.#owner = owner;
    this.#stream = new RowStream({ ...limits, owner: this });
  }

  /** Status in the last ReadyForQuery. */
  get transactionStatus(): TransactionStatus {
    return this.#status;
  }

  /** True between an error and the ReadyForQuery behind it: the server answers nothing of what comes before the Sync. */
  get skips(): boolean {
    return this.#skipping;
  }

  get midFrame(): boolean {
    return this.#stream.midFrame;
  }

  /** `quietly`: an error of it is not told. */
  owe(exchange: Exchange, quietly: boolean): void {
    if (quietly) this.#quietly.add(exchange);
    this.owed.push(exchange);
  }

  /** A chunk from the server. Throws SluiceError when the connection cannot go on. */
  receive(chunk: Buffer): void {
    this.emitLocals(true);
    this.#stream.push(chunk);
    this.emitLocals();
  }

  /** Nothing that follows is worked through until `resume`. */
  pause(): void {
    this.#stream.pause();
  }

  /** Throws as `receive`. */
  resume(): void {
    this.#stream.resume();
    this.emitLocals();
  }

  /** Bytes of ours for the client now, outside the order of answers. Dropped inside a message. */
  interject(bytes: Buffer): void {
    if (!this.#stream.midFrame) this.#stream.insert(bytes);
  }

  /** The connection is over: everything owed has failed. */
  end(error: SluiceError): void {
    this.#late.settle(OUTCOME_UNKNOWN);
    for (const exchange of this.owed.takeAll()) {
      try {
        this.fail(exchange, null, OUTCOME_UNKNOWN);
      } catch (thrown) {
        // Somebody who hears of it asks for more (the Sync behind a COPY), and is told that it is over: here nobody waits
        // for that answer, and outside of this loop the error would end the gateway.
        if (thrown !== error) throw thrown;
      }
    }
  }

  // ---- RowStreamOwner

  onMessage(type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    if (this.#late.hasEnd && !this.#endsTransaction(type)) this.#insertLateEnd();
    switch (type) {
      case BIND_COMPLETE:
      case ROW_DESCRIPTION:
      case COMMAND_COMPLETE:
        return this.#answered(LETTERS[type] ?? '', type, source, start, end);
      case READY_FOR_QUERY:
        return this.#ready(source, start, end);
      default:
        return this.#unusual(type, source, start, end);
    }
  }

  #unusual(type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    const letter = LETTERS[type] ?? '';
    const rule = SERVER_MESSAGE_RULES[letter];
    if (rule === undefined || rule.rule === 'end') {
      throw new SluiceError(
        'UPSTREAM_PROTOCOL',
        `the database sent a message (${rule?.name ?? `type ${type}`}) that has no place in a session`,
      );
    }
    const body = source.subarray(start, end);
    const decoded = DECODED_HERE.has(letter) ? decodeBackend(type, body) : null;
    switch (letter) {
      case 'N':
        return this.#notice(body);
      case 'E':
        return this.#error(body);
      case 'A':
        return this.#notification(body);
      case 'S':
        return decoded?.kind === 'ParameterStatus' && reportsParameter(decoded.name, decoded.value)
          ? 'forward'
          : 'withhold';
      default:
        return this.#answered(letter, type, source, start, end);
    }
  }

  onResult(): ResultRule | null {
    this.#insertLateDescription();
    const head = this.owed.head;
    return head?.kind === 'execute' ? head.rule() : null;
  }

  wantsRow(): boolean {
    const head = this.owed.head;
    if (head?.kind !== 'execute') return false;
    if (head.audience === 'gateway') return true;
    return head.statementId !== null && this.#owner.wantsRow(head.statementId);
  }

  onRow(cells: readonly (Buffer | null)[] | null): void {
    const head = this.owed.head;
    if (head?.kind !== 'execute') return;
    if (head.statementId !== null) this.#owner.onRow(head.statementId, cells);
    else if (cells !== null) head.onRow?.(cells);
  }

  write(bytes: Buffer): void {
    this.#owner.toClient(bytes);
  }

  /** Takes the head of the queue when the message ends it; otherwise the message is part of its answer. */
  #answered(letter: string, type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    // What is forwarded as it came must be what its type says, or a client could read on behind its end.
    if (end > start && BODILESS[type] === true) {
      const { name } = SERVER_MESSAGE_RULES[letter] ?? { name: letter };
      throw new SluiceError('UPSTREAM_PROTOCOL', `the database sent a ${name} with a body`);
    }
    const head = this.owed.head;
    if (head === undefined) throw unasked(letter);
    switch (letter) {
      case '1':
      case '2':
      case '3': {
        const kind = letter === '1' ? 'parse' : letter === '2' ? 'bind' : 'close';
        if (head.kind !== kind) throw unasked(letter);
        if (head.refusal !== undefined)
          throw new SluiceError('UPSTREAM_PROTOCOL', 'the database accepted a statement that does not exist');
        this.owed.shift();
        head.onDone?.();
        return this.#pass(head, type, source, start, end);
      }
      case 't':
        if (head.kind !== 'describe') throw unasked(letter);
        head.onParameters?.(source.subarray(start, end));
        return head.audience === 'client' && !head.simple ? 'forward' : 'withhold';
      case 'T':
      case 'n':
        if (head.kind === 'execute' && letter === 'T' && head.onRowDescription !== undefined) {
          head.onRowDescription(source, start, end);
          return 'forward';
        }
        if (head.kind !== 'describe') throw unasked(letter);
        this.owed.shift();
        if (letter === 'T') head.onRowDescription?.(source, start, end);
        if (letter === 'n' && head.simple) return 'withhold';
        if (letter === 'T' && head.late === true) {
          this.#late.description = frame(type, source.subarray(start, end));
          return 'withhold';
        }
        return this.#pass(head, type, source, start, end);
      case 'G':
      case 'H':
        if (head.kind !== 'execute' || head.onCopy === undefined || !expectsCopy(head, letter)) throw unasked(letter);
        head.onCopy(letter === 'G' ? 'in' : 'out', source.subarray(start, end));
        return head.audience === 'client' ? 'forward' : 'withhold';
      case 'c':
        if (head.kind !== 'execute') throw unasked(letter);
        return head.audience === 'client' ? 'forward' : 'withhold';
      case 'C':
      case 'I':
      case 's':
        if (head.kind !== 'execute') throw unasked(letter);
        this.#insertLateDescription();
        return this.#executed(head, letter, type, source, start, end);
      default:
        throw unasked(letter);
    }
  }

  #executed(
    head: Executed,
    letter: string,
    type: number,
    source: Buffer,
    start: number,
    end: number,
  ): 'forward' | 'withhold' {
    const said = letter === 'C' ? this.#tags.read(source, start, end) : '';
    this.owed.shift();
    const { rows, maskedCells } = this.#stream.takeCounts();
    const tag = head.holdsBack === true && letter === 'C' ? `SELECT ${rows}` : said;
    if (head.sensitive === true) this.#sensitiveTransaction = true;
    const isLate = head.commitsFirst === true && letter === 'C' && this.#status === 'I' && head.audience === 'client';
    const outcome = { tag, rows, maskedCells, error: null, suspended: letter === 's' };
    if (isLate && head.onEnd === undefined && this.#isLastOfTransaction())
      this.#late.outcome = (error) => head.onOutcome(error === null ? outcome : { ...outcome, tag: '', error });
    else head.onOutcome(outcome);
    if (head.onEnd === undefined && tag === said && !isLate) return this.#pass(head, type, source, start, end);
    const message = frame(type, tag === said ? source.subarray(start, end) : Buffer.from(`${tag}\0`));
    if (head.onEnd !== undefined) head.onEnd(message);
    else if (isLate) this.#late.end = message;
    else if (head.audience === 'client') this.#stream.insert(message);
    this.#insertLocals();
    return 'withhold';
  }

  /** Forwards a message that ended an exchange, followed by what the gateway owes by itself from then on. */
  #pass(head: Exchange, type: number, source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    const next = this.owed.head;
    if (next?.kind !== 'local') return head.audience === 'client' ? 'forward' : 'withhold';
    if (head.audience === 'client') this.#stream.insert(frame(type, source.subarray(start, end)));
    this.#insertLocals();
    return 'withhold';
  }

  #ready(source: Buffer, start: number, end: number): 'forward' | 'withhold' {
    const status = end - start === 1 ? STATUSES[source[start] ?? 0] : undefined;
    if (status === undefined)
      throw new SluiceError('UPSTREAM_PROTOCOL', 'the database sent a ReadyForQuery that is none');
    const head = this.owed.head;
    if (head?.kind !== 'sync') throw unasked('Z');
    this.owed.shift();
    this.#status = status;
    const failed = this.#skipping;
    this.#skipping = false;
    if (status === 'I') this.#sensitiveTransaction = false;
    this.#stream.takeCounts();
    head.onReady?.(status, failed);
    return this.#pass(head, READY_FOR_QUERY, source, start, end);
  }

  #notice(body: Buffer): 'withhold' {
    const message = decodeBackend(0x4e, body);
    if (message.kind !== 'NoticeResponse') return 'withhold';
    const { fields } = message;
    const head = this.owed.head;
    if (isTreeNotice(fields)) {
      if (fields.has('W')) {
        this.#owner.onNestedTree();
        head?.onNestedTree?.(fields.get('D') ?? '');
      } else head?.onTree?.(fields.get('D') ?? '');
      return 'withhold';
    }
    if (
      (head?.audience === 'gateway' && !('tellsNotices' in head && head.tellsNotices)) ||
      !wantsNotice(fields.get('V') ?? fields.get('S') ?? '', this.#owner.clientMinMessages())
    )
      return 'withhold';
    this.#stream.insert(encodeNoticeResponse(scrubbed(fields, this.#isSensitive(head))));
    return 'withhold';
  }

  #notification(body: Buffer): 'withhold' {
    const message = decodeBackend(0x41, body);
    const shown = message.kind === 'NotificationResponse' ? this.#owner.notification(message) : null;
    if (shown !== null) this.#stream.insert(shown);
    return 'withhold';
  }

  #error(body: Buffer): 'withhold' {
    const message = decodeBackend(0x45, body);
    if (message.kind !== 'ErrorResponse') return 'withhold';
    const { fields } = message;
    const severity = fields.get('V') ?? fields.get('S') ?? '';
    const error: ServerError = { sqlState: fields.get('C') ?? '', message: fields.get('M') ?? '' };
    const head = this.owed.head;
    const isLast = severity === 'FATAL' || severity === 'PANIC';
    if (isLast || head === undefined || !this.#quietly.has(head))
      this.#stream.insert(errorBytes(head, fields, this.#isSensitive(head)));
    // The stream drops what it holds when it ends: a COMMIT, too, that the server confirmed with the same bytes.
    if (isLast) this.#stream.handOn();
    if (isLast) throw new SluiceError('UPSTREAM_CLOSED', 'the database ended the session', { facts: { told: true } });
    if (head === undefined) throw unasked('E');
    // The server skips to the next Sync, and answers nothing of what it skips.
    this.#skipping = true;
    this.#late.failed(error.sqlState);
    while (this.owed.length > 0 && this.owed.head?.kind !== 'sync') {
      const skipped = this.owed.shift();
      if (skipped !== undefined) this.fail(skipped, skipped === head ? error : null);
    }
    return 'withhold';
  }

  #isSensitive(head: Exchange | undefined): boolean {
    return isSensitive(head, this.#sensitiveTransaction);
  }

  /** An answer will not come, or not as it was asked for. */
  fail(exchange: Exchange, error: ServerError | null, otherwise = 'skipped'): void {
    if (exchange.sensitive === true) this.#sensitiveTransaction = true;
    if (exchange.kind === 'execute')
      exchange.onOutcome({
        tag: '',
        ...this.#stream.takeCounts(),
        error: error?.sqlState ?? otherwise,
        suspended: false,
      });
    exchange.onFailed?.(error);
  }

  #insertLateDescription(): void {
    const description = this.#late.takeDescription();
    if (description !== null) this.#stream.insert(description);
  }

  /**
   * Whether the message belongs to the end of a transaction, or is the gateway's own affair: a statement that waits for
   * the end waits on.
   */
  #endsTransaction(type: number): boolean {
    const head = this.owed.head;
    if (type === CLOSE_COMPLETE) return head?.audience === 'gateway';
    return head?.kind === 'sync' && (type === ERROR_RESPONSE || type === NOTICE_RESPONSE);
  }

  #insertLateEnd(): void {
    const end = this.#late.takeEnd();
    if (end !== null) this.#stream.insert(end);
  }

  /** Whether nothing of the client's is asked before the Sync that ends the transaction. */
  #isLastOfTransaction(): boolean {
    return this.owed.find(({ kind, audience }) => kind !== 'close' || audience !== 'gateway')?.kind === 'sync';
  }

  /** `isFollowed`: bytes of the server go out with them. */
  #insertLocals(isFollowed = false): void {
    if (this.owed.head?.kind === 'local') this.#insertLateEnd();
    for (let head = this.owed.head; head?.kind === 'local'; head = this.owed.head) {
      this.owed.shift();
      head.onDone?.();
      if (head.bytes.length > 0) this.#stream.insert(head.bytes, isFollowed);
    }
  }

  emitLocals(isFollowed = false): void {
    if (this.owed.head?.kind === 'local' && !this.#stream.midFrame) this.#insertLocals(isFollowed);
  }
}
