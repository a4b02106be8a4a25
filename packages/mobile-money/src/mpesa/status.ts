import type { FailureReason } from '@canza/core';

/**
 * What Daraja's codes mean, keyed by the place they come from: the same number means different things in different places.
 * Only a code that is listed here as final ends a payment; every other one is looked up again.
 * Source: docs/providers/mpesa.md#codes
 */

/** What a result code says about one payment. */
export type ResultMeaning =
  | { readonly status: 'succeeded' | 'pending' | 'unknown' }
  | { readonly status: 'failed'; readonly reason: FailureReason };

/** The API whose result it is; `till-prompt` is B2B Express, `transaction` the status that a status question brings. */
export type ResultApi = 'stk' | 'b2c' | 'b2b' | 'reversal' | 'till-prompt' | 'transaction';

const succeeded: ResultMeaning = { status: 'succeeded' };
const pending: ResultMeaning = { status: 'pending' };
const unknown: ResultMeaning = { status: 'unknown' };
const failed = (reason: FailureReason): ResultMeaning => ({ status: 'failed', reason });

/**
 * Codes that nobody has shown to end a prompt are `unknown`, also where other APIs of Daraja end by them.
 * Source: docs/providers/mpesa.md#stk-results
 */
const STK_RESULTS: ReadonlyMap<string, ResultMeaning> = new Map([
  ['0', succeeded],
  ['1', failed('insufficient-funds')],
  ['2', failed('amount-too-low')],
  ['3', failed('amount-too-high')],
  ['4', failed('payer-limit-exceeded')],
  // Our own account is full: another shortcode may take the money.
  ['8', failed('route-unavailable')],
  ['11', unknown],
  ['15', unknown],
  // 17 and 1001 end this attempt; an earlier one may have been paid, and is looked up under its own id.
  ['17', failed('payer-busy')],
  ['21', unknown],
  ['26', unknown],
  ['1001', failed('payer-busy')],
  ['1019', failed('not-answered')],
  ['1025', failed('request-refused')],
  ['1031', unknown],
  ['1032', failed('cancelled-by-payer')],
  ['1036', unknown],
  ['1037', failed('not-answered')],
  ['1101', unknown],
  ['1102', unknown],
  ['2001', failed('wrong-pin')],
  ['2006', unknown],
  ['2008', unknown],
  ['2026', unknown],
  ['2028', failed('route-misconfigured')],
  ['2029', unknown],
  ['2040', failed('payer-not-allowed')],
  ['4999', pending],
  ['5000', pending],
  ['8006', failed('pin-locked')],
  ['9999', unknown],
  ['100000100', unknown],
  ['SFC_IC0003', failed('route-misconfigured')],
]);

/** Source: docs/providers/mpesa.md#payout-results */
const PAYOUT_RESULTS: ReadonlyMap<string, ResultMeaning> = new Map([
  ['0', succeeded],
  ['1', failed('float-exhausted')],
  ['2', failed('amount-too-low')],
  ['3', failed('amount-too-high')],
  ['4', failed('recipient-limit-exceeded')],
  ['8', failed('recipient-limit-exceeded')],
  // Our own account is not active.
  ['11', failed('route-unavailable')],
  // The id of a payout is ours alone, so a duplicate is our own earlier request, which may have been paid.
  ['15', unknown],
  ['17', unknown],
  ['21', failed('route-not-permitted')],
  ['26', unknown],
  ['2001', failed('route-misconfigured')],
  ['2006', failed('route-misconfigured')],
  ['2028', failed('route-not-permitted')],
  ['2040', failed('recipient-not-found')],
  ['8006', failed('route-misconfigured')],
  ['SFC_IC0003', failed('recipient-not-found')],
]);

/** Source: docs/providers/mpesa.md#reversal-results */
const REVERSAL_RESULTS: ReadonlyMap<string, ResultMeaning> = new Map([
  ['0', succeeded],
  ['1', failed('float-exhausted')],
  ['11', failed('route-unavailable')],
  ['21', failed('route-not-permitted')],
  ['2001', failed('route-misconfigured')],
  ['2006', failed('route-misconfigured')],
  ['2028', failed('route-not-permitted')],
  ['8006', failed('route-misconfigured')],
  // Already reversed: by this refund, by another one, or by a person in the portal.
  ['R000001', unknown],
  ['R000002', failed('original-not-found')],
]);

/** Source: docs/providers/mpesa.md#till-prompt */
const TILL_PROMPT_RESULTS: ReadonlyMap<string, ResultMeaning> = new Map([
  ['0', succeeded],
  ['4001', failed('cancelled-by-payer')],
  ['4102', failed('payer-not-allowed')],
  ['4104', failed('payer-not-found')],
  ['4201', unknown],
  ['4203', unknown],
]);

/** Source: docs/providers/mpesa.md#transaction-status */
const TRANSACTION_STATUSES: ReadonlyMap<string, ResultMeaning> = new Map([
  ['completed', succeeded],
  ['initiated', pending],
  ['authorized', pending],
  ['pending authorized', pending],
  ['declined', failed('operator-refused')],
  ['cancelled', failed('operator-refused')],
  ['expired', failed('operator-refused')],
]);

const RESULTS: Readonly<Record<ResultApi, ReadonlyMap<string, ResultMeaning>>> = {
  stk: STK_RESULTS,
  b2c: PAYOUT_RESULTS,
  b2b: PAYOUT_RESULTS,
  reversal: REVERSAL_RESULTS,
  'till-prompt': TILL_PROMPT_RESULTS,
  transaction: TRANSACTION_STATUSES,
};

