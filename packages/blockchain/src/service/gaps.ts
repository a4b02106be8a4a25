import type { TransactionRecord } from '@canza/core';

import { type Books, slotReference } from './books.ts';

/** A number at which the ledger stands, although higher ones were given out, and that no transaction of ours can still use. */
export interface Gap {
  readonly sender: string;
  readonly slot: string;
  /** The transaction that has expired there without using it, if there was one. */
  readonly after?: string;
}

/**
 * Whether a slot is a gap: no transaction of ours was ever stored in it, or the last one is proven to have expired unused. One that is open, or that
 * waits for a person, may still use it.
 */
export async function findGap(
  { transactions }: Pick<Books, 'transactions'>,
  sender: string,
  slot: string,
): Promise<Gap | undefined> {
  let gap: Gap = { sender, slot };
  for (;;) {
    const holder = await transactions.findByReference(slotReference(sender, slot, gap.after));
    if (holder === undefined) return gap;
    if (!hasExpiredUnused(holder)) return undefined;
    gap = { sender, slot, after: holder.transactionId };
  }
}

const hasExpiredUnused = ({ status, outcome }: TransactionRecord): boolean =>
  status === 'dead' && outcome?.died === 'expired';
