import { type PaymentRecord, parseMoney } from '@canza/core';

import { attemptKey } from '../operators/operator.ts';
import type { Booked } from './emulated.ts';
import type { Kept } from './evidence.ts';

/** Which record each movement belongs to, by what the operator was told of it. */
export interface Owners {
  readonly moved: ReadonlyMap<string, readonly Booked[]>;
  readonly unowned: readonly Booked[];
}

export function ownersOf(payments: readonly Kept<PaymentRecord>[], movements: readonly Booked[]): Owners {
  const records = payments.map(({ body }) => body);
  const byKey = new Map(
    records.flatMap(({ transactionId, attempts }) =>
      attempts.flatMap(({ reference, callbackToken }) => [
        [attemptKey(reference), transactionId] as const,
        [callbackToken, transactionId] as const,
      ]),
    ),
  );
  const moved = new Map<string, Booked[]>();
  const unowned: Booked[] = [];
  for (const movement of movements) {
    const { key, originalReceipt } = movement;
    const id = key === undefined ? refundOf(originalReceipt ?? '', movement) : byKey.get(key);
    if (id === undefined) unowned.push(movement);
    else moved.set(id, [...(moved.get(id) ?? []), movement]);
  }
  return { moved, unowned };

  /** Where the operator is told no id of ours: by what is given back and how much of it, one that is paid before others. */
  function refundOf(receipt: string, { amountMinor }: Booked): string | undefined {
    const meant = records.filter(
      ({ original, amount, currency, attempts }) =>
        original !== undefined &&
        [original.receipt, ...Object.values(original.references)].includes(receipt) &&
        parseMoney(amount, currency).amountMinor === amountMinor &&
        attempts.length > 0,
    );
    const free = meant.filter(({ transactionId }) => !moved.has(transactionId));
    const likeliest =
      free.find(({ status }) => status === 'succeeded') ?? free.find(({ status }) => status !== 'failed') ?? free[0];
    return (likeliest ?? meant[0])?.transactionId;
  }
}
