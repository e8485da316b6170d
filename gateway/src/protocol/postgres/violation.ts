import { SluiceError } from '@sluice/contract/errors';

/** Whose fault broken bytes are: the client's, or the database's. */
export type ViolationCode = 'PROTOCOL_VIOLATION' | 'UPSTREAM_PROTOCOL';

/** An error about the form of a message. Never quotes its content, which may be classified. */
export function violation(code: ViolationCode, message: string): SluiceError {
  return new SluiceError(code, message);
}

/** `'Q'` for 0x51, `0x01` for what is not a letter: message types as people read them. */
export function typeName(type: number): string {
  const letter = (type >= 0x41 && type <= 0x5a) || (type >= 0x61 && type <= 0x7a);
  return letter ? `'${String.fromCharCode(type)}'` : `0x${type.toString(16).padStart(2, '0')}`;
}
