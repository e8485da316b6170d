/**
 * The gateway's structured log: JSON lines on stderr. It tells operators what happened; what happened to data is in
 * the evidence log. Secrets, statements and rows do not belong here.
 */
import { SluiceError } from '@sluice/contract/errors';
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names that hold a secret wherever they appear. A last net: whoever logs does not put secrets into the log. */
const SECRET_NAMES: readonly string[] = [
  'password',
  'passphrase',
  'secret',
  'token',
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'id_token',
  'clientSecret',
  'client_secret',
  'authorization',
  'cookie',
  'credential',
  'privateKey',
  'key',
];
/** Depths at which those names are looked for; deeper objects do not belong in a log line. */
const REDACTED_DEPTHS: readonly string[] = ['', '*.', '*.*.', '*.*.*.'];

export type LoggerOptions = {
  readonly level: LogLevel;
  /** Where the lines go; stderr unless given. */
  readonly stream?: DestinationStream;
};

/** Makes the process's logger. Errors are logged with code and facts; a cause only by its name and message. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: REDACTED_DEPTHS.flatMap((prefix) => SECRET_NAMES.map((name) => `${prefix}${name}`)),
        censor: '[secret]',
      },
      serializers: { err: describeError, error: describeError },
    },
    // Synchronous: the last line before a crash is the one that is needed.
    options.stream ?? destination({ dest: 2, sync: true }),
  );
}

function describeError(error: unknown): unknown {
  if (error instanceof SluiceError) {
    const { code, message, remedy, facts, stack } = error;
    return { code, message, remedy, facts, stack, cause: describeCause(error.cause) };
  }
  return error instanceof Error ? stdSerializers.err(error) : { message: String(error) };
}

function describeCause(cause: unknown): unknown {
  return cause instanceof Error ? { name: cause.name, message: cause.message } : undefined;
}
