import { PaymentError, type PaymentErrorOptions } from '@canza/core';

/** Why a stored value cannot be read. */
export type UnreadableBecause =
  /** It has no frame of ours: another program wrote it. */
  | 'foreign'
  /** Its checksum does not fit: cut off, or changed. */
  | 'corrupt'
  /** It was written with a serializer or compression that this client does not have. */
  | 'unknown-format'
  /** It is larger than this client reads, or would be once unpacked. */
  | 'too-large'
  /** It reads, but is not of the type that its key space promises. */
  | 'wrong-type';

/** What is stored under a key is there, and is not a value that this client can read. It is left as it is. */
export class UnreadableValueError extends PaymentError {
  readonly code = 'VALUE_UNREADABLE';
  readonly because: UnreadableBecause;

  constructor(message: string, because: UnreadableBecause, options?: PaymentErrorOptions) {
    super(message, 'no', options);
    this.because = because;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), because: this.because };
  }
}
