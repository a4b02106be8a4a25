import { type MoneyMoved, PaymentError, type PaymentErrorOptions } from './base.ts';

/** A status move that is not in the table of legal moves. The record is unchanged: reload it. */
export class InvalidTransitionError extends PaymentError {
  static readonly code = 'INVALID_TRANSITION';
  readonly code = 'INVALID_TRANSITION';

  constructor(id: string, from: string, to: string, why?: string, options?: PaymentErrorOptions) {
    super(`"${id}" cannot go from ${from} to ${to}${why === undefined ? '' : `: ${why}`}.`, 'no', options);
  }
}

/**
 * The store of record could not do what was asked.
 * `moneyMoved` is `no` where the write surely did not happen, `maybe` where it may have: ask again with the same id.
 */
export class JournalError extends PaymentError {
  static readonly code = 'JOURNAL_UNAVAILABLE';
  readonly code = 'JOURNAL_UNAVAILABLE';
  /** Always worth another try with the same id. */
  readonly retryable = true;

  constructor(message: string, moneyMoved: MoneyMoved, options?: PaymentErrorOptions) {
    super(message, moneyMoved, options);
  }
}

/** A key-value store could not do what was asked. Whether a write took effect is not known. */
export class StoreError extends PaymentError {
  static readonly code = 'STORE_UNAVAILABLE';
  readonly code = 'STORE_UNAVAILABLE';
  readonly retryable = true;

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}

/** A wait ended by its deadline. What was waited for goes on; `moneyMoved` says what is known of it. */
export class DeadlineError extends PaymentError {
  static readonly code = 'DEADLINE_EXCEEDED';
  readonly code = 'DEADLINE_EXCEEDED';

  constructor(what: string, timeoutMs: number, moneyMoved: MoneyMoved, options?: PaymentErrorOptions) {
    super(`${what} took longer than ${timeoutMs} ms.`, moneyMoved, options);
  }
}

/** A wait ended by its AbortSignal. What was waited for goes on; `moneyMoved` says what is known of it. */
export class AbortedError extends PaymentError {
  static readonly code = 'ABORTED';
  readonly code = 'ABORTED';

  constructor(what: string, moneyMoved: MoneyMoved, options?: PaymentErrorOptions) {
    super(`${what} was called off.`, moneyMoved, options);
  }
}

/** The service is not initialised, or is shutting down, and takes no new work. Nothing was sent. */
export class NotAcceptingError extends PaymentError {
  static readonly code = 'NOT_ACCEPTING';
  readonly code = 'NOT_ACCEPTING';
  readonly retryable = true;

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}
