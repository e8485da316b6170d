import { SluiceError } from '@sluice/contract/errors';
import { MAX_TUNNEL_FRAME_BYTES, type OpenFrame, OpenFrameSchema, type OpenReply } from '@sluice/contract/tunnel';

/** Bytes of the length field before each frame's JSON. */
export const FRAME_HEADER_BYTES = 4;

/**
 * The JSON length that a frame header announces.
 *
 * ```text
 * 0  u32  length of the JSON that follows, big-endian; 2 … MAX_TUNNEL_FRAME_BYTES
 * ```
 * Throws `LIMIT_FRAME_BYTES` when longer than the bound, `PROTOCOL_VIOLATION` when no JSON object can be that short.
 */
export function decodeFrameLength(header: Buffer): number {
  const length = header.readUInt32BE(0);
  if (length > MAX_TUNNEL_FRAME_BYTES) {
    throw new SluiceError(
      'LIMIT_FRAME_BYTES',
      `the open frame announces ${length} bytes; ${MAX_TUNNEL_FRAME_BYTES} is the bound`,
    );
  }
  if (length < 2) throw new SluiceError('PROTOCOL_VIOLATION', `an open frame of ${length} bytes holds no JSON object`);
  return length;
}

/** Parses the JSON of an open frame. Throws `PROTOCOL_VIOLATION`; the message never repeats the bytes (they hold a token). */
export function decodeOpenFrame(json: Buffer): OpenFrame {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    // No cause: a JSON syntax error quotes the text that it stumbled over.
    throw new SluiceError('PROTOCOL_VIOLATION', 'the open frame is not UTF-8 JSON');
  }
  const parsed = OpenFrameSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code).join(', ');
  throw new SluiceError('PROTOCOL_VIOLATION', `the open frame does not follow sluice/1 (${where})`);
}

/** A reply with its length before it. A message too long for a frame is cut. */
export function encodeOpenReply(reply: OpenReply): Buffer {
  const fitting = reply.ok
    ? reply
    : { ...reply, message: reply.message.slice(0, 2_000), remedy: reply.remedy.slice(0, 2_000) };
  const json = Buffer.from(JSON.stringify(fitting));
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(json.length, 0);
  return Buffer.concat([header, json]);
}
