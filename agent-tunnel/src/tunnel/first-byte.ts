/**
 * Whether a program's first byte can begin the PostgreSQL protocol.
 *
 * ```text
 * start-up, SSLRequest, CancelRequest …   i32 length, far below 2^24   → 0x00
 * ```
 * Everything else is dropped before a stream is opened. A web page that reaches the port (drive-by, DNS rebinding)
 * sends a method's letters first, or 0x16 where it tries https or wss: there is no TLS inside a tunnel, so direct TLS
 * is no program of ours. One byte decides, so no chunking gets past.
 */
export function canBeginPostgres(firstByte: number): boolean {
  return firstByte === 0x00;
}
