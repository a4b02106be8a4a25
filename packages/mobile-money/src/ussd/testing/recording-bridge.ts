import {
  type CurrencyCode,
  IdempotencyConflictError,
  maskMsisdn,
  NotFoundError,
  type Payment,
  type PaymentStatus,
} from '@canza/core';
import type { PaymentRequest, PaymentStarter } from '../effects/payments.ts';

/** Starts nothing, and keeps what it was asked to start. */
export interface RecordingBridge extends PaymentStarter {
  /** Every call, also those that started nothing new. */
  readonly calls: readonly PaymentRequest[];
  /** What was started, once for each id. */
  readonly started: ReadonlyMap<string, PaymentRequest>;
  /** Moves a payment on. */
  settle(transactionId: string, status: PaymentStatus): Payment;
  /** Makes the next calls fail with these, before anything is started. */
  failNext(...errors: readonly Error[]): void;
}

/** Keeps payments as a bridge does: the same id and request give the same payment, and another request under it is refused. */
export function createRecordingBridge(): RecordingBridge {
  const calls: PaymentRequest[] = [];
  const started = new Map<string, PaymentRequest>();
  const statuses = new Map<string, PaymentStatus>();
  const failures: Error[] = [];
  const view = (request: PaymentRequest): Payment => {
    const status = statuses.get(request.transactionId) ?? 'pending';
    return {
      transactionId: request.transactionId,
      version: 1,
      type: request.type,
      status,
      moneyMoved: status === 'succeeded' ? 'yes' : status === 'failed' ? 'no' : 'maybe',
      amount: request.amount,
      currency: request.currency as CurrencyCode,
      phoneNumber: maskMsisdn(request.phoneNumber),
      country: 'KE',
      attempts: [],
      evidence: [],
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      ...(status === 'succeeded' ? { receipt: 'RCPT1' } : {}),
    };
  };
  return {
    calls,
    started,
    async initiateTransaction(request) {
      calls.push(request);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const known = started.get(request.transactionId);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(request)) {
        throw new IdempotencyConflictError(request.transactionId);
      }
      started.set(request.transactionId, request);
      return view(request);
    },
    async getTransaction(transactionId) {
      const request = started.get(transactionId);
      if (request === undefined) throw new NotFoundError(`Transaction "${transactionId}"`);
      return view(request);
    },
    settle(transactionId, status) {
      statuses.set(transactionId, status);
      const request = started.get(transactionId);
      if (request === undefined) throw new NotFoundError(`Transaction "${transactionId}"`);
      return view(request);
    },
    failNext: (...errors) => void failures.push(...errors),
  };
}
