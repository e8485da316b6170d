import { SluiceError } from '@sluice/contract/errors';

/** The error for a masked row, of a result or of COPY, over its bound. */
export function maskedRowTooLarge(maxBytes: number): Error {
  return new SluiceError('LIMIT_FRAME_BYTES', `A row with masked cells has more than ${maxBytes} bytes.`, {
    remedy: 'Select fewer or smaller columns, or ask the administrator to raise `limits.maxMaskedRowBytes`.',
  });
}
