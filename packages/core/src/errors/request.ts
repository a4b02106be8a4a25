import { PaymentError, type PaymentErrorOptions } from './base.ts';

/** What was wrong with one field: its name and what would have been accepted, never the value itself. */
export interface FieldProblem {
  /** Path of the field as the caller spells it, such as `providers.mpesa.passkey`. */
  readonly field: string;
  /** What was expected, in words: `a whole number of KES, such as "10"`. */
  readonly expected: string;
}

/** The deployment is wrong: a configuration field is missing or malformed. Nothing was sent. */
export class ConfigError extends PaymentError {
  static readonly code = 'CONFIG_INVALID';
  readonly code = 'CONFIG_INVALID';
  readonly field: string;
  readonly expected: string;

  constructor({ field, expected }: FieldProblem, options?: PaymentErrorOptions) {
    super(`Configuration field "${field}" is not usable: expected ${expected}.`, 'no', options);
    this.field = field;
    this.expected = expected;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), field: this.field, expected: this.expected };
  }
}

/** The caller's input is refused before anything is stored or sent. */
export class InvalidRequestError extends PaymentError {
  static readonly code = 'INVALID_REQUEST';
  readonly code = 'INVALID_REQUEST';
  readonly field: string;
  readonly expected: string;

  constructor({ field, expected }: FieldProblem, options?: PaymentErrorOptions) {
    super(`Field "${field}" is refused: expected ${expected}.`, 'no', options);
    this.field = field;
    this.expected = expected;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), field: this.field, expected: this.expected };
  }
}

/** The same transaction id came with another request. Nothing was sent for this call; the stored payment is untouched. */
export class IdempotencyConflictError extends PaymentError {
  static readonly code = 'IDEMPOTENCY_CONFLICT';
  readonly code = 'IDEMPOTENCY_CONFLICT';

  constructor(transactionId: string, options?: PaymentErrorOptions) {
    super(
      `Transaction "${transactionId}" exists already with another amount, currency, party or type: ` +
        'a new payment needs a new transactionId.',
      'no',
      options,
    );
  }
}

/** The operator cannot do this, in this country or at all. Nothing was sent. */
export class UnsupportedError extends PaymentError {
  static readonly code = 'UNSUPPORTED';
  readonly code = 'UNSUPPORTED';
  readonly operation: string;

  constructor(operation: string, why: string, options?: PaymentErrorOptions) {
    super(`"${operation}" is not supported: ${why}`, 'no', options);
    this.operation = operation;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), operation: this.operation };
  }
}

/** No record under that id. */
export class NotFoundError extends PaymentError {
  static readonly code = 'NOT_FOUND';
  readonly code = 'NOT_FOUND';

  constructor(what: string, options?: PaymentErrorOptions) {
    super(`${what} is not known here.`, 'no', options);
  }
}
