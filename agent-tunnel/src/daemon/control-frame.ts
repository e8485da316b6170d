/**
 * What the command and the daemon say to each other over the daemon's Unix socket.
 *
 * ```text
 * u32 length, big-endian | JSON, at most MAX_CONTROL_FRAME_BYTES
 * command → daemon   one ControlRequest
 * daemon → command   ControlReplies: one, or for `watch` one an event until either side leaves
 * ```
 */
import type { Duplex } from 'node:stream';
import { SluiceError } from '@sluice/contract/errors';
import { MAX_PROFILE_TUNNELS, ProfileTunnelSchema } from '@sluice/contract/profiles';
import type { ZodType } from 'zod';
import { z } from 'zod';

export const MAX_CONTROL_FRAME_BYTES = 1024 * 1024;
/** How long a side waits for the other one's next frame, where it is not watching. */
export const CONTROL_TIMEOUT_MS = 60_000;

/** Proves that whoever asks can read the daemon's key file, which is its owner's alone. */
const Key = z.string().length(43);

export const ControlRequestSchema = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('up'),
    key: Key,
    profile: z.string().max(40),
    tunnels: z.array(ProfileTunnelSchema).min(1).max(MAX_PROFILE_TUNNELS),
  }),
  /** Of a profile, all of its tunnels; without resources, all. */
  z.strictObject({ ask: z.literal('down'), key: Key, profile: z.string().max(40).nullable() }),
  z.strictObject({ ask: z.literal('status'), key: Key }),
  z.strictObject({ ask: z.literal('logs'), key: Key, watch: z.boolean() }),
  /** Where programs connect, and the password file; with the secret only for those that can take it no other way. */
  z.strictObject({ ask: z.literal('settings'), key: Key, profile: z.string().max(40).nullable() }),
]);
export type ControlRequest = z.infer<typeof ControlRequestSchema>;

const ErrorSchema = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });
export type ToldError = z.infer<typeof ErrorSchema>;

export const TunnelStatusSchema = z.strictObject({
  profile: z.string(),
  resource: z.string(),
  state: z.enum(['connecting', 'open', 'waiting', 'closed']),
  /** `host:port`, or the socket's directory. */
  endpoint: z.string().nullable(),
  connections: z.number().int(),
  served: z.number().int(),
  expiresAt: z.string().nullable(),
  error: ErrorSchema.nullable(),
});
export type TunnelStatus = z.infer<typeof TunnelStatusSchema>;

export const LogLineSchema = z.strictObject({
  at: z.string(),
  profile: z.string(),
  resource: z.string(),
  message: z.string(),
});
export type LogLine = z.infer<typeof LogLineSchema>;

export const ControlReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('error'), error: ErrorSchema }),
  z.strictObject({
    kind: z.literal('status'),
    pid: z.number().int(),
    gateway: z.string(),
    tunnels: z.array(TunnelStatusSchema),
  }),
  z.strictObject({ kind: z.literal('logs'), lines: z.array(LogLineSchema) }),
  z.strictObject({
    kind: z.literal('settings'),
    targets: z.array(
      z.strictObject({
        profile: z.string(),
        resource: z.string(),
        passFile: z.string(),
        settings: z.strictObject({
          host: z.string(),
          port: z.number().int(),
          database: z.string(),
          user: z.string(),
          password: z.string(),
          requirePeer: z.string().optional(),
        }),
      }),
    ),
  }),
]);
export type ControlReply = z.infer<typeof ControlReplySchema>;

/** Throws `LIMIT_FRAME_BYTES`. */
export function encodeControlFrame(message: ControlRequest | ControlReply): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  if (json.length > MAX_CONTROL_FRAME_BYTES)
    throw new SluiceError(
      'LIMIT_FRAME_BYTES',
      `the message to the daemon is longer than ${MAX_CONTROL_FRAME_BYTES} bytes`,
    );
  const header = Buffer.alloc(4);
  header.writeUInt32BE(json.length, 0);
  return Buffer.concat([header, json]);
}

/**
 * Messages of one side until it leaves. Memory is bounded by the frame's bound plus a chunk. Throws
 * `PROTOCOL_VIOLATION` for what is no message, `LIMIT_FRAME_BYTES` for one that announces too much.
 */
export async function* controlMessages<T>(stream: Duplex, schema: ZodType<T>): AsyncGenerator<T> {
  let pending: Buffer = Buffer.alloc(0);
  // The stream stays open after the last message that is wanted: the answer goes over it.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0);
      if (length > MAX_CONTROL_FRAME_BYTES)
        throw new SluiceError('LIMIT_FRAME_BYTES', `a message on the control socket announces ${length} bytes`);
      if (pending.length < 4 + length) break;
      const json = pending.subarray(4, 4 + length).toString('utf8');
      pending = pending.subarray(4 + length);
      yield parse(json, schema);
    }
  }
}

function parse<T>(json: string, schema: ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'a message on the control socket is not JSON', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SluiceError('PROTOCOL_VIOLATION', 'a message on the control socket is not one of this version', {
    remedy: 'Use one version of `sluice`: `sluice tunnel down --all`, then up again.',
  });
}
