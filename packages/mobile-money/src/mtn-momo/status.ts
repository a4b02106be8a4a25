import type { FailureReason } from '@canza/core';

/**
 * What MoMo's words mean. The status decides whether a payment ended; the reason says why it failed, and depends on whose money
 * it was. Source: docs/providers/mtn-momo.md#statuses
 */

/** Whether the other party pays us (collections) or is paid by us (transfers, deposits, refunds). */
export type Side = 'they-pay' | 'we-pay';

/** What a status word says: only `SUCCESSFUL` and `FAILED` end anything, and a word that is not listed is looked up again. */
const STATUSES: ReadonlyMap<string, 'succeeded' | 'failed' | 'pending'> = new Map([
  ['SUCCESSFUL', 'succeeded'],
  ['FAILED', 'failed'],
  ['PENDING', 'pending'],
  ['CREATED', 'pending'],
]);

export const statusOf = (word: string): 'succeeded' | 'failed' | 'pending' | 'unknown' =>
  STATUSES.get(word) ?? 'unknown';

/** `look-again`: the operator's own table says to ask once more before concluding. */
export type FailureMeaning = FailureReason | 'look-again';

type Row = Readonly<Record<Side, FailureMeaning>>;

const either = (reason: FailureMeaning): Row => ({ 'they-pay': reason, 'we-pay': reason });
const sides = (theyPay: FailureReason, wePay: FailureReason): Row => ({ 'they-pay': theyPay, 'we-pay': wePay });

/**
 * Reasons beside `FAILED`. Where we pay, "payer" is our own account: another route may have what it lacks. Where they pay, the
 * same holds for "payee". Source: docs/providers/mtn-momo.md#reasons
 */
const REASONS: ReadonlyMap<string, Row> = new Map([
  ['NOT_ENOUGH_FUNDS', sides('insufficient-funds', 'float-exhausted')],
  ['LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED', sides('insufficient-funds', 'float-exhausted')],
  ['PAYER_LIMIT_REACHED', sides('payer-limit-exceeded', 'route-unavailable')],
  ['PAYEE_LIMIT_REACHED', sides('route-unavailable', 'recipient-limit-exceeded')],
  ['PAYER_NOT_FOUND', sides('payer-not-found', 'route-misconfigured')],
  ['PAYEE_NOT_FOUND', sides('route-misconfigured', 'recipient-not-found')],
  ['PAYEE_NOT_ALLOWED_TO_RECEIVE', sides('route-not-permitted', 'recipient-not-allowed')],
  ['SENDER_ACCOUNT_NOT_ACTIVE', sides('payer-not-allowed', 'route-not-permitted')],
  ['NOT_ALLOWED', either('route-not-permitted')],
  ['APPROVAL_REJECTED', sides('cancelled-by-payer', 'request-refused')],
  ['PAYMENT_NOT_APPROVED', sides('not-answered', 'request-refused')],
  ['EXPIRED', sides('not-answered', 'operator-refused')],
  ['COULD_NOT_PERFORM_TRANSACTION', sides('not-answered', 'operator-refused')],
  ['TRANSACTION_CANCELED', sides('cancelled-by-payer', 'request-refused')],
  ['TRANSACTION_NOT_COMPLETED', either('look-again')],
  // Final, but MTN wants its statement compared before anybody pays anew: no other route is tried.
  ['INTERNAL_PROCESSING_ERROR', either('request-refused')],
  ['SERVICE_UNAVAILABLE', either('request-refused')],
  ['INVALID_CURRENCY', either('route-misconfigured')],
  ['INVALID_CALLBACK_URL_HOST', either('route-misconfigured')],
  ['NOT_ALLOWED_TARGET_ENVIRONMENT', either('route-misconfigured')],
  ['VALIDATION_ERROR', either('request-refused')],
  ['RESOURCE_NOT_FOUND', sides('request-refused', 'original-not-found')],
  ['TRANSACTION_NOT_FOUND', sides('request-refused', 'original-not-found')],
  ['RESOURCE_ALREADY_EXIST', either('look-again')],
]);

/**
 * Why a payment failed that is `FAILED`. That status is final, and nothing moved, whatever the reason; one that is not listed is
 * not tried again over another route, because nobody knows with whom it lies.
 */
export const reasonOf = (code: string, side: Side): FailureMeaning => REASONS.get(code)?.[side] ?? 'request-refused';

/** What an error reply says about the request that it answers. */
export type ErrorMeaning =
  /** Turned away at the door: the key, the token, the right to call. */
  | { readonly kind: 'not-authorised' }
  | { readonly kind: 'rate-limited' }
  /** Refused before anything was made; nothing moved. */
  | { readonly kind: 'refused'; readonly reason: FailureReason }
  /** Our reference is taken: an earlier send got through. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'not-found' }
  /** It may have been carried out all the same. */
  | { readonly kind: 'ambiguous' };

const refused = (reason: FailureReason): ErrorMeaning => ({ kind: 'refused', reason });

/** Codes of error replies, which come instead of an acceptance, mostly as HTTP 500. Source: docs/providers/mtn-momo.md#errors */
const ERRORS: ReadonlyMap<string, ErrorMeaning> = new Map([
  ['RESOURCE_ALREADY_EXIST', { kind: 'duplicate' }],
  ['RESOURCE_NOT_FOUND', { kind: 'not-found' }],
  ['NOT_ALLOWED', refused('route-not-permitted')],
  ['FORBIDDEN', refused('route-not-permitted')],
  ['FORBIDDEN IP', refused('route-not-permitted')],
  ['NOT_ALLOWED_TARGET_ENVIRONMENT', refused('route-misconfigured')],
  ['INVALID_CALLBACK_URL_HOST', refused('route-misconfigured')],
  ['INVALID_CURRENCY', refused('route-misconfigured')],
  ['PAYER_NOT_FOUND', refused('payer-not-found')],
  ['PAYEE_NOT_FOUND', refused('recipient-not-found')],
  ['INTERNAL_PROCESSING_ERROR', { kind: 'ambiguous' }],
  ['SERVICE_UNAVAILABLE', { kind: 'ambiguous' }],
]);

/** What a code means in an error reply; `undefined` for one that is not listed. */
export const errorOf = (code: string): ErrorMeaning | undefined => ERRORS.get(code);

/**
 * What an error reply means whose code says nothing, by its HTTP status. `gateway` is a reply in the gateway's own shape: the
 * request went no further.
 */
export function httpErrorOf(status: number, gateway: boolean): ErrorMeaning {
  switch (status) {
    case 400:
      return refused('request-refused');
    case 401:
      return { kind: 'not-authorised' };
    case 403:
      return gateway ? refused('route-not-permitted') : { kind: 'ambiguous' };
    case 404:
      return gateway ? refused('route-misconfigured') : { kind: 'ambiguous' };
    case 409:
      return { kind: 'duplicate' };
    case 429:
      return { kind: 'rate-limited' };
    default:
      return { kind: 'ambiguous' };
  }
}
