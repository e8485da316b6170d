import { decodeBackend } from '../../protocol/postgres/backend.ts';
import { isSame } from './same-bytes.ts';

const COMMAND_COMPLETE = 0x43;
/** Longest CommandComplete that is kept to compare others with, bytes. */
const MAX_KEPT_BYTES = 64;

/** Tags of CommandComplete. Most are like the one before, and comparing the bytes costs less than reading them. */
export class CommandTags {
  #body: Buffer = EMPTY;
  #tag = '';

  /** The tag in the body `source[start, end)`. Errors: `UPSTREAM_PROTOCOL`. */
  read(source: Buffer, start: number, end: number): string {
    if (isSame(this.#body, source, start, end)) return this.#tag;
    const body = source.subarray(start, end);
    const message = decodeBackend(COMMAND_COMPLETE, body);
    if (message.kind !== 'CommandComplete') throw new Error('a CommandComplete was decoded as something else');
    this.#body = body.length <= MAX_KEPT_BYTES ? Buffer.from(body) : EMPTY;
    this.#tag = message.tag;
    return message.tag;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
