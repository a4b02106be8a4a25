/**
 * Why a payment failed, in words that mean the same for every operator, and with whom the reason lies.
 * The second decides about failover: only a reason that lies with the route lets another route be tried, because a wrong
 * PIN or an empty wallet would be just as wrong there.
 */

/** Who could have made it succeed. */
export type ReasonLiesWith = 'payer' | 'recipient' | 'route' | 'request';

const REASONS = {
  'insufficient-funds': 'payer',
  'wrong-pin': 'payer',
  'pin-locked': 'payer',
  'cancelled-by-payer': 'payer',
  /** The prompt was not answered in time, or the handset could not be reached. */
  'not-answered': 'payer',
  'payer-not-found': 'payer',
  'payer-not-allowed': 'payer',
  'payer-limit-exceeded': 'payer',
  /** Another prompt is open on the same handset, or the same payment was asked for a moment ago. */
  'payer-busy': 'payer',
  'recipient-not-found': 'recipient',
  'recipient-not-allowed': 'recipient',
  'recipient-limit-exceeded': 'recipient',
  'amount-too-low': 'request',
  'amount-too-high': 'request',
  'amount-not-allowed': 'request',
  'request-refused': 'request',
  'original-not-found': 'request',
  'not-refundable': 'request',
  /** Our account at the operator lacks the money to pay out. */
  'float-exhausted': 'route',
  'route-misconfigured': 'route',
  'route-not-permitted': 'route',
  'route-unavailable': 'route',
  'operator-refused': 'route',
  /** Nothing ever left, and the time in which it could have been sent is over. */
  'never-sent': 'route',
} as const satisfies Record<string, ReasonLiesWith>;

/** Why a payment failed. */
export type FailureReason = keyof typeof REASONS;

/** Every reason, for tables and translations. */
export const FAILURE_REASONS = Object.keys(REASONS) as readonly FailureReason[];

/** With whom a reason lies. */
export const liesWith = (reason: FailureReason): ReasonLiesWith => REASONS[reason];
