import type { Readable } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import type { OpenFrame } from '@sluice/contract/tunnel';
import { decodeFrameLength, decodeOpenFrame, FRAME_HEADER_BYTES } from './frame.ts';

/**
 * Takes exactly the open frame off a stream; bytes after it stay in the stream for the proxy. Memory is bounded by
 * the frame's bound plus one stream buffer, since the stream is read on demand and not set flowing.
 *
 * Throws `PROTOCOL_VIOLATION` (bad frame, or the peer left), `LIMIT_FRAME_BYTES`, or the signal's reason.
 */
export async function readOpenFrame(stream: Readable, signal: AbortSignal): Promise<OpenFrame> {
  const header = await take(stream, FRAME_HEADER_BYTES, signal);
  return decodeOpenFrame(await take(stream, decodeFrameLength(header), signal));
}

function take(stream: Readable, bytes: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stream.off('readable', attempt).off('end', left).off('close', left).off('error', left);
      signal.removeEventListener('abort', expired);
      finish();
    };
    const attempt = () => {
      const chunk: unknown = stream.read(bytes);
      if (chunk === null) return;
      // At its end a stream returns what is left, which may be less than was asked for.
      if (Buffer.isBuffer(chunk) && chunk.length === bytes) settle(() => resolve(chunk));
      else left();
    };
    const left = () =>
      settle(() =>
        reject(new SluiceError('PROTOCOL_VIOLATION', 'the connection ended before the open frame was complete')),
      );
    const expired = () => settle(() => reject(signal.reason));
    if (signal.aborted) return expired();
    stream.on('readable', attempt).on('end', left).on('close', left).on('error', left);
    signal.addEventListener('abort', expired);
    attempt();
  });
}
