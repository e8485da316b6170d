import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { type ErrorCode, SluiceError } from '@sluice/contract/errors';
import { isErrorCode } from '../client/problem.ts';
import { controlPaths, readControlKey } from './control-directory.ts';
import {
  CONTROL_TIMEOUT_MS,
  type ControlReply,
  ControlReplySchema,
  type ControlRequest,
  controlMessages,
  encodeControlFrame,
  type LogLine,
} from './control-frame.ts';

type WithoutKey<T> = T extends { readonly key: string } ? Omit<T, 'key'> : never;
export type DaemonQuestion = WithoutKey<ControlRequest>;
type ReplyOf<K extends ControlReply['kind']> = Extract<ControlReply, { kind: K }>;

/** Talks to the daemon of this user. */
export class DaemonClient {
  readonly #runtimeDirectory: string;
  readonly #uid: number;

  constructor(runtimeDirectory: string, uid: number) {
    this.#runtimeDirectory = runtimeDirectory;
    this.#uid = uid;
  }

  /** Null when no daemon runs. Throws what the daemon answers, `CONFIG_INVALID` when it is not ours. */
  async ask<K extends ControlReply['kind']>(question: DaemonQuestion, kind: K): Promise<ReplyOf<K> | null> {
    const socket = await this.#connect();
    if (socket === null) return null;
    const { stream, key } = socket;
    stream.setTimeout(CONTROL_TIMEOUT_MS, () => stream.destroy(new Error('the daemon did not answer')));
    try {
      stream.write(encodeControlFrame({ ...question, key }));
      for await (const reply of controlMessages(stream, ControlReplySchema)) return expected(reply, kind);
      throw new SluiceError('SESSION_ENDED', 'the daemon ended before it answered');
    } finally {
      stream.destroy();
    }
  }

  /** Log lines: those of before, then as they come, until the daemon ends or the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<LogLine> {
    const socket = await this.#connect();
    if (socket === null) return;
    const { stream, key } = socket;
    const leave = () => stream.destroy();
    signal.addEventListener('abort', leave, { once: true });
    try {
      stream.write(encodeControlFrame({ ask: 'logs', watch: true, key }));
      for await (const reply of controlMessages(stream, ControlReplySchema)) yield* expected(reply, 'logs').lines;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      stream.destroy();
    }
  }

  async #connect(): Promise<{ readonly stream: Socket; readonly key: string } | null> {
    const paths = controlPaths(this.#runtimeDirectory);
    const key = await readControlKey(paths, this.#uid);
    if (key === null) return null;
    const stream = net.connect(paths.socket);
    try {
      await once(stream, 'connect');
    } catch (error) {
      // What a daemon left that was killed: nothing listens there.
      if (error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT'))
        return null;
      throw error;
    }
    stream.on('error', () => stream.destroy());
    return { stream, key };
  }
}

function expected<K extends ControlReply['kind']>(reply: ControlReply, kind: K): ReplyOf<K> {
  if (reply.kind === 'error') {
    const { code, message, remedy } = reply.error;
    const known: ErrorCode = isErrorCode(code) ? code : 'INTERNAL';
    throw new SluiceError(known, message, { remedy });
  }
  if (reply.kind === kind) return reply as ReplyOf<K>;
  throw new SluiceError('PROTOCOL_VIOLATION', `the daemon answered with ${reply.kind}`);
}
