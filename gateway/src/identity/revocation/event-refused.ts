/** Codes of RFC 8935 §2.4; those of back-channel logout are all told as `invalid_request`. */
export type EventRefusal =
  | 'invalid_request'
  | 'invalid_key'
  | 'invalid_issuer'
  | 'invalid_audience'
  | 'authentication_failed';

/** An event of an issuer that is no good. Its message names no content of the token. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
  readonly refusal: EventRefusal;

  constructor(refusal: EventRefusal, message: string, cause?: unknown) {
    super(message, { cause });
    this.refusal = refusal;
  }
}
