import { AbortedError, type Payment, PaymentError } from '@canza/core';

import type { TransactionRequest } from './transaction-request.ts';

export interface BatchOptions {
  /** Payments under way at the same time; default 32. */
  readonly concurrency?: number;
  /** Begins nothing new once it aborts; what is under way comes to its next stored step. */
  readonly signal?: AbortSignal;
}

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

/**
 * Runs requests with bounded concurrency, and yields each result as it comes. Reads the input only as fast as it can work,
 * and keeps nothing but what is under way; a batch that was broken off is simply run again.
 */
export async function* runBatch(
  requests: Iterable<TransactionRequest> | AsyncIterable<TransactionRequest>,
  initiate: (request: TransactionRequest) => Promise<Payment>,
  { concurrency = DEFAULT_CONCURRENCY, signal }: BatchOptions,
): AsyncGenerator<BatchResult, void, undefined> {
  const underWay = new Map<number, Promise<BatchResult>>();
  const next = async (): Promise<BatchResult> => {
    const result = await Promise.race(underWay.values());
    underWay.delete(result.index);
    return result;
  };
  let index = 0;
  try {
    for await (const request of requests) {
      if (signal?.aborted === true) break;
      underWay.set(index, runOne(index, request, initiate));
      index += 1;
      if (underWay.size >= concurrency) yield await next();
    }
    while (underWay.size > 0) yield await next();
  } finally {
    await Promise.allSettled(underWay.values());
  }
  if (signal?.aborted === true) throw new AbortedError('The batch', 'maybe');
}

async function runOne(
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
