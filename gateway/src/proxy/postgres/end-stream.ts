import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a client may take to read our last words and to close its own side, milliseconds. */
export const LAST_WORDS_MS = 3_000;

/** How long a client that has left waits for the server to end its session, milliseconds. */
export const GOODBYE_MS = 1_000;

/**
 * Closes the stream of a client that has left once the server has ended the session, as the server itself does: temporary
 * tables and locks are gone by then. A server that takes longer than {@link GOODBYE_MS} is not waited for.
 */
export function endAfter(stream: Duplex, server: Socket): void {
  if (stream.destroyed || server.destroyed) {
    stream.destroy();
    return;
  }
  const leave = (): void => {
    stream.destroy();
  };
  const timer = setTimeout(leave, GOODBYE_MS);
  timer.unref();
  server.once('close', leave);
  stream.once('close', () => {
    clearTimeout(timer);
    server.off('close', leave);
  });
  stream.resume();
}

/**
 * Ends a client's stream: the last words, then the end. What still comes in is read and dropped, because a socket that
 * is closed with unread input is reset, and a reset takes our words with it. A client that neither reads nor closes
 * loses its connection after {@link LAST_WORDS_MS}: else it would keep a descriptor for as long as it likes.
 */
export function endStream(stream: Duplex, lastWords: Buffer): void {
  if (stream.destroyed) return;
  stream.end(lastWords);
  stream.resume();
  const timer = setTimeout(() => stream.destroy(), LAST_WORDS_MS);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
}
