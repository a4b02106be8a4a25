import { type BatchOptions, type Payment, PaymentError, runBatch } from '@canza/core';

import type { TransactionRequest } from './transaction-request.ts';

/** What became of one line of a batch. */
export type BatchResult = {
  /** From 0, in the order of the input. */
  readonly index: number;
  readonly transactionId: string;
} & (
  | { readonly outcome: 'accepted'; readonly payment: Payment }
  /** Nothing was sent for this line; `error` says why. */
  | { readonly outcome: 'refused'; readonly error: PaymentError }
  /** It could not be stored, or it is not known whether: run the batch again, the same ids move nothing twice. */
  | { readonly outcome: 'unknown'; readonly error: PaymentError }
);

const DEFAULT_CONCURRENCY = 32;

/** Initiates many payments; see {@link runBatch}. */
export const initiateEach = (
  requests: Iterable<TransactionRequest> | AsyncIterable<TransactionRequest>,
  initiate: (request: TransactionRequest) => Promise<Payment>,
  options: BatchOptions,
): AsyncGenerator<BatchResult, void, undefined> =>
  runBatch(requests, (request, index) => initiateOne(index, request, initiate), {
    concurrency: DEFAULT_CONCURRENCY,
    ...options,
  });

async function initiateOne(
  index: number,
  request: TransactionRequest,
  initiate: (request: TransactionRequest) => Promise<Payment>,
): Promise<BatchResult> {
  const transactionId = String((request as Partial<TransactionRequest> | undefined)?.transactionId);
  try {
    return { index, transactionId, outcome: 'accepted', payment: await initiate(request) };
  } catch (error) {
    if (!PaymentError.isInstance(error)) throw error;
    const outcome = error.moneyMoved === 'no' && !('retryable' in error) ? 'refused' : 'unknown';
    return { index, transactionId, outcome, error };
  }
}
