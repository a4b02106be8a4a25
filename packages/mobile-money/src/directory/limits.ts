import type { CurrencyCode, PaymentType } from '@canza/core';

import { LIMIT_DATA } from './generated/limits.ts';
import type { OperatorId } from './operators.ts';

/** What an operator takes in one payment of a kind. Hints with a date: its own answer alone counts. */
export interface Limits {
  /** Decimals that it accepts; not the currency's exponent, and not the same in both directions. */
  readonly decimals: number;
  /** Bounds in minor units; left out where nothing is known. */
  readonly minMinor?: bigint;
  readonly maxMinor?: bigint;
  /** Month or year of the newest source. */
  readonly asOf: string;
}

interface LimitEntry {
  readonly collect: Omit<Limits, 'asOf'>;
  readonly payOut: Omit<Limits, 'asOf'>;
  readonly asOf: string;
}

const entries: ReadonlyMap<string, LimitEntry> = new Map(Object.entries(LIMIT_DATA));

/**
 * Bounds and decimals of an operator in one direction; `undefined` where nothing is known. A refund has the bounds of a payout;
 * of remittances nothing is known anywhere.
 */
export function limitsOf(operator: OperatorId, currency: CurrencyCode, type: PaymentType): Limits | undefined {
  const entry = entries.get(`${operator} ${currency}`);
  if (entry === undefined || type === 'remittance') return undefined;
  return { ...(type === 'collection' ? entry.collect : entry.payOut), asOf: entry.asOf };
}
