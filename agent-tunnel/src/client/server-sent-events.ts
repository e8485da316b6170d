import { SluiceError } from '@sluice/contract/errors';

export type ServerSentEvent = { readonly event: string; readonly data: string };

/** Longest event, characters. A longer one ends the stream. */
export const MAX_EVENT_LENGTH = 4 * 1024 * 1024;

/**
 * Events of a `text/event-stream` body (HTML Standard, 9.2.6), as far as the gateway uses it: `event`, `data`,
 * comments as life signs. Throws `LIMIT_FRAME_BYTES` for an event without end.
 */
export async function* parseEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  let event = '';
  let data: string[] = [];
  let dataLength = 0;
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split(/\r\n|\n|\r(?!$)/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
        dataLength = 0;
      } else if (line.startsWith('event:')) {
        event = valueOf(line);
      } else if (line.startsWith('data:')) {
        data.push(valueOf(line));
        dataLength += line.length;
      }
    }
    if (pending.length + dataLength > MAX_EVENT_LENGTH) {
      throw new SluiceError('LIMIT_FRAME_BYTES', `an event is longer than ${MAX_EVENT_LENGTH} characters`);
    }
  }
}

function valueOf(line: string): string {
  const value = line.slice(line.indexOf(':') + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}
