import type { FailureReason } from '../reasons.ts';
import { redactText } from '../redact.ts';
import { type MoneyMoved, PaymentError, type PaymentErrorOptions } from './base.ts';

/** Turned away at the door: the credential or its token was refused, before the request reached the payment system. */
export class AuthenticationError extends PaymentError {
  static readonly code = 'AUTHENTICATION';
  readonly code = 'AUTHENTICATION';

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}

/** Turned away for calling too often, by the operator or by our own limit. Nothing was accepted. */
export class RateLimitError extends PaymentError {
  static readonly code = 'RATE_LIMITED';
  readonly code = 'RATE_LIMITED';

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}

/** The operator refused the request with a listed code. Nothing moved. `reason` says with whom the fault lies. */
export class RejectedError extends PaymentError {
  static readonly code = 'REJECTED';
  readonly code = 'REJECTED';
  readonly reason: FailureReason;

  constructor(message: string, reason: FailureReason, options?: PaymentErrorOptions) {
    super(message, 'no', options);
    this.reason = reason;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.reason };
  }
}

/** Our reference is already taken: an earlier send got through. Query it; do not send under another reference. */
export class DuplicateReferenceError extends PaymentError {
  static readonly code = 'DUPLICATE_REFERENCE';
  readonly code = 'DUPLICATE_REFERENCE';

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'maybe', options);
  }
}

/** A route is closed for now, by our own breaker or because its provider is not ready yet. Nothing was sent. */
export class RouteClosedError extends PaymentError {
  static readonly code = 'ROUTE_CLOSED';
  readonly code = 'ROUTE_CLOSED';

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}

/** Why there was no reply. `not-connected` is the only one after which nothing can have left. */
export type TransportFailure = 'not-connected' | 'timeout' | 'connection-lost' | 'aborted' | 'reply-too-large';

/** No usable reply came. `moneyMoved` is `no` only when no connection was ever made. */
export class TransportError extends PaymentError {
  static readonly code = 'TRANSPORT';
  readonly code = 'TRANSPORT';
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, message: string, options?: PaymentErrorOptions) {
    super(message, failure === 'not-connected' ? 'no' : 'maybe', options);
    this.failure = failure;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), failure: this.failure };
  }
}

/**
 * A reply that does not fit its schema, or a code that is not listed: it proves nothing.
 * The body is kept redacted and cut, for the person who has to find out what the operator changed.
 */
export class UnexpectedResponseError extends PaymentError {
  static readonly code = 'UNEXPECTED_RESPONSE';
  readonly code = 'UNEXPECTED_RESPONSE';
  readonly httpStatus: number | undefined;
  readonly maskedBody: string;

  constructor(
    message: string,
    reply: { readonly status?: number; readonly body: string },
    options?: PaymentErrorOptions & { readonly moneyMoved?: MoneyMoved },
  ) {
    super(message, options?.moneyMoved ?? 'maybe', options);
    this.httpStatus = reply.status;
    this.maskedBody = redactText(reply.body);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), httpStatus: this.httpStatus, maskedBody: this.maskedBody };
  }
}

/** A callback that is not authentic, not readable, or not about this payment. It changes nothing. */
export class InvalidCallbackError extends PaymentError {
  static readonly code = 'INVALID_CALLBACK';
  readonly code = 'INVALID_CALLBACK';

  constructor(message: string, options?: PaymentErrorOptions) {
    super(message, 'no', options);
  }
}
