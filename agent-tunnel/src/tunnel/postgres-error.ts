import type { SluiceError } from '@sluice/contract/errors';
import { ERRORS } from '@sluice/contract/errors';

/**
 * An ErrorResponse for a program whose stream could not be opened, so that it says why instead of "server closed the
 * connection". Bytes written to the program only; nothing of it is parsed.
 *
 * ```text
 * 'E'  i32 length (itself included)  { u8 field, text, 0 } …  0
 * ```
 */
export function postgresError(error: SluiceError): Buffer {
  const fields: readonly (readonly [string, string])[] = [
    ['S', 'FATAL'],
    ['V', 'FATAL'],
    ['C', ERRORS[error.code].sqlState],
    ['M', `sluice: ${error.message}`],
    ['H', error.remedy],
  ];
  const body = fields.map(([field, text]) => `${field}${text.replaceAll('\0', '').slice(0, 2_000)}\0`).join('');
  const bytes = Buffer.from(`E\0\0\0\0${body}\0`);
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}
