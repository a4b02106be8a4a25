import type { PaymentType } from '@canza/core';

/** How patient the bridge is. All in milliseconds; the defaults suit people on phones and operators on bad days. */
export interface BridgePolicy {
  /** How long a send may wait for its reply before it counts as lost. */
  readonly submitTimeoutMs: number;
  readonly queryTimeoutMs: number;
  /** How long a payment that was accepted but could not be sent yet may still be sent, by type. */
  readonly sendWithinMs: Readonly<Record<PaymentType, number>>;
  /** After a send that left us nothing to ask with: how long the callback is awaited before a person has to look. */
  readonly callbackOnlyMs: number;
  /**
   * After how long a result that came in a callback stands by itself, where the operator vouched for it (a signature, an id that
   * it told only us) and no query could tell; `null`, the default, for never: the payment then goes to a person. To be set where
   * the credential may not ask, such as an M-Pesa initiator without the role for transaction status.
   */
  readonly vouchedStandsAfterMs: number | null;
  /** After any send: when a person has to look. */
  readonly reviewAfterMs: number;
  /** After any send: until when the operator of a payment in `review` is asked again, more and more rarely; 0 for never. */
  readonly askInReviewForMs: number;
  /** Slowest rhythm of queries, once a payment is no longer young. */
  readonly slowestQueryMs: number;
  /** How long a process may hold a payment that it drives; longer than any single call. */
  readonly leaseMs: number;
  /** How long one journal call may take. */
  readonly journalTimeoutMs: number;
  /** For how long a journal that is away is asked again to store an attempt, while the caller waits. */
  readonly storeAttemptForMs: number;
  /** For how long what an operator said is offered to a journal that is away. */
  readonly storeAnswerForMs: number;
  /** How often the loop looks for due payments. */
  readonly tickMs: number;
  /** Payments driven at the same time by one process. */
  readonly concurrency: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How patient a bridge is unless it is told otherwise. */
export const DEFAULT_POLICY: BridgePolicy = {
  submitTimeoutMs: 30_000,
  queryTimeoutMs: 15_000,
  // A customer waits for a prompt now or not at all; a payout may come a little later.
  sendWithinMs: {
    collection: 2 * MINUTE_MS,
    disbursement: 15 * MINUTE_MS,
    remittance: 15 * MINUTE_MS,
    refund: HOUR_MS,
  },
  callbackOnlyMs: 15 * MINUTE_MS,
  vouchedStandsAfterMs: null,
  reviewAfterMs: 24 * HOUR_MS,
  askInReviewForMs: 30 * 24 * HOUR_MS,
  slowestQueryMs: 5 * MINUTE_MS,
  leaseMs: MINUTE_MS,
  journalTimeoutMs: 5000,
  storeAttemptForMs: 10_000,
  storeAnswerForMs: MINUTE_MS,
  tickMs: 1000,
  concurrency: 32,
};
