import {
  fingerprintOf,
  formatMoney,
  InvalidRequestError,
  type Original,
  type PaymentRecord,
  parseMoney,
  parseTransactionId,
} from '@canza/core';
import { z } from 'zod';

import { firstProblem } from '../shared/first-problem.ts';

/** What a caller asks for when money is to go back. */
export interface RefundRequest {
  /** Of the refund: yours, and its idempotency key. */
  readonly transactionId: string;
  /** Of the collection that is given back. */
  readonly originalTransactionId: string;
  /** Decimal string; left out, what is left of the original. */
  readonly amount?: string | undefined;
  readonly description?: string | undefined;
}

const SCHEMA = z.strictObject(
  {
    transactionId: z.unknown(),
    originalTransactionId: z.unknown(),
    amount: z.unknown().optional(),
    description: z.string('text of at most 200 characters').max(200, 'text of at most 200 characters').optional(),
  },
  'an object with transactionId and originalTransactionId',
);

export interface CheckedRefund {
  readonly transactionId: string;
  readonly originalTransactionId: string;
  readonly amount: unknown;
  readonly description: string | undefined;
}

/** @throws InvalidRequestError naming the field. */
export function checkRefund(request: unknown): CheckedRefund {
  const shape = SCHEMA.safeParse(request);
  if (!shape.success) throw new InvalidRequestError(firstProblem(shape.error));
  const transactionId = parseTransactionId(shape.data.transactionId);
  const originalTransactionId = parseTransactionId(shape.data.originalTransactionId, 'originalTransactionId');
  if (transactionId === originalTransactionId) {
    throw new InvalidRequestError({ field: 'transactionId', expected: 'an id of its own, not that of the original' });
  }
  return { transactionId, originalTransactionId, amount: shape.data.amount, description: shape.data.description };
}

/** What the journal has of the refunds of one payment. */
export interface RefundsSoFar {
  /** Those that failed gave nothing back. */
  readonly earlier: readonly PaymentRecord[];
  /** The highest slot that any of them has had, also one that was deleted since. */
  readonly highestSlot: number;
}

/** Whether a stored record is the refund that is asked for again. An amount left out means what was left at that time. */
export function isSameRefund(stored: PaymentRecord, { originalTransactionId, amount }: CheckedRefund): boolean {
  if (stored.type !== 'refund' || stored.original?.transactionId !== originalTransactionId) return false;
  return amount === undefined || formatMoney(parseMoney(amount, stored.currency)) === stored.amount;
}

/**
 * Makes the record of a refund: a payment of its own that names the original, over the provider that took the original.
 * What was given back already, or may have been, counts against what is left.
 * @throws InvalidRequestError for an original that is not a succeeded collection, for an amount above what is left, and where refunds of it
 * were deleted from the journal, so that nobody can tell what is left.
 */
export function buildRefund(
  request: CheckedRefund,
  original: PaymentRecord,
  { earlier, highestSlot }: RefundsSoFar,
  nowMs: number,
): PaymentRecord {
  const attempt = original.attempts.find(({ moneyMoved }) => moneyMoved === 'yes');
  if (original.type !== 'collection' || original.status !== 'succeeded' || attempt === undefined) {
    throw new InvalidRequestError({ field: 'originalTransactionId', expected: 'a collection that has succeeded' });
  }
  const slots = new Set(earlier.map((each) => each.original?.slot ?? 0));
  const last = Math.max(highestSlot, ...slots);
  if (slots.size < last) {
    const expected =
      'a collection whose refunds are all in the journal: some were deleted, so what is left is not known';
    throw new InvalidRequestError({ field: 'originalTransactionId', expected });
  }
  const { currency, msisdn, country } = original;
  const given = earlier
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + parseMoney(amount, currency).amountMinor, 0n);
  const leftMinor = parseMoney(original.amount, currency).amountMinor - given;
  if (leftMinor <= 0n) {
    throw new InvalidRequestError({
      field: 'originalTransactionId',
      expected: 'a collection that is not given back already',
    });
  }
  const money =
    request.amount === undefined ? { currency, amountMinor: leftMinor } : parseMoney(request.amount, currency);
  if (money.amountMinor > leftMinor) {
    const left = formatMoney({ currency, amountMinor: leftMinor });
    throw new InvalidRequestError({
      field: 'amount',
      expected: `at most ${currency} ${left}, which is left of the original`,
    });
  }
  const source: Original = {
    transactionId: original.transactionId,
    provider: attempt.provider,
    reference: attempt.reference,
    references: attempt.references,
    amount: original.amount,
    slot: last + 1,
    ...(original.receipt === undefined ? {} : { receipt: original.receipt }),
  };
  const checked = {
    transactionId: request.transactionId,
    type: 'refund',
    amount: formatMoney(money),
    currency,
    msisdn,
    original: source,
  } as const;
  return {
    ...checked,
    country,
    operators: original.operators,
    fingerprint: fingerprintOf(checked),
    version: 0,
    status: 'created',
    moneyMoved: 'no',
    attempts: [],
    evidence: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    dueAtMs: nowMs,
    ...(request.description === undefined ? {} : { description: request.description }),
  };
}