/** What a result code means at one API; `unknown` for every code that is not listed. */
export const resultOf = (api: ResultApi, code: string): ResultMeaning => RESULTS[api].get(code) ?? unknown;

/** What an error reply says about the request that it answers. */
export type ErrorMeaning =
  /** Turned away by the gateway: the token. */
  | { readonly kind: 'token-refused' }
  /** Turned away by the gateway: too many calls. */
  | { readonly kind: 'rate-limited' }
  /** Refused for good; nothing moved. */
  | { readonly kind: 'refused'; readonly reason: FailureReason; readonly retryAfterMs?: number }
  /** Our id is taken: an earlier request with it got through. */
  | { readonly kind: 'duplicate' }
  /** What was to be set up stands already. */
  | { readonly kind: 'already-done' }
  /** The id that was asked about is being worked on. */
  | { readonly kind: 'pending' }
  /** The id that was asked about is not known there, or not yet. */
  | { readonly kind: 'not-found' | 'asked-too-early' }
  /** It may have been carried out all the same. */
  | { readonly kind: 'ambiguous' };

/** What was being asked for when the error came. A `question` is about a payment, a `service` moves none. */
export type ErrorStage =
  | 'token'
  | 'stk-push'
  | 'stk-query'
  | 'payout'
  | 'reversal'
  | 'business-payment'
  | 'question'
  | 'service'
  | 'c2b-register';

interface ErrorRow {
  readonly code: string;
  /** Where one code has several meanings, what its message says. */
  readonly message?: RegExp;
  readonly meaning: ErrorMeaning;
}

const row = (code: string, meaning: ErrorMeaning, message?: RegExp): ErrorRow =>
  message === undefined ? { code, meaning } : { code, message, meaning };
const refused = (reason: FailureReason): ErrorMeaning => ({ kind: 'refused', reason });
const tokenRefused: ErrorMeaning = { kind: 'token-refused' };
const rateLimited: ErrorMeaning = { kind: 'rate-limited' };
const ambiguous: ErrorMeaning = { kind: 'ambiguous' };

/** Errors of the gateway, which come before M-PESA whatever was asked. Source: docs/providers/mpesa.md#error-codes */
const GATEWAY_ERRORS: readonly ErrorRow[] = [
  row('404.001.03', tokenRefused),
  row('401.002.01', tokenRefused),
  row('401.003.01', tokenRefused),
  row('400.003.01', tokenRefused),
  row('500.003.02', rateLimited, /spike arrest/i),
  row('500.003.03', rateLimited),
];

/** Refusals of any request that would move money: checked before anything is done. */
const SUBMIT_ERRORS: readonly ErrorRow[] = [
  row('400.002.02', refused('amount-not-allowed'), /invalid amount/i),
  row('400.002.02', refused('request-refused'), /invalid (?:phonenumber|partya|account)/i),
  row('400.002.02', refused('route-misconfigured'), /invalid \w/i),
  row('400.002.05', refused('request-refused')),
  row('400.003.02', refused('request-refused')),
  row('404.001.01', refused('route-misconfigured')),
  row('404.001.04', refused('route-misconfigured')),
  row('404.002.01', refused('route-misconfigured')),
  row('404.003.01', refused('route-misconfigured')),
  row('405.001', refused('route-misconfigured')),
];

const ERRORS: Readonly<Record<ErrorStage, readonly ErrorRow[]>> = {
  token: GATEWAY_ERRORS,
  'stk-push': [
    ...GATEWAY_ERRORS,
    ...SUBMIT_ERRORS,
    row('500.001.1001', refused('route-misconfigured'), /merchant does not exist|wrong credentials/i),
    // One prompt a handset: another session is open, and the attempt behind it may yet be paid.
    row('500.001.1001', { kind: 'refused', reason: 'payer-busy', retryAfterMs: 60_000 }, /unable to lock subscriber/i),
  ],
  payout: [
    ...GATEWAY_ERRORS,
    row('400.002.02', refused('recipient-not-allowed'), /invalid partyb/i),
    ...SUBMIT_ERRORS,
    row('500.002.1001', { kind: 'duplicate' }),
  ],
  reversal: [
    ...GATEWAY_ERRORS,
    row('400.002.02', refused('original-not-found'), /invalid transactionid/i),
    ...SUBMIT_ERRORS,
  ],
  'business-payment': [
    ...GATEWAY_ERRORS,
    row('400.002.02', refused('recipient-not-allowed'), /invalid partyb/i),
    ...SUBMIT_ERRORS,
  ],
  // The answer to a question about a payment says nothing about it, not even a refusal does.
  question: GATEWAY_ERRORS,
  service: [...GATEWAY_ERRORS, ...SUBMIT_ERRORS, row('400.001', refused('route-misconfigured'))],
  'c2b-register': [
    ...GATEWAY_ERRORS,
    ...SUBMIT_ERRORS,
    row('500.003.1001', { kind: 'already-done' }, /already registered/i),
    row('500.003.1001', refused('route-misconfigured'), /duplicate notification info/i),
  ],
  'stk-query': [
    ...GATEWAY_ERRORS,
    row('400.002.02', { kind: 'asked-too-early' }, /invalid checkoutrequestid/i),
    row('500.001.1001', { kind: 'pending' }, /being processed|^\s*$/i),
    row('500.001.1001', { kind: 'not-found' }, /does not exist/i),
  ],
};

/** What an error code means at one stage; `ambiguous` for every code or message that is not listed. */
export function errorOf(stage: ErrorStage, code: string, message: string): ErrorMeaning {
  const found = ERRORS[stage].find((entry) => entry.code === code && entry.message?.test(message) !== false);
  return found?.meaning ?? ambiguous;
}
