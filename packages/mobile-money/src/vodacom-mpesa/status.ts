import type { FailureReason } from '@canza/core';

/**
 * What the Open API's codes mean, keyed by what was asked for: the same number means other things on Vodacom's older gateway, and
 * other things by whose money it is. Only a code that is listed here as final ends a payment.
 * Source: docs/providers/vodacom-mpesa.md#codes
 */

/** What was asked for. `payment` is a result of which nobody knows any more what it was about. */
export type OpenApiCall = 'collection' | 'payout' | 'business-payment' | 'reversal' | 'payment';

/** What a code says about a payment. */
export type CodeMeaning =
  | { readonly status: 'succeeded' | 'unknown' }
  | { readonly status: 'failed'; readonly reason: FailureReason }
  /** Our conversation id is taken: an earlier request with it got through. */
  | { readonly status: 'duplicate' };

type Row = Readonly<Record<OpenApiCall, CodeMeaning>>;

const unknown: CodeMeaning = { status: 'unknown' };
const failed = (reason: FailureReason): CodeMeaning => ({ status: 'failed', reason });
const everywhere = (meaning: CodeMeaning): Row => ({
  collection: meaning,
  payout: meaning,
  'business-payment': meaning,
  reversal: meaning,
  payment: meaning,
});
/** One reason where the customer pays, another where we do, and none that blames anybody where that is not known. */
const sides = (theyPay: FailureReason, wePay: FailureReason): Row => ({
  ...everywhere(failed(wePay)),
  collection: failed(theyPay),
  payment: failed('request-refused'),
});

const CODES: ReadonlyMap<string, Row> = new Map([
  ['INS-0', everywhere({ status: 'succeeded' })],
  ['INS-1', everywhere(unknown)],
  // HTTP 401, and yet the payment's own end: nothing about the session, and nobody says with whom it lies.
  ['INS-6', everywhere(failed('request-refused'))],
  // The customer may still enter the PIN.
  ['INS-9', everywhere(unknown)],
  ['INS-10', everywhere({ status: 'duplicate' })],
  ['INS-13', everywhere(failed('route-misconfigured'))],
  ['INS-15', everywhere(failed('amount-not-allowed'))],
  ['INS-17', everywhere(failed('request-refused'))],
  ['INS-18', { ...everywhere(failed('request-refused')), reversal: failed('original-not-found') }],
  ['INS-20', everywhere(failed('request-refused'))],
  ['INS-21', everywhere(failed('request-refused'))],
  ['INS-26', everywhere(failed('route-misconfigured'))],
  ['INS-28', everywhere(failed('request-refused'))],
  ['INS-30', everywhere(failed('request-refused'))],
  ['INS-990', sides('payer-limit-exceeded', 'recipient-limit-exceeded')],
  ['INS-991', sides('payer-limit-exceeded', 'recipient-limit-exceeded')],
  ['INS-992', sides('payer-limit-exceeded', 'recipient-limit-exceeded')],
  ['INS-993', everywhere(failed('route-unavailable'))],
  ['INS-994', everywhere(failed('route-unavailable'))],
  ['INS-995', everywhere(failed('amount-too-high'))],
  ['INS-996', everywhere(failed('route-unavailable'))],
  ['INS-997', everywhere(failed('route-not-permitted'))],
  ['INS-998', everywhere(failed('route-misconfigured'))],
  ['INS-2006', sides('insufficient-funds', 'float-exhausted')],
  ['INS-2051', everywhere(failed('request-refused'))],
]);

/** Where a code stands: in the reply to a request, or in a result that came by callback. */
export type CodeStage = 'reply' | 'result';

/**
 * What a code means; `unknown` for every code that is not listed. In a result, a duplicate is about a request that nobody sent
 * twice, so it proves nothing.
 */
export function meaningOf(call: OpenApiCall, stage: CodeStage, code: string): CodeMeaning {
  const meaning = CODES.get(code)?.[call] ?? unknown;
  return stage === 'result' && meaning.status === 'duplicate' ? unknown : meaning;
}

/** What the word of a status question means; `unknown` for `N/A` and whatever is not listed. */
export function transactionStatusOf(word: string, call: OpenApiCall): CodeMeaning {
  switch (word) {
    case 'Completed':
      return { status: 'succeeded' };
    case 'Cancelled':
      return failed(call === 'collection' ? 'cancelled-by-payer' : 'request-refused');
    case 'Expired':
      return failed(call === 'collection' ? 'not-answered' : 'request-refused');
    default:
      return unknown;
  }
}

/** The codes of questions that say something about what was asked, and not about the question. */
export const NOT_FOUND = 'INS-23';
export const SESSION_FAILED = 'INS-989';
