import { type BatchOptions, PaymentError, runBatch } from '@canza/core';

import type { SettlementRequest } from './request.ts';
import type { Settlement } from './view.ts';

/** What became of one line of a batch. */
export type SettlementBatchResult = {
  /** From 0, in the order of the input. */
  readonly index: number;
  readonly settlementId: string;
} & (
  | { readonly outcome: 'accepted'; readonly settlement: Settlement }
  /** Nothing was sent for this line; `error` says why. */
  | { readonly outcome: 'refused'; readonly error: PaymentError }
  /** It could not be stored, or it is not known whether: run the batch again, the same ids move nothing twice. */
  | { readonly outcome: 'unknown'; readonly error: PaymentError }
);

/** Enough for several full transactions at a time. */
const DEFAULT_CONCURRENCY = 1000;

/** Settles many; see {@link runBatch}. */
export const settleEach = (
  requests: Iterable<SettlementRequest> | AsyncIterable<SettlementRequest>,
  settle: (request: SettlementRequest) => Promise<Settlement>,
  options: BatchOptions,
): AsyncGenerator<SettlementBatchResult, void, undefined> =>
  runBatch(requests, (request, index) => settleOne(index, request, settle), {
    concurrency: DEFAULT_CONCURRENCY,
    ...options,
  });

async function settleOne(
  index: number,
  request: SettlementRequest,
  settle: (request: SettlementRequest) => Promise<Settlement>,
): Promise<SettlementBatchResult> {
  const settlementId = String((request as Partial<SettlementRequest> | undefined)?.settlementId);
  try {
    return { index, settlementId, outcome: 'accepted', settlement: await settle(request) };
  } catch (error) {
    if (!PaymentError.isInstance(error)) throw error;
    const outcome = error.moneyMoved === 'no' && !('retryable' in error) ? 'refused' : 'unknown';
    return { index, settlementId, outcome, error };
  }
}
